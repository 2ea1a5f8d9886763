"""What is found for a message: for each of its questions, in the language wished for, without a wrong premise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from assistant.answer.extractive import Extractive
from assistant.answer.premise import Premise, read_premise
from assistant.answer.withheld import hidden_words
from assistant.table.bands import asks_another_quantity
from assistant.types import Quote, Understanding, Wish
from kb.knowledge_base import KnowledgeBase
from kb.search.search import Retrieval, Withheld
from kb.types import Filters, Hit

OTHER_LANGUAGE = {Wish.CHINESE: "zh", Wish.ENGLISH: "en"}
"""The language that an answer is wanted in once more."""
_HITS = 10  # searched for a question
_WITHHELD = 10  # hits that planted words close, above the first readable one, before it is given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """What was found for one question of a message.

    Attributes:
        question: of the message.
        retrieval: what was found.
        answerable: whether that is likely enough to answer it.
        withheld: words of better hits that planted words keep from being quoted.
        quotes: that answer, where they had to be chosen already; else empty.
    """

    question: str
    retrieval: Retrieval
    answerable: bool
    withheld: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a message.

    Attributes:
        parts: for each of its questions, in their order; at least one.
        premise: what the message takes for granted and none of the hits states.
    """

    parts: tuple[Retrieved, ...]
    premise: Premise = field(default_factory=Premise)

    @property
    def best(self) -> Retrieval:
        """What answers the message most likely."""
        return max((part.retrieval for part in self.parts), key=lambda retrieval: retrieval.answerable)

    @property
    def answerable(self) -> tuple[Retrieved, ...]:
        """Those parts that are likely enough to be answered."""
        return tuple(part for part in self.parts if part.answerable)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits of all questions, the best of each first, none twice."""
        return merged(self.parts)

    @property
    def withheld(self) -> str:
        """Words of better hits that planted words keep from being quoted."""
        return "\n".join(part.withheld for part in self.parts)


@dataclass(frozen=True, slots=True)
class Finder:
    """Searches the knowledge base for one turn.

    Attributes:
        knowledge_base: is searched.
        extractive: tells what may be quoted.
        filters: what the customer may see.
        least: the probability from which on hits are likely enough to answer, 0-1.
    """

    knowledge_base: KnowledgeBase
    extractive: Extractive
    filters: Filters
    least: float

    def search(self, queries: Sequence[str], language: str | None = None) -> Retrieved:
        """Search, and where the best hit may not be quoted at all, ask again as if it were not there.

        Args:
            queries: wordings of one question, the one that stands alone last.
            language: only what is written in it; None: as the filters say.
        """
        filters = replace(self.filters, language=language) if language else self.filters
        retrieval = self.knowledge_base.search(queries, _HITS, filters)
        withheld: list[Hit] = []
        while (closed := self._closed(retrieval)) and len(withheld) < _WITHHELD:
            withheld += closed
            without = Withheld(frozenset(hit.chunk.id for hit in withheld))
            retrieval = self.knowledge_base.search(queries, _HITS, filters, without)
        hits = self.extractive.without_planted(queries[-1], retrieval.hits)
        of_this_case = tuple(hit for hit in hits if not asks_another_quantity(queries[-1], hit.chunk))
        # The number of a clause says where it stands, though its words may not.
        clause = self.extractive.with_clause(queries[-1], hits)
        retrieval = replace(retrieval, hits=clause or of_this_case or hits)
        likely = bool(clause) or (bool(hits) and not closed and retrieval.answerable >= self.least)
        return Retrieved(
            question=queries[-1], retrieval=retrieval, answerable=likely, withheld=hidden_words(withheld)
        )

    def _closed(self, retrieval: Retrieval) -> list[Hit]:
        """Return the hits above the first one of which anything may be quoted."""
        return list(takewhile(lambda hit: not self.extractive.readable(hit), retrieval.hits))


def find(understanding: Understanding, finder: Finder) -> Findings:
    """Search the message, or each of the questions in it."""
    questions: list[tuple[str, ...]] = [(part,) for part in understanding.parts] or [understanding.wordings]
    return Findings(tuple(_find_one(queries, understanding, finder) for queries in questions))


def _find_one(queries: Sequence[str], understanding: Understanding, finder: Finder) -> Retrieved:
    """Search a question; in the language that its answer is wanted in once more, if that tells it."""
    own = finder.search(queries)
    language = OTHER_LANGUAGE.get(understanding.wish) if understanding.wish else None
    if language and own.answerable:  # what was not answered is not said over again
        translated = finder.search(queries, language)
        if translated.answerable:
            return replace(translated, question=understanding.context or translated.question)
    return own


def settle_premise(understanding: Understanding, findings: Findings, finder: Finder) -> Findings:
    """Return what is found without a wrong value taken for granted, if that says the right one."""
    premise = read_premise(understanding.message)
    doubted = premise.unstated(findings.hits)
    if doubted.values and not understanding.wish and not understanding.parts:
        again = finder.search((doubted.without_values(),))
        hits = again.retrieval.hits
        quotes = finder.extractive.quotes(again.question, hits) if again.answerable else []
        if quotes and (still := premise.unstated(hits)).contradicted_by(quotes):
            return Findings((replace(again, quotes=tuple(quotes)),), still)
    return replace(findings, premise=doubted)


def merged(parts: Sequence[Retrieved]) -> tuple[Hit, ...]:
    """Return the hits of several questions, the best of each first, none twice."""
    if len(parts) == 1:
        return parts[0].retrieval.hits
    ranked: dict[str, Hit] = {}
    for rank in range(_HITS):
        for hits in (part.retrieval.hits for part in parts):
            if rank < len(hits):
                ranked.setdefault(hits[rank].chunk.id, hits[rank])
    return tuple(ranked.values())
