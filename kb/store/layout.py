"""What a room declares of the state that it keeps in a database: its tables, and how they became what they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The tables of one kind of state. Several kinds may lie in one database.

    Attributes:
        name: of the kind; the table ``<name>_revision`` says of which revision a database is.
        tables: as the newest revision leaves them.
        revisions: folder of the revisions, a module of Alembic's each.
        newest: the newest revision's id.
        title: what messages call a database that holds it.
        advice: what else to do where it cannot be used; the end of a sentence.
        survives_power_cuts: whether what was committed does, at the cost of a wait for the disk; what was
            committed last may be lost without it, never the file.
    """

    name: str
    tables: MetaData
    revisions: Path
    newest: str
    title: str
    advice: str
    survives_power_cuts: bool = True

    @property
    def revision_table(self) -> str:
        """Name of the table that holds the revision."""
        return f"{self.name}_revision"
