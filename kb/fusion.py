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
LEXICAL_SHARE = 0.11  # of BM25 beside late interaction
LEXICAL_SHARE_QUESTIONS = 0.15  # of BM25 beside similarity alone, where chunks have stored questions
LEXICAL_SHARE_PROSE = 0.4  # of BM25 beside similarity alone, in prose: it finds names and numbers


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the rankers say of n candidates; all arrays are ``(n,)`` float32.

    Attributes:
        text: similarity of the chunk's passage, -1 to 1.
        question: similarity of its stored question, NaN without one.
        fit: late interaction, -1 to 1; NaN where there are no token vectors.
        lexical: BM25 score, 0 for no shared word.
    """

    text: Scores
    question: Scores
    fit: Scores
    lexical: Scores


def fuse(found: Candidates) -> Scores:
    """Return one score per candidate, higher is better, each ranker scaled to 0-1 over the candidates."""
    with_question = ~np.isnan(found.question)
    text = _scale(found.text)
    similarity = text
    if with_question.any():
        asked = np.where(with_question, found.question, np.nanmin(found.question))
        mixed = (1 - QUESTION_SHARE) * text + QUESTION_SHARE * _scale(asked)
        similarity = np.where(with_question, mixed, text)
    lexical = _scale(found.lexical)
    if np.isnan(found.fit).any():
        share = LEXICAL_SHARE_PROSE + with_question.mean() * (LEXICAL_SHARE_QUESTIONS - LEXICAL_SHARE_PROSE)
        return np.asarray((1 - share) * similarity + share * lexical, np.float32)
    meaning = FIT_SHARE * _scale(found.fit) + (1 - FIT_SHARE) * similarity
    return np.asarray((1 - LEXICAL_SHARE) * meaning + LEXICAL_SHARE * lexical, np.float32)


def feed_back(scores: Scores, likeness: Scores) -> Scores:
    """Return the scores, raised for candidates that are like the best ones.

    Rocchio 1971, with pseudo-relevance; Li et al. 2021 for dense vectors: what answers a question stands among
    passages of its kind, and a passage that is near by chance does not.

    Args:
        scores: ``(n,)`` fused scores.
        likeness: ``(n,)`` dot products with the direction of the best candidates.
    """
    return np.asarray((1 - FEEDBACK_SHARE) * scores + FEEDBACK_SHARE * _scale(likeness), np.float32)


def _scale(scores: Scores) -> Scores:
    """Min-max scaling over the candidates; all zero where they do not differ."""
    low, high = float(scores.min()), float(scores.max())
    scaled: Scores = np.zeros_like(scores) if high <= low else (scores - low) / np.float32(high - low)
    return scaled
