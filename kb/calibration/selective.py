"""From which probability on to answer, so that answers are rarely wrong: a threshold with a guarantee.

Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei 2021): each threshold is a hypothesis "more than
``max_error`` of what is answered from here on is wrong", tested with the exact binomial tail (Clopper and Pearson
1934), as in Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks". The hypotheses are
tested in a fixed order, from few answers to many, until one cannot be rejected; this may begin at several places,
which share the risk of being wrong (the multi-start of the same paper). The order depends on the probabilities
alone, never on which answers were wrong, so the guarantee holds for questions that come as those of the cases did.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.calibration.distributions import beta_quantile, binomial_tail

CONFIDENCE = 0.95  # by convention (ADR 0011)
_STARTS = 3  # places at which testing begins: the fewest answers that can suffice, and so many times more:
_GROWTH = 2
_MOST_TIMES = 20  # as many questions as there are: what takes more is not asked of anybody
_STEPS = 40  # thresholds between the strictest and the loosest, at most


@dataclass(frozen=True, slots=True)
class Judged:
    """One question, as it would be answered if every question was.

    Attributes:
        probability: that the documents answer it, 0-1.
        wrong: whether answering it is an error: it is unanswerable, or another document is named first.
    """

    probability: float
    wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From which probability on to answer.

    Attributes:
        value: 0-1; None where no threshold keeps the promise.
        cases: questions that were judged.
        answered: of them, at this threshold (without one: at the best bound that was reached).
        wrong: of the answered ones.
        bound: upper bound of the error among answered at the stated confidence.
        least_cases: answered questions, all right, that it would take at the least.
    """

    value: float | None
    cases: int
    answered: int
    wrong: int
    bound: float
    least_cases: int


def choose_threshold(judged: Sequence[Judged], max_error: float, confidence: float = CONFIDENCE) -> Threshold:
    """Return the threshold that answers most while, at ``confidence``, at most ``max_error`` of answers are wrong.

    Args:
        judged: questions like those that customers ask.
        max_error: 0-1, excluded.
        confidence: that the promise holds, 0-1.

    Raises:
        ValueError: the error does not lie between 0 and 1.
    """
    if not 0 < max_error < 1:
        raise ValueError(f"the error to be kept is {max_error}, it must lie between 0 and 1")
    probabilities = np.array([each.probability for each in judged])
    order = np.argsort(-probabilities, kind="stable")
    wrong = np.cumsum(np.array([each.wrong for each in judged], int)[order])
    least = math.ceil(math.log((1 - confidence) / _STARTS) / math.log(1 - max_error))
    sizes = _sizes(probabilities[order], least)
    starts = {_first_at_least(sizes, least * _GROWTH**step) for step in range(_STARTS)} if sizes else set()
    passed = [
        answered
        for start in starts
        for answered in _walk(sizes[start:], wrong, max_error, (1 - confidence) / _STARTS)
    ]
    if passed:
        answered = max(passed)
        value = float(probabilities[order][answered - 1])
    else:
        answered, value = min(sizes, key=lambda n: (wrong[n - 1] + 2) / n, default=0), None
    errors = int(wrong[answered - 1]) if answered else 0
    bound = upper_bound(errors, answered, confidence)
    return Threshold(
        value=value, cases=len(judged), answered=answered, wrong=errors, bound=bound, least_cases=least
    )


def reachable_error(judged: Sequence[Judged], confidence: float = CONFIDENCE) -> float | None:
    """Return the least whole percentage, 0-1, for which these questions give a threshold; None where none does."""
    return next(
        (n / 100 for n in range(1, 100) if choose_threshold(judged, n / 100, confidence).value is not None), None
    )


def questions_needed(judged: Sequence[Judged], max_error: float, confidence: float = CONFIDENCE) -> int | None:
    """Return about how many more questions with the same share of errors would give a threshold; None: no number.

    The questions are taken several times over, as if further ones fell out like them.
    """
    for times in range(2, _MOST_TIMES + 1):
        if choose_threshold([*judged] * times, max_error, confidence).value is not None:
            return (times - 1) * len(judged)
    return None


def _sizes(falling: NDArray[np.float64], fewest: int) -> list[int]:
    """Return the numbers of answers to test, rising: enough to suffice, and never parting equal probabilities."""
    borders = [n for n in range(1, len(falling)) if falling[n] < falling[n - 1]] + [len(falling)]
    borders = [n for n in borders if n >= fewest]
    if len(borders) > _STEPS:
        chosen = np.unique(np.linspace(0, len(borders) - 1, _STEPS).round().astype(int))
        borders = [borders[i] for i in chosen]
    return borders if len(falling) else []


def _first_at_least(sizes: Sequence[int], wanted: float) -> int:
    return next((i for i, size in enumerate(sizes) if size >= wanted), len(sizes) - 1)


def _walk(sizes: Sequence[int], wrong: NDArray[np.int64], max_error: float, risk: float) -> list[int]:
    """Return the sizes whose hypothesis is rejected, one after the other, until one is not."""
    passed: list[int] = []
    for answered in sizes:
        if binomial_tail(int(wrong[answered - 1]), answered, max_error) > risk:
            break
        passed.append(answered)
    return passed


def upper_bound(errors: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided upper bound of an error rate (Clopper and Pearson 1934); 1 without trials."""
    return beta_quantile(confidence, errors + 1, trials - errors) if errors < trials else 1.0
