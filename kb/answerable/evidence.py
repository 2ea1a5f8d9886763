"""How likely the best hit answers the question: what the search found, weighed by two logistic regressions.

By the chain rule: how likely the question is about what the documents are about at all, times how likely, if so,
it is answered. The second asks two things: is what the question is about treated, and does the best hit say what
is asked of that? ``data/training/fit_answerable.py`` fits the weights to questions of invented companies:
answered ones beside ones whose passage was taken away, beside ones that only sound as if a passage answered, and
beside questions from elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache

import numpy as np

from kb.embedders import Vectors
from kb.language.text import terms
from kb.trained import read_weights

WEIGHTS_FILE = "answerable.npz"
# Chosen, what it counts is weighed by fit_answerable.py (ADR 0004).
_WEAK_COSINE = 0.5  # a question's token that finds nothing nearer than this has found nothing
_OTHERS = slice(1, 6)  # ranks whose mean the best is compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for the best hit; all 0 where nothing was found.

    Attributes:
        above: similarity of its passage above the mean of the knowledge base, -2 to 2.
        local: the same above the mean of candidates 10 to 100: what is nearest without being an answer.
        fit: late interaction, -1 to 1.
        fit_lead: fit less the mean fit of the next five.
        weak: weighted share of the question's tokens that find nothing like them in the passage, 0-1.
        covered: share of the question's terms, weighted by rarity, that stand in the passage, 0-1; the mean of
            the knowledge base's language would be unfair to a passage in another language, so 0 there.
        other_language: 1 if the passage is in another language than the question.
        reading: logit of ``kb.answerable.alignment`` that the best hit answers.
        reading_mean: the mean such logit of the first three hits.
    """

    above: float = 0.0
    local: float = 0.0
    fit: float = 0.0
    fit_lead: float = 0.0
    weak: float = 0.0
    covered: float = 0.0
    other_language: float = 0.0
    reading: float = 0.0
    reading_mean: float = 0.0


FEATURES: Sequence[str] = tuple(field.name for field in fields(Evidence))
"""Names of what the weights belong to, in order."""


def covered_share(passage: str, frequency: dict[str, int], chunks: int) -> float:
    """Return ``covered`` of ``Evidence``.

    Args:
        passage: the best hit's.
        frequency: term of the question -> number of chunks that hold it.
        chunks: number of chunks.
    """
    rarity = {t: math.log(1 + (chunks - n + 0.5) / (n + 0.5)) for t, n in frequency.items()}
    total = sum(rarity.values())
    there = set(terms(passage))
    return sum(weight for term, weight in rarity.items() if term in there) / total if total else 0.0


def weak_share(best: Vectors, weights: Vectors) -> float:
    """Return ``weak`` of ``Evidence``.

    Args:
        best: ``(tokens,)`` best cosine of each of the question's tokens to the passage.
        weights: ``(tokens,)``, summing to 1.
    """
    return float(weights[best < _WEAK_COSINE].sum())


def lead(fits: Vectors) -> float:
    """Return ``fit_lead`` of ``Evidence`` from the fits in order of rank."""
    others = fits[_OTHERS]
    return float(fits[0] - others.mean()) if len(others) else 0.0


@cache
def _weights() -> tuple[Vectors, Vectors, Vectors, Vectors]:
    stored = read_weights("kb.answerable", WEIGHTS_FILE, FEATURES)
    return stored["mean"], stored["scale"], stored["weights"], stored["bias"]


def probability(evidence: Evidence) -> float:
    """Return how likely the documents answer the question, 0-1."""
    mean, scale, weights, bias = _weights()
    values = (np.array(astuple(evidence), np.float32) - mean) / scale
    on_topic, answered = 1 / (1 + np.exp(-(weights @ values + bias)))
    return float(on_topic * answered)
