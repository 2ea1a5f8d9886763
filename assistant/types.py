"""The nouns of a conversation: frozen values handed from step to step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kb.types import Filters, Hit

LONGEST_MESSAGE = 10_000
"""Characters of a customer's message: a letter of four pages."""


class Outcome(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    CLARIFY = "clarify"
    ACTED = "acted"
    HANDED_OFF = "handed_off"


class Wish(StrEnum):
    """What a message wants of the answer before it."""

    SHORTER = "shorter"
    ENGLISH = "english"
    CHINESE = "chinese"
    WHERE = "where"
    YES_OR_NO = "yes_or_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where an answer's words stand.

    Attributes:
        number: 1, 2, 3 … in order of appearance in the answer.
        document_uri: where the document can be opened.
        record_id: the record inside it, None for a whole file.
        title: the document's title.
        page: 1-based page, slide or sheet; None where the format has none.
        headings: titles above the quote, outermost first.
        quote: word for word from the document.
        start: offset of the quote in the document's text, 0-based.
        end: offset after its last character.
        version: of the knowledge base.
    """

    number: int
    document_uri: str
    record_id: str | None
    title: str
    page: int | None
    headings: tuple[str, ...]
    quote: str
    start: int
    end: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A stretch of a chunk that says something about the question.

    Attributes:
        hit: the chunk it stands in, with its score.
        start: offset in the chunk's text, 0-based.
        end: offset after its last character.
        text: what the answer says: the stretch itself, for a table row the fields that matter, of a long list the
            lead-in and the item that answers.
        goes_on: whether it ends in a list of which more stands in the document than is shown.
    """

    hit: Hit
    start: int
    end: int
    text: str
    goes_on: bool = False

    @property
    def words(self) -> str:
        """The stretch, word for word."""
        return self.hit.chunk.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a customer's message means.

    Attributes:
        message: as typed.
        language: ``zh`` or ``en``: what the answer's own words are written in.
        queries: the question's wordings, the message first; a second one is the message as completed from the
            conversation.
        parts: the questions in it, each standing alone, where it asks more than one; else empty.
        wish: what it wants of the answer before it; None for a question of its own.
        context: the message and what was said before it, the latest first; empty at the beginning. Where an
            answer is wanted in another language: the question and that answer.
    """

    message: str
    language: str
    queries: tuple[str, ...]
    parts: tuple[str, ...] = ()
    wish: Wish | None = None
    context: str = ""

    @property
    def wordings(self) -> tuple[str, ...]:
        """What is searched: the question with its conversation, if any, then ``queries``."""
        return (self.context, *self.queries) if self.context else self.queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the verification says of one claim.

    Attributes:
        claim: the statement that was checked, standing in a sentence of an answer.
        supported: whether the evidence says so.
        support: 0-1, how likely the evidence says so.
        evidence: place in the evidence that was given, of what speaks for (or against) it most; None for none.
        quote: the words there, word for word; empty for none.
        reason: why not supported, for people ("the source says 30 days, not 90"); empty if supported.
    """

    claim: str
    supported: bool
    support: float
    evidence: int | None = None
    quote: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or quoted stretch) of an answer.

    Attributes:
        text: as the customer reads it, without the marks ``[n]``.
        citations: numbers of the citations it rests on.
        verdicts: one per claim; empty where it is quoted word for word.
    """

    text: str
    citations: tuple[int, ...]
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a generator has to say: one sentence or quoted stretch, with the quotes it rests on.

    Attributes:
        text: without marks ``[n]``.
        quotes: at least one if it is kept.
        verdicts: one per claim; empty where it is quoted word for word.
        kept: False for a sentence that must not go out; it is recorded.
        joint: what parts it from the statement before it.
    """

    text: str
    quotes: tuple[Quote, ...]
    verdicts: tuple[Verdict, ...] = ()
    kept: bool = True
    joint: str = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How an answer came about.

    Attributes:
        model: the chat model that was asked; empty where none is configured.
        draft: what it wrote, as it came; with every attempt of a turn that needed several.
        rejected: its sentences that did not go out, with the verdicts that kept them back.
        fallback: why the quotes were given instead of the chat model's words; empty if they were not.
        timings: steps of the turn and the seconds each took, in order.
        remarks: how the chat model answered where it needed several attempts, was slow or did not stream.
    """

    model: str = ""
    draft: str = ""
    rejected: tuple[Sentence, ...] = ()
    fallback: str = ""
    timings: tuple[tuple[str, float], ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a customer gets.

    Attributes:
        outcome: how the turn ended.
        text: the reply; ``[n]`` refers to a citation.
        citations: in order of their numbers; empty unless answered.
        confidence: 0-1, how likely the documents answer the question.
        language: of the reply's own words.
        understanding: what the message was taken to mean.
        hits: what was found, best first.
        version: of the knowledge base, 0 when nothing was searched.
        sentences: what ``text`` is made of, in order; empty unless answered.
        trace: how it came about, for audits.
    """

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...]
    confidence: float
    language: str
    understanding: Understanding
    hits: tuple[Hit, ...]
    version: int
    sentences: tuple[Sentence, ...] = ()
    trace: Trace = Trace()

    @property
    def degraded(self) -> str:
        """Why it is quotes although a chat model is configured; empty where it is not."""
        return self.trace.fallback if self.outcome is Outcome.ANSWERED else ""


@dataclass(frozen=True, slots=True)
class Released:
    """A piece of an answer that may be shown at once: it will not be taken back.

    Attributes:
        text: what follows what was released before; all pieces joined are the answer's text.
        citations: that the piece is the first to name, in order of their numbers.
    """

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    Attributes:
        role: ``customer``, ``assistant`` or ``operator``.
        text: as typed or sent.
    """

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a customer, with all that comes with it.

    Attributes:
        message: as typed.
        history: the conversation before it, oldest first.
        filters: what this customer may see; without a day documents have to be valid today.
        any_day: whether the filters, having no day, mean documents of whatever day.
        channel: where the message came from, for the record.
        conversation: its id, for the record.
        known: what the customer's account says, ``{"name": "Mei Tan", "address": …}``: kept out of the record.
    """

    message: str
    history: tuple[Message, ...] = ()
    filters: Filters = field(default_factory=Filters)
    any_day: bool = False
    channel: str = ""
    conversation: str = ""
    known: Mapping[str, str] | Iterable[str] = ()
