"""The documents of a version of the knowledge base, as lint looks at them."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from ingest.lint.types import LintDocument
from kb.catalogue import Catalogue
from kb.rows import stored_labels, visible
from kb.schema import documents
from kb.types import Chunk


def read_documents(catalogue: Catalogue, version: int) -> list[LintDocument]:
    """Return all documents of ``version`` in order of uri."""
    chunks: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in catalogue.all_chunks(version):
        chunks[chunk.document_id].append(chunk)
    query = select(documents).where(visible(documents, version)).order_by(documents.c.uri)
    with catalogue.engine.connect() as connection:
        return [
            LintDocument(
                r.uri, r.file_uri, r.title, r.text,
                stored_labels(r),
                tuple(r.warnings), tuple(chunks[r.document_id]),
            )
            for r in connection.execute(query)
        ]  # fmt: skip
