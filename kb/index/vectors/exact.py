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

_ID_BYTES = 33  # 32 hexadecimal digits and the question mark
_GATHERED = 4  # a row picked out of the matrix takes the time of about so many passed over in order


class ExactVectors:
    """All vectors of one published folder.

    Attributes:
        dimension: length of a vector.
    """

    def __init__(self, folder: Path, dimension: int, *, create: bool = False) -> None:
        """Open the vectors in ``folder``, or make an empty file of them there."""
        self.dimension = dimension
        self._data, self._names, self._order = folder / "data.f32", folder / "ids.bin", folder / "order.i64"
        self._head = folder / "head.json"
        self._added: dict[str, int] = {}  # not yet in the order: id -> row
        if create and not self._head.exists():
            folder.mkdir(parents=True, exist_ok=True)
            self._write_head(0, np.zeros(dimension, np.float32))
        self._open()

    def _open(self) -> None:
        try:
            head: dict[str, Any] = json.loads(self._head.read_text())
            rows: int = head["rows"]
            self._mean = np.array(head["mean"], np.float32).reshape(self.dimension)
            shape = (rows, self.dimension)
            self._matrix: Vectors = _mapped(self._data, np.dtype(np.float32), shape)
            self._ids: NDArray[np.bytes_] = _mapped(self._names, np.dtype(f"S{_ID_BYTES}"), (rows,))
            self._sorted: NDArray[np.int64] = _mapped(self._order, np.dtype(np.int64), (rows,))
            self._sorted_ids = self._ids[self._sorted]
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise IndexDamaged(
                f"the vector file {self._data} is not what its head says ({error}): run `faq kb rebuild`"
            ) from error

    def _write_head(self, rows: int, mean: Vectors) -> None:
        self._head.write_text(json.dumps({"rows": rows, "mean": mean.tolist()}))

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Append entries that are not there yet; the next read, or ``close``, puts them in order."""
        if too_long := [i for i in ids if len(i) > _ID_BYTES]:
            raise ValueError(f"entry id {too_long[0]!r} is longer than {_ID_BYTES} characters")
        known = self._settled_positions(ids)
        fresh: dict[str, int] = {}
        for i, row in enumerate(known):
            if row < 0 and ids[i] not in self._added:
                fresh.setdefault(ids[i], i)
        if not fresh:
            return
        matrix = np.ascontiguousarray(vectors[list(fresh.values())], np.float32)
        before = len(self)
        with self._data.open("ab") as data, self._names.open("ab") as names:
            data.truncate(before * self.dimension * 4)
            names.truncate(before * _ID_BYTES)
            data.write(matrix.tobytes())
            names.write(np.array([i.encode() for i in fresh], f"S{_ID_BYTES}").tobytes())
        total = self._mean * before + matrix.sum(axis=0)
        self._added.update(zip(fresh, range(before, before + len(fresh)), strict=True))
        self._mean = total / len(self)

    def _settle(self) -> None:
        """Sort the ids and write the head, once for any number of ``add``."""
        if self._added:
            rows = len(self)
            all_ids = np.fromfile(self._names, f"S{_ID_BYTES}", rows)
            np.argsort(all_ids, kind="stable").astype(np.int64).tofile(self._order)
            self._write_head(rows, self._mean)
            self._added = {}
            self._open()

    def _settled_positions(self, ids: Sequence[str]) -> NDArray[np.int64]:
        if not len(self._matrix) or not ids:
            return np.full(len(ids), -1, np.int64)
        wanted = np.array([i.encode() for i in ids], f"S{_ID_BYTES}")
        at = np.minimum(np.searchsorted(self._sorted_ids, wanted), len(self._matrix) - 1)
        return np.where(self._sorted_ids[at] == wanted, self._sorted[at], -1)

    def known(self, ids: Sequence[str]) -> list[bool]:
        """Tell of each id whether it is there; unlike ``positions`` it does not put added entries in order."""
        rows = self._settled_positions(ids)
        return [bool(row >= 0) or i in self._added for i, row in zip(ids, rows, strict=True)]

    def positions(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each id, -1 where it is not there."""
        self._settle()
        return self._settled_positions(ids)

    def row(self, position: int) -> Vectors:
        """Return the vector at a row."""
        vector: Vectors = self._matrix[position]
        return vector

    def mean(self, rows: NDArray[np.int64] | None = None) -> Vectors:
        """Return ``(dimension,)``: the mean of the entries at ``rows``, without them of all."""
        self._settle()
        found: Vectors = self._mean
        if rows is not None:
            found = self._matrix[rows].mean(axis=0) if len(rows) else np.zeros(self.dimension, np.float32)
        return found

    def similarities(self, vector: Vectors, ids: Sequence[str]) -> Vectors:
        """Return ``(len(ids),)`` similarities, NaN where an id is not there."""
        return self.similarities_at(vector, self.positions(ids))

    def similarities_at(self, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """Return ``(len(rows),)`` similarities of the entries at ``rows``, NaN for -1."""
        found = np.full(len(rows), np.nan, np.float32)
        there = rows >= 0
        found[there] = self._matrix[rows[there]] @ vector
        return found

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return the ``k`` nearest entries, best first."""
        self._settle()
        return self.search_from(vector, k, 0)

    def search_among(self, vector: Vectors, k: int, rows: NDArray[np.int64]) -> list[tuple[str, float]]:
        """Return the ``k`` nearest of the entries at ``rows``, best first."""
        few = len(rows) * _GATHERED < len(self)  # else one product with all is quicker than picking rows out
        similarities = self._matrix[rows] @ vector if few else (self._matrix @ vector)[rows]
        best, similarity = _best(similarities, k)
        return [(self._ids[row].decode(), float(s)) for row, s in zip(rows[best], similarity, strict=True)]

    def search_from(self, vector: Vectors, k: int, first: int) -> list[tuple[str, float]]:
        """Return the ``k`` nearest of the entries from the row ``first`` on, best first."""
        best, similarity = _best(self._matrix[first:] @ vector, k)
        return [(self._ids[first + row].decode(), float(s)) for row, s in zip(best, similarity, strict=True)]

    def part(self, start: int, end: int) -> tuple[list[str], Vectors]:
        """Return ids and ``(end - start, dimension)`` vectors of the rows from ``start`` to before ``end``."""
        self._settle()
        return [name.decode() for name in self._ids[start:end]], np.array(self._matrix[start:end])

    def ids(self, rows: int | None = None) -> set[str]:
        """Return the entry ids of the first ``rows`` rows, all by default."""
        self._settle()
        return {name.decode() for name in self._ids[:rows]}

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._matrix) + len(self._added)

    def close(self) -> None:
        """Write what was added, and let go of the mapped files."""
        self._settle()
        self._matrix, self._ids = np.zeros((0, self.dimension), np.float32), np.zeros(0, f"S{_ID_BYTES}")
        self._sorted, self._sorted_ids = np.zeros(0, np.int64), self._ids


def _best(similarity: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
    """Return places and values of the ``k`` greatest, in falling order, equal ones in order of place."""
    k = min(k, len(similarity))
    if k < 1:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    best = np.argpartition(-similarity, k - 1)[:k]
    best = best[np.lexsort((best, -similarity[best]))]
    return best, similarity[best]


def _mapped(path: Path, kind: Any, shape: tuple[int, ...]) -> Any:
    """Map an array, read-only, as a plain one, whose slices are made quicker; numpy maps no empty file."""
    return np.asarray(np.memmap(path, kind, "r", shape=shape)) if shape[0] else np.zeros(shape, kind)
