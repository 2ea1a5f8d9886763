"""A question back, where what was asked may mean one of a few things."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.phrases import listed, phrase
from assistant.table.bands import states_band_of
from assistant.table.fields import fields_asked_for, named_fields, telling_terms
from assistant.types import Understanding
from kb.language.overlap import jaccard
from kb.language.text import terms
from kb.types import Hit, SectionKind

# Chosen, not measured: to ask back costs the customer a turn.
_CLOSE = 0.06  # hits whose scores differ by less fit about as well
_LOOKED_AT = 6  # hits that may be meant
_MOST_OPTIONS = 4  # of a question back
_ALIKE = 0.6  # share of common words from which on two headings are about the same thing


def which_is_meant(understanding: Understanding, hits: Sequence[Hit]) -> str:
    """Return the question which of a few things is meant; empty where it is clear, or only a wish is uttered."""
    several = [] if understanding.wish else options(understanding, hits)
    language = understanding.language
    return phrase("which", language, topics=listed(several, language)) if several else ""


def options(understanding: Understanding, hits: Sequence[Hit]) -> list[str]:
    """Return what a question may mean where it is ambiguous between a few things, empty where it is not.

    Ambiguous are the same heading or stored question in several documents, and rows of one table, if the question
    names none of them.
    """
    close = [hit for hit in hits[:_LOOKED_AT] if hits[0].score - hit.score < _CLOSE]
    close = [
        hit
        for hit in close
        if hit.chunk.kind is hits[0].chunk.kind and hit.chunk.language == hits[0].chunk.language
    ]
    question = " ".join(understanding.queries)
    asked = set(terms(question))
    if hits and hits[0].chunk.kind is SectionKind.TABLE_ROW:
        if any(states_band_of(question, hit.chunk) for hit in close):
            return []
        table = [hit for hit in close if hit.chunk.document_id == hits[0].chunk.document_id]
        meant = _rows(question, table)
    else:
        meant = _documents(asked, close)
    return meant[:_MOST_OPTIONS] if len(meant) >= 2 else []


def _rows(question: str, hits: Sequence[Hit]) -> list[str]:
    """Return the subjects of rows whose fields are asked for, but not which row."""
    named = telling_terms(question)
    if not all(named_fields(named, hit.chunk.text) for hit in hits):
        return []
    subjects = [fields_asked_for("", hit.chunk.text).partition(";")[0].partition(":")[2].strip() for hit in hits]
    if any(named & set(terms(subject)) for subject in subjects):
        return []
    return list(dict.fromkeys(subject for subject in subjects if subject))


def _documents(asked: set[str], hits: Sequence[Hit]) -> list[str]:
    """Return titles of documents that have much the same heading, if the question does not tell them apart."""
    about = [
        set(terms(hit.chunk.question or (hit.chunk.headings[-1] if hit.chunk.headings else ""))) for hit in hits
    ]
    first = about[0] if about else set()
    alike = [
        (hit.chunk.title, words)
        for hit, words in zip(hits, about, strict=True)
        if first and jaccard(first, words) >= _ALIKE
    ]
    titles = list(dict.fromkeys(title for title, _ in alike))
    if len(titles) < 2:
        return []
    named = [frozenset(terms(title)) for title in titles]
    asked_about = [telling_terms(" ".join(sorted(words))) for _, words in alike]  # "debit card", "credit card"
    telling = frozenset[str]().union(*named) - named[0].intersection(*named)
    telling |= frozenset[str]().union(*asked_about) - asked_about[0].intersection(*asked_about)
    return [] if asked & telling else titles
