"""OpenDocument sheets: every visible sheet, one document a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.formats.office.opendocument import OpenDocument, q, table_rows
from ingest.structure.grids import Sheet, sheet_documents, sheet_title
from ingest.structure.records import RecordIds
from ingest.structure.tables import Row
from ingest.text.clean import clean
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.types import Document

Element = Any  # lxml elements


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document for each row of each visible sheet.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no OpenDocument spreadsheet.
        LimitExceeded: more cells than are read.
    """
    document = OpenDocument(source, "spreadsheet")
    title = file_title(source.path)
    ids = RecordIds()
    tables = document.body.findall(q("table:table"))
    unseen = _hidden_styles(document)
    visible = [table for table in tables if str(table.get(q("table:style-name"))) not in unseen]
    names = [str(table.get(q("table:name")) or "") for table in tables if table not in visible]
    warnings = [f"sheet {name!r} is hidden and was left out" for name in names]
    for number, table in enumerate(tables, start=1):
        if table not in visible:
            continue
        name = str(table.get(q("table:name")) or number)
        sheet = Sheet(
            _rows(document, table, source.path.name),
            sheet_title(title, name, len(visible)),
            number,
            "" if table is visible[0] else f"{name}!",
        )
        for record in sheet_documents(source, sheet, ids):
            yield replace(record, warnings=(*record.warnings, *warnings)) if warnings else record
            warnings = []


def _rows(document: OpenDocument, table: Element, name: str) -> Iterator[tuple[int, Row]]:
    for number, cells in table_rows(document, table, name):
        yield number, tuple(type(cell)(clean(cell).strip()) for cell in cells)


def _hidden_styles(document: OpenDocument) -> frozenset[str]:
    """Return the names of the styles of sheets that are not shown."""
    root = document.body.getroottree().getroot()
    return frozenset(
        str(style.get(q("style:name")))
        for style in root.iter(q("style:style"))
        for shown in style.findall(q("style:table-properties"))
        if shown.get(q("table:display")) == "false"
    )
