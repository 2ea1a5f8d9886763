"""Review sheets: safe to open, read back as filled in, disagreements found."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from assistant.audit.gate import Condition, decide
from assistant.audit.reports.report import build_report
from assistant.audit.review.links import link_of
from assistant.audit.review.sheet import COLUMNS, draw, rows, safe, share_out, unsafe, write_csv, write_xlsx
from assistant.audit.runs.folder import RunFolder
from assistant.audit.sampled import read_back, write_sheets
from kb.errors import FaqError
from tests.assistant.audit.conftest import Company

Audit = Callable[[str], None]
HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", " =1", "'=1", "\r\n=1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(text: str, tmp_path: Path) -> None:
    """What a customer typed is text in both forms of the sheet, whatever it begins with."""
    row = dict.fromkeys(COLUMNS, text) | {"links": "=HYPERLINK(1)"}
    write_csv(tmp_path / "sheet.csv", [row])
    write_xlsx(tmp_path / "sheet.xlsx", [row])
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.reader(stream))[1]
    page = load_workbook(tmp_path / "sheet.xlsx").active
    assert page is not None
    assert all(cell.startswith("'") for cell in cells)
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in page[2])


@given(st.text())
def test_safe_text_comes_back(text: str) -> None:
    """Making a text safe and undoing it gives the text, but for what no cell can hold."""
    kept = "".join(c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    kept = kept.replace("\ufffe", "").replace("\uffff", "")[:32_000]
    if not kept.startswith("'"):  # a text that begins like a safe one is read as one
        assert unsafe(safe(text)) == kept


def _fill(path: Path, verdict: Callable[[int], str]) -> None:
    """Fill in the labels of a CSV sheet by row."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    for place, row in enumerate(table):
        row["supported"] = verdict(place)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(table)


def test_a_sheet_links_to_what_is_cited(company: Company, audit: Audit, tmp_path: Path) -> None:
    """The link of a row opens the cited document; a PDF at the page, and nothing but pages and files is linked."""
    audit("one")
    sheets = write_sheets(company.settings.home, "one", tmp_path, 6, 1, ["Ada"], 0.0, by_verdict=False)
    page = load_workbook(next(path for path in sheets if path.suffix == ".xlsx")).active
    assert page is not None
    links = [row[COLUMNS.index("links")].hyperlink.target for row in page.iter_rows(min_row=2)]
    assert links
    assert {Path(link.removeprefix("file://")) for link in links} <= set(company.documents.iterdir())
    citation = RunFolder(company.settings.home, "one").answers()[0].citations[0]
    for uri, number, link in (
        ("/a b/terms.pdf", 3, "file:///a%20b/terms.pdf#page=3"),
        ("/a/faq.jsonl#F09", None, "file:///a/faq.jsonl"),
        ("https://shop.example/faq", None, "https://shop.example/faq"),
        ("javascript:alert(1)", None, ""),
    ):
        record = uri.partition("#")[2] or None
        assert link_of(replace(citation, document_uri=uri, page=number, record_id=record)) == link


def test_labels_come_back_with_their_reviewers(company: Company, audit: Audit, tmp_path: Path) -> None:
    """Two reviewers label the same claims; what they disagree about is listed until it is settled."""
    audit("one")
    home = company.settings.home
    sheets = write_sheets(home, "one", tmp_path, 6, 1, ["Ada", "Ben"], 1.0, by_verdict=False)
    ada, ben = (path for path in sheets if path.suffix == ".csv")
    _fill(ada, lambda place: "yes")
    _fill(ben, lambda place: "no" if place == 0 else "是")
    found, number = read_back(company.settings, "one", [ada, ben], None, settles=False)
    assert found.reviewers == ("Ada", "Ben")
    assert number == 2 * (len(found.truth) + 1)
    assert found.people.size == number / 2
    ((place, said),) = found.disputed.items()
    assert said == {"Ada": True, "Ben": False}
    assert place not in found.truth
    settling = tmp_path / "settled.csv"
    write_csv(settling, [r for r in rows(RunFolder(home, "one").answers(), "Chief") if r["answer"] == place[0]])
    _fill(settling, lambda _: "no")
    settled, _ = read_back(company.settings, "one", [settling], None, settles=True)
    assert not settled.disputed
    assert settled.truth[place] is False
    assert settled.judges["first judge"].size == len(settled.truth)
    assert settled.corrected[0].value < 1.0
    assert any(
        "labels" in d.says for d in decide(home, "one", None, [Condition.parse("faithfulness=0.1", at_least=True)])
    ) is (settled.corrected[0].labels >= 30)
    assert build_report(RunFolder(home, "one")).review.truth == settled.truth


def test_a_filled_in_workbook_is_read(company: Company, audit: Audit, tmp_path: Path) -> None:
    """Labels typed into the XLSX sheet come back too."""
    audit("one")
    home = company.settings.home
    (path,) = (
        p for p in write_sheets(home, "one", tmp_path, 2, 1, ["Ada"], 0.0, by_verdict=True) if p.suffix == ".xlsx"
    )
    book = load_workbook(path)
    page = book.active
    assert page is not None
    for line in range(2, page.max_row + 1):
        page.cell(line, COLUMNS.index("supported") + 1, "Yes")
    book.save(path)
    found, number = read_back(company.settings, "one", [path], None, settles=False)
    assert number == len(found.truth) == page.max_row - 1


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("supported", "maybe", "write yes, no or unsure"), ("claim", "other words", "name the run"),
     ("reviewer", "", "--reviewer NAME"), ("supported", "", "no row of the sheets is filled in")],
)  # fmt: skip
def test_a_wrong_sheet_says_what_is_wrong(
    company: Company, audit: Audit, tmp_path: Path, column: str, value: str, message: str
) -> None:
    """A label that cannot be read, a claim of another run, a missing name and an empty sheet are named."""
    audit("one")
    table = [
        {**row, "supported": "yes", column: value}
        for row in rows(RunFolder(company.settings.home, "one").answers(), "Ada")
    ]
    write_csv(tmp_path / "sheet.csv", table)
    with pytest.raises(FaqError, match=message):
        read_back(company.settings, "one", [tmp_path / "sheet.csv"], None, settles=False)


def test_dealing_covers_everything_once_and_a_share_twice(company: Company, audit: Audit) -> None:
    """Every answer has a reviewer, the share asked for has two, and weights sum to all answers."""
    dealt = share_out([f"a{i}" for i in range(10)], ["Ada", "Ben", "Cy"], 0.3, 5)
    everything = [i for ids in dealt.values() for i in ids]
    assert len(everything) == 13
    assert len(set(everything)) == 10
    audit("one")
    answers = RunFolder(company.settings.home, "one").answers()
    weights = draw(answers, 3, 1, by_verdict=False)
    assert sum(weights.values()) == pytest.approx(sum(1 for a in answers if a.claims))
