"""One version in preparation: everything written here is unseen until ``publish``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Engine, Row, delete, func, insert, literal, not_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from kb import identity
from kb.catalogue import Catalogue, visible
from kb.embedders import Vectors
from kb.schema import OPEN, chunks, documents, files, vectors, versions
from kb.types import Chunk, Document, Version


class Draft:
    """Rows of the next version.

    A row of the draft has ``version_from`` (or, where it ends an older row, ``version_to``) equal to the next
    version's number, which no reader looks at. A draft that died is undone when the next one begins.

    Attributes:
        version: the number it will be published under.
        base: the number of the published version that it changes, 0 when there is none.
    """

    def __init__(self, catalogue: Catalogue, fingerprint: str) -> None:
        self._catalogue, self._engine, self._fingerprint = catalogue, catalogue.engine, fingerprint
        published = catalogue.published()
        self.base = published.version if published else 0
        self.version = self.base + 1
        self.added = self.changed = self.removed = 0
        undo_drafts(self._engine, self.base)
        self._connection = self._engine.connect()

    def checkpoint(self) -> None:
        """Commit what was put so far; still unseen, but on disk, and visible to this program's own reads."""
        self._connection.commit()

    def close(self) -> None:
        """Let go of the connection; what was not committed is undone."""
        self._connection.close()

    @property
    def touched(self) -> bool:
        """Whether anything that a customer could notice was put or removed."""
        return bool(self.added or self.changed or self.removed)

    def put(self, document: Document, text: str, file_uri: str, parts: Sequence[Chunk]) -> list[Chunk]:
        """Put a document in the place of the one at the same uri.

        Args:
            document: what was read.
            text: its whole text, of which the chunks are stretches.
            file_uri: the file it came from.
            parts: its chunks in order.

        Returns:
            Those of ``parts`` that the version before did not hold.
        """
        identifier = identity.document_id(document.uri)
        connection = self._connection
        ended = connection.execute(_end(documents, identifier, self.version)).rowcount
        there = select(chunks).where(chunks.c.document_id == identifier, chunks.c.version_to == OPEN)
        open_chunks = {row.chunk_id: row for row in connection.execute(there)} if ended else {}
        kept = {c.id for c in parts if c.id in open_chunks and _same_place(c, open_chunks[c.id])}
        gone = [row.row for chunk_id, row in open_chunks.items() if chunk_id not in kept]
        for start in range(0, len(gone), 500):
            ending = update(chunks).where(chunks.c.row.in_(gone[start : start + 500]))
            connection.execute(ending.values(version_to=self.version))
        connection.execute(insert(documents), [self._document_row(document, text, file_uri)])
        fresh = [c for c in parts if c.id not in kept]
        if fresh:
            connection.execute(insert(chunks), [self._chunk_row(c) for c in fresh])
        if ended:
            self.changed += 1
        else:
            self.added += 1
        return [c for c in parts if c.id not in open_chunks]

    def remove(self, uris: Iterable[str]) -> None:
        """Remove the documents at these uris; unknown ones do not matter."""
        for uri in uris:
            identifier = identity.document_id(uri)
            self.removed += self._connection.execute(_end(documents, identifier, self.version)).rowcount
            self._connection.execute(_end(chunks, identifier, self.version))

    def put_file(self, uri: str, size: int, modified_ns: int, sha256: str, reader: str) -> None:
        """Note how a file looked when it was read."""
        self.remove_file(uri)
        row = {"uri": uri, "size": size, "modified_ns": modified_ns, "sha256": sha256, "reader": reader}
        self._connection.execute(insert(files), [{"version_from": self.version, "version_to": OPEN, **row}])

    def remove_file(self, uri: str) -> None:
        """Forget a file."""
        ending = update(files).where(files.c.uri == uri, files.c.version_to == OPEN)
        self._connection.execute(ending.values(version_to=self.version))

    def put_vectors(self, keys: Sequence[str], matrix: Vectors) -> None:
        """Store vectors under their keys; they are kept even if this draft never gets published.

        Args:
            keys: n keys of ``kb.identity.vector_key``.
            matrix: ``(n, dimension)`` float32.
        """
        if not keys:
            return
        rows = [
            {"key": key, "vector": np.ascontiguousarray(vector, np.float32).tobytes()}
            for key, vector in zip(keys, matrix, strict=True)
        ]
        dialect = postgresql_insert if self._engine.dialect.name == "postgresql" else sqlite_insert
        self._connection.execute(dialect(vectors).on_conflict_do_nothing(), rows)

    def restore(self, version: int) -> None:
        """Make the draft's state equal to that of an older version."""
        before = dict(self._connection.execute(_states(self.base)).tuples().all())
        after = dict(self._connection.execute(_states(version)).tuples().all())
        for table in (documents, chunks, files):
            then, now = visible(table, version), visible(table, self.base)
            columns = [c for c in table.c if c.name not in ("row", "version_from", "version_to")]
            again = select(literal(self.version), literal(OPEN), *columns).where(then, not_(now))
            names = ["version_from", "version_to", *(c.name for c in columns)]
            copied = insert(table).from_select(names, again)
            ended = update(table).where(now, not_(then)).values(version_to=self.version)
            self._connection.execute(copied)
            self._connection.execute(ended)
        self.added += len(after.keys() - before.keys())
        self.removed += len(before.keys() - after.keys())
        self.changed += sum(before[uri] != after[uri] for uri in before.keys() & after.keys())

    def publish(self, note: str, folder: str) -> Version:
        """Make the draft the published version: one commit, from which on every reader sees it.

        Args:
            note: what made it.
            folder: name of the folder that holds its indexes, complete and checked.
        """
        counts = [
            self._connection.scalar(select(func.count()).where(visible(table, self.version)))
            for table in (documents, chunks)
        ]
        published_at = datetime.now(UTC).replace(microsecond=0)
        row = {
            "number": self.version, "published_at": published_at.replace(tzinfo=None), "note": note,
            "folder": folder, "fingerprint": self._fingerprint, "documents": counts[0], "chunks": counts[1],
            "added": self.added, "changed": self.changed, "removed": self.removed,
        }  # fmt: skip
        self._connection.execute(insert(versions), [row])
        self._connection.commit()
        return self._catalogue.version(self.version)

    def _document_row(self, document: Document, text: str, file_uri: str) -> dict[str, Any]:
        labels = document.labels
        return {
            "document_id": identity.document_id(document.uri), "version_from": self.version, "version_to": OPEN,
            "uri": document.uri, "file_uri": file_uri, "title": document.title, "record_id": document.record_id,
            "content_hash": identity.content_hash(document), "text": text, "audience": labels.audience,
            "product": labels.product, "language": labels.language, "valid_from": labels.valid_from,
            "valid_until": labels.valid_until, "warnings": list(document.warnings),
            "labels": {
                "language": labels.language, "supersedes": list(labels.supersedes), "extra": dict(labels.extra),
            },
        }  # fmt: skip

    def _chunk_row(self, chunk: Chunk) -> dict[str, Any]:
        text = identity.passage(chunk.title, chunk.headings, chunk.question, chunk.text)
        return {
            "chunk_id": chunk.id, "document_id": chunk.document_id, "version_from": self.version,
            "version_to": OPEN, "position": chunk.position, "start": chunk.start, "end": chunk.end,
            "text": chunk.text, "headings": list(chunk.headings), "page": chunk.page, "kind": chunk.kind.value,
            "question": chunk.question, "language": chunk.language,
            "text_key": identity.vector_key(self._fingerprint, "passage", text),
            "question_key": (
                identity.vector_key(self._fingerprint, "question", chunk.question) if chunk.question else None
            ),
        }  # fmt: skip


def undo_drafts(engine: Engine, published: int) -> None:
    """Take back whatever a draft that was never published left behind."""
    with engine.begin() as connection:
        for table in (documents, chunks, files):
            connection.execute(delete(table).where(table.c.version_from > published))
            reopening = update(table).where(table.c.version_to > published, table.c.version_to < OPEN)
            connection.execute(reopening.values(version_to=OPEN))


def forget(engine: Engine, before: int) -> None:
    """Delete what only versions below ``before`` could see, and vectors that nothing holds any longer."""
    with engine.begin() as connection:
        for table in (documents, chunks, files):
            connection.execute(delete(table).where(table.c.version_to <= before))
        connection.execute(delete(versions).where(versions.c.number < before))
        held = select(chunks.c.text_key).union(
            select(chunks.c.question_key).where(chunks.c.question_key.is_not(None))
        )
        connection.execute(delete(vectors).where(vectors.c.key.not_in(held)))


def _end(table: Any, document_id: str, version: int) -> Any:
    ending = update(table).where(table.c.document_id == document_id, table.c.version_to == OPEN)
    return ending.values(version_to=version)


def _same_place(chunk: Chunk, row: Row[Any]) -> bool:
    place = (chunk.position, chunk.start, chunk.end, chunk.page)
    return place == (row.position, row.start, row.end, row.page) and chunk.language == row.language


def _states(version: int) -> Any:
    return select(documents.c.uri, documents.c.content_hash).where(visible(documents, version))
