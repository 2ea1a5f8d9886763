"""Vectors in a collection of a Chroma server (``chroma run``, Chroma Cloud or a distributed one)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from kb.errors import SettingsError, StorageError
from kb.index.vectors.chroma_collection import HNSW, ChromaCollection


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

        host, port, encrypted = _address(url)
        try:
            client: Any = chromadb.HttpClient(
                host, port, ssl=encrypted, settings=Settings(anonymized_telemetry=False)
            )
            opened = client.get_or_create_collection(collection, configuration=HNSW, embedding_function=None)
        except Exception as error:
            raise StorageError(
                f"the Chroma server at {url} does not answer ({type(error).__name__}: {error}): "
                "start it with `chroma run`, or set FAQ_VECTOR_INDEX=auto to search without a server"
            ) from error
        super().__init__(client, opened, f"of the server {url}", StorageError)

    def close(self) -> None:
        """Close the connections too, which Chroma's client leaves open."""
        sessions = [part._server._session for part in (self._client, self._client._admin_client)]
        super().close()
        for session in sessions:
            session.close()


def _address(url: str) -> tuple[str, int, bool]:
    """Return host, port and whether the connection is encrypted."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"FAQ_CHROMA_URL is {url!r}: it must look like http://127.0.0.1:8000")
    encrypted = parts.scheme == "https"
    return parts.hostname, port or (443 if encrypted else 8000), encrypted
