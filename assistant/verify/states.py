"""What the embedding model makes of each token of a text, remembered from claim to claim."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kb.embedders import Embedder, Vectors
from kb.remembered import Remembered

if TYPE_CHECKING:
    from kb.embedders.e5.middle import E5Middle

_BUNDLED = "multilingual-e5-small/"
_KEPT = 512
"""Texts whose states are remembered: about 100 MB in half precision, at 130 tokens a text."""


class States:
    """Unit vectors of the tokens of texts; the latest texts are remembered.

    Attributes:
        known: False where the embedder is not the bundled one, and only whole texts can be compared.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.known = embedder.fingerprint.startswith(_BUNDLED)
        self._embedder = embedder
        self._model: E5Middle | None = None
        self._opening = threading.Lock()
        self._kept = Remembered[str, Vectors](_KEPT)
        self._ends = Remembered[tuple[str, tuple[int, ...]], list[int]](_KEPT)

    def of(self, texts: Sequence[str]) -> list[Vectors]:
        """Return ``(2, tokens, width)`` float32 for each text, L2-normalised: halfway up and at the top.

        Where not ``known`` there is one token a text, twice.
        """
        states = self._kept.all_of(texts, self._read)
        return [states[text].astype(np.float32) for text in texts]

    def _read(self, texts: Sequence[str]) -> list[Vectors]:
        """Return the unit vectors of each text in half precision."""
        found = []
        for rows in self._rows(texts):
            norms = np.linalg.norm(rows, axis=2, keepdims=True)
            found.append((rows / np.maximum(norms, 1e-9)).astype(np.float16))
        return found

    def _rows(self, texts: Sequence[str]) -> list[Vectors]:
        if self.known:
            return self._opened().states(texts)
        return [np.stack([vector[None, :]] * 2) for vector in self._embedder.embed_documents(texts)]

    def token_ends(self, text: str, ends: Sequence[int]) -> list[int]:
        """Return for offsets into ``text`` how many of its rows stand before each."""
        if not self.known or not ends:
            return [0] * len(ends)
        key = (text, tuple(ends))
        if (counts := self._ends.get(key)) is None:
            counts = self._opened().counts([text[:end] for end in ends])
            self._ends.put(key, counts)
        return counts

    def _opened(self) -> E5Middle:
        with self._opening:
            if self._model is None:
                from kb.embedders.e5.middle import (
                    E5Middle,  # the runtime is only loaded when something is verified
                )

                self._model = E5Middle()
            return self._model
