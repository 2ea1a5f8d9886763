"""Settings of the assistant: those of the knowledge base and its own."""

from __future__ import annotations

from pydantic import Field

from kb.settings import KnowledgeSettings

MIN_ANSWERABLE = 0.4
"""Where it is neither set nor calibrated; ``bench_questions.py`` shows what it refuses."""


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
