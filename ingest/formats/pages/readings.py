"""Readings above characters (ruby, furigana, pinyin, bopomofo): the characters stay, the readings are left out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from ingest.formats.pages.lines import Glyph, line_text
from ingest.text.omissions import Omissions
from kb.language.text import is_wide
from kb.types import Omitted

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_LETTERS = r"a-zü'’\-\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff"
_READING = re.compile(rf"[{_LETTERS}\s]+|[\u3040-\u30ff\s]+|[\u3100-\u312f\u02c7\u02ca\u02cb\u02d9\s]+")
_SYLLABLE = re.compile(r"[aeiouü]+")
_PHONETIC = re.compile(r"[^\x00-\x7f]")  # tones, kana and bopomofo stand nowhere else above characters
_SMALLER = 0.7  # of the size of the characters below: what is larger is a line of its own
_ABOVE = (0.55, 1.6)  # of their size, between the base lines
_MOST_LETTERS = 7  # of a reading, for each character
_LONGEST = 60  # letters of one reading
_ALIKE = 0.05  # of the size, by which the letters of one reading may differ
_OFF_CENTRE = 0.8  # of the size, between the middles of a reading and of its characters


def take_readings(glyphs: Sequence[Glyph], omissions: Omissions) -> list[Glyph]:
    """Return the glyphs of a page without readings, which are noted; their characters take their width."""
    runs = [run for run in _runs(glyphs) if _may_read(run)]
    if not runs:
        return list(glyphs)
    wide = [glyph for glyph in glyphs if glyph.text and is_wide(glyph.text[0])]
    gone: set[int] = set()
    for run in runs:
        below = _below(run, wide, glyphs)
        if not below:
            continue
        omissions.leave(Omitted.PHONETIC, line_text(run))
        gone.update(map(id, run))
        below[0].x = min(below[0].x, run[0].x)
        below[-1].right = max(below[-1].right, run[-1].right)
    return [glyph for glyph in glyphs if id(glyph) not in gone]


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield glyphs that follow each other on a line in one size, and stand no further apart than words do."""
    run: list[Glyph] = []
    for last, glyph in itertools.pairwise((None, *glyphs)):
        if glyph is None:
            continue
        goes_on = (
            last is not None
            and abs(last.size - glyph.size) <= _ALIKE * glyph.size
            and abs(last.y - glyph.y) <= _ALIKE * glyph.size
            and -glyph.size < glyph.x - last.right < 3 * glyph.size
            and is_wide(last.text[:1] or " ") == is_wide(glyph.text[:1] or " ")
        )
        if run and not goes_on:
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _may_read(run: Sequence[Glyph]) -> bool:
    text = "".join(glyph.text for glyph in run)
    return bool(text.strip()) and len(text) <= _LONGEST and _READING.fullmatch(text) is not None


def _below(run: Sequence[Glyph], wide: Sequence[Glyph], glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return the characters that a run is the reading of, left to right; none where it is a text of its own."""
    shown = [glyph for glyph in run if glyph.text.strip()]
    left, right = shown[0].x, shown[-1].right
    found = [
        glyph
        for glyph in wide
        if shown[0].size <= _SMALLER * glyph.size
        and _ABOVE[0] * glyph.size <= shown[0].y - glyph.y <= _ABOVE[1] * glyph.size
        and left - glyph.size / 2 <= (glyph.x + glyph.right) / 2 <= right + glyph.size / 2
    ]
    if not found:
        return []
    found = sorted((one for one in found if abs(one.y - found[0].y) < one.size / 2), key=lambda one: one.x)
    off = abs((left + right) - (found[0].x + found[-1].right)) / 2
    text = "".join(glyph.text for glyph in shown)
    if off > _OFF_CENTRE * found[0].size or len(text) > _MOST_LETTERS * len(found):
        return []
    if _PHONETIC.search(text):
        return found
    before = any(
        abs(glyph.y - found[0].y) < glyph.size / 4 and glyph.text.strip() and glyph.right <= found[0].x + 1
        for glyph in glyphs
    )
    return found if before and len(_SYLLABLE.findall(text)) == len(found) else []
