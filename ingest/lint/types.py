"""The nouns of a lint of the documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from kb.identity import digest
from kb.types import Chunk, Labels


class Severity(IntEnum):
    """How much a finding matters; higher matters more."""

    INFO = 1
    """Worth knowing."""
    WARNING = 2
    """Customers may get a worse answer."""
    ERROR = 3
    """Customers may get a wrong answer."""


class FindingKind(StrEnum):
    """What a finding is about."""

    DUPLICATE_DOCUMENT = "duplicate_document"
    NEAR_DUPLICATE_DOCUMENT = "near_duplicate_document"
    DUPLICATE_PASSAGE = "duplicate_passage"
    DIFFERENT_ANSWERS = "different_answers"
    CONFLICT = "conflict"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    UNKNOWN_SUPERSEDED = "unknown_superseded"
    NEVER_VALID = "never_valid"
    NO_TEXT = "no_text"
    LOST_HEADERS = "lost_headers"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintDocument:
    """A document as lint looks at it.

    Attributes:
        uri: its address.
        file_uri: the file to fix.
        title: its title.
        text: its whole text.
        labels: what it says about itself.
        warnings: what its loader could not read.
        chunks: in order.
    """

    uri: str
    file_uri: str
    title: str
    text: str
    labels: Labels = field(default_factory=Labels)
    warnings: tuple[str, ...] = ()
    chunks: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document that a finding points to.

    Attributes:
        document_uri: the document.
        file_uri: the file to fix.
        page: 1-based; None where the format has none.
        text: the words.
    """

    document_uri: str
    file_uri: str
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that somebody should look at.

    Attributes:
        kind: what it is about.
        severity: how much it matters.
        sentence: what was seen and what to do.
        quotes: the words it points to; both sides of a conflict.
    """

    kind: FindingKind
    severity: Severity
    sentence: str
    quotes: tuple[Quote, ...]

    @property
    def id(self) -> str:
        """The same for the same finding about the same words, whatever else is in the documents."""
        sides = sorted(f"{quote.document_uri}\n{quote.text}" for quote in self.quotes)
        return digest("finding", self.kind, *sides)[:12]
