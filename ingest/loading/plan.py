"""What a load has to do, from the files that are there and how they looked when they were last read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.types import SkippedFile, SourceFile, Sources
from kb.errors import LoadError, UnreadableFile
from kb.identity import digest
from kb.types import Labels

READER = "6"
"""Changes when loaders or chunkers read files differently than before: then every file is read again."""


def reader_of(source: SourceFile) -> str:
    """Return what a file is read by: ``READER``, and a digest of the labels that are laid on it from outside."""
    if source.labels == Labels() and source.sidecar is None:
        return READER
    return f"{READER}+{digest(repr(source.labels), source.sidecar_digest)}"


class Stamp(Protocol):
    """How a file looked when it was read."""

    size: int
    modified_ns: int
    sha256: str
    reader: str


@dataclass(frozen=True, slots=True, kw_only=True)
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


def plan(
    sources: Sources, roots: Sequence[str], stamps: Mapping[str, Stamp], read: Callable[[SourceFile], bytes]
) -> SyncPlan:
    """Compare sources with the stamps of what was read before.

    Args:
        sources: what is there now.
        roots: absolute paths that were named; what vanished below them is removed, but not below a folder
            that could not be read. What ``sources`` knows to be gone is removed wherever it is.
        stamps: uri -> stamp of files read before.
        read: returns the SHA-256 digest of a file; called only where size or time differ.
    """
    added, changed, unchanged = [], [], []
    for source in sources.files:
        stamp = stamps.get(source.uri)
        if stamp is None:
            added.append(source)
        elif stamp.reader == reader_of(source) and _same(source, stamp, read):
            unchanged.append(source)
        else:
            changed.append(source)
    there = {source.uri for source in sources.files}
    unseen = [entry.uri for entry in sources.skipped]
    gone = {uri for uri in stamps if uri not in there and _under_any(uri, roots) and not _under_any(uri, unseen)}
    gone |= (set(sources.gone) & stamps.keys()) - there
    return SyncPlan(
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(sorted(gone)),
        unchanged=tuple(unchanged),
        skipped=sources.skipped,
    )


def _same(source: SourceFile, stamp: Stamp, read: Callable[[SourceFile], bytes]) -> bool:
    try:
        status = source.path.stat()
    except OSError:
        return False  # the loader will name the error
    if status.st_size != stamp.size:
        return False
    try:
        return status.st_mtime_ns == stamp.modified_ns or read(source).hex() == stamp.sha256
    except LoadError:
        return False  # likewise: one bad file stops no load


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
