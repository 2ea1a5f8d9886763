"""Vectors in an embedded Chroma collection (HNSW), inside one published folder.

Chroma's own saves are not safe against a kill and it does not see another process's writes; so a folder is
prepared by one writer, checked, and from then on only read (docs/decisions/0001-storage.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.errors import IndexDamaged
from kb.index.vectors.chroma_collection import HNSW, ChromaCollection, chroma_errors

COLLECTION = "chunks"
DATABASE = "chroma.sqlite3"  # where Chroma keeps ids and its log; it writes to it whenever it is opened


class ChromaEmbedded(ChromaCollection):
    """A collection in a folder of its own."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the collection in ``folder``, or make an empty one there."""
        import chromadb
        from chromadb.config import Settings

        if not create and not (folder / DATABASE).exists():
            raise IndexDamaged(f"the vector index {folder} is not there: run `faq kb rebuild`")
        with chroma_errors(str(folder)):
            client: Any = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
            try:
                if create:
                    opened = client.get_or_create_collection(
                        COLLECTION, configuration=HNSW, embedding_function=None
                    )
                else:
                    opened = client.get_collection(COLLECTION, embedding_function=None)
            except BaseException:
                client.close()
                raise
        super().__init__(client, opened, str(folder), IndexDamaged)
