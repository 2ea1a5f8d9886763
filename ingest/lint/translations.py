"""Which chunks of two languages say the same, by the vectors that the knowledge base holds already.

A pair is taken where each is the other's nearest by cross-domain similarity local scaling (CSLS; Conneau et al.
2018, "Word Translation Without Parallel Data"): by how much nearer the two are to each other than each is to its
other neighbours. Embedders differ in how far apart they put what is unrelated, and two languages; so vectors are
centred within each language, and nearness is counted in standard deviations of all similarities between the two.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kb.embedders import Vectors

_ENOUGH = 8  # chunks of each language from which on nearness can be told at all
_NEIGHBOURS = 4  # of the other language that say how near is near here
_BLOCK = 256  # chunks compared at once: with 50,000 of the other language 50 MB of similarities


def translations(ours: Vectors, theirs: Vectors) -> list[tuple[int, int, float | None]]:
    """Return pairs of rows that are each other's nearest.

    Args:
        ours: ``(n, dimension)`` float32, L2-normalised, of one language.
        theirs: ``(m, dimension)``, of the other.

    Returns:
        Row, row, and their CSLS in standard deviations of similarities; None where there are too few to tell.
    """
    if not len(ours) or not len(theirs):
        return []
    few = min(len(ours), len(theirs)) < _ENOUGH
    if not few:
        ours, theirs = _centred(ours), _centred(theirs)
    there, near = _nearest(ours, theirs)
    back, near_back = _nearest(theirs, ours)
    density, density_back = near.mean(axis=1), near_back.mean(axis=1)
    scaled = 2 * near - density[:, None] - density_back[there]
    scaled_back = 2 * near_back - density_back[:, None] - density[back]
    rows, best = np.arange(len(ours)), scaled.argmax(axis=1)
    choice = there[rows, best]
    choice_back = back[np.arange(len(theirs)), scaled_back.argmax(axis=1)]
    spread = _spread(ours, theirs)
    return [
        (row, int(choice[row]), None if few else float(scaled[row, best[row]]) / spread)
        for row in range(len(ours))
        if choice_back[choice[row]] == row
    ]


def _centred(vectors: Vectors) -> Vectors:
    moved = vectors - vectors.mean(axis=0)
    unit: Vectors = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return unit


def _spread(ours: Vectors, theirs: Vectors) -> float:
    """Return the standard deviation of all similarities, without making them: the mean square is a trace."""
    square = float(np.sum((ours.T @ ours / len(ours)) * (theirs.T @ theirs / len(theirs))))
    mean = float(ours.mean(axis=0) @ theirs.mean(axis=0))
    return max(math.sqrt(max(square - mean * mean, 0.0)), 1e-9)


def _nearest(ours: Vectors, theirs: Vectors) -> tuple[NDArray[np.int64], Vectors]:
    """Return ``(n, k)`` rows of the nearest of ``theirs`` in no order, and their similarities."""
    k = min(_NEIGHBOURS, len(theirs))
    rows = np.empty((len(ours), k), np.int64)
    near = np.empty((len(ours), k), np.float32)
    for start in range(0, len(ours), _BLOCK):
        similarities = ours[start : start + _BLOCK] @ theirs.T
        best = np.argpartition(-similarities, k - 1, axis=1)[:, :k]
        rows[start : start + _BLOCK] = best
        near[start : start + _BLOCK] = np.take_along_axis(similarities, best, axis=1)
    return rows, near
