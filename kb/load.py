"""A load: documents go into the next version, and what was never embedded is embedded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select, update

from kb.catalogue import Catalogue
from kb.draft import Draft
from kb.embedders import Embedder
from kb.identity import passage, vector_key
from kb.schema import chunks
from kb.types import Chunk, Document, Version

_PENDING = 2_048  # texts gathered before they are embedded: enough to sort by length, little to lose


class Load:
    """What may be done to a version in preparation.

    Attributes:
        embedded: number of texts that had to be embedded.
    """

    def __init__(
        self,
        draft: Draft,
        catalogue: Catalogue,
        embedder: Embedder,
        publish: Callable[[Draft, str], Version],
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._draft, self._catalogue, self._embedder = draft, catalogue, embedder
        self._publish, self._progress = publish, progress
        self._passages: dict[str, str] = {}
        self._questions: dict[str, str] = {}
        self.embedded = 0

    @property
    def base(self) -> int:
        """Number of the version that this load changes, 0 for none."""
        return self._draft.base

    @property
    def counts(self) -> tuple[int, int, int]:
        """Documents added, changed, removed so far."""
        return self._draft.added, self._draft.changed, self._draft.removed

    def put(self, document: Document, text: str, file_uri: str, parts: Sequence[Chunk]) -> None:
        """Put a document with its text and chunks in the place of the one at the same uri."""
        fresh = self._draft.put(document, text, file_uri, parts)
        for chunk in fresh:
            _want(chunk, self._embedder.fingerprint, self._passages, self._questions)
        if len(self._passages) + len(self._questions) >= _PENDING:
            self._embed()

    def remove(self, uris: Iterable[str]) -> None:
        """Remove documents by uri."""
        self._draft.remove(uris)

    def put_file(self, uri: str, size: int, modified_ns: int, sha256: str, reader: str) -> None:
        """Note how a file looked when it was read, so that it is not read again while it looks the same."""
        self._draft.put_file(uri, size, modified_ns, sha256, reader)

    def remove_file(self, uri: str) -> None:
        """Forget a file."""
        self._draft.remove_file(uri)

    def publish(self, note: str) -> Version | None:
        """Make everything visible at one moment; None when nothing has changed."""
        self._embed()
        if not self._draft.touched:
            return None
        return self._publish(self._draft, note)

    def _embed(self) -> None:
        self.embedded += embed_texts(
            self._catalogue, self._embedder, self._draft.put_vectors, self._passages, self._questions
        )
        self._draft.checkpoint()
        if self._progress:
            self._progress(len(self._passages))
        self._passages, self._questions = {}, {}


def _want(chunk: Chunk, fingerprint: str, passages: dict[str, str], questions: dict[str, str]) -> None:
    text = passage(chunk.title, chunk.headings, chunk.question, chunk.text)
    passages[vector_key(fingerprint, "passage", text)] = text
    if chunk.question:
        questions[vector_key(fingerprint, "question", chunk.question)] = chunk.question


def embed_texts(
    catalogue: Catalogue,
    embedder: Embedder,
    put: Callable[..., None],
    passages: dict[str, str],
    questions: dict[str, str],
) -> int:
    """Embed those texts (by key) that have no vector yet, hand the vectors to ``put``; return how many."""
    known = catalogue.known_keys([*passages, *questions])
    count = 0
    for texts, embed in ((passages, embedder.embed_documents), (questions, embedder.embed_queries)):
        fresh = {key: text for key, text in texts.items() if key not in known}
        if fresh:
            put(list(fresh), embed(list(fresh.values())))
        count += len(fresh)
    return count


def embed_missing(catalogue: Catalogue, embedder: Embedder) -> None:
    """Embed every stored chunk with ``embedder`` and let its row name the new vectors."""
    published = catalogue.published()
    draft = Draft(catalogue, embedder.fingerprint)
    passages: dict[str, str] = {}
    questions: dict[str, str] = {}
    try:
        for chunk in catalogue.all_chunks(published.version if published else 0):
            _want(chunk, embedder.fingerprint, passages, questions)
            if len(passages) + len(questions) >= _PENDING:
                embed_texts(catalogue, embedder, draft.put_vectors, passages, questions)
                draft.checkpoint()
                passages, questions = {}, {}
        embed_texts(catalogue, embedder, draft.put_vectors, passages, questions)
        draft.checkpoint()
    finally:
        draft.close()
    _rename_keys(catalogue, embedder.fingerprint)


def _rename_keys(catalogue: Catalogue, fingerprint: str) -> None:
    with catalogue.engine.begin() as connection:
        ids = list(connection.scalars(select(chunks.c.chunk_id).distinct()))
        for start in range(0, len(ids), 500):
            for chunk in catalogue.passages(ids[start : start + 500]).values():
                text = passage(chunk.title, chunk.headings, chunk.question, chunk.text)
                asked = vector_key(fingerprint, "question", chunk.question) if chunk.question else None
                renaming = update(chunks).where(chunks.c.chunk_id == chunk.id)
                connection.execute(
                    renaming.values(text_key=vector_key(fingerprint, "passage", text), question_key=asked)
                )
