"""All documents of a file, or none: they are read to the end before the first one is used."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.loaders import load
from ingest.types import SourceFile
from kb.types import Document

_IN_MEMORY = 16_000_000  # bytes; what is more goes to a temporary file


@contextmanager
def spooled(source: SourceFile) -> Iterator[Iterator[Document]]:
    """Load a file whole, then hand out its documents one by one; memory stays bounded.

    Raises:
        LoadError: before any document was handed out.
    """
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as store:
        count = 0
        for document in load(source):
            pickle.dump(document, store, pickle.HIGHEST_PROTOCOL)
            count += 1
        store.seek(0)
        yield (pickle.load(store) for _ in range(count))  # noqa: S301  # written by this process just above
