"""All documents of a file, or none: they are read to the end before the first one is used."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ingest.loaders import load
from ingest.types import SourceFile
from kb.errors import DamagedRecords
from kb.types import Document

_IN_MEMORY = 16_000_000  # bytes; what is more goes to a temporary file


@dataclass(frozen=True, slots=True)
class Spooled:
    """The documents of a file.

    Attributes:
        documents: one by one.
        lost: why some of its records are not among them, None when all are.
    """

    documents: Iterator[Document]
    lost: DamagedRecords | None


@contextmanager
def spooled(source: SourceFile) -> Iterator[Spooled]:
    """Load a file whole, then hand out its documents one by one; memory stays bounded.

    Raises:
        LoadError: before any document was handed out.
    """
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as store:
        count, lost = 0, None
        try:
            for document in load(source):
                pickle.dump(document, store, pickle.HIGHEST_PROTOCOL)
                count += 1
        except DamagedRecords as error:
            lost = error
        store.seek(0)
        # What is unpickled was written by this process just above.
        yield Spooled((pickle.load(store) for _ in range(count)), lost)  # noqa: S301
