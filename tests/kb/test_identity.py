"""Computed ids."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.identity import chunk_id, content_hash, digest, document_id, passage, vector_key
from kb.types import Document, Labels, Section

DOCUMENT = Document(uri="a", title="Title", sections=(Section(text="text", headings=("Head",)),))


def test_ids_are_the_same_on_every_day() -> None:
    """Ids depend on nothing but their input; these are stored in databases."""
    assert document_id("file.md") == "bf4025e1f6f680306c7b83e3ab838ffd"
    assert document_id("file.md") == digest("document", "file.md")


def test_borders_of_parts_count() -> None:
    """Moving a letter from one part to the next makes another digest."""
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")


def test_any_text_has_a_digest() -> None:
    """Lone surrogates, as in file names that are not UTF-8, do not matter."""
    assert len(digest("\udcff")) == 32


def test_chunk_ids_differ() -> None:
    """Document, content and occurrence each make another chunk."""
    ids = {chunk_id("a", "x", 0), chunk_id("b", "x", 0), chunk_id("a", "y", 0), chunk_id("a", "x", 1)}
    assert len(ids) == 4


def test_roles_and_embedders_have_vectors_of_their_own() -> None:
    """The key of a vector depends on embedder and role."""
    assert (
        len({vector_key("e", "passage", "x"), vector_key("f", "passage", "x"), vector_key("e", "question", "x")})
        == 3
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(DOCUMENT, title="Other"),
        replace(DOCUMENT, record_id="1"),
        replace(DOCUMENT, warnings=("page 2 has no text",)),
        replace(DOCUMENT, labels=Labels(audience="staff")),
        replace(DOCUMENT, labels=Labels(extra={"a": "b"})),
        replace(DOCUMENT, sections=(Section(text="text", headings=("Other",)),)),
        replace(DOCUMENT, sections=(Section(text="text", headings=("Head",), page=1),)),
        replace(DOCUMENT, sections=(Section(text="text", headings=("Head",), question="How?"),)),
    ],
)
def test_everything_stored_is_in_the_hash(other: Document) -> None:
    """A change of anything that the catalogue keeps changes the content hash."""
    assert content_hash(other) != content_hash(DOCUMENT)


def test_the_uri_is_not_in_the_hash() -> None:
    """A file that moved has the same content."""
    assert content_hash(replace(DOCUMENT, uri="b")) == content_hash(DOCUMENT)


def test_a_passage_repeats_nothing() -> None:
    """Title, headings and question stand above the text, each once."""
    assert passage("T", ("T", "H"), "H", "text") == "T\nH\ntext"
    assert passage("T", (), "Q?", "Q?\nanswer") == "T\nQ?\nanswer"
    assert passage("", (), None, "text") == "text"
