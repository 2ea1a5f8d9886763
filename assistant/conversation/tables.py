"""Table of the records.

Whoever changes it adds a revision in ``revisions`` that does the same to the databases that are in use.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

from kb.store.layout import Layout

_metadata = MetaData()

records = Table(
    "records",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("at", String(32), nullable=False),  # ISO 8601, UTC, microseconds: sorts as text
    Column("channel", String(64), nullable=False),
    Column("conversation", String(128), nullable=False),
    Column("language", String(8), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("brand", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

Index("records_at", records.c.at)
Index("records_conversation", records.c.conversation)

RECORDS = Layout(
    name="records",
    tables=_metadata,
    revisions=Path(__file__).parent / "revisions",
    newest="2",
    title="the records in",
    advice=", or switch recording off with FAQ_RECORD=false",
    survives_power_cuts=False,
)
"""What was answered."""
