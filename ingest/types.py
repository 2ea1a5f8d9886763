"""The nouns of ingestion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kb.types import Chunk, Document, Labels


class Recalls(Protocol):
    """What is remembered of the records of a file (``ingest.structure.recall``)."""

    def knows(self, uri: str, *parts: object) -> bool:
        """Note a record as it stands in its file; tell whether its document is the stored one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that somebody asked to load.

    Attributes:
        uri: absolute POSIX path; the document's address.
        path: where it is read.
        root: the path that was named and under which it was found.
        labels: what holds for its documents where they do not say their own.
        sidecar: file of labels that lies beside it, None without one; it wins over ``labels``.
        sidecar_digest: of that file's bytes, so that a change of it is a change of this.
        recall: of its records as they were when they were last read; None where nobody asks what has changed.
    """

    uri: str
    path: Path
    root: str
    labels: Labels = field(default_factory=Labels)
    sidecar: Path | None = None
    sidecar_digest: str = ""
    recall: Recalls | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file in a walked folder that is not loaded, and why.

    Attributes:
        uri: absolute POSIX path.
        reason: its ending (``.py``, ``no ending``), or what it is (``link out of the folder``).
    """

    uri: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnreachedPage:
    """A page that could not be fetched, or a file that cannot be named; what was published of it before stays.

    Attributes:
        uri: its address.
        error: name of the error.
        message: what was seen, wanted, and what to do.
    """

    uri: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What a walk over the named paths, or a crawl of the named sites, found.

    Attributes:
        files: to be loaded, in order of their paths within each named path.
        skipped: seen in a walked folder and left out; what ``.faqignore`` and dots hide is not listed.
        gone: uris that are known to be no longer there (a page that answers 404).
        unreached: pages that could not be fetched.
    """

    files: tuple[SourceFile, ...]
    skipped: tuple[SkippedFile, ...] = ()
    gone: tuple[str, ...] = ()
    unreached: tuple[UnreachedPage, ...] = ()


Loader = Callable[[SourceFile], Iterator[Document]]
"""Reads one file: yields its documents (one, or one a record) or raises a ``LoadError``.

A parser's own exceptions, ``OSError`` and ``MemoryError`` among them, may leave a loader: ``ingest.formats.load``
makes a ``LoadError`` of them. ``DamagedRecords`` comes last, behind the documents that could be read.
"""


class Sink(Protocol):
    """What a load puts documents into: the next version, or a rehearsal of it."""

    def put(self, document: Document, text: str, file_uri: str, parts: Sequence[Chunk]) -> None:
        """Put a document with its text and chunks in the place of the one at the same uri."""

    def remove(self, uris: Iterable[str]) -> None:
        """Remove documents by uri."""

    def put_file(self, uri: str, size: int, modified_ns: int, sha256: str, reader: str) -> None:
        """Note how a file looked when it was read."""
