"""Chunks are exact slices of the document, and hold all of it; cleaning is stable."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ingest.loading.chunks import chunk, document_text
from ingest.text.clean import clean
from kb.types import Document, Section, SectionKind

WORDS = st.sampled_from(
    [
        "refund",
        "policy",
        "12.5",
        "days",
        "AB-1234",
        "e.g.",
        "don't",
        "naïve",
        "e\u0301te\u0301",
        "退货",
        "三十天内",
        "保修期。",
        "可以吗？",
        "yes.",
        "no!",
        "第三条",
        "\U00020000\U0001f600",
        "https://shop.example/returns",
        "¥1,299.00",
        "（含税）",
        "a;b",
    ]
)
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=60).map(" ".join), min_size=1, max_size=5)
TEXTS = PARAGRAPHS.map("\n\n".join).map(clean).filter(str.strip)
SECTIONS = st.builds(
    lambda text, kind, heading: Section(
        text=text,
        headings=(heading,),
        page=1,
        kind=kind,
        question="What now?" if kind is SectionKind.QUESTION_ANSWER else None,
    ),
    TEXTS,
    st.sampled_from(SectionKind),
    st.sampled_from(["Returns", "Refunds", "保修"]),
)
DOCUMENTS = st.lists(SECTIONS, min_size=1, max_size=4).map(
    lambda sections: Document(uri="/returns.md", title="Returns", sections=tuple(sections))
)
LIMITS = st.integers(min_value=80, max_value=1000)


@given(DOCUMENTS, LIMITS)
def test_slices(document: Document, limit: int) -> None:
    """Every chunk is the slice of the document's text that it says it is, in order, none overlapping."""
    text, _ = document_text(document)
    end = 0
    for position, one in enumerate(chunk(document, max_characters=limit)):
        assert text[one.start : one.end] == one.text != ""
        assert one.start >= end
        assert one.position == position
        end = one.end


@given(DOCUMENTS, LIMITS)
def test_nothing_is_lost(document: Document, limit: int) -> None:
    """The chunks hold every character of every section that is not white space."""
    text, spans = document_text(document)
    chunks = chunk(document, max_characters=limit)
    for (start, end), section in zip(spans, document.sections, strict=True):
        inside = "".join(one.text for one in chunks if start <= one.start < end)
        assert "".join(inside.split()) == "".join(text[start:end].split())
        assert section.text in text[start:end]


@given(DOCUMENTS, LIMITS)
def test_words_stay_whole(document: Document, limit: int) -> None:
    """No cut parts a word, a number or a letter from its marks."""
    text, _ = document_text(document)
    for one in chunk(document, max_characters=limit):
        for place in (one.start, one.end):
            around = text[max(place - 1, 0) : place + 1]
            assert not re.fullmatch(r"[A-Za-z0-9]{2}", around)
            assert not unicodedata.combining(text[place : place + 1] or " ")


@given(DOCUMENTS, LIMITS)
def test_limit(document: Document, limit: int) -> None:
    """A chunk of prose is never longer than the limit, Chinese characters counted twice."""
    for one in chunk(document, max_characters=limit):
        if one.kind is SectionKind.PROSE:
            assert len(one.text) + len(re.findall("[\u2e80-\u9fff\uff00-\uffef]", one.text)) <= limit


@given(DOCUMENTS, SECTIONS)
def test_ids(document: Document, section: Section) -> None:
    """Ids are unique, and the same when another section is put before."""
    ids = [one.id for one in chunk(document)]
    assert len(set(ids)) == len(ids)
    longer = replace(document, sections=(section, *document.sections))
    assert set(ids) <= {one.id for one in chunk(longer)}


@given(st.text(max_size=200))
def test_clean_is_stable(text: str) -> None:
    """Cleaning twice is cleaning once, whatever the text, and leaves nothing invisible."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not re.search("[\x00\u200b\u202e\u00ad\ud800-\udfff\U000e0041]", cleaned)


@given(st.text("abc éÄßЖ中文字ＡＢ１２，。 ", max_size=100))
def test_clean_keeps_letters(text: str) -> None:
    """Cleaning keeps every letter and sign, full-width ones included."""
    assert "".join(clean(text).split()) == "".join(unicodedata.normalize("NFC", text).split())


def test_a_list_stays_with_its_lead_in() -> None:
    """A list begins in the chunk of the line that leads to it."""
    text = "Some words about returns. " * 20 + "\n\nYou need:\n\n- the receipt\n- the form"
    last = chunk(Document(uri="/a.md", title="A", sections=(Section(text=text),)))[-1]
    assert last.text.endswith("You need:\n\n- the receipt\n- the form")


def test_a_long_answer_keeps_its_question() -> None:
    """Further chunks of an answer that is too long carry the same question."""
    section = Section(
        text="One sentence of the answer. " * 200,
        headings=(),
        page=None,
        kind=SectionKind.QUESTION_ANSWER,
        question="How?",
    )
    chunks = chunk(Document(uri="/a.md", title="A", sections=(section,)))
    assert len(chunks) > 3
    assert {one.question for one in chunks} == {"How?"}
