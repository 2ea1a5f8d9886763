"""What a reader sees of a workbook's cells is what is loaded; what is left out is counted."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import xlsxwriter

from ingest.formats import load
from ingest.types import SourceFile
from kb.errors import EmptyDocument
from kb.types import Document, Omitted

xlwt = pytest.importorskip("xlwt", reason="writes the books that are read; comes with the extra dev")

ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><office:automatic-styles>
<style:style style:name="gone" style:family="table-cell">
<style:text-properties style:text-line-through-style="solid"/>
</style:style><style:style style:name="off" style:family="text">
<style:text-properties style:text-line-through-style="none"/></style:style>
<style:style style:name="old" style:family="text"><style:text-properties style:text-line-through-type="single"/>
</style:style><style:style style:name="white" style:family="table-cell"><style:text-properties fo:color="#ffffff"/>
</style:style><style:style style:name="head" style:family="table-cell">
<style:table-cell-properties fo:background-color="#004080"/>
<style:text-properties fo:color="#ffffff"/></style:style>
<style:style style:name="sign" style:family="table-cell"><style:text-properties style:font-name="Wingdings"/>
</style:style><style:style style:name="thin" style:family="table-column">
<style:table-column-properties style:column-width="0cm"/>
</style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Fees">
<table:table-column table:number-columns-repeated="2"/><table:table-column-group table:display="false">
<table:table-column/></table:table-column-group><table:table-column table:style-name="thin"/>{rows}
</table:table></office:spreadsheet></office:body></office:document-content>"""


def read(path: Path) -> list[Document]:
    """Return the documents of a file."""
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent))))


def rows(documents: list[Document]) -> list[str]:
    """Return the rows of a workbook."""
    return [section.text for document in documents for section in document.sections]


def left_out(documents: list[Document]) -> dict[Omitted, list[str]]:
    """Return the texts that were left out, by reason."""
    return {o.reason: o.text.split("\n") for document in documents for o in document.omitted}


def ods(path: Path, content: str) -> Path:
    """Write an OpenDocument spreadsheet with these rows."""
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows=content))
    return path


def cells(*texts: str, attributes: str = "") -> str:
    """Return a row of an OpenDocument sheet."""
    return (
        f"<table:table-row {attributes}>"
        + "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
        + "</table:table-row>"
    )


def test_hidden_parts_of_a_workbook(tmp_path: Path) -> None:
    """Hidden, grouped, filtered and sizeless rows and columns and hidden sheets stay out, and are counted."""
    path = tmp_path / "parts.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Parts")
    for row, texts in enumerate(
        [
            ("Part", "Price", "Cost", "Margin", "Room", "Stock"),
            ("Seal", "$39", "$11", "71 %", "B4", "yes"),
            ("Belt", "$25", "$6", "76 %", "B5", "no"),
            ("Pump", "$70", "$30", "57 %", "B6", "no"),
            ("Fuse", "$3", "$1", "66 %", "B7", "no"),
        ]
    ):
        sheet.write_row(row, 0, texts)
    sheet.set_column(2, 2, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"level": 1, "hidden": True})
    sheet.set_column(4, 4, 0)
    sheet.autofilter("A1:F5")
    sheet.filter_column("F", "x == yes")
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_row(3, None, None, {"level": 1, "hidden": True})
    sheet.set_row(4, 0)
    for name, hide in (("Internal", "hide"), ("Secret", "very_hidden")):
        other = book.add_worksheet(name)
        other.write(0, 0, f"{name} note")
        getattr(other, hide)()
    book.close()
    documents = read(path)
    assert rows(documents) == ["Part: Seal; Price: $39; Stock: yes"]
    hidden = left_out(documents)[Omitted.HIDDEN]
    assert {"Internal note", "Secret note", "Cost", "$11", "71 %", "B4"} <= set(hidden)
    assert any(text.startswith("Pump $70") for text in hidden)
    assert any("hidden text" in warning for warning in documents[-1].warnings)


def test_hidden_parts_of_an_old_workbook(tmp_path: Path) -> None:
    """Workbooks of the format before 2007 keep hidden parts, struck cells and white ones out."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Fees")
    struck, white, raised = xlwt.easyfont("struck_out true"), xlwt.easyxf("font: color white"), xlwt.Font()
    raised.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    money = xlwt.easyxf(num_format_str='"HK$"#,##0.00')
    for column, text in enumerate(("Service", "Fee", "Cost")):
        sheet.write(0, column, text)
    sheet.write(1, 0, "Card")
    sheet.write(1, 1, 1250, money)
    sheet.write(1, 2, "$3")
    sheet.write_rich_text(2, 0, ["Courier", ("1", raised)])
    sheet.write_rich_text(2, 1, [("was $30", struck), " now $20"])
    sheet.write(3, 0, "Withdrawn")
    sheet.row(3).hidden = True
    sheet.write(4, 0, "Letter", xlwt.easyxf("font: struck_out true"))
    sheet.write(5, 0, "Ask Bo", white)
    sheet.write(6, 0, xlwt.Formula('HYPERLINK("https://shop.example/fees";"All fees")'))
    sheet.col(2).hidden = True
    hidden = book.add_sheet("Notes")
    hidden.write(0, 0, "Internal")
    hidden.visibility = 1
    path = tmp_path / "fees.xls"
    book.save(str(path))
    documents = read(path)
    assert rows(documents)[:2] == ["Service: Card; Fee: HK$1,250.00", "Service: Courier¹; Fee: now $20"]
    left = left_out(documents)
    assert {"was $30", "Letter"} == set(left[Omitted.STRUCK])
    assert {"Cost", "$3", "Withdrawn", "Ask Bo", "Internal"} <= set(left[Omitted.HIDDEN])


def test_hidden_parts_of_an_open_sheet(tmp_path: Path) -> None:
    """OpenDocument sheets keep closed groups, sizeless columns, filtered rows, struck and white cells out."""
    content = (
        '<table:table-row><table:table-cell table:style-name="head"><text:p>Service</text:p></table:table-cell>'
        "<table:table-cell><text:p>Fee</text:p></table:table-cell><table:table-cell><text:p>Cost</text:p>"
        "</table:table-cell><table:table-cell><text:p>Room</text:p></table:table-cell></table:table-row>"
        + cells("Card", '<text:a xlink:href="https://shop.example/fees">$12</text:a>', "$3", "B4")
        + cells("Courier", '<text:span text:style-name="old">$30</text:span> $20')
        + cells("Filtered", "$1", attributes='table:visibility="filter"')
        + '<table:table-row-group table:display="false">' + cells("Grouped", "$2") + "</table:table-row-group>"
        '<table:table-row><table:table-cell table:style-name="gone"><text:p>Letter '
        '<text:span text:style-name="off">Parcel</text:span></text:p></table:table-cell>'
        '<table:table-cell table:style-name="white"><text:p>Ask Bo</text:p></table:table-cell></table:table-row>'
    )  # fmt: skip
    documents = read(ods(tmp_path / "fees.ods", content))
    assert rows(documents) == [
        "Service: Card; Fee: $12 (https://shop.example/fees)",
        "Service: Courier; Fee: $20",
        "Service: Parcel",
    ]
    left = left_out(documents)
    assert {"$30", "Letter"} == {text.strip() for text in left[Omitted.STRUCK]}
    assert {"Cost", "Room", "$3", "B4", "Filtered $1", "Grouped $2", "Ask Bo"} <= set(left[Omitted.HIDDEN])


def test_numbers_stored_alone(tmp_path: Path) -> None:
    """A sheet that stores numbers without what is shown of them gives them; one that shows others hides this."""
    alone = '<table:table-row><table:table-cell office:value-type="float" office:value="12.5"/></table:table-row>'
    assert rows(read(ods(tmp_path / "alone.ods", cells("Fee") + alone)))[-1] == "Fee: 12.5"
    shown = (
        '<table:table-cell office:value-type="float" office:value="3"><text:p>3 days</text:p></table:table-cell>'
    )
    both = cells("Fee", "Time") + f"<table:table-row>{shown}</table:table-row>" + alone
    documents = read(ods(tmp_path / "both.ods", both))
    assert rows(documents) == ["Fee: 3 days"]
    assert left_out(documents)[Omitted.HIDDEN] == ["12.5"]


def test_fonts_and_links_of_cells(tmp_path: Path) -> None:
    """Struck cells and runs go, raised digits stay raised, links keep their addresses, white text goes."""
    path = tmp_path / "fees.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Fees")
    struck, raised = book.add_format({"font_strikeout": True}), book.add_format({"font_script": 1})
    header = book.add_format({"font_color": "white", "bg_color": "#004080"})
    sheet.write_row(0, 0, ["Service", "Fee", "Form"], header)
    sheet.write(1, 0, "Courier", struck)
    sheet.write(1, 1, 30, struck)
    sheet.write(2, 0, "Card")
    sheet.write_rich_string(2, 1, "$49", raised, "1")
    sheet.write_url(2, 2, "https://shop.example/card", string="the card form")
    sheet.write(3, 0, "Letter")
    sheet.write_rich_string(3, 1, struck, "was $12", " $8")
    sheet.write_formula(3, 2, '=HYPERLINK("https://shop.example/letter","letter form")', None, "letter form")
    sheet.write(4, 0, "Box")
    sheet.write(4, 1, "$4")
    sheet.write(4, 2, "only Bo", book.add_format({"font_color": "#FFFFFF"}))
    sheet.write_comment(4, 0, "check with legal")
    sheet.write(5, 0, "Crate")
    sheet.write(5, 1, "$9", book.add_format({"num_format": ";;;@"}))
    sheet.write(5, 2, 17, book.add_format({"num_format": ";;;"}))
    book.close()
    documents = read(path)
    assert rows(documents) == [
        "Service: Card; Fee: $49¹; Form: the card form (https://shop.example/card)",
        "Service: Letter; Fee: $8; Form: letter form (https://shop.example/letter)",
        "Service: Box; Fee: $4",
        "Service: Crate; Fee: $9",
    ]
    left = left_out(documents)
    assert set(left[Omitted.STRUCK]) == {"Courier", "30", "was $12"}
    assert set(left[Omitted.HIDDEN]) == {"only Bo", "17"}
    assert "check with legal" in left[Omitted.COMMENTS]


def test_ticks_in_symbol_fonts(tmp_path: Path) -> None:
    """A letter of a cell or of a run in a symbol font is the sign that it shows, in every kind of workbook."""
    new, old = tmp_path / "cover.xlsx", tmp_path / "cover.xls"
    book = xlsxwriter.Workbook(str(new))
    sheet, sign = book.add_worksheet("Cover"), book.add_format({"font_name": "Wingdings"})
    sheet.write_row(0, 0, ["Damage", "Silver", "Gold"])
    sheet.write_row(1, 0, ["Theft", "û", "ü"])
    sheet.write(1, 1, "û", sign)
    sheet.write_formula(1, 2, '="ü"', sign, "ü")
    sheet.write(2, 0, "Fire für alle")
    sheet.write_rich_string(2, 1, sign, "ü", book.add_format({"font_name": "Arial"}), " für 9 days")
    sheet.write(2, 2, 1, book.add_format({"font_name": "Wingdings 2", "num_format": '"P";;"O"'}))
    book.close()
    ancient = xlwt.Workbook()
    table, wingdings, arial = ancient.add_sheet("Cover"), xlwt.easyxf("font: name Wingdings"), xlwt.Font()
    for column, text in enumerate(["Damage", "Silver", "Gold"]):
        table.write(0, column, text)
    for column, text in enumerate(["Theft", "û", "ü"]):
        table.write(1, column, text, *([wingdings] if column else []))
    table.write(2, 0, "Fire für alle")
    table.write_rich_text(2, 1, ["ü", (" für 9 days", arial)], wingdings)
    table.write(2, 2, 1, xlwt.easyxf("font: name Wingdings 2", num_format_str='"P";;"O"'))
    ancient.save(str(old))
    told = ["Damage: Theft; Silver: ✗; Gold: ✓", "Damage: Fire für alle; Silver: ✓ für 9 days; Gold: ✓"]
    assert rows(read(new)) == rows(read(old)) == told


def test_boxes_in_cells(tmp_path: Path) -> None:
    """A truth value that its format shows as a box is that box; one without the format keeps its words."""
    path = tmp_path / "boxes.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Cover")
    boxed = book.add_format({"checkbox": True, "bold": True})
    for place, row in enumerate((("Damage", "Basic", "Full"), ("Water", False, True), ("Theft", True, False))):
        sheet.write_row(place, 0, row, boxed if place == 1 else None)
    book.close()
    assert rows(read(path)) == [
        "Damage: Water; Basic: ☐; Full: ☑", "Damage: Theft; Basic: TRUE; Full: FALSE",
    ]  # fmt: skip


def test_ticks_in_an_open_sheet(tmp_path: Path) -> None:
    """Cells and spans of OpenDocument sheets in a symbol font hold the signs that they show."""
    signs = (
        'table:style-name="sign"><text:p>û',
        '><text:p><text:span text:style-name="sign">ü</text:span> für all',
    )
    content = cells("Damage", "Cover") + "".join(
        f"<table:table-row><table:table-cell><text:p>{damage}</text:p></table:table-cell>"
        f"<table:table-cell {sign}</text:p></table:table-cell></table:table-row>"
        for damage, sign in zip(("Theft", "Fire"), signs, strict=True)
    )
    told = ["Damage: Theft; Cover: ✗", "Damage: Fire; Cover: ✓ für all"]
    assert rows(read(ods(tmp_path / "cover.ods", content))) == told


def test_white_text_in_a_styled_table_is_kept(tmp_path: Path) -> None:
    """White text may stand on the ground that a style of tables colours: there it is kept."""
    path = tmp_path / "fees.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Fees")
    sheet.write_row(1, 0, ["Card", "$12"], book.add_format({"font_color": "white"}))
    sheet.add_table("A1:B2", {"columns": [{"header": "Service"}, {"header": "Fee"}]})
    book.close()
    assert rows(read(path)) == ["Service: Card; Fee: $12"]


def test_formulas_without_values(tmp_path: Path) -> None:
    """A formula whose value the writing program left to the reader is no 0: it is left out, said and counted."""
    path = tmp_path / "fees.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Fees")
    sheet.write_row(0, 0, ["Service", "Fee", "Twice"])
    sheet.write_row(1, 0, ["Card", 12])
    sheet.write_formula(1, 2, "=B2*2")
    sheet.write_row(2, 0, ["Letter", 8])
    sheet.write_formula(2, 2, "=B3*2", None, 16)
    book.close()
    documents = read(path)
    assert rows(documents) == ["Service: Card; Fee: 12", "Service: Letter; Fee: 8; Twice: 16"]
    assert {o.reason: o.count for o in documents[-1].omitted} == {Omitted.UNKNOWN: 1}
    assert any("1 formulas without stored values" in warning for warning in documents[-1].warnings)


def test_number_formats_of_a_workbook(tmp_path: Path) -> None:
    """Amounts, units, article numbers and durations stand as their cells show them."""
    path = tmp_path / "prices.xlsx"
    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    sheet = book.add_worksheet("Prices")
    shown = [
        ("Price", 1250, "[$HK$-C04]#,##0.00"),
        ("Article", 815, "000000"),
        ("Time", 3, '0" working days"'),
        ("Fits", 0, '"Yes";;"No"'),
        ("Open", 1.5, "[h]:mm"),
        ("From", 44620, "d mmmm yyyy"),
    ]
    for column, (name, value, code) in enumerate(shown):
        sheet.write(0, column, name)
        sheet.write_number(1, column, value, book.add_format({"num_format": code}))
    book.close()
    assert rows(read(path)) == [
        "Price: HK$1,250.00; Article: 000815; Time: 3 working days; Fits: No; Open: 36:00; From: 1 March 2026"
    ]


def test_pictures_in_sheets(tmp_path: Path) -> None:
    """A picture's description and a text box are read; a picture without a description is counted."""
    path = tmp_path / "fees.xlsx"
    picture = Path(__file__).parents[2] / "data" / "returns.png"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Fees")
    sheet.write_row(0, 0, ["Service", "Fee"])
    sheet.write_row(1, 0, ["Card", "$12"])
    sheet.insert_image("D2", str(picture), {"description": "Sizes of parcels: S up to 2 kg"})
    sheet.insert_image("D9", str(picture), {"decorative": True})
    sheet.insert_textbox("D20", "Fees hold until May.")
    book.close()
    documents = read(path)
    assert "Sizes of parcels: S up to 2 kg" in documents[-1].sections[0].text
    assert "Fees hold until May." in documents[-1].sections[0].text
    assert {o.reason: o.count for o in documents[-1].omitted} == {Omitted.PICTURES: 1}


def test_a_workbook_that_is_all_hidden(tmp_path: Path) -> None:
    """A workbook of which nothing is shown says what was left out."""
    path = tmp_path / "fees.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Fees")
    sheet.write(0, 0, "Secret fee")
    sheet.set_row(0, None, None, {"hidden": True})
    book.close()
    with pytest.raises(EmptyDocument, match="9 characters of hidden text"):
        read(path)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("ending", ["ods", "xls", "xlsx"])
def test_other_programs_write_the_same(tmp_path: Path, ending: str) -> None:
    """A workbook that LibreOffice wrote anew, in each of its formats, gives the same rows."""
    test_number_formats_of_a_workbook(tmp_path)
    target = tmp_path / "anew"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(target)]
    subprocess.run([*command, str(tmp_path / "prices.xlsx")], check=True, capture_output=True)
    assert rows(read(target / f"prices.{ending}")) == rows(read(tmp_path / "prices.xlsx"))
