"""``faq chat``: several turns at a prompt."""

from __future__ import annotations

from assistant.commands.options import Seen, narrowed
from assistant.settings import Settings
from kb.terminal import exit_codes


@narrowed
def chat(seen: Seen) -> None:
    """Talk with the assistant in this terminal, several turns."""
    from assistant.app import open_assistant
    from assistant.channels.terminal import converse

    with exit_codes(), open_assistant(Settings.load()) as assistant:
        converse(assistant, assistant.for_brand(seen.filters), any_day=seen.any_day)
