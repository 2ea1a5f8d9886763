"""The port Reranker: the best hits of a search are read once more, each beside the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from kb.errors import RerankerError
from kb.types import Hit


class Reranker(Protocol):
    """Puts hits into a better order."""

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits, best first, with the reranker's own scores in the place of the fused ones.

        Nothing else of a hit changes, and none is added or left out. Hits that it scores alike keep their order.

        Raises:
            RerankerError: the model failed, or answered nonsense.
        """


def ordered(hits: Sequence[Hit], scores: Any, model: str) -> list[Hit]:
    """Return the hits by a foreign model's scores, higher is better.

    Args:
        hits: n hits.
        scores: what the model answered: n finite numbers.
        model: its name, for the message.

    Raises:
        RerankerError: the scores are no finite numbers, or not one a hit.
    """
    try:
        values = np.asarray(scores, np.float64)
    except (TypeError, ValueError) as error:
        raise RerankerError(f"{model} answered no numbers: {error}") from error
    if values.shape != (len(hits),):
        raise RerankerError(f"{model} answered scores of shape {values.shape}; ({len(hits)},) was expected")
    if not np.isfinite(values).all():
        raise RerankerError(f"{model} answered numbers that are not finite, for {len(hits)} hits")
    return [replace(hits[i], score=float(values[i])) for i in np.argsort(-values, kind="stable")]
