"""What a reader of a PDF sees is what is read: nothing lost, nothing twice, nothing that nobody sees."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from ingest.formats import load
from ingest.types import SourceFile
from kb.errors import DamagedRecords, LimitExceeded
from kb.types import Document, Omitted, SectionKind

_FONTS = " ".join(
    f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{font} >>"
    for name, font in (("F1", "Helvetica"), ("F2", "ZapfDingbats"))
)


def write_pdf(
    path: Path,
    drawing: str,
    *,
    packed: str = "",
    page: str = "",
    root: str = "",
    fonts: str = "",
    further: tuple[str, ...] = (),
) -> Path:
    """Write a page of 400 by 300 points that draws this; ``further`` objects are numbered from 5 on."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R {page} "
        f"/Resources << /Font << {_FONTS} {fonts} >> /Properties << /Off 5 0 R >> >> >>",
        f"<< /Length {len(drawing)} {packed} >>\nstream\n{drawing}\nendstream",
        *(further or ("<< /Type /OCG /Name (Nobody) >>",)),
    ]
    whole, places = "%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    whole += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    path.write_text(f"{whole}startxref\n{whole.index('xref')}\n%%EOF\n", encoding="latin-1")
    return path


def show(x: float, y: float, text: str, size: float = 10, font: str = "F1") -> str:
    """Return the steps that show a text."""
    written = text if text.startswith("<") else f"({text})"
    return f"BT /{font} {size} Tf {x} {y} Td {written} Tj ET\n"


def read(path: Path) -> Document:
    """Return the one document of a file."""
    (document,) = load(SourceFile(uri=path.as_posix(), path=path, root=path.parent.as_posix()))
    return document


def text(document: Document) -> str:
    """Return all text of a document, a section a line, lines joined."""
    return "\n".join(" ".join(section.text.split()) for section in document.sections)


def rows(document: Document) -> list[str]:
    """Return its table rows."""
    return [section.text for section in document.sections if section.kind is SectionKind.TABLE_ROW]


def left_out(document: Document) -> dict[Omitted, str]:
    """Return what was left out of a document, by reason."""
    return {omission.reason: omission.text for omission in document.omitted}


def table(top: float, cells: tuple[tuple[str, str], ...]) -> str:
    """Return the steps that draw a grid of two columns with these texts, 18 points a row."""
    bottom = top - 18 * len(cells)
    drawn = "".join(f"30 {top - 18 * n} m 350 {top - 18 * n} l S\n" for n in range(len(cells) + 1))
    drawn += "".join(f"{x} {bottom} m {x} {top} l S\n" for x in (30, 190, 350))
    return drawn + "".join(
        show(35 + 160 * column, top - 13 - 18 * row, cell)
        for row, line in enumerate(cells)
        for column, cell in enumerate(line)
    )


TABLE = (("Service", "Price"), ("Piano tuning", "$140"), ("Strings", "$35"))


@pytest.mark.parametrize("above", [1, 2.5, 4])
def test_a_line_close_above_a_table(tmp_path: Path, above: float) -> None:
    """The second line of a paragraph that ends just above a table's rule is kept, and is in no row."""
    drawing = show(30, 212 + above, "These prices hold in the town; villages and farms") + show(
        30, 200 + above, "are not included."
    )
    document = read(write_pdf(tmp_path / "close.pdf", drawing + table(200, TABLE)))
    assert document.sections[0].text == "These prices hold in the town; villages and farms are not included."
    assert rows(document) == ["Service: Piano tuning; Price: $140", "Service: Strings; Price: $35"]


def test_text_within_a_table_and_in_none_of_its_cells(tmp_path: Path) -> None:
    """A note that stands between two grids whose rules touch is written as text."""
    drawing = "".join(f"30 {y} m 350 {y} l S\n" for y in (200, 182, 164, 128, 110, 92))
    drawing += "".join(
        f"{x} {low} m {x} {high} l S\n" for x in (30, 190, 350) for low, high in ((164, 200), (92, 128))
    )
    drawing += show(35, 187, "Room") + show(195, 187, "Fee") + show(35, 169, "Attic") + show(195, 169, "$60")
    drawing += show(100, 142, "Pets are not allowed in any room")
    drawing += show(35, 115, "Hall") + show(195, 115, "$90") + show(35, 97, "Loft") + show(195, 97, "$75")
    document = read(write_pdf(tmp_path / "between.pdf", drawing))
    assert text(document).count("Pets are not allowed in any room") == 1
    assert "Attic" in text(document)
    assert "Loft" in text(document)


def test_raised_digits_are_no_digits(tmp_path: Path) -> None:
    """A raised mark behind a price, in text and in a cell, and a power are raised, a lowered digit is lowered."""
    parts = (("Storage costs $62", 10, 0), ("1", 6, 4), (" a month for 8 m", 10, 0), ("2", 6, 4))
    parts += ((" without CO", 10, 0), ("2", 6, -2))
    shown = " ".join(f"/F1 {size} Tf {rise} Ts ({part}) Tj" for part, size, rise in parts)
    drawing = f"BT 30 270 Td {shown} 0 Ts ET\n"
    drawing += table(200, (*TABLE, ("Polish", "$18"))) + show(212, 200 - 54 - 9, "3", 6)
    document = read(write_pdf(tmp_path / "raised.pdf", drawing))
    assert document.sections[0].text == "Storage costs $62¹ a month for 8 m² without CO₂"
    assert rows(document)[2] == "Service: Polish; Price: $18³"


def test_raised_digits_hardly_smaller(tmp_path: Path) -> None:
    """A mark that is set nine tenths as large as the price before it, and high, is raised."""
    drawing = "BT /F1 12 Tf 30 250 Td (Cutting keys costs $7) Tj /F1 10.7 Tf 5 Ts (3) Tj 0 Ts ET\n"
    drawing += show(30, 230, "and takes an hour.", 12)
    assert "costs $7³ and takes" in text(read(write_pdf(tmp_path / "hardly.pdf", drawing)))


def test_a_large_first_letter_raises_nothing(tmp_path: Path) -> None:
    """The line beside a large initial is ordinary text."""
    drawing = (
        show(30, 250, "O", 30)
        + show(56, 262, "ur lockers stay open all night and")
        + show(56, 250, "cost nothing.")
    )
    assert "ur lockers stay open all night and" in text(read(write_pdf(tmp_path / "initial.pdf", drawing)))


def test_struck_text_is_left_out(tmp_path: Path) -> None:
    """What a thin rule goes through, or a note strikes out, is left out and told; underlined text stays."""
    drawing = show(30, 250, "Fee: $12 $8") + "55 253 m 75 253 l S\n"
    drawing += show(30, 230, "Bring your passport") + "30 228 m 125 228 l S\n" + show(30, 210, "Old rule.")
    note = "/Annots [<< /Type /Annot /Subtype /StrikeOut /Rect [29 207 75 219] >>]"
    document = read(write_pdf(tmp_path / "struck.pdf", drawing, page=note))
    assert text(document) == "Fee: $8 Bring your passport"
    assert left_out(document)[Omitted.STRUCK].split() == ["$12", "Old", "rule."]


def test_a_turned_page(tmp_path: Path) -> None:
    """A table on a page that is shown turned, or whose text runs upwards, stands once, as rows."""
    upright = table(200, TABLE)
    for name, page in (("turned", "/Rotate 90"), ("sideways", "")):
        drawing = f"q 0 1 -1 0 300 0 cm\n{upright}Q\n"
        document = read(write_pdf(tmp_path / f"{name}.pdf", drawing, page=page))
        assert rows(document) == ["Service: Piano tuning; Price: $140", "Service: Strings; Price: $35"]
        assert len(document.sections) == 2


def test_columns_that_are_written_across(tmp_path: Path) -> None:
    """Two columns of text that a program wrote line by line are read one after the other."""
    left = (
        "Parcels are kept for ten",
        "days in the locker near",
        "the gate of the station.",
        "A reminder is sent on",
        "the eighth day to your",
        "phone and by mail too,",
        "and the code stays the",
        "same until the last day.",
    )
    right = (
        "Returns are free within",
        "sixty days when the seal",
        "of the box is not broken.",
        "Opened boxes cost seven",
        "dollars, which we take",
        "from the refund that is",
        "paid within one week of",
        "the day of arrival here.",
    )
    drawing = "".join(
        show(30, 250 - 12 * n, one) + show(215, 250 - 12 * n, other)
        for n, (one, other) in enumerate(zip(left, right, strict=True))
    )
    read_text = text(read(write_pdf(tmp_path / "columns.pdf", drawing)))
    assert "kept for ten days in the locker near the gate" in read_text
    assert "Opened boxes cost seven dollars, which we take from the refund" in read_text


def test_numbers_drawn_after_all_text(tmp_path: Path) -> None:
    """The numbers of items stand before them where a program draws them last; a number elsewhere stays."""
    drawing = (
        show(50, 280, "How to give the key back")
        + show(92, 260, "Put it into the box beside the door.")
        + show(92, 240, "Send us a message with its number.")
        + show(50, 200, "The deposit comes back within a week.")
        + show(79, 260, "3. ")
        + show(79, 240, "4. ")
        + show(300, 40, "5. ")
    )
    document = read(write_pdf(tmp_path / "a.pdf", drawing))
    assert "3. Put it into the box beside the door. 4. Send us a message with its number." in text(document)
    assert text(document).endswith("5.")


def square(x: float, y: float, side: float, paint: str) -> str:
    """Return the steps that draw a square."""
    return f"{x} {y} {side} {side} re {paint}\n"


def test_bullets_that_are_drawn(tmp_path: Path) -> None:
    """Shapes before lines are the bullets of items, hollow ones too; elsewhere they are none."""
    drawing = show(30, 280, "Bring to the pool:") + show(30, 150, "A map of the pool hangs at the door.")
    for place, (item, paint) in enumerate([("a towel that is dry", "f"), ("a cap", "f"), ("in red or blue", "S")]):
        drawing += square(32, 252.5 - 14 * place, 4, paint) + show(45, 250 - 14 * place, item)
    drawing += square(300, 152, 4, "f") + square(32, 100, 60, "f")
    assert read(write_pdf(tmp_path / "pool.pdf", drawing)).sections[0].text == (
        "Bring to the pool:\n\n▪ a towel that is dry\n▪ a cap\n◦ in red or blue\n\n"
        "A map of the pool hangs at the door."
    )


def test_boxes_that_are_drawn(tmp_path: Path) -> None:
    """A box that is drawn beside words is ticked where something is drawn in it, else it is not."""
    drawing = show(50, 250, "Send the letter by post") + square(35, 249, 9, "S") + "37 251 m 39 250 l 43 257 l S\n"
    drawing += show(50, 220, "Call me back") + square(35, 219, 9, "S")
    drawing += "1 1 1 rg " + square(36, 220, 7, "f") + "0 g "
    drawing += show(50, 190, "Pay by card") + square(35, 189, 9, "S") + square(37, 191, 5, "f")
    drawing += show(50, 160, "Member") + square(90, 159, 9, "S")
    drawing += show(115, 160, "Guest") + square(146, 159, 9, "S")
    drawing += "92 161 m 94 160 l 98 167 l S\n"
    said = text(read(write_pdf(tmp_path / "boxes.pdf", drawing)))
    assert said == "☑ Send the letter by post ☐ Call me back ☑ Pay by card Member ☑ Guest ☐"


def test_what_a_browser_writes_around_a_page(tmp_path: Path) -> None:
    """Time, title, address and page that a browser prints around one page are left out; a date alone stays."""
    above = show(20, 288, "5/4/26, 10:00 AM Key rules", 6)
    below = show(20, 8, "https://keys.example/rules", 6) + show(370, 8, "1/1", 6)
    rule = show(30, 200, "A lost key costs nine dollars.")
    printed = read(write_pdf(tmp_path / "printed.pdf", above + rule + below))
    assert text(printed) == "A lost key costs nine dollars."
    assert left_out(printed)[Omitted.SURROUNDINGS].splitlines() == [
        "5/4/26, 10:00 AM Key rules", "https://keys.example/rules 1/1",
    ]  # fmt: skip
    assert text(read(write_pdf(tmp_path / "agenda.pdf", above + rule))).startswith("5/4/26, 10:00 AM Key rules")


def test_signs_of_symbol_fonts(tmp_path: Path) -> None:
    """Ticks and crosses of a symbol font are the signs that a reader sees."""
    drawing = show(30, 250, "Cover against water:") + show(130, 250, "4", font="F2")
    drawing += show(30, 230, "Cover against theft:") + show(130, 230, "8", font="F2")
    assert (
        text(read(write_pdf(tmp_path / "signs.pdf", drawing))) == "Cover against water: ✔ Cover against theft: ✘"
    )


def test_a_form_and_notes(tmp_path: Path) -> None:
    """What fields hold stands beside their labels; free notes are text; comments of reviewers are left out."""
    drawing = (
        show(30, 250, "Branch:")
        + show(30, 220, "Lockers:")
        + show(30, 190, "Sunday service:")
        + show(30, 160, "End.")
    )
    fields = (
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Mill Lane) /Rect [100 246 200 260] >>",
        "<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /T (b) /V (m) "
        "/Opt [[(s) (12 small)] [(m) (30 large)]] /Rect [100 216 200 230] >>",
        "<< /Type /Annot /Subtype /Widget /FT /Btn /T (c) /AS /Yes /V /Yes /Rect [120 188 132 200] >>",
        "<< /Type /Annot /Subtype /FreeText /Contents (Closed on 3 May.) /Rect [30 100 200 130] >>",
        "<< /Type /Annot /Subtype /Text /Contents (ask legal first) /Rect [300 100 320 120] >>",
    )
    annots = f"/Annots [{' '.join(fields)}]"
    document = read(write_pdf(tmp_path / "form.pdf", drawing, page=annots))
    found = text(document)
    assert "Branch: Mill Lane" in found
    assert "Lockers: 30 large" in found
    assert "Sunday service: ☑" in found
    assert "Closed on 3 May." in found
    assert left_out(document) == {Omitted.COMMENTS: "ask legal first"}


def test_items_with_chinese_numbers(tmp_path: Path) -> None:
    """Items numbered 一、 stand on lines of their own, below the paragraph that leads to them."""
    lines = ("请在入住时办理。", "一、出示证件", "二、交押金")
    drawing = "".join(
        show(50, 250 - 16 * place, f"<{line.encode('utf-16-be').hex()}>", font="F3")
        for place, line in enumerate(lines)
    )
    font = wide_font("UniGB-UCS2-H", "GB1")
    document = read(write_pdf(tmp_path / "stay.pdf", drawing, fonts=font))
    assert document.sections[0].text == "请在入住时办理。\n\n一、出示证件\n二、交押金"


def test_links_are_told_once(tmp_path: Path) -> None:
    """The address of a link over two lines stands once, behind its text; one that is shown is not repeated."""
    drawing = show(30, 250, "To claim, fill in the long") + show(30, 238, "form online and send it.")
    drawing += show(30, 200, "See tool.example/help for more.")
    uri = "/A << /S /URI /URI (https://tool.example/{0}) >> >>"
    notes = "<< /Type /Annot /Subtype /Link /Rect [{1}] " + uri
    annots = " ".join(
        notes.format(name, box)
        for name, box in (("claim", "122 247 160 261"), ("claim", "30 235 52 247"), ("help", "48 197 140 211"))
    )
    found = text(read(write_pdf(tmp_path / "links.pdf", drawing, page=f"/Annots [{annots}]")))
    assert found.startswith("To claim, fill in the long form (https://tool.example/claim) online and send it.")
    assert "See tool.example/help for more." in found


def test_files_inside(tmp_path: Path) -> None:
    """A file inside is a document of its own, also where the PDF says nothing; one without loader is named."""
    names = "/Names << /EmbeddedFiles << /Names [(a) 5 0 R (b) 7 0 R] >> >>"
    note, invoice = "Lost luggage is paid with 1,250 dollars.", "<a/>"
    further = (
        "<< /Type /Filespec /F (luggage.txt) /EF << /F 6 0 R >> >>",
        f"<< /Length {len(note)} >>\nstream\n{note}\nendstream",
        "<< /Type /Filespec /F (invoice.xml) /EF << /F 8 0 R >> >>",
        f"<< /Length {len(invoice)} >>\nstream\n{invoice}\nendstream",
    )
    path = write_pdf(tmp_path / "portfolio.pdf", "", root=names, further=further)
    document = read(path)
    assert document.uri.endswith("portfolio.pdf!/luggage.txt")
    assert text(document) == note
    assert "files inside without a loader were left out: 1 .xml" in document.warnings


def test_a_damaged_file_inside_is_named(tmp_path: Path) -> None:
    """The page is read, and at the end the file inside that could not be read is named."""
    names = "/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>"
    further = (
        "<< /Type /Filespec /F (fees.xlsx) /EF << /F 6 0 R >> >>",
        "<< /Length 4 >>\nstream\nPK\3\4\nendstream",
    )
    path = write_pdf(tmp_path / "outer.pdf", show(30, 250, "Fees are inside."), root=names, further=further)
    documents = load(SourceFile(uri=path.as_posix(), path=path, root=tmp_path.as_posix()))
    assert text(next(documents)) == "Fees are inside."
    with pytest.raises(DamagedRecords, match=r"fees\.xlsx"):
        next(documents)


def test_what_nobody_sees(tmp_path: Path) -> None:
    """Text on a layer that is off, white, invisible or off the page is left out, its words kept for the report."""
    drawing = show(30, 250, "Seen.") + "/OC /Off BDC\n" + show(30, 230, "layer") + "EMC\n"
    drawing += (
        "1 g\n" + show(30, 210, "white") + "0 g\n" + show(30, 900, "away") + "3 Tr\n" + show(30, 190, "unseen")
    )
    layers = "/OCProperties << /OCGs [5 0 R] /D << /OFF [5 0 R] >> >>"
    document = read(write_pdf(tmp_path / "hidden.pdf", drawing, root=layers))
    assert text(document) == "Seen."
    assert left_out(document)[Omitted.HIDDEN].split() == ["layer", "white", "away", "unseen"]


CMAPS = [
    ("GBKp-EUC-H", "GB1", "gbk"),
    ("GBK-EUC-H", "GB1", "gbk"),
    ("GBpc-EUC-H", "GB1", "gb2312"),
    ("UniGB-UCS2-H", "GB1", "utf-16-be"),
    ("UniGB-UTF16-H", "GB1", "utf-16-be"),
    ("B5pc-H", "CNS1", "big5"),
    ("ETen-B5-H", "CNS1", "big5"),
    ("ETenms-B5-H", "CNS1", "big5"),
    ("HKscs-B5-H", "CNS1", "big5hkscs"),
    ("EUC-H", "Japan1", "euc-jp"),
    ("90ms-RKSJ-H", "Japan1", "cp932"),
    ("90ms-RKSJ-V", "Japan1", "cp932"),
    ("KSC-EUC-H", "Korea1", "euc-kr"),
    ("KSCms-UHC-H", "Korea1", "cp949"),
    ("UniKS-UTF16-H", "Korea1", "utf-16-be"),
]
WORDS = {"GB1": "退货政策", "CNS1": "退貨政策", "Japan1": "返品条件", "Korea1": "반품정책"}


def wide_font(name: str, collection: str) -> str:
    """Return a font F3 of characters as wide as high, in an encoding of this name."""
    return (
        f"/F3 << /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /{name} /DescendantFonts [<< /Type /Font "
        f"/Subtype /CIDFontType0 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering ({collection}) "
        "/Supplement 2 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /Song /Flags 4 "
        "/FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >> >>] >>"
    )


@pytest.mark.parametrize(("name", "collection", "encoding"), CMAPS)
def test_predefined_encodings_of_fonts(tmp_path: Path, name: str, collection: str, encoding: str) -> None:
    """Every encoding that a font may name instead of keeping a table gives its own characters."""
    word = WORDS[collection]
    font = wide_font(name, collection)
    drawing = show(100, 200, f"<{word.encode(encoding).hex()}>", 10, "F3") + show(100, 150, "Text.")
    found = text(read(write_pdf(tmp_path / "cmap.pdf", drawing, fonts=font)))
    assert "".join(found.split()).replace("Text.", "") == word


def test_a_sign_that_no_font_here_draws(tmp_path: Path) -> None:
    """A single Chinese character without a font of its own is read where no font for it is installed."""
    font = (
        "/F3 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< "
        "/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (GB1) /Supplement 0 >> >>] >>"
    )
    drawing = "".join(
        show(60, 250 - 20 * n, f"<{sign.encode('utf-16-be').hex()}>", 12, "F3") for n, sign in enumerate("①元★")
    )
    assert "".join(text(read(write_pdf(tmp_path / "signs.pdf", drawing, fonts=font))).split()) == "①元★"


def test_the_text_that_is_told_beside_glyphs(tmp_path: Path) -> None:
    """Where a file says what some glyphs mean (ActualText), that is read."""
    drawing = show(30, 250, "Open from") + "/Span << /ActualText (nine) >> BDC\n" + show(85, 250, "#") + "EMC\n"
    assert text(read(write_pdf(tmp_path / "actual.pdf", drawing + show(110, 250, "on.")))) == "Open from nine on."


def test_fonts_that_do_not_tell_their_characters(tmp_path: Path) -> None:
    """Codes of glyphs without a table of characters are no text: they are left out and the page is named."""
    font = (
        "/F3 << /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+S /Encoding /Identity-H /DescendantFonts [<< /Type "
        "/Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Sub /CIDToGIDMap /Identity /DW 500 /CIDSystemInfo << "
        "/Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
    )
    drawing = show(30, 250, "These words can be read by everybody.") + show(
        30, 220, "<00140003002500360024>", 12, "F3"
    )
    document = read(write_pdf(tmp_path / "codes.pdf", drawing, fonts=font))
    assert text(document) == "These words can be read by everybody."
    assert any(warning.startswith("page 1 has 5 characters") for warning in document.warnings)


def test_a_page_that_unpacks_to_too_much(tmp_path: Path) -> None:
    """Content that unpacks to more than memory should hold is refused before anybody unpacks it."""
    drawing = zlib.compress(b" " * 100_000_000, 1).decode("latin-1")
    path = write_pdf(tmp_path / "packed.pdf", drawing, packed="/Filter /FlateDecode")
    with pytest.raises(LimitExceeded, match="page 1 unpacks to more"):
        read(path)


def paragraphs(document: Document) -> list[str]:
    """Return headings and paragraphs of a document."""
    parts = (
        part for section in document.sections for part in (*section.headings[-1:], *section.text.split("\n\n"))
    )
    return list(dict.fromkeys(parts))


def test_lines_that_were_not_broken_to_fit(tmp_path: Path) -> None:
    """A line behind which the next word had room ends its paragraph or its item; a full one goes on."""
    lines = (
        "Bring these:", "- Towel", "- Cap", "Phone 555 0100", "Desk 3 on the left",
        "The desk is open from nine to five on all days but Monday, and in", "July until eight in the evening.",
    )  # fmt: skip
    drawing = "".join(show(50, 280 - 14 * place, line) for place, line in enumerate(lines))
    assert paragraphs(read(write_pdf(tmp_path / "a.pdf", drawing))) == [
        "Bring these:", "- Towel\n- Cap", "Phone 555 0100", "Desk 3 on the left",
        "The desk is open from nine to five on all days but Monday, and in July until eight in the evening.",
    ]  # fmt: skip


def test_a_narrow_column_is_no_list(tmp_path: Path) -> None:
    """Lines that all end near one edge are broken to fit there, though others on the page reach further."""
    narrow = (
        "Opened boxes of playing cards", "Never go back to a warehouse;", "Sealed ones may do until May.",
        "Ask us for more.",
    )  # fmt: skip
    drawing = show(50, 280, "This line reaches far further to the right than the narrow column below it does.")
    drawing += "".join(show(50, 240 - 12 * place, line) for place, line in enumerate(narrow))
    assert paragraphs(read(write_pdf(tmp_path / "a.pdf", drawing)))[1:] == [" ".join(narrow)]


def test_readings_above_characters(tmp_path: Path) -> None:
    """The reading that small letters set above characters is left out; small words above a title stay."""

    def wide(x: float, y: float, word: str, size: float) -> str:
        return show(x, y, f"<{word.encode('utf-16-be').hex()}>", size, "F3")

    drawing = (
        show(60, 275, "opening hours", 5)
        + wide(60, 260, "营业时间", 12)
        + wide(60, 200, "年费三百元", 12)
        + wide(84, 212, "ㄙㄢㄅㄞ", 5)
        + wide(60, 170, "每月扣款。", 12)
    )
    document = read(write_pdf(tmp_path / "a.pdf", drawing, fonts=wide_font("UniGB-UTF16-H", "GB1")))
    assert text(document).replace(" ", "") == "openinghours营业时间年费三百元每月扣款。"
    assert left_out(document) == {Omitted.PHONETIC: "ㄙㄢㄅㄞ"}


def test_values_that_are_drawn_after_all_labels(tmp_path: Path) -> None:
    """What a program draws last stands where it is seen: between the lines, or beside its label."""
    labels = ("Order number", "Reason", "Refund to", "Remarks")
    drawing = "".join(show(50, 280 - 30 * place, label) for place, label in enumerate(labels))
    drawing += show(52, 266, "QX-4471") + show(90, 250, "Broken") + show(52, 206, "Gift card")
    found = " ".join(paragraphs(read(write_pdf(tmp_path / "a.pdf", drawing))))
    assert found == "Order number QX-4471 Reason Broken Refund to Gift card Remarks"


def test_fields_below_their_labels(tmp_path: Path) -> None:
    """A value right below its label stands behind it, a box right above its words before them."""
    drawing = show(50, 250, "Name:") + show(50, 220, "City:") + show(50, 186, "I keep the box")
    fields = (
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Ann Bell) /Rect [50 235 150 247] >>",
        "<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /T (b) /V () "
        "/Opt [[() (Brenn)] [() (Dale)]] /Rect [50 205 150 217] >>",
        "<< /Type /Annot /Subtype /Widget /FT /Btn /T (c) /AS /Yes /V /Yes /Rect [50 196 58 204] >>",
    )
    document = read(write_pdf(tmp_path / "a.pdf", drawing, page=f"/Annots [{' '.join(fields)}]"))
    assert paragraphs(document) == ["Name: Ann Bell", "City: Brenn", "☑ I keep the box"]


def test_blank_pages_are_no_fault(tmp_path: Path) -> None:
    """A page on which nobody sees anything is not reported where others have text."""
    path = write_pdf(tmp_path / "a.pdf", show(50, 200, "Opening hours: 9 to 5."))
    content = path.read_text(encoding="latin-1").replace("[3 0 R] /Count 1", "[3 0 R 5 0 R] /Count 2")
    blank = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] >>"
    path.write_text(content.replace("<< /Type /OCG /Name (Nobody) >>", blank), encoding="latin-1")
    document = read(path)
    assert (text(document), document.warnings) == ("Opening hours: 9 to 5.", ())
