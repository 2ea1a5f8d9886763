"""What a message means: its language, and the question it asks when it is read with the conversation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.types import Message, Understanding, Wish
from assistant.understand.parts import split_questions
from assistant.understand.rewrite import changes_topic, complete
from assistant.understand.wish import last_question, read_wish
from kb.language.text import detect_language

_MARK = re.compile(r"\s*\[\d+\]")
_CONTEXT = 4  # messages before the customer's that are searched with it

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
        context = about.context
        if wish in (Wish.CHINESE, Wish.ENGLISH):
            language = "zh" if wish is Wish.CHINESE else "en"
            context = "\n".join([about.queries[-1], last_answer(history)])  # what it should say over again
        elif wish is Wish.SHORTER:
            language = about.language
        return Understanding(
            message=message,
            language=language,
            queries=about.queries,
            parts=about.parts,
            wish=wish,
            context=context,
        )
    completed = rewrite(message, history)
    queries = (message,) if completed is None or completed == message else (message, completed)
    parts = split_questions(message) if completed is None else ()
    return Understanding(
        message=message,
        language=language,
        queries=queries,
        parts=parts,
        wish=None,
        context=_context(message, history),
    )


def _context(message: str, history: Sequence[Message]) -> str:
    """Return the message and the last messages before it, the latest first: the end is what a model cuts off.

    A message that changes the topic has none.
    """
    if changes_topic(message, history):
        return ""
    before = [m.text.strip() for m in reversed(history[-_CONTEXT:])]
    return "\n".join([message, *before]) if before and message.strip() else ""


def last_answer(history: Sequence[Message]) -> str:
    """Return what the assistant said last, without marks ``[n]``."""
    return next((_MARK.sub("", m.text) for m in reversed(history) if m.role == "assistant"), "").strip()


def _language(message: str, history: Sequence[Message]) -> str:
    language = detect_language(message)
    if not language:
        language = next((found for m in reversed(history) if (found := detect_language(m.text))), "en")
    return language
