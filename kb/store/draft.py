"""One version in preparation: everything written here is unseen until ``publish``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import Connection, Engine, delete, func, insert, literal, not_, select, update

from kb import identity
from kb.embedders import TokenRows, Vectors
from kb.store.catalogue import Catalogue
from kb.store.rows import visible
from kb.store.schema import OPEN, chunks, documents, files, vectors, versions
from kb.types import Chunk, Document, Version

_GROUP = 500  # ids in one statement: far below every database's limit
_INTERVAL = ("row", "version_from", "version_to")

T = TypeVar("T")

Values = dict[str, Any]
"""Column name -> value of one row."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A document as it is put.

    Attributes:
        document: what was read.
        text: its whole text, of which the chunks are stretches.
        file_uri: the file it came from.
        parts: its chunks in order.
    """

    document: Document
    text: str
    file_uri: str
    parts: tuple[Chunk, ...]


class Draft:
    """Rows of the next version.

    A row of the draft has ``version_from`` (or, where it ends an older row, ``version_to``) equal to the next
    version's number, which no reader looks at. A draft that died is undone when the next one begins.

    Attributes:
        version: the number it will be published under.
        base: the number of the published version that it changes, 0 when there is none.
        fingerprint: of the embedder that makes its vectors.
    """

    def __init__(self, catalogue: Catalogue, fingerprint: str) -> None:
        self._catalogue, self.fingerprint = catalogue, fingerprint
        published = catalogue.published()
        self.base = published.version if published else 0
        self.version = self.base + 1
        undo_drafts(catalogue.engine, self.base)
        self._connection = catalogue.engine.connect()

    def checkpoint(self) -> None:
        """Commit what was written so far; still unseen, but on disk."""
        self._connection.commit()

    def close(self) -> None:
        """Let go of the connection; what was not committed is undone."""
        self._connection.close()

    def put(self, placed: Sequence[Placed]) -> None:
        """Put documents in the place of those at the same uris; one that is there already stays as it is."""
        by_id = {identity.document_id(p.document.uri): p for p in placed}
        for ids in _groups(list(by_id)):
            old_documents = self._open_rows(documents, ids)
            old_chunks = self._open_rows(chunks, ids) if old_documents else {}
            gone: dict[str, list[Any]] = {"documents": [], "chunks": []}
            fresh: dict[str, list[Values]] = {"documents": [], "chunks": []}
            for identifier in ids:
                item = by_id[identifier]
                row = self._document_row(item)
                parts = [self._chunk_row(chunk) for chunk in item.parts]
                ended, begun = _differences(old_chunks.get(identifier, []), parts)
                before = old_documents.get(identifier, [])
                if not ended and not begun and before and _same(before[0], row):
                    continue
                gone["documents"] += before
                gone["chunks"] += ended
                fresh["documents"].append(row)
                fresh["chunks"] += begun
            for table in (documents, chunks):
                self._end(table, gone[table.name])
                if fresh[table.name]:
                    self._connection.execute(insert(table), fresh[table.name])

    def remove(self, uris: Iterable[str]) -> None:
        """Remove the documents at these uris; unknown ones do not matter."""
        for ids in _groups([identity.document_id(uri) for uri in uris]):
            for table in (documents, chunks):
                self._end_where(table, table.c.document_id.in_(ids))

    def put_files(self, stamps: Mapping[str, Values | None]) -> None:
        """Note by uri how files looked when they were read (the other columns of their rows), None to forget."""
        for uris in _groups(list(stamps)):
            self._end_where(files, files.c.uri.in_(uris))
        rows = [
            {"uri": uri, "version_from": self.version, "version_to": OPEN, **stamp}
            for uri, stamp in stamps.items()
            if stamp is not None
        ]
        if rows:
            self._connection.execute(insert(files), rows)

    def put_vectors(self, keys: Sequence[str], matrix: Vectors, tokens: Sequence[TokenRows] = ()) -> None:
        """Store vectors under their keys; they are kept even if this draft never gets published.

        Args:
            keys: n keys of ``kb.identity.vector_key``.
            matrix: ``(n, dimension)`` float32.
            tokens: n arrays of the passages' tokens, or none.
        """
        if not keys:
            return
        rows = [
            {
                "key": key,
                "vector": np.ascontiguousarray(matrix[i], np.float32).tobytes(),
                "tokens": tokens[i].tobytes() if tokens else None,
            }
            for i, key in enumerate(keys)
        ]
        name = "postgresql" if self._catalogue.engine.dialect.name == "postgresql" else "sqlite"
        dialect = import_module(f"sqlalchemy.dialects.{name}")  # a reader needs neither
        self._connection.execute(dialect.insert(vectors).on_conflict_do_nothing(), rows)

    def restore(self, version: int) -> None:
        """Make the draft's state equal to that of an older version."""
        for table in (documents, chunks, files):
            then, now = visible(table, version), visible(table, self.base)
            columns = [c for c in table.c if c.name not in _INTERVAL]
            again = select(literal(self.version), literal(OPEN), *columns).where(then, not_(now))
            names = ["version_from", "version_to", *(c.name for c in columns)]
            self._connection.execute(insert(table).from_select(names, again))
            self._connection.execute(update(table).where(now, not_(then)).values(version_to=self.version))

    def replace_chunks(self, parts: Sequence[Chunk]) -> None:
        """Put chunks again in the place of themselves, with keys of this draft's embedder."""
        for group in _groups(list(parts)):
            self._end_where(chunks, chunks.c.chunk_id.in_([chunk.id for chunk in group]))
            self._connection.execute(insert(chunks), [self._chunk_row(chunk) for chunk in group])

    def touched(self) -> bool:
        """Tell whether anything that a customer could notice was put or removed."""
        rows = (documents.c.version_from == self.version) | (documents.c.version_to == self.version)
        return self._connection.scalar(select(documents.c.row).where(rows).limit(1)) is not None

    def counts(self) -> tuple[int, int, int]:
        """Return how many documents are added, changed and removed, compared with the version before."""
        old = documents.alias("old")
        begun, ended = documents.c.version_from == self.version, old.c.version_to == self.version
        pairs = select(func.count()).select_from(
            documents.join(old, documents.c.document_id == old.c.document_id)
        ).where(begun, ended)  # fmt: skip
        count = self._connection.scalar
        replaced = count(pairs) or 0
        changed = count(pairs.where(documents.c.content_hash != old.c.content_hash)) or 0
        added = (count(select(func.count()).where(begun)) or 0) - replaced
        removed = (count(select(func.count()).where(ended)) or 0) - replaced
        return added, changed, removed

    def keep_files(self) -> None:
        """Let what was noted of files hold for the published version: nothing else of this draft is needed."""
        if self.base:
            ended = (files.c.version_to == self.version) & (files.c.version_from == self.base)
            self._connection.execute(delete(files).where(ended))
            older = update(files).where(files.c.version_to == self.version)
            self._connection.execute(older.values(version_to=self.base))
            begun = update(files).where(files.c.version_from == self.version)
            self._connection.execute(begun.values(version_from=self.base))
            self._connection.commit()

    def publish(self, note: str, folder: str, oldest: int = 0) -> Version:
        """Make the draft the published version: one commit, from which on every reader sees it.

        Args:
            note: what made it.
            folder: name of the folder that holds its indexes, complete and checked.
            oldest: versions below it are forgotten in the same commit.
        """
        counts = [
            self._connection.scalar(select(func.count()).where(visible(table, self.version)))
            for table in (documents, chunks)
        ]
        added, changed, removed = self.counts()
        row = {
            "number": self.version, "published_at": datetime.now(UTC).replace(microsecond=0, tzinfo=None),
            "note": note, "folder": folder, "fingerprint": self.fingerprint, "documents": counts[0],
            "chunks": counts[1], "added": added, "changed": changed, "removed": removed,
        }  # fmt: skip
        self._connection.execute(insert(versions), [row])
        if oldest and self._connection.execute(delete(versions).where(versions.c.number < oldest)).rowcount:
            _forget(self._connection, oldest)
        self._connection.commit()
        return self._catalogue.version(self.version)

    def _open_rows(self, table: Any, ids: Sequence[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        query = select(table).where(table.c.document_id.in_(ids), table.c.version_to == OPEN)
        for row in self._connection.execute(query):
            found.setdefault(row.document_id, []).append(row)
        return found

    def _end(self, table: Any, rows: Sequence[Any]) -> None:
        for group in _groups([row.row for row in rows]):
            self._end_where(table, table.c.row.in_(group))

    def _end_where(self, table: Any, condition: Any) -> None:
        """End rows of the version before; those of this draft were never seen and simply go."""
        begun = table.c.version_from == self.version
        self._connection.execute(delete(table).where(condition, begun))
        ending = update(table).where(condition, table.c.version_to == OPEN)
        self._connection.execute(ending.values(version_to=self.version))

    def _document_row(self, placed: Placed) -> Values:
        document = placed.document
        labels = document.labels
        return {
            "document_id": identity.document_id(document.uri), "version_from": self.version, "version_to": OPEN,
            "uri": document.uri, "file_uri": placed.file_uri, "title": document.title,
            "record_id": document.record_id, "content_hash": identity.content_hash(document),
            "text": placed.text, "audience": labels.audience, "brand": labels.brand,
            "product": labels.product, "language": labels.language, "valid_from": labels.valid_from,
            "valid_until": labels.valid_until, "warnings": list(document.warnings),
            "labels": {
                "language": labels.language, "supersedes": list(labels.supersedes), "extra": dict(labels.extra),
                "trust": labels.trust.value,
            },
        }  # fmt: skip

    def _chunk_row(self, chunk: Chunk) -> Values:
        text, asked = vector_keys(chunk, self.fingerprint)
        return {
            "chunk_id": chunk.id, "document_id": chunk.document_id, "version_from": self.version,
            "version_to": OPEN, "position": chunk.position, "start": chunk.start, "end": chunk.end,
            "text": chunk.text, "headings": list(chunk.headings), "page": chunk.page, "kind": chunk.kind.value,
            "question": chunk.question, "language": chunk.language, "text_key": text, "question_key": asked,
        }  # fmt: skip


def vector_keys(chunk: Chunk, fingerprint: str) -> tuple[str, str | None]:
    """Return the keys of the vectors of a chunk's passage and of its stored question."""
    text = identity.passage_of(chunk)
    asked = identity.vector_key(fingerprint, "question", chunk.question) if chunk.question else None
    return identity.vector_key(fingerprint, "passage", text), asked


def undo_drafts(engine: Engine, published: int) -> None:
    """Take back whatever a draft that was never published left behind."""
    with engine.begin() as connection:
        for table in (documents, chunks, files):
            connection.execute(delete(table).where(table.c.version_from > published))
            reopening = update(table).where(table.c.version_to > published, table.c.version_to < OPEN)
            connection.execute(reopening.values(version_to=OPEN))


def _forget(connection: Connection, before: int) -> None:
    """Delete what only versions below ``before`` could see, and vectors that nothing holds any longer."""
    for table in (documents, chunks, files):
        connection.execute(delete(table).where(table.c.version_to <= before))
    asked = select(chunks.c.question_key).where(chunks.c.question_key.is_not(None))
    held = select(chunks.c.text_key).union(asked)
    connection.execute(delete(vectors).where(vectors.c.key.not_in(held)))


def _differences(old: Sequence[Any], new: Sequence[Values]) -> tuple[list[Any], list[Values]]:
    """Return the old chunk rows that end and the new ones that begin."""
    there = {row.chunk_id: row for row in old}
    begun = [row for row in new if row["chunk_id"] not in there or not _same(there[row["chunk_id"]], row)]
    kept = {row["chunk_id"] for row in new} - {row["chunk_id"] for row in begun}
    return [row for row in old if row.chunk_id not in kept], begun


def _same(old: Any, new: Values) -> bool:
    return all(getattr(old, name) == value for name, value in new.items() if name not in _INTERVAL)


def _groups(items: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(items), _GROUP):
        yield items[start : start + _GROUP]
