"""The number that the mark of an item says."""

from __future__ import annotations

import pytest

from kb.language.list_marks import Mark, read_mark


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("三、退货", Mark("han", 3)),
        ("（四）收据", Mark("han", 4)),
        ("十、其他", Mark("han", 10)),
        ("十二、其他", Mark("han", 12)),
        ("二十、其他", Mark("han", 20)),
        ("二十一、其他", Mark("han", 21)),
        ("第二步 付款", Mark("step", 2)),
        ("步骤三：付款", Mark("step", 3)),
        ("Step 3: pay", Mark("step", 3)),
        ("Stage twelve: pay", Mark("step", 12)),
        ("12. Pay", Mark("number", 12)),
        ("B) the parcel", Mark("letter", ord("b"))),
        ("② 登录", Mark("circled", ord("②"))),
        ("- the parcel", Mark("bullet")),
        ("ii) the parcel", Mark("roman")),
        ("Pay in cash.", None),
    ],
)
def test_a_mark_says_which_item_it_is(line: str, mark: Mark | None) -> None:
    """Digits, number words, Chinese numerals up to ninety-nine and letters count; bullets do not."""
    assert read_mark(line) == mark


@pytest.mark.parametrize(
    ("number", "before", "follows"),
    [(3, 2, True), (3, 3, False), (3, 1, False), (None, 2, False), (3, None, False)],
)
def test_only_the_next_number_follows(number: int | None, before: int | None, follows: bool) -> None:
    """The third item follows the second, and no item without a number follows or is followed."""
    assert Mark("number", number).follows(before) is follows
