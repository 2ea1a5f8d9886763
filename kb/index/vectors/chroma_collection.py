"""What the embedded and the server adapter share: one collection of Chroma, by its client's interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from kb.embedders import Vectors
from kb.errors import IndexDamaged, StorageError

ADD_BATCH = 5_000  # Chroma refuses batches over 5,461
READ_BATCH = 10_000  # `get` fails over 32,766 rows

# Measured in docs/decisions/0003-exact-and-graph.md: recall@10 of 0.995 and more where vectors lie in clusters.
# batch_size, sync_threshold: Chroma's least. Every batch of ours is saved at once: what waits in its log, each
# opening has to add to the graph again, and a graph that was never saved is written by who only reads it.
HNSW: Any = {
    "hnsw": {
        "space": "ip", "max_neighbors": 32, "ef_construction": 200, "ef_search": 600,
        "batch_size": 2, "sync_threshold": 2,
    }
}  # fmt: skip


@contextmanager
def chroma_errors(where: str, error_type: type[StorageError] = IndexDamaged) -> Iterator[None]:
    """Map whatever Chroma raises to one of our errors."""
    try:
        yield
    except StorageError:
        raise
    except BaseException as error:  # its Rust part panics with a BaseException
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        advice = "run `faq kb rebuild`" if error_type is IndexDamaged else "check that it runs, and try again"
        raise error_type(f"the vector index {where} failed ({type(error).__name__}: {error}): {advice}") from error


class ChromaCollection:
    """One collection, whoever serves it."""

    def __init__(self, client: Any, collection: Any, where: str, error_type: type[StorageError]) -> None:
        self._client, self._collection, self._where, self._error_type = client, collection, where, error_type

    def _errors(self) -> Any:
        return chroma_errors(self._where, self._error_type)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Upsert entries: Chroma's own `add` silently ignores an id that is there."""
        with self._errors():
            for start in range(0, len(ids), ADD_BATCH):
                part = slice(start, start + ADD_BATCH)
                for _ in range(2 if len(ids[part]) == 1 else 1):  # two make a batch that is saved
                    self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return the (approximately) nearest entries; Chroma's inner-product distance is 1 - similarity."""
        count = len(self)
        if not count or k < 1:
            return []
        with self._errors():
            found = self._collection.query(
                query_embeddings=vector[None, :], n_results=min(k, count), include=["distances"]
            )
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def ids(self) -> set[str]:
        """Return all entry ids."""
        found: set[str] = set()
        with self._errors():
            for offset in range(0, len(self), READ_BATCH):
                found.update(self._collection.get(limit=READ_BATCH, offset=offset, include=[])["ids"])
        return found

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """Return the stored vectors of entries; unknown ids are left out."""
        found: dict[str, Vectors] = {}
        with self._errors():
            for start in range(0, len(ids), ADD_BATCH):
                part = self._collection.get(ids=list(ids[start : start + ADD_BATCH]), include=["embeddings"])
                found.update(zip(part["ids"], np.asarray(part["embeddings"], np.float32), strict=True))
        return found

    def remove(self, ids: Sequence[str]) -> None:
        """Delete entries; unknown ids do not matter."""
        with self._errors():
            for start in range(0, len(ids), ADD_BATCH):
                self._collection.delete(ids=list(ids[start : start + ADD_BATCH]))

    def __len__(self) -> int:
        """Return the number of entries."""
        with self._errors():
            return int(self._collection.count())

    def close(self) -> None:
        """Release files or connection."""
        with self._errors():
            self._client.close()
