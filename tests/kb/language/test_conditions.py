"""Words that make a statement hold only sometimes, told by what they do."""

from __future__ import annotations

import re

import pytest

from kb.language.conditions import CUT_OFF, SPAN, Does, words_that


def test_each_word_does_something_for_somebody() -> None:
    """A word that neither sets, lifts, limits, demands, denies, contrasts nor stands alone is in no list."""
    every = words_that(
        Does.SETS | Does.LIFTS | Does.LIMITS | Does.DEMANDS | Does.DENIES | Does.CONTRASTS | Does.ALONE
    )
    assert set(words_that(Does.LOOSE | Does.BEHIND).spelled()) < set(every.spelled())


def test_a_column_leaves_words_out() -> None:
    """Words that often say something else, or stand behind their condition, can be left out."""
    assert words_that(Does.SETS).findall("when provided, 退货的话") == ["when", "provided", "的话"]
    assert words_that(Does.SETS, but=Does.LOOSE | Does.BEHIND).findall("when provided, 退货的话") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("例如七天", False), ("如需退货", True), ("如下", False), ("如果退货", True), ("删除商品", False),
        ("除特价商品", True), ("应当在营业时办理", False), ("当顾客到店时办理", True),
    ],
)  # fmt: skip
def test_characters_count_only_where_they_set_a_condition(text: str, found: bool) -> None:
    """如, 除 and 当…时 are no conditions inside other words."""
    assert bool(words_that(Does.SETS | Does.LIFTS).search(text)) is found


@pytest.mark.parametrize(
    "clause",
    [
        "subject to stock",
        "provided it is sealed",
        "however",
        "须本人到场",
        "经店长书面同意",
        "在未拆封的情况下",
        "逾期未取的，",
    ],
)
def test_a_clause_that_was_cut_off_may_hold_a_condition(clause: str) -> None:
    """Whatever sets, lifts, limits, demands or contrasts in a neighbouring clause is noticed."""
    assert CUT_OFF.search(clause)


@pytest.mark.parametrize(
    ("sentence", "condition"),
    [
        ("Refunds are paid only if the seal is whole, within a week.", "only if the seal is whole"),
        ("Refunds are paid provided you ask, always.", "provided you ask"),
        ("When the parcel is damaged, we send another.", "When the parcel is damaged"),
        ("可以退货，但特价商品除外。", "但特价商品除外"),
        ("经店长同意后可以退货。", "经店长同意后"),
        ("逾期不取的，应当支付保管费。", "逾期不取的"),
        ("例如七天内可以退货。", ""),
    ],
)
def test_a_condition_is_found_whole(sentence: str, condition: str) -> None:
    """A condition comes with the words that it consists of."""
    found: re.Match[str] | None = SPAN.search(sentence)
    assert (found.group() if found else "") == condition
