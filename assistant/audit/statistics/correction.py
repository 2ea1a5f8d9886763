"""Rates corrected for the judge's known error, from labels that people gave to a sample of what it judged.

The judge's verdict on every claim is cheap and sometimes wrong; people's labels are dear and few. Two sources:

- **Prediction-powered** (Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023, Science 382; tuned as in
  Angelopoulos, Duchi & Zrnic 2023): the judge's rate over all claims, plus the mean error seen on the labelled
  ones. For a yes-or-no judge the tuned estimate is the double-sampling one (Tenenbein 1970, JASA 65): what share
  of the claims it accepts people accept, and what share of those it rejects. It needs labels from this audit.
- **Rogan-Gladen** (1978, Am. J. Epidemiol. 107): from sensitivity and specificity, which may have been measured
  on another audit of the same kind; its interval is that of Lang & Reiczigel (2014, Prev. Vet. Med. 113).

Plain normal approximations give intervals too narrow where the judge is hardly ever seen wrong in a small sample
(with 0 errors in 50 labels, of no width at all). So for the first, each observed share is drawn from its posterior
under Jeffreys' prior, and the interval is read from what the draws give together; the second adds pseudo-counts
to each share and shifts the middle. In both, counts are divided by the design effect of claims that come in
answers. ``tests/benchmarks/bench_audit.py`` measures how often they cover.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audit.statistics.intervals import CONFIDENCE, Interval, effective_size
from kb.calibration.distributions import normal_quantile, student_quantile

_DRAWS = 20_000  # an interval's end moves by a few ten-thousandths from seed to seed
_SEED = 20231109
Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One claim that people have labelled.

    Attributes:
        answer: which answer it stands in; claims of one answer fail together.
        judged: whether the judge says that it is supported.
        true: whether people say so.
        weight: how many claims it stands for, where the sample was not drawn evenly.
    """

    answer: str
    judged: bool
    true: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Corrected:
    """A rate corrected for the judge's error.

    Attributes:
        value: 0-1.
        interval: at 95 % confidence.
        labels: number of labelled claims it rests on.
    """

    value: float
    interval: Interval
    labels: int


def prediction_powered(judged: Sequence[tuple[float, float]], labels: Sequence[Labelled]) -> Corrected | None:
    """Return the corrected rate; None without labels.

    Args:
        judged: per answer, claims that the judge accepts and all claims.
        labels: a random sample of those claims.
    """
    if not labels or not judged:
        return None
    generator = np.random.default_rng(_SEED)
    accepted, accepted_draws = _share(np.array(judged, float), generator)
    right, right_draws = _share(_pairs(labels, judged=True), generator)
    missed, missed_draws = _share(_pairs(labels, judged=False), generator)
    value = accepted * right + (1 - accepted) * missed
    draws = accepted_draws * right_draws + (1 - accepted_draws) * missed_draws
    low, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    interval = _around(value, float(low), float(high), "prediction-powered (Angelopoulos et al. 2023)")
    return Corrected(value, interval, len(labels))


def rogan_gladen(judged: Sequence[tuple[float, float]], labels: Sequence[Labelled]) -> Corrected | None:
    """Return the corrected rate from sensitivity and specificity; None where either cannot be known.

    Args:
        judged: per answer, claims that the judge accepts and all claims.
        labels: of this audit or another of the same kind.
    """
    positives = [label for label in labels if label.true]
    negatives = [label for label in labels if not label.true]
    if not positives or not negatives or not judged:
        return None
    accepted, n = _trials(np.array(judged, float))
    sensitivity, n_true = _trials(_grouped(positives, "judged"))
    false_alarm, n_false = _trials(_grouped(negatives, "judged"))
    if sensitivity <= false_alarm:  # it accepts false claims as readily as true ones: it says nothing
        return None
    value = float(np.clip((accepted - false_alarm) / (sensitivity - false_alarm), 0, 1))
    low, high = _lang_reiczigel((accepted, n), (sensitivity, n_true), (1 - false_alarm, n_false))
    interval = _around(value, low, high, "Rogan & Gladen (1978), interval of Lang & Reiczigel (2014)")
    return Corrected(value, interval, len(labels))


def _lang_reiczigel(
    accepted: tuple[float, float], sensitivity: tuple[float, float], specificity: tuple[float, float]
) -> tuple[float, float]:
    """Return the ends of the interval of a corrected rate from three shares, each with its number of trials.

    Shares move towards one half (by z²/2 successes and failures for the rate, by one each for sensitivity and
    specificity); the middle moves by the skewness that is left.
    """
    z = normal_quantile((1 + CONFIDENCE) / 2)
    n, n_true, n_false = accepted[1] + z * z, sensitivity[1] + 2, specificity[1] + 2
    rate = (accepted[0] * accepted[1] + z * z / 2) / n
    found, spared = (sensitivity[0] * sensitivity[1] + 1) / n_true, (specificity[0] * specificity[1] + 1) / n_false
    gap = found + spared - 1
    if gap <= 0:
        return 0.0, 1.0
    true = (rate + spared - 1) / gap
    of_found, of_spared = found * (1 - found) / n_true, spared * (1 - spared) / n_false
    middle = true + 2 * z * z * (true * of_found - (1 - true) * of_spared)
    half = z * math.sqrt(rate * (1 - rate) / n + true**2 * of_found + (1 - true) ** 2 * of_spared) / gap
    return max(0.0, min(1.0, middle - half)), min(1.0, max(0.0, middle + half))


def _around(value: float, low: float, high: float, method: str) -> Interval:
    """Return an interval that holds the value: where no error was seen, both ends may be on one side of it."""
    return Interval(min(low, value), max(high, value), method)


def _trials(pairs: NDArray[np.float64]) -> tuple[float, float]:
    """Return a share, and how many independent trials ``(answers, 2)`` pairs are worth; one half of none."""
    pairs = pairs[pairs[:, 1] > 0] if len(pairs) else np.zeros((0, 2))
    size = float(pairs[:, 1].sum())
    if not size:
        return 0.5, 0.0
    share = float(pairs[:, 0].sum()) / size
    trials = effective_size(pairs, counts=True) if 0 < share < 1 and len(pairs) > 1 else float(len(pairs))
    return share, min(trials, size)


def _share(pairs: NDArray[np.float64], generator: np.random.Generator) -> tuple[float, Draws]:
    """Return a share, and draws from its posterior under Jeffreys' prior Beta(1/2, 1/2)."""
    share, trials = _trials(pairs)
    if len(pairs) > 2:  # the spread between few answers is itself uncertain: as Student's quantile widens
        trials *= (normal_quantile(0.975) / student_quantile(0.975, len(pairs) - 1)) ** 2
    return share, generator.beta(share * trials + 0.5, (1 - share) * trials + 0.5, _DRAWS)


def _pairs(labels: Sequence[Labelled], *, judged: bool) -> NDArray[np.float64]:
    return _grouped([label for label in labels if label.judged is judged], "true")


def _grouped(labels: Sequence[Labelled], name: str) -> NDArray[np.float64]:
    """Return ``(answers, 2)``: weight of the claims for which ``name`` holds, and of all, per answer.

    Weights are scaled so that they sum to the number of claims.
    """
    scale = len(labels) / (sum(label.weight for label in labels) or 1.0)
    sums: dict[str, list[float]] = {}
    for label in labels:
        pair = sums.setdefault(label.answer, [0.0, 0.0])
        pair[0] += label.weight * scale * getattr(label, name)
        pair[1] += label.weight * scale
    return np.array(list(sums.values()), float).reshape(-1, 2)
