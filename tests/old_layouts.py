"""Databases as they were before they had revisions, laid out by the statements of that time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table

from kb.store.database import open_engine
from kb.store.layout import Layout
from kb.store.sqlite import sqlite_url

CATALOGUE = """
CREATE TABLE layout (schema INTEGER NOT NULL, PRIMARY KEY (schema));
CREATE TABLE versions (number INTEGER NOT NULL, published_at DATETIME NOT NULL, note TEXT NOT NULL,
    folder VARCHAR(64) NOT NULL, fingerprint TEXT NOT NULL, documents INTEGER NOT NULL, chunks INTEGER NOT NULL,
    added INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL, PRIMARY KEY (number));
CREATE TABLE files ("row" INTEGER NOT NULL, version_from INTEGER NOT NULL, version_to INTEGER NOT NULL,
    uri TEXT NOT NULL, size BIGINT NOT NULL, modified_ns BIGINT NOT NULL, sha256 VARCHAR(64) NOT NULL,
    reader VARCHAR(64) NOT NULL, PRIMARY KEY ("row"));
CREATE INDEX files_version_from ON files (version_from);
CREATE INDEX ix_files_uri ON files (uri);
CREATE INDEX files_version_to ON files (version_to);
CREATE TABLE documents ("row" INTEGER NOT NULL, version_from INTEGER NOT NULL, version_to INTEGER NOT NULL,
    document_id VARCHAR(32) NOT NULL, uri TEXT NOT NULL, file_uri TEXT NOT NULL, title TEXT NOT NULL,
    record_id TEXT, content_hash VARCHAR(32) NOT NULL, text TEXT NOT NULL, audience TEXT NOT NULL,
    product TEXT NOT NULL, language VARCHAR(8) NOT NULL, valid_from DATE, valid_until DATE, labels JSON NOT NULL,
    warnings JSON NOT NULL, PRIMARY KEY ("row"));
CREATE INDEX ix_documents_document_id ON documents (document_id);
CREATE INDEX ix_documents_file_uri ON documents (file_uri);
CREATE INDEX documents_version_to ON documents (version_to);
CREATE INDEX documents_version_from ON documents (version_from);
CREATE INDEX documents_superseding ON documents (version_from) WHERE instr(labels, '"supersedes": ["') > 0;
CREATE TABLE chunks ("row" INTEGER NOT NULL, version_from INTEGER NOT NULL, version_to INTEGER NOT NULL,
    chunk_id VARCHAR(32) NOT NULL, document_id VARCHAR(32) NOT NULL, position INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, headings JSON NOT NULL, page INTEGER,
    kind VARCHAR(16) NOT NULL, question TEXT, language VARCHAR(8) NOT NULL, text_key VARCHAR(32) NOT NULL,
    question_key VARCHAR(32), PRIMARY KEY ("row"));
CREATE INDEX chunks_version_from ON chunks (version_from);
CREATE INDEX chunks_version_to ON chunks (version_to);
CREATE INDEX ix_chunks_chunk_id ON chunks (chunk_id);
CREATE INDEX ix_chunks_document_id ON chunks (document_id);
CREATE TABLE vectors ("key" VARCHAR(32) NOT NULL, vector BLOB NOT NULL, tokens BLOB, PRIMARY KEY ("key"));
INSERT INTO layout VALUES (1);
"""

CATALOGUE_LATER = """
CREATE TABLE calibrations (version INTEGER NOT NULL, threshold FLOAT NOT NULL, max_error FLOAT NOT NULL,
    confidence FLOAT NOT NULL, source TEXT NOT NULL, cases INTEGER NOT NULL, answered INTEGER NOT NULL,
    wrong INTEGER NOT NULL, bound FLOAT NOT NULL, chunks INTEGER NOT NULL, fingerprint TEXT NOT NULL,
    made_at DATETIME NOT NULL, PRIMARY KEY (version));
CREATE TABLE clearings (mark VARCHAR(32) NOT NULL, uri TEXT NOT NULL, words TEXT NOT NULL,
    cleared_at DATETIME NOT NULL, PRIMARY KEY (mark));
"""
"""Tables that were made when they were first needed."""

RECORDS = """
CREATE TABLE records (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, id VARCHAR(32) NOT NULL,
    at VARCHAR(32) NOT NULL, channel VARCHAR(64) NOT NULL, conversation VARCHAR(128) NOT NULL,
    language VARCHAR(8) NOT NULL, outcome VARCHAR(16) NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
    UNIQUE (id));
CREATE INDEX records_at ON records (at);
CREATE INDEX records_conversation ON records (conversation);
"""

PAGES = """
CREATE TABLE pages (url TEXT PRIMARY KEY, final TEXT, file TEXT, kind TEXT, etag TEXT, last_modified TEXT,
    fetched_at REAL, links TEXT);
CREATE TABLE members (root TEXT, url TEXT, final TEXT, PRIMARY KEY (root, url));
CREATE TABLE gone (final TEXT PRIMARY KEY);
CREATE TABLE runs (root TEXT PRIMARY KEY, started_at REAL);
"""


def make_old(path: Path, statements: str) -> None:
    """Put a database laid out by ``statements`` in the place of the one at ``path``, with the rows of that one."""
    newer = path.with_name(f"newer-{path.name}")
    if path.exists():
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=DELETE")
        path.rename(newer)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=OFF")  # nothing here has to survive
        database.executescript(statements)
        if newer.exists():
            database.execute("ATTACH ? AS newer", (str(newer),))
            names = "SELECT name FROM {}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            there = {name for (name,) in database.execute(names.format("main"))}
            for (name,) in database.execute(names.format("newer")).fetchall():
                if name in there:
                    known = ", ".join(f'"{row[1]}"' for row in database.execute(f"PRAGMA main.table_info({name})"))
                    database.execute(f"INSERT INTO main.{name} SELECT {known} FROM newer.{name}")
            database.execute("DETACH newer")
            newer.unlink()


def tables_of(path: Path) -> dict[str, object]:
    """Return the names of the tables, their columns and indexes, so that two layouts can be compared."""
    found: dict[str, object] = {}
    with closing(sqlite3.connect(path)) as database:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (name,) in database.execute(names).fetchall():
            columns = [
                (
                    column,
                    kind.upper(),
                    bool(wanted or key),
                    key,
                )  # a key without NOT NULL differs in nothing that counts
                for _, column, kind, wanted, _, key in database.execute(f"PRAGMA table_info({name})")
            ]
            indexes = {
                (index, unique, partial, tuple(row[2] for row in database.execute(f"PRAGMA index_info({index})")))
                for _, index, unique, _, partial in database.execute(f"PRAGMA index_list({name})").fetchall()
            }
            found[name] = columns, indexes
        found["conditions"] = sorted(
            sql.partition(" WHERE ")[2]
            for (sql,) in database.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'"
            )
        )
    return found


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows by table, but for what says of which revision the database is."""
    with closing(sqlite3.connect(path)) as database:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return {
            name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr)
            for (name,) in database.execute(names).fetchall()
            if name != "layout" and not name.endswith("_revision")
        }


def opened(path: Path, layout: Layout) -> None:
    """Open a database and close it."""
    open_engine(sqlite_url(path), layout).dispose()


FIRST = """
CREATE TABLE ran (times INTEGER);
CREATE TABLE kept (row INTEGER PRIMARY KEY);
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION SELECT n + 1 FROM numbers WHERE n < 99)
    INSERT INTO kept SELECT n FROM numbers;
"""
REVISIONS = {
    "1": """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "1", None
def upgrade():
    op.create_table("ran", sa.Column("times", sa.Integer), if_not_exists=True)
    op.create_table("kept", sa.Column("row", sa.Integer, primary_key=True), if_not_exists=True)
""",
    "2": """
import os, signal, time
from alembic import op
import sqlalchemy as sa
revision, down_revision = "2", "1"
def upgrade():
    op.add_column("kept", sa.Column("more", sa.Integer))
    op.execute("UPDATE kept SET more = row * 2")
    op.execute("INSERT INTO ran VALUES (1)")
    time.sleep(float(os.environ.get("SLOWLY", "0")))
    if "FALTERS" in os.environ:
        op.execute("SELECT nonsense FROM nowhere")
    op.create_index("kept_more", "kept", ["more"])
""",
}


def changing(folder: Path) -> Layout:
    """Return a layout whose second revision changes a table, its rows and its indexes, and takes its time."""
    revisions = folder / "revisions"
    revisions.mkdir(exist_ok=True)
    for name, text in REVISIONS.items():
        (revisions / f"revision_{name}.py").write_text(text)
    tables = MetaData()
    Table("ran", tables, Column("times", Integer))
    Table("kept", tables, Column("row", Integer, primary_key=True), Column("more", Integer, index=True))
    return Layout(
        name="changing", tables=tables, revisions=revisions, newest="2", title="the state", advice=", or not"
    )
