"""Statements about the same thing that state different facts.

Two statements are taken to be about the same thing when what is left of them without their facts is the same, or
nearly so, and long enough not to be a form that many things share, unless the names above them tell them apart
(``ingest.lint.subjects``). They conflict when all their facts but one agree: where two or more differ, the one is
usually the condition of the other ("over 50 kg: 20 euro").
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from ingest.lint.statements import Statement, is_han
from ingest.lint.subjects import small_words, told_apart
from ingest.lint.types import Finding, FindingKind, LintDocument, Severity
from ingest.lint.validity import may_meet
from kb.language.facts import Fact, Kind, agree, comparable
from kb.language.overlap import jaccard
from kb.types import SectionKind

# Chosen on false findings in real policies; bench_lint.py measures what is found and what is right (ADR 0007).
_SPECIFIC = 4.0  # words beside the facts that a statement needs under the same title and headings
_SPECIFIC_ANYWHERE = 6.0  # and where it stands under others
_HAN_WORDS = 0.5  # a Chinese character is about half a word
_SAME_CONTEXT = 0.5  # Jaccard of titles and headings
_ALIKE = 0.8  # Jaccard of the words of two statements that are about the same thing in other words
_FORM = 3  # different values of one skeleton make it a form: rows of a price list, tiers
_RARE = 3  # rarest words by which similar statements are looked for
_OF_ITSELF = re.compile(
    r"\b(?:this|these)\s+(?:policy|policies|page|document|agreement|terms|notice|guide|handbook|section|version)\b"
    r"|\blast\s+(?:updated|revised|modified)\b|本(?:法|办法|规定|条例|细则|解释|协议|政策|条款|须知|公告|制度|规则)",
    re.IGNORECASE,
)
"""What a document says of itself is another thing in every document."""
_NUMBERED = re.compile(r"[\d一二三四五六七八九十百]")
_COMMON = 60  # a word in more statements than this finds nothing


def find_conflicts(documents: Sequence[LintDocument], stated: Sequence[Statement]) -> list[Finding]:
    """Return one finding for every two statements that conflict, the same pair of facts once."""
    found: list[Finding] = []
    seen: set[frozenset[str]] = set()
    for one, other in _pairs(stated):
        both = documents[one.document], documents[other.document]
        if not may_meet(*both):
            continue
        clash = _clash(one, other)
        if clash is None or told_apart(both, (one.chunk, other.chunk), (one.text, other.text)):
            continue
        finding = _finding(documents, one, other, *clash)
        key = frozenset((one.text, other.text))
        if key not in seen:
            seen.add(key)
            found.append(finding)
    return found


def _finding(
    documents: Sequence[LintDocument], one: Statement, other: Statement, left: Fact, right: Fact
) -> Finding:
    first, second = one.text[left.start : left.end], other.text[right.start : right.end]
    where = "the same document" if one.document == other.document else "two documents"
    sentence = (
        f"{where} state{'s' if one.document == other.document else ''} {first!r} and {second!r} about the "
        + ("same thing: correct the one that is wrong, or say what makes the difference")
    )
    quotes = (one.quote(documents), other.quote(documents))
    return Finding(FindingKind.CONFLICT, Severity.ERROR, sentence, quotes)


def _pairs(stated: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Yield pairs that are about the same thing."""
    alike: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for statement in stated:
        alike[statement.skeleton].append(statement)
    for group in alike.values():
        for one, other in combinations(group[:_COMMON], 2):
            if one.text != other.text and _same_thing(one, other, group):
                yield one, other
    yield from _similar(stated)


def _same_thing(one: Statement, other: Statement, group: Sequence[Statement]) -> bool:
    """Tell whether two statements of one skeleton are about one thing."""
    if SectionKind.TABLE_ROW in (one.chunk.kind, other.chunk.kind) and (
        one.chunk.document_uri.partition("#")[0] == other.chunk.document_uri.partition("#")[0]
        or one.context != other.context
    ):
        return False  # the rows of a table differ on purpose, and those of two tables are about two things
    if _context(one, other) >= _SAME_CONTEXT:
        if any(map(_numbered, one.context ^ other.context)):
            return False  # the fees of 2025 and of 2026
        return _specific(one) >= _SPECIFIC and not _is_form(one, other, group)
    if _OF_ITSELF.search(one.text) or len({_values(statement) for statement in group}) >= _FORM:
        return False
    return _specific(one) >= _SPECIFIC_ANYWHERE and not _is_form(one, other, group)


def _numbered(term: str) -> bool:
    """Tell whether a term names something by a number: a year, an edition, a model."""
    return bool(_NUMBERED.search(term))


def _specific(statement: Statement) -> float:
    """Return how many words a statement has beside its facts."""
    return sum(_HAN_WORDS if is_han(term) else 1.0 for term in statement.about)


def _values(statement: Statement) -> tuple[str, ...]:
    return tuple(str(fact.value) for fact in statement.facts)


def _context(one: Statement, other: Statement) -> float:
    return jaccard(one.context, other.context) if one.context or other.context else 1.0


def _is_form(one: Statement, other: Statement, group: Sequence[Statement]) -> bool:
    """Tell whether many things are said in this form, so that different values are no conflict.

    Copies of a document repeat all its statements; so values are counted within each document by itself.
    """
    for document in {one.document, other.document}:
        values = {_values(s) for s in group if s.document == document}
        if len(values) >= (2 if one.document != other.document else _FORM):
            return True
    return False


def _similar(stated: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Yield pairs in nearly the same words, found by the rarest of them."""
    frequency = Counter(term for statement in stated for term in statement.about)
    holders: dict[str, list[int]] = defaultdict(list)
    for place, statement in enumerate(stated):
        if _specific(statement) >= _SPECIFIC_ANYWHERE and statement.chunk.kind is not SectionKind.TABLE_ROW:
            for term in sorted(statement.about, key=lambda t: (frequency[t], t))[:_RARE]:
                holders[term].append(place)
    tried: set[tuple[int, int]] = set()
    for places in holders.values():
        if len(places) > _COMMON:
            continue
        for first, second in combinations(places, 2):
            one, other = stated[first], stated[second]
            if (first, second) in tried or one.skeleton == other.skeleton or one.document == other.document:
                continue
            tried.add((first, second))
            if not _same_subject(one.about - other.about, other.about - one.about):
                continue
            if _OF_ITSELF.search(one.text) or len(one.facts) != len(other.facts):
                continue
            if _weighted(one, other, frequency, len(stated)) >= _ALIKE:
                yield one, other


def _same_subject(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Tell whether the words that only one of two statements has leave them about one thing.

    Where each has a telling word of its own, they are as likely about kettles and fridges as about one thing in
    two wordings; so one side's words must all be small ones.
    """
    if any(map(_numbered, ours | theirs)):
        return False
    return ours <= small_words() or theirs <= small_words()


def _weighted(one: Statement, other: Statement, frequency: Counter[str], total: int) -> float:
    """Return the Jaccard index of two statements' words, rare ones weighing more."""

    def weight(words: frozenset[str]) -> float:
        return sum(math.log(1 + total / frequency[word]) for word in sorted(words))

    union = weight(one.about | other.about)
    return weight(one.about & other.about) / union if union else 0.0


def _clash(one: Statement, other: Statement) -> tuple[Fact, Fact] | None:
    """Return the two facts that exclude each other, None where none or more than one pair does."""
    if len(one.facts) != len(other.facts):
        return None
    differing = [(a, b) for a, b in zip(one.facts, other.facts, strict=True) if not agree(a, b)]
    if one.document == other.document and any(a.kind is Kind.NUMBER and not a.unit for a, _ in differing):
        return None  # in one text a bare number is mostly a name
    if one.document == other.document and any(a.kind is Kind.DATE and _only_year(a) for a, _ in differing):
        return None  # "report of 2024", "report of 2025"
    if len(differing) != 1 or (left := differing[0][0]).kind is not (right := differing[0][1]).kind:
        return None
    if not comparable(left, right) and left.kind not in (Kind.PERIOD, Kind.NUMBER, Kind.MONEY):
        return None
    return left, right


def _only_year(fact: Fact) -> bool:
    return isinstance(fact.value, tuple) and fact.value[1:] == (0, 0)
