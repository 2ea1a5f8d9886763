"""The revision stands in the place of the number that databases had before."""

from __future__ import annotations

from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Drop the table of the number."""
    op.drop_table("layout", if_exists=True)
