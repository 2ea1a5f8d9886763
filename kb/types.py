"""The nouns of the knowledge base: frozen values handed from step to step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class SectionKind(StrEnum):
    """What a section (and a chunk cut from it) is."""

    PROSE = "prose"
    """Paragraphs and lists; may be cut at sentence ends."""
    QUESTION_ANSWER = "question_answer"
    """A stored question with its answer; the question is in ``Section.question``."""
    TABLE_ROW = "table_row"
    """One row, written as ``Header: value; Header: value``; never cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    r"""A stretch of a document under one heading, before chunking.

    Attributes:
        text: cleaned text, lines separated by ``\\n``, paragraphs by ``\\n\\n``; not empty.
            For a question-answer pair the answer alone; for a table row ``Header: value; …``.
        headings: titles above it, outermost first, without the document's own title.
        page: 1-based page (PDF), slide or sheet number; None where the format has none.
        kind: prose, question-answer pair or table row.
        question: the stored question of a question-answer pair, else None.
    """

    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None
    kind: SectionKind = SectionKind.PROSE
    question: str | None = None


class Trust(StrEnum):
    """Whose words a document holds; said where it is loaded, never by the document itself."""

    REVIEWED = "reviewed"
    """The company's own, read by somebody before they were loaded."""
    CRAWLED = "crawled"
    """Of a page that was fetched: others may write there, too."""
    CUSTOMERS = "customers"
    """Of customers or strangers: mails, tickets, chats, a forum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a document says about itself, which filters read, and how far it is trusted.

    Attributes:
        audience: who may see it; empty means everyone.
        brand: whose it is, where several companies, brands or shops share an installation; empty means all.
        product: product line or code; empty means none in particular.
        language: ``en``, ``zh`` or another ISO 639-1 code; empty means not told (it is detected).
        valid_from: first day it applies, None = always.
        valid_until: last day it applies (inclusive), None = open.
        supersedes: uris or titles of documents that this one replaces.
        extra: any further field of a record, as text.
        trust: whose words they are; from where it was loaded, not from the document.
    """

    audience: str = ""
    brand: str = ""
    product: str = ""
    language: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    supersedes: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    trust: Trust = Trust.REVIEWED


class Omitted(StrEnum):
    """Why something that stands in a file is in none of its documents."""

    HIDDEN = "hidden"
    """Text that no reader sees: white, tiny, hidden rows and sheets. Counted in characters, as the next ones."""
    STRUCK = "struck"
    """Struck-through text: no longer valid."""
    DELETED = "deleted"
    """Tracked deletions."""
    COMMENTS = "comments"
    """Comments of reviewers, speaker notes."""
    PHONETIC = "phonetic"
    """Reading aids above characters (ruby)."""
    QUOTED = "quoted"
    """What a mail quotes of mails that the mail before it quoted already."""
    SURROUNDINGS = "surroundings"
    """Menus, banners and footers around the text."""
    PICTURES = "pictures"
    """Pictures without text or description. Counted one by one, as the next ones."""
    DRAFTS = "drafts"
    """Records and pages that are not published."""
    UNKNOWN = "unknown"
    """Elements that the loader does not know."""
    LOST = "lost"
    """Words that another reader of the same file finds and the loader does not account for."""


@dataclass(frozen=True, slots=True)
class Omission:
    """What a loader met and did not take.

    Attributes:
        reason: why.
        count: characters without white space, or things: see ``reason``.
        text: the words themselves, or the name of what was not known; empty where there are none to compare.
    """

    reason: Omitted
    count: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a customer could open: a file, a page, or one record of a record file.

    Attributes:
        uri: unique address; ``<file>`` or ``<file>#<record id>``.
        title: shown in citations; never empty.
        sections: in reading order; at least one.
        record_id: the record's id inside its file, None for a whole file.
        labels: audience, brand, language, validity and the like.
        warnings: what the loader could not read, one sentence each ("page 3 has no text").
        omitted: what the loader met and did not take; reported with the load, not kept.
    """

    uri: str
    title: str
    sections: tuple[Section, ...]
    record_id: str | None = None
    labels: Labels = Labels()
    warnings: tuple[str, ...] = ()
    omitted: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """The unit that is embedded, searched and cited.

    Attributes:
        id: computed from document id and content (``kb.identity``).
        document_id: computed from the document's uri.
        document_uri: where it can be opened.
        title: the document's title.
        text: exactly ``document text[start:end]``.
        position: 0-based place among the document's chunks.
        start: character offset in the document's text, 0-based.
        end: offset after the last character.
        headings: titles above it, outermost first.
        page: 1-based page, slide or sheet; None where the format has none.
        kind: prose, question-answer pair or table row.
        question: the stored question it answers, else None.
        language: ``en``, ``zh`` or another ISO 639-1 code.
        record_id: the record it came from, else None.
        labels: the document's labels.
    """

    id: str
    document_id: str
    document_uri: str
    title: str
    text: str
    position: int
    start: int
    end: int
    headings: tuple[str, ...] = ()
    page: int | None = None
    kind: SectionKind = SectionKind.PROSE
    question: str | None = None
    language: str = ""
    record_id: str | None = None
    labels: Labels = Labels()


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search found.

    Attributes:
        chunk: what was found.
        score: fused score, higher is better; comparable within one search only.
        similarity: cosine between query and chunk, -1 to 1; None when not known.
        lexical: BM25 score, 0 or more; None when the lexical index did not return it.
    """

    chunk: Chunk
    score: float
    similarity: float | None = None
    lexical: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search may see.

    Attributes:
        audience: chunks for this audience or for everyone; None = only those for everyone.
        brand: chunks of this brand and those that all brands share; None = the one brand there is. Where there are
            several, ``kb.brands`` refuses to search without one; the catalogue itself then gives only shared ones.
        product: this product or none in particular; None = all.
        language: only this language; None = all.
        on: only documents valid on this day; None = validity is not looked at.
        version: the knowledge base as of this version; None = the published one.
    """

    audience: str | None = None
    brand: str | None = None
    product: str | None = None
    language: str | None = None
    on: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One published state of the knowledge base.

    Attributes:
        number: 1, 2, 3 … in order of publication.
        published_at: UTC.
        note: what made it ("ingest data/", "rollback to 3").
        documents: documents visible at this version.
        chunks: chunks visible at this version.
        added: documents added since the version before.
        changed: documents changed since the version before.
        removed: documents removed since the version before.
        fingerprint: of the embedder that made the vectors.
    """

    number: int
    published_at: datetime
    note: str
    documents: int
    chunks: int
    added: int
    changed: int
    removed: int
    fingerprint: str
