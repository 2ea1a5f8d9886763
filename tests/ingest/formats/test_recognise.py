"""Files are read by what their bytes are where their endings say something else."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from ingest.formats import load
from ingest.formats.recognise import recognise
from ingest.types import SourceFile
from kb.errors import DamagedFile, EncryptedFile, UnsupportedFormat
from kb.types import Document, Omitted

xlwt = pytest.importorskip("xlwt", reason="writes the books that are read; comes with the extra dev")
canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="writes the PDFs; comes with the extra dev")

QUESTION, ANSWER = "How long are vouchers valid?", "Vouchers are valid for 18 months."
PAIR = ("问题,答案", "礼品卡多久有效？,礼品卡自购买日起18个月内有效。")
TABLE = (
    f"<table><tr><th>Question</th><th>Answer</th></tr><tr><td>{QUESTION}</td><td>{ANSWER}</td></tr>"
    "<tr style='display:none'><td>Margin?</td><td>41 percent</td></tr></table>"
)
MHTML = (
    "From: <Saved by a browser>\r\nSubject: Vouchers\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related;\r\n\ttype="text/html"; boundary="=_b"\r\n\r\n'
    "--=_b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    '<html><head><meta charset=3D"utf-8"><title>Vouchers</title></head>'
    "<body><p>Vouchers are valid for 18 months=E2=80=94no longer.</p></body></html>\r\n"
    "--=_b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--=_b--\r\n"
)
XML_SHEET = f"""<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
<Styles><Style ss:ID="fee"><NumberFormat ss:Format="&quot;€&quot;#,##0.00"/></Style></Styles>
<Worksheet ss:Name="Fees"><Table><Column ss:Index="3" ss:Hidden="1"/>
<Row><Cell><Data ss:Type="String">Service</Data></Cell><Cell><Data ss:Type="String">Fee</Data></Cell>
<Cell><Data ss:Type="String">Cost</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">{QUESTION[:-1]}</Data><Comment><Data>ask Bo</Data></Comment></Cell>
<Cell ss:StyleID="fee"><Data ss:Type="Number">1250</Data></Cell><Cell><Data ss:Type="Number">7</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="String">Withdrawn</Data></Cell>
<Cell><Data ss:Type="Number">1</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="Notes"><Table><Row><Cell><Data ss:Type="String">Internal note</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""


def read(folder: Path, name: str, content: bytes) -> list[Document]:
    """Return the documents of a file with this name and these bytes."""
    path = folder / name
    path.write_bytes(content)
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=str(folder))))


def shown(documents: list[Document]) -> str:
    """Return all that the documents hold."""
    return "\n".join(f"{s.question or ''} {s.text}" for document in documents for s in document.sections)


def workbook() -> bytes:
    """Return a workbook with one question."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Question", "Answer"])
    book.active.append([QUESTION, ANSWER])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def word() -> bytes:
    """Return a Word document of one sentence."""
    document, stream = docx.Document(), io.BytesIO()
    document.add_paragraph(ANSWER)
    document.save(stream)
    return stream.getvalue()


def pdf() -> bytes:
    """Return a PDF of one sentence."""
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    page.drawString(72, 720, ANSWER)
    page.save()
    return stream.getvalue()


def old_workbook() -> bytes:
    """Return a workbook of the format before 2007."""
    book, stream = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("FAQ")
    for row, cells in enumerate([("Question", "Answer"), (QUESTION, ANSWER)]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(stream)
    return stream.getvalue()


RTF = b"{\\rtf1\\ansi " + ANSWER.encode() + b"\\par}"
PAGE = f"<!DOCTYPE html><html><body><p>{ANSWER}</p></body></html>".encode()
CONTENTS = {
    "workbook": workbook, "old workbook": old_workbook, "word": word, "pdf": pdf, "rtf": lambda: RTF,
    "page": lambda: PAGE, "table": lambda: TABLE.encode(), "mhtml": MHTML.encode, "text": ANSWER.encode,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((f"faq{ending}", "workbook") for ending in (".xls", ".csv", ".txt", ".ods", ".docx", ".pdf")),
        *((f"faq{ending}", "old workbook") for ending in (".xlsx", ".csv", ".doc")),
        *((f"faq{ending}", "word") for ending in (".doc", ".txt", ".rtf", ".pdf", ".odt", ".html")),
        *((f"faq{ending}", "pdf") for ending in (".txt", ".doc", ".docx", ".html", ".md")),
        *((f"faq{ending}", "rtf") for ending in (".doc", ".docx", ".txt")),
        *((f"faq{ending}", "page") for ending in (".doc", ".docx", ".txt", ".xls", ".rtf")),
        *((f"faq{ending}", "table") for ending in (".xls", ".xlsx", ".csv", ".ods")),
        *((f"faq{ending}", "mhtml") for ending in (".html", ".htm", ".mht", ".mhtml", ".doc", ".xls", ".txt")),
        *((f"faq{ending}", "text") for ending in (".doc", ".docx", ".rtf")),
    ],
)
def test_bytes_decide(tmp_path: Path, name: str, kind: str) -> None:
    """A file under the ending of another format is read as what it is."""
    documents = read(tmp_path, name, CONTENTS[kind]())
    assert "18 months" in shown(documents)
    assert not any(document.warnings for document in documents if kind != "table")


@pytest.mark.parametrize("name", ["faq.xls", "faq.xlsx", "faq.csv"])
def test_a_page_of_cells_is_a_sheet(tmp_path: Path, name: str) -> None:
    """A table that a system exports as a page under a sheet's ending gives its rows; a hidden row stays out."""
    (document,) = read(tmp_path, name, f"<html><body><b>Help</b>{TABLE}</body></html>".encode())
    assert document.sections[0].question == QUESTION
    assert document.sections[0].headings == ("Help",)
    assert "41 percent" not in str(document.sections)


@pytest.mark.parametrize("name", ["faq.xls", "faq.xlsx", "faq.ods"])
@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_delimited_text_as_sheet(tmp_path: Path, name: str, encoding: str, delimiter: str) -> None:
    """Delimited text in any encoding is read as such under the ending of a workbook."""
    text = "\r\n".join(line.replace(",", delimiter) for line in PAIR)
    (document,) = read(tmp_path, name, text.encode(encoding))
    assert (document.sections[0].question, document.sections[0].text) == tuple(PAIR[1].split(","))


@pytest.mark.parametrize("name", ["fees.xls", "fees.xlsx"])
def test_workbook_in_xml(tmp_path: Path, name: str) -> None:
    """A workbook in XML of 2003 gives the rows that are shown, with amounts as they are shown."""
    (document,) = read(tmp_path, name, XML_SHEET.encode())
    assert document.sections[0].text == f"Service: {QUESTION[:-1]}; Fee: €1,250.00"
    left = {omission.reason: omission.text for omission in document.omitted}
    assert left[Omitted.COMMENTS] == "ask Bo"
    assert {"Cost", "7", "Withdrawn 1", "Internal note"} <= set(left[Omitted.HIDDEN].split("\n"))


@pytest.mark.parametrize(
    ("name", "stream", "wanted"),
    [
        ("letter.doc", "WordDocument", "Word document of the format before 2007.*save it as .docx"),
        ("letter.docx", "WordDocument", "Word document of the format before 2007"),
        ("tour.ppt", "PowerPoint Document", "PowerPoint presentation of the format before 2007.*save it as .pptx"),
    ],
)
def test_old_office_files_are_named(tmp_path: Path, name: str, stream: str, wanted: str) -> None:
    """A Word document or presentation of the format before 2007 is refused by its name, with what to do."""
    content = container(stream)
    with pytest.raises(UnsupportedFormat, match=wanted):
        read(tmp_path, name, content)


@pytest.mark.parametrize("name", ["fees.xlsx", "fees.xls", "fees.docx"])
def test_encrypted_office_files_are_named(tmp_path: Path, name: str) -> None:
    """An office file under a password says so, whatever its ending."""
    with pytest.raises(EncryptedFile, match="needs a password"):
        read(tmp_path, name, container("EncryptedPackage"))


def container(stream: str) -> bytes:
    """Return a compound file of one stream (MS-CFB): header, one FAT sector, one directory, 4,096 zero bytes."""
    free, end, fat = (number.to_bytes(4, "little") for number in (0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff09000600") + bytes(10)
    head += (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4) + (4096).to_bytes(4, "little")
    head += end + bytes(4) + end + bytes(4) + bytes(4) + free * 108
    chain = [fat, end, *((place + 1).to_bytes(4, "little") for place in range(2, 9)), end]

    def entry(name: str, kind: int, child: bytes, start: bytes, size: int) -> bytes:
        letters = name.encode("utf-16-le")
        written = letters.ljust(64, b"\0") + (len(letters) + 2).to_bytes(2, "little") + bytes((kind, 1))
        return written + free * 2 + child + bytes(36) + start + size.to_bytes(8, "little")

    root = entry("Root Entry", 5, (1).to_bytes(4, "little"), end, 0)
    part = entry(stream, 2, free, (2).to_bytes(4, "little"), 4096)
    directory = root + part + bytes(256)
    return head + b"".join(chain).ljust(512, b"\xff") + directory + bytes(4096)


@pytest.mark.parametrize("name", ["manual.pdf", "faq.zip", "faq.json", "book.epub", "mail.msg"])
def test_a_page_in_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    """A web page where a site should have sent a file is no knowledge: the message names it."""
    with pytest.raises(DamagedFile, match="is a web page"):
        read(tmp_path, name, PAGE)


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("all.zip", b"Rar!\x1a\x07\x00" + bytes(64), "RAR archive"),
        ("all.zip", b"7z\xbc\xaf\x27\x1c" + bytes(64), "7z archive"),
        ("faq.csv", b"\x1f\x8b\x08" + bytes(64), "gzip archive"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, name: str, content: bytes, wanted: str) -> None:
    """An archive of another kind is refused by its name."""
    with pytest.raises(UnsupportedFormat, match=wanted):
        read(tmp_path, name, content)


def test_binary_workbook_is_named(tmp_path: Path) -> None:
    """A binary workbook in a ZIP archive is refused by its name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", "<Types>application/vnd.ms-excel.sheet.binary.macroEnabled.main</Types>"
        )
        archive.writestr("xl/workbook.bin", b"\0")
    with pytest.raises(UnsupportedFormat, match="binary Excel workbook"):
        read(tmp_path, "fees.xlsx", stream.getvalue())


def test_mails_change_their_ending(tmp_path: Path) -> None:
    """A mail that is named after another program's format is read as the mail that it is."""
    (mail,) = read(tmp_path, "mail.msg", f"From: a@shop.example\nSubject: Vouchers\n\n{ANSWER}\n".encode())
    assert ANSWER in mail.sections[-1].text
    (tmp_path / "other.eml").write_bytes(container("__properties_version1.0"))
    assert recognise(tmp_path / "other.eml", "containers.eml") == "containers.msg"


def test_records_a_line_are_read_under_json(tmp_path: Path) -> None:
    """One record a line is read under the ending of JSON, one value over lines under that of lines."""
    line = json.dumps({"question": QUESTION, "answer": ANSWER})
    assert len(read(tmp_path, "faq.json", f"{line}\n{line}\n".encode())) == 2
    assert len(read(tmp_path, "faq.jsonl", f"[\n{line},\n{line}\n]".encode())) == 2
    assert len(read(tmp_path, "one.jsonl", f"[{line}, {line}]".encode())) == 2
    assert read(tmp_path, "object.jsonl", line.replace(", ", ",\n ").encode())[0].sections[0].text == ANSWER
    assert len(read(tmp_path, "lines.jsonl", f"{line}\n".encode())) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "<div>Vouchers are valid for 18 months.</div>"),
        ("a.txt", "<b>Bold</b> tags stay in a text: 18 months."),
        ("a.csv", "text\n<p>18 months</p> is a cell"),
        ("a.txt", "From: us\nSubject: 18 months"),
    ],
)
def test_texts_with_tags_stay_texts(tmp_path: Path, name: str, text: str) -> None:
    """A text that only holds tags or fields is no page and no mail."""
    assert "18 months" in shown(read(tmp_path, name, text.encode()))
