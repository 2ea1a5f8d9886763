"""What a message takes for granted is corrected where the documents say otherwise, and only there."""

from __future__ import annotations

import pytest

from assistant.answer.premise import read_premise
from assistant.types import Quote
from kb.types import Chunk, Hit, SectionKind

FEES = "What a change costs: 2.5% with Reed and Moss, 1.2% with Fern, and 4% at the desk."
ROW = "Item: Share of bookings given back; Reed: 2%; Moss: 3%; Fern: 5%"
FEES_ZH = "改签手续费：芦卡、苔卡2.5%，蕨卡1.2%。"


def hit_of(text: str) -> Hit:
    """Return a hit on a chunk of ``text``."""
    chunk = Chunk(
        id=text, document_id="d", document_uri="/d", title="T", text=text, position=0, start=0, end=len(text),
        kind=SectionKind.PROSE,
    )  # fmt: skip
    return Hit(chunk, 1.0)


@pytest.mark.parametrize(
    ("message", "text", "wrong"),
    [
        ("Since you charge 2.5% for a change with Fern, can I avoid it?", FEES, "2.5%"),
        ("You charge 4% for a change with Reed, right?", FEES, "4%"),
        ("Since you always give 5% of bookings back with Moss, what do I get?", ROW, "5%"),
        ("既然你们蕨卡改签收2.5%，能免吗", FEES_ZH, "2.5%"),
        ("你们蕨卡改签收2.5%，对吧", FEES_ZH, "2.5%"),
        ("Since you charge 1.2% for a change with Fern, can I avoid it?", FEES, ""),
        ("You charge 2.5% for a change with Moss, right?", FEES, ""),
        ("Since you give 5% of bookings back with Fern, what do I get?", ROW, ""),
        ("既然你们蕨卡改签收1.2%，能免吗", FEES_ZH, ""),
        ("既然你们苔卡改签收2.5%，能免吗", FEES_ZH, ""),
        ("You charge 2.5% for a change, right?", FEES, ""),
        ("I paid 2.5% with Fern for a change, why?", FEES, ""),
    ],
)
def test_a_value_of_another_product_is_corrected(message: str, text: str, wrong: str) -> None:
    """That a sentence states the value of something else beside what is spoken of makes it no truer."""
    hit = hit_of(text)
    premise = read_premise(message).unstated([hit])
    assert premise.contradicted_by([Quote(hit=hit, start=0, end=len(text), text=text)]) == wrong
