"""Tables of the catalogue.

Documents, chunks and files live in intervals of versions: a row is seen at version ``v`` when
``version_from <= v < version_to``. Rows of the version being prepared are there, but nobody looks yet.

Whoever changes a table here adds a revision in ``revisions`` that does the same to the databases that are in use.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from kb.store.layout import Layout

OPEN = 2**31 - 1
"""``version_to`` of a row that nothing has ended."""

metadata = MetaData()

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
    Column("size", BigInteger, nullable=False),
    Column("modified_ns", BigInteger, nullable=False),
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
    Column("brand", Text, nullable=False, server_default=""),
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
    Column("tokens", LargeBinary),
)

calibrations = Table(
    "calibrations",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("threshold", Float, nullable=False),
    Column("max_error", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("source", Text, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("bound", Float, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
)

clearings = Table(
    "clearings",
    metadata,
    Column("mark", String(32), primary_key=True),
    Column("uri", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("cleared_at", DateTime, nullable=False),
)
"""Sentences that read as if they spoke to a machine, and that a person has let be quoted."""

SUPERSEDING = """instr(labels, '"supersedes": ["') > 0"""
"""SQLite: the document names others that it replaces. Such are few, and every search at a date asks for them."""

OF_A_BRAND = "brand <> ''"
"""The document belongs to one of several brands. Every search asks which there are."""

Index("documents_superseding", documents.c.version_from, sqlite_where=text(SUPERSEDING))
Index(
    "documents_brand",
    documents.c.brand,
    documents.c.version_from,
    documents.c.version_to,
    sqlite_where=text(OF_A_BRAND),
)

for _table in (files, documents, chunks):
    Index(f"{_table.name}_version_from", _table.c.version_from)
    Index(f"{_table.name}_version_to", _table.c.version_to)

CATALOGUE = Layout(
    name="catalogue",
    tables=metadata,
    revisions=Path(__file__).parent / "revisions",
    newest="3",
    title="the database",
    advice="; a damaged one is replaced with `faq kb restore`",
)
"""Documents, chunks, vectors, versions, and what people have decided about them."""
