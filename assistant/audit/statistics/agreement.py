"""How far a judge and people, or two people, agree: Cohen's kappa with its interval, AUROC, balanced accuracy.

Kappa: Cohen 1960, Educ. Psychol. Meas. 20. Its usual interval (Fleiss, Cohen & Everitt 1969) has no width where
two agree on everything in a small sample; here the four counts are drawn from their posterior under Jeffreys'
prior, and the interval is read from the kappas of the draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audit.statistics.intervals import CONFIDENCE, Interval

# Words by convention: Landis and Koch 1977.
_DRAWS = 20_000
_SEED = 1960
_WORDS = ((0.0, "no better than chance"), (0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two raters agree on yes or no.

    Attributes:
        kappa: -1 to 1, 0 is chance; NaN where both always say the same one thing or nothing was rated twice.
        interval: of kappa, at 95 % confidence.
        share: of equal ratings, 0-1.
        size: number of things that both rated.
        both: both say yes.
        first_only: only the first says yes.
        second_only: only the second says yes.
        neither: both say no.
    """

    kappa: float
    interval: Interval
    share: float
    size: int
    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def words(self) -> str:
        """Kappa in words (Landis & Koch 1977, Biometrics 33)."""
        if math.isnan(self.kappa):
            return "not known"
        return next((word for limit, word in _WORDS if self.kappa <= limit), "almost perfect")


def agreement(first: Sequence[bool], second: Sequence[bool]) -> Agreement:
    """Return how far two ratings of the same things, in the same order, agree."""
    one, two = np.array(first, bool), np.array(second, bool)
    cells = np.array([(one & two).sum(), (one & ~two).sum(), (~one & two).sum(), (~one & ~two).sum()], float)
    size = int(cells.sum())
    both, first_only, second_only, neither = (int(count) for count in cells)
    kappa = share = math.nan
    interval = Interval(-1.0, 1.0, "nothing rated twice")
    if size:
        draws = np.random.default_rng(_SEED).dirichlet(cells + 0.5, _DRAWS)
        low, high = np.quantile(_kappa(draws), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        interval = Interval(float(low), float(high), "Jeffreys posterior of the four counts")
        kappa, share = float(_kappa(cells[None] / size)[0]), float(cells[0] + cells[3]) / size
    return Agreement(
        kappa=kappa,
        interval=interval,
        share=share,
        size=size,
        both=both,
        first_only=first_only,
        second_only=second_only,
        neither=neither,
    )


def _kappa(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``(n,)`` kappas of ``(n, 4)`` shares; NaN where chance alone agrees on everything."""
    both, first_only, second_only, neither = cells.T
    first, second = both + first_only, both + second_only
    chance = first * second + (1 - first) * (1 - second)
    with np.errstate(invalid="ignore", divide="ignore"):
        kappas: NDArray[np.float64] = np.where(chance < 1, (both + neither - chance) / (1 - chance), np.nan)
    return kappas


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Return the probability that a positive scores above a negative, ties half; NaN without one of them."""
    values, truth = np.array(scores, float), np.array(positive, bool)
    yes, no = values[truth], np.sort(values[~truth])
    if not len(yes) or not len(no):
        return math.nan
    below = np.searchsorted(no, yes, "left") + np.searchsorted(no, yes, "right")
    return float(below.mean() / (2 * len(no)))


def balanced_accuracy(judged: Sequence[bool], positive: Sequence[bool]) -> float:
    """Return the mean of sensitivity and specificity; NaN without positives or negatives."""
    said, truth = np.array(judged, bool), np.array(positive, bool)
    if truth.all() or not truth.any():
        return math.nan
    return float((said[truth].mean() + (~said[~truth]).mean()) / 2)
