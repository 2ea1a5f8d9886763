"""Quantiles of the normal, Student's and the beta distribution, and binomial tails; no SciPy at run time.

The incomplete beta function is computed by its continued fraction (Press et al., Numerical Recipes, 3rd ed.,
6.4); quantiles by bisection, which cannot diverge.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

_TINY = 1e-300  # keeps the continued fraction from dividing by zero; any number far below its terms, as Lentz 1976
_STEPS = 500  # more than the fraction needs for parameters up to a million
_HALVINGS = 80  # of 0-1: beyond double precision


def normal_quantile(probability: float) -> float:
    """Return the quantile of the standard normal distribution."""
    return NormalDist().inv_cdf(probability)


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the probability that a Beta(a, b) variable is at most ``x``.

    Args:
        x: 0-1.
        a: first parameter, above 0.
        b: second parameter, above 0.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1) / (a + b + 2):
        return math.exp(log_front) * _continued_fraction(x, a, b) / a
    return 1 - math.exp(log_front) * _continued_fraction(1 - x, b, a) / b


def _continued_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return ``x`` with ``beta_cdf(x, a, b) == probability``."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@cache
def student_quantile(probability: float, freedom: float) -> float:
    """Return the quantile of Student's distribution with ``freedom`` degrees of freedom, 1 or more."""
    if probability == 0.5:
        return 0.0
    tail = min(probability, 1 - probability)
    x = beta_quantile(2 * tail, freedom / 2, 0.5)  # freedom / (freedom + t²) has this distribution
    t = math.sqrt(freedom * (1 - x) / x)
    return t if probability > 0.5 else -t


def binomial_tail(successes: int, trials: int, chance: float) -> float:
    """Return the probability of ``successes`` or fewer in ``trials``."""
    if successes < 0:
        return 0.0
    if successes >= trials:
        return 1.0
    return 1 - beta_cdf(chance, successes + 1, trials - successes)
