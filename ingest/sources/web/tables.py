"""Tables of what was fetched from web sites.

Whoever changes them adds a revision in ``revisions`` that does the same to the databases that are in use.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import REAL, Column, MetaData, Table, Text

from kb.store.layout import Layout

_metadata = MetaData()

pages = Table(
    "pages",
    _metadata,
    Column("url", Text, primary_key=True),
    Column("final", Text),
    Column("file", Text),
    Column("kind", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fetched_at", REAL),
    Column("links", Text),
)

members = Table(
    "members",
    _metadata,
    Column("root", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("final", Text),
)

gone = Table("gone", _metadata, Column("final", Text, primary_key=True))

runs = Table("runs", _metadata, Column("root", Text, primary_key=True), Column("started_at", REAL))

PAGES = Layout(
    name="pages",
    tables=_metadata,
    revisions=Path(__file__).parent / "revisions",
    newest="1",
    title="what is known of web pages, in",
    advice="; without it, every page is fetched again",
    survives_power_cuts=False,
)
"""Pages, what sites consist of, and runs that were cut off."""
