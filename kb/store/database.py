"""The one way to open a database, and the one place where its failures become ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError

from kb.errors import KnowledgeBaseBusy, SettingsError, StorageError
from kb.store import sqlite
from kb.store.layout import Layout
from kb.store.migrate import bring_up_to_date, place_of

_CONNECTIONS = 8  # kept open; more readers at once open more for a while


def open_engine(url: str | URL, layout: Layout) -> Engine:
    """Open the database at ``url``, with the tables of ``layout`` as this program knows them.

    Tables are made where there are none; those of an earlier release are changed. From then on its driver's errors
    are KnowledgeBaseBusy or StorageError; SQLAlchemy's own are left only for mistakes of this program.

    Raises:
        SettingsError: the URL is malformed, or names a database whose driver is not installed.
        KnowledgeBaseBusy: another program holds it.
        StorageError: it cannot be opened, or a later release has changed it.
    """
    try:
        parsed = make_url(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        if is_sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        creator = sqlite.creator(parsed, layout.survives_power_cuts) if is_sqlite else None
        opening: dict[str, Any] = {"creator": creator} if creator else {}
        engine = create_engine(parsed, pool_size=_CONNECTIONS, max_overflow=-1, **opening)
    except (ArgumentError, ImportError, ValueError) as error:  # ValueError: of a port that is no number
        raise SettingsError(
            f"FAQ_DATABASE cannot be used ({error}): it must be a SQLAlchemy URL whose driver is installed"
        ) from error
    except OSError as error:
        raise _unusable(layout, parsed, error) from error
    if is_sqlite:
        sqlite.listen(engine, layout.survives_power_cuts, own_creator=creator is not None)
    event.listen(engine, "handle_error", _mapping(layout, parsed))
    try:
        bring_up_to_date(engine, layout)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _unusable(layout: Layout, url: URL, cause: object) -> StorageError:
    return StorageError(
        f"{place_of(layout, url)} cannot be opened, read or written ({cause}): check that its folder exists, that "
        f"the disk has space and that its files may be written{layout.advice}"
    )


def _mapping(layout: Layout, url: URL) -> Callable[[ExceptionContext], StorageError | None]:
    def mapped(context: ExceptionContext) -> StorageError | None:
        """Return what is raised instead of the driver's error; None for mistakes of our own."""
        error = context.sqlalchemy_exception
        if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError | ProgrammingError):
            return None
        cause = str(error.orig)
        if "locked" in cause or "busy" in cause:
            return KnowledgeBaseBusy(
                f"another program is writing to {place_of(layout, url)} ({cause}): wait until it is done and try "
                "again"
            )
        return _unusable(layout, url, cause)

    return mapped


def wipe(engine: Engine) -> None:
    """Overwrite what deleted rows left in the database's files.

    Raises:
        KnowledgeBaseBusy: a program that reads an old state keeps SQLite from doing it.
        StorageError: they cannot be written.
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
