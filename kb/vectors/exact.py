"""Vectors in one memory-mapped file, searched exactly.

The quickest index up to some ten thousand vectors; above that, it gives the exact similarity of candidates that
an approximate index or the lexical index found.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.embedders import Vectors
from kb.errors import IndexDamaged
from kb.vectors import QUESTION_MARK

_ID_BYTES = 33  # 32 hexadecimal digits and the question mark
_BACKGROUND_ROWS = 2_000  # spread of similarities is estimated from at most so many rows


class ExactVectors:
    """All vectors of one published folder.

    Attributes:
        dimension: length of a vector.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        """Open the vectors in ``folder``, which is made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        self.dimension = dimension
        self._data, self._names, self._order = folder / "data.f32", folder / "ids.bin", folder / "order.i64"
        self._head = folder / "head.json"
        self._open()

    def _open(self) -> None:
        head: dict[str, Any] = {"rows": 0, "mean": []}
        if self._head.exists():
            head = json.loads(self._head.read_text())
        rows: int = head["rows"]
        self._mean = np.array(head["mean"] or [0.0] * self.dimension, np.float32)
        if not rows:
            self._matrix: Vectors = np.zeros((0, self.dimension), np.float32)
            self._ids: NDArray[np.bytes_] = np.zeros(0, f"S{_ID_BYTES}")
            self._sorted: NDArray[np.int64] = np.zeros(0, np.int64)
        else:
            try:
                self._matrix = np.memmap(self._data, np.float32, "r", shape=(rows, self.dimension))
                self._ids = np.memmap(self._names, f"S{_ID_BYTES}", "r", shape=(rows,))
                self._sorted = np.memmap(self._order, np.int64, "r", shape=(rows,))
            except (OSError, ValueError) as error:
                raise IndexDamaged(
                    f"the vector file {self._data} is not {rows} rows of {self.dimension} numbers ({error}): "
                    "run `faq kb rebuild`"
                ) from error
        step = max(1, rows // _BACKGROUND_ROWS)
        self._background = np.ascontiguousarray(self._matrix[::step]) if rows else self._matrix
        self._sorted_ids = self._ids[self._sorted]

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Append entries that are not there yet."""
        known = self.positions(ids)
        fresh = [i for i, row in enumerate(known) if row < 0]
        if not fresh:
            return
        rows = len(self) + len(fresh)
        total = self._mean * len(self) + vectors[fresh].sum(axis=0)
        with self._data.open("ab") as data, self._names.open("ab") as names:
            data.truncate(len(self) * self.dimension * 4)
            names.truncate(len(self) * _ID_BYTES)
            data.write(np.ascontiguousarray(vectors[fresh], np.float32).tobytes())
            names.write(np.array([ids[i].encode() for i in fresh], f"S{_ID_BYTES}").tobytes())
        all_ids = np.fromfile(self._names, f"S{_ID_BYTES}", rows)
        np.argsort(all_ids, kind="stable").astype(np.int64).tofile(self._order)
        self._head.write_text(json.dumps({"rows": rows, "mean": (total / rows).tolist()}))
        self._open()

    def positions(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each id, -1 where it is not there."""
        if not len(self) or not ids:
            return np.full(len(ids), -1, np.int64)
        wanted = np.array([i.encode() for i in ids], f"S{_ID_BYTES}")
        at = np.minimum(np.searchsorted(self._sorted_ids, wanted), len(self) - 1)
        return np.where(self._sorted_ids[at] == wanted, self._sorted[at], -1)

    def row(self, position: int) -> Vectors:
        """Return the vector at a row."""
        vector: Vectors = self._matrix[position]
        return vector

    def similarities(self, vector: Vectors, ids: Sequence[str]) -> Vectors:
        """Return ``(len(ids),)`` similarities, NaN where an id is not there."""
        rows = self.positions(ids)
        found = np.full(len(ids), np.nan, np.float32)
        there = rows >= 0
        found[there] = self._matrix[rows[there]] @ vector
        return found

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return the ``k`` nearest entries, best first."""
        if not len(self) or k < 1:
            return []
        similarity = self._matrix @ vector
        k = min(k, len(similarity))
        best = np.argpartition(-similarity, k - 1)[:k]
        best = best[np.lexsort((best, -similarity[best]))]
        return [(self._ids[row].decode(), float(similarity[row])) for row in best]

    def background(self, vector: Vectors) -> tuple[float, float]:
        """Return mean and standard deviation of the similarity to any entry: what "far" means here."""
        if not len(self):
            return 0.0, 1.0
        spread = float((self._background @ vector).std()) if len(self._background) > 1 else 1.0
        return float(self._mean @ vector), spread or 1.0

    def ids(self) -> set[str]:
        """Return all entry ids."""
        return {name.decode() for name in self._ids}

    @property
    def questions(self) -> int:
        """Number of entries that are stored questions."""
        return int(np.char.endswith(self._ids, QUESTION_MARK.encode()).sum()) if len(self) else 0

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._matrix)

    def close(self) -> None:
        """Let go of the mapped files."""
        self._matrix, self._ids = np.zeros((0, self.dimension), np.float32), np.zeros(0, f"S{_ID_BYTES}")
        self._sorted, self._sorted_ids = np.zeros(0, np.int64), self._ids
