"""Vectors in a collection of a Chroma server (``chroma run``, Chroma Cloud or a distributed one)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from kb.errors import SettingsError, StorageError
from kb.vectors.chroma_embedded import HNSW, ChromaCollection


class ChromaServer(ChromaCollection):
    """A collection on a server, over one HTTP client."""

    def __init__(self, url: str, collection: str) -> None:
        """Connect to the server at ``url`` and open ``collection``, which is made where it is missing.

        Raises:
            SettingsError: ``url`` is not ``http(s)://host[:port]``.
            StorageError: nobody answers there.
        """
        import chromadb
        from chromadb.config import Settings

        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"FAQ_CHROMA_URL is {url!r}: it must look like http://127.0.0.1:8000")
        try:
            self._client: Any = chromadb.HttpClient(
                parts.hostname,
                parts.port or (443 if parts.scheme == "https" else 8000),
                ssl=parts.scheme == "https",
                settings=Settings(anonymized_telemetry=False),
            )
            opened = self._client.get_or_create_collection(
                collection, configuration=HNSW, embedding_function=None
            )
        except Exception as error:
            raise StorageError(
                f"the Chroma server at {url} does not answer ({type(error).__name__}: {error}): "
                "start it with `chroma run`, or set FAQ_VECTOR_INDEX=auto to search without a server"
            ) from error
        super().__init__(opened, url)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
