"""Opening the SQL database, and the one place where its failures become ours."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from kb.errors import KnowledgeBaseBusy, SettingsError, StorageError
from kb.store.schema import SCHEMA, layout, metadata
from kb.store.sqlite_log import read_into_memory

_ATTEMPTS = 20  # two processes may lay out a new database at the same moment: one of them looks again
_PAUSE = 0.05  # seconds between attempts; chosen
_CONNECTIONS = 8  # kept open; more readers at once open more for a while


def open_engine(url: str) -> Engine:
    """Open the database at ``url`` and make its tables where they are missing.

    Raises:
        SettingsError: the URL is malformed, or names a database whose driver is not installed.
        StorageError: it cannot be opened, or another release of this program laid it out.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        creator = _sqlite_creator(parsed) if parsed.get_backend_name() == "sqlite" else None
        opening: dict[str, Any] = {"creator": creator} if creator else {}
        engine = create_engine(parsed, pool_size=_CONNECTIONS, max_overflow=-1, **opening)
    except (ArgumentError, ImportError) as error:
        raise SettingsError(
            f"FAQ_DATABASE cannot be used ({error}): it must be a SQLAlchemy URL whose driver is installed"
        ) from error
    except OSError as error:
        raise _unusable(parsed, error) from error
    if engine.dialect.name == "sqlite":
        if creator is None:
            event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "checkin", _drop_unchanging)
    event.listen(engine, "handle_error", _map_error)
    try:
        found = _lay_out(engine)
    except (SQLAlchemyError, StorageError) as error:
        engine.dispose()
        raise _unusable(parsed, error) from error
    if found != SCHEMA:
        engine.dispose()
        raise StorageError(
            f"the database has layout {found}, this release reads layout {SCHEMA}: "
            "use the release that wrote it, or load the documents into a new FAQ_HOME"
        )
    return engine


def _unusable(url: URL, error: Exception) -> StorageError:
    return StorageError(
        f"the database {url.render_as_string()} cannot be opened ({error}): "
        "check that the folder exists, is writable and has space, or set FAQ_HOME to another one"
    )


def _lay_out(engine: Engine) -> int:
    """Make missing tables; return the number of the layout that is there."""
    for attempt in range(_ATTEMPTS):
        try:
            found = _layout(engine)
            if found is None:
                with engine.begin() as connection:
                    metadata.create_all(connection)
                    connection.execute(layout.insert().values(schema=SCHEMA))
                found = SCHEMA
            return found
        except (SQLAlchemyError, StorageError):
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
    raise AssertionError("unreachable")  # pragma: no cover


def _layout(engine: Engine) -> int | None:
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, layout.name):
            return None
        return connection.scalar(select(layout.c.schema))


class _Unchanging(sqlite3.Connection):
    """A connection to a file that nobody is writing, read without the files that SQLite keeps beside it."""


def _sqlite_creator(url: URL) -> Callable[[], sqlite3.Connection] | None:
    """Return what opens the database file; None for what is no plain file."""
    if not url.database or url.database.startswith((":memory:", "file:")) or url.query:
        return None
    path = Path(url.database)

    def connect() -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(path, check_same_thread=False)
            _configure_sqlite(connection, None)
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


def _log_holds(path: Path) -> bool:
    try:
        return Path(f"{path}-wal").stat().st_size > 0
    except OSError:
        return False


def _drop_unchanging(connection: Any, record: Any) -> None:
    """Open anew for the next use: by then somebody may write again."""
    if isinstance(connection, _Unchanging):
        record.invalidate()


def _configure_sqlite(connection: Any, _: object) -> None:
    if isinstance(connection, _Unchanging):
        return
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")  # milliseconds; first, since the next line may have to wait
    cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
    cursor.execute("PRAGMA synchronous=FULL")  # what was published survives a power cut
    cursor.close()


def _map_error(context: ExceptionContext) -> StorageError | None:
    """Return what is raised instead of the driver's error; None for mistakes of our own."""
    error = context.sqlalchemy_exception
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError | ProgrammingError):
        return None
    cause = str(error.orig)
    if "locked" in cause or "busy" in cause:
        return KnowledgeBaseBusy(
            f"another program is writing to the database ({cause}): wait until it is done and try again"
        )
    return StorageError(
        f"the database cannot be read or written ({cause}): check that its disk has space and that its "
        "files may be written; a damaged one is replaced with `faq kb restore`"
    )


@contextmanager
def files_in(folder: Path) -> Iterator[None]:
    """Turn an OSError about our own files in ``folder`` into StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be written ({error}): check that it exists, may be written and has space"
        ) from error


def wipe(engine: Engine) -> None:
    """Overwrite what deleted rows left in the database's files.

    Raises:
        KnowledgeBaseBusy: a program that reads an old state keeps SQLite from doing it.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM (FULL) documents, chunks, files, vectors"))
        if engine.dialect.name != "sqlite":
            return
        connection.execute(text("VACUUM"))
        busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
    if busy:
        raise KnowledgeBaseBusy(
            "old versions are deleted, but a program that is reading keeps their pages in the database's log: "
            "stop it and run `faq kb compact` again"
        )
