"""The tables as they were before databases had revisions; whatever of them is there already stays."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None

_SUPERSEDING = """instr(labels, '"supersedes": ["') > 0"""


def upgrade() -> None:
    """Make them."""
    _versions()
    _files()
    _documents()
    _chunks()
    _vectors()
    _calibrations()
    _clearings()


def _column(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def _interval() -> list[sa.Column[Any]]:
    return [
        _column("row", sa.Integer, primary_key=True),
        _column("version_from", sa.Integer),
        _column("version_to", sa.Integer),
    ]


def _index(name: str, table: str, column: str, **more: Any) -> None:
    op.create_index(name, table, [column], if_not_exists=True, **more)


def _indexes_of_interval(table: str) -> None:
    _index(f"{table}_version_from", table, "version_from")
    _index(f"{table}_version_to", table, "version_to")


def _versions() -> None:
    op.create_table(
        "versions",
        _column("number", sa.Integer, primary_key=True, autoincrement=False),
        _column("published_at", sa.DateTime),
        _column("note", sa.Text),
        _column("folder", sa.String(64)),
        _column("fingerprint", sa.Text),
        *(_column(name, sa.Integer) for name in ("documents", "chunks", "added", "changed", "removed")),
        if_not_exists=True,
    )


def _files() -> None:
    op.create_table(
        "files",
        *_interval(),
        _column("uri", sa.Text),
        _column("size", sa.BigInteger),
        _column("modified_ns", sa.BigInteger),
        _column("sha256", sa.String(64)),
        _column("reader", sa.String(64)),
        if_not_exists=True,
    )
    _index("ix_files_uri", "files", "uri")
    _indexes_of_interval("files")


def _documents() -> None:
    op.create_table(
        "documents",
        *_interval(),
        _column("document_id", sa.String(32)),
        _column("uri", sa.Text),
        _column("file_uri", sa.Text),
        _column("title", sa.Text),
        sa.Column("record_id", sa.Text),
        _column("content_hash", sa.String(32)),
        _column("text", sa.Text),
        _column("audience", sa.Text),
        _column("product", sa.Text),
        _column("language", sa.String(8)),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_until", sa.Date),
        _column("labels", sa.JSON),
        _column("warnings", sa.JSON),
        if_not_exists=True,
    )
    _index("ix_documents_document_id", "documents", "document_id")
    _index("ix_documents_file_uri", "documents", "file_uri")
    _index("documents_superseding", "documents", "version_from", sqlite_where=sa.text(_SUPERSEDING))
    _indexes_of_interval("documents")


def _chunks() -> None:
    op.create_table(
        "chunks",
        *_interval(),
        _column("chunk_id", sa.String(32)),
        _column("document_id", sa.String(32)),
        _column("position", sa.Integer),
        _column("start", sa.Integer),
        _column("end", sa.Integer),
        _column("text", sa.Text),
        _column("headings", sa.JSON),
        sa.Column("page", sa.Integer),
        _column("kind", sa.String(16)),
        sa.Column("question", sa.Text),
        _column("language", sa.String(8)),
        _column("text_key", sa.String(32)),
        sa.Column("question_key", sa.String(32)),
        if_not_exists=True,
    )
    _index("ix_chunks_chunk_id", "chunks", "chunk_id")
    _index("ix_chunks_document_id", "chunks", "document_id")
    _indexes_of_interval("chunks")


def _vectors() -> None:
    op.create_table(
        "vectors",
        _column("key", sa.String(32), primary_key=True),
        _column("vector", sa.LargeBinary),
        sa.Column("tokens", sa.LargeBinary),
        if_not_exists=True,
    )


def _calibrations() -> None:
    op.create_table(
        "calibrations",
        _column("version", sa.Integer, primary_key=True, autoincrement=False),
        _column("threshold", sa.Float),
        _column("max_error", sa.Float),
        _column("confidence", sa.Float),
        _column("source", sa.Text),
        _column("cases", sa.Integer),
        _column("answered", sa.Integer),
        _column("wrong", sa.Integer),
        _column("bound", sa.Float),
        _column("chunks", sa.Integer),
        _column("fingerprint", sa.Text),
        _column("made_at", sa.DateTime),
        if_not_exists=True,
    )


def _clearings() -> None:
    op.create_table(
        "clearings",
        _column("mark", sa.String(32), primary_key=True),
        _column("uri", sa.Text),
        _column("words", sa.Text),
        _column("cleared_at", sa.DateTime),
        if_not_exists=True,
    )
