"""A record says of which brand it was asked; those that are there were asked of none in particular."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the column, empty."""
    op.add_column("records", sa.Column("brand", sa.Text, nullable=False, server_default=""))
