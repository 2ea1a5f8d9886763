"""Filters hold in every ranker, and what passes them is found however little it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kb.index.lexical import LexicalIndex
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from kb.types import Filters, Labels
from tests.conftest import WordsEmbedder, one_chunk

MANY = 3_000
QUESTION = "how long may a kettle be returned"
DEALERS = Labels(audience="dealers", product="K1", valid_until=date(2020, 12, 31))


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """Three passages for dealers, far from the question, among thousands for everyone that are near it."""
    settings = KnowledgeSettings(home=tmp_path_factory.mktemp("crowded"), vector_index="exact")
    with KnowledgeBase(settings, WordsEmbedder()) as knowledge_base:
        _crowd(knowledge_base)
        yield knowledge_base


def _crowd(knowledge_base: KnowledgeBase) -> None:
    with knowledge_base.load() as load:
        for number in range(MANY):
            text = f"a kettle may be returned, how long depends on {number}"
            load.put(*one_chunk(f"many/{number}", text, question=QUESTION, labels=Labels(product="K2")))
        for number, text in enumerate(["margins for resellers", "resellers return parcels", "opening hours"]):
            load.put(*one_chunk(f"dealers/{number}", text, labels=DEALERS))
        load.publish("test")


@pytest.mark.parametrize(
    "filters",
    [Filters(audience="dealers", product="K1"), Filters(audience="dealers", product="K1", on=date(2020, 5, 1))],
    ids=["audience-and-product", "and-day"],
)
def test_one_in_a_thousand_is_found(crowded: KnowledgeBase, filters: Filters) -> None:
    """Where filters leave three of three thousand passages, a search returns all three, the best first."""
    found = crowded.search(["return parcels"], 10, filters).hits
    assert {hit.chunk.document_uri for hit in found} == {"dealers/0", "dealers/1", "dealers/2"}
    assert found[0].chunk.document_uri == "dealers/1"
    assert len(crowded.search([QUESTION], 3, filters).hits) == 3


def test_nothing_passes_what_may_not(crowded: KnowledgeBase) -> None:
    """A list is filled up with what passes, never with what does not."""
    for hit in crowded.search(["resellers"], 50).hits:
        assert hit.chunk.labels.audience == ""
    on_a_later_day = Filters(audience="dealers", product="K1", on=date(2021, 1, 1))
    assert crowded.search(["resellers"], 10, on_a_later_day).hits == ()


def test_an_old_version_is_searched_whole(crowded: KnowledgeBase) -> None:
    """A search at an older version finds what was there, however much has come since."""
    with crowded.load() as load:
        load.remove([f"dealers/{number}" for number in range(3)])
        load.publish("without dealers")
    filters = Filters(audience="dealers", product="K1", version=1)
    try:
        assert len(crowded.search([QUESTION], 3, filters).hits) == 3
        assert crowded.search([QUESTION], 3, Filters(audience="dealers", product="K1")).hits == ()
    finally:
        crowded.rollback(1)


def test_a_long_list_is_filled(crowded: KnowledgeBase) -> None:
    """As many hits as are asked for come where so many pass, though each has two entries."""
    assert len(crowded.search([QUESTION], 400).hits) == 400
    assert len(crowded.search([QUESTION], 2 * MANY).hits) == MANY


def test_every_ranker_looks_among_the_permitted_only(crowded: KnowledgeBase) -> None:
    """Vectors and BM25 each return the best of what is permitted: as if nothing else were there."""
    filters = Filters(audience="dealers", product="K1")
    with crowded._replica.reading() as (published, folder):
        permitted = folder.permitted(crowded.catalogue, published.version, filters)
        words = folder.lexical.search_among("resellers return", 2, permitted.ids)
        vector = WordsEmbedder().embed_query("margins for resellers")
        near = folder.exact.search_among(vector, 2, permitted.rows)
        everything = np.arange(len(folder.exact))
        assert folder.exact.search_among(vector, 50, everything) == folder.exact.search(vector, 50)
    assert len(words) == 2
    assert words[0][1] > words[1][1] > 0
    assert near[0][1] > near[1][1]
    assert {i.rstrip("?") for i, _ in [*words, *near]} <= permitted.ids


def _ids(found: Sequence[tuple[str, float]]) -> list[str]:
    return [i for i, _ in found]


def test_many_permitted_chunks_are_searched_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether chunks are named one by one or sorted out afterwards, BM25 gives the same scores."""
    import kb.index.lexical

    index = LexicalIndex(tmp_path / "lexical", create=True)
    index.add((f"{number:032}", f"parcel {'word ' * (number % 7)} {number % 11}") for number in range(400))
    permitted = {f"{number:032}" for number in range(0, 400, 3)}
    named = index.search_among("parcel 7", 10, permitted)
    monkeypatch.setattr(kb.index.lexical, "_NAMED", 10)
    sorted_out = index.search_among("parcel 7", 10, permitted)
    assert [score for _, score in named] == [score for _, score in sorted_out]
    assert set(_ids(named)) <= permitted
