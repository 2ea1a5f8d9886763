"""Settings of the assistant: those of the knowledge base and its own."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from kb.settings import KnowledgeSettings

MIN_ANSWERABLE = 0.4
"""Where it is neither set nor calibrated; ``bench_questions.py`` shows what it refuses."""

REGIONS = ("CN", "HK", "TW", "SG", "MY", "US", "GB", "AU", "IN", "DE", "FR", "JP", "KR")
"""Whose national telephone numbers are recognised; with the country's number (+49 …) those of all are."""


class Settings(KnowledgeSettings):
    """What the assistant needs to know; each field is also ``FAQ_<NAME>`` in the environment.

    Attributes:
        min_answerable: questions that the documents answer with a lower probability are not answered, 0-1; None:
            what ``faq calibrate`` chose, else ``MIN_ANSWERABLE``.
        max_quotes: sentences or stretches in an extractive answer, at most.
        chat_model: ``openai:MODEL``, ``anthropic:MODEL``, ``ollama:MODEL`` or whatever LangChain's
            ``init_chat_model`` opens; empty: answers are quotes.
        chat_base_url: of an OpenAI-compatible server, ending in ``/v1``; ``chat_model`` is then the model's name.
        chat_api_key: for the chat model; empty: what the provider's own variable says.
        chat_seconds: that a chat model may take for an answer, all attempts together.
        chat_tokens: that it may write for an answer.
        chat_sources: characters of documents that it is shown; fewer for a model that reads slowly or little.
        chat_retries: further attempts after one that failed before anything went out.
        contact: how a customer reaches a person, named when the documents do not tell; empty: said in general.
        record: keep every answer with what it rests on in ``home``, for audits.
        redact_regions: whose national telephone numbers are taken out of what is kept, ISO 3166; in the
            environment with commas between them. With the country's number (+49 …) those of every country are.
    """

    min_answerable: float | None = None
    max_quotes: int = 3
    chat_model: str = ""
    chat_base_url: str = ""
    chat_api_key: str = Field("", repr=False)
    chat_seconds: float = Field(30.0, gt=0)
    chat_tokens: int = Field(600, ge=1)
    chat_sources: int = Field(9000, ge=200)
    chat_retries: int = Field(2, ge=0, le=10)
    contact: str = ""
    record: bool = True
    redact_regions: Annotated[tuple[str, ...], NoDecode] = REGIONS

    @field_validator("redact_regions", mode="before")
    @classmethod
    def _regions(cls, value: object) -> object:
        """Take a list, or regions with commas between them."""
        named = re.findall(r"\w+", value.upper()) if isinstance(value, str) else value
        if isinstance(named, list | tuple) and (
            wrong := [n for n in named if not re.fullmatch("[A-Z]{2}", str(n))]
        ):
            raise ValueError(f"{wrong[0]!r} is no region: write two capitals, CN, US, GB")
        return named
