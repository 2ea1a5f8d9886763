"""A follow-up message becomes a question that stands alone, without a chat model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.types import Message
from assistant.understand.small_talk import small_talk
from kb.language.text import terms

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


def complete(message: str, history: Sequence[Message]) -> str | None:
    """Return the message with what it lacks, carried over from the conversation; None if it lacks nothing.

    What the customer asked last is put before the message, and before that what it leaned on itself: "How much is
    delivery?", "And to islands?", "What about sofas?" asks how much the delivery of sofas is.
    """
    if small_talk(message):
        return None
    asked = [m.text for m in history if m.role == "customer" and not small_talk(m.text)]
    if not asked or not (_FOLLOWS.search(message) or len(terms(message)) < _SHORT):
        return None
    whole = next((text for text in reversed(asked) if not _FOLLOWS.search(text)), asked[-1])
    return " ".join(dict.fromkeys([whole, asked[-1], message]))
