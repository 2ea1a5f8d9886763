"""Write a source as an Excel workbook: each `##` heading and table is a sheet."""

from __future__ import annotations

import re

from docsource import Heading, Source, Table
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from pdf_writer import display_length
from zipdate import fix_zip_dates

NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def write_xlsx(source: Source) -> None:
    """Render the source to its target."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    name = source.title
    for block in source.blocks:
        match block:
            case Heading(_, text):
                name = text
            case Table(rows):
                fill_sheet(workbook.create_sheet(name), rows)
            case _:
                raise ValueError(f"{source.target.name}: only headings and tables fit a workbook")
    properties = workbook.properties
    properties.title = source.title
    properties.creator = source.meta["company"]
    properties.created = source.date
    workbook.save(source.target)
    fix_zip_dates(source.target, source.date)


def fill_sheet(sheet: Worksheet, rows: list[list[str]]) -> None:
    """Write the rows, with a marked header and fitting columns."""
    for row in rows:
        sheet.append([value_of(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EBF0")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for index in range(len(rows[0])):
        longest = max(display_length(row[index]) for row in rows)
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(longest + 3, 48)
    sheet.freeze_panes = "A2"


def value_of(cell: str) -> str | int | float | None:
    """Numbers become numbers, empty cells stay empty."""
    if not cell:
        return None
    if NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    return cell
