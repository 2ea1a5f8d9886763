"""Sums on quoted figures, and their check."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.reckon import reckoned
from assistant.verify.sums import sum_verdict

SUMS = [
    ("my tour cost HK$8,000", "Charge 60% of the price", "en", "60% of HK$8,000 is HK$4,800."),
    ("团费8000港元，取消扣多少", "收费 团费60%", "zh", "8000港元的60%是4,800港元。"),
    ("fee for a ¥3,000 oven", "Fee 10% of the price, at most ¥200", "en", "10% of ¥3,000 is ¥300 (at most ¥200)."),
    ("deposit for HK$4,000", "20%, at least HK$900", "en", "20% of HK$4,000 is HK$800 (at least HK$900)."),
    ("3,000元的烤箱整理费多少", "整理费 售价的10%，最高200元", "zh", "3,000元的10%是300元（最多200元）。"),
    ("financing for €400?", "We finance purchases of at least €500.", "en", "€400 is less than €500."),
    ("financing for €400?", "We finance purchases from €500.", "en", "€400 is less than €500."),
    ("买了150元包邮吗", "满199元包邮", "zh", "150元低于199元。"),
    ("I ordered for €600", "Orders of €500 or more are free.", "en", "€600 is more than €500."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "quote", "language", "said"), SUMS)
def test_the_sum_that_a_question_asks_for_is_written_out(
    question: str, quote: str, language: str, said: str
) -> None:
    """The share of the amount that was named, or how it stands to the one limit, in the customer's writing."""
    assert reckoned(question, quote, language) == said


@pytest.mark.parametrize(("question", "quote", "language", "said"), SUMS)
def test_the_verifier_takes_exactly_that_sum(question: str, quote: str, language: str, said: str) -> None:
    """It is supported by the quote; with another figure, or resting on nothing, it is not."""
    right = sum_verdict(said, [quote], question)
    assert right is not None
    assert right.supported
    for evidence, asked in (("Nothing of the kind.", question), (quote, "a question without amounts")):
        verdict = sum_verdict(said, [evidence], asked)
        assert verdict is not None
        assert not verdict.supported


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("what is the charge", "Charge 60% of the price"),
        ("between €400 and €500", "Charge 60% of the price"),
        ("my tour cost HK$8,000", "Charge 60% or 40% of the price"),
        ("my tour cost HK$8,000", "Up to 60% of guests"),
        ("a fridge for ¥3,000", "Fee 10% of the price or ¥50"),
        ("financing for €400?", "From €500, over 6 months €20 each, at most €5,000"),
        ("financing for €400?", "We finance purchases from S$500."),
        ("two hundred euro", "Charge 60% of the price"),
    ],
)
def test_where_it_is_not_plain_nothing_is_reckoned(question: str, quote: str) -> None:
    """No amount, several, several shares, another currency or words for the number leave the quote alone."""
    assert reckoned(question, quote, "en") == ""


@given(st.integers(1, 10**7), st.integers(1, 100), st.integers(1, 10**6))
def test_a_share_is_exact_to_the_cent_and_no_other_figure_passes(amount: int, share: int, off: int) -> None:
    """Decimal arithmetic, for any amount; a result that is off by anything is refused."""
    said = reckoned(f"it cost €{amount:,}", f"Charge {share}% of the price", "en")
    result = amount * share
    cents = f".{result % 100:02}" if result % 100 else ""
    assert said == f"{share}% of €{amount:,} is €{result // 100:,}{cents}."
    wrong = f"{share}% of €{amount:,} is €{(result + off) // 100:,}.{(result + off) % 100:02}."
    verdict = sum_verdict(wrong, [f"Charge {share}% of the price"], f"it cost €{amount:,}")
    assert verdict is not None
    assert not verdict.supported


@pytest.mark.parametrize(
    "claim",
    ["60% of the price is charged.", "The fee is less than that.", "Delivery is free.", "60% of us", ""],
)
def test_what_is_no_sum_is_left_to_the_verifier(claim: str) -> None:
    """Only claims that are a sum and nothing else are judged by reckoning."""
    assert sum_verdict(claim, ["60% of the price is charged."]) is None
