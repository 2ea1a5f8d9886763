"""Follow-up messages are completed from the conversation, others are left alone."""

import pytest

from assistant.types import Message
from assistant.understand.rewrite import changes_topic, complete
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


SKIING = ("Does the insurance cover skiing?", "Skiing is covered in the plans Alpine and Summit.")
LOST = ("我的水壶盖丢了怎么办", "可以单买一个壶盖，十五元。")


@pytest.mark.parametrize(
    ("before", "message", "changed"),
    [
        (SKIING, "Who painted the Night Watch?", True),
        (SKIING, "do you sell garden furniture", True),
        (SKIING, "what time does your Harbour shop open on Sundays", True),
        (SKIING, "How do I reset my account password?", True),
        (SKIING, "and diving?", False),
        (SKIING, "what about broken legs", False),
        (SKIING, "which is cheaper", False),
        (SKIING, "how much does the Summit plan cost a week", False),
        (SKIING, "how much is it", False),
        (SKIING, "and for large ones?", False),
        (LOST, "谁发明了电话", True),
        (LOST, "你们卖花园家具吗", True),
        (LOST, "要收多少钱", False),
        (LOST, "那壶身呢", False),
        (LOST, "多久能到", False),
        (LOST, "壶盖有几种颜色", False),
        (LOST, "do you sell garden furniture", False),
    ],
)  # fmt: skip
def test_an_unrelated_question_changes_the_topic(before: tuple[str, str], message: str, changed: bool) -> None:
    """A whole question of which nothing was spoken before is read alone; whatever may lean on it is not."""
    history = [Message("customer", before[0]), Message("assistant", before[1])]
    assert changes_topic(message, history) is changed
    understood = understand(message, history)
    assert (understood.context == "") is changed
    if changed:
        assert understood.queries == (message,)


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("No, I meant the steel one", "How long is the kettle guaranteed? the steel one"),
        ("no I was asking about returns by post", "How long is the kettle guaranteed? returns by post"),
        ("no, i mean how do I order a spare lid", "how do I order a spare lid"),
        ("不是，我是说钢的那种", "How long is the kettle guaranteed? 钢的那种"),
        ("不对 我是说水壶进水了谁赔", "水壶进水了谁赔"),
        ("我问的是壶盖多少钱一个", "壶盖多少钱一个"),
    ],
)
def test_what_was_meant_takes_the_place_of_what_was_understood(message: str, question: str) -> None:
    """A correction is read without its opening, with the question before it only where it lacks one."""
    assert complete(message, customer("How long is the kettle guaranteed?")) == question
