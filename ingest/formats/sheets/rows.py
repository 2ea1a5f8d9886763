"""What all workbooks share: sheets become documents row by row; rows and columns that are not shown stay out."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.formats.records.build import RecordIds
from ingest.formats.records.grids import Sheet, sheet_documents, sheet_title
from ingest.formats.sheets.cells import CellNotes
from ingest.structure.tables import Merged, Row
from ingest.text.omissions import Omissions, sentences
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import EmptyDocument
from kb.types import Document, Omitted

MAX_SPAN = 10_000  # cells of one merged range that it is written into


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A sheet that is not hidden.

    Attributes:
        name: on its tab.
        number: 1-based place among all sheets of the workbook, hidden ones too.
        rows: 1-based number and cells of those that are not empty (``shown_rows``); read once.
    """

    name: str
    number: int
    rows: Iterable[tuple[int, Row]]


def workbook_documents(
    source: SourceFile,
    sheets: Sequence[ShownSheet],
    omitted: Omissions,
    notes: CellNotes,
    drawn: Iterable[Document] = (),
) -> Iterator[Document]:
    """Yield one document for each row, then the drawings; the last carries what was left out and the warnings.

    Args:
        source: the file.
        sheets: that are shown; the rows of the first have their numbers for ids, those of others the name too.
        omitted: gathers what is left out, while rows are read.
        notes: gathers what is said of the whole workbook, while rows are read.
        drawn: what stands beside the cells.

    Raises:
        EmptyDocument: all of the workbook is left out.
    """
    last: Document | None = None
    for document in itertools.chain(_row_documents(source, sheets), drawn):
        if last is not None:
            yield last
        last = document
    if last is not None:
        warnings = (*last.warnings, *notes.warnings)
        yield replace(last, warnings=warnings, omitted=(*last.omitted, *omitted))
    elif seen := "; ".join([*sentences(omitted), *notes.warnings]):
        raise EmptyDocument(f"{source.path.name} has no text ({seen}): remove it, or add a version with text")


def _row_documents(source: SourceFile, sheets: Sequence[ShownSheet]) -> Iterator[Document]:
    title, ids = file_title(source.path), RecordIds()
    for sheet in sheets:
        grid = Sheet(
            sheet.rows,
            sheet_title(title, sheet.name, len(sheets)),
            sheet.number,
            "" if sheet is sheets[0] else f"{sheet.name}!",
        )
        yield from sheet_documents(source, grid, ids)


def hide_sheet(
    name: str, rows: Iterable[tuple[int, list[str], bool]], omitted: Omissions, notes: CellNotes
) -> None:
    """Note a sheet that is not shown, and all its rows."""
    notes.hidden(name)
    for _, cells, _ in rows:
        omitted.leave(Omitted.HIDDEN, _texts(cells))


def shown_rows(
    rows: Iterable[tuple[int, list[str], bool]], hidden: Container[int], omitted: Omissions
) -> Iterator[tuple[int, Row]]:
    """Yield number and cells of the shown rows, without the columns that are not shown; hidden rows without cells.

    Args:
        rows: 1-based number, cells with merged ones in each place that they cover, and whether the row is hidden.
        hidden: 0-based columns that are not shown.
        omitted: takes the texts that are left out.
    """
    for number, cells, unseen in rows:
        if unseen:
            omitted.leave(Omitted.HIDDEN, _texts(cells))
            yield number, ()
            continue
        row: list[str] = []
        first_left_out = False
        for column, cell in enumerate(cells):
            merged = isinstance(cell, Merged)
            if column in hidden:
                if cell and not merged:
                    first_left_out = True
                    if not (column + 1 < len(cells) and isinstance(cells[column + 1], Merged)):
                        omitted.leave(Omitted.HIDDEN, cell)
                continue
            row.append(str(cell) if merged and first_left_out else cell)
            first_left_out = False
        while row and not row[-1]:
            row.pop()
        if row:
            yield number, tuple(row)


def _texts(cells: Iterable[str]) -> str:
    return " ".join(cell for cell in cells if cell and not isinstance(cell, Merged))
