"""Workbooks in one XML file (XML Spreadsheet 2003): every visible sheet, one document a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from ingest.formats.sheets.cells import CellNotes, show_cell
from ingest.formats.sheets.rows import MAX_SPAN, ShownSheet, hide_sheet, shown_rows, workbook_documents
from ingest.limits import MAX_CELLS, check_size
from ingest.structure.tables import Merged
from ingest.text.omissions import Omissions
from ingest.types import SourceFile
from kb.errors import DamagedFile, LimitExceeded
from kb.types import Document, Omitted

_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_MAX_COLUMNS = 16_384  # of a sheet in Excel
_NAMED_FORMATS = {
    "General Number": "General", "Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%",
    "Scientific": "0.00E+00", "Yes/No": '"Yes";"Yes";"No"', "True/False": '"TRUE";"TRUE";"FALSE"',
    "On/Off": '"On";"On";"Off"', "Short Date": "yyyy-mm-dd", "Medium Date": "dd-mmm-yy",
    "Long Date": "dddd, mmmm dd, yyyy", "Short Time": "h:mm", "Medium Time": "h:mm AM/PM",
    "Long Time": "h:mm:ss", "General Date": "yyyy-mm-dd h:mm",
}  # fmt: skip

Element = Any  # lxml elements


def load(source: SourceFile) -> Iterator[Document]:
    """Yield one document for each row of each visible sheet.

    Raises:
        DamagedFile: it is no whole XML.
        LimitExceeded: it is larger, or has more cells, than is read.
    """
    check_size(source.path)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.parse(str(source.path), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise DamagedFile(f"{source.path.name} holds broken XML ({error}): save it anew") from error
    omitted, notes = Omissions(), CellNotes()
    formats = _formats(root)
    shown: list[ShownSheet] = []
    for number, sheet in enumerate(root.iter(f"{_SHEET}Worksheet"), start=1):
        rows = _Rows(sheet, formats, source.path.name, omitted)
        name = str(sheet.get(f"{_SHEET}Name") or number)
        if (sheet.findtext(f".//{_EXCEL}Visible") or "").startswith("SheetHidden"):
            hide_sheet(name, rows.read(), omitted, notes)
            continue
        shown.append(ShownSheet(name, number, shown_rows(rows.read(), rows.hidden_columns(), omitted)))
    yield from workbook_documents(source, shown, omitted, notes)


def _formats(root: Element) -> Mapping[str, str]:
    """Return style id -> number format, inherited from the parent where a style has none."""
    found: dict[str, str] = {}
    for style in root.iter(f"{_SHEET}Style"):
        own = style.find(f"{_SHEET}NumberFormat")
        named = own.get(f"{_SHEET}Format") if own is not None else found.get(str(style.get(f"{_SHEET}Parent")))
        if named:
            found[str(style.get(f"{_SHEET}ID"))] = _NAMED_FORMATS.get(named, named)
    return found


class _Rows:
    """The rows of one sheet."""

    def __init__(self, sheet: Element, formats: Mapping[str, str], name: str, omitted: Omissions) -> None:
        self._table = sheet.find(f"{_SHEET}Table")
        self._formats = formats
        self._name = name
        self._omitted = omitted

    def hidden_columns(self) -> frozenset[int]:
        """Return the 0-based columns that are not shown."""
        hidden: set[int] = set()
        place = 0
        for column in self._table.iterfind(f"{_SHEET}Column") if self._table is not None else ():
            place = _count(column, "Index", place + 1) - 1
            last = min(place + _count(column, "Span", 0), _MAX_COLUMNS)
            if column.get(f"{_SHEET}Hidden") == "1" or column.get(f"{_SHEET}Width") == "0":
                hidden.update(range(place, last + 1))
            place = last + 1
        return frozenset(hidden)

    def read(self) -> Iterator[tuple[int, list[str], bool]]:
        """Yield number, cells and whether it is hidden, of the rows that are not empty.

        Raises:
            LimitExceeded: the workbook has more cells than is read.
        """
        number = seen = 0
        covered: dict[tuple[int, int], str] = {}
        for row in self._table.iterfind(f"{_SHEET}Row") if self._table is not None else ():
            number = _count(row, "Index", number + 1)
            cells: list[str] = []
            for cell in row.iterfind(f"{_SHEET}Cell"):
                column = min(_count(cell, "Index", len(cells) + 1) - 1, _MAX_COLUMNS)
                while len(cells) < column:
                    cells.append(covered.pop((number, len(cells)), ""))
                text = self._text(cell)
                seen += bool(text)
                across, down = _count(cell, "MergeAcross", 0), _count(cell, "MergeDown", 0)
                cells.append(text)
                if (across + 1) * (down + 1) <= MAX_SPAN:
                    cells += [Merged(text)] * across
                    for below in range(1, down + 1):
                        covered.update(
                            {(number + below, column + x): Merged(text) if x else text for x in range(across + 1)}
                        )
            while (number, len(cells)) in covered:
                cells.append(covered.pop((number, len(cells))))
            if seen > MAX_CELLS:
                raise LimitExceeded(f"{self._name} has more than {MAX_CELLS:,} cells: split it")
            if any(cells):
                unseen = row.get(f"{_SHEET}Hidden") == "1" or row.get(f"{_SHEET}Height") == "0"
                yield number, cells, unseen

    def _text(self, cell: Element) -> str:
        comment = cell.find(f"{_SHEET}Comment")
        if comment is not None:
            self._omitted.leave(Omitted.COMMENTS, "".join(comment.itertext()))
        content = cell.find(f"{_SHEET}Data")
        if content is None:
            return ""
        text = "".join(content.itertext())
        kind = content.get(f"{_SHEET}Type")
        number_format = self._formats.get(str(cell.get(f"{_SHEET}StyleID")), "General")
        value: float | bool | str | datetime = text
        try:
            if kind == "Number":
                value = float(text)
            elif kind == "DateTime":
                value = datetime.fromisoformat(text)
            elif kind == "Boolean":
                value = text == "1"
        except ValueError:  # no number, no day: as it stands
            pass
        return show_cell(value, number_format, self._omitted)


def _count(element: Element, name: str, default: int) -> int:
    value = str(element.get(f"{_SHEET}{name}") or "")
    return int(value) if value.isdecimal() and len(value) < 8 else default
