"""What lies over the lines of a page: form values and free notes put in their places, links beside their texts."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.formats.pages.lines import Glyph, is_apart, line_text
from ingest.text.inline import linked
from ingest.text.symbols import CHECKED, UNCHECKED

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points from the left and bottom of the page as shown."""

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_LINES_HIGH = 2.5  # times the size of a line: a higher box holds lines of its own
_INDENT = 2.0  # points between a box and its text
_BESIDE = 0.3  # of the size between a label and its value
_USUAL_SIZE = 10.0  # points, on a page without text
_LEADING = 1.2  # of the size
_SLACK = 2.0  # points that a base line may lie below a box
_UNDER = 1.8  # times the size: a value this near below its label belongs to it
_SAME_LEFT = 2.0  # times the size: how far both may begin apart
_LETTER = 0.55  # of the size: how wide a letter is on the whole


def lay_value(lines: list[list[Glyph]], box: Box, value: str) -> None:
    """Put a text that lies over a page into its lines: into the one beside its box, or as lines of its own."""
    left, bottom, _, top = box
    size = _size(lines)
    written = [line for line in (" ".join(part.split()) for part in value.splitlines()) if line]
    beside = [line for line in lines if bottom - _SLACK <= line[0].y < top and line[0].upright]
    if written and beside and (len(written) == 1 or top - bottom <= _LINES_HIGH * size):
        line = min(beside, key=lambda one: min(abs(glyph.x - left) for glyph in one))
        place = next((at for at, glyph in enumerate(line) if glyph.x > left), len(line))
        while 0 < place < len(line) and not _parts(line[place - 1], line[place]):
            place -= 1
        near = line[max(0, place - 1)]
        laid = _glyph(" ".join(written), box, near.y, near.size)
        if place:  # what belongs to a label stands beside it, however far away its box begins
            laid.x = near.right + _BESIDE * near.size
            laid.right = max(laid.x, laid.right)
        line.insert(place, laid)
        return
    middle = (bottom + top) / 2
    at = next(
        (place for place, line in enumerate(lines) if line[0].y < middle and _is_below(lines, place, middle)),
        len(lines),
    )
    if len(written) == 1 and _joins_label(lines, at, _glyph(written[0], box, middle - size / 3, size)):
        return
    first = top - size if len(written) > 1 else middle - size / 3
    for count, text in enumerate(written):
        lines.insert(at + count, [_glyph(text, box, first - count * _LEADING * size, size)])


def _joins_label(lines: list[list[Glyph]], at: int, laid: Glyph) -> bool:
    """Put a value behind the label right above it, a box before the words right below it; tell whether one is."""
    is_box = laid.text in (CHECKED, UNCHECKED)
    place = at if is_box else at - 1
    if not 0 <= place < len(lines):
        return False
    label = lines[place]
    beside = abs(label[0].x - laid.x) <= _SAME_LEFT * label[0].size
    near = abs(label[0].y - laid.y) <= _UNDER * label[0].size
    if not (beside and near) or any(glyph.filled for glyph in label):
        return False
    laid.y, laid.size = label[0].y, label[0].size
    if is_box:
        laid.x = label[0].x - laid.size
        laid.right = label[0].x - _BESIDE * laid.size
        label.insert(0, laid)
    else:
        laid.x = label[-1].right + _BESIDE * laid.size
        laid.right = max(laid.x, laid.right)
        label.append(laid)
    return True


def _parts(last: Glyph, glyph: Glyph) -> bool:
    return is_apart(last, glyph) or last.text.isspace() or glyph.text.isspace()


def _is_below(lines: Sequence[Sequence[Glyph]], place: int, middle: float) -> bool:
    """Tell whether the reading comes from above to a line below some height."""
    return place == 0 or lines[place - 1][0].y >= middle


def _glyph(text: str, box: Box, y: float, size: float) -> Glyph:
    left, bottom, right, top = box
    begins = left + min(_INDENT, (right - left) / 4)
    ends = max(begins, right - min(_INDENT, (right - left) / 4))
    return Glyph(
        text=text, x=begins, right=min(ends, begins + _LETTER * len(text) * size), y=y, size=size,
        middle=((left + right) / 2, (bottom + top) / 2), filled=True,
    )  # fmt: skip


def _size(lines: Sequence[Sequence[Glyph]]) -> float:
    sizes = sorted(line[0].size for line in lines)
    return sizes[len(sizes) // 2] if sizes else _USUAL_SIZE


def mark_links(lines: Sequence[Sequence[Glyph]], links: Sequence[tuple[Box, str]]) -> None:
    """Write the address of each link behind the text that it covers, once, though it goes over several lines."""
    for line in lines if links else ():
        for glyph in line:
            x, y = glyph.middle
            glyph.target = next(
                (to for (left, low, right, high), to in links if left <= x <= right and low <= y <= high), ""
            )
    run: list[Glyph] = []
    written: set[tuple[str, str]] = set()
    for line in lines if links else ():
        for glyph in line:
            if run and glyph.target != run[-1].target and glyph.text.strip():
                _tell(run, written)
                run = []
            if glyph.target and glyph.text:
                run.append(glyph)
    if run:
        _tell(run, written)


def _tell(run: Sequence[Glyph], written: set[tuple[str, str]]) -> None:
    """Write the address that glyphs lead to behind the last of them."""
    shown = line_text(run)
    target = run[-1].target
    if (shown, target) in written:
        return
    written.add((shown, target))
    last = next((glyph for glyph in reversed(run) if glyph.text.strip()), run[-1])
    last.text += linked(shown, target)[len(shown) :]
