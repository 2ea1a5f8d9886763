"""Tables of PDF pages that draw no rules: rows whose words stand in columns, one below the other.

A table is told from text in columns by its cells, which are short, and from lists by their marks. Whatever is not
surely a table stays text: nothing is lost then but the names of its columns.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.formats.pages.lines import Glyph, Page, is_apart
from ingest.structure.tables import Row
from ingest.text.layout import join_lines
from kb.language.marks import is_list_item, is_mark
from kb.language.text import is_wide

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
_DESCENT = 0.21  # of the size that letters reach below their base line
_GAP = 1.1  # times the size of the letters: wider is between cells, less between words
_LETTER = 0.5  # of its size is how wide a letter is, about
_SAME_LINE = 0.4  # times the size: base lines that differ less are one line
_NEXT_ROW = 3.2  # times the size: a wider distance ends a table
_WRAPPED = 1.45  # times the size: a line this near, without first cell, goes on with the row above it
_MIN_ROWS = 3
_MIN_FILLED = 0.55  # of the cells
_SHORT_CELL = 28  # characters of a piece that may be a cell
_NARROW = 0.2  # of the page's width: in a table, the cells of one column at least are narrower; text is wider
_COLUMN_LINE = 0.25  # of the page's width: a line of one of two columns of text is wider
_COLUMN_LINES = 8  # on either side of the gutter
_MOSTLY_ACROSS = 0.6  # of a page's lines that are written across both columns
_SAME_PLACE = 3.0  # points that the left edges of the lines of a column may differ
_UNEVEN, _MOSTLY_EVEN = 0.15, 0.7  # of the distance of lines, and of their number: the rows of a table part more
_GOING_ON = 0.3  # of the lines of a column at least go on in the next
_FIRST_IDEOGRAPH = "\u2e80"
_OFF_CENTRE = 0.04  # of the page's width
_MAX_CROSSING = 0.3  # of the long lines that may run over the gutter: titles, figures, full-width text
_HEADER_WORDS = 5  # for a column in its name
_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}")  # of a table of contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Words that stand together on a line.

    Attributes:
        text: the words.
        left, right: edges in points from the left of the page.
        top, bottom: in points from the top.
        size: of the letters, in points.
        places: of their glyphs, by their number on the page.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    places: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class ColumnTable:
    """A table as found: rows, box (points from left and top), left edges of its columns, places of its glyphs."""

    rows: list[Row]
    left: float
    top: float
    right: float
    bottom: float
    edges: tuple[float, ...]
    places: frozenset[int]


def may_have_columns(page: Page) -> bool:
    """Tell whether some lines of a page are parted by wide gaps into short pieces; without a second reader."""
    rows: dict[int, list[tuple[float, float, float, str]]] = {}
    for line in page.lines:
        for piece in line.pieces:
            if piece.text.strip():
                wide = sum(1.0 if is_wide(c) else _LETTER for c in piece.text.strip()) * piece.size
                rows.setdefault(round(piece.y / 2), []).append((piece.x, piece.x + wide, piece.size, piece.text))
    gapped = 0
    for pieces in rows.values():
        pieces.sort()
        apart = any(b[0] - a[1] > _GAP * max(a[2], b[2]) for a, b in itertools.pairwise(pieces))
        gapped += apart and min(len(text.strip()) for *_, text in pieces) <= _SHORT_CELL
    return gapped >= _MIN_ROWS


def find_column_tables(page: Page) -> list[ColumnTable]:
    """Return the tables without rules of a page, top to bottom."""
    words = _words(page)
    gutter = _gutter([one for line in _lines(words) for one in _segments(line)], page.width)
    if gutter is None:
        return _tables(words, page.width)
    left = _tables([word for word in words if word.left < gutter], page.width)
    right = _tables([word for word in words if word.left >= gutter], page.width)
    # Two tables side by side are one over both columns, cut in two: it is left as text.
    return [table for side, other in ((left, right), (right, left)) for table in side if not _beside(table, other)]


def part_columns(lines: list[list[Glyph]], width: float) -> list[list[Glyph]]:
    """Return the lines of a page of two columns of text column by column, where it was written across them.

    Args:
        lines: of a page, in the order in which they were written.
        width: of the page, in points.
    """
    parts = [_segments(_line_words(line, 0.0)) for line in lines]
    across = [part for part in parts if len(part) == 2]
    if len(across) < _COLUMN_LINES or len(across) < _MOSTLY_ACROSS * len(lines):
        return lines
    gutter = statistics.median(part[1].left for part in across) - _SAME_PLACE
    if not _are_columns(across, gutter, width):
        return lines
    ordered: list[list[Glyph]] = []
    right: list[list[Glyph]] = []
    for line, part in zip(lines, parts, strict=True):
        if any(one.left < gutter < one.right for one in part):  # over both: a heading, a figure
            ordered += [*right, line]
            right = []
        else:
            ordered.append([one for one in line if one.x <= gutter])
            right.append([one for one in line if one.x > gutter])
    return [line for line in [*ordered, *right] if line]


def _are_columns(across: Sequence[Sequence[Segment]], gutter: float, width: float) -> bool:
    """Tell columns of text from a table: evenly set lines, long ones, many of which go on in the next."""
    if not all(left.right < gutter < right.left < gutter + 2 * _SAME_PLACE for left, right in across):
        return False
    if statistics.median(left.right - left.left for left, _ in across) < _NARROW * width:
        return False
    steps = [below[0].bottom - above[0].bottom for above, below in itertools.pairwise(across)]
    usual = statistics.median(steps)
    even = sum(abs(step - usual) <= _UNEVEN * abs(usual) for step in steps)
    if even < _MOSTLY_EVEN * len(steps):
        return False
    for side in (0, 1):
        texts = [part[side].text for part in across]
        going_on = sum(_goes_on(above, below) for above, below in itertools.pairwise(texts))
        if going_on < _GOING_ON * len(texts):
            return False
    return True


def _goes_on(above: str, below: str) -> bool:
    """Tell whether a line goes on in the one below it."""
    if below[0].islower():
        return True
    return below[0] >= _FIRST_IDEOGRAPH and above[-1] >= _FIRST_IDEOGRAPH and above[-1] not in "。！？；："


def _words(page: Page) -> list[Segment]:
    """Return the words of a page as it is read, without turned text."""
    return [word for line in page.glyphs for word in _line_words(line, page.height)]


def _line_words(line: Sequence[Glyph], height: float) -> list[Segment]:
    words: list[Segment] = []
    run: list[Glyph] = []
    for glyph in line:
        if run and (is_apart(run[-1], glyph) or glyph.text.isspace() or not glyph.upright):
            words.append(_word(run, height))
            run = []
        if not glyph.text.isspace() and glyph.upright:
            run.append(glyph)
    if run:
        words.append(_word(run, height))
    return [word for word in words if word.text]


def _word(run: Sequence[Glyph], height: float) -> Segment:
    size = max(glyph.size for glyph in run)
    bottom = height - run[0].y + _DESCENT * size
    return Segment(
        text="".join(glyph.text for glyph in run),
        left=min(glyph.x for glyph in run),
        right=max(glyph.right for glyph in run),
        top=bottom - size,
        bottom=bottom,
        size=size,
        places=tuple(glyph.place for glyph in run),
    )


def _beside(table: ColumnTable, others: Sequence[ColumnTable]) -> bool:
    return any(table.top < other.bottom and other.top < table.bottom for other in others)


def _tables(words: Sequence[Segment], page_width: float) -> list[ColumnTable]:
    """Return the tables among some words of a page, top to bottom."""
    lines = _lines(words)
    parts = [_segments(line) for line in lines]
    tables: list[ColumnTable] = []
    place = 0
    while place < len(lines):
        end = _run_end(parts, place)
        header = _split_header(lines[place - 1], parts[place:end]) if place and end - place >= _MIN_ROWS else {}
        table = _build(parts[place:end], header, page_width)
        if table is None:
            place += 1
        else:
            tables.append(table)
            place = end
    return tables


def _gutter(segments: Sequence[Segment], page_width: float) -> float | None:
    """Return where a page of two columns of text is parted, None for a page of one."""
    middle = page_width / 2
    long = [one for one in segments if one.right - one.left >= _COLUMN_LINE * page_width]
    left = [one.right for one in long if one.right <= middle + _OFF_CENTRE * page_width]
    right = [one.left for one in long if one.left >= middle - _OFF_CENTRE * page_width]
    crossing = len(long) - len(left) - len(right)
    if min(len(left), len(right)) < _COLUMN_LINES or crossing > _MAX_CROSSING * len(long):
        return None
    return (statistics.median(left) + statistics.median(right)) / 2


def _split_header(words: Sequence[Segment], lines: Sequence[Sequence[Segment]]) -> dict[int, Segment]:
    """Return the line above a table cut at its columns, by their number; empty where it does not name them.

    Names are often set so near each other that no wide gap parts them.
    """
    columns = _columns(lines)
    ordered = sorted(words, key=lambda word: word.left)
    size = max(word.size for word in ordered)
    distance = lines[0][0].bottom - ordered[0].bottom
    beside = min(right[0] - left[1] for left, right in itertools.pairwise(columns)) if len(columns) > 1 else 0.0
    inside = columns[0][0] - beside <= ordered[0].left and ordered[-1].right <= columns[-1][1] + beside
    if not 0 < distance <= _NEXT_ROW * size or not inside or len(ordered) > _HEADER_WORDS * len(columns):
        return {}

    parts = _segments(words)
    if len(parts) == len(columns):
        return dict(enumerate(parts))

    def column_of(word: Segment) -> int:
        centre = (word.left + word.right) / 2
        away = [max(left - centre, centre - right, 0.0) for left, right in columns]
        return away.index(min(away))

    places = [column_of(word) for word in ordered]
    if places != sorted(places) or len(set(places)) < max(2, len(columns) - 1):
        return {}
    return {
        place: _join([word for word, at in zip(ordered, places, strict=True) if at == place])
        for place in sorted(set(places))
    }


def _lines(words: Iterable[Segment]) -> list[list[Segment]]:
    """Return words that stand on one base line together, top to bottom."""
    lines: list[list[Segment]] = []
    for word in sorted(words, key=lambda word: (word.bottom, word.left)):
        last = lines[-1][0] if lines else None
        if last is not None and abs(word.bottom - last.bottom) <= _SAME_LINE * max(word.size, last.size):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _segments(words: Sequence[Segment]) -> list[Segment]:
    """Return the words of a line, those without a wide gap between them put together."""
    groups: list[list[Segment]] = []
    for word in sorted(words, key=lambda word: word.left):
        last = groups[-1][-1] if groups else None
        if last is not None and word.left - last.right <= _GAP * max(word.size, last.size):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_join(group) for group in groups]


def _join(words: Sequence[Segment]) -> Segment:
    return Segment(
        text=" ".join(word.text for word in words),
        left=words[0].left,
        right=max(word.right for word in words),
        top=min(word.top for word in words),
        bottom=max(word.bottom for word in words),
        size=max(word.size for word in words),
        places=tuple(place for word in words for place in word.places),
    )


def _columns(lines: Sequence[Sequence[Segment]]) -> list[tuple[float, float]]:
    """Return the strips of the page that the segments cover, left to right."""
    strips: list[tuple[float, float]] = []
    for left, right in sorted((one.left, one.right) for line in lines for one in line):
        if strips and left <= strips[-1][1]:
            strips[-1] = strips[-1][0], max(strips[-1][1], right)
        else:
            strips.append((left, right))
    return strips


def _run_end(lines: Sequence[Sequence[Segment]], start: int) -> int:
    """Return where the lines end that could be one table with the line at ``start``."""
    if len(lines[start]) < 2 or any(_LEADER.search(one.text) for one in lines[start]):
        return start
    width = len(lines[start])
    end = start + 1
    while end < len(lines):
        line, last = lines[end], lines[end - 1]
        size = max(one.size for one in (*line, *last))
        distance = max(one.bottom for one in line) - max(one.bottom for one in last)
        columns = _columns(lines[start : end + 1])
        alone = len(line) == 1 and distance > _WRAPPED * size
        if distance > _NEXT_ROW * size or len(columns) < max(2, width) or alone:
            break
        if any(_LEADER.search(one.text) for one in line):
            break
        width = max(width, min(len(columns), len(line)))
        end += 1
    while end > start and len(lines[end - 1]) == 1 and lines[end - 1][0].left <= lines[start][0].left + 1:
        end -= 1  # a line that begins at the edge is the paragraph below the table
    return end


def _build(
    lines: Sequence[Sequence[Segment]], header: dict[int, Segment], page_width: float
) -> ColumnTable | None:
    """Return the table that the lines are, None where they are something else.

    Args:
        lines: of its rows.
        header: a line above them by column, cut by ``_split_header``.
        page_width: in points.
    """
    if len(lines) < _MIN_ROWS:
        return None
    columns = _columns(lines)
    rows: list[list[str]] = []
    for place, line in enumerate(lines):
        cells = [""] * len(columns)
        for one in line:
            column = next(at for at, (left, right) in enumerate(columns) if left <= one.left <= right)
            cells[column] = join_lines(cells[column], one.text)
        near = place > 0 and line[0].bottom - lines[place - 1][0].bottom <= _WRAPPED * max(
            one.size for one in line
        )
        if rows and near and not cells[0]:
            rows[-1] = [join_lines(above, cell) for above, cell in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    if not _is_table(rows, lines, page_width):
        return None
    if header:
        rows.insert(0, [header[column].text if column in header else "" for column in range(len(columns))])
    every = [*header.values(), *(one for line in lines for one in line)]
    return ColumnTable(
        rows=[tuple(row) for row in rows],
        left=min(one.left for one in every),
        top=min(one.top for one in every),
        right=max(one.right for one in every),
        bottom=max(one.bottom for one in every),
        edges=tuple(round(left) for left, _ in columns),
        places=frozenset(place for one in every for place in one.places),
    )


def _is_table(rows: Sequence[Sequence[str]], lines: Sequence[Sequence[Segment]], page_width: float) -> bool:
    if len(rows) < _MIN_ROWS or len(rows[0]) < 2:
        return False
    filled = sum(bool(cell) for row in rows for cell in row)
    several = sum(sum(map(bool, row)) >= 2 for row in rows)
    if filled < _MIN_FILLED * len(rows) * len(rows[0]) or several < 0.7 * len(rows):
        return False
    firsts = [row[0] for row in rows if row[0]]
    if sum(is_mark(cell) or is_list_item(f"{cell} ") for cell in firsts) > 0.5 * len(firsts):
        return False
    widths = [
        statistics.median(
            [one.right - one.left for line in lines for one in line if left <= one.left <= right] or [0]
        )
        for left, right in _columns(lines)
    ]
    return min(widths) <= _NARROW * page_width
