"""The nouns of an audit: frozen values, written as JSON lines and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from assistant.types import Answer, Message


@dataclass(frozen=True, slots=True)
class Gold:
    """What is known to be right about a question; empty where nothing is known.

    Attributes:
        answerable: whether the documents answer it; None = not known.
        documents: ends of the paths of documents that answer it, any of them will do.
        records: of those of the documents that have records: their ids, or a field that no other record has.
        words: each group must be in the answer by one of its wordings.
    """

    answerable: bool | None = None
    documents: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of an audit.

    Attributes:
        id: unique in the run.
        text: as the customer typed it.
        history: the conversation before it, oldest first.
        groups: what rates are told apart by: ``language``, ``topic``, ``channel`` and other fields asked for.
        gold: what is known to be right.
        given: the answer as it was recorded; None: it is asked now.
        brand: whose documents are asked; empty: as the settings say.
    """

    id: str
    text: str
    history: tuple[Message, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    gold: Gold = Gold()
    given: Answer | None = None
    brand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedClaim:
    """A statement of an answer and what the judges say of it.

    Attributes:
        text: the statement.
        sentence: 0-based place of its sentence in the answer.
        supported: whether the sources cited by its sentence say so.
        support: 0-1, how likely they say so.
        quote: their words that speak for or against it most.
        reason: why not supported, for people.
        second: verdict of the second judge; None without one.
    """

    text: str
    sentence: int
    supported: bool
    support: float
    quote: str = ""
    reason: str = ""
    second: bool | None = None


@dataclass(frozen=True, slots=True)
class AuditedSentence:
    """A sentence of an answer.

    Attributes:
        text: without the marks ``[n]``.
        citations: their numbers.
        supported: whether what it cites says all of it.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedCitation:
    """A citation, with the words around it as the document has them.

    Attributes:
        number: as in the answer.
        document_uri: where the document can be opened.
        record_id: the record in it, None for a whole file.
        title: the document's.
        page: 1-based page, slide or sheet; None where the format has none.
        headings: above the quote, outermost first.
        quote: the cited words.
        before: of the document's text, up to the quote.
        after: the quote.
        version: of the knowledge base.
        needed: whether a sentence that is supported would not be without it, or rests on it alone.
    """

    number: int
    document_uri: str
    record_id: str | None
    title: str
    page: int | None
    headings: tuple[str, ...]
    quote: str
    before: str
    after: str
    version: int
    needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedAnswer:
    """One question, what was answered, and what was measured of it. All texts are redacted.

    Attributes:
        id: of the question.
        question: as typed.
        groups: what rates are told apart by; ``version`` and ``outcome`` are among them.
        outcome: how the turn ended; ``failed`` where it raised an error.
        text: the reply.
        confidence: 0-1, how likely the documents answer the question.
        version: of the knowledge base.
        sentences: of the reply, in order.
        claims: in order.
        citations: in order of their numbers.
        documents: uris cited, each once.
        found: uris of the hits, each once, best first.
        measures: metric -> numerator and denominator of this answer; left out where it says nothing.
        seconds: that the answer took, without its audit.
        error: name and message of what went wrong; empty if nothing did.
    """

    id: str
    question: str
    groups: Mapping[str, str]
    outcome: str
    text: str
    confidence: float
    version: int
    sentences: tuple[AuditedSentence, ...] = ()
    claims: tuple[AuditedClaim, ...] = ()
    citations: tuple[AuditedCitation, ...] = ()
    documents: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    measures: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Return what ``kb.terminal.plain`` wrote."""
        fields = dict(row)
        fields["sentences"] = tuple(
            AuditedSentence(s["text"], tuple(s["citations"]), s["supported"]) for s in row["sentences"]
        )
        fields["claims"] = tuple(AuditedClaim(**claim) for claim in row["claims"])
        fields["citations"] = tuple(
            AuditedCitation(**{**citation, "headings": tuple(citation["headings"])})
            for citation in row["citations"]
        )
        fields["documents"] = tuple(row["documents"])
        fields["found"] = tuple(row["found"])
        fields["measures"] = {name: (pair[0], pair[1]) for name, pair in row["measures"].items()}
        return cls(**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What an audit run is about.

    Attributes:
        name: of the run, and of its folder.
        created_at: UTC, ISO 8601.
        source: where the questions are from, for people.
        digest: of the questions, so that only the same run is resumed.
        questions: number of them.
        version: of the knowledge base they were asked at; 0: each recorded answer has its own.
        seed: of the sample.
        sampling: how the sample was drawn, for people.
        judge: name of the first judge.
        second: name of the second judge, empty without one.
        assistant: what answered: the embedder's fingerprint, the generator, the thresholds.
    """

    name: str
    created_at: str
    source: str
    digest: str
    questions: int
    version: int
    seed: int
    sampling: str
    judge: str
    second: str
    assistant: str
