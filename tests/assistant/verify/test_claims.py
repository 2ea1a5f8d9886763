"""Claims and their verification: against the demonstration's documents, with and without the model."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from assistant.types import Verdict
from assistant.verify import Verifier, split_claims
from assistant.verify.verifier import quoted_verdict
from kb.embedders.bundled import BundledEmbedder
from kb.embedders.hashing import HashingEmbedder
from kb.language.facts import Kind, facts
from kb.language.text import sentences

DATA = Path(__file__).parents[3] / "data"
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
        ("The answer is no.", []),
        ("答案是肯定的。", []),
        ("That is correct.", []),
        ("The answer is no refund.", ["The answer is no refund."]),
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


def test_a_case_and_what_follows_from_it_stay_together() -> None:
    """A rule for a case that it names before is not cut from its case."""
    rule = "商家违反本规定，但能够及时退还多收价款的，依法从轻处罚。"
    assert split_claims(rule) == [rule]


@pytest.mark.parametrize("mark", ["1)", "b)", "(3)", "iv.", "•", "2、"])
def test_an_item_is_quoted_without_its_mark(mark: str) -> None:
    """An item of a list stands in its source as a whole, whatever it begins with there."""
    claim = "Gift cards cannot be returned"
    evidence = f"The following holds.\n{mark} {claim}.\n{mark} Shoes can."
    verdict = quoted_verdict(split_claims(f"{mark} {claim}.")[0], [evidence])
    assert verdict is not None
    assert verdict.support == 1.0
    assert quoted_verdict("cards cannot be returned", [evidence]) is None


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("运费由买家承担；不退。", ["运费由买家承担；不退。"]),
        ("运费由买家承担；赠品不予退换。", ["运费由买家承担", "赠品不予退换。"]),
        ("运费由买家承担；赠品不退。", ["运费由买家承担", "赠品不退。"]),
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


def test_a_row_that_is_read_out_quotes_its_row() -> None:
    """Wherever the row stands in its table, below a title or alone; of an empty text nothing is read."""
    row, said = "Name: Kettle; Price (EUR): 45; Lid: glass", "Kettle: price 45 EUR; lid glass"
    for text in (row, f"Our goods\nName: Pot; Price (EUR): 9; Lid: tin\n{row}"):
        verdict = quoted_verdict(said, ["", text])
        assert verdict == Verdict(claim=said, supported=True, support=1.0, evidence=1, quote=row)
    assert quoted_verdict(said, ["", "Name: Kettle; Price (EUR): 54; Lid: glass"]) is None


def test_words_are_a_quote_where_they_are_whole_clauses() -> None:
    """That they stand in a longer clause before does not matter, nor does it make them one."""
    text = "In May tea is free. Tea; tea is free, tea is hot."
    for claim in ("tea is free", "Tea"):
        assert quoted_verdict(claim, [text]) == Verdict(
            claim=claim, supported=True, support=1.0, evidence=0, quote=claim
        )
    assert quoted_verdict("aa", ["aaa. aa."]) is not None
    assert quoted_verdict("Tea is free", ["Tea is free."]) is not None
    assert quoted_verdict("tea is free", ["In May tea is free."]) is None
    assert quoted_verdict("free; hot", ["Tea is free, tea is hot."]) is None


def test_a_sum_is_judged_by_what_the_customer_named() -> None:
    """The verifier reckons a sum with the evidence and the customer's words; a quote of it needs neither."""
    sum_said, evidence = "60% of HK$8,000 is HK$4,800.", ["You get 60% back."]
    (right,) = light().verify_all([sum_said], evidence, "I paid HK$8,000.")
    assert (right.supported, right.quote) == (True, "You get 60% back.")
    (wrong,) = light().verify_all([sum_said], evidence, "I paid HK$9,000.")
    assert (wrong.supported, wrong.reason) == (False, "nobody named the amount")
    (quoted,) = light().verify_all([sum_said], [sum_said], "What is it?")
    assert quoted.supported
