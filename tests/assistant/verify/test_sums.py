"""Sums that a claim writes out: reckoned again, and resting on what is stated."""

from __future__ import annotations

import pytest

from assistant.types import Verdict
from assistant.verify.sums import is_sum, sum_verdict

EVIDENCE = [
    "Nothing of the kind.",
    "Fees:\nThe fee is 3%, at most $50.\nYou get 60% back.",
    "满500元包邮。\n手续费3%。",
]


@pytest.mark.parametrize(
    ("claim", "asked", "number", "quote"),
    [
        ("60% of HK$8,000 is HK$4,800.", "I paid HK$8,000.", 1, "You get 60% back."),
        ("60% of HK$8,000 is HK$4,800.", None, 1, "You get 60% back."),
        ("3% of $2,000 is $60 (at most $50).", "$2,000", 1, "The fee is 3%, at most $50."),
        ("3% of $0.50 is $0.02.", "$0.50", 1, "The fee is 3%, at most $50."),
        ("$20 is less than $50.", "$20", 1, "The fee is 3%, at most $50."),
        ("$50.01 IS MORE THAN $50.", "$50.01", 1, "The fee is 3%, at most $50."),
        ("400元低于500元。", "400元", 2, "满500元包邮。"),
        ("600元高于500元。", "600元", 2, "满500元包邮。"),
        ("2,000元的3%是60元。", "2,000元的手续费", 1, "The fee is 3%, at most $50."),
    ],
)
def test_a_sum_that_is_right_is_quoted_with_the_line_that_it_rests_on(
    claim: str, asked: str | None, number: int, quote: str
) -> None:
    """The share or the limit stands in that line; halves of a cent are rounded up; letter case does not count."""
    wanted = Verdict(claim=claim, supported=True, support=1.0, evidence=number, quote=quote)
    assert sum_verdict(claim, EVIDENCE, asked) == wanted


@pytest.mark.parametrize(
    ("claim", "asked", "reason"),
    [
        ("60% of HK$8,000 is HK$4,900.", None, "the sum is 4800"),
        ("3% of $0.50 is $0.01.", None, "the sum is 0.02"),
        ("60% of HK$8,000 is €4,800.", None, "the result is in another currency"),
        ("60% of HK$8,000 is HK$4,800.", "How much is it?", "nobody named the amount"),
        ("70% of HK$8,000 is HK$5,600.", None, "the source does not state what the sum rests on"),
        ("3% of $2,000 is $60 (at most $70).", None, "the source does not state the limit"),
        ("2,000元的3%是60元（最多50元）。", None, "the source does not state the limit"),
        ("$60 is less than $50.", None, "it is the other way round"),
        ("$40 is more than $50.", None, "it is the other way round"),
        ("$50 is less than $50.", None, "it is the other way round"),
        ("$50 is more than $50.", None, "it is the other way round"),
        ("600元低于500元。", None, "it is the other way round"),
        ("€40 is less than $50.", None, "amounts of different currencies are not compared"),
        ("$40 is less than $70.", None, "the source does not state what the sum rests on"),
    ],
)
def test_a_sum_that_is_wrong_or_rests_on_nothing_says_why(claim: str, asked: str | None, reason: str) -> None:
    """A wrong result, another currency, a limit turned round, and figures that nobody stated are told apart."""
    assert sum_verdict(claim, EVIDENCE, asked) == Verdict(claim=claim, supported=False, support=0.0, reason=reason)


@pytest.mark.parametrize(
    ("claim", "is_one"),
    [
        ("60% of HK$8,000 is HK$4,800.", True),
        ("€40 is less than $50.", True),
        ("about 60% of $10 is $6.", False),
        ("60% of 5 days is 3 days.", False),
        ("5 of $10 is $5.", False),
        ("60% of $10 or $20 is $6.", False),
        ("60% of $10 each is $6.", False),
        ("Nobody is less than $5.", False),
        ("Delivery is free.", False),
    ],
)
def test_only_single_amounts_make_a_sum(claim: str, is_one: bool) -> None:
    """Each part of a sum is one share or one amount and nothing else."""
    assert is_sum(claim) is is_one
