"""Lines that a program draws after all others, as the values of its forms, put where they are seen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from ingest.formats.pages.lines import Glyph

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_SAME_LINE = 0.4  # of the size: base lines this near are one line
_OVER = 0.25  # of the size: what lies over other text by more has no place among it
_WITHIN = 0.5  # of the lines of a stretch that stand above or below others: those of columns stand beside them
_MOST_LINES = 300  # of a page that is looked at


def in_their_places(lines: list[list[Glyph]]) -> list[list[Glyph]]:
    """Return the lines of a page with stretches that were drawn later among those that stand around them."""
    if len(lines) > _MOST_LINES:
        return lines
    stretches: list[list[list[Glyph]]] = []
    for line in lines:
        if not stretches or line[0].y > stretches[-1][-1][0].y + line[0].size / 2:
            stretches.append([])
        stretches[-1].append(line)
    placed: list[list[list[Glyph]]] = []
    for stretch in stretches:
        around = next((other for other in placed if _stands_among(stretch, other)), None)
        if around is None:
            placed.append(stretch)
        else:
            _put_among(stretch, around)
    return list(itertools.chain.from_iterable(placed))


def _stands_among(stretch: Sequence[list[Glyph]], others: Sequence[list[Glyph]]) -> bool:
    """Tell whether lines stand between others: above and below them, never beside them as a column does."""
    high, low = others[0][0].y + others[0][0].size, others[-1][0].y - 2 * others[-1][0].size
    if not all(low <= line[0].y <= high and line[0].upright for line in stretch):
        return False
    within = 0
    for line in stretch:
        left, right = _edges(line)
        apart = [(abs(other[0].y - line[0].y), other) for other in others]
        for distance, other in apart:
            if distance < line[0].size and _shared(left, right, other) > _OVER * line[0].size:
                return False
        above = max((one for one in others if one[0].y > line[0].y), key=lambda one: -one[0].y, default=None)
        below = max((one for one in others if one[0].y <= line[0].y), key=lambda one: one[0].y, default=None)
        within += any(near is not None and _shared(left, right, near) > line[0].size for near in (above, below))
    return within > _WITHIN * len(stretch)


def _put_among(stretch: Sequence[list[Glyph]], others: list[list[Glyph]]) -> None:
    for line in stretch:
        beside = next((one for one in others if abs(one[0].y - line[0].y) <= _SAME_LINE * line[0].size), None)
        if beside is not None:
            beside.extend(line)
            beside.sort(key=lambda glyph: glyph.x)
            continue
        at = next((place for place, one in enumerate(others) if one[0].y < line[0].y), len(others))
        others.insert(at, line)


def _edges(line: Sequence[Glyph]) -> tuple[float, float]:
    return min(glyph.x for glyph in line), max(glyph.right for glyph in line)


def _shared(left: float, right: float, other: Sequence[Glyph]) -> float:
    """Return how much of a stretch across another line covers, in points."""
    begins, ends = _edges(other)
    return min(right, ends) - max(left, begins)
