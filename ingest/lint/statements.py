"""Sentences that state facts, and what is left of them without the facts: what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.lint.types import LintDocument, Quote
from kb.language.editions import without_edition
from kb.language.facts import Fact, Kind, facts
from kb.language.text import HAN, fold, sentence_spans, terms
from kb.types import Chunk, SectionKind

ENUMERATION = re.compile(
    r"^\s*(?:[-*•·]\s*)?(?:(?:step|section|article|chapter)\s+)?(?:[(（]?\d{1,3}(?:\.\d{1,3})*[.、．)）:：]?\s+"
    r"|[(（]\d{1,3}[)）]\s*|\d{1,3}[、．]\s*|[(（]?[一二三四五六七八九十]{1,3}[)）、]\s*"
    r"|第[一二三四五六七八九十百零\d]{1,6}[条章节款项]\s*)",
    re.IGNORECASE,
)
"""The number of an item, or of a part of a text, in front of it."""
_NAMED_BY_NUMBER = re.compile(
    r"(?:sections?|schedules?|clauses?|articles?|appendix|annex|exhibit|tables?|figures?|chapters?|parts?|steps?|pages?"
    r"|versions?|modules?|paragraphs?|forms?|tabs?|options?|levels?|tiers?|zones?|rooms?|lines?|phases?|regulation"
    r"|items?|no\.?|#|v|附件|附录|表|图|步骤|版本|编号|第)\s*[(（]?$",
    re.IGNORECASE,
)
"""What makes a bare number behind it a name: "Section 5.2" and "Section 6.2" do not contradict each other."""
_MASKED = {Kind.MONEY, Kind.PERCENT, Kind.PERIOD, Kind.DATE, Kind.TIME, Kind.NUMBER}
_FIRST_CELL = re.compile(r"^[^;]*;")
_LONGEST = 600  # characters; what is longer is no sentence
_HAN_ONLY = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence with facts.

    Attributes:
        document: place of its document in the list.
        chunk: it stands in.
        text: as written.
        facts: in order.
        skeleton: its terms in order, each fact replaced by its kind.
        about: the terms without those marks.
        context: terms of title, headings and question above it.
    """

    document: int
    chunk: Chunk
    text: str
    facts: tuple[Fact, ...]
    skeleton: tuple[str, ...]
    about: frozenset[str]
    context: frozenset[str]

    def quote(self, documents: Sequence[LintDocument]) -> Quote:
        """Return it as a finding shows it."""
        document = documents[self.document]
        return Quote(document.uri, document.file_uri, self.chunk.page, self.text)


def statements(documents: Sequence[LintDocument]) -> list[Statement]:
    """Return the statements of all documents."""
    found = []
    for place, document in enumerate(documents):
        for chunk in document.chunks:
            names = [document.title, *chunk.headings, chunk.question or ""]
            above = frozenset(_words(" ".join(without_edition(fold(name)) for name in names)))
            for text in _sentences(chunk):
                statement = _statement(place, chunk, text, above)
                if statement is not None:
                    found.append(statement)
    return found


def is_han(term: str) -> bool:
    """Tell whether a term is Chinese."""
    return bool(_HAN_ONLY.match(term))


def _sentences(chunk: Chunk) -> Iterator[str]:
    if chunk.kind is SectionKind.TABLE_ROW:
        yield chunk.text
        return
    for start, end in sentence_spans(chunk.text):
        yield chunk.text[start:end]


def _statement(place: int, chunk: Chunk, text: str, above: frozenset[str]) -> Statement | None:
    if len(text) > _LONGEST or not any(c.isdigit() or _HAN_ONLY.match(c) or c.isalpha() for c in text):
        return None
    head = ENUMERATION.match(text)
    begin = head.end() if head else 0
    if chunk.kind is SectionKind.TABLE_ROW and (cell := _FIRST_CELL.match(text)):
        begin = cell.end()  # the first cell says what the row is about, a number in it too
    stated = [fact for fact in facts(text) if fact.start >= begin and _states(text, fact)]
    if not stated:
        return None
    skeleton = _skeleton(text, stated, 0 if chunk.kind is SectionKind.TABLE_ROW else begin)
    about = frozenset(term for term in skeleton if not term.startswith("<"))
    return Statement(
        document=place, chunk=chunk, text=text, facts=tuple(stated), skeleton=skeleton, about=about, context=above
    )


def _states(text: str, fact: Fact) -> bool:
    """Tell whether a fact may be right or wrong, and does not merely name something (a model, an article)."""
    if fact.kind is Kind.CODE:
        return isinstance(fact.value, str) and ("@" in fact.value or fact.value.isdigit())
    if fact.kind is Kind.NUMBER and not fact.unit and _NAMED_BY_NUMBER.search(text[: fact.start]):
        return False
    return fact.kind in _MASKED and fact.unit != "ordinal"


def _skeleton(text: str, stated: Sequence[Fact], begin: int) -> tuple[str, ...]:
    parts: list[str] = []
    at = begin
    for fact in stated:
        parts += _words(text[at : fact.start])
        parts.append("<value>" if fact.kind in _MASKED else f"<{fact.kind}>")
        at = fact.end
    return (*parts, *_words(text[at:]))


def _words(text: str) -> list[str]:
    """Return the terms of a text; of Chinese only the single characters, since pairs say them twice."""
    return [term for term in terms(fold(text)) if len(term) < 2 or not _HAN_ONLY.match(term)]
