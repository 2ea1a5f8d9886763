"""The knowledge base: put and remove documents, publish versions, search what is published."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from kb.catalogue import Catalogue, Published
from kb.draft import Draft, forget, undo_drafts
from kb.embedders import Embedder
from kb.embedders.choose import open_embedder
from kb.errors import FingerprintMismatch, IndexDamaged, KnowledgeBaseBusy, KnowledgeBaseEmpty
from kb.load import Load, embed_missing
from kb.published import PublishedFolder, copy_folder, create_folder, flush_to_disk
from kb.schema import chunks, open_engine
from kb.search import Question, Retrieval, search
from kb.settings import KnowledgeSettings
from kb.types import Filters, Version

_KEPT_FOLDERS = 2  # the published one, and the one that a reader may still have open


class KnowledgeBase:
    """What is known, and how it is searched. Safe for many reading threads and processes beside one writer.

    Attributes:
        settings: as it was opened with.
        catalogue: the database, for reading.
    """

    def __init__(self, settings: KnowledgeSettings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.catalogue = Catalogue(open_engine(settings.database_url))
        self._embedder = embedder
        self._indexes = settings.home / "indexes"
        self._lock = FileLock(settings.home / "write.lock")
        self._folder: PublishedFolder | None = None
        self._opening = threading.RLock()

    @property
    def embedder(self) -> Embedder:
        """The embedder in force; its model is loaded when it is first needed."""
        with self._opening:
            if self._embedder is None:
                s = self.settings
                self._embedder = open_embedder(
                    s.embedder, base_url=s.embedder_base_url or None, api_key=s.embedder_api_key or None
                )
            return self._embedder

    # Reading

    def published(self) -> Published:
        """Return what readers see now; raise KnowledgeBaseEmpty when nothing was ever loaded."""
        published = self.catalogue.published()
        if published is None:
            raise KnowledgeBaseEmpty(
                f"the knowledge base in {self.settings.home} is empty: load documents with `faq ingest PATH`"
            )
        return published

    def versions(self) -> list[Version]:
        """Return all versions that can still be searched, oldest first."""
        return self.catalogue.versions()

    def search(self, question: Question, k: int = 10, filters: Filters = Filters()) -> Retrieval:
        """Return the ``k`` best chunks for a question, with how likely they are to answer it."""
        published, folder = self._open_published()
        self._same_embedder(published)
        return search(self.catalogue, folder, self.embedder, question, k, filters, published.version)

    def _open_published(self) -> tuple[Published, PublishedFolder]:
        """Return what is published now and its open indexes; a reader reopens when the pointer has moved."""
        with self._opening:
            for _ in range(5):  # a writer may clear away the folder between the look-up and the opening
                published = self.published()
                path = self._indexes / published.folder
                if self._folder is not None and self._folder.path == path:
                    return published, self._folder
                with contextlib.suppress(IndexDamaged):
                    self._folder = PublishedFolder(path, self.settings)
                    return published, self._folder
            self._folder = PublishedFolder(path, self.settings)
            return published, self._folder

    def _same_embedder(self, published: Published) -> None:
        if published.fingerprint != self.embedder.fingerprint:
            raise FingerprintMismatch(
                f"the knowledge base was embedded by {published.fingerprint!r}, the settings name "
                f"{self.embedder.fingerprint!r}: set FAQ_EMBEDDER back, or run `faq kb rebuild --embed`"
            )

    # Writing

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=self.settings.lock_timeout)
        except Timeout as error:
            raise KnowledgeBaseBusy(
                f"another process is writing to {self.settings.home}: wait until it is done and try again"
            ) from error
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def load(self, progress: Callable[[int], None] | None = None) -> Iterator[Load]:
        """Begin the next version; nothing of it is seen before ``Load.publish``, and without it nothing stays.

        Args:
            progress: called with the number of chunks whose vectors have been made.

        Raises:
            KnowledgeBaseBusy: another process is writing.
            FingerprintMismatch: the vectors that are there are another embedder's.
        """
        with self._writing():
            published = self.catalogue.published()
            if published:
                self._same_embedder(published)
            draft = Draft(self.catalogue, self.embedder.fingerprint)
            try:
                yield Load(draft, self.catalogue, self.embedder, self._publish, progress)
            finally:
                draft.close()
                undo_drafts(self.catalogue.engine, (self.catalogue.published() or Published(0, "", "")).version)

    def _publish(self, draft: Draft, note: str) -> Version:
        """Prepare the next folder from the published one, then flip the pointer."""
        published = self.catalogue.published()
        old = self._indexes / published.folder if published else None
        path = self._prepare(draft.version, old if old and old.exists() else None)
        version = draft.publish(note, path.name)
        self._clear_folders()
        return version

    def _prepare(self, number: int, source: Path | None) -> Path:
        """Return a new folder that holds all the catalogue's chunks: a copy of ``source`` brought up to date."""
        self._indexes.mkdir(exist_ok=True)
        name = f"{number:06d}-{secrets.token_hex(4)}"
        growing = self._indexes / f".{name}"
        try:
            if source is None:
                create_folder(growing, self.embedder.fingerprint, self.embedder.dimension)
            else:
                copy_folder(source, growing)
            folder = PublishedFolder(growing, self.settings, writable=True)
            try:
                folder.add(self.catalogue, self.catalogue.entries())
                folder.check(self.catalogue)
            finally:
                folder.close()
        except IndexDamaged:
            shutil.rmtree(growing, ignore_errors=True)
            if source is None:
                raise
            return self._prepare(number, None)  # the old folder was damaged: the catalogue has everything
        flush_to_disk(growing)
        os.rename(growing, self._indexes / name)
        flush_to_disk(self._indexes / name)
        return self._indexes / name

    def _clear_folders(self) -> None:
        folders = sorted(p for p in self._indexes.iterdir() if not p.name.startswith("."))
        published = self.published().folder
        stale = [p for p in folders if p.name != published][: -(_KEPT_FOLDERS - 1) or None]
        for path in [*stale, *self._indexes.glob(".*")]:
            shutil.rmtree(path, ignore_errors=True)

    def rollback(self, version: int) -> Version:
        """Publish the state of an older version again, as a new version."""
        with self._writing():
            published = self.published()
            self.catalogue.version(version)
            draft = Draft(self.catalogue, published.fingerprint)
            try:
                draft.restore(version)
                draft.checkpoint()
                return draft.publish(f"rollback to {version}", published.folder)
            finally:
                draft.close()

    def compact(self, keep: int = 1) -> Version:
        """Forget all but the newest ``keep`` versions: their texts and vectors are deleted, the indexes rebuilt."""
        with self._writing():
            self.published()
            known = self.versions()
            undo_drafts(self.catalogue.engine, known[-1].number)
            oldest = known[max(0, len(known) - max(1, keep))].number
            forget(self.catalogue.engine, oldest)
            return self._republish(f"compact to {oldest} and later")

    def rebuild(self, embed: bool = False) -> Version:
        """Make the indexes anew from the database.

        Args:
            embed: also embed every chunk anew with the embedder of the settings; older versions are forgotten,
                since vectors of two embedders do not mix.
        """
        with self._writing():
            published = self.published()
            undo_drafts(self.catalogue.engine, published.version)
            if embed:
                forget(self.catalogue.engine, published.version)
                embed_missing(self.catalogue, self.embedder)
            else:
                self._same_embedder(published)
            return self._republish("rebuild with new vectors" if embed else "rebuild")

    def _republish(self, note: str) -> Version:
        draft = Draft(self.catalogue, self.embedder.fingerprint)
        try:
            path = self._prepare(draft.version, None)
            version = draft.publish(note, path.name)
        finally:
            draft.close()
        self._clear_folders()
        return version

    def chunk_count(self) -> int:
        """Return how many chunks the published version has."""
        return self.catalogue.count(chunks, self.published().version)

    def disagreements(self) -> list[str]:
        """Return where database and indexes disagree, a sentence each; an empty list proves that they agree."""
        from kb.verify import disagreements

        published = self.published()
        return disagreements(self.catalogue, self._indexes / published.folder, self.settings)

    def close(self) -> None:
        """Release indexes and database."""
        if self._folder is not None:
            self._folder.close()
            self._folder = None
        self.catalogue.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_knowledge_base(settings: KnowledgeSettings, embedder: Embedder | None = None) -> KnowledgeBase:
    """Open the knowledge base of ``settings``; close it after use, or use it as a context manager."""
    return KnowledgeBase(settings, embedder)


__all__: Sequence[str] = ("KnowledgeBase", "open_knowledge_base")
