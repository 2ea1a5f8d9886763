"""What the embedding model makes of each token of a text, remembered from claim to claim."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from assistant.verify.evidence import Passage
from kb.embedders import Embedder, Vectors

_PREFIX = "passage: "
_KEPT = 512
"""Texts whose states are remembered: about 70 MB in half precision, at 180 tokens a text."""


@runtime_checkable
class StateEmbedder(Protocol):
    """An embedder that shows the states of its last layer, a row a token."""

    def states(self, texts: Sequence[str]) -> Iterable[tuple[int, Vectors]]:
        """Yield place and ``(tokens, width)`` of each text, special tokens included."""

    def tokenize(self, texts: Sequence[str]) -> list[Any]:
        """Return the token ids of each text, special ones around them."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text.

    Attributes:
        vectors: ``(tokens, width)`` float32, L2-normalised; no rows where the embedder shows no states.
        sentence: ``(tokens,)`` number of the sentence that each token stands in.
    """

    vectors: Vectors
    sentence: Any


class States:
    """Tokens of texts; the latest texts are remembered."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder if isinstance(embedder, StateEmbedder) else None
        self._kept: OrderedDict[str, Tokens] = OrderedDict()
        self._dropped = len(self._embedder.tokenize([_PREFIX])[0]) - 1 if self._embedder else 0

    def of(self, passages: Sequence[Passage]) -> list[Tokens]:
        """Return the tokens of each passage, without prefix and special ones."""
        missing = list({p.text: p for p in passages if p.text not in self._kept}.values())
        if self._embedder is None:
            return [Tokens(np.zeros((0, 1), np.float32), np.zeros(0, np.int64)) for _ in passages]
        for place, rows in self._embedder.states([_PREFIX + p.text for p in missing]) if missing else ():
            vectors = _unit(rows[self._dropped : -1])
            self._kept[missing[place].text] = Tokens(vectors, self._sentences(missing[place], len(vectors)))
        found = []
        for passage in passages:
            self._kept.move_to_end(passage.text)
            kept = self._kept[passage.text]
            found.append(Tokens(kept.vectors.astype(np.float32), kept.sentence))
        while len(self._kept) > max(_KEPT, len(passages)):
            self._kept.popitem(last=False)
        return found

    def _sentences(self, passage: Passage, count: int) -> Any:
        """Return the number of each token's sentence, from the token counts of the text up to each sentence's end."""
        assert self._embedder is not None
        heads = [_PREFIX + passage.text[:end] for _, end in passage.spans[:-1]]
        ends = [len(ids) - self._dropped - 1 for ids in self._embedder.tokenize(heads)] if heads else []
        return np.searchsorted(np.array(ends, np.int64), np.arange(count), side="right")


def _unit(rows: Vectors) -> Vectors:
    wide = np.array(rows, np.float32)
    small: Vectors = (wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-9)).astype(np.float16)
    return small
