"""OpenDocument sheets: every visible sheet, one document a row, cells as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.formats.opendocument.archive import OpenDocument, q
from ingest.formats.sheets.cells import CellNotes
from ingest.formats.sheets.number_formats import general
from ingest.formats.sheets.rows import MAX_SPAN, ShownSheet, hide_sheet, shown_rows, workbook_documents
from ingest.limits import MAX_CELLS
from ingest.structure.tables import Merged
from ingest.text.clean import clean
from ingest.text.inline import linked
from ingest.text.omissions import Omissions
from ingest.text.symbols import read_symbols, symbol_font
from ingest.types import SourceFile
from kb.errors import LimitExceeded
from kb.types import Document, Omitted

_NOTHING = re.compile(r"0(?:\.0*)?(?:cm|mm|in|pt|pc|px)?")
_NOT_SHOWN = ("collapse", "filter")
_TARGET = "{http://www.w3.org/1999/xlink}href"
_MAX_REPEAT = 1000  # times that one filled cell or row is written; empty ones are repeated to the sheet's edge
_MAX_COLUMNS = 16_384
_GROUPS = ("table:table-header-rows", "table:table-rows", "table:table-row-group")
_COLUMN_GROUPS = ("table:table-header-columns", "table:table-columns", "table:table-column-group")

Element = Any  # lxml elements


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document for each row of each visible sheet.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no OpenDocument spreadsheet.
        LimitExceeded: more cells than are read.
    """
    document = OpenDocument(source, "spreadsheet")
    omitted, notes = Omissions(), CellNotes()
    styles = _Styles(document.body.getroottree().getroot())
    _drop_struck(document.body, styles, omitted)
    _read_symbols(document.body, styles)
    _show_links(document.body)
    shown: list[ShownSheet] = []
    for number, table in enumerate(document.body.findall(q("table:table")), start=1):
        cells = _Cells(document, table, styles, source.path.name, omitted)
        name = str(table.get(q("table:name")) or number)
        if str(table.get(q("table:style-name"))) in styles.hidden_tables:
            hide_sheet(name, cells.rows(), omitted, notes)
            continue
        shown.append(ShownSheet(name, number, shown_rows(cells.rows(), cells.hidden_columns(), omitted)))
    yield from workbook_documents(source, shown, omitted, notes)


class _Styles:
    """Names of styles that hide.

    Attributes:
        hidden_tables: of sheets that are not shown.
        struck: of texts and cells that are struck through.
        unstruck: of texts that are not, also in a cell that is.
        white: of cells whose text is white on a ground that is not coloured.
        empty: of rows and columns without any size.
        fonts: of texts and cells that are set in a symbol font, and which.
    """

    def __init__(self, root: Element) -> None:
        self.hidden_tables: set[str] = set()
        self.struck: set[str] = set()
        self.unstruck: set[str] = set()
        self.white: set[str] = set()
        self.empty: set[str] = set()
        self.fonts: dict[str, str] = {}
        for style in root.iter(q("style:style")):
            name = str(style.get(q("style:name")))
            if _is_white(style):
                self.white.add(name)
            for shown in style:
                font = str(shown.get(q("style:font-name")) or shown.get(q("fo:font-family")) or "").strip("'\"")
                if symbol_font(font):
                    self.fonts[name] = font
                if shown.get(q("table:display")) == "false":
                    self.hidden_tables.add(name)
                lines = [shown.get(q(f"style:text-line-through-{kind}")) for kind in ("style", "type")]
                if any(line not in (None, "none") for line in lines):
                    self.struck.add(name)
                elif any(lines):
                    self.unstruck.add(name)
                for size in (shown.get(q("style:column-width")), shown.get(q("style:row-height"))):
                    if size is not None and _NOTHING.fullmatch(str(size)):
                        self.empty.add(name)


def _is_white(style: Element) -> bool:
    """Tell whether a style's text is white on a ground that nothing colours."""
    text, ground = style.find(q("style:text-properties")), style.find(q("style:table-cell-properties"))
    if text is None or str(text.get(q("fo:color"))).lower() != "#ffffff" or style.find(q("style:map")) is not None:
        return False
    return ground is None or str(ground.get(q("fo:background-color"), "transparent")) in ("transparent", "#ffffff")


def _show_links(body: Element) -> None:
    """Write the addresses of links behind their texts."""
    for link in body.iter(q("text:a")):
        shown = "".join(link.itertext())
        added = linked(shown, str(link.get(_TARGET) or ""))[len(shown.rstrip()) :] if shown.strip() else ""
        if added and len(link):
            link[-1].tail = (link[-1].tail or "").rstrip() + added
        elif added:
            link.text = (link.text or "").rstrip() + added


def _drop_struck(body: Element, styles: _Styles, omitted: Omissions) -> None:
    """Take the struck spans out of the texts."""
    for span in [one for one in body.iter(q("text:span")) if str(one.get(q("text:style-name"))) in styles.struck]:
        omitted.leave(Omitted.STRUCK, "".join(span.itertext()))
        for child in list(span):
            span.remove(child)
        span.text = ""


def _read_symbols(body: Element, styles: _Styles) -> None:
    """Write what cells and spans show that are set in a symbol font."""
    for element in body.iter(q("table:table-cell"), q("text:span")):
        name = element.get(q("table:style-name")) or element.get(q("text:style-name"))
        font = styles.fonts.get(str(name))
        for node in element.iter(q("text:p"), q("text:span")) if font else ():
            node.text = read_symbols(node.text or "", font or "")


class _Cells:
    """The cells of one sheet."""

    def __init__(
        self, document: OpenDocument, table: Element, styles: _Styles, name: str, omitted: Omissions
    ) -> None:
        self._document = document
        self._table = table
        self._styles = styles
        self._name = name
        self._omitted = omitted
        self._shows_numbers: bool | None = None  # whether numbers are stored with what is shown of them

    def hidden_columns(self) -> frozenset[int]:
        """Return the 0-based columns that are not shown."""
        hidden: set[int] = set()
        place = 0
        for column, unseen in self._columns(self._table, False):
            count = min(_count(column, "table:number-columns-repeated"), _MAX_COLUMNS)
            if unseen or self._is_hidden(column):
                hidden.update(range(place, place + count))
            place += count
        return frozenset(hidden)

    def rows(self) -> Iterator[tuple[int, list[str], bool]]:
        """Yield number, cells and whether it is hidden, of the rows that are not empty.

        Raises:
            LimitExceeded: more filled cells than are read.
        """
        number, seen = 1, 0
        covered: dict[tuple[int, int], str] = {}
        for row, unseen in self._rows(self._table, False):
            repeat = _count(row, "table:number-rows-repeated")
            cells = self._row(row, number, covered)
            seen += len(cells) * min(repeat, _MAX_REPEAT)
            if seen > MAX_CELLS:
                raise LimitExceeded(f"{self._name} has more than {MAX_CELLS:,} cells: split it into several files")
            if cells:
                hidden = unseen or self._is_hidden(row)
                for more in range(1 if hidden else min(repeat, _MAX_REPEAT)):
                    yield number + more, list(cells), hidden
            number += repeat

    def _row(self, row: Element, number: int, covered: dict[tuple[int, int], str]) -> list[str]:
        """Return the cells of a row without empty ones at its end, merged ones in each place that they cover."""
        cells: list[str] = []
        for cell in row:
            if cell.tag not in (q("table:table-cell"), q("table:covered-table-cell")):
                continue
            text = self._text(cell)
            across, down = (_count(cell, f"table:number-{side}-spanned") for side in ("columns", "rows"))
            if (across > 1 or down > 1) and text and across * down <= MAX_SPAN:
                for below in range(down):
                    for beside in range(across):
                        covered[number + below, len(cells) + beside] = Merged(text) if beside else text
            for _ in range(min(_count(cell, "table:number-columns-repeated"), _MAX_REPEAT)):
                cells.append(text or covered.get((number, len(cells)), ""))
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _text(self, cell: Element) -> str:
        """Return what a cell shows."""
        for note in cell.findall(q("office:annotation")):
            self._omitted.leave(Omitted.COMMENTS, " ".join("".join(p.itertext()) for p in note.iter(q("text:p"))))
        text = clean(self._document.cell_text(cell)).strip()
        value = str(cell.get(q("office:value")) or "")
        if value and cell.find(q("text:p")) is None:
            text = self._unwritten(value)
        style = str(cell.get(q("table:style-name")))
        if style in self._styles.struck:
            kept = [
                one
                for one in cell.iter(q("text:span"))
                if str(one.get(q("text:style-name"))) in self._styles.unstruck
            ]
            own = clean("".join("".join(one.itertext()) for one in kept)).strip()
            self._omitted.leave(Omitted.STRUCK, text.removesuffix(own))
            return own
        if style in self._styles.white:
            self._omitted.leave(Omitted.HIDDEN, text)
            return ""
        return text

    def _unwritten(self, value: str) -> str:
        """Return a number that is stored without what is shown of it, where the whole sheet is stored so."""
        if self._shows_numbers is None:
            cells = self._table.iter(q("table:table-cell"))
            self._shows_numbers = any(
                cell.get(q("office:value")) and cell.find(q("text:p")) is not None for cell in cells
            )
        if self._shows_numbers:
            self._omitted.leave(Omitted.HIDDEN, value)
            return ""
        try:
            return general(float(value))
        except ValueError:
            return value

    def _is_hidden(self, element: Element) -> bool:
        """Tell whether a row or column is not shown: hidden, in a closed group, filtered out, without any size."""
        return (
            element.get(q("table:visibility")) in _NOT_SHOWN
            or str(element.get(q("table:style-name"))) in self._styles.empty
        )

    def _rows(self, table: Element, unseen: bool) -> Iterator[tuple[Element, bool]]:
        """Yield the rows, also those in groups, and whether their group is closed."""
        for child in table:
            if child.tag == q("table:table-row"):
                yield child, unseen
            elif child.tag in [q(name) for name in _GROUPS]:
                yield from self._rows(child, unseen or child.get(q("table:display")) == "false")

    def _columns(self, table: Element, unseen: bool) -> Iterator[tuple[Element, bool]]:
        for child in table:
            if child.tag == q("table:table-column"):
                yield child, unseen
            elif child.tag in [q(name) for name in _COLUMN_GROUPS]:
                yield from self._columns(child, unseen or child.get(q("table:display")) == "false")


def _count(element: Element, name: str) -> int:
    value = str(element.get(q(name)) or "1")
    return int(value) if value.isdecimal() and len(value) < 9 else 1
