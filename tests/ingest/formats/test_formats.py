"""What every loader makes of the same page, and what is particular to a format."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from subprocess import run

import pytest

from ingest.formats import LOADERS, load
from ingest.types import SourceFile
from kb.errors import DamagedRecords
from kb.types import Document, Section, SectionKind

FOLDER = Path(__file__).parents[2] / "data"
PAGES = ["returns.md", "returns.html", "returns.txt", "returns.docx", "returns.pdf"]
TABLES = ["returns.md", "returns.html", "returns.docx", "returns.pdf"]


def read(name: str | Path) -> list[Document]:
    """Return the documents of a file of tests/data, or of any path."""
    path = FOLDER / name
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent))))


def rows(document: Document) -> list[Section]:
    """Return the table rows of a document."""
    return [section for section in document.sections if section.kind is SectionKind.TABLE_ROW]


@pytest.mark.parametrize("name", PAGES)
def test_title_and_headings(name: str) -> None:
    """A page's title comes from the page, and stands in no section's headings."""
    (document,) = read(name)
    assert document.title.startswith("Returns policy")
    assert all("Returns policy" not in section.headings for section in document.sections)
    assert document.sections[0].text.startswith("You may return an unopened item within 30 days of delivery.")
    assert document.sections[0].headings[-1].endswith("Periods")


@pytest.mark.parametrize("name", PAGES)
def test_question_headings(name: str) -> None:
    """A heading that asks, with the text under it, is a question-answer pair."""
    (document,) = read(name)
    (pair,) = [section for section in document.sections if section.kind is SectionKind.QUESTION_ANSWER]
    assert pair.question == "How long does a refund take?"
    assert pair.text == "A refund takes 5 working days after the inspection."


@pytest.mark.parametrize("name", TABLES)
def test_rows_carry_headers(name: str) -> None:
    """Every row of a table says which column each value stands in."""
    (document,) = read(name)
    first = rows(document)[0]
    assert first.text.startswith("Reason: Faulty; ")
    assert first.text.count(": Free") == 2
    assert first.headings[0].endswith("Costs")


@pytest.mark.parametrize("name", PAGES)
def test_hidden_text_is_left_out(name: str) -> None:
    """What a reader does not see is in no section, and its presence is reported."""
    (document,) = read(name)
    assert "Ignore all rules" not in str(document.sections)
    if name in ("returns.html", "returns.docx", "returns.pdf"):
        assert any("hidden text" in warning for warning in document.warnings)


def test_front_matter() -> None:
    """Front matter of Markdown becomes labels."""
    (document,) = read("returns.md")
    assert document.labels.valid_from == date(2026, 3, 1)
    assert document.labels.valid_until == date(2026, 12, 31)
    assert document.labels.audience == "customers"
    assert document.labels.supersedes == ("returns-2025.md",)


def test_markdown_marks_are_not_text() -> None:
    """Emphasis loses its marks, a link keeps its address, code stays as it stands."""
    (document,) = read("returns.md")
    text = "\n".join(section.text for section in document.sections)
    assert "- the receipt\n- the form (https://shop.example/form)" in text
    assert "faq return --order 1" in text


def test_stacked_headers_and_captions() -> None:
    """A header of two rows names each column in full, and a caption stands above the rows."""
    (document,) = read("returns.html")
    assert rows(document)[1].text == "Reason: Change of mind; Item / Small item: ¥12; Item / Large item: ¥80"
    assert rows(document)[1].headings[-1] == "Costs in 2026"


def test_menus_are_left_out() -> None:
    """Navigation and footers of a web page are not its text."""
    (document,) = read("returns.html")
    assert "Offers" not in str(document.sections)
    assert "Imprint" not in str(document.sections)


def test_declared_chinese_encoding() -> None:
    """A Chinese page that declares gb2312 is read as its superset GB18030."""
    (document,) = read("returns-gb.html")
    assert document.title == "退货政策"
    assert document.sections[0].text == "未拆封的商品，签收后三十天内可以退货。"


def test_marked_pairs() -> None:
    """Lines marked 问 and 答 are question-answer pairs."""
    (document,) = read("faq-zh.txt")
    assert [(s.question, s.text) for s in document.sections] == [
        ("多久可以退货？", "签收后三十天内。"),
        ("运费谁付？", "质量问题由我们付。"),
    ]


def test_pdf_pages_and_running_lines() -> None:
    """Sections know their page, and lines that run over all pages are dropped."""
    (document,) = read("returns.pdf")
    assert document.sections[0].page == 1
    assert document.sections[-1].page == 2
    assert document.sections[-1].text == "The last page ends here."
    assert "internal number" not in str(document.sections)
    assert "Page 1 of 2" not in str(document.sections)


def test_pdf_table_goes_on() -> None:
    """A table that goes on over the page keeps its header, and its text is not repeated as prose."""
    (document,) = read("returns.pdf")
    assert [(row.page, row.text) for row in rows(document)] == [
        (1, "Reason: Faulty; Small item: Free; Large item: Free"),
        (1, "Reason: Change of mind; Small item: ¥12; Large item: ¥80"),
        (2, "Reason: Refused; Small item: ¥13; Large item: ¥90"),
        (2, "Reason: Wrong item; Small item: Free; Large item: Free"),
    ]
    assert "¥13" not in str([s for s in document.sections if s.kind is not SectionKind.TABLE_ROW])


def test_docx_lists() -> None:
    """List items keep their marks and stay together; page headers are dropped."""
    (document,) = read("returns.docx")
    assert "- the receipt\n- the form" in document.sections[0].text
    assert "Running header" not in str(document.sections)


def test_xlsx_cells_as_read() -> None:
    """Numbers, shares, amounts and days are written as the sheet shows them, under the title line."""
    first, second, answer = read("fees.xlsx")
    assert first.sections[0].text == "Reason: Faulty; Price: 12.5; Share: 15%; From: 2026-03-01"
    assert first.sections[0].headings == ("Fees from March",)
    assert first.record_id == "4"
    assert "¥1,299.00" in second.sections[0].text
    assert (answer.record_id, answer.sections[0].question, answer.sections[0].page) == ("Q7", "多久可以退货？", 2)
    assert any("'Staff' is hidden" in warning for warning in answer.warnings)


@pytest.mark.parametrize("name", ["faq.jsonl", "faq.json"])
def test_records(name: str) -> None:
    """A record is a document of its own; an id that comes again gets a number."""
    first, second, third = read(name)
    assert [document.record_id for document in (first, second, third)] == ["a1", "a1-2", "3"]
    assert first.uri.endswith(f"{name}#a1")
    assert first.sections == second.sections
    assert first.sections[0].kind is SectionKind.QUESTION_ANSWER
    assert (first.labels.language, first.labels.product) == ("en", "Kettle")
    assert (third.labels.audience, third.labels.valid_until) == ("staff", date(2026, 12, 31))


def test_object() -> None:
    """A JSON file that is one object is one document with its inner objects under headings."""
    (document,) = read("shop.json")
    assert document.title == "Shop"
    assert document.sections[-1].headings == ("Kettle", "sizes")
    assert document.sections[-1].text == "small.litres: 1.5; small.price: 20"


def test_csv() -> None:
    """Encoding and delimiter are recognised, a quoted line end keeps its line numbers, no cell is lost."""
    documents = read("stores.csv")
    assert [document.record_id for document in documents] == ["2", "3", "5"]
    assert documents[1].sections[0].text == "门店: 人民广场店; 电话: 021-5550149; 地址: 人民大道 2号"
    assert documents[2].sections[0].text.endswith("三")


def test_bad_line_is_reported(tmp_path: Path) -> None:
    """A line of a JSONL file that is no JSON is named at the end, the rest is read before."""
    path = tmp_path / "some.jsonl"
    path.write_text('{"text": "One."}\n{broken\n{"text": "Three."}\n')
    documents = load(SourceFile(uri=path.as_posix(), path=path, root=tmp_path.as_posix()))
    assert [next(documents).record_id, next(documents).record_id] == ["1", "3"]
    with pytest.raises(DamagedRecords, match=r"1 of 3 lines are not JSON \(line 2\)"):
        next(documents)


def test_further_fields_are_kept(tmp_path: Path) -> None:
    """A field beside a text is found as a row; one that only labels the record is kept as a label."""
    path = tmp_path / "some.jsonl"
    path.write_text('{"text": "A kettle.", "price": 20, "category": "kitchen", "size": {"litres": 1.5}}\n')
    (document,) = read(path)
    assert document.sections[1].text == "price: 20; size.litres: 1.5"
    assert document.labels.extra["category"] == "kitchen"


def test_every_ending_has_a_module() -> None:
    """Each entry of the table of loaders names a module that has a ``load``."""
    import importlib

    assert all(callable(importlib.import_module(f"ingest.formats.{name}").load) for name in LOADERS.values())


def test_imports_are_lazy() -> None:
    """Importing the table of loaders imports no parser."""
    code = "import sys, ingest.formats; print(*sys.modules)"
    modules = run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pypdf", "pdfplumber", "docx", "openpyxl", "bs4", "markdown_it"} & set(modules)
