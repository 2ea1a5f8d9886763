"""Tables keep their headers: stacked, merged, nested, open at their sides, or drawn beside cells."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.chart import BarChart, Reference

from ingest.formats import load
from ingest.structure.tables import Table, table_rows
from ingest.types import SourceFile
from kb.types import Document, SectionKind


def read(path: Path) -> list[Document]:
    """Return the documents of a file."""
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=path.parent.as_posix())))


def rows(documents: list[Document]) -> list[str]:
    """Return the texts of all table rows."""
    return [s.text for document in documents for s in document.sections if s.kind is SectionKind.TABLE_ROW]


@pytest.fixture
def workbook(tmp_path: Path) -> Iterator[tuple[Any, Path]]:
    """An empty workbook, saved when the test asks for its rows, and where."""
    book = openpyxl.Workbook()
    yield book, tmp_path / "fees.xlsx"
    book.close()


def test_stacked_headers_of_a_sheet(workbook: tuple[Any, Path]) -> None:
    """Names merged over columns are carried by the names below them, also at the sheet's right edge."""
    book, path = workbook
    sheet = book.active
    for cells in (
        ["Shipping fees"], ["Region", "Standard", None, "Express", None], [None, "Fee", "Days", "Fee", "Days"],
        ["Europe", 5, 3, 12, 1], ["Asia", 9, 7, 25, 2],
    ):  # fmt: skip
        sheet.append(cells)
    for place in ("A1:E1", "B2:C2", "D2:E2", "A2:A3"):
        sheet.merge_cells(place)
    book.save(path)
    found = read(path)
    assert (
        rows(found)[1]
        == "Region: Asia; Standard / Fee: 9; Standard / Days: 7; Express / Fee: 25; Express / Days: 2"
    )
    assert found[0].sections[0].headings == ("Shipping fees",)


def test_merged_values_are_written_once(workbook: tuple[Any, Path]) -> None:
    """A value merged over columns without names of their own stands in its row once; equal cells stand twice."""
    book, path = workbook
    book.active.append(["Package", "13", None, None, "13", "13", "ok and done."])
    book.active.merge_cells("B1:D1")
    book.save(path)
    assert rows(read(path)) == ["Package; 13; 13; 13; ok and done."]


def test_names_and_ticks_have_no_header() -> None:
    """A first row of a name and a tick is no header; a row of names, or of ticks alone, may be one."""
    _, rows = table_rows(Table([("Lift", "✓"), ("Ramp", "✗")]))
    assert [text for _, text in rows] == ["Lift: ✓", "Ramp: ✗"]
    _, rows = table_rows(Table([("✓", "✗"), ("cards", "cheques")]))
    assert [text for _, text in rows] == ["✓: cards; ✗: cheques"]


def test_titles_of_charts_and_text_boxes(workbook: tuple[Any, Path]) -> None:
    """What is drawn on a sheet is found, also on one without cells; a hidden sheet's is not."""
    book, path = workbook
    for cells in (["Year", "Refunds"], [2024, 7], [2025, 9]):
        book.active.append(cells)
    for name, state in (("Drawn", "visible"), ("Secret", "hidden")):
        chart = BarChart()
        chart.title = f"Refunds on {name}"
        chart.add_data(Reference(book.active, min_col=2, min_row=1, max_row=3), titles_from_data=True)
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.add_chart(chart, "A1")
    book.save(path)
    texts = {document.title: document.sections[0].text for document in read(path)}
    assert texts["fees: Drawn"] == "Refunds on Drawn"
    assert not any("Secret" in text for text in texts.values())


def test_a_row_that_begins_late(tmp_path: Path) -> None:
    """Where a Word row begins in the second column, its first cell carries the second name."""
    written = docx.Document()
    table = written.add_table(2, 2)
    for cell, text in zip(table._cells, ("Plan", "Price", "", "5 EUR"), strict=True):
        cell.text = text
    row = table.rows[1]._tr
    row.remove(row.tc_lst[0])
    before = OxmlElement("w:gridBefore")
    before.set(qn("w:val"), "1")
    row.get_or_add_trPr().append(before)
    written.save(str(tmp_path / "late.docx"))
    assert rows(read(tmp_path / "late.docx")) == ["Price: 5 EUR"]


def test_a_table_in_a_table(tmp_path: Path) -> None:
    """The rows of a table inside a cell carry their own headers."""
    written = docx.Document()
    outer = written.add_table(2, 2)
    outer.cell(0, 0).text, outer.cell(0, 1).text, outer.cell(1, 0).text = "Region", "Fees", "Europe"
    inner = outer.cell(1, 1).add_table(2, 2)
    for cell, text in zip(inner._cells, ("Weight", "Fee", "2 kg", "5 EUR"), strict=True):
        cell.text = text
    written.save(str(tmp_path / "nested.docx"))
    assert "Weight: 2 kg; Fee: 5 EUR" in rows(read(tmp_path / "nested.docx"))


def write_pdf(path: Path, drawing: str) -> None:
    """Write a page of 300 by 200 points that draws this."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
    ]
    whole, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    whole += f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<< /Size 5 /Root 1 0 R >>\n"
    path.write_text(f"{whole}startxref\n{whole.index('xref')}\n%%EOF\n", encoding="latin-1")


def test_a_table_open_at_its_sides(tmp_path: Path) -> None:
    """Columns beyond the outermost upright rules belong to the table as far as its rules across reach."""
    lines = "".join(f"30 {y} m 270 {y} l S\n" for y in (160, 140, 120, 100))
    lines += "".join(f"{x} 100 m {x} 160 l S\n" for x in (110, 190))
    table = (("Plan", "Price", "Support"), ("Small", "5 EUR", "by mail"), ("Large", "9 EUR", "by phone"))
    text = "".join(
        f"BT /F1 10 Tf {35 + 80 * column} {146 - 20 * line} Td ({cell}) Tj ET\n"
        for line, cells in enumerate(table)
        for column, cell in enumerate(cells)
    )
    write_pdf(tmp_path / "open.pdf", lines + text)
    assert rows(read(tmp_path / "open.pdf")) == [
        "Plan: Small; Price: 5 EUR; Support: by mail", "Plan: Large; Price: 9 EUR; Support: by phone",
    ]  # fmt: skip


def test_a_drawing_is_not_searched_for_tables(tmp_path: Path) -> None:
    """The text of a page of very many strokes is read, and takes no table search."""
    strokes = "".join(f"{n % 280} {n % 180} m {n % 280} {n % 180 + 9} l S\n" for n in range(12_000))
    write_pdf(tmp_path / "map.pdf", strokes + "BT /F1 10 Tf 30 180 Td (Map of our stores) Tj ET\n")
    (document,) = read(tmp_path / "map.pdf")
    assert document.sections[0].text == "Map of our stores"
    assert document.warnings == ()


def test_drawings_that_are_broken_are_passed_over(workbook: tuple[Any, Path], tmp_path: Path) -> None:
    """A workbook whose drawing is no XML still gives its rows."""
    book, path = workbook
    for cells in (["Plan", "Price"], ["Small", "5 EUR"]):
        book.active.append(cells)
    book.active.add_chart(BarChart(), "D1")
    book.save(path)
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            copy.writestr(name, b"<no xml" if name.startswith("xl/drawings/drawing") else whole.read(name))
    assert rows(read(broken)) == ["Plan: Small; Price: 5 EUR"]


def test_a_title_over_all_columns_is_a_group() -> None:
    """A header row that is one merged cell names no column: the rows below stand under it, none says it again."""
    titled = Table([("Rooms", "Rooms"), ("Single", "90"), ("Double", "120")], header_rows=1)
    header, rows = table_rows(titled)
    assert not any(header)
    assert rows == [("Rooms", "Single: 90"), ("Rooms", "Double: 120")]
    _, rows = table_rows(Table([("Rooms", "Rooms"), ("Summer", "Summer"), ("Single", "90")], header_rows=1))
    assert rows == [("", "Rooms"), ("Summer", "Single: 90")]
