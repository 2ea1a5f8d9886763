"""The tables as they were before databases had revisions; whatever of them is there already stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "pages",
        sa.Column("url", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text) for name in ("final", "file", "kind", "etag", "last_modified")),
        sa.Column("fetched_at", sa.REAL),
        sa.Column("links", sa.Text),
        if_not_exists=True,
    )
    op.create_table(
        "members",
        sa.Column("root", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("final", sa.Text),
        if_not_exists=True,
    )
    op.create_table("gone", sa.Column("final", sa.Text, primary_key=True), if_not_exists=True)
    op.create_table(
        "runs", sa.Column("root", sa.Text, primary_key=True), sa.Column("started_at", sa.REAL), if_not_exists=True
    )
