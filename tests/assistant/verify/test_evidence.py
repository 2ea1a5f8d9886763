"""How evidence is read for a claim: in stretches, and in numbers that speak for and against it."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest

from assistant.verify.evidence import Passage, windows_of
from assistant.verify.features import Features, Reader, Weights, load_weights
from assistant.verify.states import States
from kb.embedders.bundled import BundledEmbedder
from kb.embedders.hashing import HashingEmbedder


@pytest.mark.parametrize(
    "sentence", ["The lid of this kettle stays cool for hours. ", "壶盖在几个小时之内都不烫手。"]
)
def test_windows_hold_each_sentence_once_and_are_not_too_wide(sentence: str) -> None:
    """A long passage is read in stretches that follow each other, none empty, each about 900 letters wide."""
    passage = Passage(sentence * 80)
    windows = windows_of(passage)
    assert [n for window in windows for n in range(window.first, window.last)] == list(range(80))
    assert all(window.text for window in windows)
    one = len(sentence) if sentence.isascii() else 3 * len(sentence)
    assert all(900 - 2 * one < one * (window.last - window.first) <= 900 + one for window in windows[:-1])


def test_a_sentence_wider_than_a_window_has_one_of_its_own() -> None:
    """What cannot be cut is read whole, and what stands around it by itself."""
    long = "Very " * 300 + "long."
    for text, stretches in (
        (f"{long} Short.", [(0, 1), (1, 2)]),
        (f"Short. {long}", [(0, 1), (1, 2)]),
        (long, [(0, 1)]),
    ):
        assert [(window.first, window.last) for window in windows_of(Passage(text))] == stretches


def reader() -> Reader:
    """Return a reader without a model."""
    return Reader(States(HashingEmbedder()), load_weights())


def test_of_long_evidence_what_shares_most_words_is_read() -> None:
    """The sentence that a claim rests on is found wherever it stands among many stretches."""
    claim = Passage("The blue kettle boils in three minutes.")
    passages = [Passage(f"Chapter {n} treats of gardens. " * 20) for n in range(12)]
    passages[9] = Passage(claim.text)
    _, found = reader().compare(claim, [window for passage in passages for window in windows_of(passage)])
    assert found[0].words == claim.text
    assert found[0].covered == pytest.approx(1)
    assert len({id(place.passage) for place in found}) == 6


def test_features_tell_what_speaks_for_and_against_a_claim() -> None:
    """A quote is covered whole and a strange claim is not; facts and names that are missing count up to two."""
    evidence = Passage("Parcels to Berlin cost 5 euro. They arrive in 3 days.")
    quote, _ = reader().compare(Passage("Parcels to Berlin cost 5 euro."), windows_of(evidence))
    assert quote.covered == quote.covered_best == quote.source_covered == pytest.approx(1)
    assert quote.facts == quote.names == quote.fresh == quote.negated == quote.other_language == quote.chinese == 0
    strange = Passage("Boxes to Oslo, Bergen and Tromso cost 7 euro, 8 dollars and 9 pounds.")
    far, _ = reader().compare(strange, windows_of(evidence))
    assert far.facts == far.names == 2
    assert far.covered < quote.covered
    assert far.near < quote.near
    assert far.fresh > math.log(10)
    assert far.length > quote.length > 0
    turned, _ = reader().compare(Passage("Parcels to Berlin do not cost 5 euro."), windows_of(evidence))
    assert turned.negated > 0


def test_features_of_a_chinese_claim_are_told_apart() -> None:
    """What is near and covered counts again for a Chinese claim; words say nothing of another language."""
    evidence = windows_of(Passage("运费为五元。三天送达。"))
    own, _ = reader().compare(Passage("运费为五元。"), evidence)
    assert own.chinese == 1
    assert own.chinese_near == own.near > 0
    assert own.chinese_covered == own.covered == pytest.approx(1)
    assert own.chinese_foreign == own.foreign
    other, _ = reader().compare(Passage("Delivery costs five yuan."), evidence)
    assert other.other_language == 1
    assert other.other_near == other.near
    assert other.covered == other.covered_best == other.source_covered == other.fresh == other.chinese == 0


def test_a_probability_rises_with_what_speaks_for_a_claim_and_stays_one() -> None:
    """However far a feature lies off, the support is a number between 0 and 1, one half where nothing speaks."""
    some = np.zeros(len(fields(Features)), np.float32)
    first = some.copy()
    first[0] = 1
    weights = Weights(mean=some, scale=some + 1, weights=first, bias=0.0, rarity={"rare": 3.0}, rarest=1.0)
    assert weights.probability(Features()) == 0.5
    assert weights.probability(Features(covered=1.0)) == pytest.approx(1 / (1 + math.exp(-1)))
    low, high = (weights.probability(Features(covered=value)) for value in (-1e6, 1e6))
    assert 0 < low < 1e-12 < 1 - 1e-12 < high < 1
    assert weights.share(frozenset({"rare", "other"}), frozenset({"rare"})) == 0.75
    assert weights.share(frozenset(), frozenset({"rare"})) == 0


def test_states_are_single_precision_unit_vectors() -> None:
    """Each text has its rows, twice without a model, of length one, whether read now or remembered."""
    states = States(HashingEmbedder())
    for _ in range(2):
        first, second = states.of(["Parcels are free.", "运费五元"])
        assert first.shape == second.shape == (2, 1, first.shape[2])
        assert first.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(first, axis=2), 1, atol=1e-2)
    assert states.token_ends("Parcels are free.", [3, 7]) == [0, 0]


def test_the_bundled_model_knows_the_rows_of_each_sentence() -> None:
    """With the bundled model a text has a row for each token, and offsets into it are told in rows."""
    states, text = States(BundledEmbedder()), "Parcels are free. 运费五元。"
    (rows,) = states.of([text])
    assert states.known
    begin, middle, end = states.token_ends(text, [0, 17, len(text)])
    assert 0 <= begin < middle < end <= rows.shape[1]
    assert states.token_ends(text, []) == []
    np.testing.assert_allclose(np.linalg.norm(rows, axis=2), 1, atol=1e-2)
