"""What a load changed in the answers: stored questions at two versions, only those asked anew that must be.

Which must be is told by ``assistant.audit.compare.probe``; these are asked at both versions in full. With a chat
model the same evidence may still be worded otherwise from call to call; that is not the load's doing.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.audit.compare.comparison import CHANGES, Change, change_of
from assistant.audit.runs.auditor import Auditor
from assistant.audit.runs.private import redacted_text
from assistant.audit.types import Question
from kb.errors import FaqError
from kb.store.catalogue import Catalogue

_LINES = 12  # of a document's difference that are shown

Probing = Callable[[Question], bool]
"""Tells whether a question is answered the same at both versions, without asking it."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadDifference:
    """What a load changed in the answers to stored questions.

    Attributes:
        old: version before.
        new: version after.
        questions: number of stored questions.
        replayed: ids of those that were asked at both versions.
        changes: those of them whose answers differ, the most serious first.
        documents: number of documents that the load changed.
        failures: what a load that was only tried could not read, a line a file.
    """

    old: int
    new: int
    questions: int
    replayed: tuple[str, ...]
    changes: tuple[Behind, ...]
    documents: int
    failures: tuple[str, ...] = ()

    @property
    def saved(self) -> float:
        """Share of the questions that need not be asked anew, 0-1."""
        return 1 - len(self.replayed) / self.questions if self.questions else 0.0

    def counts(self) -> dict[str, int]:
        """Return how many answers changed in each way."""
        return {kind: sum(item.change.kind == kind for item in self.changes) for kind in CHANGES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Auditors of two versions of one knowledge base.

    Attributes:
        catalogue: of the knowledge base.
        old: number of the version before.
        new: number of the version after.
        before: asks and measures at the old one.
        after: asks and measures at the new one.
        probe: tells which questions are answered the same at both; None asks all of them anew.
        regions: whose national telephone numbers are taken out of the lines that are shown.
    """

    catalogue: Catalogue
    old: int
    new: int
    before: Auditor
    after: Auditor
    probe: Probing | None
    regions: tuple[str, ...]


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

    Raises:
        FaqError: a question cannot be asked at both versions.
        StorageError: the database cannot be read.
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
    return LoadDifference(
        old=versions.old,
        new=versions.new,
        questions=stored,
        replayed=ids,
        changes=tuple(behind),
        documents=len(documents),
    )


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
    apart = difflib.unified_diff(before, after, lineterm="", n=0)
    lines = [line for line in apart if not line.startswith("@@")][2:]
    shown = [redacted_text(line, versions.regions, line) for line in lines[:_LINES]]
    return shown + ([f"… and {len(lines) - _LINES} more lines"] if len(lines) > _LINES else [])
