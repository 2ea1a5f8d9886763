"""A graph holds the first rows; what comes later is searched beside it until it is much."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb.index.graph import rows_in_graph
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from tests.conftest import put_all

LIMIT = 8  # a graph above; two rows may stay beside it


@pytest.fixture
def loaded(settings: KnowledgeSettings, open_at: Callable[..., KnowledgeBase]) -> KnowledgeBase:
    """Ten documents, all in a graph."""
    knowledge_base = open_at(settings.model_copy(update={"vector_index": "auto", "exact_limit": LIMIT}))
    put_all(knowledge_base, {f"{number}": f"word{number}" for number in range(10)})
    return knowledge_base


def folder(knowledge_base: KnowledgeBase) -> Path:
    """Return the published folder."""
    return knowledge_base.settings.home / "indexes" / knowledge_base.published().folder


def first_text(knowledge_base: KnowledgeBase, query: str) -> str:
    """Return the text of the best hit."""
    return knowledge_base.search([query]).hits[0].chunk.text


def rows(knowledge_base: KnowledgeBase) -> int:
    """Return how many rows the published folder's graph holds."""
    return rows_in_graph(folder(knowledge_base), 1000)


def test_a_few_later_rows_stay_beside_the_graph(loaded: KnowledgeBase) -> None:
    """A small change shares the graph's files as they are, and is found all the same."""
    before = folder(loaded)
    put_all(loaded, {"late": "latecomer", "3": None})
    after = folder(loaded)
    graph = [path for path in (after / "chroma").rglob("*") if path.is_file() and path.suffix != ".sqlite3"]
    assert len(graph) > 3
    assert all(path.samefile(before / path.relative_to(after)) for path in graph)
    assert rows(loaded) == 10
    assert first_text(loaded, "latecomer") == "latecomer"
    assert first_text(loaded, "word7") == "word7"
    assert "word3" not in [hit.chunk.text for hit in loaded.search(["word3"]).hits]
    assert loaded.disagreements() == []


def test_many_later_rows_join_the_graph(loaded: KnowledgeBase) -> None:
    """Once more stand beside the graph than may, all of them are added to a copy of it."""
    put_all(loaded, {"one": "first latecomer", "two": "second latecomer"})
    assert rows(loaded) == 10
    before = folder(loaded)
    put_all(loaded, {"three": "third latecomer"})
    assert rows(loaded) == 13
    assert first_text(loaded, "second latecomer") == "second latecomer"
    data = next((folder(loaded) / "chroma").glob("*/data_level0.bin"))
    assert not data.samefile(before / data.relative_to(folder(loaded)))
    assert loaded.disagreements() == []


def test_the_nearest_are_found_wherever_they_stand(loaded: KnowledgeBase) -> None:
    """The graph's hits and those beside it come in one order, by similarity."""
    put_all(loaded, {"both": "word1 word2"})
    vector = loaded.embedder.embed_query("word1 word2 word2")
    with loaded._replica.reading() as (_, opened):
        found = opened.nearest.search(vector, 3)
        exact = opened.exact.search(vector, 3)
    assert [entry for entry, _ in found] == [entry for entry, _ in exact]
    assert [similarity for _, similarity in found] == pytest.approx([s for _, s in exact], abs=1e-5)


def test_a_graph_that_does_not_say_what_it_holds(loaded: KnowledgeBase) -> None:
    """A note that is damaged makes nobody trust the graph: the next load builds it anew."""
    note = folder(loaded) / "chroma" / "rows"
    note.write_text("11")
    put_all(loaded, {"late": "latecomer"})
    assert rows(loaded) == 11
    assert loaded.disagreements() == []


def test_an_older_releases_graph_is_taken_over(loaded: KnowledgeBase) -> None:
    """A graph without the note holds all rows; the next load adds to it and writes the note."""
    path = folder(loaded)
    (path / "chroma" / "rows").unlink()
    seal_again(path)
    assert rows_in_graph(path, 10) == 10
    assert first_text(loaded, "word7") == "word7"
    put_all(loaded, {"late": "latecomer"})
    assert rows(loaded) == 11
    assert loaded.disagreements() == []


def seal_again(path: Path) -> None:
    """Let the list of files agree with those that are there."""
    import json

    from kb.index.sealed import seal

    manifest = path / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "files": {}}))
    seal(path)
