"""A follow-up message becomes a question that stands alone, without a chat model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.table.fields import spoken_of
from assistant.types import Message
from assistant.understand.parts import asks_something
from assistant.understand.small_talk import small_talk
from kb.language.text import detect_language, terms
from kb.language.words import Words

_WHOLE = {"en": 3, "zh": 2}  # chosen: telling terms of a question that needs nothing from before it
_SHORT = 9  # terms; a message with fewer says too little to be searched on its own

# It opens as a follow-up, or points back to something.
_FOLLOWS = re.compile(
    r"""^\s*(?:and|but|or|so|also|what\ about|how\ about|what\ if|in\ that\ case|then|yes|no|ok|okay|sure)\b
      | ^\s*(?:那么?|还有|另外|如果|要是|可是|但是?|而|是的?|不是|对|好的?|還有)
      | \b(?:it|its|they|them|their|that|this|those|these|one|ones|there|the\ same|instead|else)\b
      | 它|他们|她们|这个|那个|这种|那种|这样|那样|上面|刚才|同样|這個|那個|這種|那種|這樣|那樣|呢[？?]?\s*$
    """,
    re.IGNORECASE | re.VERBOSE,
)

_CORRECTS = Words(
    *(f"{no}{opening}" for no in ("", "no ", "no, ", "nope, ", "sorry, ", "no no, ", "not that, ", "wrong, ")
      for opening in ("i meant", "i mean", "what i meant is", "what i meant was", "i was asking about",
      "i was asking", "i am asking about", "i'm asking about", "i asked about", "i am talking about",
      "i'm talking about", "i was talking about", "my question is", "my question was")),
    *(f"{no}{gap}{opening}" for no in ("", "不", "不是", "不对", "错了", "不是的", "不是这个") for gap in ("",
    "，", ",", " ", "！", "。")
      for opening in ("我是说", "我说的是", "我是问", "我问的是", "我的意思是", "我想问的是", "我要问的是",
      "我指的是", "我是指")),
)  # fmt: skip
"""What opens a message that says what was meant instead."""


def without_correction(message: str) -> str:
    """Return what a message says that its writer meant; empty where it corrects nothing.

    >>> without_correction("No, I meant the extended one"), without_correction("不是，我是说信用卡")
    ('the extended one', '信用卡')
    """
    opening = _CORRECTS.match(message)
    return message[opening.end() :].strip(" ,，:：") if opening else ""


def changes_topic(message: str, history: Sequence[Message]) -> bool:
    """Tell whether a message is a whole question, none of whose telling words was said before.

    Between languages words cannot be compared: there it is taken to go on. What was meant instead of what was
    understood changes the topic, where it can be read on its own.
    """
    if meant := without_correction(message):
        return complete(meant, history) is None
    if _FOLLOWS.search(message) or not asks_something(message):
        return False
    language = detect_language(message)
    own = spoken_of(message)
    before = [m.text for m in history if not small_talk(m.text)]
    if any(detect_language(text) not in (language, "") for text in before):
        return False
    return len(own) >= _WHOLE.get(language, _SHORT) and own.isdisjoint(spoken_of("\n".join(before)))


def complete(message: str, history: Sequence[Message]) -> str | None:
    """Return the message with what it lacks, carried over from the conversation; None if it lacks nothing.

    What the customer asked last is put before the message, and before that what it leaned on itself: "How much is
    delivery?", "And to islands?", "What about sofas?" asks how much the delivery of sofas is.
    """
    if small_talk(message):
        return None
    if meant := without_correction(message):
        return complete(meant, history) or meant
    asked = [m.text for m in history if m.role == "customer" and not small_talk(m.text)]
    if not asked or changes_topic(message, history):
        return None
    if not _FOLLOWS.search(message) and len(terms(message)) >= _SHORT:
        return None
    whole = next((text for text in reversed(asked) if not _FOLLOWS.search(text)), asked[-1])
    return " ".join(dict.fromkeys([whole, asked[-1], message]))
