"""Conversations as files have them: ``{"id", "text", "history"?: [{"role", "text"}], "brand"?}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.types import Message

_ROLES = {"user": "customer", "agent": "assistant"}


def read_brand(row: Mapping[str, Any]) -> str:
    """Return the brand that a row is asked of, an empty string where it names none.

    Raises:
        ValueError: it is no text; the message says what was seen.
    """
    brand = row.get("brand") or ""
    if not isinstance(brand, str):
        raise ValueError(f"brand is {str(brand)[:40]!r}: the name of a brand was wanted")
    return brand.strip()


def read_history(row: Mapping[str, Any]) -> list[Message]:
    """Return the messages before a row's own; ``user`` is read as customer, ``agent`` as assistant.

    Raises:
        ValueError: they are no list of objects with a role and a text; the message says what was seen.
    """
    history = row.get("history") or []
    if not isinstance(history, list):
        raise ValueError(f"history is {str(history)[:40]!r}: a list of {{'role', 'text'}} was wanted")
    messages = []
    for number, said in enumerate(history, 1):
        role, text = (said.get("role"), said.get("text")) if isinstance(said, Mapping) else (None, None)
        if not isinstance(role, str) or not isinstance(text, str):
            raise ValueError(f"message {number} of the history is {str(said)[:40]!r}: role and text were wanted")
        messages.append(Message(_ROLES.get(role, role), text))
    return messages
