"""The trained last step of the bundled embedder: small linear maps on multilingual-e5-small's states.

The network stays as it is. On top, ``data/training/train_head.py`` fits three maps to questions and passages of
invented companies (``data/training``), so that a customer's wording in English or Chinese finds its passage in
either language:

- a token's state becomes a short vector for late interaction (Khattab and Zaharia 2020, "ColBERT");
- a token of a question gets a weight: "refund" says more than "the";
- the pooled vector is shifted and turned a little, which takes out what all texts of one language share.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kb.embedders import SCALE, TokenRows, Vectors

HEAD_FILE = "head.npz"
QUESTION, PASSAGE = 0, 1
"""Roles: a question is mapped a little differently than a passage."""


class E5Head:
    """The maps.

    Attributes:
        width: length of a token's vector.
        digest: first digits of the file's hash, part of the embedder's fingerprint.
    """

    def __init__(self) -> None:
        """Read the maps that ship with the package."""
        from hashlib import sha256
        from io import BytesIO

        content = (files("kb.embedders.e5") / HEAD_FILE).read_bytes()
        self.digest = sha256(content).hexdigest()[:8]
        with np.load(BytesIO(content)) as stored:
            maps = {name: stored[name].astype(np.float32) for name in stored.files}
        self._token_map: Vectors = maps["token_map"]  # (384, width)
        self._token_shift: Vectors = maps["token_shift"]  # (2, width)
        self._weight_map: Vectors = maps["weight_map"]  # (385,): the last number is added
        self._turn: Vectors = maps["turn"]  # (384, 384), added to the identity
        self._shift: Vectors = maps["shift"]  # (2, 384)
        self.width: int = self._token_map.shape[1]

    def turn(self, vectors: Vectors, role: int) -> Vectors:
        """Return ``(n, 384)`` L2-normalised pooled vectors after the trained map, L2-normalised again."""
        turned: Vectors = vectors + vectors @ self._turn + self._shift[role]
        return unit(turned)

    def passage_tokens(self, states: Vectors) -> TokenRows:
        """Return ``(tokens, width)`` of a passage's ``(tokens, 384)`` states, as bytes."""
        rows = unit(states @ self._token_map + self._token_shift[PASSAGE])
        tokens: TokenRows = np.rint(rows * SCALE).astype(np.int8)
        return tokens

    def question_tokens(self, states: Vectors) -> Vectors:
        """Return ``(tokens, width)`` of a question's states; the lengths of the rows are weights that sum to 1."""
        rows = unit(states @ self._token_map + self._token_shift[QUESTION])
        weights: NDArray[np.float32] = np.logaddexp(0, states @ self._weight_map[:-1] + self._weight_map[-1])
        weighted: Vectors = (rows * (weights / weights.sum())[:, None]).astype(np.float32)
        return weighted


def unit(rows: Vectors) -> Vectors:
    """Return the rows L2-normalised."""
    normalised: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return normalised
