"""Cells of spreadsheets as a person reads them, one way for all formats of workbooks."""

from __future__ import annotations

from datetime import date, datetime, time

from ingest.formats.sheets.number_formats import general, write_number, write_text
from ingest.text.clean import clean
from ingest.text.omissions import Omissions
from kb.types import Omitted


class CellNotes:
    """What is said of a workbook as a whole, gathered while its cells are read."""

    def __init__(self) -> None:
        self._uncomputed: dict[str, int] = {}
        self._hidden: list[str] = []

    def hidden(self, sheet: str) -> None:
        """Note a sheet that is not shown."""
        self._hidden.append(sheet)

    def uncomputed(self, sheet: str, omitted: Omissions) -> None:
        """Note a formula whose value is not stored."""
        self._uncomputed[sheet] = self._uncomputed.get(sheet, 0) + 1
        omitted.count(Omitted.UNKNOWN)

    @property
    def warnings(self) -> tuple[str, ...]:
        """One sentence a sheet that is hidden, or has formulas without values."""
        hidden = [f"sheet {sheet!r} is hidden and was left out" for sheet in self._hidden]
        return tuple(hidden) + tuple(
            f"sheet {sheet!r} has {count} formulas without stored values: "
            "open the workbook in a spreadsheet program and save it"
            for sheet, count in self._uncomputed.items()
        )


def show_cell(
    value: float | bool | str | date | time, code: str, omitted: Omissions, *, since_1904: bool = False
) -> str:
    """Return what a cell shows; a value that its format does not show (``;;;``) is noted as hidden.

    Args:
        value: that it holds; errors are texts.
        code: its number format.
        omitted: takes what is hidden.
        since_1904: whether days are counted from 1904.
    """
    text = clean(_shown(value, code, since_1904)).strip()
    if not text and value != "":
        omitted.leave(Omitted.HIDDEN, clean(_shown(value, "General", since_1904)))
    return text


def _shown(value: float | bool | str | date | time, code: str, since_1904: bool) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return general(value) if code == "General" else write_number(value, code, since_1904=since_1904)
    if isinstance(value, datetime):
        days = (value - (datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30))).total_seconds() / 86_400
        return write_number(days, "yyyy-mm-dd h:mm" if code == "General" else code, since_1904=since_1904)
    return write_text(str(value), code)
