"""Claims and their verification: against the demonstration's documents, with and without the model."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from assistant.verify import Verifier, split_claims
from kb.embedders.bundled import BundledEmbedder
from kb.embedders.hashing import HashingEmbedder
from kb.facts import Kind, facts
from kb.text import sentences

DATA = Path(__file__).parents[1] / "data"
COMPANIES = {"bank", "shop", "travel"}
RETURNS = [
    "You can return unopened items within 30 days of delivery. Sale items cannot be returned. Refunds are paid to "
    "the original card within 5 business days. A restocking fee of $12 applies to large appliances, unless they "
    "are faulty.",
    "Standard shipping costs $4.99 and takes 3 to 5 working days. Orders over $50 ship free.",
]
RETURNS_ZH = [
    "自收到商品之日起七日内可以无理由退货。定作的商品不适用。退款将在5个工作日内退回原账户，运费由消费者承担。"
]


@cache
def verifier() -> Verifier:
    """Return the verifier with the bundled model."""
    return Verifier(BundledEmbedder())


@cache
def light() -> Verifier:
    """Return the verifier without a model."""
    return Verifier(HashingEmbedder())


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("You can return items within 30 days. [1]", ["You can return items within 30 days."]),
        ("Hello! I hope this helps. Is there anything else?", []),
        ("Please let me know if you need anything else.", []),
        ("您好，七天内可以退货；运费由您承担。希望能帮到您！", ["七天内可以退货", "运费由您承担。"]),
        ("请问您的订单号是多少？", []),
        ("Refunds take 5 days; shipping is not refunded.", ["Refunds take 5 days", "shipping is not refunded."]),
        ("According to our policy, the fee is $5.", ["the fee is $5."]),
        ("If you cancel early, we charge $50, but the fee is waived for students.",
         ["If you cancel early, we charge $50, but the fee is waived for students."]),
        ("", []),
        ("[2]", []),
    ],
)  # fmt: skip
def test_a_sentence_is_cut_into_what_it_claims(sentence: str, claims: list[str]) -> None:
    """Courtesies and questions claim nothing; conditions stay with what they are conditions of."""
    assert split_claims(sentence) == claims


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Unopened items can be returned within 30 days of delivery.", RETURNS),
        ("Sale items cannot be returned.", RETURNS),
        ("Refunds are paid to the original card within five business days.", RETURNS),
        ("Orders over $50 are shipped free.", RETURNS),
        ("收到商品之日起7天内可以无理由退货。", RETURNS_ZH),
        ("退款将在五个工作日内退回原账户。", RETURNS_ZH),
    ],
)
def test_what_the_source_says_in_like_words_is_supported(claim: str, evidence: list[str]) -> None:
    """Another order of words, or number words for digits, are the same claim."""
    verdict = verifier().verify(claim, evidence)
    assert verdict.supported, verdict
    assert verdict.reason == ""
    assert verdict.quote in evidence[verdict.evidence or 0]


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        ("You can return unopened items within 90 days of delivery.", RETURNS, "30 days, not at most 90 days"),
        ("Sale items can be returned.", RETURNS, "negates"),
        ("Refunds are paid to the original card within 9 business days.", RETURNS, "5 business days, not"),
        ("A restocking fee of $50 applies to large appliances, unless they are faulty.", RETURNS, "$12, not $50"),
        ("A restocking fee of $12 applies to large appliances.", RETURNS, "condition: unless they are faulty"),
        ("We ship with Fedora Express for $4.99.", RETURNS, "does not name fedora express"),
        ("自收到商品之日起十五日内可以无理由退货。", RETURNS_ZH, "七日, not 十五日"),
        ("定作的商品适用。", RETURNS_ZH, "negates"),
        ("Returns are possible within 10 days of receipt.", RETURNS_ZH, "七日, not at most 10 days"),
        ("您可以在九十天内退回未拆封的商品。", RETURNS, "30 days, not 九十天"),
        ("We offer a lifetime warranty on all furniture.", RETURNS, "does not say this"),
        ("Anything.", [], "no source"),
        ("Anything.", ["", " "], "no source"),
    ],
)
def test_what_the_source_does_not_say_is_refused_with_the_reason(
    claim: str, evidence: list[str], reason: str
) -> None:
    """Another number, name or condition, a negation, or nothing of the kind; in either language."""
    verdict = verifier().verify(claim, evidence)
    assert not verdict.supported
    assert reason in verdict.reason


def stated() -> list[tuple[str, str]]:
    """Return sentences of the demonstration's documents, with the text around them."""
    found = []
    for path in sorted(
        p for p in DATA.glob("*/*.*") if p.suffix in {".md", ".txt"} and p.parent.name in COMPANIES
    ):
        text = path.read_text(encoding="utf-8")
        for paragraph in text.split("\n\n"):
            found += [(s, paragraph) for s in sentences(paragraph) if len(s) > 15 and s[-1] in ".。"]
    return found


@pytest.mark.parametrize("with_model", [False, True], ids=["light", "model"])
def test_a_quote_is_supported_and_with_another_number_it_is_not(with_model: bool) -> None:
    """For the documents of the demonstration, with the model and without it."""
    checker, changed = (verifier() if with_model else light()), 0
    for sentence, text in stated()[:: 60 if with_model else 4]:
        assert checker.verify(sentence, [text]).supported, sentence
        for fact in facts(sentence):
            written = sentence[fact.start : fact.end]
            if fact.kind is Kind.CODE or not (digit := re.search(r"\d+", written)):
                continue
            other = written[: digit.start()] + str(int(digit.group()) + 7919) + written[digit.end() :]
            claim = sentence[: fact.start] + other + sentence[fact.end :]
            assert not checker.verify(claim, [text]).supported, claim
            changed += 1
    assert changed > (3 if with_model else 50)


def test_a_claim_may_rest_on_several_sentences() -> None:
    """Facts from two sentences of one passage together support a claim, and one wrong one does not."""
    right = "Standard shipping costs $4.99 and is free for orders over $50."
    wrong = "Standard shipping costs $4.99 and is free for orders over $70."
    assert not facts_refused(right)
    assert facts_refused(wrong)


def facts_refused(claim: str) -> bool:
    """Tell whether a number is objected to."""
    return "not" in verifier().verify(claim, RETURNS).reason.replace("does not say this", "")


def test_a_fragment_without_its_condition_is_no_quote() -> None:
    """Words that stand in the source are not supported when the cut leaves out what limits them."""
    text = "The fee is waived, but only for students. Everyone else pays $20."
    assert light().verify("The fee is waived, but only for students.", [text]).supported
    assert light().verify("The fee is waived", [text]).support < 1


ROWS = [
    "# Goods\nKettle\n- Item: Kettle; Return fee: $5; Returnable: no, once opened; Warranty: 2 years\n"
    "- Item: Lamp; Return fee: none; Returnable: yes; Warranty: none"
]


@pytest.mark.parametrize(
    "claim", ["Return fee: $5; Warranty: 2 years", "Return fee: $5", "Item: Lamp; Returnable: yes"]
)
def test_fields_quoted_from_a_row_are_supported(claim: str) -> None:
    """Other fields of the row, and negations in them, do not matter; fields of two rows are no quote."""
    assert light().verify(claim, ROWS).supported
    assert light().verify("Return fee: $5; Warranty: none", ROWS).support < 1


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (
            "An opened kettle cannot be returned.",
            "Sorry. An opened kettle cannot be returned unless it is faulty.",
        ),
        ("We refund the fee.", "If you cancel within two days, we refund the fee."),
        ("Visitors may park in the yard.", "Only visitors with a badge may park in the yard."),
        (
            "Members get a discount on repairs.",
            "Members get a discount on repairs, provided that they booked online.",
        ),
        ("会员可以免费停车。", "如果消费满一百元，会员可以免费停车。"),
    ],
)
def test_a_sentence_without_its_condition_is_refused(claim: str, source: str) -> None:
    """What a sentence says under a condition is not said without it; with it, it is."""
    verdict = light().verify(claim, [source])
    assert not verdict.supported
    assert "condition" in verdict.reason or "limits" in verdict.reason
    assert light().verify(source, [source]).supported


def test_a_line_under_a_heading_is_a_quote() -> None:
    """A heading without a full stop above a sentence, or a list mark before it, cuts nothing off."""
    text = "## Sick leave\n\n- **Staff** accrue four hours of sick leave per pay period.\n- Interns accrue two."
    assert light().verify("Interns accrue two.", [text]).support == 1


def test_many_claims_get_what_each_gets_alone() -> None:
    """Verifying together changes nothing."""
    claims = ["Sale items cannot be returned.", "Orders over $50 ship free.", "We sell boats."]
    assert verifier().verify_all(claims, RETURNS) == [verifier().verify(claim, RETURNS) for claim in claims]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The minimum amount that can be refueled is 2 GB.", "The maximum amount that can be refueled is 2 GB."),
        ("You keep up to half of the miles on a change.", "You keep at least half of the miles on a change."),
        ("县级以下主管部门可以对商家作出处罚决定。", "县级以上主管部门可以对商家作出处罚决定。"),
        ("房东向租客收取的押金应当不超过月租金的一半。", "房东向租客收取的押金应当不少于月租金的一半。"),
        ("A room has at least one key, at most two guests.", "A room has at most one key, at most two guests."),
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
    verdict = light().verify(claim, RETURNS + RETURNS_ZH)
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
