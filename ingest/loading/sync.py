"""Make the knowledge base equal to the sources: plan (pure), then apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ingest.loading import memo
from ingest.loading.chunks import build_chunks, document_text
from ingest.loading.frames import Fresh, Gone, Warned
from ingest.loading.plan import SyncPlan, file_digest, plan, reader_of
from ingest.loading.pool import Outcome, Stored, Workers
from ingest.types import Sink, SkippedFile, SourceFile, Sources
from kb.guard.marks import Guard, Mark, cleared_marks
from kb.knowledge_base import KnowledgeBase
from kb.own_files import files_in
from kb.types import Omission, Version

_NAMED, _SHOWN = 3, 120  # marked sentences that a warning names, and characters of each


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be loaded; what was published of it before stays.

    Attributes:
        uri: of the file.
        error: name of the error.
        message: what was seen, wanted, and what to do.
    """

    uri: str
    error: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a load did, or would do where it was only previewed.

    Attributes:
        added: uris of documents.
        changed: uris of documents.
        removed: uris of documents.
        unchanged: number of documents that stayed as they were, as far as their files were read.
        unchanged_files: number of files that were not read again.
        chunks: number of chunks of the added and changed documents.
        embedded: number of texts that had to be embedded.
        failures: files that could not be loaded.
        warnings: ``(uri, sentence)`` of what loaders could not read.
        omitted: uri of a file -> reason (``kb.types.Omitted``) -> how much its loader met and did not take.
        skipped: files that no loader reads.
        marked: sentences of them that are never quoted, since they read as if they spoke to a machine.
        version: what was published; None when nothing changed or on a dry run.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    unchanged_files: int
    chunks: int
    embedded: int
    failures: tuple[Failure, ...]
    warnings: tuple[tuple[str, str], ...]
    omitted: Mapping[str, Mapping[str, int]]
    skipped: tuple[SkippedFile, ...]
    marked: tuple[Mark, ...]
    version: Version | None


class Watcher(Protocol):
    """Who follows a load (a progress bar)."""

    def begin(self, total: int) -> None:
        """Files of ``total`` bytes will be read."""

    def reading(self, uri: str) -> None:
        """A file is being read."""

    def advance(self, size: int) -> None:
        """So many bytes are done: read, cut and embedded."""

    def publishing(self) -> None:
        """All is embedded; the indexes are being published."""


class _Meter:
    """Moves the bar by a file's bytes as its chunks are embedded, not when it is merely read."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._waiting = 0.0  # bytes read, not embedded
        self._chunks = 0  # in them
        self._done = 0.0

    def read(self, size: int, chunks: int) -> None:
        """Note that a file was read."""
        self._waiting += size
        self._chunks += chunks
        if not chunks:
            self._advance(size)

    def embedded(self, chunks: int) -> None:
        """Move on by the share of these chunks."""
        self._advance(self._waiting * min(1.0, chunks / max(1, self._chunks)))
        self._chunks = max(0, self._chunks - chunks)

    def finish(self) -> None:
        """Move to the end: the rest had its vectors already."""
        self._advance(self._waiting)

    def _advance(self, size: float) -> None:
        self._waiting -= size
        whole = int(self._done + size) - int(self._done)
        self._done += size
        self._watcher.advance(whole)


class _Tally:
    """Counts while a load goes on; ``report`` makes them a value."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.marked: list[Mark] = []
        self.added: list[str] = []
        self.changed: list[str] = []
        self.removed: list[str] = []
        self.failures: list[Failure] = []
        self.warnings: list[tuple[str, str]] = []
        self.omitted: dict[str, dict[str, int]] = {}
        self.unchanged = self.chunks = 0

    def omit(self, file_uri: str, omitted: Sequence[Omission]) -> None:
        """Add what was left out of a document to its file's counts."""
        for omission in omitted:
            counts = self.omitted.setdefault(file_uri, {})
            counts[omission.reason.value] = counts.get(omission.reason.value, 0) + omission.count

    def report(self, plan: SyncPlan, embedded: int, version: Version | None) -> SyncReport:
        return SyncReport(
            added=tuple(self.added),
            changed=tuple(self.changed),
            removed=tuple(self.removed),
            unchanged=self.unchanged,
            unchanged_files=len(plan.unchanged),
            chunks=self.chunks,
            embedded=embedded,
            failures=tuple(self.failures),
            warnings=tuple(self.warnings),
            omitted=self.omitted,
            skipped=plan.skipped,
            marked=tuple(self.marked),
            version=version,
        )


def preview(
    knowledge_base: KnowledgeBase,
    sources: Sources,
    roots: Sequence[str],
    watcher: Watcher,
    sink: Sink | None = None,
) -> SyncReport:
    """Return what ``sync`` would do, without embedding or changing anything; ``sink`` is given what is new.

    Raises:
        StorageError: the database cannot be read, or no process that reads files can be started.
    """
    published = knowledge_base.catalogue.published()
    base = published.version if published else 0
    todo = plan(sources, roots, knowledge_base.catalogue.files(base), file_digest)
    tally = _Tally(_guard(knowledge_base))
    for outcome in _read_all(knowledge_base, todo, base, watcher):
        _compare(outcome, tally, put=sink)
        watcher.advance(outcome.size)
    for uri in todo.removed:
        tally.removed += knowledge_base.catalogue.document_hashes(base, uri)
    return tally.report(todo, 0, None)


def sync(
    knowledge_base: KnowledgeBase, sources: Sources, roots: Sequence[str], watcher: Watcher, note: str
) -> SyncReport:
    """Load what is new or changed, remove what vanished, publish; one bad file never stops the others.

    Args:
        knowledge_base: to write to.
        sources: the files that are there now.
        roots: absolute paths that were named.
        watcher: follows the load.
        note: kept with the version.

    Raises:
        FaqError: as ``kb.index.writer.Writer.load`` does, and ``Load.publish``; nothing is published then. What is
            wrong with a file is told in the report.
        StorageError: no process that reads files can be started, or it cannot write its temporary file.
    """
    meter = _Meter(watcher)
    records = _records_folder(knowledge_base)
    with knowledge_base.load(meter.embedded) as load:
        todo = plan(sources, roots, knowledge_base.catalogue.files(load.base), file_digest)
        tally = _Tally(_guard(knowledge_base))
        for outcome in _read_all(knowledge_base, todo, load.base, watcher):
            chunks = tally.chunks
            _compare(outcome, tally, put=load)
            meter.read(outcome.size, tally.chunks - chunks)
            with files_in(records):
                memo.save_pairs(records, outcome.source.uri, outcome.records)
        for uri in todo.removed:
            documents = list(knowledge_base.catalogue.document_hashes(load.base, uri))
            tally.removed += documents
            load.remove(documents)
            load.remove_file(uri)
            with files_in(records):
                memo.save_pairs(records, uri, b"")
        load.settle()
        meter.finish()
        watcher.publishing()
        version = load.publish(note)
        return tally.report(todo, load.embedded, version)


def _guard(knowledge_base: KnowledgeBase) -> Guard:
    cleared = cleared_marks(knowledge_base.catalogue.engine)
    return Guard(lambda: cleared)


def _records_folder(knowledge_base: KnowledgeBase) -> Path:
    return knowledge_base.settings.home / "records"


def _read_all(knowledge_base: KnowledgeBase, todo: SyncPlan, base: int, watcher: Watcher) -> Iterator[Outcome]:
    """Yield how reading each new or changed file ended."""
    files = [*todo.added, *todo.changed]
    watcher.begin(sum(map(_size, files)))
    folder = _records_folder(knowledge_base)

    def stored(source: SourceFile) -> Stored:
        hashes = knowledge_base.catalogue.document_hashes(base, source.uri) if base else {}
        return Stored(hashes, memo.load_pairs(folder, source.uri) if hashes else b"")

    with Workers() as workers, closing(workers.read_all(files, stored)) as outcomes:
        for outcome in outcomes:
            watcher.reading(outcome.source.uri)
            yield outcome


def _size(source: SourceFile) -> int:
    try:
        return source.path.stat().st_size
    except OSError:
        return 0


def _compare(outcome: Outcome, tally: _Tally, put: Sink | None) -> None:
    """Put what differs from the published documents of one file, unless it could not be read."""
    source, stored = outcome.source, outcome.stored.hashes
    tally.unchanged += outcome.unchanged
    gone: list[str] = []
    for frame in outcome.frames:
        if isinstance(frame, Gone):
            gone.append(frame.uri)
        elif isinstance(frame, Warned):
            tally.warnings += [(frame.uri, warning) for warning in frame.warnings]
            tally.omit(source.uri, frame.omitted)
        else:
            _put(frame, source, stored.get(frame.uri), tally, put)
    tally.removed += gone
    if put is not None:
        put.remove(gone)
    if outcome.error is not None:
        tally.failures.append(Failure(source.uri, type(outcome.error).__name__, str(outcome.error)))
    elif put is not None:
        put.put_file(source.uri, outcome.size, outcome.modified_ns, outcome.sha256, reader_of(source))


def _put(frame: Fresh, source: SourceFile, stored: str | None, tally: _Tally, put: Sink | None) -> None:
    labels = replace(frame.document.labels, trust=source.labels.trust)  # whatever the reading process says
    document = replace(frame.document, labels=labels)
    tally.warnings += [(document.uri, warning) for warning in document.warnings]
    tally.omit(source.uri, document.omitted)
    (tally.added if stored is None else tally.changed).append(document.uri)
    tally.chunks += len(frame.cuts)
    if put is not None:
        text = document_text(document)[0]
        chunks = build_chunks(document, text, frame.cuts)
        marks = [mark for chunk in chunks for mark in tally.guard.marks(chunk)]
        tally.marked += marks
        if marks:
            tally.warnings.append((document.uri, _never_quoted(marks)))
        put.put(document, text, source.uri, chunks)


def _never_quoted(marks: Sequence[Mark]) -> str:
    """Return the warning of a document with planted words."""
    words = "; ".join(
        f"“{mark.words[:_SHOWN]}{'…' if len(mark.words) > _SHOWN else ''}”" for mark in marks[:_NAMED]
    )
    more = f" and {len(marks) - _NAMED} more" if len(marks) > _NAMED else ""
    return (
        f"never quoted, since it reads as if it spoke to a machine: {words}{more}; "
        "see `faq kb marked`, which also clears what you have read"
    )
