"""The nouns of ingestion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kb.types import Document, Labels


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that somebody asked to load.

    Attributes:
        uri: absolute POSIX path; the document's address.
        path: where it is read.
        root: the path that was named and under which it was found.
        labels: what holds for its documents where they do not say their own.
        sidecar: file of labels that lies beside it, None without one; it wins over ``labels``.
        sidecar_digest: of that file's bytes, so that a change of it is a change of this.
    """

    uri: str
    path: Path
    root: str
    labels: Labels = field(default_factory=Labels)
    sidecar: Path | None = None
    sidecar_digest: str = ""


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
"""Reads one file: yields its documents (one, or one a record) or raises a ``LoadError``."""
