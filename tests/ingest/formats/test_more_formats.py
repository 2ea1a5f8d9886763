"""Slides, OpenDocuments, mails, books, archives, scans: what is particular to each."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from ingest.formats import can_load, load
from ingest.formats.pages.lines import Line, Page, Piece
from ingest.formats.pages.ocr import can_read_images
from ingest.formats.pdf.scans import read_scans
from ingest.types import SourceFile
from kb.errors import DamagedRecords, EmptyDocument, LimitExceeded
from kb.types import Document, Omitted, SectionKind

FOLDER = Path(__file__).parents[2] / "data"
PERIOD = "You may return an unopened item within 30 days of delivery."
QUESTION = "How long does a refund take?"
HIDING = ["returns.pptx", "returns.odt", "returns.eml", "returns.rtf"]
ROW = "Reason: Faulty; Small item: Free; Large item: Free"

needs_ocr = pytest.mark.skipif(not can_read_images(), reason="needs the extra ocr")


def read(name: str | Path) -> list[Document]:
    """Return the documents of a file of tests/data, or of any path."""
    path = FOLDER / name
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent))))


@pytest.mark.parametrize(
    "name", ["returns.pptx", "returns.odt", "returns.odp", "returns.eml", "returns.epub", "returns.rtf"]
)
def test_title(name: str) -> None:
    """Every format gives the title that a reader sees."""
    assert read(name)[0].title == "Returns policy"


@pytest.mark.parametrize("name", ["returns.pptx", "returns.odt", "returns.eml", "returns.epub", "returns.rtf"])
def test_text(name: str) -> None:
    """Every format gives the page's first sentence, and what its style hides is in no section."""
    document = read(name)[0]
    assert document.sections[0].text.startswith(PERIOD)
    assert "Ignore all rules" not in str(document.sections)
    assert any("hidden text" in warning for warning in document.warnings) == (name in HIDING)


@pytest.mark.parametrize("name", ["returns.odt", "returns.epub"])
def test_question_headings(name: str) -> None:
    """A heading that asks, with the text under it, is a question-answer pair in texts and books too."""
    (pair,) = [one for one in read(name)[0].sections if one.kind is SectionKind.QUESTION_ANSWER]
    assert (pair.question, pair.text) == (QUESTION, "A refund takes 5 working days after the inspection.")


@pytest.mark.parametrize("name", ["returns.odt", "returns.ods", "returns.rtf"])
def test_rows_carry_headers(name: str) -> None:
    """Every row of a table says which column each value stands in."""
    rows = [s.text for document in read(name) for s in document.sections if s.kind is SectionKind.TABLE_ROW]
    assert rows[0] == ROW


def test_slides() -> None:
    """A slide's title is the heading of what is on it, its number the page; notes and hidden slides are told."""
    (document,) = read("returns.pptx")
    costs = document.sections[1]
    assert (costs.page, costs.headings) == (2, ("Costs",))
    assert costs.text == "Reason: Faulty; Item / Small item: Free; Item / Large item: Free"
    assert document.warnings[0] == "slide 3 is hidden and was left out"
    assert {omission.reason for omission in document.omitted} == {Omitted.COMMENTS, Omitted.HIDDEN}


def test_slide_lists() -> None:
    """The items of a list stay together with their marks."""
    assert read("returns.odp")[0].sections[0].text == "- the receipt\n- the form"


def test_second_table_of_a_sheet() -> None:
    """A table below blank rows has a header of its own, and rows keep their numbers."""
    documents = read("returns.ods")
    assert [document.record_id for document in documents] == ["2", "3", "7", "8"]
    assert documents[2].sections[0].text == "Region: Asia; Days: 7"


def test_xls_cells_as_read() -> None:
    """Numbers and shares of an old workbook are written as the sheet shows them, under its merged title."""
    (document,) = read("fees.xls")
    assert document.sections[0].text == "Reason: Faulty; Price: 1,299.00; Share: 15%"
    assert document.sections[0].headings == ("Fees from March",)


def test_rtf_encoding() -> None:
    """Chinese in a rich text of code page 936 is read."""
    assert read("returns.rtf")[0].sections[0].text.endswith("退货")


def test_mail() -> None:
    """A mail keeps who sent it as labels, and what is attached becomes documents of its own."""
    mail, attached = read("returns.eml")
    assert mail.labels.extra["from"] == "Shop <shop@shop.example>"
    assert attached.uri.endswith("returns.eml!/returns.md")
    assert attached.labels.audience == "customers"


def test_unruled_tables() -> None:
    """A table of a PDF that draws no rules gives rows with headers, and the text around it stays text."""
    (document,) = read("prices.pdf")
    rows = [(s.headings, s.text) for s in document.sections if s.kind is SectionKind.TABLE_ROW]
    assert rows[1] == ((), "Plan: Team; Monthly fee: $29; Support: Mail and chat")
    assert rows[5] == (("Delivery",), "Region: Elsewhere; Standard: 9.90; Express: 24.90")
    assert [s.text for s in document.sections if s.kind is SectionKind.PROSE][1] == "All prices are before tax."


def test_archive() -> None:
    """An archive gives what its members give; a member that fails is named with its error, after all others."""
    path = FOLDER / "all.zip"
    documents: list[Document] = []
    loaded = load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent)))
    with pytest.raises(DamagedRecords, match=r"1 of 4 files inside .*broken\.pdf: DamagedFile"):
        documents.extend(iter(lambda: next(loaded), None))
    inside = [document.uri.partition("all.zip")[2] for document in documents]
    assert inside == [
        "!/returns.md",
        "!/faq/faq.jsonl#a1",
        "!/faq/faq.jsonl#a1-2",
        "!/faq/faq.jsonl#3",
        "!/常见问题.txt",
    ]
    assert "left out: 1 .exe" in documents[0].warnings[0]


def test_archives_in_archives(tmp_path: Path) -> None:
    """Archives packed deeper than people pack them are not followed."""
    content = (FOLDER / "returns.md").read_bytes()
    name = "a.md"
    for _ in range(5):
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, content)
        content, name = path.read_bytes(), "a.zip"
    with pytest.raises(DamagedRecords, match="more than 3 archives"):
        read(path)


def test_archive_bomb(tmp_path: Path) -> None:
    """An archive that unpacks to hundreds of megabytes is refused before it is unpacked."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.txt", b" " * 80_000_000)
    with pytest.raises(LimitExceeded, match="unpack it"):
        read(path)


@needs_ocr
@pytest.mark.parametrize("name", ["returns.png", "returns-turned.png", "scan.pdf"])
def test_scans(name: str) -> None:
    """An image, one upside down, and a PDF page without a text layer are read, lines joined to sentences."""
    (document,) = read(name)
    assert PERIOD in str(document.sections)
    assert document.warnings == ()


@needs_ocr
def test_scans_that_take_too_long() -> None:
    """When the time of a file is over, its further scans are named, and nothing that was read is lost."""
    from pypdfium2 import PdfDocument

    scans = [Page(number=number, width=595.0, height=842.0, draws=True) for number in (1, 1)]
    written = Page(
        number=2,
        width=595.0,
        height=842.0,
        lines=[Line([Piece(text="Refunds", x=50.0, right=90.0, y=700.0, size=10.0)], 2)],
    )
    with closing(PdfDocument(FOLDER / "scan.pdf")) as document:
        warnings = read_scans(document, [*scans, written], seconds=0.0)
        read_later = read_scans(document, scans[:1], seconds=60.0)
    assert warnings == ["page 1 is a scan and was not read, the file took too long: split it"] * 2
    assert [line.text for line in written.lines] == ["Refunds"]
    assert read_later == []
    assert PERIOD in " ".join(line.text for line in scans[0].lines)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra an image has no loader, and a scanned page is an error that says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not can_load(".png")
    assert can_load(".pdf")
    with pytest.raises(
        EmptyDocument, match=r"page 1 has no text but an image: run `pip install 'faq-assistant\[ocr\]'`"
    ):
        read("scan.pdf")
