"""Vectors in an embedded Chroma collection (HNSW), inside one published folder.

Chroma's own saves are not safe against a kill and it does not see another process's writes; so a folder is
prepared by one writer, checked, and from then on only read (docs/decisions/0001-storage.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kb.embedders import Vectors
from kb.errors import IndexDamaged

COLLECTION = "chunks"
ADD_BATCH = 5_000  # Chroma refuses batches over 5,461
READ_BATCH = 10_000  # `get` fails over 32,766 rows

# Neighbours a node keeps, and candidates looked at while building and searching: with Chroma's own 16/100/100
# nearest neighbours are missed (recall@10 about 0.98); these give 0.995 and more.
HNSW: Any = {"hnsw": {"space": "ip", "max_neighbors": 24, "ef_construction": 128, "ef_search": 300}}


@contextmanager
def chroma_errors(where: str) -> Iterator[None]:
    """Map whatever Chroma raises to IndexDamaged."""
    try:
        yield
    except IndexDamaged:
        raise
    except BaseException as error:  # its Rust part panics with a BaseException
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise IndexDamaged(
            f"the vector index {where} failed ({type(error).__name__}: {error}): run `faq kb rebuild`"
        ) from error


class ChromaCollection:
    """What the embedded and the server adapter share: one collection of Chroma, by its client's interface."""

    def __init__(self, collection: Any, where: str) -> None:
        self._collection, self._where = collection, where

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Upsert entries: Chroma's own `add` silently ignores an id that is there."""
        with chroma_errors(self._where):
            for start in range(0, len(ids), ADD_BATCH):
                part = slice(start, start + ADD_BATCH)
                self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return the (approximately) nearest entries; Chroma's inner-product distance is 1 - similarity."""
        count = len(self)
        if not count or k < 1:
            return []
        with chroma_errors(self._where):
            found = self._collection.query(
                query_embeddings=vector[None, :], n_results=min(k, count), include=["distances"]
            )
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def ids(self) -> set[str]:
        """Return all entry ids."""
        found: set[str] = set()
        with chroma_errors(self._where):
            for offset in range(0, len(self), READ_BATCH):
                found.update(self._collection.get(limit=READ_BATCH, offset=offset, include=[])["ids"])
        return found

    def remove(self, ids: Sequence[str]) -> None:
        """Delete entries; unknown ids do not matter."""
        with chroma_errors(self._where):
            for start in range(0, len(ids), ADD_BATCH):
                self._collection.delete(ids=list(ids[start : start + ADD_BATCH]))

    def __len__(self) -> int:
        """Return the number of entries."""
        with chroma_errors(self._where):
            return int(self._collection.count())


class ChromaEmbedded(ChromaCollection):
    """A collection in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Open the collection in ``folder``, which is made where it is missing."""
        import chromadb
        from chromadb.config import Settings

        with chroma_errors(str(folder)):
            self._client: Any = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
            collection = self._client.get_or_create_collection(
                COLLECTION, configuration=HNSW, embedding_function=None
            )
        super().__init__(collection, str(folder))

    def close(self) -> None:
        """Close the files of the client."""
        with chroma_errors(self._where):
            self._client.close()
