"""Confidence intervals of rates whose parts come in answers: claims of one answer fail together.

A rate is the sum of numerators over the sum of denominators, a pair per answer: supported claims over claims,
or a value 0-1 over 1. Its variance between answers is the linearised one of a ratio; Wilson's interval is
computed with the effective sample size that this variance amounts to (Korn & Graubard 1998 for the effective
size and Student's quantile; Franco, Little, Louis & Slud 2019, J. Survey Stat. Methodol. 7(3), who compare
such intervals and recommend Wilson's). Where nothing or everything failed, no variance can be seen; the exact
interval (Clopper & Pearson 1934) is given, and an answer counts as one trial however many claims it has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.calibration.distributions import beta_quantile, normal_quantile, student_quantile

# By convention (ADR 0010); the power is Cohen's 1988.
CONFIDENCE = 0.95
_FEW = 30  # answers; below, the interval is the message
_POWER = 0.8  # chance to see the difference that is called visible

Pairs = Sequence[tuple[float, float]]
"""Numerator and denominator per answer, 0 <= numerator <= denominator."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true rate lies with the stated confidence.

    Attributes:
        low: 0-1.
        high: 0-1.
        method: how it was computed, for people.
    """

    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A measured rate.

    Attributes:
        value: 0-1; NaN where there is nothing to measure.
        interval: at 95 % confidence.
        total: sum of the numerators.
        size: sum of the denominators (claims, citations …).
        answers: number of answers that have a denominator above 0.
        effective: number of independent trials that the evidence is worth.
    """

    value: float
    interval: Interval
    total: float
    size: float
    answers: int
    effective: float


def wilson(rate: float, trials: float, quantile: float) -> tuple[float, float]:
    """Return Wilson's score interval (Wilson 1927).

    Args:
        rate: observed, 0-1.
        trials: their number, may be fractional.
        quantile: of the standard normal or Student's distribution.
    """
    square = quantile * quantile
    centre = (rate + square / (2 * trials)) / (1 + square / trials)
    half = quantile / (1 + square / trials) * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def exact(successes: float, trials: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the interval of Clopper & Pearson."""
    tail = (1 - confidence) / 2
    low = beta_quantile(tail, successes, trials - successes + 1) if successes > 0 else 0.0
    high = beta_quantile(1 - tail, successes + 1, trials - successes) if successes < trials else 1.0
    return low, high


def measure(pairs: Pairs, *, counts: bool = True, confidence: float = CONFIDENCE) -> Rate:
    """Return the rate of ``pairs`` with its interval.

    Args:
        pairs: per answer; those with denominator 0 say nothing.
        counts: whether numerators count things that hold or do not (claims); else they are values 0-1, which
            vary less than counts.
        confidence: of the interval.
    """
    array = np.array([p for p in pairs if p[1] > 0], float).reshape(-1, 2)
    answers, size, total = len(array), float(array[:, 1].sum()), float(array[:, 0].sum())
    if not answers:
        return Rate(
            value=math.nan,
            interval=Interval(0.0, 1.0, "nothing measured"),
            total=0.0,
            size=0.0,
            answers=0,
            effective=0.0,
        )
    value = total / size
    if value in (0.0, 1.0) or answers == 1:
        trials = min(float(answers), size)
        low, high = exact(value * trials, trials, confidence)
        return Rate(
            value=value,
            interval=Interval(low, high, "exact (Clopper-Pearson)"),
            total=total,
            size=size,
            answers=answers,
            effective=trials,
        )
    effective = effective_size(array, counts=counts)
    quantile = student_quantile((1 + confidence) / 2, answers - 1)
    low, high = wilson(value, effective, quantile)
    method = "Wilson" if effective == size else "Wilson, effective sample size"
    return Rate(
        value=value,
        interval=Interval(low, high, method),
        total=total,
        size=size,
        answers=answers,
        effective=effective,
    )


def effective_size(array: NDArray[np.float64], *, counts: bool) -> float:
    """Return how many independent trials ``(answers, 2)`` pairs are worth, by the variance between answers."""
    answers, size = len(array), float(array[:, 1].sum())
    value = float(array[:, 0].sum()) / size
    if counts and size == answers:  # one trial an answer: the variance is known
        return size
    apart = array[:, 0] - value * array[:, 1]
    variance = answers / (answers - 1) * float((apart**2).sum()) / size**2
    if variance <= 0:
        return size
    effective = value * (1 - value) / variance
    return min(effective, size) if counts else max(1.0, effective)


def visible_difference(rate: Rate) -> float:
    """Return the smallest difference to another run of this size that would be seen 4 times in 5, 0-1."""
    if math.isnan(rate.value):
        return 1.0
    centre = (rate.interval.low + rate.interval.high) / 2  # never 0 or 1, where the spread would seem to vanish
    reach = normal_quantile((1 + CONFIDENCE) / 2) + normal_quantile(_POWER)
    return min(1.0, reach * math.sqrt(2 * centre * (1 - centre) / max(1.0, rate.effective)))


def shows(rate: Rate, bad: str = "failed", unit: str = "cases", *, counts: bool = True) -> str:
    """Say what this sample shows and what it cannot show."""
    if math.isnan(rate.value):
        return f"no {unit}: nothing is shown"
    failed = rate.size - rate.total
    low, high = 100 * (1 - rate.interval.high), 100 * (1 - rate.interval.low)
    size, answers = f"{rate.size:.0f}", f"{rate.answers} answers"
    among = f"{size} {unit}" + (f" in {answers}" if rate.answers < rate.size else "")
    cannot = f"a change under {100 * visible_difference(rate):.1f} points cannot be told from chance at this size"
    few = f"; {answers} are too few for more than a first look" if rate.answers < _FEW else ""
    if not counts:
        return f"mean over {among}: {100 - high:.1f} to {100 - low:.1f} %; {cannot}{few}"
    if failed <= 1e-9:
        return f"0 of {among} {bad}: at most {high:.1f} %; {cannot}{few}"
    if rate.total <= 1e-9:
        return f"all {among} {bad}: at least {low:.1f} %; {cannot}{few}"
    return f"{failed:.4g} of {among} {bad}: {low:.1f} to {high:.1f} %; {cannot}{few}"
