"""Ranks are mixed without losing what the rankers agree on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kb.search.fusion import (
    FIT_SHARE,
    LEXICAL_SHARES,
    LEXICAL_SHARES_ALONE,
    QUESTION_SHARE,
    Candidates,
    above_others,
    bears_out,
    feed_back,
    fuse,
)

scores = arrays(np.float32, st.shared(st.integers(1, 30), key="n"), elements=st.floats(-1, 1, width=32))


def candidates(*columns: np.ndarray) -> Candidates:
    """Return candidates of four columns, all in the language of the question."""
    text, question, fit, lexical = (np.asarray(column, np.float32) for column in columns)
    foreign = np.zeros(len(text), np.bool_)
    return Candidates(text=text, question=question, fit=fit, lexical=lexical, foreign=foreign)


@given(scores, scores, scores, st.randoms())
def test_order_of_candidates_does_not_matter(text: np.ndarray, fit: np.ndarray, words: np.ndarray, random) -> None:
    """A candidate gets the same score wherever it stands in the list."""
    nothing = np.full_like(text, np.nan)
    order = list(range(len(text)))
    random.shuffle(order)
    mixed = fuse(candidates(text, nothing, fit, abs(words)))
    again = fuse(candidates(text[order], nothing, fit[order], abs(words)[order]))
    np.testing.assert_allclose(mixed[order], again, atol=1e-6)


@given(scores)
def test_rankers_that_agree_are_followed(text: np.ndarray) -> None:
    """Where all rankers order the candidates alike, so does the fused score."""
    mixed = fuse(candidates(text, text, text, text - text.min()))
    for i in range(len(text)):
        for j in range(len(text)):
            if text[i] - text[j] > 1e-3:
                assert mixed[i] >= mixed[j]


@given(scores, scores, scores)
def test_scores_lie_between_0_and_1(text: np.ndarray, fit: np.ndarray, words: np.ndarray) -> None:
    """Fused scores can be compared with a share."""
    for fits in (fit, np.full_like(fit, np.nan)):
        mixed = fuse(candidates(text, np.full_like(text, np.nan), fits, abs(words)))
        assert np.all((mixed >= -1e-6) & (mixed <= 1 + 1e-6))


def test_stored_question_helps_its_chunk() -> None:
    """Of two passages that are equally near, the one whose stored question is nearer comes first."""
    mixed = fuse(candidates([0.8, 0.8, 0.1], [0.9, 0.2, np.nan], [0.5, 0.5, 0.5], [0, 0, 0]))
    assert mixed[0] > mixed[1] > mixed[2]


def test_words_say_nothing_of_another_language() -> None:
    """A passage in another language is not put last for sharing no word, nor first where one shares a code."""
    same, fit, nothing = [0.8, 0.8, 0.8, 0.8], [0.5, 0.5, 0.5, 0.5], [np.nan] * 4
    shown = candidates(same, nothing, fit, [9, 1, 0, 0])
    mixed = fuse(replace(shown, foreign=np.array([False, False, False, True])))
    assert mixed[0] > mixed[3] > mixed[1] > mixed[2]
    mixed = fuse(replace(candidates(same, nothing, fit, [9, 1, 0, 9]), foreign=np.array([False] * 3 + [True])))
    assert mixed[3] == mixed[0]


def test_likeness_counts_where_questions_are_stored() -> None:
    """The best hits' likes are raised among stored answers, and left where they are among prose."""
    found = candidates([0.8, 0.5, 0.5], [0.8, 0.5, 0.5], [0.5, 0.5, 0.5], [0, 0, 0])
    scores, likeness = np.array([1, 0.5, 0.5], np.float32), np.array([1, 0, 0.9], np.float32)
    raised = feed_back(scores, likeness, found)
    assert raised[2] > raised[1]
    prose = replace(found, question=np.full(3, np.nan, np.float32))
    np.testing.assert_array_equal(feed_back(scores, likeness, prose), scores)


def test_conversation_counts_as_far_as_the_message_bears_it_out() -> None:
    """What was said before is left out where the message finds something else, and kept where it finds nothing."""
    spread = np.linspace(0.3, 0.25, 20)
    clear = candidates(np.r_[0.8, 0.3, spread], *[np.full(22, value) for value in (np.nan, 0.5, 0)])
    scores = fuse(clear)
    elsewhere, there = np.zeros(22, np.float32), np.zeros(22, np.float32)
    elsewhere[1], there[0] = 1, 1
    assert not bears_out(clear, scores, elsewhere)
    assert bears_out(clear, scores, there)
    vague = replace(clear, text=np.r_[0.32, 0.3, spread].astype(np.float32))
    assert bears_out(vague, fuse(vague), elsewhere)


@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("stored", [0, 1, 2])
def test_words_count_less_the_more_questions_are_stored(late: bool, stored: int) -> None:
    """What only words speak for scores their share, between that of prose and of stored questions."""
    prose, questions = LEXICAL_SHARES if late else LEXICAL_SHARES_ALONE
    asked = [0.9, 0.1][:stored] + [np.nan] * (2 - stored)
    near, words = fuse(candidates([0.9, 0.1], asked, [0.8, 0.2] if late else [np.nan] * 2, [0, 7]))
    assert words == pytest.approx(prose + stored / 2 * (questions - prose))
    assert near == pytest.approx(1 - words)


def test_each_voice_has_its_share() -> None:
    """What a stored question and late interaction say counts in the shares that are chosen for them."""
    passage, question, middle = fuse(candidates([0.9, 0.1, 0.5], [0.1, 0.9, 0.5], [np.nan] * 3, [0, 0, 0]))
    assert passage / question == pytest.approx((1 - QUESTION_SHARE) / QUESTION_SHARE)
    assert middle == pytest.approx((passage + question) / 2)
    similar, fitting, middle = fuse(candidates([0.9, 0.1, 0.5], [np.nan] * 3, [0.1, 0.9, 0.5], [0, 0, 0]))
    assert similar / fitting == pytest.approx((1 - FIT_SHARE) / FIT_SHARE)
    assert middle == pytest.approx((similar + fitting) / 2)


def test_a_stored_question_that_is_farther_than_every_passage_is_only_the_farthest() -> None:
    """A question that has nothing to do with the customer's takes nothing off below the scale."""
    near, far = fuse(candidates([0.9, 0.2], [0.9, -0.9], [np.nan] * 2, [0, 0]))
    assert near > far == 0


def test_among_passages_that_are_all_foreign_words_count_as_they_are() -> None:
    """Where no passage is in the question's language, a shared code still tells them apart."""
    shown = candidates([0.8, 0.8], [np.nan] * 2, [0.5, 0.5], [9, 1])
    every = fuse(replace(shown, foreign=np.array([True, True])))
    np.testing.assert_array_equal(every, fuse(shown))
    assert every[0] > every[1]


def test_scores_stay_single_precision_from_0_to_1() -> None:
    """Fused scores and those fed back are of the rankers' precision, and the best one cannot pass 1."""
    found = candidates([0.9, 0.1], [0.9, np.nan], [0.8, 0.2], [7, 0])
    mixed = fuse(found)
    again = feed_back(mixed, np.array([1, 0], np.float32), found)
    assert mixed.dtype == again.dtype == np.float32
    np.testing.assert_allclose([mixed[0], again[0]], 1, rtol=1e-6)


def test_what_is_near_without_being_an_answer_is_what_stands_behind_the_first_ten() -> None:
    """The best is measured against candidates 10 to 100, in whatever order they come; without any it is level."""
    ranked = np.r_[np.full(10, 0.9), np.full(45, 0.4), np.full(45, 0.2), np.full(50, -1)].astype(np.float32)
    shuffled = np.random.default_rng(7).permutation(ranked)
    assert above_others(0.8, shuffled) == pytest.approx(0.8 - 0.3)
    assert above_others(0.8, ranked[:10]) == 0
    assert above_others(0.8, ranked[:11]) == pytest.approx(0.8 - 0.4)
