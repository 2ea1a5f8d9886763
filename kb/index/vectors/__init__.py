"""The port VectorIndex: which stored vectors are nearest to one.

Entries are ``<chunk id>`` for a chunk's text and ``<chunk id>?`` for its stored question. An index is derived:
it may be thrown away and rebuilt from the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kb.embedders import Vectors

QUESTION_MARK = "?"
"""Ends the entry id of a stored question."""


class VectorIndex(Protocol):
    """Nearest neighbours by cosine similarity of L2-normalised vectors."""

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add entries; an id that is there already is put again, not doubled.

        Args:
            ids: n entry ids.
            vectors: ``(n, dimension)`` float32, rows L2-normalised.
        """

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return up to ``k`` pairs of entry id and similarity (-1 to 1), best first."""

    def ids(self) -> set[str]:
        """Return all entry ids."""

    def __len__(self) -> int:
        """Return the number of entries."""

    def close(self) -> None:
        """Release what is held; what was added is on disk afterwards."""
