"""Settings of the assistant: those of the knowledge base and its own."""

from __future__ import annotations

from kb.settings import KnowledgeSettings


class Settings(KnowledgeSettings):
    """What the assistant needs to know; each field is also ``FAQ_<NAME>`` in the environment.

    Attributes:
        min_answerable: questions that the documents answer with a lower probability are not answered, 0-1.
        max_quotes: sentences or stretches in an extractive answer, at most.
    """

    min_answerable: float = 0.4
    max_quotes: int = 3
