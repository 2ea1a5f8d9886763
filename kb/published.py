"""The published folder: both derived indexes of one or more versions, written once, then only read."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from kb.catalogue import Catalogue, Entry
from kb.embedders import Vectors
from kb.errors import IndexDamaged, StorageError
from kb.identity import digest, passage
from kb.lexical import LexicalIndex
from kb.settings import KnowledgeSettings
from kb.vectors import QUESTION_MARK, VectorIndex
from kb.vectors.exact import ExactVectors

_BATCH = 10_000  # chunks added at once: about 30 MB of vectors
_FORMAT = 1


class PublishedFolder:
    """Exact vectors, Chroma and tantivy side by side in one folder.

    Attributes:
        path: the folder.
        exact: all vectors, for exact search and for the similarity of any candidate.
        lexical: BM25.
        approximate: Chroma's graph, opened only where it is the quicker way or is asked for.
    """

    def __init__(self, path: Path, settings: KnowledgeSettings, *, writable: bool = False) -> None:
        """Open the folder; a writable one must not be published yet."""
        try:
            manifest = json.loads((path / "manifest.json").read_text())
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"the index folder {path} cannot be read ({error}): run `faq kb rebuild`") from error
        if manifest["format"] != _FORMAT:
            raise IndexDamaged(f"the index folder {path} is of another release: run `faq kb rebuild`")
        self.path, self._settings = path, settings
        self.fingerprint: str = manifest["fingerprint"]
        self.exact = ExactVectors(path / "vectors", manifest["dimension"])
        self.lexical = LexicalIndex(path / "lexical")
        self.approximate = self._open_approximate(writable)

    def _open_approximate(self, writable: bool) -> VectorIndex | None:
        choice = self._settings.vector_index
        if choice == "chroma-server":
            from kb.vectors.chroma_server import ChromaServer

            return ChromaServer(self._settings.chroma_url, f"faq-{self.fingerprint_key}")
        if writable or choice == "chroma" or (choice == "auto" and len(self.exact) > self._settings.exact_limit):
            from kb.vectors.chroma_embedded import ChromaEmbedded

            return ChromaEmbedded(self.path / "chroma")
        return None

    @property
    def fingerprint_key(self) -> str:
        """The fingerprint as a collection name."""
        return digest(self.fingerprint)[:16]

    @property
    def nearest(self) -> VectorIndex:
        """The index that finds candidates."""
        return self.exact if self.approximate is None else self.approximate

    def add(self, catalogue: Catalogue, entries: Iterable[Entry]) -> None:
        """Add the chunks that are not there yet, with the vectors that the catalogue holds."""
        for batch in _batches(entries):
            rows = self.exact.positions([entry.chunk_id for entry in batch])
            fresh = [entry for entry, row in zip(batch, rows, strict=True) if row < 0]
            if not fresh:
                continue
            chunks = catalogue.passages([entry.chunk_id for entry in fresh])
            self.lexical.add(
                (c.id, passage(c.title, c.headings, c.question, c.text)) for c in chunks.values()
            )
            ids, matrix = _vectors_of(catalogue, fresh, self.exact.dimension)
            if self.approximate is not None:
                self.approximate.add(ids, matrix)
            self.exact.add(ids, matrix)

    def check(self, catalogue: Catalogue) -> None:
        """Raise IndexDamaged unless all indexes hold exactly what the catalogue says."""
        expected = set()
        questions = 0
        for entry in catalogue.entries():
            expected.add(entry.chunk_id)
            questions += entry.question_key is not None
        counts = {"vectors": len(self.exact) - questions, "lexical": len(self.lexical)}
        if self.approximate is not None and self._settings.vector_index != "chroma-server":
            counts["chroma"] = len(self.approximate) - questions
        for name, count in counts.items():
            if count != len(expected):
                raise IndexDamaged(
                    f"the index {name} in {self.path} holds {count} chunks, the database {len(expected)}: "
                    "run `faq kb rebuild`"
                )

    def close(self) -> None:
        """Release all files."""
        self.exact.close()
        if self.approximate is not None:
            self.approximate.close()


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _vectors_of(catalogue: Catalogue, entries: list[Entry], dimension: int) -> tuple[list[str], Vectors]:
    keys = [e.passage_key for e in entries] + [e.question_key for e in entries if e.question_key]
    stored = catalogue.vectors(list(dict.fromkeys(keys)))
    ids = [e.chunk_id for e in entries] + [e.chunk_id + QUESTION_MARK for e in entries if e.question_key]
    missing = [key for key in keys if key not in stored]
    if missing:
        raise StorageError(
            f"{len(missing)} vectors are not in the database: run `faq kb rebuild --embed` to make them again"
        )
    matrix = np.empty((len(keys), dimension), np.float32)
    for row, key in enumerate(keys):
        matrix[row] = stored[key]
    return ids, matrix


def create_folder(path: Path, fingerprint: str, dimension: int) -> None:
    """Make an empty folder that ``PublishedFolder`` can open."""
    path.mkdir(parents=True)
    manifest = {"format": _FORMAT, "fingerprint": fingerprint, "dimension": dimension}
    (path / "manifest.json").write_text(json.dumps(manifest))


def copy_folder(source: Path, target: Path) -> None:
    """Copy a published folder, so that the copy can be added to."""
    shutil.copytree(source, target)


def flush_to_disk(path: Path) -> None:
    """Make every file below ``path`` survive a power cut (Chroma and numpy do not fsync what they write)."""
    for folder, _, names in os.walk(path):
        for name in [*names, "."]:
            descriptor = os.open(Path(folder) / name, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
