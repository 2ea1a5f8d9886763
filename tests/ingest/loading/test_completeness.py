"""What was loaded is held against an independent plain reading of the same file."""

from __future__ import annotations

import doctest
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.formats import load
from ingest.formats.independent import stretches
from ingest.loading import completeness
from ingest.loading.completeness import Completeness, Loss
from ingest.types import SourceFile
from kb.types import Document, Omission, Omitted, Section

FOLDER = Path(__file__).parents[2] / "data"
PROSE = ["docx", "eml", "epub", "html", "md", "odt", "pdf", "pptx", "rtf", "txt"]
RECORDS = ["faq.jsonl", "fees.xlsx", "shop.json", "stores.csv"]
SENTENCES = [
    "Parcels wait for five days in the locker.",
    "The fee for a second delivery is $9 and 12% tax.",
    "签收后三十天内可以退货，运费由买家承担。",
]


def compared(documents: list[Document], other: list[str]) -> Loss | None:
    """Return what the other reading has and the documents have not."""
    held = Completeness()
    for document in documents:
        held.add(document)
    return held.compare(other)


def page(*texts: str) -> Document:
    """Return a document with these sections."""
    return Document(uri="/a.md", title="Delivery", sections=tuple(Section(text=text) for text in texts))


def test_examples_run() -> None:
    """The examples in the docstrings give what they say."""
    assert doctest.testmod(completeness).failed == 0


@pytest.mark.parametrize("gone", range(3))
def test_a_lost_sentence_is_noticed(gone: int) -> None:
    """A sentence that is in no document is named with its words, in English and Chinese."""
    loss = compared([page(*(text for at, text in enumerate(SENTENCES) if at != gone))], SENTENCES)
    assert loss is not None
    assert loss.words >= 6
    assert set(loss.shown) <= set(completeness.words(SENTENCES[gone]))
    assert f"{loss.words} of {loss.of} words" in loss.sentence


def test_a_lost_paragraph_of_common_words_is_noticed() -> None:
    """Words that stand elsewhere too do not hide that they are missing here."""
    common = "You can return the item in the locker until five days are over and you can pick the parcels up."
    own = page(*SENTENCES, "You can pick the item up. It is in the shop. Return until the days are five.")
    assert compared([own], [*SENTENCES, common])


def test_another_order_and_other_borders_are_no_loss() -> None:
    """Rows written with their headers, words parted at a line's end, notes and links in between lose nothing."""
    linked = "Ask the delivery desk (https://shop.example/desk) first¹."
    own = page("Zone: A; Fee: free", "Zone: B; Fee: none", linked, *SENTENCES)
    other = ["Zone", "Fee", "A", "free", "B", "none", "Ask the deliv-", "ery desk first1.", *reversed(SENTENCES)]
    assert compared([own], other) is None


def test_what_the_loader_left_out_is_no_loss() -> None:
    """Words that a loader reports as left out are accounted for."""
    struck = Omission(Omitted.STRUCK, 30, "The old fee was eleven francs.")
    own = page(*SENTENCES)
    other = [*SENTENCES, struck.text]
    assert compared([own], other) is not None
    assert compared([replace(own, omitted=(struck,))], other) is None


def both(name: str) -> tuple[list[Document], list[str]]:
    """Return what the loader reads of a file in ``tests/data``, and what the other reading finds."""
    path = FOLDER / name
    return list(load(SourceFile(uri=path.as_posix(), path=path, root=FOLDER.as_posix()))), list(
        stretches(path, path.suffix)
    )


@pytest.mark.parametrize("name", [*(f"returns.{ending}" for ending in PROSE), *RECORDS])
def test_nothing_is_lost_in_any_format(name: str) -> None:
    """All that another reading finds in a file is in its documents or in what its loader reports."""
    assert compared(*both(name)) is None


@pytest.mark.parametrize("ending", [ending for ending in PROSE if ending != "eml"])  # its attachment repeats it
def test_a_lost_section_is_noticed_in_any_format(ending: str) -> None:
    """Without its longest section a document lacks something."""
    (whole, *members), other = both(f"returns.{ending}")
    longest = max(whole.sections, key=lambda section: len(section.text))
    less = replace(whole, sections=tuple(section for section in whole.sections if section is not longest))
    assert compared([less, *members], other) is not None
