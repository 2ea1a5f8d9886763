"""`disagreements` finds what was tampered with, in the database and in each index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete, insert, select, update

from kb.index.lexical import LexicalIndex
from kb.index.sealed import seal
from kb.index.vectors.chroma_embedded import ChromaEmbedded
from kb.index.vectors.exact import ExactVectors
from kb.index.vectors.tokens import TokenVectors
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from kb.store.schema import chunks, documents, vectors
from tests.conftest import put_all


@pytest.fixture
def loaded(settings: KnowledgeSettings, open_at: Callable[..., KnowledgeBase]) -> KnowledgeBase:
    """Three documents, with Chroma."""
    knowledge_base = open_at(settings.model_copy(update={"vector_index": "auto", "exact_limit": 2}))
    put_all(knowledge_base, {"a": "alpha", "b": "beta", "c": "gamma"})
    return knowledge_base


def folder(knowledge_base: KnowledgeBase) -> Path:
    """Return the published folder."""
    return knowledge_base.settings.home / "indexes" / knowledge_base.published().folder


def change(knowledge_base: KnowledgeBase, statement: Any) -> None:
    """Tamper with the database."""
    with knowledge_base.catalogue.engine.begin() as connection:
        connection.execute(statement)


def unit_row(dimension: int = 64) -> Any:
    """Return a vector that no text has."""
    return np.eye(1, dimension, dtype=np.float32)


def test_agreement(loaded: KnowledgeBase) -> None:
    """What was just published agrees."""
    assert loaded.disagreements() == []


def test_a_chunk_that_no_index_has(loaded: KnowledgeBase) -> None:
    """A chunk of the database that is in no index is missed in the vector file and in the lexical index."""
    with loaded.catalogue.engine.begin() as connection:
        row = dict(connection.execute(select(chunks)).first()._mapping)
        del row["row"]
        connection.execute(insert(chunks), [{**row, "chunk_id": "f" * 32}])
    found = " ".join(loaded.disagreements())
    for name in ("the vector file lacks 1 of 4", "the lexical index lacks 1"):
        assert name in found


def test_a_graph_that_lost_an_entry(loaded: KnowledgeBase) -> None:
    """An entry that the graph should hold and does not is missed."""
    path = folder(loaded)
    chroma = ChromaEmbedded(path / "chroma")
    chroma.remove([min(chroma.ids())])
    chroma.close()
    seal_again(path)
    assert "Chroma lacks 1 of 3 entries" in " ".join(loaded.disagreements())


def test_a_chunk_that_the_database_does_not_know(loaded: KnowledgeBase) -> None:
    """An entry without a chunk is found in each of the three indexes."""
    path = folder(loaded)
    exact = ExactVectors(path / "vectors", 64)
    exact.add(["e" * 32], unit_row())
    exact.close()
    TokenVectors(path / "tokens", 0, 3).add([b""])
    LexicalIndex(path / "lexical").add([("e" * 32, "words")])
    chroma = ChromaEmbedded(path / "chroma")
    chroma.add(["e" * 32], unit_row())
    chroma.close()
    seal_again(path)
    found = " ".join(loaded.disagreements())
    for name in ("the vector file has 1", "the lexical index has 1", "Chroma has 1"):
        assert name in found


def seal_again(path: Path) -> None:
    """Let the checksums agree with what was tampered with."""
    import json

    manifest = path / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "files": {}}))
    seal(path)


def test_a_wrong_vector(loaded: KnowledgeBase) -> None:
    """A vector that differs from the database's is found in the file and in Chroma."""
    change(loaded, update(vectors).values(vector=unit_row().tobytes()))
    found = " ".join(loaded.disagreements())
    assert "3 vectors in the vector file differ" in found
    assert "3 vectors in Chroma differ" in found


def test_a_lost_vector(loaded: KnowledgeBase) -> None:
    """A vector that the database lost is found, and rebuild names the way out."""
    change(loaded, delete(vectors))
    assert "3 entries have no vector in the database: run `faq kb rebuild --embed`" in loaded.disagreements()
    loaded.rebuild(embed=True)
    assert loaded.disagreements() == []


def test_a_text_that_is_no_stretch_of_its_document(loaded: KnowledgeBase) -> None:
    """A chunk whose text is not where it says is found."""
    change(loaded, update(documents).where(documents.c.uri == "a").values(text="other"))
    assert loaded.disagreements()[0].startswith("1 chunks are not a stretch")


def test_a_document_that_is_there_twice(loaded: KnowledgeBase) -> None:
    """Two rows of one document at one version are found."""
    with loaded.catalogue.engine.begin() as connection:
        row = dict(connection.execute(select(documents)).first()._mapping)
        del row["row"]
        connection.execute(insert(documents), [row])
    assert "1 rows of documents are seen twice" in " ".join(loaded.disagreements())


@pytest.mark.parametrize("part", ["vectors", "lexical", "chroma"])
def test_one_flipped_byte(loaded: KnowledgeBase, part: str) -> None:
    """A byte that changed in any file of any index is found, and healed by the next load."""
    files = [p for p in (folder(loaded) / part).rglob("*") if p.is_file() and p.stat().st_size]
    for file in files:
        if file.suffix in (".sqlite3", ".lock"):
            continue
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0xFF
        file.write_bytes(content)
        assert file.name in " ".join(loaded.disagreements())
    put_all(loaded, {"d": "delta"})
    assert loaded.disagreements() == []
