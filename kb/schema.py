"""Tables of the catalogue, and the engine that opens them.

Documents, chunks and files live in intervals of versions: a row is seen at version ``v`` when
``version_from <= v < version_to``. Rows of the version being prepared are there, but nobody looks yet.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from kb.errors import StorageError

OPEN = 2**31 - 1
"""``version_to`` of a row that nothing has ended."""

SCHEMA = 1
"""Number of this layout; another one is refused."""

metadata = MetaData()

layout = Table("layout", metadata, Column("schema", Integer, primary_key=True))

versions = Table(
    "versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("published_at", DateTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("folder", String(64), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
)


def _interval() -> tuple[Column[Any], ...]:
    return (
        Column("row", Integer, primary_key=True),
        Column("version_from", Integer, nullable=False),
        Column("version_to", Integer, nullable=False, default=OPEN),
    )


files = Table(
    "files",
    metadata,
    *_interval(),
    Column("uri", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("modified_ns", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("reader", String(64), nullable=False),
)

documents = Table(
    "documents",
    metadata,
    *_interval(),
    Column("document_id", String(32), nullable=False, index=True),
    Column("uri", Text, nullable=False),
    Column("file_uri", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("record_id", Text),
    Column("content_hash", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("labels", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    *_interval(),
    Column("chunk_id", String(32), nullable=False, index=True),
    Column("document_id", String(32), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("headings", JSON, nullable=False),
    Column("page", Integer),
    Column("kind", String(16), nullable=False),
    Column("question", Text),
    Column("language", String(8), nullable=False),
    Column("text_key", String(32), nullable=False),
    Column("question_key", String(32)),
)

vectors = Table(
    "vectors",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

for _table in (files, documents, chunks):
    Index(f"{_table.name}_version_from", _table.c.version_from)
    Index(f"{_table.name}_version_to", _table.c.version_to)


def open_engine(url: str) -> Engine:
    """Open the database at ``url`` and make its tables where they are missing.

    Raises:
        StorageError: it cannot be opened, or another release of this program laid it out.
    """
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    try:
        if sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(parsed)
        if sqlite:
            event.listen(engine, "connect", _configure_sqlite)
        with engine.connect() as connection:
            found = None
            if engine.dialect.has_table(connection, layout.name):
                found = connection.scalar(select(layout.c.schema))
        if found is None:
            with engine.begin() as connection:
                metadata.create_all(connection)
                connection.execute(layout.insert().values(schema=SCHEMA))
    except (SQLAlchemyError, OSError) as error:
        raise StorageError(
            f"the database {parsed.render_as_string()} cannot be opened ({error}): "
            "check that the folder exists, is writable and has space, or set FAQ_HOME to another one"
        ) from error
    if found not in (None, SCHEMA):
        raise StorageError(
            f"the database has layout {found}, this release reads layout {SCHEMA}: "
            "use the release that wrote it, or load the documents into a new FAQ_HOME"
        )
    return engine


def _configure_sqlite(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
    cursor.execute("PRAGMA synchronous=FULL")  # what was published survives a power cut
    cursor.execute("PRAGMA busy_timeout=10000")  # milliseconds
    cursor.close()
