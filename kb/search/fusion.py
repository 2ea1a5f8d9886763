"""Scores of several rankers become one order. Pure arithmetic on arrays of candidates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# Shares in the fused score. A stored question is compared with the customer's beside its answer. Where there are
# token vectors, they decide most: the pooled vector blurs a passage that treats several things.
# Chosen with bench_search.py on its development sets; ADR 0004 has the figures of all of them together.
QUESTION_SHARE = 0.3  # of a stored question's similarity in that of its chunk
FIT_SHARE = 0.5  # of late interaction, the rest is similarity
FEEDBACK_SHARE = 0.18  # of likeness to the first candidates

# BM25 finds names and numbers in prose; beside stored questions, which say what the customer says, it misleads.
# Each pair is its share where no candidate has a stored question and where all have.
# Measured (ADR 0004): .15 and .09 against .11 for both; those beside similarity alone are chosen.
LEXICAL_SHARES = (0.15, 0.09)  # beside late interaction
LEXICAL_SHARES_ALONE = (0.4, 0.15)  # beside similarity alone

# Measured on conversations that turn to something else: bench_conversations.py, ADR 0004.
_OTHERS = slice(10, 100)  # ranks that are near and yet no answers
_VAGUE = 0.13  # similarity above theirs below which a message says too little to be searched by itself
_BORNE_OUT = 0.6  # fused score, over the message's candidates, of what a longer wording puts first


@dataclass(frozen=True, slots=True, kw_only=True)
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


def fuse(candidates: Candidates) -> Scores:
    """Return one score per candidate, higher is better, each ranker scaled to 0-1 over the candidates.

    >>> near, none, words = np.float32([0.9, 0.8, 0.1]), np.float32([np.nan] * 3), np.float32([0, 7, 1])
    >>> scores = fuse(Candidates(text=near, question=none, fit=none, lexical=words, foreign=np.zeros(3, bool)))
    >>> [round(float(score), 1) for score in scores]
    [0.6, 0.9, 0.1]
    """
    with_question = ~np.isnan(candidates.question)
    text = scaled(candidates.text)
    similarity = text
    if with_question.any():
        high = max(float(candidates.text.max()), float(np.nanmax(candidates.question)))
        asked = scaled(candidates.question, float(candidates.text.min()), high).clip(0.0)
        mixed = (1 - QUESTION_SHARE) * text + QUESTION_SHARE * asked
        similarity = np.where(with_question, mixed, text)
    late = not np.isnan(candidates.fit).any()
    prose, questions = LEXICAL_SHARES if late else LEXICAL_SHARES_ALONE
    share = prose + with_question.mean() * (questions - prose)
    meaning = FIT_SHARE * scaled(candidates.fit) + (1 - FIT_SHARE) * similarity if late else similarity
    return np.asarray((1 - share) * meaning + share * _lexical(candidates), np.float32)


def _lexical(candidates: Candidates) -> Scores:
    """Return scaled BM25 scores, of passages in another language at least the mean of the others.

    That they share no word with the question says nothing of them.
    """
    words, foreign = scaled(candidates.lexical), candidates.foreign
    if foreign.any() and not foreign.all():
        words[foreign] = np.maximum(words[foreign], words[~foreign].mean())
    return words


def feed_back(scores: Scores, likeness: Scores, candidates: Candidates) -> Scores:
    """Return the scores, raised for candidates that are like the best ones.

    Rocchio 1971, with pseudo-relevance; Li et al. 2021 for dense vectors: where questions are stored, what answers
    stands among answers to the same question, and a passage that is near by chance does not. Of prose that is not
    so: the fewer candidates have a stored question, the less it counts.

    Args:
        scores: ``(n,)`` fused scores.
        likeness: ``(n,)`` dot products with the direction of the best candidates.
        candidates: the candidates.
    """
    share = FEEDBACK_SHARE * (1 - np.isnan(candidates.question).mean())
    return np.asarray((1 - share) * scores + share * scaled(likeness), np.float32)


def above_others(best: float, similarities: Scores) -> float:
    """Return how far a similarity is above what is near without being an answer: candidates 10 to 100.

    Args:
        best: the similarity, -1 to 1.
        similarities: ``(n,)``, of all candidates.
    """
    others = np.sort(similarities)[::-1][_OTHERS]
    return best - float(others.mean()) if len(others) else 0.0


def bears_out(message: Candidates, scores: Scores, longer: Scores) -> bool:
    """Tell whether a message is about what it is taken for when the conversation is read with it.

    It is if the passage that the longer wording puts first is a good one for the message too, or if the message
    by itself finds nothing that stands out. Otherwise the customer has turned to something else.

    Args:
        message: what the rankers say of the message as it was typed.
        scores: ``(n,)``, the same fused.
        longer: ``(n,)`` fused scores of the longer wording.
    """
    if above_others(float(message.text.max()), message.text) < _VAGUE:
        return True
    return bool(scaled(scores)[int(longer.argmax())] > _BORNE_OUT)


def scaled(scores: Scores, low: float | None = None, high: float | None = None) -> Scores:
    """Return scores scaled to 0-1 between bounds, their own where none are given; 0 where they do not differ."""
    low = float(scores.min()) if low is None else low
    high = float(scores.max()) if high is None else high
    if high <= low:
        return np.zeros_like(scores)
    between: Scores = (scores - low) / np.float32(high - low)
    return between
