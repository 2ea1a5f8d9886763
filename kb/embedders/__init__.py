"""The port Embedder: texts become vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of one space; higher dot product means nearer in meaning."""

    @property
    def fingerprint(self) -> str:
        """Model, revision, dimension and prefixes in one line; vectors of two fingerprints never mix."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)`` float32 with L2-normalised rows, in the order of ``texts``."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)``: questions in bulk, each row equal to ``embed_query``."""

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32, L2-normalised."""
