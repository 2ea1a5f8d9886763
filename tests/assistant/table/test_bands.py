"""Bands of a quantity, and the rows and fields that a customer's number falls into."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.table.bands import asks_another_quantity, fields_meant, quantities, read_band, rows_in_band
from kb.types import Chunk, SectionKind

BANDS = {
    "8 to 14 days": ("10 days, 2 weeks", "7 days, 15 days, 10 kg"),
    "45 days or more": ("45 days, 100 days", "44 days"),
    "Less than 3 days, or not turning up": ("2 days, 48 hours", "3 days"),
    "不足15天或没有出现": ("14天, 3天", "15天"),
    "30–44天": ("30天, 44 days", "45天"),
    "10,000新元以上至50,000新元": ("20,000新元, S$50,000", "50,001新元, 20,000港元"),
    "¥5,000 and above": ("¥5,000", "¥4,999"),
    "under 25 kg": ("24 kg", "25 kg"),
}


@pytest.mark.parametrize(("text", "inside", "outside"), [(text, *both) for text, both in BANDS.items()])
def test_a_band_holds_what_lies_in_it(text: str, inside: str, outside: str) -> None:
    """Ends count as their words say, and another unit is never inside."""
    band = read_band(text)
    assert band is not None
    assert [band.holds(fact) for fact in quantities(inside)] == [True] * len(inside.split(", "))
    assert not any(band.holds(fact) for fact in quantities(outside))


@pytest.mark.parametrize("text", ["", "Free", "HK$300 handling fee", "Voyager", "between us", "2026-11-29"])
def test_what_states_no_limits_is_no_band(text: str) -> None:
    """A name, a single amount or a date divides nothing."""
    assert read_band(text) is None


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_a_range_holds_exactly_what_lies_between_its_ends(low: int, high: int, asked: int) -> None:
    """As arithmetic has it, for all numbers of days."""
    band = read_band(f"{low} to {high} days")
    if low >= high:
        assert band is None
    else:
        assert band is not None
        assert band.holds(quantities(f"{asked} days")[0]) == (low <= asked <= high)


def _row(position: int, text: str, *headings: str) -> Chunk:
    return Chunk(
        id=f"c{position}", document_id="d", document_uri="fees.md", title="Fees", text=text, headings=headings,
        kind=SectionKind.TABLE_ROW, position=position, start=position, end=position + 1, language="en",
    )  # fmt: skip


ROWS = [
    _row(0, "Notice: 30 days or more; Charge: 10%", "3.1 Ordinary trips"),
    _row(1, "Notice: 8 to 29 days; Charge: 40%", "3.1 Ordinary trips"),
    _row(2, "Notice: Less than 8 days; Charge: 100%", "3.1 Ordinary trips"),
    _row(3, "Notice: 60 days or more; Charge: 20%", "3.2 Holiday trips"),
    _row(4, "Notice: Less than 60 days; Charge: 90%", "3.2 Holiday trips"),
    _row(5, "Paid by: Card; Days until the money is back: 5", "4. Refunds"),
]


def test_the_row_of_the_customers_number_is_chosen() -> None:
    """Whichever row of the table was found, the one that holds the number answers."""
    for found in ROWS[:3]:
        chosen = rows_in_band("I cancel an ordinary trip 10 days before, what is the charge?", found, ROWS)
        assert [row.text for row in chosen] == ["Notice: 8 to 29 days; Charge: 40%"]


def test_every_table_that_may_be_meant_gives_its_row() -> None:
    """A customer who does not say which trip learns both cases, the one that was found first."""
    chosen = rows_in_band("I cancel 10 days before, what is the charge?", ROWS[4], ROWS)
    assert [row.position for row in chosen] == [4, 1]


@pytest.mark.parametrize(
    ("question", "found"),
    [("What is the charge?", 1), ("I cancel 10 kg before", 1), ("How many days, 5 or 6, by card?", 5)],
)
def test_without_a_number_of_the_kind_no_row_is_chosen(question: str, found: int) -> None:
    """Another quantity, or a table that divides nothing, leaves things to the search."""
    assert rows_in_band(question, ROWS[found], ROWS) == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("change the name 20 days before", "Change: Name; 15 to 29 days: €20"),
        ("换人，提前一周", "Change: Name; Less than 15 days: €90"),
        ("change the name", "Change: Name; 30 days or more: Free; 15 to 29 days: €20; Less than 15 days: €90"),
    ],
)
def test_of_headers_that_are_bands_the_one_that_fits_is_said(question: str, said: str) -> None:
    """A row with a column for each band gives the column of the customer's number."""
    row = "Change: Name; 30 days or more: Free; 15 to 29 days: €20; Less than 15 days: €90"
    assert fields_meant(question, row) == said


@pytest.mark.parametrize(
    ("question", "stored", "another"),
    [
        ("I cancel 10 days before", "I cancel 20 days before. What do I lose?", True),
        ("I cancel 20 days before", "I cancel 20 days before. What do I lose?", False),
        ("I cancel two weeks before", "What do I lose 14 days before?", False),
        ("I cancel soon", "I cancel 20 days before. What do I lose?", False),
        ("a suitcase of 10 kg", "I cancel 20 days before. What do I lose?", False),
    ],
)
def test_a_stored_question_about_another_number_is_another_case(question: str, stored: str, another: bool) -> None:
    """An answer for twenty days is none for ten."""
    chunk = replace(_row(0, f"{stored}\nHalf of it."), question=stored)
    assert asks_another_quantity(question, chunk) is another
