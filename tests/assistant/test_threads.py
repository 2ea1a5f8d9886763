"""Turns in many threads at once."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.app import build_assistant
from assistant.settings import Settings
from assistant.turn import Assistant
from assistant.types import Answer
from assistant.verify import Verifier
from kb.embedders.bundled import BundledEmbedder
from kb.embedders.hashing import HashingEmbedder
from kb.knowledge_base import KnowledgeBase
from kb.types import Filters
from tests.conftest import one_chunk

THREADS = 8
THINGS = ("kettle", "toaster", "iron", "lamp", "blender", "grinder", "fan", "heater", "mixer", "kitchen scale")
CACHES = (
    "assistant.answer.extractive._KEPT",
    "assistant.verify.states._KEPT",
    "kb.index.folder._REMEMBERED",
    "kb.store.catalogue._REMEMBERED",
    "kb.embedders.bundled._REMEMBERED",
    "kb.embedders.e5.tokenizer._CACHED_WORDS",
)


def page(thing: str, days: int) -> str:
    """Return what the company says of a thing: enough that sentences have to be chosen."""
    return (
        f"Our shops sell the {thing} in many colours, and the staff are glad to show each of them to you. "
        f"You may return a {thing} within {days} days of delivery. "
        f"Exceptions: a {thing} that was opened can only be exchanged. "
        f"The guarantee on a {thing} is {days + 1} months from the day of purchase, and the receipt proves it. "
        f"Spare parts for the {thing} are sent by post, which takes about {days // 2} working days to arrive."
    )


QUESTIONS = [
    question
    for thing in THINGS
    for question in (
        f"Within how many days may I return a {thing}?",
        f"How long is the guarantee on a {thing}?",
        f"How long do spare parts for the {thing} take to arrive?",
        f"Your 99-day returns of the {thing}, how do they work?",
    )
]


@pytest.fixture
def tiny_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every cache keep three values, so that threads take places from each other all the time."""
    for name in CACHES:
        monkeypatch.setattr(name, 3)


@pytest.fixture
def assistant(tmp_path: Path, tiny_caches: None) -> Iterator[Assistant]:
    """An assistant on a page about each thing."""
    settings = Settings(home=tmp_path, vector_index="exact", min_answerable=0.0, record=False)
    with KnowledgeBase(settings, HashingEmbedder()) as knowledge_base:
        with knowledge_base.load() as load:
            for number, thing in enumerate(THINGS):
                load.put(*one_chunk(f"/{thing}", page(thing, 10 + number), thing))
            load.publish("test")
        yield build_assistant(settings, knowledge_base, None)


def asked(assistant: Assistant, turn: int) -> tuple[str, list[str]]:
    """Return the reply and the quotes of a turn; every third is asked with filters of its own."""
    filters = Filters(product=f"line {turn % 5}") if turn % 3 == 0 else Filters()
    answer: Answer = assistant.reply(QUESTIONS[turn % len(QUESTIONS)], filters=filters)
    return answer.text, [citation.quote for citation in answer.citations]


def wrong_turns(assistant: Assistant, turns: int) -> list[int]:
    """Return the turns, of so many in each thread, whose answers are not those that are given alone."""
    period = 3 * 5 * len(QUESTIONS)
    alone = {turn: asked(assistant, turn) for turn in range(min(4 * turns, period))}

    def ask(thread: int) -> list[int]:
        mine = [random.Random(thread * turns + turn).randrange(len(alone)) for turn in range(turns)]
        return [turn for turn in mine if asked(assistant, turn) != alone[turn]]

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # seconds: threads take turns in the middle of everything
    try:
        with ThreadPoolExecutor(THREADS) as threads:
            return [turn for wrong in threads.map(ask, range(THREADS)) for turn in wrong]
    finally:
        sys.setswitchinterval(before)


def test_a_few_turns_in_many_threads(assistant: Assistant) -> None:
    """Eight threads that share all caches get the answers that are given alone, and no error."""
    assert wrong_turns(assistant, 6) == []


@pytest.mark.slow
def test_many_turns_in_many_threads(assistant: Assistant) -> None:
    """Eight threads of five hundred turns get the answers that are given alone, and no error."""
    assert wrong_turns(assistant, 500) == []


def test_claims_are_checked_in_many_threads(tiny_caches: None) -> None:
    """Verdicts do not depend on what other threads verify."""
    verifier = Verifier(HashingEmbedder())
    pages = [page(thing, 10 + number) for number, thing in enumerate(THINGS)]
    claims = [f"You may return a {thing} within {10 + n} days of delivery." for n, thing in enumerate(THINGS)]
    alone = [verifier.verify(claim, pages) for claim in claims]

    def check(thread: int) -> bool:
        order = random.Random(thread).sample(range(len(claims)), len(claims))
        return all(verifier.verify(claims[place], pages) == alone[place] for place in order)

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(check, range(THREADS))) == [True] * THREADS


def test_words_are_cut_in_many_threads(tiny_caches: None) -> None:
    """The bundled embedder's tokens of a text do not depend on what other threads embed."""
    embedder = BundledEmbedder()
    texts = [page(thing, number) for number, thing in enumerate(THINGS)]
    alone = [row.tolist() for row in embedder.tokenize(texts)]

    def cut(thread: int) -> bool:
        order = random.Random(thread).sample(range(len(texts)), len(texts))
        return all(embedder.tokenize([texts[place]])[0].tolist() == alone[place] for place in order)

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(cut, range(THREADS))) == [True] * THREADS
