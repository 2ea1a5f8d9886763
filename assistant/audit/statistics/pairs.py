"""Two runs of the same questions compared: McNemar's exact test for yes or no, a paired bootstrap for the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audit.statistics.intervals import CONFIDENCE, Interval
from kb.calibration.distributions import binomial_tail

_ROUNDS = 10_000
_BLOCK = 500  # rounds drawn at once: what they hold in memory
_SEED = 1947


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a rate differs between two runs.

    Attributes:
        first: rate of the first run, over the questions that both have, 0-1.
        second: of the second.
        interval: of second - first, at 95 % confidence.
        better: number of questions that the second run does better.
        worse: number that it does worse.
        chance: how often a difference this large comes by chance alone (two-sided p-value), 0-1.
        size: number of questions that both measured.
        method: of the p-value.
    """

    first: float
    second: float
    interval: Interval
    better: int
    worse: int
    chance: float
    size: int
    method: str


Pair = tuple[tuple[float, float], tuple[float, float]]
"""Numerator and denominator of one question in the first run and in the second."""


def mcnemar(better: int, worse: int) -> float:
    """Return the two-sided exact p-value of McNemar's test (1947, Psychometrika 12).

    Without a difference, a question that changed is as likely to have become better as worse: a fair coin.
    """
    return min(1.0, 2 * binomial_tail(min(better, worse), better + worse, 0.5)) if better + worse else 1.0


def compare(pairs: Sequence[Pair], *, seed: int = _SEED) -> Difference | None:
    """Return the difference of a rate; None where no question was measured in both runs.

    The p-value is McNemar's where every question counts once and fully, else the paired bootstrap's, whose
    interval is given in both cases.
    """
    kept = np.array([pair for pair in pairs if pair[0][1] > 0 and pair[1][1] > 0], float)
    if not len(kept):
        return None
    first, second = (float(kept[:, run, 0].sum() / kept[:, run, 1].sum()) for run in (0, 1))
    values = kept[:, :, 0] / kept[:, :, 1]
    change = values[:, 1] - values[:, 0]
    better, worse = int((change > 1e-9).sum()), int((change < -1e-9).sum())
    apart = _resampled(kept, seed)
    low, high = np.quantile(apart, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    interval = Interval(float(low), float(high), f"paired bootstrap, {_ROUNDS} rounds, seed {seed}")
    yes_or_no = bool(np.isin(values, (0.0, 1.0)).all() and (kept[:, :, 1] == 1).all())
    if yes_or_no:
        chance, method = mcnemar(better, worse), "McNemar, exact"
    else:
        tail = min(float((apart <= 0).mean()), float((apart >= 0).mean()))
        chance, method = min(1.0, 2 * max(tail, 1 / _ROUNDS)), "paired bootstrap"
    return Difference(
        first=first,
        second=second,
        interval=interval,
        better=better,
        worse=worse,
        chance=chance,
        size=len(kept),
        method=method,
    )


def _resampled(kept: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return ``(rounds,)`` differences of questions drawn with replacement, a block of rounds at a time."""
    generator, even = np.random.default_rng(seed), np.full(len(kept), 1 / len(kept))
    apart = []
    for _ in range(_ROUNDS // _BLOCK):
        sums = (generator.multinomial(len(kept), even, _BLOCK) @ kept.reshape(len(kept), 4)).reshape(-1, 2, 2)
        apart.append(sums[:, 1, 0] / sums[:, 1, 1] - sums[:, 0, 0] / sums[:, 0, 1])
    return np.concatenate(apart)


def says(difference: Difference) -> str:
    """Say in words what a difference shows."""
    if math.isclose(difference.first, difference.second):
        return "no difference"
    direction = "better" if difference.second > difference.first else "worse"
    return direction if difference.chance < 1 - CONFIDENCE else f"{direction}, but not beyond chance"
