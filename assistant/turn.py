"""One customer message becomes one answer: the journey, read from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.generate import Generator
from assistant.phrases import phrase
from assistant.settings import Settings
from assistant.types import Answer, Citation, Message, Outcome, Quote, Sentence, Understanding
from assistant.understand import understand
from kb.knowledge_base import KnowledgeBase
from kb.search import Retrieval
from kb.types import Filters, Hit

_HITS = 10  # searched for a turn
_TOPICS = 3  # named when nothing answers


class Assistant:
    """Answers from the knowledge base, or says that it cannot."""

    def __init__(self, settings: Settings, knowledge_base: KnowledgeBase, generator: Generator) -> None:
        self._settings, self._knowledge_base, self._generator = settings, knowledge_base, generator

    def reply(self, message: str, history: Sequence[Message] = (), filters: Filters = Filters()) -> Answer:
        """Answer one message of a customer.

        Args:
            message: as typed.
            history: the conversation so far, oldest first.
            filters: what this customer may see.
        """
        understanding = understand(message, history)
        if not message.strip():
            return self._empty(understanding)
        retrieval = self._knowledge_base.search(understanding.queries, _HITS, filters)
        if not retrieval.hits or retrieval.answerable < self._settings.min_answerable:
            return _abstain(understanding, retrieval)
        quotes = self._generator.generate(understanding, retrieval.hits)
        if not quotes:
            return _abstain(understanding, retrieval)
        return _compose(understanding, retrieval, quotes)

    def _empty(self, understanding: Understanding) -> Answer:
        example = "怎么退货？" if understanding.language == "zh" else "How do I return an item?"
        text = phrase("empty", understanding.language, example=example)
        return Answer(Outcome.CLARIFY, text, (), 0.0, understanding.language, understanding, (), 0)


def _compose(understanding: Understanding, retrieval: Retrieval, quotes: Sequence[Quote]) -> Answer:
    """Join the quotes; each carries the number of its citation."""
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for number, quote in enumerate(quotes, 1):
        chunk = quote.hit.chunk
        citations.append(
            Citation(
                number, chunk.document_uri, chunk.record_id, chunk.title, chunk.page, chunk.headings, quote.words,
                chunk.start + quote.start, chunk.start + quote.end, retrieval.version,
            )
        )  # fmt: skip
        sentences.append(Sentence(quote.text, (number,)))
    text = "\n".join(f"{s.text} [{s.citations[0]}]" for s in sentences)
    return Answer(
        Outcome.ANSWERED, text, tuple(citations), retrieval.answerable, understanding.language,
        understanding, retrieval.hits, retrieval.version, tuple(sentences),
    )  # fmt: skip


def _abstain(understanding: Understanding, retrieval: Retrieval) -> Answer:
    """Say that the documents do not tell, and what comes nearest."""
    language = understanding.language
    lines = [phrase("not_found", language)]
    topics = list(dict.fromkeys(_topic(hit) for hit in retrieval.hits))[:_TOPICS]
    if topics:
        lines.append(phrase("nearest", language, topics=("、" if language == "zh" else "; ").join(topics)))
    text = ("" if language == "zh" else " ").join(lines)
    return Answer(
        Outcome.ABSTAINED,
        text,
        (),
        retrieval.answerable,
        language,
        understanding,
        retrieval.hits,
        retrieval.version,
    )


def _topic(hit: Hit) -> str:
    chunk = hit.chunk
    return chunk.question or (f"{chunk.title}, {chunk.headings[-1]}" if chunk.headings else chunk.title)
