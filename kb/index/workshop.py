"""The writer's side of the index folders: prepare the next one, check it, clear away what nobody needs."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.embedders import Embedder
from kb.errors import IndexDamaged, StorageError
from kb.index.folder import PublishedFolder, create_folder, entry_keys, open_server, stored_vectors
from kb.index.graph import GRAPH, extend_graph, may_stay, rows_in_graph, wants_graph
from kb.index.sealed import flush, seal, take_over
from kb.settings import KnowledgeSettings
from kb.store.catalogue import Catalogue

if TYPE_CHECKING:
    from kb.index.vectors.chroma_server import ChromaServer

_ADD_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """The versions whose chunks a folder holds.

    Attributes:
        first: the oldest.
        last: the newest, being prepared.
    """

    first: int
    last: int


class Workshop:
    """Where the one writer makes index folders.

    Attributes:
        indexes: the folder of the index folders.
    """

    def __init__(self, catalogue: Catalogue, settings: KnowledgeSettings, embedder: Embedder) -> None:
        self._catalogue, self._settings, self._embedder = catalogue, settings, embedder
        self.indexes = settings.home / "indexes"

    def prepare(self, span: Span, source: Path | None) -> str:
        """Return the name of a new folder with all chunks of ``span``, complete, checked and on disk.

        Args:
            span: the versions.
            source: a folder that holds all but the newest version; without one, and where it turns out to be
                damaged, everything is taken from the catalogue.
        """
        self.indexes.mkdir(exist_ok=True, mode=0o700)
        name = f"{span.last:06d}-{secrets.token_hex(4)}"
        growing = self.indexes / f".{name}"
        try:
            self._fill(growing, span, source)
        except IndexDamaged as error:
            shutil.rmtree(growing, ignore_errors=True)
            if source is None:
                raise StorageError(
                    f"the indexes could not be built: {error}; look whether the disk is full"
                ) from error
            return self.prepare(span, None)
        except BaseException:
            shutil.rmtree(growing, ignore_errors=True)
            raise
        seal(growing)
        os.rename(growing, self.indexes / name)
        flush(self.indexes)
        return name

    def _fill(self, growing: Path, span: Span, source: Path | None) -> None:
        chunks, questions = self._catalogue.entry_counts(span.first, span.last)
        large, kept = wants_graph(self._settings, chunks + questions), False
        if source is None:
            create_folder(growing, self._embedder)
            entries = self._catalogue.entries(span.first, span.last)
        else:
            kept = large and may_stay(self._settings, source, chunks + questions)
            take_over(source, growing, leave_out="" if large else GRAPH, untouched=GRAPH if kept else "")
            entries = self._catalogue.new_entries(span.last)
        with contextlib.closing(PublishedFolder(growing, self._settings, writable=True)) as folder:
            before = len(folder.exact)
            folder.add(self._catalogue, entries)
            folder.check(chunks, questions)
            if folder.server is not None:
                self._complete(folder.server, folder, span)
            elif large and not kept:
                extend_graph(growing, folder.exact, rows_in_graph(growing, before))

    def _complete(self, server: ChromaServer, folder: PublishedFolder, span: Span) -> None:
        """Add what a server lost; what it has too much goes after publication."""
        if len(server) >= len(folder.exact):
            return
        keys = entry_keys(self._catalogue.entries(span.first, span.last))
        missing = sorted(keys.keys() - server.ids())
        for start in range(0, len(missing), _ADD_BATCH):
            ids = missing[start : start + _ADD_BATCH]
            server.add(ids, stored_vectors(self._catalogue, [keys[i] for i in ids], folder.exact.dimension))

    def tidy(self, span: Span, keep: int) -> None:
        """Remove folders that no reader needs, and from a server the entries that no version has.

        Args:
            span: what has just been published.
            keep: number of folders to keep: the published one, and those that a reader may be opening now.
        """
        kept = set(self._catalogue.folders()[:keep])
        for path in [p for p in self.indexes.iterdir() if p.is_dir() and p.name not in kept]:
            shutil.rmtree(path, ignore_errors=True)
        if self._settings.vector_index == "chroma-server":
            chunks, questions = self._catalogue.entry_counts(span.first, span.last)
            server = open_server(self._settings, self._embedder.fingerprint)
            with contextlib.closing(server):
                if len(server) > chunks + questions:
                    wanted = entry_keys(self._catalogue.entries(span.first, span.last)).keys()
                    server.remove(sorted(server.ids() - wanted))
