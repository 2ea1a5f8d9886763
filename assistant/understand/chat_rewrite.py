"""A follow-up message becomes a question that stands alone, by a chat model."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.chat_model import ChatModel
from assistant.guard.fence import Fence
from assistant.types import Message
from assistant.understand.rewrite import complete
from kb.guard.planted import is_planted
from kb.language.text import terms

_TURNS = 6
_MESSAGE = 400  # characters of a message that are shown
_LONGEST = 300  # characters of a question
# Chosen.
_KNOWN_SHARE = 0.5  # of the question's terms that must stand in the conversation: it carries over, it adds nothing
_RULES = """Rewrite the customer's last message as one question that can be understood without the conversation.
Write the question and nothing else, in the language of that message.
{fence}"""


class ChatRewrite:
    """Completes messages that lean on the conversation."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    def __call__(self, message: str, history: Sequence[Message]) -> str | None:
        """Return the question standing alone; None where the message stands alone already.

        Raises:
            ChatModelError: the model failed.
        """
        plain = complete(message, history)
        if plain is None:
            return None
        fence = Fence()
        talk = "\n".join(f"{m.role}: {m.text[:_MESSAGE]}" for m in history[-_TURNS:])
        data = fence.around(f"{talk}\ncustomer: {message[:_MESSAGE]}")
        written = "".join(self._model.stream([("system", _RULES.format(fence=fence.rule)), ("human", data)]))
        question = written.strip().strip("\"'“”").strip()
        return question if _carries_over(question, f"{talk} {message}") else plain


def _carries_over(question: str, conversation: str) -> bool:
    """Tell whether a question is one line, of words that were said."""
    if not question or "\n" in question or len(question) > _LONGEST or is_planted(question):
        return False
    asked, said = set(terms(question)), set(terms(conversation))
    return len(asked & said) >= _KNOWN_SHARE * len(asked)
