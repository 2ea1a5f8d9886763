"""Web pages under the ending of a sheet, as many systems export them: their tables are read as sheets are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bs4.element import Tag

from ingest.formats.markup.html import load as load_page
from ingest.formats.markup.inline import read_table, tidy_inline
from ingest.formats.markup.marks import write_marks
from ingest.formats.markup.page import decode_page, drop_invalid
from ingest.formats.markup.styles import Styles
from ingest.formats.markup.tree import parse
from ingest.formats.records.build import RecordIds
from ingest.formats.records.grids import Sheet, sheet_documents
from ingest.limits import check_size
from ingest.structure.tables import Row
from ingest.text.clean import clean
from ingest.text.omissions import Omissions
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.types import Document

_PLACE = "\x02"  # where a table stood; no page holds this character


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document a row of the page's tables; the page itself where it has none.

    Raises:
        LimitExceeded: elements are nested too deeply.
    """
    check_size(source.path)
    soup, omissions = parse(decode_page(source.path.read_bytes(), source.path.name)), Omissions()
    styles = drop_invalid(soup, omissions)
    write_marks(soup, styles, omissions)
    tables = [table for table in soup.find_all("table") if table.find_parent("table") is None]
    if not tables:
        yield from load_page(source)
        return
    rows = _rows(soup.body or soup, tables, styles)
    omitted = tuple(omissions)
    for document in sheet_documents(source, Sheet(rows, file_title(source.path), page=1), RecordIds()):
        yield replace(document, omitted=omitted)
        omitted = ()


def _rows(body: Tag, tables: list[Tag], styles: Styles) -> Iterator[tuple[int, Row]]:
    """Yield the rows of all tables, numbered through, a number left out between two tables.

    A line between tables is a row of one cell.
    """
    grids = [read_table(table, styles) for table in tables]
    for table in tables:
        table.replace_with(f"\n{_PLACE}\n")
    around = tidy_inline(body.get_text("\n")).split(_PLACE)
    number = 1
    for text, grid in zip(around, [*grids, None], strict=False):
        for line in filter(None, map(str.strip, clean(text).split("\n"))):
            yield number, (line,)
            number += 1
        for cells in grid.rows if grid else ():
            row = tuple(clean(cell).strip() for cell in cells)
            if any(row):
                yield number, row
            number += 1
        number += 1
