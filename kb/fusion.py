"""Scores of several rankers become one order. Pure arithmetic on arrays of candidates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# Shares in the fused score. A stored question is compared with the customer's beside its answer. Where there are
# token vectors, they decide most: the pooled vector blurs a passage that treats several things.
QUESTION_SHARE = 0.3  # of a stored question's similarity in that of its chunk
FIT_SHARE = 0.5  # of late interaction, the rest is similarity
FEEDBACK_SHARE = 0.18  # of likeness to the first candidates

# BM25 finds names and numbers in prose; beside stored questions, which say what the customer says, it misleads.
# Each pair is its share where no candidate has a stored question and where all have.
LEXICAL_SHARES = (0.15, 0.09)  # beside late interaction
LEXICAL_SHARES_ALONE = (0.4, 0.15)  # beside similarity alone


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the rankers say of n candidates; all arrays are ``(n,)`` float32.

    Attributes:
        text: similarity of the chunk's passage, -1 to 1.
        question: similarity of its stored question, NaN without one.
        fit: late interaction, -1 to 1; NaN where there are no token vectors.
        lexical: BM25 score, 0 for no shared word.
        foreign: ``(n,)`` bool, whether the passage is in another language than the question.
    """

    text: Scores
    question: Scores
    fit: Scores
    lexical: Scores
    foreign: NDArray[np.bool_]


def fuse(found: Candidates) -> Scores:
    """Return one score per candidate, higher is better, each ranker scaled to 0-1 over the candidates."""
    with_question = ~np.isnan(found.question)
    text = _scale(found.text)
    similarity = text
    if with_question.any():
        high = max(float(found.text.max()), float(np.nanmax(found.question)))
        asked = _scale(found.question, float(found.text.min()), high).clip(0.0)
        mixed = (1 - QUESTION_SHARE) * text + QUESTION_SHARE * asked
        similarity = np.where(with_question, mixed, text)
    late = not np.isnan(found.fit).any()
    prose, questions = LEXICAL_SHARES if late else LEXICAL_SHARES_ALONE
    share = prose + with_question.mean() * (questions - prose)
    meaning = FIT_SHARE * _scale(found.fit) + (1 - FIT_SHARE) * similarity if late else similarity
    return np.asarray((1 - share) * meaning + share * _lexical(found), np.float32)


def _lexical(found: Candidates) -> Scores:
    """Return scaled BM25 scores, of passages in another language at least the mean of the others.

    That they share no word with the question says nothing of them.
    """
    scaled, foreign = _scale(found.lexical), found.foreign
    if foreign.any() and not foreign.all():
        scaled[foreign] = np.maximum(scaled[foreign], scaled[~foreign].mean())
    return scaled


def feed_back(scores: Scores, likeness: Scores, found: Candidates) -> Scores:
    """Return the scores, raised for candidates that are like the best ones.

    Rocchio 1971, with pseudo-relevance; Li et al. 2021 for dense vectors: where questions are stored, what answers
    stands among answers to the same question, and a passage that is near by chance does not. Of prose that is not
    so: the fewer candidates have a stored question, the less it counts.

    Args:
        scores: ``(n,)`` fused scores.
        likeness: ``(n,)`` dot products with the direction of the best candidates.
        found: the candidates.
    """
    share = FEEDBACK_SHARE * (1 - np.isnan(found.question).mean())
    return np.asarray((1 - share) * scores + share * _scale(likeness), np.float32)


def _scale(scores: Scores, low: float | None = None, high: float | None = None) -> Scores:
    """Min-max scaling, over the candidates where no bounds are given; all zero where they do not differ."""
    low = float(scores.min()) if low is None else low
    high = float(scores.max()) if high is None else high
    scaled: Scores = np.zeros_like(scores) if high <= low else (scores - low) / np.float32(high - low)
    return scaled
