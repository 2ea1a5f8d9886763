"""What belongs to a sentence comes along with it, and a limit that the source states is not dropped."""

from __future__ import annotations

import pytest

from assistant.answer.limits import (
    dropped_limit,
    is_edition,
    is_heading,
    leans_back,
    opens_list,
    takes_away,
    with_context,
)

RULE = "You may return any item within 30 days."
RULE_ZH = "签收后三十天内可以退货。"


@pytest.mark.parametrize(
    "following",
    [
        "Exceptions: sale items cannot be returned.",
        "Exception: sale items.",
        "Exclusions: sale items.",
        "Except for sale items, shoes too.",
        "However, sale items stay sold.",
        "Subject to inspection.",
        "Conditions: the seal is whole.",
        "Sale items are not covered. ",
        "但特价商品除外。",
        "例外：特价商品。",
        "该优惠不与其他优惠同用。",
        "上述规定对特价商品不适用。",
    ],
)
def test_what_limits_a_sentence_comes_along(following: str) -> None:
    """A sentence that opens as an exception or a limit is quoted with the one before it."""
    rule = RULE if following.isascii() else RULE_ZH
    assert with_context([rule, following, "We sell shoes."], 0, 0, frozenset()) == (0, 1)


@pytest.mark.parametrize(
    "following", ["We sell shoes.", "Exceptional shoes!", "Notebooks here.", "本店出售水壶。"]
)
def test_what_says_something_else_stays_behind(following: str) -> None:
    """A sentence that only begins with the letters of such a word is not taken along."""
    assert with_context([RULE, following], 0, 0, frozenset()) == (0, 0)


@pytest.mark.parametrize(
    "sentence",
    [
        "Except for sale items, all of them can be sent back.",
        "Unless they are worn.",
        "In that case we send a label.",
        "Both can be refunded.",
        "这不适用于特价商品。",
        "此优惠每年一次。",
        "其余部分由顾客承担。",
    ],
)
def test_what_leans_back_brings_the_sentence_before(sentence: str) -> None:
    """A sentence that cannot be read alone is quoted with the one that it leans on."""
    assert with_context([RULE, sentence], 1, 1, frozenset())[0] == 0


@pytest.mark.parametrize("sentence", ["这里可以退货。", "此外可以换货。", "其中一件可以换货。", "Boots too."])
def test_what_stands_alone_does_not_lean_back(sentence: str) -> None:
    """Here, besides, among them: such openings point at nothing that was said before."""
    assert with_context([RULE_ZH, sentence], 1, 1, frozenset())[0] == 1


@pytest.mark.parametrize(
    ("source", "limit"),
    [
        ("You can return items subject to inspection.", "subject to"),
        ("You can return items unless they are worn.", "unless"),
        ("You can return items excluding sale items.", "excluding"),
        ("You can return items, with few exceptions.", "exceptions"),
        ("You can return items provided that the seal is whole.", "provided that"),
        ("You can return at most two items.", "at most"),
        ("You can return items other than shoes.", "other than"),
        ("You can return items if you don’t wear them.", "if"),
        ("You can't return items.", "n't"),
    ],
)
def test_a_dropped_limit_is_named(source: str, limit: str) -> None:
    """A limit that the source states and the draft does not is named."""
    assert dropped_limit("You can return items.", source) == limit


@pytest.mark.parametrize(
    ("written", "source", "limit"),
    [
        ("可以退货。", "经检验方可退货。", "方可"),
        ("特价商品可以退货。", "除特价商品外，可以退货，例外须申请。", "例外"),
        ("会员可以退货。", "会员在未拆封的情况下可以退货。", "未"),
        ("You may return two items if sealed.", "You may return two items only if sealed.", "only"),
        ("You may return items if sealed.", "You may return items when you like.", ""),
        ("Meals are served.", "Meals are provided and served.", ""),
        ("Only members, unless closed.", "Only members.", ""),
    ],
)
def test_limits_are_compared_word_by_word(written: str, source: str, limit: str) -> None:
    """The first limit that the draft lacks is named; words that often limit nothing are passed over."""
    assert dropped_limit(written, source) == limit


@pytest.mark.parametrize(
    ("line", "following", "heading", "opens"),
    [
        ("Returns", "You may return it.", True, False),
        ("退货", "七天内可以退货。", True, False),
        ("You need", "- a receipt", False, True),
        ("You need:", "the receipt", False, True),
        ("You may return it.", "- a receipt", False, False),
        ("- a receipt", "- the parcel", False, False),
        ("- a receipt", "It is checked.", False, False),
        ("Returns", "", False, False),
        (
            "All that you ever wanted to know of returns, refunds and exchanges in our shops",
            "Ask us.",
            False,
            False,
        ),
        ("You may (mostly) return it.)", "Ask us.", False, False),
    ],
)
def test_a_line_above_others_is_told(line: str, following: str, heading: bool, opens: bool) -> None:
    """A short line that nothing closes stands above what follows: above an item it opens a list."""
    assert is_heading(line, following) is heading
    assert opens_list(line, following) is opens


@pytest.mark.parametrize(
    ("sentence", "away"),
    [
        ("However, sale items stay sold.", True),
        ("Sale items are not covered.", True),
        ("You pay unless it is faulty.", True),
        ("特价商品不适用。", True),
        ("We sell shoes.", False),
        ("本店出售水壶。", False),
    ],
)
def test_what_takes_away_from_a_rule_is_told(sentence: str, away: bool) -> None:
    """By its opening, by what it says of the rule, or by a condition in it."""
    assert takes_away(sentence) is away


@pytest.mark.parametrize(
    ("sentence", "edition"),
    [
        ("Version 2.1, effective May 2026", True),
        ("生效日期：2026年5月1日", True),
        ("Version 2 costs 5 euro", False),
        ("Effective date", False),
        ("We sell edition 2", False),
    ],
)
def test_only_what_says_nothing_else_is_an_edition(sentence: str, edition: bool) -> None:
    """An edition has a number, and no words beside those of editions and dates."""
    assert is_edition(sentence) is edition


def test_a_stretch_grows_only_within_its_text_and_its_barriers() -> None:
    """The first sentence leans on nothing, and what must not be quoted stops a stretch on either side."""
    text = ["It is free.", "However, it is slow.", "But it comes.", "We sell shoes."]
    assert leans_back(text[0])
    assert with_context(text, 0, 0, frozenset()) == (0, 2)
    assert with_context(text, 1, 1, frozenset()) == (0, 2)
    assert with_context(text, 2, 2, frozenset({1})) == (2, 2)
    assert with_context(text, 0, 0, frozenset({2})) == (0, 1)
    away = ["Rule.", *["Sale items are not covered."] * 7]
    assert with_context(away, 0, 0, frozenset()) == (0, 4)
