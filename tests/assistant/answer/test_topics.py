"""Of what comes nearest, only what people would call it is named; no number of a section is part of an answer."""

from __future__ import annotations

import pytest

from assistant.answer.abstain import not_found
from assistant.answer.extractive import Extractive
from assistant.types import Understanding
from kb.embedders.hashing import HashingEmbedder
from kb.types import Chunk, Hit, SectionKind


def hit_of(text: str, *headings: str, title: str = "Lamps", uri: str = "/files/lamp-prices-en.csv") -> Hit:
    """Return a hit on a chunk of a document."""
    chunk = Chunk(
        id=text, document_id="d", document_uri=uri, title=title, text=text, position=0, start=0, end=len(text),
        headings=headings, kind=SectionKind.PROSE,
    )  # fmt: skip
    return Hit(chunk, 1.0)


@pytest.mark.parametrize(
    ("title", "headings", "topic"),
    [
        ("lamp prices en", (), "lamp prices"),
        ("lamp prices en", ("4.2 Shades",), "Shades"),
        ("lamp prices en: Table lamps", (), "Table lamps"),
        ("Lamp care", ("2. Cleaning",), "Lamp care, Cleaning"),
        ("Lamp care", ("Version 2.1, effective May 2026",), "Lamp care"),
        ("灯具说明", ("二、清洁",), "灯具说明, 清洁"),
        ("Lamp Prices EN", ("Shades",), "Lamp Prices EN, Shades"),
    ],
)
def test_topics_are_named_as_people_call_them(title: str, headings: tuple[str, ...], topic: str) -> None:
    """A file's name, a section's number and an edition line are no part of a topic."""
    understanding = Understanding(message="?", language="en", queries=("?",))
    said = not_found(understanding, [hit_of("Lamps shine.", *headings, title=title)], "")
    assert f"they cover: {topic}. " in said


@pytest.mark.parametrize("question", ["When must I ask for a new shade?", "Who pays for the glass?"])
def test_topics_that_ask_have_one_mark(question: str) -> None:
    """A stored question that is named keeps its mark, and gets no second one."""
    hit = hit_of("On request.")
    asked = Hit(Chunk(
        id="q", document_id="d", document_uri="/q", title="Q", text=f"{question}\nOn request.", position=0,
        start=0,
        end=30, question=question, kind=SectionKind.QUESTION_ANSWER,
    ), 1.0)  # fmt: skip
    said = not_found(Understanding(message="?", language="en", queries=("?",)), [hit, asked], "")
    assert question in said
    assert "??" not in said
    assert "?." not in said


NUMBERED = """3. Lamps are packed by the shop,
in paper and in a box of wood that the shop takes back at any time of the year.
4. Shades of glass are wrapped twice, because they break easily on the road and cannot be made again by us here.
5. Bulbs travel apart from their lamps,
in tubes of cardboard that the carrier keeps upright until they are delivered."""


@pytest.mark.parametrize(
    ("question", "begin"),
    [("How are shades of glass wrapped?", "Shades of glass"), ("How do bulbs travel?", "Bulbs travel")],
)
def test_one_clause_is_quoted_without_its_number(question: str, begin: str) -> None:
    """What is said has no number, and what is cited stands in the document word for word."""
    quote = Extractive(HashingEmbedder()).quotes(question, [hit_of(NUMBERED)], brief=True)[0]
    assert quote.text.startswith(begin)
    assert quote.words in NUMBERED
    assert quote.words[1] == "."
