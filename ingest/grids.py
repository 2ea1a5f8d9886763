"""Rows of a sheet or a delimited file: where the header is, and which record each row is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.records import RecordIds, build_record, is_record_header
from ingest.tables import Row, looks_like_header
from ingest.types import SourceFile
from kb.types import Document

_LOOK_AHEAD = 15  # rows above the header: titles, dates, notes


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, or the whole of a delimited file.

    Attributes:
        rows: 1-based line or row number, and the row's cells as a person reads them; empty rows left out.
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

    Lines above the header become headings of every row; without a header the cells stand alone.
    """
    rows = iter(sheet.rows)
    first = [row for _, row in zip(range(_LOOK_AHEAD), rows, strict=False)]
    place = _find_header(first)
    header: Row = first[place][1] if place >= 0 else ()
    above = tuple(" ".join(dict.fromkeys(cell for cell in cells if cell)) for _, cells in first[: max(place, 0)])
    rest = first[place + 1 :]
    if not rest and place >= 0:
        header, rest = (), first[place:]
    for number, cells in _chain(rest, rows):
        record = _name_cells(header, cells)
        record_id = ids.next(record, f"{sheet.prefix}{number}")
        yield build_record(source, record_id, record, sheet.title, headings=above, page=sheet.page)


def _chain(first: Iterable[tuple[int, Row]], second: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    yield from first
    yield from second


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
        if usual == 1 and len(filled) == 1 and place == 0 and len(filled[0]) <= 40 and len(rows) > 1:
            return place
        if len(filled) >= 2:
            return -1
    return -1


def _trim(cells: Row) -> Row:
    """Return the row without the empty cells at its ends."""
    filled = [place for place, cell in enumerate(cells) if cell]
    return cells[filled[0] : filled[-1] + 1] if filled else ()


def _name_cells(header: Row, cells: Row) -> dict[str, str]:
    """Return the cells by column name; a repeated or missing name never loses a cell."""
    record: dict[str, str] = {}
    for column, cell in enumerate(cells):
        if not cell.strip():
            continue
        name = header[column] if column < len(header) else ""
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
