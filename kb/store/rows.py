"""Rows of the database as chunks: the query that reads them, narrowed to what is seen and passes filters."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select

from kb.store.schema import chunks, documents
from kb.types import Chunk, Filters, Labels, SectionKind, Trust


def visible(table: Any, version: int) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` is seen at ``version``."""
    return and_(table.c.version_from <= version, table.c.version_to > version)


CHUNK_COLUMNS = (
    *(c for c in chunks.c if c.name not in ("row", "version_from", "version_to", "text_key", "question_key")),
    documents.c.uri,
    documents.c.title,
    documents.c.record_id,
    documents.c.labels,
    documents.c.audience,
    documents.c.brand,
    documents.c.product,
    documents.c.valid_from,
    documents.c.valid_until,
)


def chunk_query(version: int, filters: Filters | None) -> Any:
    """Return the query of all that ``stored_chunk`` needs, for chunks that are seen and pass (None: all)."""
    return narrowed(select(*CHUNK_COLUMNS), version, filters)


def narrowed(query: Any, version: int, filters: Filters | None) -> Any:
    """Narrow a query of chunks to what is seen at ``version`` and passes ``filters``."""
    query = query.select_from(chunks.join(documents, documents.c.document_id == chunks.c.document_id))
    query = query.where(visible(chunks, version), visible(documents, version))
    if filters is None:
        return query
    audiences = [""] if filters.audience is None else ["", filters.audience]
    query = query.where(documents.c.audience.in_(audiences))
    brands = [""] if filters.brand is None else ["", filters.brand]
    query = query.where(documents.c.brand.in_(brands))
    if filters.product is not None:
        query = query.where(documents.c.product.in_(["", filters.product]))
    if filters.language is not None:
        query = query.where(chunks.c.language == filters.language)
    if filters.on is not None:
        query = query.where(_valid_on(filters.on))
    return query


def _valid_on(day: date) -> ColumnElement[bool]:
    return and_(
        or_(documents.c.valid_from.is_(None), documents.c.valid_from <= day),
        or_(documents.c.valid_until.is_(None), documents.c.valid_until >= day),
    )


def stored_labels(row: Row[Any]) -> Labels:
    """Return the labels of a row of documents."""
    return Labels(
        audience=row.audience,
        brand=row.brand,
        product=row.product,
        language=row.labels.get("language", ""),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        supersedes=tuple(row.labels.get("supersedes", ())),
        extra=row.labels.get("extra", {}),
        trust=stored_trust(row),
    )


def stored_trust(row: Row[Any]) -> Trust:
    """Return how far a document is trusted; one that an earlier release loaded, by where it came from."""
    if told := row.labels.get("trust"):
        return Trust(told)
    return Trust.CRAWLED if row.uri.startswith(("http://", "https://")) else Trust.REVIEWED


def stored_chunk(row: Row[Any]) -> Chunk:
    """Return a row of ``chunk_query`` as a chunk."""
    return Chunk(
        id=row.chunk_id, document_id=row.document_id, document_uri=row.uri, title=row.title, text=row.text,
        position=row.position, start=row.start, end=row.end, headings=tuple(row.headings), page=row.page,
        kind=SectionKind(row.kind), question=row.question, language=row.language, record_id=row.record_id,
        labels=stored_labels(row),
    )  # fmt: skip
