"""Tables become rows that carry their headers: ``Header: value; Header: value``."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Row = tuple[str, ...]

_NUMBER_LIKE = re.compile(r"^[-+(]?[¥￥$€£]?\s*\d[\d,.\s:/\-]*\s*(?:%|[A-Za-z]{1,3}|元|天|日|年|月|个|件)?\)?$")
_YEAR = re.compile(r"^(?:19|20)\d\d\s*年?$")
_MAX_HEADER_CHARACTERS = 80  # a longer cell is a value
_TICKS = frozenset("✓✔✗✘✕✖☐☑☒")
_MAX_HEADER_ROWS = 3


class Merged(str):
    """The text of a cell, where the cell is merged over a further column."""

    __slots__ = ()


@dataclass(slots=True)
class Table:
    """A table with every merged cell written into each place that it covers.

    Attributes:
        rows: cell texts, all rows equally long.
        header_rows: how many of the first rows are headers; None = to be found out.
        caption: its title, empty where it has none.
    """

    rows: list[Row] = field(default_factory=list)
    header_rows: int | None = None
    caption: str = ""


def is_number_like(cell: str) -> bool:
    """Tell whether a cell is a number, amount, date or percentage: a value, never a header."""
    return bool(_NUMBER_LIKE.match(cell.strip()))


def looks_like_header(row: Sequence[str]) -> bool:
    """Tell whether a row could name columns: two or more short, distinct cells; years, but no other numbers."""
    cells = [cell for cell in row if cell]
    numbers = [cell for cell in cells if is_number_like(cell)]
    years = len(numbers) > 1 and all(map(_YEAR.match, numbers)) and len(numbers) < len(row)
    return (
        len(cells) >= 2
        and len(set(cells)) == len(cells)
        and all(len(cell) <= _MAX_HEADER_CHARACTERS for cell in cells)
        and (not numbers or years)
        and 2 * len(cells) > len(row)
        and not any(cell.endswith(("。", "？", "?")) for cell in cells)
        and not (len(cells) == 2 and cells[0] not in _TICKS and cells[1] in _TICKS)  # a name and what holds for it
    )


def count_header_rows(rows: Sequence[Row]) -> int:
    """Return how many of the first rows are headers.

    A first row whose merged cells span columns goes on into the rows below it, but not into a row whose cells
    come again below it: that one holds values. A table of two columns whose first row already holds a number
    beside a name lists names and values and has no header.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    depth = 0
    while (
        depth < min(_MAX_HEADER_ROWS, len(rows) - 1) and _spans_columns(rows[depth]) and not _recurs(rows, depth)
    ):
        depth += 1
    first = rows[depth]
    if depth and not _recurs(rows, depth) and not any(is_number_like(cell) for cell in first):
        return depth + 1
    if depth:
        return depth
    return 1 if looks_like_header(rows[0]) else 0


def _recurs(rows: Sequence[Row], place: int) -> bool:
    """Tell whether a cell of a row comes again below it in its column, but for a cell merged downwards."""
    for column, cell in enumerate(rows[place]):
        below = [row[column] for row in rows[place + 1 :]]
        merged = next((count for count, text in enumerate(below) if text != cell), len(below))
        if cell and cell in below[merged:]:
            return True
    return False


def _spans_columns(row: Row) -> bool:
    """Tell whether a merged cell covers neighbouring columns of this row, but not all of them."""
    return len(set(row)) > 1 and any(
        left and left == right and not is_number_like(left) and len(left) <= _MAX_HEADER_CHARACTERS
        for left, right in itertools.pairwise(row)
    )


def join_header(rows: Sequence[Row], width: int) -> Row:
    """Return one name a column from stacked header rows: ``Fee / Domestic``."""
    names: list[str] = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            cell = row[column].strip(" :：") if column < len(row) else ""
            if cell and cell not in parts:
                parts.append(cell)
        names.append(" / ".join(parts))
    return tuple(names)


def write_row(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row as ``Header: value; Header: value``; empty cells are left out, nothing else is.

    A cell without a header stands alone; a cell merged over columns is written once.
    """
    parts: list[str] = []
    previous: tuple[str, str] | None = None
    for column, cell in enumerate(cells):
        name = header[column] if column < len(header) else ""
        value = " ".join(cell.split())
        if not value or (name and previous == (name, value)):
            continue
        previous = (name, value)
        parts.append(f"{name}: {value}" if name and name != value else value)
    return "; ".join(parts)


def table_rows(table: Table) -> tuple[Row, list[tuple[str, str]]]:
    """Return a table's header and its rows as ``(group, text)``.

    A row that is one cell merged over all columns is a group: it is carried by the rows below it. A group
    without rows, or a table of headers only, is kept as a row of its own.
    """
    depth = count_header_rows(table.rows) if table.header_rows is None else table.header_rows
    width = max((len(row) for row in table.rows), default=0)
    header = join_header(table.rows[:depth], width)
    written: list[tuple[str, str]] = []
    group, used = "", True
    if width > 1 and all(header) and len(set(header)) == 1:  # a title over all columns names none of them
        group, used, header = header[0], False, ("",) * width
    for row in table.rows[depth:]:
        cells = {cell for cell in row if cell}
        if width > 1 and len(cells) == 1 and len(row) == width and all(row):
            if not used:
                written.append(("", group))
            group, used = cells.pop(), False
            continue
        text = write_row(header, row) if any(header) else _write_names_and_values(row)
        if text:
            written.append((group, text))
            used = True
    if not used:
        written.append(("", group))
    if not written and any(header):
        written.append(("", "; ".join(dict.fromkeys(name for name in header if name))))
    return header, written


def _write_names_and_values(row: Row) -> str:
    """Return a row without header: ``name: value`` for two cells, else the cells in order."""
    if len(row) == 2 and all(row) and row[0] != row[1] and len(row[0]) <= _MAX_HEADER_CHARACTERS:
        return f"{row[0].strip(' :：')}: {' '.join(row[1].split())}"
    return write_row((), row)
