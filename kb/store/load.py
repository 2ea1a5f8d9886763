"""A load: documents go into the next version, and what was never embedded is embedded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any

from kb.embedders import Embedder
from kb.errors import StorageError
from kb.store.catalogue import Catalogue
from kb.store.draft import Draft, Placed
from kb.store.embedding_stream import EmbeddingStream
from kb.types import Chunk, Document, Version

_PENDING = 512  # chunks or documents gathered before they are written
_REWRITTEN = 2_048  # chunks re-embedded between two commits


class Load:
    """What may be done to a version in preparation."""

    def __init__(
        self,
        draft: Draft,
        catalogue: Catalogue,
        embedder: Embedder,
        publish: Callable[[Draft, str], Version],
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._draft, self._publish = draft, publish
        self._stream = EmbeddingStream(catalogue, embedder, draft, progress)
        self._placed: dict[str, Placed] = {}
        self._files: dict[str, dict[str, Any] | None] = {}
        self._waiting = 0
        self._published = False

    @property
    def embedded(self) -> int:
        """Number of texts that had to be embedded."""
        return self._stream.embedded

    @property
    def base(self) -> int:
        """Number of the version that this load changes, 0 for none."""
        return self._draft.base

    @property
    def counts(self) -> tuple[int, int, int]:
        """Documents added, changed, removed so far."""
        self._write()
        return self._draft.counts()

    def put(self, document: Document, text: str, file_uri: str, parts: Sequence[Chunk]) -> None:
        """Put a document with its text and chunks in the place of the one at the same uri.

        Raises:
            StorageError: the load has been published, or the database cannot be written.
            EmbedderError: what was put before cannot be embedded.
        """
        self._still_open()
        self._placed.pop(document.uri, None)
        self._placed[document.uri] = Placed(document, text, file_uri, tuple(parts))
        self._waiting += len(parts)
        if max(self._waiting, len(self._placed)) >= _PENDING:
            self._write()

    def remove(self, uris: Iterable[str]) -> None:
        """Remove documents by uri.

        Raises:
            StorageError: the load has been published, or the database cannot be written.
        """
        self._still_open()
        if gone := list(uris):
            self._write()
            self._draft.remove(gone)

    def put_file(self, uri: str, size: int, modified_ns: int, sha256: str, reader: str) -> None:
        """Note how a file looked when it was read, so that it is not read again while it looks the same."""
        self._still_open()
        self._files[uri] = {"size": size, "modified_ns": modified_ns, "sha256": sha256, "reader": reader}

    def remove_file(self, uri: str) -> None:
        """Forget a file."""
        self._still_open()
        self._files[uri] = None

    def settle(self) -> None:
        """Embed and write what was put so far; ``publish`` does so too.

        Raises:
            StorageError: the load has been published, or the database cannot be written.
            EmbedderError: a text cannot be embedded.
        """
        self._still_open()
        self._write()
        self._stream.finish()

    def publish(self, note: str) -> Version | None:
        """Make everything visible at one moment; None when no document has changed.

        Raises:
            StorageError: the load has been published, or database or indexes cannot be written.
            EmbedderError: a text cannot be embedded.
            IndexDamaged: the published index folder is not whole.
        """
        self.settle()
        self._published = True
        if not self._draft.touched():
            self._draft.keep_files()
            return None
        return self._publish(self._draft, note)

    def close(self) -> None:
        """Stop embedding; what was not published is lost."""
        self._stream.close()

    def _still_open(self) -> None:
        if self._published:
            raise StorageError("this load has been published: begin another one for further changes")

    def _write(self) -> None:
        placed, files = list(self._placed.values()), self._files
        self._placed, self._files, self._waiting = {}, {}, 0
        self._draft.put(placed)
        self._draft.put_files(files)
        self._draft.checkpoint()
        self._stream.add(chunk for item in placed for chunk in item.parts)


def embed_anew(catalogue: Catalogue, embedder: Embedder, draft: Draft) -> None:
    """Embed every chunk of the published version for ``draft``, whose fingerprint is the new embedder's."""
    ids = catalogue.chunk_ids(draft.base)
    with closing(EmbeddingStream(catalogue, embedder, draft)) as stream:
        for start in range(0, len(ids), _REWRITTEN):
            parts = list(catalogue.chunks(ids[start : start + _REWRITTEN], draft.base).values())
            draft.replace_chunks(parts)
            draft.checkpoint()
            stream.add(parts)
        stream.finish()
