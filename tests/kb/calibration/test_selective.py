"""A threshold keeps its promise, and none is given where the evidence is too thin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.calibration.selective import (
    Judged,
    binomial_tail,
    choose_threshold,
    questions_needed,
    reachable_error,
    upper_bound,
)


def drawn(random: np.random.Generator, size: int, wrong_below: float = 0.6, noise: float = 0.01) -> list[Judged]:
    """Return questions whose answers are mostly wrong below a probability and rarely above."""
    probabilities = random.random(size)
    rates = np.where(probabilities < wrong_below, 0.6, noise)
    return [Judged(float(p), bool(random.random() < rate)) for p, rate in zip(probabilities, rates, strict=True)]


def true_error(threshold: float, wrong_below: float = 0.6, noise: float = 0.01) -> float:
    """Return the error among answered of ``drawn`` at a threshold."""
    if threshold >= wrong_below:
        return noise
    low = wrong_below - threshold
    return (low * 0.6 + (1 - wrong_below) * noise) / (low + 1 - wrong_below)


def test_the_promise_is_broken_no_more_often_than_stated() -> None:
    """Over many draws, the true error among answered is above the target in at most 5 of 100."""
    random = np.random.default_rng(5)
    broken = chosen = 0
    for _ in range(200):
        threshold = choose_threshold(drawn(random, 900), 0.05).value
        if threshold is not None:
            chosen += 1
            broken += true_error(threshold) > 0.05
    assert chosen > 150
    assert broken <= 0.05 * 200 + 6  # two standard deviations


def test_more_is_answered_where_more_is_right() -> None:
    """The threshold lies near the place from which on answers are right."""
    random = np.random.default_rng(6)
    threshold = choose_threshold(drawn(random, 4_000), 0.05)
    assert threshold.value == pytest.approx(0.6, abs=0.05)
    assert threshold.bound <= 0.05
    answered = 0.4 * 4_000
    assert threshold.answered == pytest.approx(answered, rel=0.15)


def test_thin_evidence_gives_no_threshold() -> None:
    """Fewer questions than it takes if all are right give none, and say how many it takes."""
    threshold = choose_threshold([Judged(0.9, False)] * 40, 0.05)
    assert threshold.value is None
    assert threshold.least_cases > 40
    assert choose_threshold([Judged(0.9, False)] * threshold.least_cases, 0.05).value == 0.9


def test_no_cases_give_no_threshold() -> None:
    """Nothing judged is nothing promised."""
    assert choose_threshold([], 0.05).value is None


def test_answers_that_are_wrong_give_no_threshold() -> None:
    """Where every tenth answer is wrong at any probability, 5 % cannot be promised."""
    random = np.random.default_rng(7)
    judged = [Judged(float(random.random()), i % 10 == 0) for i in range(1_000)]
    threshold = choose_threshold(judged, 0.05)
    assert threshold.value is None
    assert threshold.bound > 0.05
    assert choose_threshold(judged, 0.2).value is not None


def test_equal_probabilities_stay_together() -> None:
    """A threshold answers all questions of its probability: their errors all count."""
    judged = [Judged(0.8, False)] * 150 + [Judged(0.5, False)] * 100 + [Judged(0.5, True)] * 100
    threshold = choose_threshold(judged, 0.05)
    assert (threshold.value, threshold.answered, threshold.wrong) == (0.8, 150, 0)


@pytest.mark.parametrize("error", [0.0, 1.0, -0.1])
def test_a_senseless_target_is_refused(error: float) -> None:
    """No error at all, or nothing but errors, cannot be promised."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        choose_threshold([Judged(0.5, False)], error)


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.01, 0.99))
def test_the_tail_is_the_binomial_one(most: int, trials: int, rate: float) -> None:
    """The tail is the sum of the probabilities, which a recursion gives too."""
    law = np.array([1.0])
    for _ in range(trials):
        law = np.convolve(law, [1 - rate, rate])
    assert binomial_tail(most, trials, rate) == pytest.approx(law[: most + 1].sum(), abs=1e-9)


def test_the_bound_is_clopper_and_pearsons() -> None:
    """Known values: the rule of three, and 2 of 100 at 95 %, one-sided."""
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05 ** (1 / 100), abs=1e-6)
    assert upper_bound(2, 100) == pytest.approx(0.0616, abs=2e-4)
    assert upper_bound(3, 3) == 1.0


def test_what_would_do_is_told() -> None:
    """Of questions that give no threshold: how many more like them would, and which error they promise now."""
    judged = [Judged(1 - number / 100, number % 20 == 19) for number in range(100)]
    assert choose_threshold(judged, 0.06).value is None
    more = questions_needed(judged, 0.06)
    assert more is not None
    assert choose_threshold([*judged] * (more // len(judged) + 1), 0.06).value is not None
    reachable = reachable_error(judged)
    assert reachable is not None
    assert choose_threshold(judged, reachable).value is not None
    assert choose_threshold(judged, reachable - 0.01).value is None
    assert questions_needed([Judged(0.5, True)] * 50, 0.1) is None
