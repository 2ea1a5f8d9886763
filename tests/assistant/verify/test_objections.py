"""What is objected to in a claim, however like its source it is: cases, limits, names and speakers changed."""

from __future__ import annotations

from functools import cache

import pytest

from assistant.verify import Verifier
from kb.embedders.hashing import HashingEmbedder

SOURCES = [
    "You can return unopened items within 30 days of delivery. Sale items cannot be returned. Refunds are paid to "
    "the original card within 5 business days.",
    "自收到商品之日起七日内可以无理由退货。定作的商品不适用。退款将在5个工作日内退回原账户，运费由消费者承担。",
]


@cache
def light() -> Verifier:
    """Return the verifier without a model."""
    return Verifier(HashingEmbedder())


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The minimum amount that can be refueled is 2 GB.", "The maximum amount that can be refueled is 2 GB."),
        ("You keep up to half of the miles on a change.", "You keep at least half of the miles on a change."),
        ("县级以下主管部门可以对商家作出处罚决定。", "县级以上主管部门可以对商家作出处罚决定。"),
        ("房东向租客收取的押金应当不超过月租金的一半。", "房东向租客收取的押金应当不少于月租金的一半。"),
        ("A room has at least one key, at most two guests.", "A room has at most one key, at most two guests."),
        ("A room has at least 2 beds, and at most 2 doors.", "A room has at most 2 beds, and at least 2 doors."),
    ],
)  # fmt: skip
def test_a_limit_turned_round_is_objected_to(claim: str, source: str) -> None:
    """At least is not at most, whether or not a number stands beside it; the same limit in other words is."""
    verdict = light().verify(claim, [source])
    assert not verdict.supported
    assert "the source says" in verdict.reason
    same = "You keep no less than half of the miles on a change."
    assert (
        "the source says" not in light().verify(same, ["You keep at least half of the miles on a change."]).reason
    )


def test_a_name_in_the_place_of_another_is_objected_to() -> None:
    """A name that stands elsewhere in the passage is not the one that the sentence says it of."""
    passage = "Card payments are handled by Stripe in Ireland. Invoices are archived by Basecamp for ten years."
    verdict = light().verify("Card payments are handled by Basecamp in Ireland.", [passage])
    assert not verdict.supported
    assert "the source names stripe, not basecamp" in verdict.reason
    assert "the source names" not in light().verify("Stripe handles card payments in Ireland.", [passage]).reason
    week = "1. Send the sheet on Thursday at noon; it says that you worked all day on Friday."
    turned = light().verify("Send the sheet on Friday at noon; it says that you worked all day on Friday.", [week])
    assert "the source names thursday, not friday" in turned.reason
    plain = ["We use helpers, such as cloud computing providers, to run HEY. Files are with Google Cloud."]
    other = light().verify("We use helpers, such as cloud computing providers, to run Google Cloud.", plain)
    assert "the source names hey, not google cloud" in other.reason
    whole = ["Presley was born in Tupelo, and moved to Memphis with his family."]
    assert "the source names" not in light().verify("Elvis Presley was born in Tupelo.", whole).reason


def test_a_rule_without_the_cases_that_it_is_for_is_not_supported() -> None:
    """In Chinese law "…的，" names the case; what has to be done in that case has not to be done in any."""
    law = "经营者销售的商品有质量缺陷的，应当在七日内通知全体消费者并办理退货。"
    assert light().verify(law, [law]).supported
    cut = light().verify("应当在七日内通知全体消费者并办理退货。", [law])
    assert not cut.supported
    assert "the source makes a condition" in cut.reason


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("应当写明所送礼品的种类和数量。", "推销商品附带送礼品的，应当写明所送礼品的种类和数量。"),
        ("商家可以委托其他商家履行合同。", "商家经征得消费者书面同意，可以委托其他商家履行合同。"),
        ("You are entitled to 12 months of leave.", "You are entitled to 12 weeks of leave."),
        ("You lose the points.", "When your membership ends, you lose the points."),
        ("The refund takes 5 to 7 business weeks.", "The refund takes 5 to 7 business days."),
    ],
)
def test_what_a_sentence_says_of_a_case_is_not_said_of_all(claim: str, source: str) -> None:
    """A case that is cut off is missed, also where the rest has some of its words; so is another unit."""
    assert not light().verify(claim, [source]).supported
    assert light().verify(source, [source]).supported


def test_a_quote_without_its_case_is_no_quote() -> None:
    """Words that stand in a source are not said of all where it says them of a case."""
    for claim, source in (
        ("可以延期。", "经主管部门批准，可以延期。"),
        (
            "refunds are made to the card.",
            "Once the return has arrived at the warehouse, refunds are made to the card.",
        ),
    ):
        assert not light().verify(claim, [source]).supported
        assert light().verify(source, [source]).supported


def test_one_word_that_turns_a_quote_round_is_objected_to() -> None:
    """A stretch of a document but for "may" in the place of "may not" is no quote of it, in either language."""
    law = "（一）不可抗力，但因不可抗力造成的保价的给据邮件的损失除外；（二）所寄物品本身的自然性质或者合理损耗；"
    assert not light().verify("可以抗力，但因不可抗力造成的保价的给据邮件的损失除外；", [law]).supported
    rule = "Guests may not bring their own food, which the kitchen will gladly keep cool."
    turned = light().verify("Guests may bring their own food, which the kitchen will gladly keep cool.", [rule])
    assert not turned.supported
    assert light().verify("Guests may not bring their own food", [rule]).supported


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("I have a card like that, too.", False),
        ("这张卡我也在用。", False),
        ("Do sale items have to be returned?", False),
        ("I am not sure, but sale items cannot be returned.", True),
        ("I checked: sale items cannot be returned.", True),
        ("我查到，定作的商品不适用。", True),
        ("我们的退款将在5个工作日内退回原账户。", True),
        ("Part I of the policy says that sale items cannot be returned.", True),
        ("Under My Account sale items cannot be returned.", True),
        ("I've found that sale items cannot be returned.", True),
        ("Need help? Sale items cannot be returned.", True),
        ("When I return a kettle, I am glad.", False),
    ],
)
def test_no_document_says_anything_of_the_speaker(claim: str, said: bool) -> None:
    """What a claim says of "me", and what merely asks, is objected to; "I think" only introduces what is said."""
    verdict = light().verify(claim, SOURCES)
    assert ("of the speaker" not in verdict.reason and "a question" not in verdict.reason) is said


@pytest.mark.parametrize(
    ("claim", "limited"),
    [
        ("Returns are accepted.", True),
        ("The app was launched in 2010.", False),
    ],
)
def test_a_limit_binds_what_it_is_said_of(claim: str, limited: bool) -> None:
    """What a sentence limits with "only" must not be said without it; the rest of the sentence may."""
    source = (
        "The app was launched in 2010 as a free program only for phones. "
        "Returns are accepted exclusively in our shops."
    )
    assert ("limits it" in light().verify(claim, [source]).reason) is limited


def test_a_bare_word_is_not_borne_out_by_another_language() -> None:
    """What has one telling word or none can be near to anything; with a fact or more words it is compared."""
    source = ["全额还清的，消费不收利息；没有全额还清，从每笔消费当天起按年利率26.5%计息。"]
    assert "says too little" in light().verify("The answer is no.", source).reason
    assert "says too little" not in light().verify("It is 26.5%.", source).reason
    assert "says too little" not in light().verify("The answer is no.", [*source, "It is so."]).reason
