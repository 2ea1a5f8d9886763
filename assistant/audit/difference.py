"""What a load changed in the answers: stored questions at two versions, only those asked anew that must be.

A question's hits depend on the whole knowledge base (rarity of words, the candidates that scores are scaled
over), so that the changed document is not among an old answer's hits proves nothing. The shortcut rests on this
instead: the assistant learns of the documents only by what its searches return. Every question is therefore
searched at both versions, which is cheap, by the assistant's own code up to the moment where it would begin to
write. Where all searches returned the same (chunks, order, scores, answerability), whatever comes after is the
same function of the same values: the answer is the same and is not asked for. Where any differed, both answers are
asked for in full.
Where a chunk stands in its document may differ: no word of an answer depends on that, only the span it cites.

With a chat model the same evidence may still be worded otherwise from call to call; that is not the load's doing.
A search after the writing has begun would break the argument: a test makes sure that there is none.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.audit.auditor import Auditor
from assistant.audit.comparison import CHANGES, Change, change_of
from assistant.audit.types import Question
from kb.catalogue import Catalogue
from kb.errors import FaqError
from kb.knowledge_base import KnowledgeBase
from kb.search import Retrieval
from kb.types import Filters

_LINES = 12  # of a document's difference that are shown

Probing = Callable[[Question], bool]
"""Tells whether a question finds the same at both versions."""


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """How a document differs between two versions.

    Attributes:
        uri: of the document.
        kind: ``added``, ``changed`` or ``removed``.
        lines: of its text: ``-`` before what was, ``+`` before what is, as far as they are shown.
    """

    uri: str
    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """A changed answer and the documents behind it.

    Attributes:
        change: of the answer.
        documents: changed ones among what either answer cites, else among what either search found.
    """

    change: Change
    documents: tuple[DocumentChange, ...]


@dataclass(frozen=True, slots=True)
class LoadDifference:
    """What a load changed in the answers to stored questions.

    Attributes:
        old: version before.
        new: version after.
        questions: number of stored questions.
        replayed: ids of those that were asked at both versions.
        changes: those of them whose answers differ, the most serious first.
        documents: number of documents that the load changed.
    """

    old: int
    new: int
    questions: int
    replayed: tuple[str, ...]
    changes: tuple[Behind, ...]
    documents: int

    @property
    def saved(self) -> float:
        """Share of the questions that need not be asked anew, 0-1."""
        return 1 - len(self.replayed) / self.questions if self.questions else 0.0

    def counts(self) -> dict[str, int]:
        """Return how many answers changed in each way."""
        return {kind: sum(item.change.kind == kind for item in self.changes) for kind in CHANGES}


class _Stop(BaseException):
    """Ends a probe; not an Exception, so that nothing on the way takes it for a failure."""

    def __init__(self, same: bool) -> None:
        self.same = same


class Probe:
    """A knowledge base that searches two versions at once and stops where they differ.

    It stands in for the assistant's knowledge base; what it does not know itself is asked of the real one.

    Attributes:
        embedder: stops the probe when something is embedded for what is to be said.
    """

    def __init__(self, knowledge_base: KnowledgeBase, old: int, new: int) -> None:
        self._knowledge_base, self._old, self._new = knowledge_base, old, new
        self.embedder = _Halt(knowledge_base)

    def search(self, queries: Sequence[str], k: int = 10, filters: Filters = Filters()) -> Retrieval:
        """Return what the old version has; stop the probe where the new one has something else."""
        was = self._knowledge_base.search(queries, k, replace(filters, version=self._old))
        now = self._knowledge_base.search(queries, k, replace(filters, version=self._new))
        if evidence_of(was) != evidence_of(now):
            raise _Stop(same=False)
        return was

    def __getattr__(self, name: str) -> Any:
        return getattr(self._knowledge_base, name)


class _Halt:
    """An embedder that stops a probe: all that an answer is written from was the same."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base

    def __getattr__(self, name: str) -> Any:
        if name.startswith("embed"):
            return self._stop
        return getattr(self._knowledge_base.embedder, name)

    def _stop(self, *_: object) -> None:
        raise _Stop(same=True)


def evidence_of(retrieval: Retrieval) -> tuple[Any, ...]:
    """Return everything of a retrieval that an answer's words may depend on.

    Of places in a document, how far apart the chunks are, counted in chunks; where they stand is only cited.
    """
    first: dict[str, int] = {}
    for hit in retrieval.hits:
        chunk = hit.chunk
        first[chunk.document_id] = min(first.get(chunk.document_id, chunk.position), chunk.position)
    hits = []
    for hit in retrieval.hits:
        chunk = hit.chunk
        moved = replace(chunk, position=chunk.position - first[chunk.document_id], start=0, end=len(chunk.text))
        hits.append(replace(hit, chunk=moved))
    return tuple(hits), retrieval.answerable, retrieval.evidence, retrieval.queries


def same_evidence(probe: Callable[[], object]) -> bool:
    """Tell whether a probing assistant's reply gets to its end, or to its words, without a difference."""
    try:
        probe()
    except _Stop as stop:
        return stop.same
    return True  # it ended without embedding: all of it followed from the same searches


@dataclass(frozen=True, slots=True)
class Versions:
    """Auditors of two versions of one knowledge base.

    Attributes:
        catalogue: of the knowledge base.
        old: number of the version before.
        new: number of the version after.
        before: asks and measures at the old one.
        after: asks and measures at the new one.
        probe: tells which questions find the same at both; None asks all of them anew.
    """

    catalogue: Catalogue
    old: int
    new: int
    before: Auditor
    after: Auditor
    probe: Probing | None


def to_ask(versions: Versions, questions: Sequence[Question]) -> list[Question]:
    """Return the questions whose answers may differ between two versions."""
    if not changed_documents(versions.catalogue, versions.old, versions.new):
        return []
    asked = [replace(question, given=None) for question in questions]
    return [q for q in asked if versions.probe is None or not versions.probe(q)]


def load_difference(
    versions: Versions, stored: int, asked: Sequence[Question], advance: Callable[[], None] = lambda: None
) -> LoadDifference:
    """Return what differs between the answers of two versions.

    Args:
        versions: to ask at.
        stored: number of stored questions.
        asked: those of them that ``to_ask`` returned.
        advance: called after each question.
    """
    documents = changed_documents(versions.catalogue, versions.old, versions.new)
    behind: list[Behind] = []
    for question in asked:
        change = change_of(versions.before.audit(question), versions.after.audit(question))
        if error := change.first.error or change.second.error:
            raise FaqError(f"question {question.id} cannot be asked at both versions: {error}")
        if change.kind != "unchanged":
            behind.append(Behind(change, tuple(_behind(change, documents, versions))))
        advance()
    behind.sort(key=lambda item: CHANGES.index(item.change.kind))
    ids = tuple(question.id for question in asked)
    return LoadDifference(versions.old, versions.new, stored, ids, tuple(behind), len(documents))


def changed_documents(catalogue: Catalogue, old: int, new: int) -> dict[str, str]:
    """Return uri -> ``added``, ``changed`` or ``removed``."""
    before, after = catalogue.document_hashes(old), catalogue.document_hashes(new)
    kinds = dict.fromkeys(after.keys() - before.keys(), "added")
    kinds |= dict.fromkeys(before.keys() - after.keys(), "removed")
    return kinds | {uri: "changed" for uri in before.keys() & after.keys() if before[uri] != after[uri]}


def _behind(change: Change, kinds: Mapping[str, str], versions: Versions) -> Iterator[DocumentChange]:
    """Yield the changed documents that a changed answer cites or found."""
    cited = dict.fromkeys([*change.first.documents, *change.second.documents])
    found = dict.fromkeys([*change.first.found, *change.second.found])
    for uri in [uri for uri in cited if uri in kinds] or [uri for uri in found if uri in kinds]:
        yield DocumentChange(uri, kinds[uri], tuple(_lines(versions, uri)))


def _lines(versions: Versions, uri: str) -> list[str]:
    before, after = (
        next((d.text.splitlines() for d in versions.catalogue.documents(number, [uri])), [])
        for number in (versions.old, versions.new)
    )
    lines = [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if not line.startswith("@@")][
        2:
    ]
    return lines[:_LINES] + ([f"… and {len(lines) - _LINES} more lines"] if len(lines) > _LINES else [])
