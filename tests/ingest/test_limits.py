"""What is too much is refused soon, for its own reason; what is merely long takes time in proportion."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import ingest.loading.chunks as chunks
from ingest.formats import load
from ingest.limits import MAX_RECORDS
from ingest.loading.chunks import chunk, document_text
from ingest.structure.counted import check_rows
from ingest.types import SourceFile
from kb.errors import LimitExceeded
from kb.language.text import sentence_spans
from kb.types import Document, Section

ROWS = MAX_RECORDS + 7


def read(path: Path) -> list[Document]:
    """Return the documents of a file."""
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent))))


def write_sheet(path: Path, rows: str, prefix: str = "") -> None:
    """Write a part of a workbook as large as it may be."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<{prefix}sheetData>{rows}</{prefix}sheetData>")


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.csv", "q,a\n" + "1,2\n" * (ROWS - 1)), ("a.tsv", "1\n" * ROWS), ("a.jsonl", '{"a": 1}\n' * ROWS)],
)
def test_too_many_rows_are_counted_before_any_is_read(tmp_path: Path, name: str, text: str) -> None:
    """The reason says how many there are, how many there may be, and what to do."""
    (tmp_path / name).write_text(text)
    with pytest.raises(LimitExceeded, match=f"{ROWS:,} rows, at most {MAX_RECORDS:,} .* split it"):
        read(tmp_path / name)


def test_a_cell_that_is_too_long_is_said_to_be_one(tmp_path: Path) -> None:
    """The reason says where it is, how long a cell may be, and what may be wrong with it."""
    path = tmp_path / "a.csv"
    path.write_text('question,answer\nWhere?,Here.\nWhy?,"Because ' + "so " * 3_500_000)
    with pytest.raises(
        LimitExceeded, match=r"row that begins on line 3 has over 10,000,000 characters: .* quotation mark"
    ):
        read(path)


def test_lines_within_a_cell_are_no_rows(tmp_path: Path) -> None:
    """A cell may have more lines than a file may have rows."""
    path = tmp_path / "a.csv"
    path.write_text('question,answer\n"why?","' + "because\n" * ROWS + '"\n')
    check_rows(path, ".csv")


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_rows_of_a_workbook_are_counted(tmp_path: Path, prefix: str) -> None:
    """Those with a value; a sheet whose rows only have a height is none too many."""
    path = tmp_path / "a.xlsx"
    write_sheet(
        path, f'<{prefix}row r="1"><{prefix}c><{prefix}v>1</{prefix}v></{prefix}c></{prefix}row>' * ROWS, prefix
    )
    with pytest.raises(LimitExceeded, match=f"{ROWS:,} rows"):
        check_rows(path, ".xlsx")
    write_sheet(path, f'<{prefix}row r="1" ht="20"/>' * ROWS, prefix)
    check_rows(path, ".xlsx")


def test_what_is_no_workbook_is_left_to_its_loader(tmp_path: Path) -> None:
    """Counting says nothing about a file that cannot be opened."""
    (tmp_path / "a.xlsx").write_text("none")
    check_rows(tmp_path / "a.xlsx", ".xlsx")


@pytest.mark.parametrize(
    "text", ["kettle " * 30_000, "a" * 200_000, "退货" * 50_000, "It costs 5. Order now. " * 9_000]
)
def test_a_long_line_is_cut_without_looking_back(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it is in the chunks, and no step looks at more than a chunk's length at once."""
    looked: list[int] = []
    length = chunks._length
    monkeypatch.setattr(chunks, "_length", lambda piece: looked.append(len(piece)) or length(piece))
    document = Document(uri="/a.txt", title="a", sections=(Section(text=text.strip()),))
    whole = document_text(document)[0]
    found = chunk(document)
    assert "".join("".join(c.text.split()) for c in found) == "".join(whole.split())
    assert max(looked) <= 2 * chunks.MAX_CHARACTERS


def test_sentences_of_a_long_line() -> None:
    """A number that begins a line, however far it is indented, numbers a list; within a line it does not."""
    text = "It is 5. We ship.\n" + " " * 50 + "2. Second item"
    spans = [text[start:end] for start, end in sentence_spans(text)]
    assert spans == ["It is 5.", "We ship.", "2. Second item"]


def test_a_text_of_invalid_utf8_is_said_to_be_one(tmp_path: Path) -> None:
    """A broken byte costs its own letter, not the encoding of all others."""
    path = tmp_path / "a.txt"
    path.write_bytes(
        "Größe und Höhe über 30 Zoll; café crème; 退货政策。".encode() + b" x\xffy. " + "Ärger.".encode()
    )
    (document,) = read(path)
    assert "Größe und Höhe" in document.sections[0].text
    assert "退货政策" in document.sections[0].text
    assert "Ärger" in document.sections[0].text
    assert "1 characters are unreadable" in document.warnings[0]
    path.write_bytes("Größe und Höhe über 30 Zoll; café crème".encode("cp1252"))
    assert "Größe und Höhe" in read(path)[0].sections[0].text
    assert read(path)[0].warnings == ()
