"""Excel workbooks: every visible sheet, one document a row, cells as a reader sees them."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import IO, Any

from lxml import etree

from ingest.formats.office.drawings import drawn_texts, related
from ingest.formats.records.grids import sheet_title
from ingest.formats.sheets.cells import CellNotes, show_cell
from ingest.formats.sheets.rows import MAX_SPAN, ShownSheet, hide_sheet, shown_rows, workbook_documents
from ingest.formats.sheets.xlsx_parts import Book, CellStyle, SheetPart, open_book, rich_text, whole
from ingest.limits import MAX_CELLS, check_archive, check_encrypted
from ingest.structure.tables import Merged
from ingest.text.clean import clean
from ingest.text.inline import linked
from ingest.text.omissions import Omissions
from ingest.text.symbols import CHECKED, UNCHECKED, read_symbols
from ingest.text.titles import file_title
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.types import Document, Omitted, Section

_END_OF_CELLS = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_BEHIND = re.compile(rb"<(?:\w+:)?(mergeCell|hyperlink|tableParts|conditionalFormatting)\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_LINK_FORMULA = re.compile(r'^\s*HYPERLINK\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)
_SCAN_BYTES = 1 << 20
_MAX_BEHIND = 20_000  # merged ranges and links of one sheet
_MAX_COLUMNS = 16_384

Place = tuple[int, int]
"""1-based row and column of a cell."""
Element = Any  # lxml elements


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document for each row of each visible sheet.

    Raises:
        EncryptedFile: a password is needed.
        DamagedFile: it is no workbook.
        LimitExceeded: more cells than a workbook may have.
    """
    check_encrypted(source.path, ".xlsx")
    check_archive(source.path)
    try:
        with zipfile.ZipFile(source.path) as archive:
            yield from _documents(source, archive)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise DamagedFile(f"{source.path.name} is no whole workbook ({error}): save it anew") from error


def _documents(source: SourceFile, archive: zipfile.ZipFile) -> Iterator[Document]:
    book = open_book(archive)
    omitted = Omissions()
    for comment in book.comments:
        omitted.leave(Omitted.COMMENTS, comment)
    notes = CellNotes()
    shown: list[ShownSheet] = []
    for sheet in book.sheets:
        cells = _Cells(archive, book, sheet, source.path.name, omitted, notes)
        if sheet.visible:
            shown.append(ShownSheet(sheet.name, sheet.number, shown_rows(cells.rows(), cells.hidden, omitted)))
        else:
            hide_sheet(sheet.name, cells.rows(), omitted, notes)
    drawn = list(_drawn(source, archive, len(book.sheets), omitted))
    yield from workbook_documents(source, shown, omitted, notes, drawn)


def _drawn(source: SourceFile, archive: zipfile.ZipFile, sheets: int, omitted: Omissions) -> Iterator[Document]:
    """Yield one document for each sheet with text boxes, described pictures or charts."""
    for name, texts in drawn_texts(archive, omitted).items():
        title = sheet_title(file_title(source.path), name, sheets)
        section = Section(text="\n\n".join(clean(text) for text in texts))
        yield Document(
            uri=f"{source.uri}#{name}!drawings", title=title, sections=(section,), record_id=f"{name}!drawings"
        )


@dataclass(slots=True)
class _Behind:
    """What a sheet says behind its cells.

    Attributes:
        merged: each covered cell to the first of its range.
        links: cell to the address that it leads to.
        coloured: whether a style of tables or a condition may colour the ground of cells.
    """

    merged: dict[Place, Place] = field(default_factory=dict)
    links: dict[Place, str] = field(default_factory=dict)
    coloured: bool = False


class _Cells:
    """The cells of one sheet.

    Attributes:
        hidden: 0-based columns that are not shown; known once rows are read.
    """

    def __init__(
        self,
        archive: zipfile.ZipFile,
        book: Book,
        sheet: SheetPart,
        name: str,
        omitted: Omissions,
        notes: CellNotes,
    ) -> None:
        self._archive = archive
        self._book = book
        self._sheet = sheet
        self._name = name
        self._omitted = omitted
        self._notes = notes
        self.hidden: set[int] = set()
        self._behind = _Behind()
        self._seen = 0

    def rows(self) -> Iterator[tuple[int, list[str], bool]]:
        """Yield number, cells and whether it is hidden, of each row; a sheet's word on its size is not believed.

        Raises:
            LimitExceeded: more cells than a workbook may have.
        """
        with self._archive.open(self._sheet.part) as part:
            self._behind = _read_behind(part, self._archive, self._sheet.part)
        firsts = set(self._behind.merged.values())
        values: dict[Place, str] = {}
        number = 0
        with self._archive.open(self._sheet.part) as part:
            for _, element in etree.iterparse(part, tag=("{*}row", "{*}col"), resolve_entities=False):
                if element.tag.endswith("}col"):
                    self._column(element)
                    continue
                number = whole(element.get("r"), number + 1)
                cells = self._row(element, number, firsts, values)
                if any(cells):
                    yield number, cells, _is_hidden(element, "ht")
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _column(self, element: Element) -> None:
        if _is_hidden(element, "width"):
            first, last = whole(element.get("min"), 1), whole(element.get("max"), 1)
            self.hidden.update(range(first - 1, min(last, _MAX_COLUMNS)))

    def _row(self, element: Element, number: int, firsts: set[Place], values: dict[Place, str]) -> list[str]:
        """Return the cells of a row, merged ones in each place that they cover."""
        row: list[str] = []
        for cell in element:
            place = _PLACE.match(cell.get("r") or "")
            column = _column_number(place.group(1)) if place else len(row) + 1
            while len(row) < min(column, _MAX_COLUMNS) - 1:
                row.append(self._merged((number, len(row) + 1), values))
            text = self._text(cell, (number, column))
            if (number, column) in firsts:
                values[number, column] = text
            row.append(text or self._merged((number, column), values))
        while (place_of := (number, len(row) + 1)) in self._behind.merged:
            row.append(self._merged(place_of, values))  # the file need not hold the cells that are covered
        return row

    def _merged(self, place: Place, values: dict[Place, str]) -> str:
        """Return what an empty cell shows that is part of a merged range, empty where it is of none."""
        first = self._behind.merged.get(place, place)
        text = values.get(first, "")
        return Merged(text) if first[1] < place[1] else text

    def _text(self, cell: Element, place: Place) -> str:
        """Return what a cell shows, with the address that it leads to."""
        value, formula, inline = cell.find("{*}v"), cell.find("{*}f"), cell.find("{*}is")
        kind = cell.get("t") or "n"
        written = value.text or "" if value is not None else ""
        unsure = formula is not None and self._book.recalculated and written in ("", "0")
        if inline is None and (not written or unsure):
            if unsure or (formula is not None and kind != "str"):
                self._notes.uncomputed(self._sheet.name, self._omitted)
            return ""
        self._seen += 1
        if self._seen > MAX_CELLS:
            raise LimitExceeded(f"{self._name} has more than {MAX_CELLS:,} cells: split it into several workbooks")
        number = whole(cell.get("s"), 0)
        style = self._book.styles[number] if number < len(self._book.styles) else CellStyle()
        content = self._content(kind, written, inline, style)
        text = show_cell(content, style.number_format, self._omitted, since_1904=self._book.since_1904)
        runs = inline is not None or kind == "s"  # which may have fonts of their own
        text = text if runs else read_symbols(text, style.font)
        struck = style.struck and not runs
        if struck or (style.white and not self._behind.coloured):
            self._omitted.leave(Omitted.STRUCK if struck else Omitted.HIDDEN, text)
            return ""
        target = self._behind.links.get(place, "") or _formula_target(formula)
        return clean(linked(text, target)).strip() if target else text

    def _content(
        self, kind: str, written: str, inline: Element | None, style: CellStyle
    ) -> float | bool | str | datetime:
        """Return what a cell holds: a number, a truth value, a day or a text."""
        if inline is not None:
            return rich_text(inline).take(self._omitted, style)
        if kind == "s":
            at = whole(written, len(self._book.strings))
            strings = self._book.strings
            return strings[at].take(self._omitted, style) if at < len(strings) else ""
        if kind == "b":
            on = written.strip() != "0"
            return (CHECKED if on else UNCHECKED) if style.boxed else on
        return _number(written) if kind == "n" else _read_day(written) if kind == "d" else written


def _formula_target(formula: Element | None) -> str:
    found = _LINK_FORMULA.match(formula.text or "") if formula is not None else None
    return found.group(1).replace('""', '"') if found else ""


def _number(written: str) -> float | str:
    try:
        return float(written)
    except ValueError:
        return written


def _read_day(written: str) -> datetime | str:
    try:
        return datetime.fromisoformat(written.rstrip("Z"))
    except ValueError:
        return written


def _is_hidden(element: Element, size: str) -> bool:
    """Tell whether a row or column is not shown: hidden, in a closed group, filtered out, or without any size."""
    if element.get("hidden") in ("1", "true"):
        return True
    try:
        return float(element.get(size) or "1") == 0
    except ValueError:
        return False


@lru_cache(maxsize=2048)
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _read_behind(part: IO[bytes], archive: zipfile.ZipFile, name: str) -> _Behind:
    """Return the merged ranges and links of a sheet, which stand behind its cells."""
    behind = _Behind()
    targets: dict[str, str] | None = None
    for count, (tag, attributes) in enumerate(_tags_behind(part)):
        if count >= _MAX_BEHIND:
            break
        if tag not in ("mergeCell", "hyperlink"):
            behind.coloured = True
            continue
        places = [_PLACE.match(edge) for edge in attributes.get("ref", "").split(":")]
        (left, top), (right, bottom) = (
            (_column_number(place.group(1)), int(place.group(2))) if place else (1, 1)
            for place in (places[0], places[-1])
        )
        if (right - left + 1) * (bottom - top + 1) > MAX_SPAN or not all(places):
            continue
        if tag == "hyperlink":
            if targets is None:
                targets = {key: target for key, (_, target) in related(archive, name, outside=True).items()}
            target = targets.get(attributes.get("id", ""), "")
            for row in range(top, bottom + 1):
                behind.links.update({(row, column): target for column in range(left, right + 1)})
            continue
        for row in range(top, bottom + 1):
            behind.merged.update({(row, column): (top, left) for column in range(left, right + 1)})
    return behind


def _tags_behind(part: IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield names and attributes of the elements that stand behind the cells."""
    tail = b""
    found = False
    while block := part.read(_SCAN_BYTES):
        window = tail + block
        if not found:
            end = _END_OF_CELLS.search(window)
            found = end is not None
            window = window[end.end() :] if end else window[-40:]
        keep = window.rfind(b"<") if found and len(block) == _SCAN_BYTES else len(window)
        tail = window[keep:] if found else window
        for tag in _BEHIND.finditer(window[:keep] if found else b""):
            attributes = {
                name.rpartition(":")[2]: html.unescape(double or single)
                for name, double, single in _ATTRIBUTE.findall(tag.group(2).decode("utf-8", "replace"))
            }
            yield tag.group(1).decode(), attributes
