"""Misspelt words are set right by the documents' own words, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kb.embedders.bundled import BundledEmbedder
from kb.embedders.hashing import HashingEmbedder
from kb.knowledge_base import KnowledgeBase
from kb.language.text import terms
from kb.search.spelling import corrected
from kb.settings import KnowledgeSettings
from tests.conftest import one_chunk

DOCUMENTS = (
    "Kettles may be returned within thirty days. Delivery to Canada is free. The point counts. Order HL-AF55."
)
WORDS = {"paint", "battery", "return"}


def frequencies(words: Sequence[str]) -> list[int]:
    """Return how often terms stand in ``DOCUMENTS``."""
    held = terms(DOCUMENTS)
    return [held.count(word) for word in words]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("can I retrun it", "can I return it"),
        ("is delvery free", "is delivery free"),
        ("Delliveryy to Canada", "Delliveryy to Canada"),
        ("DELIVERRY to Canadda?", "delivery to canada?"),
        ("kettels within thrity days", "kettles within thirty days"),
    ],
    ids=["swapped", "lost", "two-letters", "upper-case", "two-words"],
)
def test_one_wrong_letter_is_set_right(typed: str, meant: str) -> None:
    """A word one edit away from a word of the documents becomes that word; two edits away it stays."""
    assert corrected(typed, frequencies, WORDS.__contains__) == meant


@pytest.mark.parametrize(
    "text",
    [
        "can I paint the kettle",
        "where is the battery",
        "order HL-AF56 and tracking dellivery-77",
        "write to delivry@example.com or www.delivry.com",
        "退货要多久 dell",
        "",
        "thirty days",
        "Lieferung dauert wirklich dreissig Arbeitstage oderr etwas laenger vielleicht",
    ],
    ids=[
        "word-near-another",
        "unknown-word",
        "codes",
        "addresses",
        "chinese",
        "empty",
        "right",
        "another-language",
    ],
)
def test_what_is_no_typo_stays(text: str) -> None:
    """Real words that the documents lack, codes, addresses, short words and texts full of unknown words stay."""
    assert corrected(text, frequencies, WORDS.__contains__) == text


@pytest.mark.parametrize("word", ["paint", "delivery", "return", "battery"])
def test_the_bundled_vocabulary_knows_words(word: str) -> None:
    """Common words are one piece of the bundled model's vocabulary, misspelt ones are not."""
    embedder = BundledEmbedder()
    assert embedder.is_word(word)
    assert not embedder.is_word(word[:2] + "q" + word[2:])


def test_a_misspelt_question_finds_what_was_meant(tmp_path: Path) -> None:
    """A search says which words it read, and finds as if they had been typed rightly."""

    class Spelling(HashingEmbedder):
        """Hashes words, and knows some."""

        def is_word(self, text: str) -> bool:
            """Tell whether a word is known."""
            return text in WORDS

    with KnowledgeBase(KnowledgeSettings(home=tmp_path, vector_index="exact"), Spelling()) as knowledge_base:
        with knowledge_base.load() as load:
            load.put(*one_chunk("kettle", "a kettle is returned within thirty days"))
            load.put(*one_chunk("canada", "shipping to canada takes five days"))
            load.publish("test")
        wrong, right = (knowledge_base.search([text]) for text in ("shiping to cannada", "shipping to canada"))
    assert wrong.queries == ("shipping to canada",)
    assert wrong == right
