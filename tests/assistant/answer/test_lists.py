"""A list that answers is given whole, with what leads to it and limits it, or with a sign that it goes on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.answer.ask_back import options
from assistant.answer.extractive import Extractive
from assistant.answer.lists import find_lists, placed
from assistant.phrases import phrase
from assistant.types import Quote
from assistant.understand.understanding import understand
from ingest.formats import load
from ingest.loading.chunks import chunk
from ingest.types import SourceFile
from kb.embedders.hashing import HashingEmbedder
from kb.language.list_marks import Mark, read_mark
from kb.language.text import fold, sentence_spans, sentences
from kb.language.wanted import asks_for_list
from kb.types import Chunk, Hit, SectionKind
from tests.listings import FORMS, MARKS, Listing, make_listing, write_listing

ENGLISH = [mark for mark in MARKS if mark.isascii() or mark in "①•✓"]
STEPS = "\n".join(f"{n}. Turn valve {n} of the boiler to the left and wait for the click." for n in range(1, 10))
DIVER = [
    "A medical note that is not older than twelve months and says that you may dive.",
    "The logbook with the stamps of your last ten dives, or a letter of your club.",
    "A photograph of 35 by 45 mm on a white ground that shows you without a mask.",
]  # fmt: skip


def squeezed(text: str) -> str:
    """Return a text as it is compared: folded, without blanks."""
    return re.sub(r"\s+", "", fold(text))


def quoted(question: str, chunks: list[Chunk], best: int = 0) -> list[Quote]:
    """Return what is quoted for a question whose best hit is one of a document's chunks."""
    extractive = Extractive(HashingEmbedder(), around=lambda chunk: chunks)
    return extractive.quotes(question, [Hit(chunks[best], 1.0)])


def prose(text: str, question: str | None = None) -> list[Chunk]:
    """Return a document of one chunk."""
    kind = SectionKind.QUESTION_ANSWER if question else SectionKind.PROSE
    whole = f"{question}\n{text}" if question else text
    return [
        Chunk(
            id="c",
            document_id="d",
            document_uri="/d.md",
            title="Guide",
            text=whole,
            position=0,
            start=0,
            end=len(whole),
            kind=kind,
            question=question,
        )
    ]


def said(question: str, chunks: list[Chunk], best: int = 0) -> str:
    """Return the words of all quotes."""
    return "\n".join(quote.text for quote in quoted(question, chunks, best))


def left_out(listing: Listing, folder: Path) -> list[str]:
    """Return the lines of a list that are quoted neither by themselves nor with a sign that the list goes on."""
    path = write_listing(listing, folder)
    documents = load(SourceFile(uri=path.as_posix(), path=path, root=folder.as_posix()))
    chunks = [piece for document in documents for piece in chunk(document)]
    holds = [place for place, piece in enumerate(chunks) if listing.items[-1].split("\n")[0] in piece.text]
    quotes = quoted(listing.question, chunks, holds[0])
    reply = squeezed("\n".join(quote.text for quote in quotes))
    return [line for line in listing.expected if squeezed(line) not in reply and not quotes[-1].goes_on]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_item_is_left_out_without_a_sign(form: str, language: str, tmp_path: Path) -> None:
    """Whatever its marks and whatever stands around it, each line of a list is said, or that there is more."""
    if form == "pdf":
        pytest.importorskip("reportlab", reason="writes the PDFs; comes with the extra dev")
    lost = {seed: left_out(make_listing(seed, form, language=language), tmp_path) for seed in range(300, 306)}
    assert {seed: lines for seed, lines in lost.items() if lines} == {}


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_is_read(mark: str) -> None:
    """Each kind of mark is known, and the second one follows the first where it counts."""
    first, second = (read_mark(MARKS[mark](n) + "Open the box.") for n in (1, 2))
    assert first is not None
    assert second is not None
    assert first.style == second.style
    assert second.number is None or second.follows(first.number)


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("1.5 kg is the most that fits.", None),
        ("2.1 Open the lid.", Mark("outline")),
        ("Step two: open the lid", Mark("step", 2)),
        ("Step by step the water rises.", None),
        ("第三步，打开盖子", Mark("step", 3)),
        ("十二、其他", Mark("han", 12)),
        ("iv) the lid", Mark("roman")),
        ("-5 degrees are too cold.", None),
        ("A. Smith wrote this.", None),
        ("b. the lid", Mark("letter", ord("b"))),
    ],
)
def test_marks_are_told_from_numbers_and_names(line: str, mark: Mark | None) -> None:
    """What only looks like a mark is none."""
    assert read_mark(line) == mark


def test_a_list_below_nothing_but_its_question_is_whole() -> None:
    """Where only the stored question stands above the steps, all of them are the answer."""
    assert said("How do I vent the boiler?", prose(STEPS, "How do I vent the boiler?")) == STEPS


@pytest.mark.parametrize(
    "tail",
    ["Cash is not accepted.", "Exceptions: members of the harbour watch.", "Exceptions:\n- divers below sixteen"],
)
def test_what_limits_a_list_comes_along(tail: str) -> None:
    """A sentence with a full stop above the items, and an exception behind them, belong to the list."""
    lead = "Please hand in everything at the harbour office at least one week before you dive."
    text = "\n\n".join(
        [lead, "\n".join(f"- {line}" for line in DIVER), tail, "The harbour was built by fishermen."]
    )
    reply = said("Which documents do I need for a diving permit?", prose(text))
    assert reply == text.rpartition("\n\n")[0]


def test_a_fact_is_answered_by_its_item_below_the_lead_in() -> None:
    """A question for one item of a long list gets that item and what leads to it, with a sign between them."""
    items = [f"- The {name} islands, which the ferry reaches in {n} hours" for n, name in enumerate(MANY, 2)]
    text = "We do not deliver furniture to:\n" + "\n".join(items)
    reply = said("Is furniture delivered to the Oslen islands?", prose(text))
    assert reply == f"We do not deliver furniture to:\n…\n{items[MANY.index('Oslen')]}"


MANY = [
    "Aran", "Brede", "Corlo", "Dunn", "Eske", "Fjord", "Grimm", "Holm", "Inver", "Jarl", "Korn", "Lund", "Mord",
    "Nore", "Oslen", "Pell", "Quay", "Rhum", "Skye", "Tarn", "Ulva", "Vaar", "Wick", "Yell", "Zand", "Alde",
    "Bure",
    "Cree", "Dove", "Exe", "Fal", "Goyt", "Hull", "Isla",
]  # fmt: skip


def test_a_list_that_is_too_long_says_that_it_goes_on() -> None:
    """Of more items than can be shown the first are said, and that there are more."""
    text = "Our ferries go to these islands:\n" + "\n".join(f"- {name}, at nine" for name in MANY)
    (quote,) = quoted("Which islands do the ferries go to?", prose(text))
    assert quote.goes_on
    assert "- Aran, at nine" in quote.text
    assert "- Isla" not in quote.text


def test_a_list_is_read_over_several_chunks() -> None:
    """A list that was cut is put together again from whichever of its chunks was found."""
    lead, lines = "Follow these steps:", STEPS.split("\n")
    parts = [f"{lead}\n\n" + "\n".join(lines[:5]), "\n".join(lines[5:])]
    starts = [0, len(parts[0]) + 1]
    chunks = [
        Chunk(
            id=f"c{n}",
            document_id="d",
            document_uri="/d.md",
            title="Guide",
            text=part,
            position=n,
            start=start,
            end=start + len(part),
            headings=("Venting the boiler",),
        )
        for n, (part, start) in enumerate(zip(parts, starts, strict=True))
    ]
    for best in (0, 1):
        quotes = quoted("How do I vent the boiler?", chunks, best)
        assert [quote.text for quote in quotes] == parts
        assert [quote.hit.chunk.position for quote in quotes] == [0, 1]


def test_another_heading_is_another_list() -> None:
    """A list that ends with its section is not joined to the list of the next one."""
    one, other = (STEPS, ("Venting",)), ("- Salt\n- Pepper", ("Spices",))
    chunks = [
        Chunk(
            id=f"c{n}",
            document_id="d",
            document_uri="/d.md",
            title="Guide",
            text=text,
            position=n,
            start=n * 2000,
            end=n * 2000 + len(text),
            headings=headings,
        )
        for n, (text, headings) in enumerate([one, other])
    ]
    assert said("How do I vent the boiler?", chunks) == STEPS


def test_groups_of_one_list_come_together() -> None:
    """Lists under short lines of their own are one answer, unless the question names one of the lines."""
    text = (
        "Bring these papers:\n\nIdentity\n- passport\n- visa\n\nIncome\n- payslip\n- tax return\n\n"
        + "\n\n".join(
            f"The office near gate {gate} is open from nine to five on all working days but Friday."
            for gate in "ABC"
        )
    )
    assert "tax return" in said("Which papers must I bring?", prose(text))
    assert "passport" not in said("Which papers about my income must I bring?", prose(text))


def test_items_in_one_line_are_a_list() -> None:
    """Numbers in the middle of a line begin items where they count on."""
    text = "Proceed like this: 1. Open the app. 2. Choose Cards. 3. Type the code."
    assert sentences(text) == ["Proceed like this: 1. Open the app.", "2. Choose Cards.", "3. Type the code."]
    (found,) = find_lists(placed(text, sentence_spans(text)))
    assert found.items == (0, 1, 2)


def test_a_numbered_list_goes_on_behind_a_paragraph() -> None:
    """A paragraph between two and three belongs to the list; a long one between lists of signs does not."""
    numbered = (
        "1. Open it.\n\n2. Fill it.\n\nWait until the water is still, which may take an hour.\n\n3. Close it."
    )
    (found,) = find_lists(placed(numbered, sentence_spans(numbered)))
    assert len(found.items) == 3
    parted = "- red\n- blue\n\n" + "The colours above are made from plants of the region, as they were. " * 3
    parted += "\n\n- round\n- square"
    assert len(find_lists(placed(parted, sentence_spans(parted)))) == 2


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("How do I unblock my card?", True), ("Which documents do I need?", True), ("What should I bring?",
        True),
        ("What does the warranty cover?", True), ("I lost my card", True), ("办贷款需要什么材料？", True),
        ("怎么解除锁定？", True), ("办贷款要带什麼", True), ("How much is it?", False),
        ("How long does it take?", False),
        ("Is a proof of address needed?", False), ("Which plan has 10 GB?", False), ("积分可以抵现吗？", False),
        ("What is the fee?", False), ("price of HL-20", False),
    ],
)  # fmt: skip
def test_questions_for_several_things_are_known(question: str, several: bool) -> None:
    """How, which things and what one needs ask for a list; an amount, a day, yes or no do not."""
    assert asks_for_list(question) is several


def test_the_sign_is_said_in_the_language_of_the_customer() -> None:
    """That a list goes on is the assistant's own sentence."""
    assert "《" not in phrase("goes_on", "en", place="Guide")
    assert "清单" in phrase("goes_on", "zh", place="指南")


@pytest.mark.parametrize(
    ("language", "topics", "end"),
    [
        ("en", "Fees; What is a fee?", "fee?"),
        ("zh", "费用、费用是什么？", "什么？"),
        ("en", "Fees; Cards", "Cards?"),
    ],
)
def test_a_question_back_has_one_mark(language: str, topics: str, end: str) -> None:
    """A stored question keeps its own question mark and gets no second one."""
    assert phrase("which", language, topics=topics).endswith(end)
    assert "??" not in phrase("which", language, topics=topics)


def test_a_question_that_names_one_of_several_headings_is_not_asked_back() -> None:
    """Headings that are much alike are told apart by the word in which they differ."""
    cards = ["debit", "credit", "fleet"]
    hits = [
        Hit(
            Chunk(
                id=name,
                document_id=name,
                document_uri=f"/{name}",
                title=f"Card help {n}",
                text="Open the app.",
                position=0,
                start=0,
                end=13,
                kind=SectionKind.QUESTION_ANSWER,
                question=f"How do I unblock my {name} card?",
                language="en",
            ),
            1.0,
        )
        for n, name in enumerate(cards)
    ]
    asked = understand("How do I unblock my fleet card?", [], lambda message, history: message)
    assert options(asked, hits) == []
    asked = understand("How do I unblock my card?", [], lambda message, history: message)
    assert options(asked, hits) == ["Card help 0", "Card help 1", "Card help 2"]
