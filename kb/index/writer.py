"""The one writer: a version is loaded, restored, compacted or built anew, and published at one moment."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.embedders import Embedder
from kb.errors import StorageError
from kb.index.workshop import Span, Workshop
from kb.own_files import files_in
from kb.settings import KnowledgeSettings
from kb.store.catalogue import Catalogue
from kb.store.database import wipe
from kb.store.draft import Draft, undo_drafts
from kb.store.load import Load, embed_anew
from kb.store.lock import WriteLock
from kb.types import Version

_KEPT_FOLDERS = 2  # the published one, and the one that a reader may be opening at this moment


class Writer:
    """Makes the next version of a knowledge base, its rows and its index folder, and flips the pointer to it.

    Every method waits for another writer as long as the settings say, and then raises KnowledgeBaseBusy. What
    cannot be read or written, in the database or among the indexes, is a StorageError; nothing is published then.
    """

    def __init__(
        self, settings: KnowledgeSettings, catalogue: Catalogue, embedder: Callable[[], Embedder]
    ) -> None:
        """Take the settings, the database, and what gives the embedder: it is loaded when it is first needed."""
        self._settings, self._catalogue, self._embedder = settings, catalogue, embedder
        self._indexes = settings.home / "indexes"
        self._lock = WriteLock(settings.home, settings.lock_timeout)

    def alone(self) -> contextlib.AbstractContextManager[None]:
        """Keep every other writer out for a block.

        Raises:
            KnowledgeBaseBusy: there is one.
            StorageError: the lock's file cannot be written.
        """
        return self._lock.held()

    @contextmanager
    def load(self, progress: Callable[[int], None] | None = None) -> Iterator[Load]:
        """Begin the next version; nothing of it is seen before ``Load.publish``, and without it nothing stays.

        Args:
            progress: called with the number of chunks whose vectors have been made.

        Raises:
            KnowledgeBaseBusy: another process is writing.
            FingerprintMismatch: the vectors that are there are another embedder's.
            EmbedderError: the embedder cannot be opened, or fails within the block.
            SettingsError: the settings name no embedder that there is.
            MissingExtra: its package is not installed.
            IndexDamaged: the published index folder, from which the next is made, is not whole.
            StorageError: database or indexes cannot be written.
        """
        with self.alone():
            published = self._catalogue.published()
            embedder = self._embedder()
            if published:
                published.check_embedder(embedder.fingerprint)
            draft = Draft(self._catalogue, embedder.fingerprint)
            try:
                with contextlib.closing(Load(draft, self._catalogue, embedder, self._publish, progress)) as load:
                    yield load
            finally:
                draft.close()
                with contextlib.suppress(StorageError):  # else the next load undoes it
                    now = self._catalogue.published()
                    undo_drafts(self._catalogue.engine, now.version if now else 0)

    def rollback(self, version: int) -> Version:
        """Publish the state of an older version again, as a new version.

        Raises:
            KnowledgeBaseEmpty: nothing was ever published.
            UnknownVersion: there is none of that number.
            KnowledgeBaseBusy: another process is writing.
            StorageError: the database cannot be written.
        """
        with self.alone():
            published = self._catalogue.published_or_empty(self._settings.home)
            self._catalogue.version(version)
            with contextlib.closing(Draft(self._catalogue, published.fingerprint)) as draft:
                draft.restore(version)
                return draft.publish(f"rollback to {version}", published.folder)

    def compact(self, keep: int = 1) -> Version:
        """Forget all but the newest ``keep`` versions: their texts and vectors are deleted, the indexes rebuilt.

        The state of the published version is published again; that counts as one of those that are kept.

        Raises:
            KnowledgeBaseEmpty: nothing was ever published.
            FingerprintMismatch: the vectors that are there are another embedder's.
            KnowledgeBaseBusy: another process is writing; or all is done, but one that reads keeps old pages.
            StorageError: database or indexes cannot be written.
        """
        with self.alone():
            published = self._catalogue.published_or_empty(self._settings.home)
            published.check_embedder(self._embedder().fingerprint)
            return self._republish("compact", keep)

    def rebuild(self, embed: bool = False) -> Version:
        """Make the indexes anew from the database.

        Args:
            embed: also embed every chunk anew with the embedder of the settings; older versions are forgotten,
                since vectors of two embedders do not mix.

        Raises:
            KnowledgeBaseEmpty: nothing was ever published.
            FingerprintMismatch: the vectors that are there are another embedder's, and stay.
            EmbedderError: the embedder failed; what is published stays.
            KnowledgeBaseBusy: as for ``compact``.
            StorageError: database or indexes cannot be written.
        """
        with self.alone():
            published = self._catalogue.published_or_empty(self._settings.home)
            if not embed:
                published.check_embedder(self._embedder().fingerprint)
            return self._republish("rebuild with new vectors" if embed else "rebuild", 1 if embed else 0, embed)

    def _publish(self, draft: Draft, note: str) -> Version:
        """Prepare the next folder from the published one, then flip the pointer."""
        published = self._catalogue.published()
        span = Span(self._catalogue.oldest(), draft.version)
        source = self._indexes / published.folder if published else None
        return self._flip(draft, note, span, source)

    def _republish(self, note: str, keep: int = 0, embed: bool = False) -> Version:
        """Publish the published state again with indexes from the database, and ``keep`` versions (0: all)."""
        embedder = self._embedder()
        with contextlib.closing(Draft(self._catalogue, embedder.fingerprint)) as draft:
            numbers = [*(version.number for version in self._catalogue.versions()), draft.version]
            if embed:
                embed_anew(self._catalogue, embedder, draft)
            version = self._flip(draft, note, Span(numbers[-keep:][0], draft.version), None, wiped=keep > 0)
        if keep:
            wipe(self._catalogue.engine)
        return version

    def _flip(self, draft: Draft, note: str, span: Span, source: Path | None, *, wiped: bool = False) -> Version:
        """Prepare the folder of ``span``, let every reader see it at one moment, clear away older ones."""
        with files_in(self._indexes):
            workshop = Workshop(self._catalogue, self._settings, self._embedder())
            name = workshop.prepare(span, source)
            version = draft.publish(note, name, span.first)
            workshop.tidy(span, 1 if wiped else _KEPT_FOLDERS)
        return version
