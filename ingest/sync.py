"""Make the knowledge base equal to the sources: plan (pure), then apply."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.chunkers import chunk, document_text
from ingest.spool import spooled
from ingest.types import SkippedFile, SourceFile, Sources
from kb.errors import LoadError, UnreadableFile
from kb.identity import content_hash
from kb.knowledge_base import KnowledgeBase
from kb.load import Load
from kb.types import Document, Version

READER = "1"
"""Changes when loaders or chunkers read files differently than before: then every file is read again."""


class Stamp(Protocol):
    """How a file looked when it was read."""

    size: int
    modified_ns: int
    sha256: str
    reader: str


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a load has to do, file by file.

    Attributes:
        added: files never read.
        changed: files whose bytes differ, or that an older release read.
        removed: uris of files that were read and are no longer there.
        unchanged: files that need nothing.
        skipped: files that no loader reads.
    """

    added: tuple[SourceFile, ...]
    changed: tuple[SourceFile, ...]
    removed: tuple[str, ...]
    unchanged: tuple[SourceFile, ...]
    skipped: tuple[SkippedFile, ...]


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


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a load did, or with ``dry_run`` would do.

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
        skipped: files that no loader reads.
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
    skipped: tuple[SkippedFile, ...]
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


def plan(
    sources: Sources, roots: Sequence[str], stamps: Mapping[str, Stamp], read: Callable[[SourceFile], bytes]
) -> SyncPlan:
    """Compare sources with the stamps of what was read before.

    Args:
        sources: what is there now.
        roots: absolute paths that were named; what vanished below them is removed, but not below a folder
            that could not be read.
        stamps: uri -> stamp of files read before.
        read: returns the SHA-256 digest of a file; called only where size or time differ.
    """
    added, changed, unchanged = [], [], []
    for source in sources.files:
        stamp = stamps.get(source.uri)
        if stamp is None:
            added.append(source)
        elif stamp.reader == READER and _same(source, stamp, read):
            unchanged.append(source)
        else:
            changed.append(source)
    there = {source.uri for source in sources.files}
    unseen = [entry.uri for entry in sources.skipped]
    gone = [uri for uri in stamps if uri not in there and _under_any(uri, roots) and not _under_any(uri, unseen)]
    return SyncPlan(tuple(added), tuple(changed), tuple(sorted(gone)), tuple(unchanged), sources.skipped)


def _same(source: SourceFile, stamp: Stamp, read: Callable[[SourceFile], bytes]) -> bool:
    try:
        status = source.path.stat()
    except OSError:
        return False  # the loader will name the error
    if status.st_size != stamp.size:
        return False
    return status.st_mtime_ns == stamp.modified_ns or read(source).hex() == stamp.sha256


def _under_any(uri: str, roots: Sequence[str]) -> bool:
    return any(uri == root or uri.startswith(root.rstrip("/") + "/") for root in roots)


def file_digest(source: SourceFile) -> bytes:
    """Return the SHA-256 digest of a file's bytes.

    Raises:
        UnreadableFile: it cannot be read.
    """
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError as error:
        raise UnreadableFile(
            f"{source.path} cannot be read ({error}): check that it exists and may be read"
        ) from error


class _Tally:
    """Counts while a load goes on; ``report`` makes them a value."""

    def __init__(self) -> None:
        self.added: list[str] = []
        self.changed: list[str] = []
        self.removed: list[str] = []
        self.failures: list[Failure] = []
        self.warnings: list[tuple[str, str]] = []
        self.unchanged = self.chunks = 0

    def report(self, plan: SyncPlan, embedded: int, version: Version | None) -> SyncReport:
        return SyncReport(
            tuple(self.added), tuple(self.changed), tuple(self.removed), self.unchanged, len(plan.unchanged),
            self.chunks, embedded, tuple(self.failures), tuple(self.warnings), plan.skipped, version,
        )  # fmt: skip


def preview(knowledge_base: KnowledgeBase, sources: Sources, roots: Sequence[str], watcher: Watcher) -> SyncReport:
    """Return what ``sync`` would do, without embedding or changing anything."""
    published = knowledge_base.catalogue.published()
    base = published.version if published else 0
    todo = plan(sources, roots, knowledge_base.catalogue.files(base), file_digest)
    tally = _Tally()
    for source in _watched([*todo.added, *todo.changed], watcher):
        _read(knowledge_base, source, base, tally, put=None)
        watcher.advance(_size(source))
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
    """
    with knowledge_base.load() as load:
        todo = plan(sources, roots, knowledge_base.catalogue.files(load.base), file_digest)
        tally = _Tally()
        for source in _watched([*todo.added, *todo.changed], watcher):
            _read(knowledge_base, source, load.base, tally, put=load)
            watcher.advance(_size(source))
        for uri in todo.removed:
            documents = list(knowledge_base.catalogue.document_hashes(load.base, uri))
            tally.removed += documents
            load.remove(documents)
            load.remove_file(uri)
        watcher.publishing()
        version = load.publish(note)
        return tally.report(todo, load.embedded, version)


def _watched(files: Sequence[SourceFile], watcher: Watcher) -> Iterator[SourceFile]:
    watcher.begin(sum(map(_size, files)))
    for source in files:
        watcher.reading(source.uri)
        yield source


def _size(source: SourceFile) -> int:
    try:
        return source.path.stat().st_size
    except OSError:
        return 0


def _read(knowledge_base: KnowledgeBase, source: SourceFile, base: int, tally: _Tally, put: Load | None) -> None:
    """Read one file and put what differs from the published documents of that file."""
    stored = knowledge_base.catalogue.document_hashes(base, source.uri)
    seen = set()
    try:
        digest = file_digest(source)
        with spooled(source) as spool:
            for document in spool.documents:
                seen.add(document.uri)
                _compare(document, stored.get(document.uri), source, tally, put)
            if spool.lost:  # which records are missing is not known, so none is taken for removed
                raise spool.lost
    except LoadError as error:
        tally.failures.append(Failure(source.uri, type(error).__name__, str(error)))
        return
    gone = sorted(stored.keys() - seen)
    tally.removed += gone
    if put is not None:
        put.remove(gone)
        status = source.path.stat()
        put.put_file(source.uri, status.st_size, status.st_mtime_ns, digest.hex(), READER)


def _compare(document: Document, stored: str | None, source: SourceFile, tally: _Tally, put: Load | None) -> None:
    tally.warnings += [(document.uri, warning) for warning in document.warnings]
    if content_hash(document) == stored:
        tally.unchanged += 1
        return
    (tally.added if stored is None else tally.changed).append(document.uri)
    parts = chunk(document)
    tally.chunks += len(parts)
    if put is not None:
        put.put(document, document_text(document)[0], source.uri, parts)
