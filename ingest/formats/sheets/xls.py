"""Excel workbooks of the format before 2007: every visible sheet, one document a row, cells as they are shown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from io import StringIO
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError
from xlrd.formatting import std_format_strings

from ingest.formats.sheets.cells import CellNotes, show_cell
from ingest.formats.sheets.number_formats import BUILT_IN
from ingest.formats.sheets.rows import MAX_SPAN, ShownSheet, hide_sheet, shown_rows, workbook_documents
from ingest.limits import MAX_CELLS, MAX_TEXT_BYTES, check_size
from ingest.structure.tables import Merged
from ingest.text.clean import clean
from ingest.text.inline import linked, lowered, raised
from ingest.text.omissions import Omissions
from ingest.text.symbols import read_symbols
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile, LimitExceeded
from kb.types import Document, Omitted

_RAISED, _LOWERED = 1, 2  # what a font says of its place
_WHITE = (255, 255, 255)
_OWN_FORMATS = {*range(14, 37), *range(45, 59)}  # days and times that files name by number alone


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
    omitted, notes = Omissions(), CellNotes()
    shown: list[ShownSheet] = []
    for place, state in enumerate(book._sheet_visibility):
        cells = _Cells(book, place, source.path.name, omitted)
        name = str(book.sheet_names()[place])
        if state == 0:
            shown.append(ShownSheet(name, place + 1, shown_rows(cells.rows(), cells.hidden, omitted)))
        else:
            hide_sheet(name, cells.rows(), omitted, notes)
    yield from workbook_documents(source, shown, omitted, notes)


class _Cells:
    """The cells of one sheet.

    Attributes:
        hidden: 0-based columns that are not shown; known once rows are read.
    """

    def __init__(self, book: Any, place: int, name: str, omitted: Omissions) -> None:
        self._book = book
        self._place = place
        self._name = name
        self._omitted = omitted
        self.hidden: set[int] = set()

    def rows(self) -> Iterator[tuple[int, list[str], bool]]:
        """Yield number, cells and whether it is hidden, of each row, a merged cell in each place that it covers.

        Raises:
            LimitExceeded: the sheet has more cells than is read.
        """
        sheet = self._book.sheet_by_index(self._place)
        if sheet.nrows * sheet.ncols > MAX_CELLS:
            raise LimitExceeded(f"{self._name} has more than {MAX_CELLS:,} cells: split it")
        self.hidden |= {at for at, column in sheet.colinfo_map.items() if column.hidden or column.width == 0}
        for note in sheet.cell_note_map.values():
            self._omitted.leave(Omitted.COMMENTS, str(note.text))
        covered: dict[tuple[int, int], tuple[int, int]] = {}
        for top, bottom, left, right in sheet.merged_cells:  # ends are one past the last
            if (bottom - top) * (right - left) <= MAX_SPAN:
                covered.update({(y, x): (top, left) for y in range(top, bottom) for x in range(left, right)})
        widths: dict[int, int] = {}
        for y, x in covered:
            widths[y] = max(widths.get(y, 0), x + 1)
        texts: dict[tuple[int, int], str] = {}
        for number in range(sheet.nrows):
            row: list[str] = []
            for column in range(max(sheet.row_len(number), widths.get(number, 0))):
                first = covered.get((number, column))
                if first is None or first == (number, column):
                    row.append(self._text(sheet, number, column))
                    texts.update({first: row[-1]} if first else {})
                else:
                    text = texts.get(first, "")
                    row.append(Merged(text) if first[1] < column else text)
            layout = sheet.rowinfo_map.get(number)
            if any(row):
                yield number + 1, row, layout is not None and bool(layout.hidden or layout.height == 0)
        self._book.unload_sheet(self._place)

    def _text(self, sheet: Any, row: int, column: int) -> str:
        """Return what a cell shows, with the address that it leads to."""
        if column >= sheet.row_len(row):
            return ""
        cell = sheet.cell(row, column)
        if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            return ""
        code, font, struck = self._style(cell)
        content: str | float | bool = cell.value
        if cell.ctype == xlrd.XL_CELL_ERROR:
            content = str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
        elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
            content = bool(cell.value)
        elif cell.ctype == xlrd.XL_CELL_TEXT:
            runs = sheet.rich_text_runlist_map.get((row, column), ())
            if runs:
                content, font, struck = self._runs(str(cell.value), runs, font, struck), "", False
        text = show_cell(content, code, self._omitted, since_1904=bool(self._book.datemode))
        text = read_symbols(text, font)
        if struck or self._is_white(cell):
            self._omitted.leave(Omitted.STRUCK if struck else Omitted.HIDDEN, text)
            return ""
        link = sheet.hyperlink_map.get((row, column))
        target = str(link.url_or_path or "") if link is not None and link.type == "url" else ""
        return clean(linked(text, target)).strip() if target else text

    def _style(self, cell: Any) -> tuple[str, str, bool]:
        """Return the number format of a cell, its font, and whether all of it is struck through."""
        if cell.xf_index is None:
            return "General", "", False
        style = self._book.xf_list[cell.xf_index]
        layout = self._book.format_map.get(style.format_key)
        code = str(layout.format_str) if layout is not None else "General"
        if style.format_key in _OWN_FORMATS and code in ("General", std_format_strings.get(style.format_key)):
            code = BUILT_IN[style.format_key]
        font = str(self._font(style.font_index, "name") or "")
        return code or "General", font, bool(self._font(style.font_index, "struck_out"))

    def _font(self, number: int, name: str) -> Any:
        return getattr(self._book.font_list[number], name) if number < len(self._book.font_list) else 0

    def _is_white(self, cell: Any) -> bool:
        """Tell whether a cell's text is white on a ground that is not coloured."""
        style = self._book.xf_list[cell.xf_index]
        colour = self._book.colour_map.get(self._font(style.font_index, "colour_index"))
        return bool(colour == _WHITE and style.background.fill_pattern == 0)

    def _runs(self, text: str, runs: Any, cell_font: str, struck: bool) -> str:
        """Return a text without its struck runs, raised and lowered ones as such, signs of symbol fonts as signs.

        Args:
            text: of the cell.
            runs: places where another font begins, and the font's number.
            cell_font: name of the cell's own font.
            struck: whether the cell's own font is struck through, which holds before the first of them.
        """
        starts = [(0, None), *runs, (len(text), None)]
        shown = ""
        for (start, font), (end, _) in itertools.pairwise(starts):
            name = str(self._font(font, "name") or "") if font is not None else cell_font
            part = read_symbols(text[start:end], name)
            place = self._font(font, "escapement") if font is not None else 0
            if self._font(font, "struck_out") if font is not None else struck:
                self._omitted.leave(Omitted.STRUCK, part)
            elif place == _RAISED:
                shown += raised(part, shown)
            else:
                shown += lowered(part, shown) if place == _LOWERED else part
        return shown
