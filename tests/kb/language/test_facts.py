"""Facts of a text: normalised, with spans; negations and names."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.language.bounds import LEAST, MOST
from kb.language.facts import Bound, Fact, Kind, agree, comparable, facts
from kb.language.numerals import chinese_number, english_number
from kb.language.wording import names, negations
from kb.language.words import Words


def only(text: str) -> Fact:
    """Return the one fact of a text."""
    (fact,) = facts(text)
    return fact


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two weeks", "14 days"),
        ("七天", "7 days"),
        ("二十四小时", "1 day"),
        ("one year", "12个月"),
        ("半年", "6 months"),
        ("$1,299.00", "1299 US dollars"),
        ("1.2万元", "¥12,000"),
        ("35新元", "S$35"),
        ("百分之五", "5 percent"),
        ("5 May 2024", "2024年5月5日"),
        ("March 3, 2025", "2025-03-03"),
        ("9:30 p.m.", "21:30"),
        ("下午3点", "15:00"),
        ("第三条", "the 3rd"),
        ("25 kg", "25公斤"),
        ("two hundred and fifty people", "250人"),
        ("3个工作日", "three business days"),
    ],
)
def test_the_same_fact_in_other_words_agrees(one: str, other: str) -> None:
    """Units, currencies, number words and languages do not matter."""
    assert agree(only(one), only(other))
    assert agree(only(other), only(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30 days", "90 days"),
        ("3 working days", "3 days"),
        ("$50", "€50"),
        ("within 30 days", "more than 30 days"),
        ("at least 100 kg", "at most 100 kg"),
        ("不超过5天", "至少5天"),
        ("May 5, 2024", "May 6, 2024"),
        ("AB-1234", "AB-1235"),
        ("5%", "6%"),
        ("9:30 a.m.", "9:30 p.m."),
        ("first", "second"),
        ("12 months", "12 days"),
    ],
)
def test_another_fact_does_not_agree(one: str, other: str) -> None:
    """Another value, unit, currency or opposite limit is another fact."""
    assert not agree(facts(one)[-1], facts(other)[-1])


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("at least 3 days", Bound.LEAST),
        ("no more than $20", Bound.MOST),
        ("up to 5 kg", Bound.MOST),
        ("within a week", Bound.MOST),
        ("over $50", Bound.ABOVE),
        ("500元以下", Bound.MOST),
        ("25 kg and more", Bound.LEAST),
        ("不超过三年", Bound.MOST),
        ("7日内", Bound.MOST),
        ("不能低于三年", Bound.LEAST),
        ("未满18岁", Bound.BELOW),
        ("at 5%", Bound.NONE),
    ],
)
def test_a_limit_is_part_of_the_fact(text: str, bound: Bound) -> None:
    """What stands before or after a number says whether it is a limit."""
    assert only(text).bound is bound


@pytest.mark.parametrize(
    "text", ["one of them", "一般", "万一", "一些", "十分", "no one", "一切", "唯一", "at once"]
)
def test_words_with_a_number_in_them_are_no_numbers(text: str) -> None:
    """Only what counts or measures is a fact."""
    assert facts(text) == []


def test_a_full_width_comma_parts_numbers() -> None:
    """Chinese writes a list with it, and no thousands."""
    assert [fact.value for fact in facts("运费分别为59，500元")] == [59, 500]
    assert [fact.value for fact in facts("运费59,500元")] == [59_500]
    assert [fact.value for fact in facts("押金为1，234元，或１２，３４５元")] == [1_234, 12_345]


def test_a_guess_is_no_number_and_a_discount_is() -> None:
    """Neighbours are a guess (两三年); other digits side by side are read (八五折, 百分之九五)."""
    assert facts("等了两三年") == []
    assert not agree(facts("八五折")[0], facts("九五折")[0])
    assert facts("百分之九五的客户")[0].value == 95


def test_numbers_without_end_are_none() -> None:
    """What is too long for a number is passed over, and long words take no time."""
    assert facts("hundred " * 170) == []
    assert facts("费用为十" + "一零" * 200 + "元") == []
    assert facts("a/" * 20_000) == facts("a" * 40_000) == []


def test_the_first_number_of_a_range_has_the_unit_of_the_second() -> None:
    """3-5 working days are two periods."""
    assert [(f.kind, f.value, f.unit) for f in facts("3-5个工作日")] == [
        (Kind.PERIOD, 3.0, "working day"),
        (Kind.PERIOD, 5.0, "working day"),
    ]


_PIECES = st.sampled_from(
    [
        "30 days",
        "七天",
        "$5.00",
        "百分之三",
        "2024-05-01",
        "May 3",
        "AB-12",
        " not ",
        "不",
        "没有",
        "第五",
        "，",
        ". ",
        "two",
        "万",
        "十",
        "at least ",
        "内",
        "Berlin",
        "《条例》",
        "９月１日",
        "1,2",
        "点",
        "半",
        "-",
        "k",
    ]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=60))
def test_spans_point_into_the_text_in_order(text: str) -> None:
    """Whatever the text, facts, negations and names are stretches of it that do not overlap."""
    for spans in ([(f.start, f.end) for f in facts(text)], negations(text), names(text)):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_a_fact_agrees_with_itself(text: str) -> None:
    """Agreement is reflexive and symmetric."""
    found = facts(text)
    for fact in found:
        assert agree(fact, fact)
        assert all(agree(fact, other) == agree(other, fact) for other in found)
        assert all(comparable(fact, other) == comparable(other, fact) for other in found)


@given(st.integers(0, 999_999_999), st.sampled_from(["days", "kg", "people"]))
def test_digits_are_read_as_they_are(number: int, unit: str) -> None:
    """With and without thousands separators."""
    assert facts(f"for {number} {unit}")[-1].as_written == facts(f"for {number:,} {unit}")[-1].as_written == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二十四", 24),
        ("一万二", 12000),
        ("三百五", 350),
        ("一百零五", 105),
        ("一亿三千万", 130_000_000),
        ("两万零五十", 20050),
    ],
)
def test_chinese_numerals(text: str, value: float) -> None:
    """As they are spoken."""
    assert chinese_number(text) == value


def test_english_number_words() -> None:
    """As they are written."""
    assert english_number("two hundred and fifty") == 250
    assert english_number("twenty-four thousand") == 24000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sale items cannot be returned.", ["cannot"]),
        ("No more than 5 days, not only here.", []),
        ("We don't ship there.", ["n't"]),
        ("本品不支持退货，不超过七天", ["不"]),
        ("非常好，除非未拆封", ["未"]),
        ("是否可以", []),
    ],
)
def test_negations_but_no_limits(text: str, words: list[str]) -> None:
    """Words that negate a statement, and not the ones that only look so."""
    assert [text[slice(*span)] for span in negations(text)] == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We ship with Fedora Express to Berlin.", ["Fedora Express", "Berlin"]),
        ("The parcel is insured.", []),
        ("依照《电子商务法》办理", ["电子商务法"]),
        ("请在App里联系Tarnwave客服", ["App", "Tarnwave"]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    """Names, without the word that only stands first."""
    assert [text[slice(*span)] for span in names(text)] == expected


@pytest.mark.parametrize(("words", "bound"), [(LEAST, Bound.LEAST), (MOST, Bound.MOST)])
def test_words_of_limits_hold_before_numbers(words: Words, bound: Bound) -> None:
    """Every word that says "at least" or "at most" bounds the number behind it, "not fewer than" as well."""
    wrong = [
        word
        for word in words.spelled()
        for (fact,) in [facts(f"it takes {word} 5 days" if word.isascii() else f"期限{word}5天")]
        if fact.bound is not bound
    ]
    assert wrong == []
