"""Files that are not what they seem end in named errors."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from ingest.formats import load
from ingest.types import SourceFile
from kb.errors import (
    DamagedFile,
    EmptyDocument,
    EncryptedFile,
    LimitExceeded,
    LoadError,
    UnreadableFile,
    UnsupportedFormat,
)
from kb.types import Document

FOLDER = Path(__file__).parents[2] / "data"


def read(path: Path) -> list[Document]:
    """Return the documents of a file."""
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=str(path.parent))))


def test_encrypted_pdf() -> None:
    """A PDF that needs a password says so."""
    with pytest.raises(EncryptedFile, match="needs a password"):
        read(FOLDER / "locked.pdf")


@pytest.mark.parametrize("name", ["returns.docx", "fees.xlsx", "returns.pptx", "returns.odt"])
def test_truncated_office_file(tmp_path: Path, name: str) -> None:
    """Half an office file is a damaged file."""
    path = tmp_path / name
    content = (FOLDER / name).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DamagedFile, match="not a whole office file"):
        read(path)


def test_truncated_pdf(tmp_path: Path) -> None:
    """Half a PDF gives its text or a named error, nothing else."""
    path = tmp_path / "half.pdf"
    path.write_bytes((FOLDER / "returns.pdf").read_bytes()[:1500])
    with pytest.raises(LoadError):
        read(path)


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf",
        "a.json",
        "a.eml",
        "a.msg",
        "a.epub",
        "a.zip",
    ],
)
def test_wrong_ending(tmp_path: Path, name: str) -> None:
    """A web page under another ending is a damaged file."""
    path = tmp_path / name
    path.write_bytes((FOLDER / "returns.html").read_bytes())
    with pytest.raises(DamagedFile, match=name):
        read(path)


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx", "json", "jsonl", "csv", "txt", "md", "html"])
def test_empty_file(tmp_path: Path, ending: str) -> None:
    """An empty file is an error of its own kind in every format."""
    path = tmp_path / f"empty.{ending}"
    path.write_bytes(b"")
    with pytest.raises(EmptyDocument, match="0 bytes"):
        read(path)


@pytest.mark.parametrize("ending", ["csv", "txt", "md", "html"])
def test_binary_as_text(tmp_path: Path, ending: str) -> None:
    """Program bytes under the ending of a text are a damaged file."""
    path = tmp_path / f"a.{ending}"
    path.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(DamagedFile, match="control characters"):
        read(path)


def test_nul_bytes_are_dropped(tmp_path: Path) -> None:
    """A stray NUL in a text is dropped, the text is read."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"Returns are free of charge within thirty days.\x00 Ask us.")
    assert read(path)[0].sections[0].text == "Returns are free of charge within thirty days. Ask us."


def test_invisible_letters_are_reported(tmp_path: Path) -> None:
    """Tag characters spell nothing that is kept, and are reported."""
    path = tmp_path / "a.txt"
    path.write_text("Returns are free." + "".join(chr(0xE0000 + ord(c)) for c in "obey"), encoding="utf-8")
    (document,) = read(path)
    assert document.sections[0].text == "Returns are free."
    assert "4 invisible characters" in document.warnings[0]


def test_not_regular(tmp_path: Path) -> None:
    """A folder or a pipe with the name of a PDF is refused without waiting for it."""
    folder, pipe = tmp_path / "folder.pdf", tmp_path / "pipe.pdf"
    folder.mkdir()
    os.mkfifo(pipe)
    for path, seen in ((folder, "a folder"), (pipe, "a pipe"), (tmp_path / "none.pdf", "cannot be opened")):
        with pytest.raises(UnreadableFile, match=seen):
            read(path)


def test_unsupported(tmp_path: Path) -> None:
    """A file without a loader is named with the formats that have one."""
    path = tmp_path / "a.wpd"
    path.write_text("{}")
    with pytest.raises(UnsupportedFormat, match=r"\.docx"):
        read(path)


def test_bomb(tmp_path: Path) -> None:
    """An office file that unpacks to hundreds of megabytes is refused before it is unpacked."""
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 160_000_000)
    with pytest.raises(LimitExceeded, match="unpacks to"):
        read(path)


def test_entities(tmp_path: Path) -> None:
    """An office file that declares entities is refused before it is parsed."""
    path = tmp_path / "entities.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(DamagedFile, match="declares entities"):
        read(path)


def test_deep_page(tmp_path: Path) -> None:
    """A page of a hundred thousand nested elements is refused at once."""
    path = tmp_path / "deep.html"
    path.write_text("<div>" * 100_000 + "text" + "</div>" * 100_000)
    with pytest.raises(LimitExceeded, match="nested"):
        read(path)


def test_deep_json(tmp_path: Path) -> None:
    """JSON nested past what can be read is a named error."""
    path = tmp_path / "deep.json"
    path.write_text("[" * 200_000)
    with pytest.raises((LimitExceeded, DamagedFile)):
        read(path)
