"""The one place where the parts are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.generate.extractive import Extractive
from assistant.settings import Settings
from assistant.turn import Assistant
from kb.knowledge_base import open_knowledge_base


@contextmanager
def open_assistant(settings: Settings) -> Iterator[Assistant]:
    """Open the knowledge base of ``settings`` and build the assistant on it."""
    with open_knowledge_base(settings) as knowledge_base:
        yield Assistant(settings, knowledge_base, Extractive(knowledge_base.embedder, settings.max_quotes))
