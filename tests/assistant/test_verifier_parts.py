"""What the verifier's parts say of a claim and its evidence, one by one."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest

from assistant.verify import Verifier
from assistant.verify.checks import fact_objections, missing_names, objections, turned_round
from assistant.verify.claims import split_claims
from assistant.verify.evidence import Passage, Place, windows_of
from assistant.verify.features import Features, Reader, Weights, load_weights
from assistant.verify.speaker import of_the_speaker
from assistant.verify.states import States
from assistant.verify.verifier import in_like_words, quoted_verdict
from kb.embedders.hashing import HashingEmbedder


def places(*texts: str, score: float = 1.0) -> list[Place]:
    """Return all sentences of texts as places that say so much of a claim."""
    return [
        Place(passage=passage, sentence=number, score=score, near=score, covered=score)
        for passage in map(Passage, texts)
        for number in range(len(passage.sentences))
    ]


@pytest.mark.parametrize(
    ("claim", "question", "answer", "reason"),
    [
        ("Gift cards expire.", "Do gift cards expire?", "No.", "the source says no"),
        ("Gift cards do not expire.", "Do gift cards expire?", "Yes, in May.", "the source says yes"),
        ("Gift cards do not expire.", "Do gift cards expire?", "No.", ""),
        ("Gift cards expire.", "Do gift cards expire?", "Yes, in May.", ""),
        ("Gift cards do not expire.", "Do gift cards expire?", "They are of steel.", ""),
        ("礼品卡会过期。", "礼品卡会过期吗？", "不会。", "the source says no"),
        ("礼品卡不会过期。", "礼品卡会过期吗？", "是的。", "the source says yes"),
        ("礼品卡会过期。", "礼品卡会过期吗？", "是的。", ""),
    ],
)
def test_an_answer_decides_what_its_question_asks(claim: str, question: str, answer: str, reason: str) -> None:
    """Yes and no turn a claim in the question's words round; an answer that is neither decides nothing."""
    passage = Passage(f"{question}\n{answer}")
    asked = Place(passage=passage, sentence=0, score=1.0, near=1.0, covered=1.0)
    assert turned_round(Passage(claim), [asked]) == reason


def test_a_question_decides_nothing_without_its_words_or_its_answer() -> None:
    """A question in other words, and one that its text leaves open, speak against no claim."""
    claim = Passage("Gift cards expire.")
    assert turned_round(claim, places("Do gift cards expire?")) == ""
    (asked, _) = places("Do gift cards expire?\nNo.", score=0.5)
    assert turned_round(claim, [asked]) == ""


def test_another_language_objects_to_no_word() -> None:
    """A source in another language makes no condition and changes no name that words could tell."""
    source = "Members of Tarnwave pay no delivery if they order online."
    assert objections(Passage("会员在网上订购可以免运费。"), places(source)) == []


def test_every_condition_of_a_sentence_is_looked_at() -> None:
    """A claim that keeps the first condition and drops the second is objected to for the second."""
    source = "If you are a member, parcels are free unless they are heavy."
    found = objections(Passage("If you are a member, parcels are free."), places(source))
    assert set(found) == {"the source makes a condition: unless they are heavy"}
    assert objections(Passage(source), places(source)) == []


def test_a_code_is_the_same_with_other_gaps() -> None:
    """Blanks and hyphens in a code do not matter, its letters and figures do."""
    there = places("Use form AB 1234.")
    assert fact_objections(Passage("Use form AB-1234."), there) == []
    assert fact_objections(Passage("Use form AB-1235."), there) != []
    assert fact_objections(Passage("Use form CD-1."), there) == ["the source does not say CD-1"]


def test_what_the_source_says_instead_is_named() -> None:
    """An objection to a number shows the source's own with its limit, and the claim's."""
    there = places("You can return it within 30 days.")
    (reason,) = fact_objections(Passage("You can return it within 90 days."), there)
    assert reason == "the source says at most 30 days, not at most 90 days"
    assert fact_objections(Passage("You can return it within 30 days."), there) == []


def test_each_missing_name_is_objected_to() -> None:
    """A name of the claim that no passage has is named, and one that another passage has is not."""
    there = places("Parcels go to Berlin.", "Parcels go with Fedora Express.")
    assert missing_names(Passage("Parcels go to Berlin with Fedora Express."), there) == []
    found = missing_names(Passage("Parcels go to Oslo with Fedora Express or Tarnwave Cargo."), there)
    assert found == ["the source does not name oslo", "the source does not name tarnwave cargo"]


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("运费由买家承担；不退。", ["运费由买家承担；不退。"]),
        ("运费由买家承担；赠品不予退换。", ["运费由买家承担", "赠品不予退换。"]),
        (
            "Parcels are free if they are light; heavy parcels cost 5 euro.",
            ["Parcels are free if they are light", "heavy parcels cost 5 euro."],
        ),
        (
            "Parcels are free if they are light, but heavy parcels cost 5 euro.",
            ["Parcels are free if they are light, but heavy parcels cost 5 euro."],
        ),
        (
            "Parcels are free; letters are free; boxes cost 5 euro.",
            ["Parcels are free", "letters are free", "boxes cost 5 euro."],
        ),
    ],
)
def test_a_condition_goes_where_its_words_belong(sentence: str, claims: list[str]) -> None:
    """Semicolons part what can stand alone; other joints part it only where no condition could be lost."""
    assert split_claims(sentence) == claims


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
    assert quote.covered == quote.covered_best == quote.told == pytest.approx(1)
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
    """For a Chinese claim what is near and covered counts again by itself; for other languages words say nothing."""
    evidence = windows_of(Passage("运费为五元。三天送达。"))
    own, _ = reader().compare(Passage("运费为五元。"), evidence)
    assert own.chinese == 1
    assert own.chinese_near == own.near > 0
    assert own.chinese_covered == own.covered == pytest.approx(1)
    assert own.chinese_foreign == own.foreign
    other, _ = reader().compare(Passage("Delivery costs five yuan."), evidence)
    assert other.other_language == 1
    assert other.other_near == other.near
    assert other.covered == other.covered_best == other.told == other.fresh == other.chinese == 0


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


def test_what_one_passage_says_of_its_speaker_bears_a_claim_out() -> None:
    """Whichever passage speaks of the speaker; a question that does is no statement."""
    claim = Passage("I live there.")
    reason = "the source does not speak of the speaker"
    assert of_the_speaker(claim, places("I live in the flat.", "The flat is warm.")) == ""
    assert of_the_speaker(claim, places("The flat is warm.", "I live in the flat.")) == ""
    assert of_the_speaker(claim, places("Where do I live?", "The flat is warm.")) == reason


def test_like_words_stand_in_one_case_in_the_claims_order() -> None:
    """All words in another order, from two cases, of a question or as the opposite are not like words."""
    (source,) = places("Members pay the parcel; guests pay the letter.")
    assert in_like_words(Passage("Members pay the parcel."), source)
    assert in_like_words(Passage("Members pay the parcel; guests pay the letter."), source)
    assert not in_like_words(Passage("Members pay the letter."), source)
    assert not in_like_words(Passage("The parcel members pay."), source)
    assert not in_like_words(Passage("Members."), source)
    (asked,) = places("Do members pay the parcel?")
    assert not in_like_words(Passage("Members pay the parcel."), asked)


def test_an_item_is_a_quote_wherever_it_stands_in_its_list() -> None:
    """The mark before an item is no cut-off clause; half a clause is, and so is what a condition is cut from."""
    text = "Bring to the shop:\na) a receipt of ours\nb) the whole parcel"
    for item in ("a receipt of ours", "the whole parcel"):
        verdict = quoted_verdict(item, ["Nothing here.", text])
        assert verdict is not None
        assert (verdict.supported, verdict.support, verdict.evidence, verdict.quote) == (True, 1.0, 1, item)
    assert quoted_verdict("whole parcel", [text]) is None
    assert quoted_verdict("a receipt", [text]) is None


def test_without_a_source_nothing_is_supported() -> None:
    """Each claim gets a verdict that says so, with no support at all."""
    verdicts = Verifier(HashingEmbedder()).verify_all(["Parcels are free.", "运费五元"], ["", " \n"])
    assert [(v.claim, v.supported, v.support, v.reason) for v in verdicts] == [
        ("Parcels are free.", False, 0.0, "there is no source"),
        ("运费五元", False, 0.0, "there is no source"),
    ]


def test_reading_ahead_changes_no_verdict() -> None:
    """Evidence that was read before the claim came supports what it supports anyway."""
    ahead, evidence = Verifier(HashingEmbedder()), ["Parcels are free.", "", "运费五元。"]
    ahead.read(evidence)
    for claim in ("All parcels are free.", "运费为六元。"):
        assert ahead.verify(claim, evidence) == Verifier(HashingEmbedder()).verify(claim, evidence)
