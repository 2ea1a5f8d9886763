"""What one brand knows has no bearing on what another one is told."""

from __future__ import annotations

from datetime import date

import pytest

from kb.errors import BrandNeeded, UnknownBrand
from kb.knowledge_base import KnowledgeBase
from kb.types import Filters, Labels
from tests.conftest import one_chunk

QUESTION = "how long may a kettle be returned"
NORTH, SOUTH = Filters(brand="north"), Filters(brand="south")


def put(knowledge_base: KnowledgeBase, uri: str, text: str, **labels: object) -> None:
    """Load one document."""
    with knowledge_base.load() as load:
        load.put(*one_chunk(uri, text, labels=Labels(**labels)))  # type: ignore[arg-type]  # labels as they are named
        load.publish("test")


def test_evidence_is_as_if_the_others_were_not_there(knowledge_base: KnowledgeBase) -> None:
    """Passages of another brand move neither order, nearness above the surroundings, nor the lead of the best."""
    for place, text in enumerate(
        ("a kettle may be returned for ten days", "parcels weigh two kilograms", "we open")
    ):
        put(knowledge_base, f"north/{place}", text, brand="north")
    alone = knowledge_base.search([QUESTION], 10, NORTH)
    for place in range(20):
        put(knowledge_base, f"south/{place}", f"how long may a kettle be returned {place}", brand="south")
    beside = knowledge_base.search([QUESTION], 10, NORTH)
    assert [hit.chunk.id for hit in beside.hits] == [hit.chunk.id for hit in alone.hits]
    assert beside.evidence.above == pytest.approx(alone.evidence.above)
    assert beside.evidence.local == pytest.approx(alone.evidence.local)
    assert {hit.chunk.labels.brand for hit in knowledge_base.search([QUESTION], 10, SOUTH).hits} == {"south"}


def test_in_doubt_nothing_is_searched(knowledge_base: KnowledgeBase) -> None:
    """One brand is taken; of several one has to be named that there is, at old versions one that there is now."""
    put(knowledge_base, "north", "ten days", brand="north")
    assert knowledge_base.search(["days"]).hits[0].chunk.labels.brand == "north"
    with pytest.raises(UnknownBrand, match="There are north"):
        knowledge_base.search(["days"], filters=SOUTH)
    put(knowledge_base, "south", "nine days", brand="south")
    with pytest.raises(BrandNeeded, match=r"several brands \(north, south\)"):
        knowledge_base.search(["days"])
    assert knowledge_base.search(["days"], filters=Filters(brand="south", version=1)).hits == ()
    assert knowledge_base.search(["days"], filters=Filters(version=1)).hits[0].chunk.document_uri == "north"


def test_a_successor_replaces_for_its_own_brand(knowledge_base: KnowledgeBase) -> None:
    """Another brand's document of the same title stays, and so does a shared one for the others."""
    put(knowledge_base, "south/old", "nine days", brand="south")
    put(knowledge_base, "all/old", "eight days")
    put(knowledge_base, "north/new", "ten days", brand="north", supersedes=("south/old", "all/old"))
    day = date(2026, 1, 1)
    for name, seen in (("north", {"north/new"}), ("south", {"south/old", "all/old"})):
        found = knowledge_base.search(["days"], 10, Filters(brand=name, on=day)).hits
        assert {hit.chunk.document_uri for hit in found} == seen
