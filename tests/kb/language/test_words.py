"""Lists of words and the pattern that is made of them."""

from __future__ import annotations

import pytest

from kb.language.words import Word, Words

TABLE = Words(
    "unless", "exception(s)", "subject to", "you('ve) got", "do(es) not apply", "上述…不", "除非",
    Word("此", not_before=("外",)), Word("可以", not_after=("不",)), Word("order", not_before=("of",)),
    Word("more than", not_after=("no", "not")), Word("n't", inside=True),
)  # fmt: skip


def test_each_form_is_found_by_the_pattern() -> None:
    """Each form that a table spells out is found whole."""
    assert [TABLE.findall(form) for form in TABLE.spelled()] == [[form] for form in TABLE.spelled()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Exceptions: sale items", ["Exceptions"]),
        ("It is subject\n to change", ["subject\n to"]),
        ("You’ve got ten days", ["You’ve got"]),
        ("the exceptional", []),
        ("unlessened", []),
        ("此外", []),
        ("在此", ["此"]),
        ("不可以", []),
        ("order of merit", []),
        ("more than two, no more than two", ["more than"]),
        ("Don’t", ["n’t"]),
        ("上述商品均不适用", ["上述商品均不"]),
        ("上述商品。不适用", []),
    ],
)
def test_words_have_borders_and_neighbours(text: str, found: list[str]) -> None:
    """Latin words are found whole and Chinese ones anywhere, unless what must not touch them does."""
    assert TABLE.findall(text) == found


def test_the_longest_word_is_taken() -> None:
    """Of two words that begin alike the longer one is found."""
    assert Words("不可", "不可以", "except", "except for").findall("不可以, except for") == [
        "不可以",
        "except for",
    ]


def test_tables_can_be_put_together() -> None:
    """Two tables make one that has the words of both."""
    assert (Words("if") + Words("若")).spelled() == ["if", "若"]


def test_what_opens_a_text_is_told_from_what_stands_in_it() -> None:
    """A word opens a text only at its begin."""
    assert [bool(Words("但").match(text)) for text in (" 但是", "不但")] == [True, False]
    assert [bool(Words("但").fullmatch(text)) for text in ("但", "但是")] == [True, False]
    assert Words("但").search("不但")


def test_every_ending_of_an_entry_is_spelled_out() -> None:
    """What may stand behind a word makes a form each, with and without it."""
    assert Words("refund(s|ed)", "it(self) is(n't)").spelled() == [
        "refund", "refunds", "refunded", "it is", "it isn't", "itself is", "itself isn't",
    ]  # fmt: skip


def test_letter_case_never_counts() -> None:
    """Whether a word opens a text, stands in it or is all of it."""
    table = Words("unless") + Words("if", further=r"\bwhere \d")
    for text in ("UNLESS", "If", "WHERE 3"):
        assert table.match(text)
        assert table.fullmatch(text)
        assert table.search(f"or {text}")
