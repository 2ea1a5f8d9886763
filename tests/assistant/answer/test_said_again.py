"""The same reply is not given twice in a row; a question back about the answer is answered by what it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.app import build_assistant
from assistant.settings import Settings
from assistant.turn import Assistant
from assistant.types import Message, Outcome
from kb.embedders.hashing import HashingEmbedder
from kb.knowledge_base import KnowledgeBase
from tests.conftest import put_all


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, Assistant]]:
    """Give an assistant that answers whatever is found, and one that answers nothing."""
    home = tmp_path_factory.mktemp("shop")
    chosen = Settings(home=home, vector_index="exact", min_answerable=0.0, contact="desk@example.org")
    with KnowledgeBase(chosen, HashingEmbedder()) as knowledge_base:
        put_all(knowledge_base, {"/lamps": "Lamps are guaranteed for 3 years.", "/灯": "台灯保修三年。"})
        silent = chosen.model_copy(update={"min_answerable": 1.0})
        yield build_assistant(chosen, knowledge_base, None), build_assistant(silent, knowledge_base, None)


def talk(assistant: Assistant, *lines: str) -> list[str]:
    """Return what an assistant says to the lines of a conversation."""
    history: list[Message] = []
    for line in lines:
        history += [Message("customer", line), Message("assistant", assistant.reply(line, history).text)]
    return [message.text for message in history[1::2]]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("How long are lamps guaranteed?", "and how long are the small lamps guaranteed?", "quoted just now"),
        ("How long are lamps guaranteed?", "How long are lamps guaranteed?", "quoted just now"),
        ("台灯保修多久", "那小台灯保修多久", "刚才引用"),
    ],
)
def test_quotes_are_not_given_twice_in_a_row(
    shops: tuple[Assistant, Assistant], first: str, second: str, told: str
) -> None:
    """The second time it says that there is no more, and how a person is reached; the third time it may quote."""
    once, again, third = talk(shops[0], first, second, second)
    assert "3" in once or "三" in once
    assert told in again
    assert "desk@example.org" in again
    assert third == once


def test_an_abstention_is_not_given_twice_in_a_row(shops: tuple[Assistant, Assistant]) -> None:
    """The second time it says what it can tell and what not, and how a person is reached."""
    once, again = talk(shops[1], "Where is my parcel 4711?", "it is still not here, where is my parcel?")
    assert once.startswith("I could not find")
    assert again.startswith("Our documents do not say this either.")
    assert again.endswith("desk@example.org")


@pytest.mark.parametrize("message", ["is that a yes or no?", "yes or no", "so, yes or no, please"])
def test_yes_or_no_is_said_of_what_was_asked(shops: tuple[Assistant, Assistant], message: str) -> None:
    """Where the documents do not say it, the quote is given as all that they say."""
    _, reply = talk(shops[0], "Are lamps guaranteed for ever?", message)
    assert reply.startswith("Our documents do not put it as yes or no.")
    assert "3 years" in reply


def test_outcomes_of_what_was_said(shops: tuple[Assistant, Assistant]) -> None:
    """A reply that only says that all was said states nothing of the company."""
    question = "How long are lamps guaranteed?"
    before = [Message("customer", question), Message("assistant", shops[0].reply(question).text)]
    answer = shops[0].reply(question, before)
    assert answer.outcome is Outcome.CLARIFY
    assert not answer.citations
