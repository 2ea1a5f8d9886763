"""A stored yes or no is given to the question that it was written for, and lent to no other."""

from __future__ import annotations

import pytest

from assistant.answer.extractive import Extractive
from assistant.verify.yes_no import says_yes_or_no, unlent
from kb.embedders.hashing import HashingEmbedder
from kb.types import Chunk, Hit, SectionKind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes, by post.", True),
        ("No. You bring it back.", True),
        ("Of course: any time.", True),
        ("可以，免费。", True),
        ("不可以，要在店里办。", True),
        ("没有。", True),
        ("No deposit is due.", False),
        ("No. 12 is the last stop.", False),
        ("Yesterday it closed.", False),
        ("可以在店里办理。", False),
        ("有三种尺寸。", False),
        ("Not before May.", False),
    ],
)  # fmt: skip
def test_a_yes_or_no_is_told_from_other_openings(text: str, said: bool) -> None:
    """It stands at the beginning and is closed by a mark."""
    assert says_yes_or_no(text) is said


@pytest.mark.parametrize(
    ("stored", "text", "question", "given"),
    [
        (
            "Can lamps be sent to islands?",
            "Yes, in 9 days.",
            "Can I get a lamp sent to islands?",
            "Yes, in 9 days.",
        ),
        ("Can lamps be sent to islands?", "Yes, in 9 days.", "Can I rent a boat to the islands?", "In 9 days."),
        ("Is the museum open at night?", "No, it shuts at 18:00.", "Do you hire guides?", "It shuts at 18:00."),
        ("台灯可以寄到海岛吗？", "可以，九天送到。", "台灯能寄到海岛吗", "可以，九天送到。"),
        ("台灯可以寄到海岛吗？", "可以，九天送到。", "学生有折扣吗", "九天送到。"),
        ("台灯可以寄到海岛吗？", "可以。", "学生有折扣吗", "可以。"),
    ],
)
def test_it_is_not_lent(stored: str, text: str, question: str, given: str) -> None:
    """Another question gets the rest of the stored answer only; where there is none, it stays."""
    assert unlent(text, question, stored) == given


@pytest.mark.parametrize(
    ("question", "begin"), [("Is a crib free of charge?", "Yes, "), ("Is parking free?", "In every")]
)
def test_quotes_lend_none(question: str, begin: str) -> None:
    """A quote says it without, and still cites the words as they stand."""
    text = "Is a crib free of charge?\nYes, in every room, on request."
    chunk = Chunk(
        id="c", document_id="d", document_uri="/d", title="Rooms", text=text, position=0, start=0, end=len(text),
        question="Is a crib free of charge?", kind=SectionKind.QUESTION_ANSWER,
    )  # fmt: skip
    (quote,) = Extractive(HashingEmbedder()).quotes(question, [Hit(chunk, 1.0)])
    assert quote.text.startswith(begin)
    assert quote.words == "Yes, in every room, on request."
