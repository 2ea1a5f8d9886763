"""Tables of pages: in the cells that pdfplumber finds between rules, or of words set in columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.formats.pages.columns import find_column_tables, may_have_columns
from ingest.formats.pages.lines import Glyph, Page, build_lines, cell_text
from ingest.structure.tables import Row, Table, count_header_rows

# Chosen by looking at real pages, not measured one by one; tests/ingest/formats and bench_fidelity.py hold what
# they do together.
MIN_RULES = 2  # lines across and as many upright that a page must draw to be looked at for tables
MAX_RULES = 3_000  # more are a drawing, and would take minutes
_MIN_FILLED = 0.4  # of the cells of a table that have text
_SAME_EDGE_POINTS = 6.0  # between column edges of a table and its continuation
_OPEN_SIDE_POINTS = 4.0  # between the ends of rules and the outermost upright rule of a table that is open there


@dataclass(slots=True, kw_only=True)
class PageTable:
    """A table on a page.

    Attributes:
        page: 1-based.
        left, bottom, right, top: its box in points from the left and bottom of the page.
        rows: cell texts, merged cells written into each place they cover.
        edges: left edges of its columns, in points.
        places: of the glyphs in its cells, by their number on the page.
        inner: whether it stands in a cell of another table, whose text holds its text too.
    """

    page: int
    left: float
    bottom: float
    right: float
    top: float
    rows: list[Row]
    edges: tuple[float, ...]
    places: frozenset[int] = frozenset()
    inner: bool = False

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point is inside the table."""
        return self.left - 2 <= x <= self.right + 2 and self.bottom - 2 <= y <= self.top + 2


def find_tables(page: Page) -> list[PageTable]:
    """Return the tables of a page, ruled ones and those in columns, top to bottom.

    Each piece of the page's lines then says of which table it is a cell's text: whatever stands within a table's
    box and in none of its cells stays text.
    """
    ruled = _ruled_tables(page) if MIN_RULES <= page.rules <= MAX_RULES else []
    found = list(ruled)
    for column_table in find_column_tables(page) if may_have_columns(page) else ():
        one = PageTable(
            page=page.number,
            left=column_table.left,
            bottom=page.height - column_table.bottom,
            right=column_table.right,
            top=page.height - column_table.top,
            rows=column_table.rows,
            edges=column_table.edges,
            places=column_table.places,
        )
        if all(other.bottom >= one.top or other.top <= one.bottom for other in ruled):
            found.append(one)
    found.sort(key=lambda table: -table.top)
    if found:
        numbers: dict[int, int] = {}
        for number, table in enumerate(found):
            for place in table.places:
                numbers.setdefault(place, number)
        page.lines = build_lines(page.glyphs, page.number, numbers)
    return found


def _ruled_tables(page: Page) -> list[PageTable]:
    from pdfplumber.table import TableFinder

    plain: Any = _PlainPage(page)
    found: list[PageTable] = []
    for table in TableFinder(plain, {"explicit_vertical_lines": _open_sides(plain.edges)}).tables:
        rows, places = _grid(table, page)
        cells = [cell for row in rows for cell in row]
        if len(rows) < 2 or len(rows[0]) < 2 or sum(map(bool, cells)) < _MIN_FILLED * len(cells):
            continue
        left, top, right, bottom = (float(edge) for edge in table.bbox)
        edges = tuple(sorted({round(float(cell[0]), 0) for cell in table.cells}))
        one = PageTable(
            page=page.number,
            left=left,
            bottom=page.height - bottom,
            right=right,
            top=page.height - top,
            rows=rows,
            edges=edges,
            places=places,
        )
        found.append(one)
    found.sort(key=lambda table: -table.top)
    for place, one in enumerate(found):
        one.inner = any(
            outer.holds(one.left, one.top) and outer.holds(one.right, one.bottom) for outer in found[:place]
        )
    return found


class _PlainPage:
    """The straight rules of a page as pdfplumber's search wants them: in points from the left and top."""

    def __init__(self, page: Page) -> None:
        self.bbox = (0.0, 0.0, page.width, page.height)
        self.edges = [
            {
                "object_type": "line", "x0": left, "x1": right, "top": page.height - top,
                "bottom": page.height - bottom, "width": right - left, "height": top - bottom,
                "orientation": "h" if right - left > top - bottom else "v",
            }
            for left, bottom, right, top in page.edges
        ]  # fmt: skip


def _open_sides(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the sides that a table leaves open: its rules across end there, and rules upright part it inside.

    Args:
        edges: the straight lines of a page as pdfplumber gives them, in points from the left and top.
    """
    ends: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    for rule in _rules_across(edges):
        ends.setdefault((round(rule[1]), round(rule[2])), []).append(rule)
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    sides: list[dict[str, Any]] = []
    for across in ends.values():
        left, right = (sum(rule[side] for rule in across) / len(across) for side in (1, 2))
        for top, bottom in itertools.pairwise(sorted({rule[0] for rule in across})):
            beside = [one["x0"] for one in upright if one["top"] < bottom - 1 and one["bottom"] > top + 1]
            parted = any(left + _OPEN_SIDE_POINTS < x < right - _OPEN_SIDE_POINTS for x in beside)
            for x in (left, right) if parted else ():
                if all(abs(x - other) > _OPEN_SIDE_POINTS for other in beside):
                    sides.append(
                        {"object_type": "line", "x0": x, "x1": x, "top": top, "bottom": bottom,
                         "width": 0, "height": bottom - top, "orientation": "v"}
                    )  # fmt: skip
    return sides


def _rules_across(edges: list[dict[str, Any]]) -> list[tuple[float, float, float]]:
    """Return top, left and right of the rules across, those joined that go on one beside the other."""
    joined: list[tuple[float, float, float]] = []
    across = [edge for edge in edges if edge["orientation"] == "h" and edge["x1"] - edge["x0"] > _OPEN_SIDE_POINTS]
    for edge in sorted(across, key=lambda edge: (round(edge["top"]), edge["x0"])):
        if joined and abs(joined[-1][0] - edge["top"]) < 1 and edge["x0"] - joined[-1][2] < 1:
            top, left, right = joined[-1]
            joined[-1] = top, left, max(right, edge["x1"])
        else:
            joined.append((edge["top"], edge["x0"], edge["x1"]))
    return joined


def _grid(table: Any, page: Page) -> tuple[list[Row], frozenset[int]]:
    """Return the cell texts, a merged cell in each place that it covers, and the places of their glyphs."""
    table_rows = table.rows
    inside = _within(page.glyphs, table.bbox, page.height)
    boxes: dict[Any, str] = {}
    places: set[int] = set()
    for row in table_rows:
        beside = _within(inside, row.bbox, page.height)
        for cell in filter(None, row.cells):
            lines = _within(beside, cell, page.height)
            boxes[cell] = cell_text(lines, page.number)
            places.update(glyph.place for line in lines for glyph in line)
    columns: list[Any] = [
        next((row.cells[column] for row in table_rows if row.cells[column]), None)
        for column in range(max(len(row.cells) for row in table_rows))
    ]
    grid: list[Row] = []
    for row in table_rows:
        cells: list[str] = []
        middle = _row_middle(row)
        for column, cell in enumerate(row.cells):
            text = boxes.get(cell, "")
            if cell is None and columns[column] is not None:
                centre = columns[column][0] + 2
                text = next((boxes[b] for b in boxes if b[0] <= centre <= b[2] and b[1] <= middle <= b[3]), "")
            cells.append(text)
        grid.append(tuple(cells))
    return [row for row in grid if any(row)], frozenset(places)


def _within(
    lines: Iterable[Sequence[Glyph]], box: tuple[float, float, float, float], height: float
) -> list[list[Glyph]]:
    """Return what of some lines is in a box given from the left and top of a page of this height."""
    left, top, right, bottom = box
    high, low = height - top, height - bottom
    found = [
        [one for one in line if left <= one.middle[0] < right and low < one.middle[1] <= high] for line in lines
    ]
    return [line for line in found if line]


def _row_middle(row: Any) -> float:
    lowest = min(cell[3] for cell in row.cells if cell)
    highest = max(cell[1] for cell in row.cells if cell)
    return float(lowest + highest) / 2


class TableJoiner:
    """Puts tables together that go on over pages, and gives each its header."""

    def __init__(self) -> None:
        self._last: PageTable | None = None
        self._header: list[Row] = []

    def build(self, table: PageTable, follows: bool) -> Table:
        """Return a table with its header.

        Args:
            table: as it stands on its page.
            follows: whether nothing but page headers and footers stands between it and the table before.
        """
        rows = table.rows
        last, header = self._last, self._header
        self._last = table
        if follows and last is not None and header and self._same_columns(last, table):
            depth = len(header)
            repeated = [tuple(cell.casefold() for cell in row) for row in rows[:depth]]
            if repeated == [tuple(cell.casefold() for cell in row) for row in header]:
                rows = rows[depth:]
            return Table([*header, *rows], depth)
        depth = count_header_rows(rows)
        self._header = rows[:depth]
        return Table(rows, depth)

    @staticmethod
    def _same_columns(first: PageTable, second: PageTable) -> bool:
        return len(first.rows[0]) == len(second.rows[0]) and (
            len(first.edges) != len(second.edges)
            or all(abs(a - b) <= _SAME_EDGE_POINTS for a, b in zip(first.edges, second.edges, strict=True))
        )
