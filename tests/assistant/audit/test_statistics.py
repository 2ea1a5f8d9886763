"""The statistics of audits, against exact sums and published figures."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audit.statistics.agreement import agreement, auroc, balanced_accuracy
from assistant.audit.statistics.correction import Labelled, prediction_powered, rogan_gladen
from assistant.audit.statistics.intervals import exact, measure, shows, visible_difference, wilson
from assistant.audit.statistics.pairs import compare, mcnemar, says
from kb.calibration.distributions import beta_cdf, beta_quantile, binomial_tail, student_quantile


@pytest.mark.parametrize(("trials", "chance"), [(10, 0.3), (37, 0.91), (300, 0.012)])
def test_binomial_tails_are_the_sums_they_stand_for(trials: int, chance: float) -> None:
    """The tail by the incomplete beta function equals the sum of binomial probabilities."""
    total = 0.0
    for successes in range(trials):
        total += math.comb(trials, successes) * chance**successes * (1 - chance) ** (trials - successes)
        assert binomial_tail(successes, trials, chance) == pytest.approx(total, abs=1e-10)


@given(st.floats(0.001, 0.999), st.floats(0.5, 200), st.floats(0.5, 200))
def test_beta_quantiles_invert_the_distribution(probability: float, a: float, b: float) -> None:
    """The quantile of a probability has that probability below it, as far as a number below 1 can say."""
    x = beta_quantile(probability, a, b)
    if 1e-12 < x < 1 - 1e-12:
        assert beta_cdf(x, a, b) == pytest.approx(probability, abs=1e-6)


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.706), (5, 2.5706), (30, 2.0423), (1000, 1.9623)])
def test_student_quantiles_are_those_of_the_tables(freedom: int, quantile: float) -> None:
    """The 97.5 % quantiles are those that every table prints, and symmetric."""
    assert student_quantile(0.975, freedom) == pytest.approx(quantile, rel=2e-4)
    assert student_quantile(0.025, freedom) == pytest.approx(-quantile, rel=2e-4)


def test_intervals_are_the_published_ones() -> None:
    """Wilson's interval for 81 of 263 and the exact one for 0 of 300 are as in the literature."""
    assert wilson(81 / 263, 263, 1.959964) == pytest.approx((0.2553, 0.3662), abs=2e-4)  # Newcombe 1998, Table I
    assert exact(0, 300) == pytest.approx((0.0, 0.0122), abs=1e-4)


def test_nothing_unsupported_is_not_no_risk() -> None:
    """0 of 300 is reported as at most 1.2 %, and as less when the 300 claims come in 100 answers."""
    assert "at most 1.2 %" in shows(measure([(1, 1)] * 300), "unsupported", "claims")
    together = shows(measure([(3, 3)] * 100), "unsupported", "claims")
    assert "0 of 300 claims in 100 answers unsupported: at most 3.6 %" in together


def test_claims_that_fail_together_are_worth_less() -> None:
    """The same claims give a wider interval when they fail answer by answer than when each fails alone."""
    alone = measure([(9, 10)] * 100)
    together = measure([(10, 10)] * 90 + [(0, 10)] * 10)
    assert together.value == alone.value
    assert together.effective < alone.effective
    assert together.interval.low < alone.interval.low


def test_more_answers_narrow_the_interval() -> None:
    """Interval and smallest visible difference shrink with the sample."""
    rates = [measure([(1, 1)] * (9 * n) + [(0, 1)] * n) for n in (2, 8, 32)]
    assert all(a.interval.low < b.interval.low for a, b in pairwise(rates))
    assert all(visible_difference(a) > visible_difference(b) for a, b in pairwise(rates))


def test_nothing_measured_shows_nothing() -> None:
    """Without cases there is no rate, and the interval says that anything may be."""
    rate = measure([(0, 0)])
    assert math.isnan(rate.value)
    assert (rate.interval.low, rate.interval.high) == (0.0, 1.0)
    assert "nothing is shown" in shows(rate)


def _audit(seed: int, truth: float, sensitivity: float, specificity: float, answers: int, labelled: int):
    generator = np.random.default_rng(seed)
    true = generator.random((answers, 2)) < truth
    judged = np.where(
        true, generator.random(true.shape) < sensitivity, generator.random(true.shape) >= specificity
    )
    pairs = [(float(row.sum()), 2.0) for row in judged]
    labels = [Labelled(str(i), bool(judged[i, j]), bool(true[i, j])) for i in range(labelled) for j in range(2)]
    return pairs, labels


def test_corrections_undo_the_judges_bias() -> None:
    """A judge that rejects many true claims is far off; both corrections are near the truth."""
    pairs, labels = _audit(1, 0.9, 0.8, 0.9, 2_000, 400)
    assert measure(pairs).value == pytest.approx(0.73, abs=0.02)
    for corrected in (prediction_powered(pairs, labels), rogan_gladen(pairs, labels)):
        assert corrected is not None
        assert corrected.value == pytest.approx(0.9, abs=0.04)
        assert corrected.interval.low < 0.9 < corrected.interval.high


def test_a_judge_never_seen_wrong_is_not_taken_for_perfect() -> None:
    """With no error in 20 labels the corrected interval is wider than the judge's own."""
    pairs, labels = _audit(2, 0.9, 1.0, 1.0, 500, 10)
    corrected = prediction_powered(pairs, labels)
    assert corrected is not None
    raw = measure(pairs).interval
    assert corrected.interval.low <= corrected.value <= corrected.interval.high
    assert corrected.interval.high - corrected.interval.low > 1.5 * (raw.high - raw.low)


def test_a_judge_known_to_be_perfect_changes_nothing() -> None:
    """With many labels and no error, Rogan-Gladen's interval is that of the judge's own rate (Agresti-Coull)."""
    labels = [Labelled(f"t{i}", True, True) for i in range(40_000)]
    labels += [Labelled(f"f{i}", False, False) for i in range(40_000)]
    corrected = rogan_gladen([(1.0, 1.0)] * 180 + [(0.0, 1.0)] * 20, labels)
    assert corrected is not None
    z = 1.959964
    trials = 200 + z * z
    middle = (180 + z * z / 2) / trials
    half = z * math.sqrt(middle * (1 - middle) / trials)
    assert corrected.value == 0.9
    for end, expected in ((corrected.interval.low, middle - half), (corrected.interval.high, middle + half)):
        assert end == pytest.approx(expected, abs=1e-3)


def test_a_judge_without_information_is_not_corrected() -> None:
    """Where the judge accepts false claims as readily as true ones, Rogan-Gladen has nothing to say."""
    labels = [Labelled(str(i), True, i % 2 == 0) for i in range(40)]
    assert rogan_gladen([(1, 1)] * 50, labels) is None
    assert prediction_powered([(1, 1)] * 50, []) is None


def test_weights_undo_a_sample_drawn_by_verdict() -> None:
    """Rejected claims labelled five times as often, and weighed accordingly, give the same estimate."""
    pairs = [(1.0, 1.0)] * 900 + [(0.0, 1.0)] * 100
    labels = [Labelled(f"a{i}", True, i >= 2, 18.0) for i in range(50)]
    labels += [Labelled(f"r{i}", False, i < 10, 2.0) for i in range(50)]
    corrected = prediction_powered(pairs, labels)
    assert corrected is not None
    assert corrected.value == pytest.approx(0.9 * 48 / 50 + 0.1 * 10 / 50, abs=1e-9)


def test_kappa_is_cohens() -> None:
    """The kappa of a textbook table (20, 5, 10, 15) is 0.40, within its interval."""
    first = [True] * 25 + [False] * 25
    second = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    found = agreement(first, second)
    assert found.kappa == pytest.approx(0.4)
    assert found.interval.low < 0.4 < found.interval.high
    assert (found.both, found.first_only, found.second_only, found.neither) == (20, 5, 10, 15)
    assert found.words == "fair"


def test_full_agreement_on_little_is_not_certainty() -> None:
    """Two who agree on six claims have a kappa of 1 and an interval that says how little that is."""
    found = agreement([True, True, True, False, False, True], [True, True, True, False, False, True])
    assert found.kappa == 1.0
    assert found.interval.low < 0.75
    assert math.isnan(agreement([True] * 5, [True] * 5).kappa)


def test_auroc_and_balanced_accuracy_count_pairs_and_sides() -> None:
    """Ties count half; a side that is missing makes the figure unknown."""
    assert auroc([0.9, 0.8, 0.4, 0.4], [True, False, True, False]) == pytest.approx(0.625)
    assert balanced_accuracy([True, True, False, False], [True, False, False, False]) == pytest.approx(5 / 6)
    assert math.isnan(auroc([0.5], [True]))
    assert math.isnan(balanced_accuracy([True], [True]))


def test_mcnemar_is_a_fair_coin() -> None:
    """Six changes all for the worse come by chance in 2 of 64 cases; an even split always."""
    assert mcnemar(0, 6) == pytest.approx(2 / 64)
    assert mcnemar(3, 3) == 1.0
    assert mcnemar(0, 0) == 1.0


def test_paired_runs_see_what_unpaired_rates_cannot() -> None:
    """Ten questions lost of two hundred, none won, is beyond chance; five lost and five won is not."""
    yes, no = (1.0, 1.0), (0.0, 1.0)
    worse = compare([(yes, no)] * 10 + [(yes, yes)] * 150 + [(no, no)] * 40)
    even = compare([(yes, no)] * 5 + [(no, yes)] * 5 + [(yes, yes)] * 190)
    assert worse is not None
    assert even is not None
    assert (worse.better, worse.worse, worse.method) == (0, 10, "McNemar, exact")
    assert worse.chance < 0.01
    assert worse.interval.high < 0
    assert says(worse) == "worse"
    assert even.chance == 1.0
    assert says(even) == "no difference"


def test_shares_of_claims_are_compared_by_the_bootstrap() -> None:
    """Where a question counts several claims, McNemar's test does not apply; the interval says as much."""
    found = compare([((3.0, 4.0), (4.0, 4.0))] * 30 + [((4.0, 4.0), (4.0, 4.0))] * 30)
    assert found is not None
    assert found.method == "paired bootstrap"
    assert found.interval.low > 0
    assert compare([((0.0, 0.0), (1.0, 1.0))]) is None
