"""Versions: what a search sees at each of them, through every way of changing them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb.errors import UnknownVersion
from kb.knowledge_base import KnowledgeBase
from kb.types import Filters
from tests.conftest import WordsEmbedder, one_chunk, state

PutTexts = Callable[..., None]


def texts_found(knowledge_base: KnowledgeBase, query: str, version: int | None = None) -> set[str]:
    """Return the texts of the hits."""
    hits = knowledge_base.search([query], 20, Filters(version=version)).hits
    return {hit.chunk.text for hit in hits}


def test_each_version_is_seen_as_it_was(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """After adding, changing and removing, every older version still shows its own state."""
    put_texts(a="alpha", b="beta")
    put_texts(a="alpha two")
    put_texts(b=None)
    assert state(knowledge_base, 1) == {"a": "alpha", "b": "beta"}
    assert state(knowledge_base, 2) == {"a": "alpha two", "b": "beta"}
    assert state(knowledge_base, 3) == {"a": "alpha two"}
    assert texts_found(knowledge_base, "alpha beta", 1) == {"alpha", "beta"}
    assert texts_found(knowledge_base, "alpha beta") == {"alpha two"}


def test_putting_twice_is_putting_once(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """The same document again publishes nothing; twice in one load it is there once."""
    put_texts(a="alpha")
    with knowledge_base.load() as load:
        load.put(*one_chunk("a", "alpha"))
        assert load.publish("again") is None
    with knowledge_base.load() as load:
        load.put(*one_chunk("b", "one"))
        load.put(*one_chunk("b", "two"))
        assert load.counts == (1, 0, 0)
        load.put(*one_chunk("b", "three"))
        load.publish("b")
    assert state(knowledge_base, 2) == {"a": "alpha", "b": "three"}
    assert knowledge_base.disagreements() == []


def test_change_and_change_back(
    knowledge_base: KnowledgeBase, put_texts: PutTexts, embedder: WordsEmbedder
) -> None:
    """A text that returns has its old chunk id and vector: nothing is embedded again."""
    put_texts(a="alpha")
    put_texts(a="beta")
    embedded = embedder.texts
    put_texts(a="alpha")
    assert embedder.texts == embedded
    assert [v.changed for v in knowledge_base.versions()] == [0, 1, 1]
    assert texts_found(knowledge_base, "alpha") == {"alpha"}
    assert knowledge_base.disagreements() == []


def test_remove_and_add_again(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """A removed document is gone at once, and back when it is put again."""
    put_texts(a="alpha", b="beta")
    put_texts(a=None)
    assert texts_found(knowledge_base, "alpha") == {"beta"}
    put_texts(a="alpha")
    assert texts_found(knowledge_base, "alpha") == {"alpha", "beta"}
    assert [(v.added, v.changed, v.removed) for v in knowledge_base.versions()] == [
        (2, 0, 0),
        (0, 0, 1),
        (1, 0, 0),
    ]
    assert knowledge_base.disagreements() == []


def test_put_and_removed_in_one_load(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """What is put and removed in one load was never there."""
    put_texts(a="alpha")
    with knowledge_base.load() as load:
        load.put(*one_chunk("b", "beta"))
        load.remove(["b", "unknown"])
        assert load.publish("nothing") is None
    assert len(knowledge_base.versions()) == 1


def test_rollback_and_rollback_of_it(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """Rolling back publishes the old state anew; rolling that back gives the newer one again."""
    put_texts(a="alpha", b="beta")
    put_texts(a="changed", b=None, c="gamma")
    back = knowledge_base.rollback(1)
    assert (back.number, back.added, back.changed, back.removed) == (3, 1, 1, 1)
    assert state(knowledge_base, 3) == state(knowledge_base, 1)
    assert texts_found(knowledge_base, "alpha") == {"alpha", "beta"}
    knowledge_base.rollback(2)
    assert state(knowledge_base, 4) == state(knowledge_base, 2) == {"a": "changed", "c": "gamma"}
    knowledge_base.rollback(4)
    put_texts(d="delta")
    assert state(knowledge_base, 6) == {"a": "changed", "c": "gamma", "d": "delta"}
    assert knowledge_base.disagreements() == []


def test_compacting_forgets(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """Compaction keeps as many versions as it was told; others cannot be rolled back to or searched."""
    for text in ("one", "two", "three", "four"):
        put_texts(a=text)
    knowledge_base.compact(keep=3)
    assert [v.number for v in knowledge_base.versions()] == [3, 4, 5]
    knowledge_base.compact()
    assert [v.number for v in knowledge_base.versions()] == [6]
    assert state(knowledge_base, 6) == {"a": "four"}
    with pytest.raises(UnknownVersion, match="there is no version 2; there are 6 to 6"):
        knowledge_base.rollback(2)
    with pytest.raises(UnknownVersion):
        texts_found(knowledge_base, "one", 1)
    put_texts(b="next")
    assert knowledge_base.disagreements() == []


def test_a_load_that_fails_leaves_nothing(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """An error inside a load undoes it, whatever was committed on the way."""
    put_texts(a="alpha", b="beta")
    with pytest.raises(RuntimeError, match="stop"), knowledge_base.load() as load:  # noqa: PT012  it is what breaks off
        load.put(*one_chunk("a", "changed"))
        load.remove(["b"])
        assert load.counts == (0, 1, 1)  # written and committed, not published
        raise RuntimeError("stop")
    assert state(knowledge_base, 1) == {"a": "alpha", "b": "beta"}
    put_texts(c="gamma")
    assert state(knowledge_base, 2) == {"a": "alpha", "b": "beta", "c": "gamma"}
    assert knowledge_base.disagreements() == []


def test_a_stored_question_may_come_and_go(knowledge_base: KnowledgeBase) -> None:
    """Title as heading or as question gives the same passage: the question's vector is indexed all the same."""
    for question in (None, "How?", None):
        with knowledge_base.load() as load:
            load.put(*one_chunk("a", "Like this.", title="How?", question=question))
            load.publish("test")
        assert knowledge_base.disagreements() == []
        stored = knowledge_base.search(["How?"]).hits[0].chunk
        assert stored.question == question


def test_a_published_load_takes_nothing_more(knowledge_base: KnowledgeBase) -> None:
    """Writing after publication would change what readers see: it is refused."""
    from kb.errors import StorageError

    with knowledge_base.load() as load:
        load.put(*one_chunk("a", "alpha"))
        load.publish("first")
        with pytest.raises(StorageError, match="begin another one"):
            load.put(*one_chunk("b", "beta"))


def test_stamps_of_files_have_versions_too(knowledge_base: KnowledgeBase, put_texts: PutTexts) -> None:
    """A rolled back file looks as it looked then; a mere new date publishes no version, but is kept."""
    with knowledge_base.load() as load:
        load.put(*one_chunk("a", "alpha"))
        load.put_file("a", 5, 1, "00", "1")
        load.publish("first")
    with knowledge_base.load() as load:
        load.put_file("a", 5, 2**40, "00", "1")
        assert load.publish("touched") is None
    assert knowledge_base.catalogue.files(1)["a"].modified_ns == 2**40
    with knowledge_base.load() as load:
        load.remove(["a"])
        load.remove_file("a")
        load.publish("removed")
    assert knowledge_base.catalogue.files(2) == {}
    knowledge_base.rollback(1)
    assert knowledge_base.catalogue.files(3)["a"].modified_ns == 2**40
    assert knowledge_base.disagreements() == []
