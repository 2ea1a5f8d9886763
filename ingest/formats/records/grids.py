"""Rows of a sheet or a delimited file: where the header is, and which record each row is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.formats.records.build import RecordIds, build_record, is_record_header
from ingest.structure.tables import Merged, Row, count_header_rows, is_number_like, join_header, looks_like_header
from ingest.types import SourceFile
from kb.types import Document

_DEFAULT_NAME = re.compile(r"^(?:sheet|table|tabelle|工作表|表|page)[\s_]*\d*$", re.IGNORECASE)
_TITLE_ROWS = 3  # lines of single cells between tables that are titles
_LOOK_AHEAD = 15  # rows above the header: titles, dates, notes


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, or the whole of a delimited file.

    Attributes:
        rows: 1-based line or row number, and the row's cells as a person reads them; blank rows left out. A row
            without cells is one that is not shown: it parts nothing.
        title: added to the titles of its rows.
        page: 1-based sheet number; None for a delimited file.
        prefix: before the row number in record ids, so that the rows of two sheets differ.
    """

    rows: Iterable[tuple[int, Row]]
    title: str
    page: int | None = None
    prefix: str = ""


def sheet_documents(source: SourceFile, sheet: Sheet, ids: RecordIds) -> Iterator[Document]:
    """Yield one document for each row below the header.

    Lines above the header become headings of every row; without a header the cells stand alone. In a sheet,
    blank rows part tables: one below has a header and headings of its own, or goes on with the one above.
    """
    header: Row = ()
    above: tuple[str, ...] = ()
    waiting: list[tuple[int, Row]] = []  # titles, and a header parted from its rows
    for block in _blocks(sheet):
        rows = list(itertools.islice(block, _LOOK_AHEAD))
        first = [*waiting, *rows]
        alone = all(len(_filled(cells)) == 1 for _, cells in rows)
        if alone and (len(rows) == 1 or (len(rows) <= _TITLE_ROWS and _find_header(rows) < 0)):
            waiting = first
            continue
        if not header or _starts_table(header, first):
            place = _find_header(first)
            if place == len(first) - 1:
                waiting = first
                continue
            depth = _header_depth(first[place:]) if place >= 0 else 0
            stacked = [cells for _, cells in first[place : place + depth]]
            header = join_header(stacked, max(map(len, stacked))) if depth > 1 else stacked[0] if depth else ()
            above = tuple(" ".join(dict.fromkeys(_filled(cells))) for _, cells in first[: max(place, 0)])
            first = first[max(place, 0) + depth :]
        waiting = []
        for number, cells in itertools.chain(first, block):
            yield _document(source, sheet, ids, number, _name_cells(header, cells), above)
    for number, cells in waiting:
        yield _document(source, sheet, ids, number, _name_cells((), cells), ())


def _document(
    source: SourceFile, sheet: Sheet, ids: RecordIds, number: int, record: dict[str, str], above: tuple[str, ...]
) -> Document:
    record_id = ids.next(record, f"{sheet.prefix}{number}")
    return build_record(source, record_id, record, sheet.title, headings=above, page=sheet.page)


def _blocks(sheet: Sheet) -> Iterator[Iterator[tuple[int, Row]]]:
    """Yield the rows between blank ones; all rows of a delimited file, whose numbers are those of lines."""
    last = count = 0

    def block(row: tuple[int, Row]) -> int:
        nonlocal last, count
        count += sheet.page is not None and row[0] > last + 1
        last = row[0]
        return count

    for _, rows in itertools.groupby(sheet.rows, block):
        yield (row for row in rows if row[1])


def _filled(cells: Row) -> list[str]:
    """Return the cells with a text, those merged over columns once."""
    return [cell for place, cell in enumerate(cells) if cell and not (place and cell == cells[place - 1])]


def _starts_table(header: Row, rows: list[tuple[int, Row]]) -> bool:
    """Tell whether rows below a blank one are another table than the one with ``header`` above it.

    They are when their first line, or the one below a title, names columns: by standing in other columns, by
    being the header again, by names that records have, or by texts above numbers.
    """
    body = list(itertools.dropwhile(lambda row: len(_filled(row[1])) == 1, rows))
    if not body or not looks_like_header(_trim(body[0][1])):
        return False
    names = body[0][1]
    if names == header or len(body) < len(rows) or is_record_header(_filled(names)):
        return True
    moved = [bool(cell) for cell in names] != [bool(cell) for cell in header]
    below = body[1][1] if len(body) > 1 else ()
    return len(body) > 1 and (moved or any(is_number_like(cell) for cell in below[: len(names)]))


def _find_header(rows: list[tuple[int, Row]]) -> int:
    """Return the place of the header among the first rows, -1 where there is none.

    It is the first row that could name columns and is as wide as most rows below it.
    """
    widths = sorted(len([cell for cell in cells if cell]) for _, cells in rows)
    usual = widths[len(widths) // 2] if widths else 0
    for place, (_, cells) in enumerate(rows):
        filled = [cell for cell in cells if cell]
        if len(filled) >= 2 and len(set(cells) - {""}) == 1:
            continue  # one cell merged over the columns: a title
        if is_record_header(filled) and len(filled) >= min(2, usual):
            return place
        if len(filled) * 2 > usual and looks_like_header(_trim(cells)):
            return place
        if place == 0 and _is_of_numbers(rows):
            return place
        if usual == 1 and len(filled) == 1 and place == 0 and len(filled[0]) <= 40 and _in_one_column(rows):
            return place
        if len(filled) >= 2:
            return -1
    return -1


def _header_depth(rows: list[tuple[int, Row]]) -> int:
    """Return how many rows the header takes: more than one where its first has cells merged over columns."""
    if not any(isinstance(cell, Merged) for cell in rows[0][1]):
        return 1
    width = max(len(cells) for _, cells in rows)
    return max(1, count_header_rows([cells + ("",) * (width - len(cells)) for _, cells in rows]))


def _in_one_column(rows: list[tuple[int, Row]]) -> bool:
    """Tell whether most of two or more rows have their cell in the column of the first."""
    columns = [next((column for column, cell in enumerate(cells) if cell), -1) for _, cells in rows]
    return len(rows) > 1 and 2 * columns[1:].count(columns[0]) > len(columns) - 1


def _is_of_numbers(rows: list[tuple[int, Row]]) -> bool:
    """Tell whether the first row numbers the columns, of which none holds a number: ``1, 2, 3``."""
    names = rows[0][1]
    values = [cell for _, cells in rows[1:] for cell in cells[: len(names)] if cell]
    distinct = len(names) > 1 and len(set(names)) == len(names) and all(map(is_number_like, names))
    return distinct and bool(values) and not any(map(is_number_like, values))


def _trim(cells: Row) -> Row:
    """Return the row without the empty cells at its ends, a cell merged over columns once."""
    filled = [place for place, cell in enumerate(cells) if cell]
    inner = cells[filled[0] : filled[-1] + 1] if filled else ()
    return tuple(cell for place, cell in enumerate(inner) if not (place and cell and cell == inner[place - 1]))


def sheet_title(title: str, name: str, count: int) -> str:
    """Return the title of the rows of a sheet: the file's, with the sheet's name where it says anything.

    Args:
        title: of the file.
        name: of the sheet; ``Sheet1`` says nothing where it is the only one.
        count: of visible sheets.
    """
    told = count > 1 or not _DEFAULT_NAME.match(name)
    return f"{title}: {name}" if told and name.casefold() != title.casefold() else title


def _name_cells(header: Row, cells: Row) -> dict[str, str]:
    """Return the cells by column name; a repeated or missing name never loses a cell."""
    record: dict[str, str] = {}
    for column, cell in enumerate(cells):
        if not cell.strip():
            continue
        name = header[column] if column < len(header) else ""
        if isinstance(cell, Merged) and (not name or name == header[column - 1]):
            continue
        if name in record:
            if record[name] == cell and column and cells[column - 1] == cell:
                continue  # a merged cell, already written
            name = f"{name} {column + 1}".strip()
        elif not name and header:
            name = ""
        if not name:
            name = " " * (column + 1)  # no name to show, and unlike every other
        record[name] = cell
    return record
