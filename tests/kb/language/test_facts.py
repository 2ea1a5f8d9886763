"""Facts of a text: normalised, with spans; negations and names."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.language.bounds import LEAST, MOST
from kb.language.facts import Bound, Fact, Kind, agree, comparable, facts
from kb.language.numerals import chinese_number, english_number
from kb.language.wording import name_words, names, negations, opposed
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


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit", "written"),
    [
        ("open until 9:30 p.m.", Kind.TIME, 21 * 60 + 30, "", "9:30 p.m."),
        ("at 12:15 am", Kind.TIME, 15, "", "12:15 am"),
        ("at 12:15 pm", Kind.TIME, 12 * 60 + 15, "", "12:15 pm"),
        ("at 3 PM", Kind.TIME, 15 * 60, "", "3 PM"),
        ("at 11 a.m.", Kind.TIME, 11 * 60, "", "11 a.m."),
        ("下午三点半送达", Kind.TIME, 15 * 60 + 30, "", "下午三点半"),
        ("晚上8点关门", Kind.TIME, 20 * 60, "", "晚上8点"),
        ("上午10点20分开门", Kind.TIME, 10 * 60 + 20, "", "上午10点20分"),
        ("十二点关门", Kind.TIME, 12 * 60, "", "十二点"),
        ("from 2024-05-06 on", Kind.DATE, (2024, 5, 6), "", "2024-05-06"),
        ("on 31/12/2024", Kind.DATE, (2024, 12, 31), "", "31/12/2024"),
        ("on 5th of May", Kind.DATE, (0, 5, 5), "", "5th of May"),
        ("十二月三十一日截止", Kind.DATE, (0, 12, 31), "", "十二月三十一日"),
        ("half a year long", Kind.PERIOD, 6, "month", "half a year"),
        ("within a week", Kind.PERIOD, 7, "day", "a week"),
        ("半天送达", Kind.PERIOD, 0.5, "day", "半天"),
        ("three business days", Kind.PERIOD, 3, "working day", "three business days"),
        ("two fortnights", Kind.PERIOD, 28, "day", "two fortnights"),
        ("两个月", Kind.PERIOD, 2, "month", "两个月"),
        ("it costs 50 cents", Kind.MONEY, 0.5, "cent", "50 cents"),
        ("30 RMB", Kind.MONEY, 30, "CNY", "30 RMB"),
        ("共30块", Kind.MONEY, 30, "CNY", "30块"),
        ("S$35", Kind.MONEY, 35, "SGD", "S$35"),
        ("35 eur", Kind.MONEY, 35, "EUR", "35 eur"),
        ("1,500 g of tea", Kind.NUMBER, 1.5, "kg", "1,500 g"),
        ("5斤茶叶", Kind.NUMBER, 2.5, "kg", "5斤"),
        ("3⁴公里", Kind.NUMBER, 3000, "m", "3⁴公里"),
        ("百分之五", Kind.PERCENT, 5, "", "百分之五"),
        ("5 percentage points", Kind.PERCENT, 5, "", "5 percentage points"),
        ("the 21st floor", Kind.NUMBER, 21, "ordinal", "21st"),
        ("第七条", Kind.NUMBER, 7, "ordinal", "七"),
        ("for twelve people", Kind.NUMBER, 12, "", "twelve"),
        ("write to help@tarnwave.example", Kind.CODE, "help@tarnwave.example", "", "help@tarnwave.example"),
        ("call 0800 123 4567", Kind.CODE, "08001234567", "", "0800 123 4567"),
    ],
)
def test_a_fact_is_normalised_and_points_at_its_words(
    text: str, kind: Kind, value: float | str | tuple[int, int, int], unit: str, written: str
) -> None:
    """Value and unit are those of the whole, however it is written, and the span is that of its words."""
    fact = only(text)
    assert (fact.kind, fact.value, fact.unit, text[fact.start : fact.end]) == (kind, value, unit, written)


@pytest.mark.parametrize("text", ["2024-13-05", "2024-12-32", "the 31/13/2024", "一月三十二日"])
def test_a_day_that_no_calendar_has_is_no_date(text: str) -> None:
    """The thirteenth month and the thirty-second day do not exist."""
    assert all(fact.kind is not Kind.DATE for fact in facts(text))


@pytest.mark.parametrize("text", ["铺着三块砖", "请在二楼等候", "我们俩一人", "only one lid"])
def test_one_chinese_numeral_counts_only_with_what_it_counts(text: str) -> None:
    """A lone numeral before no unit is no fact, and pieces are no money."""
    assert facts(text) == []


def test_a_number_without_a_unit_agrees_with_the_same_number_with_one() -> None:
    """What is counted may be left out, not exchanged; dates and codes agree with no number."""
    bare, days, weight = only("it takes 5"), only("5 days"), only("5 kg")
    assert agree(bare, days)
    assert agree(weight, bare)
    assert not agree(bare, only("6 days"))
    assert not agree(days, weight)
    assert not agree(only("5 May"), bare)
    assert not agree(only("5%"), days)
    assert not agree(only("AB-12"), only("12"))


def test_cents_are_of_any_currency_that_has_them() -> None:
    """Fifty cents are half a dollar or half a euro, and no half yuan."""
    assert agree(only("50 cents"), only("$0.50"))
    assert agree(only("€0.50"), only("50 cents"))
    assert not agree(only("50 cents"), only("€50"))
    assert not agree(only("50 cents"), only("0.5元"))


def test_a_share_and_a_period_side_by_side_keep_their_units() -> None:
    """Only a bare number in front of a range takes the unit of the second."""
    assert [(f.kind, f.value) for f in facts("5% to 10 days")] == [(Kind.PERCENT, 5), (Kind.PERIOD, 10)]
    assert [(f.kind, f.value) for f in facts("10-20元")] == [(Kind.MONEY, 10), (Kind.MONEY, 20)]
    assert [(f.value, f.unit) for f in facts("500 to 750 g")] == [(0.5, "kg"), (0.75, "kg")]


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
        ("Parcels go to Berlin. Apple Pay is taken.", ["Berlin", "Apple Pay"]),
        ("Kettles are sold. The Kettle King has more.", ["Kettle King"]),
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


@pytest.mark.parametrize(
    ("claim", "source", "count"),
    [
        ("Delivery is free.", "Delivery is charged.", 1),
        ("It is free and always open.", "It is charged and never open.", 2),
        ("Delivery is free.", "Delivery is free; returns are charged.", 0),
        ("We deliver.", "We deliver on time.", 0),
        ("退货免费。", "退货收费。", 1),
        ("由消费者承担。", "由经营者承担。", 1),
        ("退货免费。", "退货免费，换货收费。", 0),
    ],
)
def test_a_word_that_the_source_has_only_as_its_opposite_is_counted(claim: str, source: str, count: int) -> None:
    """An opposite counts where the source has nothing of the claim's own word."""
    assert opposed(claim, source) == count


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Banco de Oro", ["banco", "oro"]),
        ("Bank of the Lakes' Café", ["bank", "lakes", "cafe"]),
        ("Fedora’s", ["fedora"]),
        ("Ludwig van Loon S", ["ludwig", "loon"]),
        ("《電子商務法》", ["电子商务法"]),
        ("Tarnwave 5G", ["tarnwave", "5g"]),
    ],
)
def test_a_name_is_told_by_its_telling_words(name: str, words: list[str]) -> None:
    """Small words, the possessive, accents and marks of titles need not stand in another text."""
    assert name_words(f"In {name}", (3, 3 + len(name))) == words
