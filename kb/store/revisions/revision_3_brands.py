"""A document may belong to one of several brands; those that are there belong to none in particular."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"

_OF_A_BRAND = "brand <> ''"


def upgrade() -> None:
    """Add the column, empty, and the index that tells which brands there are."""
    op.add_column("documents", sa.Column("brand", sa.Text, nullable=False, server_default=""))
    op.create_index(
        "documents_brand",
        "documents",
        ["brand", "version_from", "version_to"],
        sqlite_where=sa.text(_OF_A_BRAND),
    )
