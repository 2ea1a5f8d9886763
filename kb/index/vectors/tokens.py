"""A vector for every token of every chunk, in one memory-mapped file: late interaction on the best candidates.

Khattab and Zaharia 2020, "ColBERT": a passage fits a question as well as each of the question's tokens finds its
like somewhere in the passage. A single vector blurs a passage that treats several things; this does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.embedders import SCALE, TokenRows, Vectors
from kb.errors import IndexDamaged


class TokenVectors:
    """Tokens of the rows of ``ExactVectors``, in the same order; a stored question has none.

    Attributes:
        width: length of a token's vector, 0 where the embedder gives none.
    """

    def __init__(self, folder: Path, width: int, entries: int, *, create: bool = False) -> None:
        """Open the tokens of so many entries in ``folder``, or make an empty file of them there.

        What stands behind them in the files is a later folder's, which shares them.
        """
        self.width, self._entries = width, entries
        self._data, self._starts = folder / "tokens.i8", folder / "starts.i64"
        if create and not self._starts.exists():
            folder.mkdir(parents=True, exist_ok=True)
            np.zeros(1, np.int64).tofile(self._starts)
            self._data.touch()
        self._open()

    def _open(self) -> None:
        try:
            self._ends: NDArray[np.int64] = np.fromfile(self._starts, np.int64, self._entries + 1)
            if len(self._ends) <= self._entries:
                raise ValueError(f"{len(self._ends) - 1} of {self._entries} entries")
            total = int(self._ends[-1])
            self._tokens: Any = np.zeros((0, self.width), np.int8)
            if total and self.width:
                self._tokens = np.asarray(np.memmap(self._data, np.int8, "r", shape=(total, self.width)))
        except (OSError, ValueError, IndexError) as error:
            raise IndexDamaged(
                f"the token file {self._data} is damaged ({error}): run `faq kb rebuild`"
            ) from error

    def add(self, rows: Sequence[bytes]) -> None:
        """Append the tokens of as many entries, empty for those without."""
        counts = [len(row) // self.width if self.width else 0 for row in rows]
        with self._data.open("ab") as data, self._starts.open("ab") as starts:
            data.truncate(int(self._ends[-1]) * self.width)
            starts.truncate(self._ends.nbytes)
            data.write(b"".join(rows) if self.width else b"")
            starts.write((self._ends[-1] + np.cumsum(counts, dtype=np.int64)).astype(np.int64).tobytes())
        self._entries += len(rows)
        self._open()

    def fit(self, query: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """Return how well passages fit a question.

        Args:
            query: ``(tokens, width)`` float32; the rows' lengths are weights that sum to 1.
            rows: ``(n,)`` rows of passages; -1 for none.

        Returns:
            ``(n,)``: the weighted mean over the question's tokens of their best cosine to a token of the passage,
            -1 to 1; NaN where a passage has no tokens.
        """
        fits = np.full(len(rows), np.nan, np.float32)
        spans = [(int(self._ends[r]), int(self._ends[r + 1])) if r >= 0 else (0, 0) for r in rows]
        there = [i for i, (start, end) in enumerate(spans) if end > start]
        if not there or not len(query):
            return fits
        tokens = np.concatenate([self._tokens[slice(*spans[i])] for i in there]).astype(np.float32)
        lengths = [spans[i][1] - spans[i][0] for i in there]
        cosines = tokens @ (query.T / np.float32(SCALE))  # the few are divided, not the many
        best = np.maximum.reduceat(cosines, np.cumsum([0, *lengths[:-1]]), axis=0)
        fits[there] = best.sum(axis=1)
        return fits

    def passage(self, row: int) -> TokenRows:
        """Return the ``(tokens, width)`` int8 tokens of a row, none for -1."""
        tokens: TokenRows = (
            self._tokens[self._ends[row] : self._ends[row + 1]] if row >= 0 else np.zeros((0, self.width), np.int8)
        )
        return tokens

    def matches(self, query: Vectors, row: int) -> tuple[Vectors, Vectors]:
        """Return for one passage the best cosine of each of the question's tokens, and the tokens' weights."""
        weights: Vectors = np.linalg.norm(query, axis=1) if query.size else np.zeros(0, np.float32)
        tokens = self._tokens[self._ends[row] : self._ends[row + 1]].astype(np.float32) / SCALE if row >= 0 else []
        if not len(tokens) or not len(weights):
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        best: Vectors = (tokens @ query.T).max(axis=0) / np.maximum(weights, 1e-9)
        return best, weights

    def __len__(self) -> int:
        """Return the number of entries, with and without tokens."""
        return len(self._ends) - 1

    def close(self) -> None:
        """Let go of the mapped file."""
        self._tokens = np.zeros((0, self.width), np.int8)
