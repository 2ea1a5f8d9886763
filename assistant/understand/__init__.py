"""What a message means: its language, and the question it asks when it is read with the conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.types import Message, Understanding, Wish
from assistant.understand.parts import split_questions
from assistant.understand.rewrite import complete
from assistant.understand.wish import last_question, read_wish
from kb.text import detect_language

Rewrite = Callable[[str, Sequence[Message]], str | None]
"""Message and conversation -> the question standing alone; None where the message stands alone."""


def understand(message: str, history: Sequence[Message], rewrite: Rewrite = complete) -> Understanding:
    """Return what the customer asks, standing alone.

    Args:
        message: as typed.
        history: the conversation so far, oldest first.
        rewrite: completes a message that leans on the conversation.
    """
    language = _language(message, history)
    wish = read_wish(message, history)
    if wish and (asked := last_question(history)):
        about = understand(*asked, rewrite)
        if wish in (Wish.CHINESE, Wish.ENGLISH):
            language = "zh" if wish is Wish.CHINESE else "en"
        elif wish is Wish.SHORTER:
            language = about.language
        return Understanding(message, language, about.queries, about.parts, wish)
    completed = rewrite(message, history)
    queries = (message,) if completed is None or completed == message else (message, completed)
    return Understanding(message, language, queries, split_questions(message) if completed is None else ())


def _language(message: str, history: Sequence[Message]) -> str:
    language = detect_language(message)
    if not language:
        language = next((found for m in reversed(history) if (found := detect_language(m.text))), "en")
    return language
