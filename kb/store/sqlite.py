"""What SQLite needs beside SQLAlchemy: how a file is opened, read where nothing can be written, and copied."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL

from kb.errors import KnowledgeBaseBusy, StorageError
from kb.store.sqlite_log import read_into_memory

_PAGES = -1  # all pages in one step: the copy is of one moment
_BUSY = 60.0  # seconds that a replacement waits for readers to let it write; chosen


def sqlite_url(path: Path) -> URL:
    """Return the URL of a database file."""
    return URL.create("sqlite", database=str(path))


class _Unchanging(sqlite3.Connection):
    """A connection to a file that nobody is writing, read without the files that SQLite keeps beside it."""


def creator(url: URL, survives_power_cuts: bool) -> Callable[[], sqlite3.Connection] | None:
    """Return what opens the database file; None for what is no plain file."""
    if not url.database or url.database.startswith((":memory:", "file:")) or url.query:
        return None
    path = Path(url.database)

    def connect() -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(path, check_same_thread=False)
            _configure(connection, survives_power_cuts)
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
            return connection
        except sqlite3.OperationalError as error:
            # Even a reader writes beside the file; a full disk or a folder that may not be written stops it. Where
            # no log holds anything, no program is writing, and the file alone is the last published state; one
            # that is locked is being written.
            if not path.exists() or "locked" in str(error):
                raise
            if _log_holds(path):
                return read_into_memory(path, _Unchanging)
            uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
            return sqlite3.connect(uri, uri=True, check_same_thread=False, factory=_Unchanging)

    return connect


def listen(engine: Engine, survives_power_cuts: bool, *, own_creator: bool) -> None:
    """Configure the connections of an engine that ``creator`` did not open, and drop those that cannot write."""
    if not own_creator:
        event.listen(engine, "connect", lambda connection, _: _configure(connection, survives_power_cuts))
    event.listen(engine, "checkin", _drop_unchanging)


def _log_holds(path: Path) -> bool:
    try:
        return Path(f"{path}-wal").stat().st_size > 0
    except OSError:
        return False


def _drop_unchanging(connection: Any, record: Any) -> None:
    """Open anew for the next use: by then somebody may write again."""
    if isinstance(connection, _Unchanging):
        record.invalidate()


def _configure(connection: Any, survives_power_cuts: bool) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")  # milliseconds; first, since the next line may have to wait
    cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
    cursor.execute(f"PRAGMA synchronous={'FULL' if survives_power_cuts else 'NORMAL'}")
    cursor.close()


@contextmanager
def _mapped(what: str) -> Iterator[None]:
    """Turn an error of SQLite's own driver into StorageError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(
            f"{what} ({error}): check that its folder may be written and has space, and run `faq kb verify`"
        ) from error


def copy_database(source: Path, target: Path) -> None:
    """Copy a database file as it is at one moment, while others read and write it.

    Raises:
        StorageError: one of the two is no database, or cannot be read or written.
    """
    with (
        _mapped(f"the database {source} cannot be copied"),
        closing(sqlite3.connect(source)) as stored,
        closing(sqlite3.connect(target)) as copy,
    ):
        stored.backup(copy, pages=_PAGES)


def without_log(path: Path) -> None:
    """Let a database be one file, without a log beside it.

    Raises:
        StorageError: it cannot be read or written.
    """
    with _mapped(f"the database {path} cannot be changed"), closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")


def replace_database(source: Path, target: Path) -> None:
    """Make one database equal to another in one transaction: who is reading sees the old state, then the new.

    Raises:
        KnowledgeBaseBusy: another program keeps the target from being written.
        StorageError: one of the two is no database, or cannot be read or written.
    """
    end = time.monotonic() + _BUSY
    with (
        _mapped(f"the database {target} cannot be replaced"),
        closing(sqlite3.connect(source)) as stored,
        closing(sqlite3.connect(target, timeout=5)) as database,
    ):
        while True:
            try:
                stored.backup(database, pages=_PAGES)
                break
            except sqlite3.OperationalError as error:
                if time.monotonic() > end:
                    raise KnowledgeBaseBusy(
                        f"another program keeps the database {target} busy ({error}): stop it and restore again"
                    ) from error
                time.sleep(0.1)
        with contextlib.suppress(sqlite3.Error):  # set again by whoever opens it next
            database.execute("PRAGMA journal_mode=WAL")
