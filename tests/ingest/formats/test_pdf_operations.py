"""The steps of a page's content, read by one pattern, are those that pypdf reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream, DecodedStreamObject

from ingest.formats.pdf.operations import install, part

PDFS = sorted((Path(__file__).parents[3] / "data").rglob("*.pdf"))

_NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(str), st.floats(-999, 999).map(lambda x: f"{x:.3f}"), st.just(".5")
)
_ESCAPES = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)", "\n": "\\12"})
_STRINGS = st.text(st.sampled_from("ab (\\)é\n~"), max_size=6).map(lambda text: f"({text.translate(_ESCAPES)})")
_HEX = st.binary(max_size=4).map(lambda value: f"<{value.hex()}>")
_NAMES = st.sampled_from(["/F1", "/GS0", "/Im-1.x"])
_DICTIONARIES = st.just("<</MCID 3 /A [1 (x)] /B <</C /D>> >>")
_ITEMS = st.one_of(_NUMBERS, _STRINGS, _HEX)
_ARRAYS = st.lists(_ITEMS, max_size=5).map(lambda items: "[" + " ".join(items) + "]")
_STEPS = st.tuples(
    st.lists(st.one_of(_ITEMS, _NAMES, _DICTIONARIES), max_size=4),
    st.sampled_from(["Tj", "T*", "re", "f*", "'", '"', "BDC", "scn", "d0", "% a note (\nq"]),
).map(lambda step: " ".join([*step[0], step[1]]))
_CONTENTS = st.lists(_STEPS, max_size=12).map(lambda steps: "\n".join(steps).encode("latin-1"))


def by_pypdf(content: bytes) -> list[tuple[Any, bytes]]:
    """Return the steps as pypdf itself reads them, dictionaries empty."""
    stream = DecodedStreamObject()
    stream.set_data(content)
    operations = ContentStream(stream, None, "bytes").operations
    return [([{} if isinstance(one, dict) else one for one in operands], name) for operands, name in operations]


@given(_CONTENTS)
def test_the_steps_are_those_of_pypdf(content: bytes) -> None:
    """Numbers, strings, names and operators of ordinary content are what pypdf reads."""
    assert part(content) == by_pypdf(content)


@given(_ARRAYS)
def test_no_letter_and_no_blank_of_a_line_is_lost(array: str) -> None:
    """Joining what a hair parts keeps the letters, the sum of the moves, and each move that may be a blank."""
    content = f"{array} TJ".encode("latin-1")
    parted = part(content)
    assert parted is not None
    (((mine,), _),), (((theirs,), _),) = parted, by_pypdf(content)

    def texts(items: list[Any]) -> list[bytes]:
        lines = [b""]
        for one in items:
            if isinstance(one, bytes):
                lines[-1] += one
            elif one <= -10:
                lines.append(b"")
        return lines

    assert texts(mine) == texts(theirs)
    assert sorted(one for one in mine if not isinstance(one, bytes)) == pytest.approx(
        sorted(float(one) for one in theirs if not isinstance(one, bytes))
    )


@pytest.mark.parametrize(
    "content",
    [
        b"BI /W 1 /H 1 ID \x00\xff EI",
        b"(a (nested) one) Tj",
        b"--5 0 Td",
        b"1 0 R",
        b"(no end",
        b"[(a) TJ",
        b"<< /A 1 BDC",
        b"\\(a) Tj",
        b"(a\\\nb) Tj",
        b"] TJ",
    ],
)
def test_what_is_not_ordinary_is_left_to_pypdf(content: bytes) -> None:
    """Content with an image, nested brackets or broken parts is not guessed at."""
    assert part(content) is None


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.name)
def test_the_text_of_a_file_is_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page gives the same text and the same steps to look at, and the quick way is the one that is taken."""
    import pypdf._text_extraction

    def read() -> tuple[list[str], int, bool]:
        steps, quick = 0, False

        def look(_operator: bytes, operands: list[Any], *_: Any) -> None:
            nonlocal steps, quick
            steps += 1
            quick |= any(type(one) is bytes for one in operands)

        texts = [page.extract_text(visitor_operand_before=look) for page in PdfReader(path).pages]
        return texts, steps, quick

    install()
    mine = read()
    monkeypatch.setattr(pypdf._text_extraction, "ContentStream", ContentStream)
    theirs = read()
    assert mine[:2] == theirs[:2]
    assert (mine[2], theirs[2]) == (True, False)


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.name)
def test_the_search_for_tables_sees_the_same_places(path: Path) -> None:
    """Characters and lines stand where pdfplumber's own objects stand, and so do the edges made of them."""
    import pdfplumber

    from ingest.formats.pdf.objects import PlainPage

    def places(items: list[dict[str, Any]], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
        return [tuple(item.get(name) for name in names) for item in items]

    with pdfplumber.open(path) as file:
        for page in file.pages:
            plain = PlainPage.of(page)
            sides = ("x0", "x1", "top", "bottom", "doctop", "width", "height")
            assert places(plain.chars, (*sides, "text", "size", "upright")) == places(
                page.chars, (*sides, "text", "size", "upright")
            )
            assert places(plain.edges, (*sides, "orientation")) == places(page.edges, (*sides, "orientation"))
