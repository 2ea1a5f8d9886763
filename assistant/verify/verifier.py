"""Checking claims against evidence, without a language model."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from assistant.types import Verdict
from assistant.verify.checks import Place, objections
from assistant.verify.evidence import Passage
from assistant.verify.states import States, Tokens
from kb.embedders import Embedder
from kb.text import fold

THRESHOLD = 0.5
"""Support from which on a claim counts as supported."""
_SLOPE, _MIDDLE = 14.0, 0.78
_OBJECTED = 0.25
"""What is left of the support of a claim that a check objects to."""
_SMALL = frozenset(
    "a an the is are was were be been do doe did to of in on at by for with and or it this that you your we our i as "
    "from will can may ha have had not 的 了 是 在 和 与 或 您 你 我 们 我们 可 以 可以 会 将 请 就 都 也 有".split()
)


class Verifier:
    """Tells how likely evidence says what a claim states; keeps the evidence it has seen at hand.

    An embedder that shows no token states is enough: words, facts, names and negations are compared then, and
    meaning only by whole sentences' vectors.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._states = States(embedder)

    def verify(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """Return the verdict on ``claim``; ``evidence`` are whole passages, in any order."""
        return self.verify_all([claim], evidence)[0]

    def verify_all(self, claims: Sequence[str], evidence: Sequence[str]) -> list[Verdict]:
        """Return a verdict on each claim against the same evidence; the model runs once for all."""
        passages = [Passage(text) for text in evidence]
        statements = [Passage(claim) for claim in claims]
        if not any(text.strip() for text in evidence):
            return [Verdict(claim, False, 0.0, reason="there is no source") for claim in claims]
        tokens = self._states.of(passages + statements)
        return [
            _verdict(statement, own, passages, tokens[: len(passages)])
            for statement, own in zip(statements, tokens[len(passages) :], strict=True)
        ]


def _verdict(claim: Passage, own: Tokens, passages: Sequence[Passage], tokens: Sequence[Tokens]) -> Verdict:
    if any(_squeezed(claim.text) in _squeezed(passage.text) for passage in passages):
        at = next(i for i, passage in enumerate(passages) if _squeezed(claim.text) in _squeezed(passage.text))
        return Verdict(claim.text, True, 1.0, at, claim.text)
    places = sorted(
        (
            Place(passage, number, score)
            for passage, rows in zip(passages, tokens, strict=True)
            for number, score in enumerate(_sentence_scores(claim, own, passage, rows))
        ),
        key=lambda place: -place.score,
    )
    whole = max(_support(claim, own, passages, tokens), places[0].score)
    reasons = objections(claim, places)
    likely = 1 / (1 + math.exp(-_SLOPE * (whole - _MIDDLE)))
    support = likely * _OBJECTED if reasons else likely
    at = next(i for i, passage in enumerate(passages) if passage is places[0].passage)
    if not reasons and support < THRESHOLD:
        reasons = ["the source does not say this"]
    supported = not reasons and support >= THRESHOLD
    return Verdict(claim.text, supported, support, at, places[0].words, "; ".join(dict.fromkeys(reasons)))


def _squeezed(text: str) -> str:
    return "".join(fold(text).split()).rstrip(".。!！;；")


def _weights(claim: Passage) -> dict[str, float]:
    return {term: 0.1 if term in _SMALL else 1.0 for term in claim.terms}


def _coverage(weights: dict[str, float], there: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in there) / total if total else 0.0


def _sentence_scores(claim: Passage, own: Tokens, passage: Passage, rows: Tokens) -> list[float]:
    weights = _weights(claim)
    alike = claim.language == passage.language
    covered = [_coverage(weights, there) for there in passage.sentence_terms]
    if not len(own.vectors) or not len(rows.vectors):
        return covered
    cosines = own.vectors @ rows.vectors.T
    scores = []
    for number in range(len(passage.sentences)):
        columns = cosines[:, rows.sentence == number]
        near = float(columns.max(axis=1).mean()) if columns.size else 0.0
        scores.append((near + covered[number]) / 2 if alike else near)
    return scores


def _support(claim: Passage, own: Tokens, passages: Sequence[Passage], tokens: Sequence[Tokens]) -> float:
    there = frozenset().union(*(passage.terms for passage in passages))
    covered = _coverage(_weights(claim), there)
    rows = [row.vectors for row in tokens if len(row.vectors)]
    if not rows or not len(own.vectors):
        return covered
    near = float(np.max(own.vectors @ np.concatenate(rows).T, axis=1).mean())
    alike = claim.language in {passage.language for passage in passages}
    return (near + covered) / 2 if alike else near
