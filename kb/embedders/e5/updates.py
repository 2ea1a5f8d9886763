"""The trained change of the network's upper layers: low-rank updates, added once when the model is unpacked.

Hu et al. 2021, "LoRA": a weight matrix W becomes W + B A, where A has few rows and B few columns, so that there is
little to train and to ship. ``data/training/train_model.py`` fits them to questions and passages of invented
companies.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

UPDATES_FILE = "updates.npz"


class E5Updates:
    """Updates by the name of the matrix they belong to (``l11.fo.w``)."""

    def __init__(self) -> None:
        """Read the updates that ship with the package."""
        self._content = (files("kb.embedders.e5") / UPDATES_FILE).read_bytes()

    @property
    def digest(self) -> str:
        """First digits of the file's hash, part of the unpacked folder's name and of the fingerprint."""
        return sha256(self._content).hexdigest()[:8]

    @cached_property
    def _factors(self) -> dict[str, NDArray[np.float32]]:
        with np.load(BytesIO(self._content)) as stored:
            return {name: stored[name].astype(np.float32) for name in stored.files}

    def updated(self, name: str, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return ``(rows, columns)`` weights with their update, or as they are where there is none."""
        if f"{name}.a" not in self._factors:
            return weights
        sum_: NDArray[np.float32] = weights + self._factors[f"{name}.b"] @ self._factors[f"{name}.a"]
        return sum_
