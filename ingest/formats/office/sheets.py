"""What all workbooks share: sheets become documents row by row; rows and columns that are not shown stay out."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.structure.grids import Sheet, sheet_documents, sheet_title
from ingest.structure.records import RecordIds
from ingest.structure.tables import Merged, Row
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.types import Document, Omitted

MAX_SPAN = 10_000  # cells of one merged range that it is written into


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A sheet that is not hidden.

    Attributes:
        name: on its tab.
        number: 1-based place among all sheets of the workbook, hidden ones too.
        rows: 1-based number and cells of those that are shown and not empty; read once.
    """

    name: str
    number: int
    rows: Iterable[tuple[int, Row]]


def workbook_documents(
    source: SourceFile, sheets: Sequence[ShownSheet], omitted: Omissions, warnings: Sequence[str] = ()
) -> Iterator[Document]:
    """Yield one document for each row; the last one carries what was left out, the first one the warnings.

    Args:
        source: the file.
        sheets: that are shown; the rows of the first have their numbers for ids, those of others the name too.
        omitted: gathers what is left out, while rows are read.
        warnings: of the whole workbook.
    """
    title, ids = file_title(source.path), RecordIds()
    waiting: Document | None = None
    for sheet in sheets:
        grid = Sheet(
            sheet.rows,
            sheet_title(title, sheet.name, len(sheets)),
            sheet.number,
            "" if sheet is sheets[0] else f"{sheet.name}!",
        )
        for document in sheet_documents(source, grid, ids):
            if waiting is not None:
                yield waiting
            waiting, warnings = replace(document, warnings=(*document.warnings, *warnings)), ()
    if waiting is not None:
        yield replace(waiting, omitted=(*waiting.omitted, *omitted))


def shown_rows(
    rows: Iterable[tuple[int, list[str], bool]], hidden: Container[int], omitted: Omissions
) -> Iterator[tuple[int, Row]]:
    """Yield number and cells of the rows that are shown, without the columns that are not.

    Args:
        rows: 1-based number, cells with merged ones in each place that they cover, and whether the row is hidden.
        hidden: 0-based columns that are not shown.
        omitted: takes the texts that are left out.
    """
    for number, cells, unseen in rows:
        if unseen:
            omitted.leave(Omitted.HIDDEN, " ".join(dict.fromkeys(filter(None, cells))))
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
