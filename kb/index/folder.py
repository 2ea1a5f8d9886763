"""The published folder: both derived indexes of one or more versions, written once, then only read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kb.embedders import Embedder, TokenEmbedder, Vectors
from kb.errors import IndexDamaged, StorageError
from kb.identity import digest, passage_of
from kb.index.graph import GRAPH, GraphAndRest, wants_graph
from kb.index.lexical import LexicalIndex
from kb.index.sealed import read_manifest, write_manifest
from kb.index.vectors import QUESTION_MARK
from kb.index.vectors.exact import ExactVectors
from kb.index.vectors.tokens import TokenVectors
from kb.remembered import Remembered
from kb.settings import KnowledgeSettings
from kb.store.catalogue import Catalogue, Entry
from kb.types import Filters

if TYPE_CHECKING:
    from kb.index.vectors.chroma_server import ChromaServer

_REMEMBERED = 8  # filters whose chunks are known
_BATCH = 10_000  # chunks added at once: about 30 MB of vectors


@dataclass(frozen=True, slots=True)
class Permitted:
    """Chunks that filters let pass.

    Attributes:
        ids: theirs.
        rows: of their passages and stored questions in the exact index, in order.
        mean: of the vectors at these rows.
    """

    ids: frozenset[str]
    rows: NDArray[np.int64]
    mean: Vectors


class PublishedFolder:
    """Exact vectors, Chroma and tantivy side by side in one folder.

    Attributes:
        path: the folder.
        fingerprint: of the embedder that made the vectors.
        exact: all vectors, for exact search and for the similarity of any candidate.
        tokens: of the passages, for late interaction.
        lexical: BM25.
        approximate: Chroma's graph or server, opened only where it is the quicker way or is asked for; who writes
            opens no graph.
    """

    def __init__(self, path: Path, settings: KnowledgeSettings, *, writable: bool = False) -> None:
        """Open the folder; a writable one must not be published yet."""
        manifest = read_manifest(path)
        self.path, self._settings = path, settings
        self.fingerprint: str = manifest["fingerprint"]
        self.exact = ExactVectors(path / "vectors", manifest["dimension"], create=writable)
        self.tokens = TokenVectors(path / "tokens", manifest["token_width"], len(self.exact), create=writable)
        self.lexical = LexicalIndex(path / "lexical", create=writable)
        self.approximate = self._open_approximate(writable)
        self._permitted = Remembered[tuple[int, Filters], Permitted](_REMEMBERED)

    def _open_approximate(self, writable: bool) -> GraphAndRest | ChromaServer | None:
        choice = self._settings.vector_index
        if choice == "chroma-server":
            return open_server(self._settings, self.fingerprint)
        large = wants_graph(self._settings, len(self.exact))
        if writable or not (choice == "chroma" or (large and (self.path / GRAPH).exists())):
            return None
        try:
            return GraphAndRest(self.path, self.exact)
        except IndexDamaged:
            # Chroma writes where it only reads: a full disk stops it, the exact search finds the same more slowly.
            if not self.exact:
                raise
        return None

    @property
    def nearest(self) -> ExactVectors | GraphAndRest | ChromaServer:
        """The index that finds candidates."""
        return self.exact if self.approximate is None else self.approximate

    @property
    def server(self) -> ChromaServer | None:
        """Chroma's server, where the settings choose it."""
        return None if isinstance(self.approximate, GraphAndRest) else self.approximate

    def add(self, catalogue: Catalogue, entries: Iterable[Entry]) -> None:
        """Add the chunks that are not there yet, with the vectors that the catalogue holds."""
        for batch in _batches(entries):
            keys = entry_keys(batch)
            ids = list(keys)
            fresh = [i for i, known in zip(ids, self.exact.known(ids), strict=True) if not known]
            if not fresh:
                continue
            chunks = catalogue.passages([i for i in fresh if not i.endswith(QUESTION_MARK)])
            self.lexical.add((c.id, passage_of(c)) for c in chunks.values())
            matrix = stored_vectors(catalogue, [keys[i] for i in fresh], self.exact.dimension)
            if (server := self.server) is not None:
                server.add(fresh, matrix)
            stored = catalogue.tokens([keys[i] for i in fresh])
            self.tokens.add([stored.get(keys[i], b"") for i in fresh])
            self.exact.add(fresh, matrix)

    def check(self, chunks: int, questions: int) -> None:
        """Raise IndexDamaged unless all indexes hold so many passages and stored questions."""
        counts = {
            "vectors": (len(self.exact), chunks + questions),
            "tokens": (len(self.tokens), chunks + questions),
            "lexical": (len(self.lexical), chunks),
        }
        for name, (count, expected) in counts.items():
            if count != expected:
                raise IndexDamaged(
                    f"the index {name} in {self.path} holds {count} entries, the database {expected}: "
                    "run `faq kb rebuild`"
                )

    def permitted(self, catalogue: Catalogue, version: int, filters: Filters) -> Permitted:
        """Return what a search with these filters may find at all; remembered for the filters asked for last."""
        key = (version, filters)
        if (known := self._permitted.get(key)) is None:
            ids = catalogue.permitted(version, filters)
            rows = self.exact.positions([*ids, *(i + QUESTION_MARK for i in ids)])
            rows = np.sort(rows[rows >= 0])
            known = Permitted(frozenset(ids), rows, self.exact.mean(rows))
            self._permitted.put(key, known)
        return known

    def close(self) -> None:
        """Release all files."""
        self.exact.close()
        self.tokens.close()
        if self.approximate is not None:
            self.approximate.close()


def open_server(settings: KnowledgeSettings, fingerprint: str) -> ChromaServer:
    """Open this knowledge base's collection on the Chroma server of the settings."""
    from kb.index.vectors.chroma_server import ChromaServer

    owner = settings.database or str(settings.home.resolve())
    return ChromaServer(settings.chroma_url, f"faq-{digest(fingerprint, owner)[:16]}")


def entry_keys(entries: Iterable[Entry]) -> dict[str, str]:
    """Return entry id -> key of its vector, for passages and stored questions."""
    keys = {}
    for entry in entries:
        keys[entry.chunk_id] = entry.passage_key
        if entry.question_key:
            keys[entry.chunk_id + QUESTION_MARK] = entry.question_key
    return keys


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def stored_vectors(catalogue: Catalogue, keys: list[str], dimension: int) -> Vectors:
    """Return the ``(n, dimension)`` vectors of these keys."""
    stored = catalogue.vectors(list(dict.fromkeys(keys)))
    missing = [key for key in keys if key not in stored or len(stored[key]) != dimension]
    if missing:
        raise StorageError(
            f"{len(missing)} vectors are not in the database: run `faq kb rebuild --embed` to make them again"
        )
    matrix = np.empty((len(keys), dimension), np.float32)
    for row, key in enumerate(keys):
        matrix[row] = stored[key]
    return matrix


def create_folder(path: Path, embedder: Embedder) -> None:
    """Make an empty folder that ``PublishedFolder`` can open to write."""
    path.mkdir(parents=True)
    width = embedder.token_width if isinstance(embedder, TokenEmbedder) else 0
    facts = {"fingerprint": embedder.fingerprint, "dimension": embedder.dimension, "token_width": width}
    write_manifest(path, facts, {})
