"""Questions that a knowledge base asks of itself: answerable ones, and the same with their evidence withheld.

No labels are needed: a chunk is drawn, a question is made from its stored question, its heading or one of its
sentences, and searched twice, with the chunk and without it and its near-duplicates
(``kb.search.search.Withheld``, so nothing is indexed anew). Customers do not repeat the document's words, so only
a part of the words is kept; how large a part differs from case to case, so that easy questions and hard ones are
among them.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.calibration.selective import Judged
from kb.identity import passage_of
from kb.knowledge_base import KnowledgeBase
from kb.language.overlap import containment, jaccard
from kb.language.text import HAN, is_wide, sentences, terms
from kb.search.search import Retrieval, Withheld
from kb.types import Chunk, Filters, Hit, SectionKind

# Shares are chosen, what else was tried is in ADR 0011; bench_calibration.py measures what thresholds they lead
# to.
_ALIKE = 0.7  # share of common terms (Jaccard) from which on a passage may answer in the place of another
_HOLDS = 0.8  # of the terms that a question was made from: a passage that has them may answer it, too
_HITS = 10  # looked at a search, as many as an answer looks at
_MORE_SEARCHES = 2  # as long as near-duplicates come up
_FEWEST_TERMS, _MOST_TERMS = 4, 60  # of a sentence to ask with; a Han character is one, a pair another
_KEPT = (0.2, 0.6)  # share of the words that a question keeps
_ATTEMPTS = 4  # chunks drawn for each case at most: some have no sentence to ask with
_HAN_WORDS = re.compile(rf"[{HAN}]{{1,2}}|[^\W_]+(?:[-_.'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Made:
    """A question made from a chunk, and the stored question, row or sentence that it has its words from."""

    question: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCase:
    """One question, searched with its evidence and without.

    Attributes:
        question: made from the chunk.
        chunk_id: of the chunk that answers it.
        retrieval: with everything there.
        first: whether the chunk's document, or a near-duplicate of the chunk, came first.
        without: what was found with the chunk and its near-duplicates withheld.
    """

    question: str
    chunk_id: str
    retrieval: Retrieval
    first: bool
    without: Retrieval

    def judged(self) -> tuple[Judged, Judged]:
        """Return both questions as they would be answered: the second one is never answered rightly."""
        return Judged(self.retrieval.answerable, not self.first), Judged(self.without.answerable, True)


def self_cases(knowledge_base: KnowledgeBase, most: int = 300, seed: int = 11) -> Iterator[SelfCase]:
    """Yield up to ``most`` questions made from the published documents, searched with their evidence and without.

    They are the same for the same version and seed; documents that go meanwhile are passed over. Each is asked of
    the brand that its chunk belongs to, of one by chance where all share it.

    Raises:
        FaqError: as ``KnowledgeBase.search`` does.
    """
    catalogue, version = knowledge_base.catalogue, knowledge_base.published().version
    brands = sorted(knowledge_base.brands(version))
    draw = random.Random(seed)  # noqa: S311  # nothing is guarded by it
    ids = sorted(catalogue.chunk_ids(version))
    draw.shuffle(ids)
    made = 0
    for start in range(0, min(len(ids), _ATTEMPTS * most), 100):
        chunks = catalogue.chunks(ids[start : start + 100], version)
        for identifier in ids[start : start + 100]:
            if made == most:
                return
            if identifier in chunks and (asked := question_of(chunks[identifier], draw)):
                made += 1
                brand = chunks[identifier].labels.brand or (draw.choice(brands) if brands else None)
                yield _case(asked, chunks[identifier], knowledge_base, Filters(brand=brand))


def _case(made: Made, chunk: Chunk, knowledge_base: KnowledgeBase, filters: Filters) -> SelfCase:
    def search(without: Withheld) -> Retrieval:
        return knowledge_base.search([made.question], _HITS, filters, without)

    retrieval = search(Withheld())
    wanted, source = _terms(chunk), frozenset(terms(made.source))
    alike = {chunk.id: wanted}

    def note_alike(hits: Sequence[Hit]) -> bool:
        """Note the hits that may answer in the chunk's place; tell whether there were any."""
        others = {hit.chunk.id: _terms(hit.chunk) for hit in hits}
        more = {i: own for i, own in others.items() if i not in alike and _may_stand_in(wanted, source, own)}
        alike.update(more)
        return bool(more)

    note_alike(retrieval.hits)
    best = retrieval.hits[0].chunk if retrieval.hits else None
    first = best is not None and (best.document_id == chunk.document_id or best.id in alike)
    without = search(withheld(alike))
    for _ in range(_MORE_SEARCHES):
        if not note_alike(without.hits):
            break
        without = search(withheld(alike))
    return SelfCase(question=made.question, chunk_id=chunk.id, retrieval=retrieval, first=first, without=without)


def withheld(chunks: Mapping[str, frozenset[str]]) -> Withheld:
    """Return chunks, id -> terms of its passage, as what a search does without."""
    return Withheld(frozenset(chunks), Counter(term for own in chunks.values() for term in own))


def _may_stand_in(wanted: frozenset[str], source: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether a passage is a near-duplicate of the evidence, or holds what the question was made from."""
    return jaccard(wanted, others) >= _ALIKE or containment(source, others) >= _HOLDS


def _terms(chunk: Chunk) -> frozenset[str]:
    return frozenset(terms(passage_of(chunk)))


def question_of(chunk: Chunk, draw: random.Random) -> Made | None:
    """Return a question that the chunk answers, in a part of its words; None where none can be made."""
    sources: Sequence[str]
    if chunk.question:
        sources = [chunk.question]
    elif chunk.kind is SectionKind.TABLE_ROW:
        sources = [chunk.text]
    else:
        sources = [s for s in sentences(chunk.text) if _FEWEST_TERMS <= len(terms(s)) <= _MOST_TERMS]
    if not sources:
        return None
    source = draw.choice(sources)
    about = " ".join(chunk.headings[-1:]) if not chunk.question else ""
    question = _some_words(f"{about} {source}", draw)
    return Made(question, source) if terms(question) else None


def _some_words(text: str, draw: random.Random) -> str:
    """Return a part of the words in their order, Chinese ones in pairs of characters."""
    words = _HAN_WORDS.findall(text)
    kept = max(2, round(draw.uniform(*_KEPT) * len(words)))
    places = sorted(draw.sample(range(len(words)), min(kept, len(words))))
    return "".join(_joined(words[place]) for place in places).strip()


def _joined(word: str) -> str:
    return word if is_wide(word[0]) else f" {word} "
