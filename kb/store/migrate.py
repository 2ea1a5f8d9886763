"""One path from the layout that a database has to the one that this program knows.

A room declares its tables and its revisions (``kb.store.layout``). They are run here, all of them in one
transaction that locks other programs out: whoever is killed leaves the old layout or the new one, whole. Alembic
is imported only where there is something to run; to open a database of the newest revision costs two queries.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect, select
from sqlalchemy.engine import URL

from kb.errors import KnowledgeBaseBusy, StorageError
from kb.store.layout import Layout

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

_PATIENCE = 60.0  # seconds that a program waits for another one that holds the database; chosen
_PAUSE = 0.05  # seconds between attempts, for SQLite does not wait where the journal's mode is changed; chosen
_one_at_a_time = threading.Lock()  # Alembic keeps what it is doing in its modules


def bring_up_to_date(engine: Engine, layout: Layout) -> None:
    """Make the tables of ``layout`` where there are none, and change older ones into them.

    Raises:
        KnowledgeBaseBusy: another program holds the database.
        StorageError: the database is newer than this program, or cannot be changed; it is as it was.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return _bring_up_to_date(engine, layout)
        except KnowledgeBaseBusy:
            if time.monotonic() > end:
                raise
        time.sleep(_PAUSE)


def _bring_up_to_date(engine: Engine, layout: Layout) -> None:
    with engine.connect() as connection:
        stored = _stored(connection, layout)
    if stored == layout.newest:
        return
    if stored is not None:
        _refuse_newer(engine.url, layout, stored)
    try:
        with _one_at_a_time, _alone(engine, layout) as connection:
            if (now := _stored(connection, layout)) != stored:  # another program was quicker
                raise KnowledgeBaseBusy(f"{place_of(layout, engine.url)} has just been changed: try again")
            if now is None and not _begun(connection, layout):
                _make(connection, layout)
            else:
                _run(connection, layout, now)
    except KnowledgeBaseBusy:
        raise
    except StorageError as error:
        raise StorageError(
            f"{place_of(layout, engine.url)} has to be brought from revision {stored or 'none'} to "
            f"{layout.newest}; that failed, and nothing was changed: {error}"
        ) from error


def place_of(layout: Layout, url: URL) -> str:
    """Return what messages call the database at a URL."""
    place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string()
    return f"{layout.title} {place}"


def _stored(connection: Connection, layout: Layout) -> str | None:
    """Return the revision that a database is of, None for one without tables or from before there were any."""
    if not connection.dialect.has_table(connection, layout.revision_table):
        return None
    return connection.scalar(select(_revision_table(layout).c.version_num))


def _revision_table(layout: Layout) -> Table:
    """Return the table as Alembic makes it."""
    return Table(
        layout.revision_table, MetaData(), Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name=f"{layout.revision_table}_pkc"),
    )  # fmt: skip


@contextmanager
def _alone(engine: Engine, layout: Layout) -> Iterator[Connection]:
    """Give a transaction beside which no other program changes the layout; it holds whole, or not at all."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # Python's driver would begin one after the first CREATE
        elif engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(hashtext('{layout.revision_table}'))")
        yield connection


def _begun(connection: Connection, layout: Layout) -> bool:
    return not layout.tables.tables.keys().isdisjoint(inspect(connection).get_table_names())


def _make(connection: Connection, layout: Layout) -> None:
    """Make all tables as the newest revision leaves them, which needs no Alembic."""
    layout.tables.create_all(connection)
    revision = _revision_table(layout)
    revision.create(connection)
    connection.execute(revision.insert(), {"version_num": layout.newest})


def _run(connection: Connection, layout: Layout, stored: str | None) -> None:
    """Run the revisions that a database lacks, the oldest first."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    script = _script(layout)
    context = MigrationContext.configure(connection, opts={"version_table": layout.revision_table})
    with Operations.context(context):
        for revision in reversed(list(script.iterate_revisions(layout.newest, stored))):
            revision.module.upgrade()
    context.stamp(script, layout.newest)


def _script(layout: Layout) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(layout.revisions, version_locations=[layout.revisions])


def _refuse_newer(url: URL, layout: Layout, stored: str) -> None:
    """Raise StorageError where a revision is none of those that this program has."""
    if stored not in [revision.revision for revision in _script(layout).walk_revisions()]:
        raise StorageError(
            f"{place_of(layout, url)} is of revision {stored}, and the newest that this release knows is "
            f"{layout.newest}: use the release that wrote it or a later one, or set FAQ_HOME to another folder"
        )
