"""Marks in the lines of a page: raised and lowered glyphs, glyphs with a rule through them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.formats.pages.lines import Edge, Glyph, gap_before, line_text
from ingest.text.inline import lowered, raised
from ingest.text.omissions import Omissions
from kb.types import Omitted

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_SMALLER = 0.95  # of the size beside it: what is raised or lowered is smaller than that
_RAISED = 0.15  # of the size beside it: how far the base line of a raised mark is off at least
_LOWERED = 0.08  # of the size beside it, likewise
_BESIDE = 0.3  # of the size: what stands further off is no mark of the word before it
_LONGEST_MARK = 12  # characters
_THROUGH = (0.12, 0.5)  # of the size above the base line, where a rule strikes text through
_ENDS = 0.6  # of the size that such a rule may begin before its text, or end after it
_LEAST_RULE = 0.4  # of the size: a shorter one is part of a sign


def take_struck(
    lines: Iterable[Sequence[Glyph]], edges: Iterable[Edge], boxes: Sequence[Edge], omissions: Omissions
) -> list[list[Glyph]]:
    """Return lines without the glyphs that a rule strikes through, which are noted.

    Args:
        lines: of a page.
        edges: its straight rules.
        boxes: of notes that strike out what they lie on.
        omissions: where they are noted.
    """
    across = [edge for edge in edges if edge[2] - edge[0] > edge[3] - edge[1]]
    kept: list[list[Glyph]] = []
    for line in lines:
        struck = _struck(line, across) if across else set()
        struck |= {
            glyph.place
            for glyph in line
            for left, low, right, high in boxes
            if left <= glyph.middle[0] <= right and low <= glyph.middle[1] <= high
        }
        if struck:
            omissions.leave(Omitted.STRUCK, line_text([one for one in line if one.place in struck]))
        rest = [glyph for glyph in line if glyph.place not in struck]
        if rest:
            kept.append(rest)
    return kept


def _struck(line: Sequence[Glyph], across: Iterable[Edge]) -> set[int]:
    """Return the places of the glyphs that a rule strikes through: it goes as far as they do, and no further."""
    low, high = min(glyph.y for glyph in line), max(glyph.y + glyph.size for glyph in line)
    struck: set[int] = set()
    for left, bottom, right, _ in across:
        if not low <= bottom <= high:
            continue
        under = [
            glyph
            for glyph in line
            if left <= glyph.middle[0] <= right
            and _THROUGH[0] * glyph.size <= bottom - glyph.y <= _THROUGH[1] * glyph.size
            and glyph.upright
        ]
        shown = [glyph for glyph in under if glyph.text.strip()]
        if not shown:
            continue
        reach = _ENDS * max(glyph.size for glyph in shown)
        begins, ends = min(glyph.x for glyph in shown), max(glyph.right for glyph in shown)
        if right - left >= _LEAST_RULE / _ENDS * reach and left >= begins - reach and right <= ends + reach:
            struck.update(glyph.place for glyph in under)
    return struck


def mark_raised(line: Sequence[Glyph]) -> None:
    """Write the raised and lowered marks of a line as such: smaller glyphs near others, their base line off.

    Args:
        line: its glyphs; the texts of marks are changed, and their base lines and sizes become those of the line.
    """
    usual = _usual_size(line)
    before = ""
    base: Glyph | None = None  # the last glyph of ordinary size
    run: list[Glyph] = []
    for glyph in line:
        if glyph.size < _SMALLER * usual and (glyph.text.strip() or run):
            run.append(glyph)
            continue
        if glyph.text.strip() or not run:
            before = _end_mark(run, base, glyph, before)
            run = []
            before += glyph.text
            base = glyph if glyph.text.strip() else base
        else:
            run.append(glyph)
    _end_mark(run, base, None, before)


def _usual_size(line: Sequence[Glyph]) -> float:
    sizes: dict[float, int] = {}
    for glyph in line:
        if glyph.text.strip():
            size = round(glyph.size * 2) / 2
            sizes[size] = sizes.get(size, 0) + 1
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def _end_mark(run: list[Glyph], base: Glyph | None, after: Glyph | None, before: str) -> str:
    """Write the glyphs of a mark; return the text of the line up to and with it."""
    while run and not run[-1].text.strip():
        run.pop()  # blanks behind a mark
    plain = "".join(glyph.text for glyph in run)
    beside = base if base is not None and run and gap_before(base, run[0]) <= _BESIDE * base.size else None
    anchor = beside or (after if base is None else None)
    if not run or anchor is None or len(plain) > _LONGEST_MARK:
        return before + plain
    off = run[0].y - anchor.y
    if off > _RAISED * anchor.size:
        shown = raised(plain, before if beside else "")
    elif off < -_LOWERED * anchor.size:
        shown = lowered(plain, before)
    else:
        return before + plain
    for glyph in run:
        glyph.text, glyph.y, glyph.size, glyph.bold = "", anchor.y, anchor.size, anchor.bold
    run[0].text = shown
    if beside:
        run[0].x = beside.right
    return before + shown
