"""Ranks are mixed without losing what the rankers agree on."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kb.search.fusion import Candidates, bears_out, feed_back, fuse

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
