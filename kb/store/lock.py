"""One writer at a time, over all threads and processes of a home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import KnowledgeBaseBusy
from kb.own_files import files_in

_FILE = "write.lock"


class WriteLock:
    """The lock of a home; who dies loses it."""

    def __init__(self, home: Path, patience: float) -> None:
        """Take the home, and the seconds that a writer waits for another one."""
        self._home, self._patience = home, patience
        self._lock = FileLock(home / _FILE)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other writer out for a block.

        Raises:
            KnowledgeBaseBusy: there is another one.
            StorageError: the lock's file cannot be written.
        """
        busy = KnowledgeBaseBusy(f"another load is writing to {self._home}: wait until it is done and try again")
        if self._lock.is_locked:  # by this thread: a lock that it holds would be given to it again
            raise busy
        with files_in(self._home):
            try:
                self._lock.acquire(timeout=self._patience)
            except Timeout as error:
                raise busy from error
        try:
            yield
        finally:
            self._lock.release()
