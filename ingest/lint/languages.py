"""An English and a Chinese chunk about the same thing that state different facts.

Nothing is embedded: chunks that say the same are found by the vectors that the knowledge base holds
(``ingest.lint.translations``), then their facts, which ``kb.language.facts`` normalises across languages, are
aligned in order. Facts that agree prove that the two are about the same thing; a conflict is one fact on each side
that nothing on the other side answers, at about the same place between those that agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingest.lint.statements import Statement
from ingest.lint.subjects import files_apart
from ingest.lint.translations import translations
from ingest.lint.types import Finding, FindingKind, LintDocument, Severity
from ingest.lint.validity import may_meet
from kb.embedders import Vectors
from kb.language.facts import Bound, Fact, Kind, agree, comparable, facts
from kb.language.numerals import half_width, numerals
from kb.language.text import simplify
from kb.types import Chunk, SectionKind

VectorsOf = Callable[[Sequence[Chunk]], Mapping[str, Vectors]]
"""Chunks to their ids and L2-normalised vectors; a chunk without a vector is left out."""

# Measured: chosen on half of the organisations of bench_lint_languages.py, looked at once on the other (ADR 0007).
_NEAR = 1.0  # standard deviations that two chunks are nearer than their neighbours
_NEAR_ALONE = 2.0  # where nothing but the vectors says that they are about the same thing
_AGREE = 0.5  # share of the facts that must agree, unless
_PROVEN = 3  # so many do
_APART = 1  # agreeing facts that may stand between the two that differ: word order is not the same


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """A chunk with facts.

    Attributes:
        statements: those of the chunk, in order.
        facts: of all of them, in order, without limits: languages word those too differently.
        places: of the statement of each fact.
        numbers: how often the chunk says a number, in whatever unit.
        names: codes and years that say which thing it is about.
    """

    statements: tuple[Statement, ...]
    facts: tuple[Fact, ...]
    places: tuple[int, ...]
    numbers: Counter[float]
    names: tuple[frozenset[object], frozenset[object]]

    @property
    def chunk(self) -> Chunk:
        return self.statements[0].chunk

    @property
    def document(self) -> int:
        return self.statements[0].document


def find_translated_conflicts(
    documents: Sequence[LintDocument], stated: Sequence[Statement], vectors_of: VectorsOf
) -> list[Finding]:
    """Return the findings on chunks of two languages; without both languages nothing is read or computed."""
    english, chinese = _gather(stated, "en"), _gather(stated, "zh")
    if not english or not chinese:
        return []
    stored = vectors_of([s.chunk for s in (*english, *chinese)])
    english = [s for s in english if s.chunk.id in stored]
    chinese = [s for s in chinese if s.chunk.id in stored]
    if not english or not chinese:
        return []
    matrices = [np.stack([stored[s.chunk.id] for s in side]) for side in (english, chinese)]
    beside = _Beside([*english, *chinese])
    found = []
    for row, column, nearness in translations(*matrices):
        one, other = english[row], chinese[column]
        english_document, chinese_document = documents[one.document], documents[other.document]
        if not may_meet(english_document, chinese_document) or _named_apart(one, other):
            continue
        if files_apart(english_document, chinese_document):
            continue
        for left, right in _differing(one, other, nearness, beside):
            found.append(_finding(documents, one, other, left, right))
    return found


def _gather(stated: Sequence[Statement], language: str) -> list[_Stated]:
    by_chunk: dict[tuple[int, str], list[Statement]] = defaultdict(list)
    for statement in stated:
        if statement.chunk.language == language:
            by_chunk[statement.document, statement.chunk.id].append(statement)
    return [read for group in by_chunk.values() if (read := _read(group)).facts]


def _read(group: Sequence[Statement]) -> _Stated:
    chunk = group[0].chunk
    items = [
        (place, replace(fact, bound=Bound.NONE))
        for place, statement in enumerate(group)
        for fact in statement.facts
        if not _is_loose(statement.text, fact)
    ]
    numbers = Counter(numeral.value for numeral in numerals(simplify(half_width(chunk.text))))
    title = "" if chunk.title.isascii() and " " not in chunk.title else chunk.title  # a file's name
    above = facts("\n".join([title, *chunk.headings, chunk.question or ""]))
    codes = [f.value for f in (*above, *facts(chunk.text)) if _is_code(f)]
    years = [f.value[0] for f in above if isinstance(f.value, tuple) and f.value[0]]
    names = frozenset[object](codes), frozenset[object](years)
    places = tuple(place for place, _ in items)
    return _Stated(
        statements=tuple(group),
        facts=tuple(fact for _, fact in items),
        places=places,
        numbers=numbers,
        names=names,
    )


def _is_loose(text: str, fact: Fact) -> bool:
    """Tell whether a number counts nothing that is named: a month's name, or a word ("the two of them", 两者)."""
    if fact.kind is not Kind.NUMBER or fact.unit:
        return False
    return text[fact.end : fact.end + 1] == "月" or not any(c.isdecimal() for c in text[fact.start : fact.end])


def _is_code(fact: Fact) -> bool:
    """Tell whether a fact is a model or an article, no address and no telephone number."""
    code = fact.value if isinstance(fact.value, str) else ""
    return fact.kind is Kind.CODE and not ("@" in code or "." in code or code.isdigit())


def _named_apart(one: _Stated, other: _Stated) -> bool:
    """Tell whether both name models, or years in their headings, and none of them is the same."""
    return any(a and b and not a & b for a, b in zip(one.names, other.names, strict=True))


class _Beside:
    """What stands before and after a chunk in its section: two languages are not cut at the same places."""

    def __init__(self, stated: Sequence[_Stated]) -> None:
        self._stated = {(s.document, s.chunk.position): s for s in stated if s.chunk.kind is SectionKind.PROSE}

    def says(self, beside: _Stated, fact: Fact) -> bool:
        """Tell whether a neighbour of a chunk says a fact."""
        chunk = beside.chunk
        around = (self._stated.get((beside.document, chunk.position + step)) for step in (-1, 1))
        return any(
            near.chunk.headings == chunk.headings and any(agree(fact, there) for there in near.facts)
            for near in around
            if near is not None
        )


def _differing(one: _Stated, other: _Stated, nearness: float | None, beside: _Beside) -> Iterator[tuple[int, int]]:
    """Yield places of facts that contradict each other; ``nearness`` is None where it cannot be told."""
    matched = _aligned(one.facts, other.facts)
    left = [i for i in range(len(one.facts)) if i not in {a for a, _ in matched}]
    right = [j for j in range(len(other.facts)) if j not in {b for _, b in matched}]
    moved = _elsewhere(one.facts, other.facts, left, right)
    agreeing = len(matched) + len(moved)
    if not _same_thing(agreeing, max(len(one.facts), len(other.facts)), nearness):
        return
    left = _unanswered(one, other, [i for i in left if i not in {a for a, _ in moved}], beside)
    right = _unanswered(other, one, [j for j in right if j not in {b for _, b in moved}], beside)

    def meet(i: int, j: int) -> bool:
        apart = sum(a < i for a, _ in matched) - sum(b < j for _, b in matched)
        fact, there = one.facts[i], other.facts[j]
        translated = fact.unit != there.unit and fact.kind is Kind.PERIOD  # "30 days", 一个月
        return abs(apart) <= _APART and comparable(fact, there) and not translated

    for i in left:
        met = [j for j in right if meet(i, j)]
        if len(met) != 1 or sum(meet(h, met[0]) for h in left) != 1:
            continue
        if _alone(one, i, left) and _alone(other, met[0], right):
            yield i, met[0]


def _same_thing(agreeing: int, most: int, nearness: float | None) -> bool:
    """Tell whether two chunks are about one thing, by the facts that agree and by how near they are."""
    if nearness is None:
        return agreeing >= _PROVEN and agreeing >= _AGREE * most
    if not agreeing:
        return most == 1 and nearness >= _NEAR_ALONE
    return nearness >= _NEAR and (agreeing >= _PROVEN or agreeing >= _AGREE * most)


def _aligned(ours: Sequence[Fact], theirs: Sequence[Fact]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence of facts that agree (Wagner and Fischer 1974)."""
    same = [[agree(fact, there) for there in theirs] for fact in ours]
    best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in reversed(range(len(ours))):
        for j in reversed(range(len(theirs))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + same[i][j])
    pairs = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if same[i][j] and best[i][j] == best[i + 1][j + 1] + 1:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _elsewhere(
    ours: Sequence[Fact], theirs: Sequence[Fact], left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int]]:
    """Return those of the places left over whose facts agree out of order."""
    pairs: list[tuple[int, int]] = []
    free = list(right)
    for i in left:
        if (j := next((j for j in free if agree(ours[i], theirs[j])), None)) is not None:
            free.remove(j)
            pairs.append((i, j))
    return pairs


def _unanswered(one: _Stated, other: _Stated, places: Sequence[int], beside: _Beside) -> list[int]:
    """Return the places of the facts whose number the other chunk does not say either, nor one beside it."""
    fresh = [p for p in places if not _says_number(one.facts[p], one, other)]
    return [p for p in fresh if not beside.says(other, one.facts[p])]


def _says_number(fact: Fact, own: _Stated, other: _Stated) -> bool:
    """Tell whether the other chunk says the numbers of a fact as often, whatever they were taken for there."""
    if isinstance(fact.value, tuple):
        return all(float(part) in other.numbers for part in fact.value if part)
    if fact.kind is Kind.TIME and isinstance(fact.value, float):
        hour, minute = divmod(fact.value, 60)
        return bool({hour, _other_half(hour)} & other.numbers.keys()) and minute in {0, *other.numbers}
    numbers = {
        number for number in (fact.as_written, fact.value) if isinstance(number, float)
    } & own.numbers.keys()
    if fact.kind is Kind.NUMBER and not fact.unit and _other_half(fact.as_written) in other.numbers:
        return True  # "2 to 4", 14至16点
    return any(other.numbers[number] >= own.numbers[number] for number in numbers)


def _other_half(hour: float) -> float:
    """Return the hour as the other clock, of 12 or of 24 hours, says it."""
    return hour - 12 if 12 < hour <= 24 else hour + 12 if hour <= 12 else hour


def _alone(stated: _Stated, place: int, unanswered: Sequence[int]) -> bool:
    """Tell whether no other fact of the same statement is unanswered."""
    return sum(stated.places[p] == stated.places[place] for p in unanswered) == 1


def _finding(documents: Sequence[LintDocument], one: _Stated, other: _Stated, left: int, right: int) -> Finding:
    statements = one.statements[one.places[left]], other.statements[other.places[right]]
    said, said_there = (
        statement.text[fact.start : fact.end]
        for statement, fact in zip(statements, (one.facts[left], other.facts[right]), strict=True)
    )
    sentence = (
        f"in English it is {said!r}, in Chinese {said_there!r}, about what seems to be the same thing: "
        "correct the one that is wrong, or say what makes the difference"
    )
    quotes = tuple(statement.quote(documents) for statement in statements)
    return Finding(FindingKind.CONFLICT, Severity.ERROR, sentence, quotes)
