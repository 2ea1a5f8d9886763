"""``faq chat``: several turns at a prompt."""

from __future__ import annotations

from assistant.commands.options import (
    TODAY,
    Audience,
    Language,
    On,
    Product,
    build_filters,
    looks_at_days,
)
from assistant.settings import Settings
from kb.terminal import exit_codes


def chat(
    on: On = TODAY,
    audience: Audience = None,
    product: Product = None,
    language: Language = None,
) -> None:
    """Talk with the assistant in this terminal, several turns."""
    from assistant.app import open_assistant
    from assistant.channels.terminal import converse

    filters = build_filters(on, audience, product, language)
    with exit_codes(), open_assistant(Settings.load()) as assistant:
        converse(assistant, filters, any_day=not looks_at_days(on))
