"""Follow-up messages are completed from the conversation, others are left alone."""

import pytest

from assistant.types import Message
from assistant.understand.rewrite import complete
from assistant.understand.understanding import understand


def customer(*texts: str) -> list[Message]:
    """Return customer messages, each followed by an answer."""
    return [m for text in texts for m in (Message("customer", text), Message("assistant", "…"))]


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("How long can I return a kettle?", "and for opened ones?"),
        ("How long can I return a kettle?", "what about kettles that were opened already?"),
        ("电饭煲多久之内可以退货？", "那打开过的呢？"),
        ("电饭煲多久之内可以退货？", "它要是坏了怎么办"),
        ("Do you deliver to Hong Kong?", "how much is it"),
    ],
)
def test_follow_up_is_completed(before: str, message: str) -> None:
    """A message that leans on the one before it is searched together with it."""
    completed = complete(message, customer(before))
    assert completed is not None
    assert before in completed
    assert message in completed


@pytest.mark.parametrize(
    "message",
    [
        "Which documents do I need to open a savings account as a foreign student?",
        "请问开立储蓄账户需要携带哪些证件，未成年人可以办理吗",
    ],
)
def test_message_that_stands_alone_is_left_alone(message: str) -> None:
    """A whole question is not polluted by what was asked before."""
    assert complete(message, customer("How long can I return a kettle?")) is None


def test_first_message_is_never_completed() -> None:
    """Without a conversation there is nothing to carry over."""
    assert complete("and for opened ones?", []) is None


def test_message_as_typed_is_always_searched() -> None:
    """The completed wording is searched beside the typed one, never instead of it."""
    understood = understand("and for opened ones?", customer("How long can I return a kettle?"))
    assert understood.queries[0] == "and for opened ones?"
    assert len(understood.queries) == 2


def test_language_without_letters_is_that_of_the_conversation() -> None:
    """A bare "2?" after a Chinese question is answered in Chinese."""
    assert understand("2?", customer("可以退几件？")).language == "zh"
    assert understand("2?", []).language == "en"
