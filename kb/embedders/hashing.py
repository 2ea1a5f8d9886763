"""A small deterministic embedder without a model: the fake that tests run on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np

from kb.embedders import Vectors
from kb.language.text import HAN

_WORD = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_HAN = re.compile(f"[{HAN}]")


class HashingEmbedder:
    """Hashes words, and pairs of neighbouring Chinese characters, into signed counts.

    Weinberger et al. 2009, "Feature Hashing": the sign makes collisions cancel out on average.
    Texts that share words are near; meaning is beyond it.
    """

    def __init__(self, dimension: int = 64) -> None:
        if dimension < 1:
            raise ValueError(f"a vector needs at least one number, dimension is {dimension}")
        self._dimension = dimension

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """The recipe and the dimension."""
        return f"hashing/words-and-cjk-bigrams-1/{self._dimension}"

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)`` float32, L2-normalised; without words, the first axis."""
        rows = np.zeros((len(texts), self._dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for term in _terms(text):
                number = int.from_bytes(blake2b(term.encode("utf-8", "replace"), digest_size=8).digest(), "little")
                row[(number >> 1) % self._dimension] += 1 if number & 1 else -1
            if not row.any():
                row[0] = 1
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)``: a query is hashed as a document is."""
        return self.embed_documents(texts)

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32, L2-normalised."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector


def _terms(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        if len(word) > 1 and _HAN.match(word):
            yield from (word[i : i + 2] for i in range(len(word) - 1))
        else:
            yield word
