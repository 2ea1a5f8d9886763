"""Numbers of lists in every style, and lists of several levels."""

from __future__ import annotations

import doctest

import pytest

from ingest.text import number_styles, numbering
from ingest.text.number_styles import style_named, write_number
from ingest.text.numbering import Level, ListCounter, marked


@pytest.mark.parametrize("module", [number_styles, numbering])
def test_examples_run(module: object) -> None:
    """The examples in the docstrings give what they say."""
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("style", "numbers", "written"),
    [
        ("decimal", (0, 7, 12), "0 7 12"),
        ("decimalZero", (1, 9, 10, 123), "01 09 10 123"),
        ("padded3", (7, 1234), "007 1234"),
        ("lowerLetter", (1, 26, 27, 28), "a z aa bb"),
        ("upperLatin", (26, 27, 28, 703), "Z AA AB AAA"),
        ("lowerRoman", (4, 9, 14, 40, 1999, 4000), "iv ix xiv xl mcmxcix 4000"),
        ("upperRoman", (90, 400, 2026), "XC CD MMXXVI"),
        ("ordinal", (1, 2, 3, 4, 11, 12, 13, 22, 101, 112), "1st 2nd 3rd 4th 11th 12th 13th 22nd 101st 112th"),
        ("cardinalText", (1, 19, 20, 42), "One Nineteen Twenty Forty-two"),
        (
            "ordinalText",
            (1, 5, 8, 9, 12, 20, 21, 30),
            "First Fifth Eighth Ninth Twelfth Twentieth Twenty-first Thirtieth",
        ),
        (
            "chineseCounting",
            (1, 10, 11, 20, 99, 100, 105, 110, 1001),
            "一 十 十一 二十 九十九 一百 一百零五 一百一十 一千零一",
        ),
        ("chineseLegalSimplified", (3, 10, 12, 305), "叁 壹拾 壹拾贰 叁佰零伍"),
        ("ideographLegalTraditional", (2, 6), "貳 陸"),
        ("japaneseCounting", (10, 101, 110, 2000), "十 百一 百十 二千"),
        ("taiwaneseCountingThousand", (12, 10500), "十二 一萬零五百"),
        ("ideographDigital", (10, 205), "一〇 二〇五"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("ideographZodiac", (1, 12), "子 亥"),
        ("ideographZodiacTraditional", (1, 13, 60), "甲子 丙子 癸亥"),
        ("decimalEnclosedCircle", (1, 20, 21), "① ⑳ 21"),
        ("decimalEnclosedCircleChinese", (3,), "③"),
        ("decimalEnclosedParen", (2,), "⑵"),
        ("decimalEnclosedFullstop", (2,), "⒉"),
        ("ideographEnclosedCircle", (10,), "㊉"),
        ("decimalFullWidth", (12,), "１２"),
        ("koreanDigital", (20,), "이영"),
        ("koreanCounting", (11, 20), "십일 이십"),
        ("koreanLegal", (1, 21), "하나 스물하나"),
        ("ganada", (2,), "나"),
        ("aiueoFullWidth", (6,), "カ"),
        ("iroha", (2,), "ﾛ"),
        ("russianLower", (3, 29), "в аа"),
        ("hebrew1", (15, 16, 21), "טו טז כא"),
        ("thaiNumbers", (12,), "๑๒"),
        ("vietnameseCounting", (4, 15), "bốn mười năm"),
        ("chicago", (1, 2, 5), "* † **"),
        ("numberInDash", (4,), "- 4 -"),
        ("hex", (255,), "FF"),
        ("none", (4,), ""),
        ("a style of tomorrow", (4,), "4"),
        ("lowerLetter", (0, -2, 10**6), "0 -2 1000000"),
    ],
)
def test_styles(style: str, numbers: tuple[int, ...], written: str) -> None:
    """Every style writes its numbers as office programs show them, in digits where it has no sign."""
    assert " ".join(write_number(number, style) for number in numbers) == written


@pytest.mark.parametrize(
    ("name", "third"),
    [
        ("1", "3"), ("a", "c"), ("A", "C"), ("i", "iii"), ("I", "III"), ("decimal-leading-zero", "03"),
        ("upper-roman", "III"), ("LOWER-ALPHA", "c"), ("cjk-ideographic", "三"), ("cjk-heavenly-stem", "丙"),
        ("simp-chinese-formal", "叁"), ("hiragana", "う"), ("katakana-iroha", "ハ"), ("lower-greek", "γ"),
        ("disc", ""), ("none", ""), ("一, 二, 三, ...", "三"), ("壹, 贰, 叁, ...", "叁"),
        ("甲, 乙, 丙, ...", "丙"),
        ("①, ②, ③, ...", "③"), ("１, ２, ３, ...", "３"), ("001, 002, 003, ...", "003"),
        ("1st, 2nd, 3rd, ...", "3rd"),
        ("First, Second, Third, ...", "Third"), ("가, 나, 다, ...", "다"), ("イ, ロ, ハ, ...", "ハ"),
        ("子, 丑, 寅, ...", "寅"), ("壹, 貳, 參, ...", "參"), ("decimalZero", "03"),
    ],
)  # fmt: skip
def test_names(name: str, third: str) -> None:
    """The names and samples of HTML, CSS and OpenDocument mean the same styles."""
    assert write_number(3, style_named(name)) == third


def test_levels_start_again() -> None:
    """A level starts again behind an item further out, unless it says that it goes on."""
    levels = {
        0: Level(pattern="Article %1", style="upperRoman"),
        1: Level(pattern="%1.%2", plain=True),
        2: Level(pattern="(%3)", style="lowerLetter", restarts=0),
        3: Level(pattern="%4)", restarts=1),
    }
    counter = ListCounter()
    marks = [counter.next(depth, levels) for depth in (0, 1, 2, 3, 1, 2, 3, 0, 1, 2, 3)]
    assert marks == [
        "Article I", "1.1", "(a)", "1)", "1.2", "(b)", "2)", "Article II", "2.1", "(c)", "1)",
    ]  # fmt: skip


def test_numbers_are_stated_and_started_again() -> None:
    """An item may say its number; a list may start at another number, and again."""
    levels = {0: Level(start=5), 1: Level(pattern="%1.%2")}
    counter = ListCounter()
    assert [counter.next(0, levels), counter.next(0, levels, 9), counter.next(0, levels)] == ["5.", "9.", "10."]
    assert counter.next(1, levels) == "10.1"
    counter.restart(0)
    assert [counter.next(0, levels), counter.next(1, levels)] == ["5.", "5.1"]


def test_a_level_without_items_further_out() -> None:
    """An item whose outer levels have no items yet shows where these start."""
    assert ListCounter().next(1, {0: Level(start=3), 1: Level(pattern="%1.%2")}) == "3.1"


def test_marks_without_numbers() -> None:
    """Bullets are dashes, ticks are kept, a level without number shows what else its pattern says."""
    levels = {
        0: Level(style="bullet", pattern="\uf0b7", font="Symbol"),
        1: Level(style="bullet", pattern="ü", font="Wingdings"),
        2: Level(style="none", pattern=""),
        3: Level(style="none", pattern="Note:"),
    }
    counter = ListCounter()
    assert [counter.next(depth, levels) for depth in range(5)] == ["-", "- ✓", "", "Note:", "-"]


def test_text_behind_a_mark() -> None:
    """A blank parts mark and text, but where Chinese text follows a mark closely."""
    assert marked("（一）", "营业时间", tight=True) == "（一）营业时间"
    assert marked("1.", "Fees", tight=True) == "1. Fees"
    assert marked("一、", "总则") == "一、 总则"
