"""Scores of several rankers become one order. Pure arithmetic on arrays of candidates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# Shares of the vector ranker in the fused score, the rest is BM25's. Where a stored question is compared with the
# customer's question, word overlap adds little and misleads often; in prose it finds names and numbers.
VECTOR_SHARE_QUESTIONS = 0.9
VECTOR_SHARE_PROSE = 0.6


def standardise(similarity: Scores, mean: float, deviation: float) -> Scores:
    """Return how many standard deviations above the corpus' mean each similarity lies.

    E5's cosines lie close together and their level differs from query to query; this makes them comparable.
    """
    standard: Scores = ((similarity - mean) / deviation).astype(np.float32)
    return standard


def combine_roles(text: Scores, question: Scores) -> Scores:
    """Return one similarity per chunk from that of its text and that of its stored question (NaN without one)."""
    combined: Scores = np.where(np.isnan(question), text, (text + question) / 2).astype(np.float32)
    return combined


def fuse(vector: Scores, lexical: Scores, share: float) -> Scores:
    """Return the weighted sum of both rankers' scores, each scaled to 0-1 over the candidates.

    Args:
        vector: ``(n,)`` standardised similarities.
        lexical: ``(n,)`` BM25 scores, 0 for no shared word.
        share: of the vector ranker, 0-1.
    """
    fused: Scores = share * _scale(vector) + (1 - share) * _scale(lexical)
    return fused


def _scale(scores: Scores) -> Scores:
    """Min-max scaling over the candidates; all zero where they do not differ."""
    low, high = float(scores.min()), float(scores.max())
    scaled: Scores = np.zeros_like(scores) if high <= low else (scores - low) / np.float32(high - low)
    return scaled
