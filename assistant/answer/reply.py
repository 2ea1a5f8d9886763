"""Statements become a reply: numbered citations, and pieces that can be shown one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.types import Answer, Citation, Outcome, Quote, Released, Sentence, Statement, Understanding
from kb.search.search import Retrieval
from kb.types import Hit


class Reply:
    """A reply that grows; what was added is not taken back.

    Attributes:
        citations: in order of their numbers.
        sentences: what was stated, in order.
    """

    def __init__(self, version: int) -> None:
        self._version = version
        self._pieces: list[str] = []
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []
        self.sentences: list[Sentence] = []

    @property
    def text(self) -> str:
        """All of it so far."""
        return "".join(self._pieces)

    def state(self, statement: Statement) -> Released:
        """Add a statement with the numbers of its citations."""
        known = len(self.citations)
        numbers = tuple(dict.fromkeys(self._number(quote) for quote in statement.quotes))
        self.sentences.append(Sentence(statement.text, numbers, statement.verdicts))
        marks = "".join(f" [{number}]" for number in numbers)
        return self._release(statement.text + marks, statement.joint, self.citations[known:])

    def say(self, text: str) -> Released:
        """Add words of the assistant's own, which claim nothing of the company."""
        return self._release(text, "\n", ())

    def _release(self, text: str, joint: str, citations: Sequence[Citation]) -> Released:
        piece = joint + text if self._pieces else text
        self._pieces.append(piece)
        return Released(piece, tuple(citations))

    def _number(self, quote: Quote) -> int:
        chunk = quote.hit.chunk
        place = (chunk.id, quote.start, quote.end)
        if place not in self._numbers:
            number = self._numbers[place] = len(self.citations) + 1
            self.citations.append(
                Citation(
                    number=number,
                    document_uri=chunk.document_uri,
                    record_id=chunk.record_id,
                    title=chunk.title,
                    page=chunk.page,
                    headings=chunk.headings,
                    quote=quote.words,
                    start=chunk.start + quote.start,
                    end=chunk.start + quote.end,
                    version=self._version,
                )
            )
        return self._numbers[place]


def answered(understanding: Understanding, reply: Reply, hits: Sequence[Hit], best: Retrieval) -> Answer:
    """Return the answer that a reply has become.

    Args:
        understanding: of the message.
        reply: with all of its sentences.
        hits: that were found, best first.
        best: what was found for the question that is answered most likely.
    """
    return Answer(
        outcome=Outcome.ANSWERED,
        text=reply.text,
        citations=tuple(reply.citations),
        confidence=best.answerable,
        language=understanding.language,
        understanding=understanding,
        hits=tuple(hits),
        version=best.version,
        sentences=tuple(reply.sentences),
    )


def stating_nothing(
    understanding: Understanding, outcome: Outcome, text: str, retrieval: Retrieval | None = None
) -> Iterator[Released | Answer]:
    """Yield an answer that states nothing of the company: an abstention, a question back, a greeting.

    Args:
        understanding: of the message.
        outcome: how the turn ends.
        text: what is said.
        retrieval: what was found; None where nothing was searched.
    """
    yield Released(text)
    yield Answer(
        outcome=outcome,
        text=text,
        citations=(),
        confidence=retrieval.answerable if retrieval else 0.0,
        language=understanding.language,
        understanding=understanding,
        hits=retrieval.hits if retrieval else (),
        version=retrieval.version if retrieval else 0,
    )
