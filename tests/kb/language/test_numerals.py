"""Numbers as they are written: digits, English words and Chinese numerals."""

from __future__ import annotations

import pytest

from kb.language.numerals import chinese_number, english_number, half_width, numerals


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("1,299.50", 1299.5, "digits"),
        ("3 million", 3_000_000, "digits"),
        ("2k", 2000, "digits"),
        ("1.2万", 12_000, "digits"),
        ("3百万", 3_000_000, "digits"),
        ("twenty-four", 24, "words"),
        ("two million five hundred thousand and ten", 2_500_010, "words"),
        ("三点五", 3.5, "chinese"),
        ("零点二五", 0.25, "chinese"),
        ("二〇二四", 2024, "chinese"),
        ("两千零五十", 2050, "chinese"),
        ("三亿零五百万", 305_000_000, "chinese"),
    ],
)
def test_a_number_is_read_whole_and_its_form_is_told(text: str, value: float, form: str) -> None:
    """Scales, decimals and separators belong to the number, and how it is written is kept."""
    (found,) = numerals(f"（{text}）")
    assert (found.value, found.form) == (value, form)
    assert (found.start, found.end) == (1, 1 + len(text))


def test_a_scale_by_itself_is_one_of_it() -> None:
    """A thousand, 万 and 百 without a number before them are one thousand, ten thousand and one hundred."""
    assert [english_number(word) for word in ("thousand", "hundred", "million")] == [1e3, 1e2, 1e6]
    assert [chinese_number(word) for word in ("万", "百", "十", "亿")] == [1e4, 1e2, 10, 1e8]


def test_figures_side_by_side_are_read_as_figures() -> None:
    """Two Chinese digits behind a step are a number of two figures; one is a share of the step."""
    assert chinese_number("一百二五") == 125
    assert chinese_number("一百二") == 120
    assert chinese_number("一千零五") == 1005


def test_what_makes_no_number_is_none() -> None:
    """Words that are no numbers, guesses, nothing at all and endless rows have no value."""
    assert english_number("two and a") is None
    assert english_number("one " * 17) is None
    assert [chinese_number(text) for text in ("", "两三", "十七八", "三四百", "一" * 33)] == [None] * 5


def test_full_width_characters_become_narrow_in_place() -> None:
    """Offsets stay, the comma of a list stays too, and the comma of thousands becomes an ASCII one."""
    assert half_width("（１２，３４５）\u3000＄５，Ａ") == "(12,345) $5，A"
