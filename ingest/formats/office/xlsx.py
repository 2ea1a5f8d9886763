"""Excel workbooks: every visible sheet, one document a row."""

from __future__ import annotations

import re
import warnings as python_warnings
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from ingest.formats.office.cells import write_cell
from ingest.formats.office.drawings import drawn_texts
from ingest.limits import MAX_CELLS, check_archive, check_encrypted
from ingest.structure.grids import Sheet, sheet_documents, sheet_title
from ingest.structure.records import RecordIds
from ingest.structure.tables import Merged, Row
from ingest.text.clean import clean
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.types import Document, Section

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MERGED = re.compile(rb'<mergeCell\s[^>]*ref="([A-Z]+\d+:[A-Z]+\d+)"')
_UNCOMPUTED = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_SCAN_BYTES = 1 << 20
_MAX_MERGED = 20_000  # merged ranges of one sheet
_MAX_SPAN = 10_000  # cells of one merged range

Place = tuple[int, int]
"""1-based row and column of a cell."""


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document for each row of each visible sheet.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no workbook.
        LimitExceeded: more cells than a workbook may have.
    """
    check_encrypted(source.path, ".xlsx")
    check_archive(source.path)
    with python_warnings.catch_warnings(), ExitStack() as files:
        python_warnings.simplefilter("ignore")  # openpyxl talks about styles and extensions that it leaves out
        try:
            stream = files.enter_context(source.path.open("rb"))  # a path is refused by its ending
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise DamagedFile(f"{source.path.name} is no whole workbook ({error}): save it anew") from error
        try:
            yield from _documents(source, list(book.worksheets))
            yield from _drawn(source, len(book.sheetnames))
        finally:
            book.close()


def _documents(source: SourceFile, worksheets: list[ReadOnlyWorksheet]) -> Iterator[Document]:
    title = file_title(source.path)
    ids = RecordIds()
    visible = [sheet for sheet in worksheets if sheet.sheet_state == "visible"]
    warnings = [
        f"sheet {sheet.title!r} is hidden and was left out" for sheet in worksheets if sheet not in visible
    ]
    with zipfile.ZipFile(source.path) as archive:
        if any(name.startswith(("xl/comments", "xl/threadedComments")) for name in archive.namelist()):
            warnings.append("comments on cells were left out")
    for number, worksheet in enumerate(worksheets, start=1):
        if worksheet not in visible:
            continue
        merged, uncomputed = _scan(source, worksheet)
        if uncomputed:
            warnings.append(
                f"sheet {worksheet.title!r} has {uncomputed} formulas without stored values: "
                "open the workbook in a spreadsheet program and save it"
            )
        sheet = Sheet(
            _rows(worksheet, merged, source.path.name),
            sheet_title(title, worksheet.title, len(visible)),
            number,
            "" if worksheet is visible[0] else f"{worksheet.title}!",
        )
        for document in sheet_documents(source, sheet, ids):
            yield replace(document, warnings=(*document.warnings, *warnings)) if warnings else document
            warnings = []


def _drawn(source: SourceFile, sheets: int) -> Iterator[Document]:
    """Yield one document for each sheet with text boxes or charts."""
    for name, texts in drawn_texts(source.path).items():
        title = sheet_title(file_title(source.path), name, sheets)
        section = Section("\n\n".join(clean(text) for text in texts))
        yield Document(f"{source.uri}#{name}!drawings", title, (section,), f"{name}!drawings")


def _scan(source: SourceFile, worksheet: ReadOnlyWorksheet) -> tuple[dict[Place, Place], int]:
    """Return which cells a merged range covers (each to its first cell), and how many formulas lack a value.

    The reader that streams rows does not know merged ranges; they stand at the end of the sheet's XML.
    """
    covered: dict[Place, Place] = {}
    uncomputed = ranges = 0
    place = str(getattr(worksheet, "_worksheet_path"))  # noqa: B009 - not public, and the stubs do not know it
    with zipfile.ZipFile(source.path) as archive, archive.open(place) as part:
        tail = b""
        while block := part.read(_SCAN_BYTES):
            window = tail + block
            keep = window.rfind(b"<", 0, max(len(window) - 200, 0)) if len(block) == _SCAN_BYTES else len(window)
            window, tail = window[:keep], window[keep:]
            uncomputed += len(_UNCOMPUTED.findall(window))
            for found in _MERGED.findall(window):
                ranges += 1
                left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(found.decode()))
                if ranges > _MAX_MERGED or (right - left + 1) * (bottom - top + 1) > _MAX_SPAN:
                    continue
                for row in range(top, bottom + 1):
                    covered.update({(row, column): (top, left) for column in range(left, right + 1)})
    return covered, uncomputed


def _rows(worksheet: ReadOnlyWorksheet, merged: dict[Place, Place], name: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows that are not empty; what the sheet says of its own size is not believed."""
    worksheet.reset_dimensions()
    firsts = set(merged.values())
    values: dict[Place, str] = {}
    seen = 0
    rows: Iterator[tuple[Any, ...]] = worksheet.iter_rows()  # type: ignore[misc]  # the stubs misname self
    for number, cells in enumerate(rows, start=1):
        row: list[str] = []
        for column, cell in enumerate(cells, start=1):
            if cell.value is None:
                text = ""
            else:
                seen += 1
                text = clean(write_cell(cell.value, cell.number_format)).strip()
            if (number, column) in firsts:
                values[number, column] = text
            row.append(text or _merged_text((number, column), merged, values))
        while (place := (number, len(row) + 1)) in merged:  # the file need not hold the cells that are covered
            row.append(_merged_text(place, merged, values))
        if seen > MAX_CELLS:
            raise LimitExceeded(f"{name} has more than {MAX_CELLS:,} cells: split it into several workbooks")
        while row and not row[-1]:
            row.pop()
        if row:
            yield number, tuple(row)


def _merged_text(place: Place, merged: dict[Place, Place], values: dict[Place, str]) -> str:
    """Return what an empty cell shows that is part of a merged range, empty where it is of none."""
    first = merged.get(place, place)
    text = values.get(first, "")
    return Merged(text) if first[1] < place[1] else text
