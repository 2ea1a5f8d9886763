"""What items of lists begin with."""

import pytest

from kb.language.marks import BULLETS, has_bullet, is_list_item, is_mark, without_bullet


@pytest.mark.parametrize("bullet", BULLETS)
def test_each_bullet_begins_an_item(bullet: str) -> None:
    """Each sign is a bullet before words, with and without a blank, and alone."""
    assert is_list_item(f"{bullet} kettle")
    assert has_bullet(f"  {bullet}水壶")
    assert is_mark(bullet)
    assert without_bullet(f"{bullet} kettle") == "kettle"


@pytest.mark.parametrize(
    "line",
    ["- kettle", "* kettle", "+ kettle", "– kettle", "-水壶", "1. kettle", "12) kettle", "(3) kettle", "（3）水壶",
     "a) kettle", "iv. kettle", "3、水壶", "（十二）水壶", "①水壶", "⑳ kettle"],
)  # fmt: skip
def test_items_are_told(line: str) -> None:
    """Dashes, numbers, letters and circled numbers begin an item."""
    assert is_list_item(line)


@pytest.mark.parametrize("line", ["-5 degrees", "3.5 kg", "2026 was", "a kettle", "水壶", "1234. kettle", ""])
def test_other_lines_are_no_items(line: str) -> None:
    """A minus, a decimal, a year and a word are no marks."""
    assert not is_list_item(line)


@pytest.mark.parametrize(
    ("text", "alone"), [("3", False), ("3.", True), ("[12]", True), ("- a", False), ("（b）", True)]
)
def test_marks_alone(text: str, alone: bool) -> None:
    """A cell that holds only a mark is told from one that holds a number or words."""
    assert is_mark(text) is alone


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("- kettle", "kettle"),
        ("2) kettle", "kettle"),
        ("-水壶", "-水壶"),
        ("kettle", "kettle"),
        ("  • kettle", "kettle"),
    ],
)
def test_the_mark_is_taken_off(line: str, bare: str) -> None:
    """What stands before the words goes, where a blank parts it from them."""
    assert without_bullet(line) == bare
