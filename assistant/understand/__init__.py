"""What a message means: its language, and the question it asks when it is read with the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Message, Understanding
from assistant.understand.rewrite import complete
from kb.text import detect_language


def understand(message: str, history: Sequence[Message]) -> Understanding:
    """Return what the customer asks, standing alone."""
    language = detect_language(message)
    if not language:
        language = next((found for m in reversed(history) if (found := detect_language(m.text))), "en")
    completed = complete(message, history)
    queries = (message,) if completed is None else (message, completed)
    return Understanding(message, language, queries)
