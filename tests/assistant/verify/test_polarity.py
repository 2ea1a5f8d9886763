"""What a sentence denies: contradictions told by what negations reach, not by counting them."""

from __future__ import annotations

import pytest

from assistant.verify import Verifier
from assistant.verify.polarity import answered, clauses, condition_reversed, contradiction, denied, denies_more
from assistant.verify.polarity_words import Force
from kb.embedders.hashing import HashingEmbedder

CLASHING = [
    ("We do offer cash on delivery.", "No, we do not offer cash on delivery."),
    ("Gift cards can be refunded.", "Gift cards expire after a year and cannot be refunded."),
    ("Opened items can be returned.", "Opened items cannot be returned; unopened items can be returned."),
    ("The amount is paid in cash.", "The amount is taken off the new appliance; it is not paid in cash."),
    (
        "An opened kettle can be returned unless it is faulty.",
        "An opened kettle cannot be returned unless it is faulty.",
    ),
    ("Folding wheelchairs travel with surcharge.", "Folding wheelchairs travel without surcharge."),
    ("We make sure you are charged if you cancel early.", "If you cancel early, we make sure you aren’t charged."),
    ("Data on customers (names) is allowed.", "Data on customers (names) is not allowed."),
    ("You must bring a receipt.", "You do not have to bring a receipt."),
    ("You must not bring a receipt.", "You do not have to bring a receipt."),
    ("Refunds are never paid in cash.", "Refunds are paid in cash."),
    ("礼品卡可以与积分同时使用。", "礼品卡不能与积分同时使用。"),
    ("无需预约即可办理。", "办理须预约。"),
    ("不得预约。", "无需预约。"),
    ("未经我们同意可以转让。", "未经我们同意不得转让。"),
    ("定金可以退还。", "定金不予退还。"),
    ("经营者不必公布收费标准。", "违反规定，经营者未公布收费标准的，处以罚款。"),
    ("Members do not pay the fee.", "If members do not pay the fee, they leave."),
]
AGREEING = [
    ("Gift cards expire after a year.", "Gift cards expire after a year and cannot be refunded."),
    ("Unopened items can be returned.", "Opened items cannot be returned; unopened items can be returned."),
    ("An opened lid can be returned if faulty.", "An opened lid cannot be returned unless faulty."),
    ("You need not bring a receipt.", "You do not have to bring a receipt."),
    ("No receipt is needed.", "You do not need a receipt."),
    ("Sale items are not refundable.", "Sale items are non-refundable."),
    ("We can't change the name.", "We cannot change the name."),
    ("A refund is given if the flight is cancelled.", "No refund is given unless the flight is cancelled."),
    ("You get no more than two bags.", "You get at most two bags."),
    ("礼品卡不可与积分同时使用。", "礼品卡不能与积分同时使用。"),
    ("经我们同意可以转让。", "未经我们同意不得转让。"),
    ("定金不退还。", "定金不予退还。"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "source"), CLASHING)
def test_what_is_negated_in_one_only_clashes(claim: str, source: str) -> None:
    """One denies, forbids or demands what the other one does not."""
    assert contradiction(claim, [source])


@pytest.mark.parametrize(("claim", "source"), AGREEING)
def test_what_is_negated_in_both_or_elsewhere_does_not_clash(claim: str, source: str) -> None:
    """Another wording of the negation, a negation of something else, and a condition turned with it agree."""
    assert not contradiction(claim, [source])
    assert not condition_reversed(claim, source)
    assert not denies_more(claim, source)


def test_a_contracted_negation_forbids_and_exempts_too() -> None:
    """What is "not allowed" or "not required" is so when it is written "aren't", too."""
    for word, full in (("aren't allowed to", "are not allowed to"), ("aren’t required to", "are not required to")):
        said, plain = f"You {word} bring a guest.", f"You {full} bring a guest."
        assert contradiction(said, [plain]) == contradiction(plain, [said]) == ""
        assert contradiction(said, ["You are allowed to bring a guest, and you must."])


def test_a_condition_turned_without_its_negation_is_reversed() -> None:
    """What is refused unless C is the opposite of what is refused if C."""
    source = "No refund is given unless the flight is cancelled."
    assert condition_reversed("No refund is given if the flight is cancelled.", source)


def test_a_sentence_of_the_same_words_counts_before_a_longer_one() -> None:
    """What is turned round against a sentence of its own words clashes, though a longer one has them all."""
    item, rule = "（四）接受旅行社的馈赠的；", "第四十五条 工作人员不得接受旅行社的任何馈赠。"
    assert contradiction("（四）不接受旅行社的馈赠的；", [rule, item])
    assert not contradiction("工作人员不得接受旅行社的馈赠。", [item, rule])


def test_an_answer_denies_its_question() -> None:
    """A question that is answered with no does not support what it asks, in either language."""
    verifier = Verifier(HashingEmbedder())
    for question, no, claim in (
        ("Can gift cards be refunded?", "No. They are valid for a year.", "Gift cards can be refunded."),
        ("礼品卡可以退款吗？", "不可以。有效期为一年。", "礼品卡可以退款。"),
    ):
        verdict = verifier.verify(claim, [f"{question}\n{no}"])
        assert not verdict.supported, verdict
    assert answered("Yes, within a year.") is True
    assert answered("Within a year.") is None


def test_whenever_is_a_condition() -> None:
    """What lifts a negation in one sentence and is the condition in the other, turns it round."""
    assert condition_reversed(
        "Refunds are not paid unless the flight is delayed.",
        "Refunds are not paid whenever the flight is delayed.",
    )


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("Gift cards can be refunded.", "Gift cards cannot be refunded.", "the source negates it"),
        ("Gift cards cannot be refunded.", "Gift cards can be refunded.", "the source does not negate it"),
        ("You may bring a receipt.", "You must bring a receipt.", "the source demands it"),
        ("不得预约。", "无需预约。", "the source does not demand it"),
        ("定金可以退还。", "定金不予退还。", "the source negates it"),
        ("定金不予退还。", "定金可以退还。", "the source does not negate it"),
    ],
)
def test_how_a_source_clashes_is_named(claim: str, source: str, reason: str) -> None:
    """The reason says which of the two negates, or what the source demands."""
    assert contradiction(claim, [source]) == reason


@pytest.mark.parametrize(
    ("sentence", "cues"),
    [
        ("Gift cards, once opened, cannot be refunded.", [("cannot", Force.FORBIDDEN, {"refund"})]),
        ("You must not wash the lid by hand.", [("must not", Force.FORBIDDEN, {"wash"})]),
        ("The lid is not.", [("not", Force.DENIED, {"lid"})]),
        ("门票不能。", [("不能", Force.FORBIDDEN, {"门票"})]),
        ("不得收取运费。", [("不得", Force.FORBIDDEN, {"收取", "取运", "运费"})]),
        ("You must not wash or may not paint it.", [
            ("must not", Force.FORBIDDEN, {"wash"}), ("may not", Force.FORBIDDEN, {"paint"}),
        ]),
        ("不得转让，可以退款", [("不得", Force.FORBIDDEN, {"转让"}), ("可以", Force.PERMITTED, {"退款"})]),
        ("门票不退", [("不", Force.DENIED, {"退"})]),
        ("No. We must not open it.", [("must not", Force.FORBIDDEN, {"open"})]),
        ("Parcels are free.", []),
    ],
)  # fmt: skip
def test_a_cue_is_about_the_first_telling_word_in_its_reach(
    sentence: str, cues: list[tuple[str, Force, set[str]]]
) -> None:
    """What is denied, forbidden or allowed stands behind its word, up to the next one, or else before it."""
    found = [(cue.word, cue.force, set(cue.head)) for clause in clauses(sentence) for cue in clause.cues]
    assert found == cues


def test_a_condition_and_what_stands_aside_are_clauses_of_their_own() -> None:
    """What is only supposed is marked, and what stands in brackets is read apart."""
    supposed = [(clause.supposed, sorted(clause.telling)) for clause in clauses("If you pay, parcels leave.")]
    assert [marked for marked, _ in supposed] == [True, False]
    assert supposed[1][1] == ["leav", "parcel"]
    assert [clause.supposed for clause in clauses("未付款的，门票作废。")] == [True, False]
    aside = clauses("Parcels (not letters) are free.")
    assert [len(clause.cues) for clause in aside] == [1, 0]


@pytest.mark.parametrize(
    ("sentence", "negates"),
    [
        ("It is not free.", True),
        ("It is not never free.", False),
        ("It is free.", False),
        ("本品不免费。", True),
        ("本品免费。", False),
    ],
)
def test_two_negations_make_none(sentence: str, negates: bool) -> None:
    """A sentence negates as a whole if an odd number of its words do."""
    assert denied(sentence) is negates


def test_only_one_of_two_negations_of_other_things_is_too_much() -> None:
    """A negation of what the other sentence does not speak of is named by who has it."""
    plain, more = "Parcels come by bicycle.", "Parcels come by bicycle not overnight."
    assert denies_more(plain, more) == "the source negates it"
    assert denies_more(more, plain) == "the source does not negate it"
    assert denies_more(plain, plain) == denies_more(more, more) == ""
    assert denies_more("Parcels come overnight, by bicycle.", more) == ""


def test_nothing_clashes_with_a_sentence_about_something_else() -> None:
    """A source counts only with more than half of the claim's telling words, whatever it denies."""
    claim = "Gift cards bought online can be refunded."
    assert contradiction(claim, ["Tickets cannot be refunded."]) == ""
    assert contradiction(claim, []) == ""
    assert contradiction(claim, ["Tickets cannot be refunded.", "Gift cards bought online cannot be refunded."])
    said = "Gift cards bought online can be refunded, and cannot be resold."
    assert contradiction(claim, [said]) == ""


@pytest.mark.parametrize(
    ("claim", "source", "turned"),
    [
        ("无预约不退款。", "有预约不退款。", False),
        ("Refunds are paid unless you cancel.", "Refunds are paid if you cancel.", True),
        ("Refunds are paid unless you cancel.", "Refunds are paid if you pay.", False),
        ("Refunds are paid unless you cancel.", "Refunds are not paid if you cancel.", False),
        ("Refunds are paid unless you cancel.", "Refunds are paid unless you cancel.", False),
        ("除非取消，否则退款。", "如果取消，退款。", True),
    ],
)
def test_only_the_same_condition_can_be_reversed(claim: str, source: str, turned: bool) -> None:
    """Both must say the same of one condition, which one of them lifts and the other sets."""
    assert condition_reversed(claim, source) is turned
    assert condition_reversed(source, claim) is turned
