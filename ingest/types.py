"""The nouns of ingestion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.types import Document


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that somebody asked to load.

    Attributes:
        uri: absolute POSIX path; the document's address.
        path: where it is read.
        root: the path that was named and under which it was found.
    """

    uri: str
    path: Path
    root: str


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
class Sources:
    """What a walk over the named paths found.

    Attributes:
        files: to be loaded, in order of their paths within each named path.
        skipped: seen in a walked folder and left out; what ``.faqignore`` and dots hide is not listed.
    """

    files: tuple[SourceFile, ...]
    skipped: tuple[SkippedFile, ...] = ()


Loader = Callable[[SourceFile], Iterator[Document]]
"""Reads one file: yields its documents (one, or one a record) or raises a ``LoadError``."""
