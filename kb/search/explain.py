"""Why a search found what it found: every ranker's word on every hit, and which words of the question matched."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from kb.identity import passage_of
from kb.index.lexical import LexicalIndex
from kb.language.text import terms
from kb.search.fusion import Candidates, Scores, fuse
from kb.search.ranking import Ranking
from kb.search.search import Retrieval, Traced
from kb.types import Hit

RANKERS: Mapping[str, str] = {
    "text": "vectors",
    "question": "stored question",
    "fit": "late interaction",
    "lexical": "BM25",
}
"""Field of ``Candidates`` -> name of its ranker."""


@dataclass(frozen=True, slots=True)
class RankerScore:
    """What one ranker says of one hit.

    Attributes:
        score: cosine, late interaction or BM25; None where the ranker has nothing to say of this passage.
        place: 1-based, among all candidates in this ranker's order; None likewise.
        share: what the hit's fused score for the last wording loses when this ranker is silent of every candidate.
    """

    score: float | None
    place: int | None
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one hit stands where it stands.

    Attributes:
        hit: the hit.
        rankers: name of each ranker -> what it says.
        fused: score over all wordings before feedback.
        feedback: what likeness to the first candidates added to it, or took away.
        matched: terms of the question, as the lexical index cuts them, that stand in the passage.
        missing: terms of the question that do not, the rarest first.
    """

    hit: Hit
    rankers: Mapping[str, RankerScore]
    fused: float
    feedback: float
    matched: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A search and its reasons.

    Attributes:
        retrieval: what was found, with the evidence behind ``answerable``.
        candidates: how many chunks the rankers named together.
        chunks: in all indexes, which rarity refers to.
        frequency: term of the last wording -> how many chunks hold it.
        reasons: one a hit, in order.
    """

    retrieval: Retrieval
    candidates: int
    chunks: int
    frequency: Mapping[str, int]
    reasons: tuple[Reason, ...]


def explain(traced: Traced, lexical: LexicalIndex) -> Explanation:
    """Return the reasons for a search's hits.

    Args:
        traced: the search.
        lexical: the index it was made in, for the rarity of words.
    """
    ranking = traced.ranking
    if ranking is None:
        return Explanation(retrieval=traced.retrieval, candidates=0, chunks=len(lexical), frequency={}, reasons=())
    asked = list(dict.fromkeys(terms(traced.wordings[-1].text)))
    frequency = dict(zip(asked, lexical.document_frequencies(asked), strict=True))
    scores = _ranker_scores(ranking)
    reasons = [
        _reason(hit, {name: each[place] for name, each in scores.items()}, ranking, place, frequency)
        for hit, place in zip(traced.retrieval.hits, traced.places, strict=True)
    ]
    return Explanation(
        retrieval=traced.retrieval,
        candidates=len(ranking.ids),
        chunks=len(lexical),
        frequency=frequency,
        reasons=tuple(reasons),
    )


def _reason(
    hit: Hit, rankers: Mapping[str, RankerScore], ranking: Ranking, place: int, frequency: Mapping[str, int]
) -> Reason:
    chunk = hit.chunk
    present = set(terms(passage_of(chunk)))
    fused = float(ranking.before_feedback[place])
    return Reason(
        hit=hit,
        rankers=rankers,
        fused=fused,
        feedback=float(ranking.scores[place]) - fused,
        matched=tuple(term for term in frequency if term in present),
        missing=tuple(
            sorted((term for term in frequency if term not in present), key=lambda term: frequency[term])
        ),
    )


def _ranker_scores(ranking: Ranking) -> dict[str, list[RankerScore]]:
    """Return for each ranker that said anything what it says of every candidate."""
    candidates = ranking.candidates
    whole = fuse(candidates)
    answer: dict[str, list[RankerScore]] = {}
    for field in fields(Candidates):
        scores: Scores = getattr(candidates, field.name)
        if field.name not in RANKERS or np.isnan(scores).all():
            continue
        spoken = ~np.isnan(scores) & ((scores > 0) | (field.name != "lexical"))
        places = np.empty(len(scores), int)
        places[np.argsort(-np.where(spoken, scores, -math.inf), kind="stable")] = np.arange(1, len(scores) + 1)
        silent = np.where(np.isnan(scores), scores, np.float32(0))
        shares = whole - fuse(replace(candidates, **{field.name: silent}))
        answer[RANKERS[field.name]] = [
            RankerScore(float(score), int(place), float(share)) if spoke else RankerScore(None, None, float(share))
            for score, place, share, spoke in zip(scores, places, shares, spoken, strict=True)
        ]
    return answer
