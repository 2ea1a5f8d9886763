"""Excel workbooks of the format before 2007: every visible sheet, one document a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError

from ingest.formats.office.cells import write_cell
from ingest.limits import MAX_CELLS, MAX_TEXT_BYTES, check_size
from ingest.structure.grids import Sheet, sheet_documents, sheet_title
from ingest.structure.records import RecordIds
from ingest.structure.tables import Merged, Row
from ingest.text.clean import clean
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile, LimitExceeded
from kb.types import Document

_MAX_SPAN = 10_000  # cells of one merged range


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document for each row of each visible sheet.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no workbook.
        LimitExceeded: it is larger, or has more cells, than is read.
    """
    check_size(source.path, MAX_TEXT_BYTES)
    try:
        book = xlrd.open_workbook(str(source.path), formatting_info=True, logfile=StringIO(), on_demand=True)
    except (xlrd.XLRDError, CompDocError) as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise EncryptedFile(f"{source.path.name} needs a password: save it without one") from error
        raise DamagedFile(f"{source.path.name} is no whole workbook ({error}): save it anew") from error
    with book:
        yield from _documents(source, book)


def _documents(source: SourceFile, book: Any) -> Iterator[Document]:
    title = file_title(source.path)
    ids = RecordIds()
    shown = [number for number, state in enumerate(book._sheet_visibility) if state == 0]
    hidden = [name for number, name in enumerate(book.sheet_names()) if number not in shown]
    warnings = [f"sheet {name!r} is hidden and was left out" for name in hidden]
    for number in shown:
        sheet = book.sheet_by_index(number)
        if sheet.nrows * sheet.ncols > MAX_CELLS:
            raise LimitExceeded(f"{source.path.name} has more than {MAX_CELLS:,} cells: split it")
        rows = Sheet(
            _rows(book, sheet),
            sheet_title(title, sheet.name, len(shown)),
            number + 1,
            "" if number == shown[0] else f"{sheet.name}!",
        )
        for document in sheet_documents(source, rows, ids):
            yield replace(document, warnings=(*document.warnings, *warnings)) if warnings else document
            warnings = []
        book.unload_sheet(number)


def _rows(book: Any, sheet: Any) -> Iterator[tuple[int, Row]]:
    """Yield the rows that are not empty, a merged cell in each place that it covers."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for top, bottom, left, right in sheet.merged_cells:  # ends are one past the last
        if (bottom - top) * (right - left) <= _MAX_SPAN:
            covered.update({(y, x): (top, left) for y in range(top, bottom) for x in range(left, right)})
    for number in range(sheet.nrows):
        width = max([sheet.row_len(number), *(x + 1 for y, x in covered if y == number)])
        row: list[str] = []
        for column in range(width):
            y, x = covered.get((number, column), (number, column))
            text = clean(_write(book, sheet, y, x)).strip() if x < sheet.row_len(y) else ""
            row.append(Merged(text) if x < column else text)
        while row and not row[-1]:
            row.pop()
        if row:
            yield number + 1, tuple(row)


def _write(book: Any, sheet: Any, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return write_cell(bool(cell.value))
    layout = book.format_map.get(book.xf_list[cell.xf_index].format_key) if cell.xf_index is not None else None
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return write_cell(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (ValueError, OverflowError):  # a number outside the calendar, formatted as a day
            return write_cell(cell.value)
    return write_cell(cell.value, layout.format_str if layout is not None else "General")
