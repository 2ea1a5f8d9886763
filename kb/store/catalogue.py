"""The catalogue: the SQL database that is the truth about documents, chunks, vectors and versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Engine, Row, Text, and_, bindparam, case, cast, func, not_, or_, select, text

from kb.embedders import Vectors
from kb.errors import FingerprintMismatch, KnowledgeBaseEmpty, UnknownVersion
from kb.identity import document_id
from kb.remembered import Remembered
from kb.store.rows import CHUNK_COLUMNS, chunk_query, narrowed, stored_chunk, stored_labels, stored_trust, visible
from kb.store.schema import OF_A_BRAND, chunks, documents, files, vectors, versions
from kb.store.supersession import Supersession
from kb.types import Chunk, Filters, Labels, Trust, Version

_PARAMETERS = 500  # ids in one IN (...): far below every database's limit
_REMEMBERED = 100_000  # languages of chunks that are kept in memory; about 15 MB
_OLDEST = select(func.min(versions.c.number))
_PUBLISHED = (
    select(versions.c.number, versions.c.folder, versions.c.fingerprint)
    .order_by(versions.c.number.desc())
    .limit(1)
)


@lru_cache(64)
def _some_chunks(version: int, filters: Filters | None) -> Any:
    """Return the query of the chunks whose ids are given as ``ids``; building it takes longer than running it."""
    return chunk_query(version, filters).where(chunks.c.chunk_id.in_(bindparam("ids", expanding=True)))


_SOME_LANGUAGES = select(chunks.c.chunk_id, chunks.c.language).where(
    chunks.c.chunk_id.in_(bindparam("ids", expanding=True)), chunks.c.language != ""
)


@dataclass(frozen=True, slots=True)
class Published:
    """What a reader opens: the version, the folder of its indexes, the embedder that made its vectors."""

    version: int
    folder: str
    fingerprint: str

    def check_embedder(self, fingerprint: str) -> None:
        """Raise FingerprintMismatch unless the embedder of that fingerprint made the vectors."""
        if fingerprint != self.fingerprint:
            raise FingerprintMismatch(
                f"the knowledge base was embedded by {self.fingerprint!r}, the settings name {fingerprint!r}: "
                "set FAQ_EMBEDDER back, or run `faq kb rebuild --embed`"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document as the catalogue holds it.

    Attributes:
        id: computed from the uri.
        uri: where it can be opened.
        file_uri: the file it was read from (another uri than ``uri`` for records).
        title: its title.
        content_hash: of everything stored of it.
        text: its whole text; chunks are stretches of it.
        labels: what it says about itself.
    """

    id: str
    uri: str
    file_uri: str
    title: str
    content_hash: str
    text: str
    labels: Labels = field(default_factory=Labels)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the indexes hold for one chunk.

    Attributes:
        chunk_id: its id.
        passage_key: key of its text's vector.
        question_key: key of its stored question's vector, None without one.
    """

    chunk_id: str
    passage_key: str
    question_key: str | None


class Catalogue:
    """Reads of the database; ``kb.store.draft`` writes it.

    Attributes:
        engine: of the database.
        supersession: which documents replace others.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.supersession = Supersession(engine)
        self._languages = Remembered[str, str](_REMEMBERED)

    def published(self) -> Published | None:
        """Return the newest published version, None when there is none."""
        with self.engine.connect() as connection:
            row = connection.execute(_PUBLISHED).first()
        return Published(row.number, row.folder, row.fingerprint) if row else None

    def published_or_empty(self, home: Path) -> Published:
        """Return the newest published version; raise KnowledgeBaseEmpty, which names ``home``, without one."""
        published = self.published()
        if published is None:
            raise KnowledgeBaseEmpty(
                f"the knowledge base in {home} is empty: load documents with `faq ingest PATH`"
            )
        return published

    def versions(self) -> list[Version]:
        """Return all versions that can still be read, oldest first."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(versions).order_by(versions.c.number)).all()
        return [
            Version(
                number=r.number,
                published_at=r.published_at.replace(tzinfo=UTC),
                note=r.note,
                documents=r.documents,
                chunks=r.chunks,
                added=r.added,
                changed=r.changed,
                removed=r.removed,
                fingerprint=r.fingerprint,
            )
            for r in rows
        ]

    def version(self, number: int) -> Version:
        """Return one version; raise UnknownVersion with those that there are."""
        known = self.versions()
        for version in known:
            if version.number == number:
                return version
        there = f"{known[0].number} to {known[-1].number}" if known else "none"
        raise UnknownVersion(f"there is no version {number}; there are {there}: see `faq kb versions`")

    def files(self, version: int) -> dict[str, Row[Any]]:
        """Return uri -> (size, modified_ns, sha256, reader) of the files read for ``version``."""
        query = select(files).where(visible(files, version))
        with self.engine.connect() as connection:
            return {row.uri: row for row in connection.execute(query)}

    def document_hashes(self, version: int, file_uri: str | None = None) -> dict[str, str]:
        """Return document uri -> content hash at ``version``, of one file or of all."""
        query = select(documents.c.uri, documents.c.content_hash).where(visible(documents, version))
        if file_uri is not None:
            query = query.where(documents.c.file_uri == file_uri)
        with self.engine.connect() as connection:
            return {row.uri: row.content_hash for row in connection.execute(query)}

    def documents(self, version: int, uris: Sequence[str] | None = None) -> Iterator[StoredDocument]:
        """Yield the documents of ``version`` in order of uri, all or those with these uris."""
        query = select(documents).where(visible(documents, version)).order_by(documents.c.uri)
        queries = [query]
        if uris is not None:
            wanted = [document_id(uri) for uri in sorted(set(uris))]
            parts = (wanted[start : start + _PARAMETERS] for start in range(0, len(wanted), _PARAMETERS))
            queries = [query.where(documents.c.document_id.in_(part)) for part in parts]
        with self.engine.connect().execution_options(yield_per=500) as connection:
            for part in queries:
                for r in connection.execute(part):
                    yield StoredDocument(
                        id=r.document_id,
                        uri=r.uri,
                        file_uri=r.file_uri,
                        title=r.title,
                        content_hash=r.content_hash,
                        text=r.text,
                        labels=stored_labels(r),
                    )

    def chunks(self, ids: Sequence[str], version: int, filters: Filters | None = None) -> dict[str, Chunk]:
        """Return those of the chunks that are seen at ``version`` and pass ``filters`` (None: all), by id.

        Filters with a date also leave out what a document in force on that day supersedes.
        """
        found: dict[str, Chunk] = {}
        hidden: frozenset[str] = frozenset()
        if filters is not None and filters.on is not None:
            hidden = self.supersession.hidden(version, filters.on, filters.audience, filters.brand)
        with self.engine.connect() as connection:
            for start in range(0, len(ids), _PARAMETERS):
                wanted = {"ids": ids[start : start + _PARAMETERS]}
                for row in connection.execute(_some_chunks(version, filters), wanted):
                    if row.document_id not in hidden:
                        found[row.chunk_id] = stored_chunk(row)
        return found

    def brands(self, version: int) -> dict[str, int]:
        """Return the brands that documents of ``version`` belong to, in order, with how many each has."""
        query = select(documents.c.brand, func.count().label("documents"))
        query = query.where(text(OF_A_BRAND), visible(documents, version))
        with self.engine.connect() as connection:
            rows = connection.execute(query.group_by(documents.c.brand).order_by(documents.c.brand))
            return {row.brand: row.documents for row in rows}

    def distrusted(self, version: int) -> dict[str, Trust]:
        """Return uri of file -> trust of the files whose documents are less than reviewed."""
        columns: tuple[Any, ...] = documents.c.file_uri, documents.c.uri, documents.c.labels
        low = or_(
            cast(documents.c.labels, Text).contains('"trust": "c'),  # crawled, customers
            not_(cast(documents.c.labels, Text).contains('"trust"')),
        )
        with self.engine.connect() as connection:
            rows = connection.execute(select(*columns).where(visible(documents, version), low))
            found = {row.file_uri: stored_trust(row) for row in rows}
        return {uri: trust for uri, trust in found.items() if trust is not Trust.REVIEWED}

    def around(self, chunk: Chunk, version: int, reach: int) -> list[Chunk]:
        """Return the chunks of a chunk's document at ``version`` in order, at most ``reach`` on either side."""
        near = chunks.c.position.between(chunk.position - reach, chunk.position + reach)
        query = chunk_query(version, None).where(chunks.c.document_id == chunk.document_id, near)
        with self.engine.connect() as connection:
            return [stored_chunk(row) for row in connection.execute(query.order_by(chunks.c.position))]

    def languages(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the languages of chunks, by id, empty where it has none; what was asked for is remembered."""
        return self._languages.all_of(ids, self._read_languages)

    def _read_languages(self, ids: Sequence[str]) -> Iterable[str]:
        found = dict.fromkeys(ids, "")
        with self.engine.connect() as connection:
            for start in range(0, len(ids), _PARAMETERS):
                wanted = {"ids": ids[start : start + _PARAMETERS]}
                found.update((r.chunk_id, r.language) for r in connection.execute(_SOME_LANGUAGES, wanted))
        return found.values()

    def permitted(self, version: int, filters: Filters) -> list[str]:
        """Return the ids of all chunks that are seen at ``version`` and pass ``filters``."""
        hidden: frozenset[str] = frozenset()
        if filters.on is not None:
            hidden = self.supersession.hidden(version, filters.on, filters.audience, filters.brand)
        query = narrowed(select(chunks.c.chunk_id, chunks.c.document_id), version, filters)
        with self.engine.connect().execution_options(yield_per=5_000) as connection:
            return [row.chunk_id for row in connection.execute(query) if row.document_id not in hidden]

    def all_chunks(self, version: int) -> Iterator[Chunk]:
        """Yield every chunk of ``version``, document by document."""
        query = chunk_query(version, None).order_by(chunks.c.document_id, chunks.c.position)
        with self.engine.connect().execution_options(yield_per=500) as connection:
            for row in connection.execute(query):
                yield stored_chunk(row)

    def chunk_ids(self, version: int) -> list[str]:
        """Return the ids of all chunks of ``version``."""
        with self.engine.connect() as connection:
            return list(connection.scalars(select(chunks.c.chunk_id).where(visible(chunks, version))))

    def entries(self, first: int, last: int) -> Iterator[Entry]:
        """Yield every chunk that is seen at any version from ``first`` to ``last``; some of them twice."""
        return self._entries(_seen_within(first, last))

    def new_entries(self, version: int) -> Iterator[Entry]:
        """Yield the chunks that begin to be seen at ``version``."""
        return self._entries(chunks.c.version_from == version)

    def _entries(self, condition: ColumnElement[bool]) -> Iterator[Entry]:
        query = select(chunks.c.chunk_id, chunks.c.text_key, chunks.c.question_key).where(condition)
        with self.engine.connect().execution_options(yield_per=5_000) as connection:
            for row in connection.execute(query):
                yield Entry(row.chunk_id, row.text_key, row.question_key)

    def entry_counts(self, first: int, last: int) -> tuple[int, int]:
        """Return how many chunks, and how many of them with a stored question, ``entries`` yields once."""
        asked = case((chunks.c.question_key.is_not(None), chunks.c.chunk_id))
        counts = func.count(chunks.c.chunk_id.distinct()), func.count(asked.distinct())
        with self.engine.connect() as connection:
            row = connection.execute(select(*counts).where(_seen_within(first, last))).one()
        return row[0], row[1]

    def oldest(self) -> int:
        """Return the number of the oldest version that can still be read, 1 when there is none yet."""
        with self.engine.connect() as connection:
            return connection.scalar(_OLDEST) or 1

    def folders(self) -> list[str]:
        """Return the index folders that versions name, newest first, each once."""
        query = select(versions.c.folder).order_by(versions.c.number.desc())
        with self.engine.connect() as connection:
            return list(dict.fromkeys(connection.scalars(query)))

    def passages(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Return any stored version of these chunks (their passage is the same in all), by id."""
        found: dict[str, Chunk] = {}
        join = chunks.join(documents, _same_document())
        with self.engine.connect() as connection:
            for start in range(0, len(ids), _PARAMETERS):
                wanted = chunks.c.chunk_id.in_(ids[start : start + _PARAMETERS])
                for row in connection.execute(select(*CHUNK_COLUMNS).select_from(join).where(wanted)):
                    found[row.chunk_id] = stored_chunk(row)
        return found

    def vectors(self, keys: Sequence[str]) -> Mapping[str, Vectors]:
        """Return the stored vectors by key; a key without a vector is left out."""
        found: dict[str, Vectors] = {}
        with self.engine.connect() as connection:
            for start in range(0, len(keys), _PARAMETERS):
                wanted = vectors.c.key.in_(keys[start : start + _PARAMETERS])
                query = select(vectors.c.key, vectors.c.vector).where(wanted)
                for row in connection.execute(query):
                    found[row.key] = np.frombuffer(row.vector, np.float32)
        return found

    def tokens(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bytes of the stored token vectors by key; a key without them is left out."""
        found: dict[str, bytes] = {}
        with self.engine.connect() as connection:
            for start in range(0, len(keys), _PARAMETERS):
                wanted = vectors.c.key.in_(keys[start : start + _PARAMETERS])
                query = select(vectors.c.key, vectors.c.tokens).where(wanted, vectors.c.tokens.is_not(None))
                found.update((row.key, row.tokens) for row in connection.execute(query))
        return found

    def known_keys(self, keys: Sequence[str]) -> set[str]:
        """Return those keys that have a vector already."""
        found: set[str] = set()
        with self.engine.connect() as connection:
            for start in range(0, len(keys), _PARAMETERS):
                query = select(vectors.c.key).where(vectors.c.key.in_(keys[start : start + _PARAMETERS]))
                found.update(connection.scalars(query))
        return found

    def count(self, table: Any, version: int) -> int:
        """Return how many rows of ``table`` are seen at ``version``."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(visible(table, version))) or 0


def _seen_within(first: int, last: int) -> ColumnElement[bool]:
    return and_(chunks.c.version_from <= last, chunks.c.version_to > first)


def _same_document() -> ColumnElement[bool]:
    return and_(
        documents.c.document_id == chunks.c.document_id,
        documents.c.version_from < chunks.c.version_to,
        documents.c.version_to > chunks.c.version_from,
    )
