"""What speaks for and against a claim, in numbers: words, meaning, facts, names and negations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache

import numpy as np

from assistant.verify.checks import fact_objections, missing_names, turned_round
from assistant.verify.evidence import Passage, Place, Window
from assistant.verify.states import States
from kb.embedders import Vectors
from kb.language.wording import opposed
from kb.trained import read_weights

# Chosen; the weights that read it were fitted around it by data/training/fit_verifier.py (ADR 0009).
WEIGHTS_FILE = "support.npz"
_WINDOWS = 6
"""Stretches of long evidence that the model reads for a claim; the others share fewer words with it."""
_FAR = 0.6
"""A token whose nearest in the evidence is not nearer than this has nothing like it there."""
_LOWEST = 10
"""Of so many tokens one is among the lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Numbers that the support of a claim is computed from; "best" is the sentence of the evidence nearest to it.

    Attributes:
        covered: share of the claim's terms, weighted by rarity, in the evidence, 0-1; 0 in another language.
        covered_best: the same in the best sentence.
        source_covered: share of the best sentence's terms, weighted by rarity, in the claim, 0-1.
        near: mean over the claim's tokens of the best cosine to a token of the evidence.
        near_best: the same to the best sentence only.
        weak: mean of the lowest fifth of those cosines to the evidence.
        foreign: the same at the top of the model, of the lowest tenth: what has no counterpart pulls it down.
        fresh: logarithm of the summed rarity of terms that the evidence does not have.
        far: logarithm of the number of tokens with nothing like them in the evidence.
        other_language: 1 if no evidence is in the claim's language.
        other_near: ``near`` there, else 0.
        facts: numbers, amounts, dates … that the evidence does not bear out, at most 2.
        names: names that it does not have, at most 2.
        negated: how alike claim and best sentence are if one negates what the other does not, else 0.
        opposed: words that stand there only as their opposite, at most 2.
        length: logarithm of the number of the claim's terms.
        chinese: 1 for a Chinese claim.
        chinese_near: ``near`` there, else 0.
        chinese_covered: ``covered`` there, else 0.
        chinese_foreign: ``foreign`` there, else 0.
    """

    covered: float = 0.0
    covered_best: float = 0.0
    source_covered: float = 0.0
    near: float = 0.0
    near_best: float = 0.0
    weak: float = 0.0
    foreign: float = 0.0
    fresh: float = 0.0
    far: float = 0.0
    other_language: float = 0.0
    other_near: float = 0.0
    facts: float = 0.0
    names: float = 0.0
    negated: float = 0.0
    opposed: float = 0.0
    length: float = 0.0
    chinese: float = 0.0
    chinese_near: float = 0.0
    chinese_covered: float = 0.0
    chinese_foreign: float = 0.0


NAMES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The trained part: ``data/training/fit_verifier.py`` makes it.

    Attributes:
        mean: of each feature over the training rows.
        scale: standard deviation of each.
        weights: of each, after that.
        bias: added.
        rarity: term -> weight, from the documents that hold it.
        rarest: weight of a term that is not in ``rarity``.
    """

    mean: Vectors
    scale: Vectors
    weights: Vectors
    bias: float
    rarity: dict[str, float]
    rarest: float

    def probability(self, features: Features) -> float:
        """Return how likely the evidence says what the claim states, 0-1."""
        value = (
            float((np.array(astuple(features), np.float32) - self.mean) / self.scale @ self.weights) + self.bias
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))

    def share(self, wanted: frozenset[str], present: frozenset[str]) -> float:
        """Return the share of ``wanted`` terms, by rarity, that are ``present``."""
        total = sum(self.rarity.get(term, self.rarest) for term in wanted)
        found = sum(self.rarity.get(term, self.rarest) for term in wanted & present)
        return found / total if total else 0.0


@cache
def load_weights() -> Weights:
    """Return the weights that ship with the package."""
    stored = read_weights("assistant.verify", WEIGHTS_FILE, NAMES)
    terms = bytes(stored["terms"]).decode("utf-8").split("\n")
    rarity = dict(zip(terms, stored["rarity"].astype(float).tolist(), strict=True))
    return Weights(
        mean=stored["mean"],
        scale=stored["scale"],
        weights=stored["weights"],
        bias=float(stored["bias"]),
        rarity=rarity,
        rarest=float(stored["rarest"]),
    )


class Reader:
    """Compares claims with evidence."""

    def __init__(self, states: States, weights: Weights) -> None:
        self._states = states
        self._weights = weights

    def compare(self, claim: Passage, windows: Sequence[Window]) -> tuple[Features, list[Place]]:
        """Return the features of a claim, and the sentences of the evidence, the nearest first.

        Args:
            claim: what is stated.
            windows: the evidence, at least one.
        """
        chosen = self._likely(claim, windows)
        (middle, top), *rows = self._states.of([claim.text, *(window.text for window in chosen)])
        there = frozenset().union(*(window.terms for window in chosen))
        places: list[Place] = []
        nears, nears_on_top = [], []
        for window, (tokens, tokens_on_top) in zip(chosen, rows, strict=True):
            cosines = _cosines(middle, tokens)
            nears.append(cosines.max(axis=1))
            nears_on_top.append(_cosines(top, tokens_on_top).max(axis=1))
            places += self._places(claim, window, cosines)
        places.sort(key=lambda place: -place.score)
        best = np.max(nears, axis=0) if len(middle) else np.zeros(1, np.float32)
        best_on_top = np.max(nears_on_top, axis=0) if len(top) else np.zeros(1, np.float32)
        return self._features(claim, places, best, _lowest(best_on_top, _LOWEST), there), places

    def _likely(self, claim: Passage, windows: Sequence[Window]) -> Sequence[Window]:
        if len(windows) <= _WINDOWS:
            return windows
        ranked = sorted(range(len(windows)), key=lambda i: -self._weights.share(claim.terms, windows[i].terms))
        return [windows[i] for i in sorted(ranked[:_WINDOWS])]

    def _places(self, claim: Passage, window: Window, cosines: Vectors) -> list[Place]:
        ends = [end - window.start for _, end in window.passage.spans[window.first : window.last]]
        borders = [0, *self._states.token_ends(window.text, ends[:-1]), cosines.shape[1]]
        alike = claim.language == window.passage.language
        found = []
        for offset, number in enumerate(range(window.first, window.last)):
            part = cosines[:, borders[offset] : borders[offset + 1]] if self._states.known else cosines
            near = float(part.max(axis=1).mean()) if part.size else 0.0
            covered = self._weights.share(claim.terms, window.passage.sentence_terms[number])
            found.append(
                Place(
                    passage=window.passage,
                    sentence=number,
                    score=(near + covered) / 2 if alike else near,
                    near=near,
                    covered=covered,
                )
            )
        return found

    def _features(
        self,
        claim: Passage,
        places: Sequence[Place],
        best: Vectors,
        foreign: float,
        source_terms: frozenset[str],
    ) -> Features:
        share = self._weights.share
        top = places[0]
        alike = any(claim.language == place.passage.language for place in places)
        fresh = sum(self._weights.rarity.get(term, self._weights.rarest) for term in claim.terms - source_terms)
        near, covered = float(best.mean()), share(claim.terms, source_terms) if alike else 0.0
        chinese = float(claim.language == "zh")
        return Features(
            covered=covered,
            covered_best=top.covered if alike else 0.0,
            source_covered=share(top.passage.sentence_terms[top.sentence], claim.terms) if alike else 0.0,
            near=near,
            near_best=top.near,
            weak=_lowest(best, 5),
            foreign=foreign,
            fresh=math.log1p(fresh) if alike else 0.0,
            far=math.log1p(float((best < _FAR).sum())),
            other_language=float(not alike),
            other_near=0.0 if alike else near,
            facts=float(min(2, len(fact_objections(claim, places)))),
            names=float(min(2, len(missing_names(claim, places)))),
            negated=top.score if turned_round(claim, places) else 0.0,
            opposed=float(min(2, opposed(claim.text, top.words))) if alike else 0.0,
            length=math.log1p(len(claim.terms)),
            chinese=chinese,
            chinese_near=chinese * near,
            chinese_covered=chinese * covered,
            chinese_foreign=chinese * foreign,
        )


def _cosines(own: Vectors, others: Vectors) -> Vectors:
    """Return ``(tokens, others)`` cosines; a column of zeros where there are no others."""
    cosines: Vectors = own @ others.T if len(own) and len(others) else np.zeros((len(own), 1), np.float32)
    return cosines


def _lowest(cosines: Vectors, share: int) -> float:
    """Return the mean of the lowest ``1 / share`` of cosines, at least one."""
    return float(np.sort(cosines)[: max(1, len(cosines) // share)].mean())
