"""What readers see: the published folder, opened anew with each version, and closed when nobody reads it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from kb.errors import IndexDamaged
from kb.index.folder import PublishedFolder
from kb.settings import KnowledgeSettings
from kb.store.catalogue import Catalogue, Published

_ATTEMPTS = 5  # a writer may clear a folder away between the look-up and the opening


T = TypeVar("T")


class _Opened:
    """One open folder and how many threads are reading it."""

    def __init__(self, folder: PublishedFolder) -> None:
        self.folder = folder
        self.readers = 0


class Replica:
    """What any number of threads read: the published folder, opened again when another one is published."""

    def __init__(self, catalogue: Catalogue, indexes: Path, settings: KnowledgeSettings) -> None:
        self._catalogue, self._indexes, self._settings = catalogue, indexes, settings
        self._current: _Opened | None = None
        self._lock = threading.Lock()

    def published(self) -> Published:
        """Return what readers see now.

        Raises:
            KnowledgeBaseEmpty: nothing was ever loaded.
            StorageError: the database cannot be read.
        """
        return self._catalogue.published_or_empty(self._settings.home)

    @contextmanager
    def reading(self) -> Iterator[tuple[Published, PublishedFolder]]:
        """Give what is published and its open indexes, which stay open for the block.

        Raises:
            KnowledgeBaseEmpty: nothing was ever loaded.
            IndexDamaged: the published folder cannot be opened, however often it is looked up.
            StorageError: the database cannot be read.
        """
        with self._lock:
            published, opened = self._open()
            opened.readers += 1
        try:
            yield published, opened.folder
        finally:
            with self._lock:
                opened.readers -= 1
                if opened is not self._current and not opened.readers:
                    opened.folder.close()

    def read(self, call: Callable[[Published, PublishedFolder], T]) -> T:
        """Return what ``call`` makes of what is published.

        A version that was forgotten meanwhile may have been seen in part: then it is made of the newest one.

        Raises:
            KnowledgeBaseEmpty: nothing was ever loaded.
            IndexDamaged: the folder is damaged, or ``call`` says so, also when it is opened anew.
            StorageError: the database cannot be read.
        """
        for _ in range(_ATTEMPTS):
            try:
                with self.reading() as (published, folder):
                    found = call(published, folder)
            except IndexDamaged:  # or its folder was cleared away while it was open: what is published now decides
                self.forget()
                with self.reading() as (published, folder):
                    found = call(published, folder)
            if self._catalogue.oldest() <= published.version:
                break
        return found

    def _open(self) -> tuple[Published, _Opened]:
        for attempt in range(_ATTEMPTS):
            published = self.published()
            path = self._indexes / published.folder
            if self._current is not None and self._current.folder.path == path:
                return published, self._current
            try:
                opened = _Opened(PublishedFolder(path, self._settings))
            except IndexDamaged:
                if attempt == _ATTEMPTS - 1:
                    raise
                continue
            self._replace(opened)
            return published, opened
        raise AssertionError("unreachable")  # pragma: no cover

    def _replace(self, opened: _Opened | None) -> None:
        """Make another folder the current one; the last thread that reads the old one closes it."""
        old, self._current = self._current, opened
        if old is not None and not old.readers:
            old.folder.close()

    def forget(self) -> None:
        """Open the folder anew at the next reading."""
        with self._lock:
            self._replace(None)

    def close(self) -> None:
        """Close the indexes as soon as nobody reads them."""
        self.forget()
