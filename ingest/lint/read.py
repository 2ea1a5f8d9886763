"""The documents of a version of the knowledge base and the vectors of their chunks, as lint looks at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from ingest.lint.languages import VectorsOf
from ingest.lint.types import LintDocument
from kb.embedders import Vectors
from kb.identity import passage_of, vector_key
from kb.store.catalogue import Catalogue
from kb.store.rows import stored_labels, visible
from kb.store.schema import documents
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
                uri=r.uri,
                file_uri=r.file_uri,
                title=r.title,
                text=r.text,
                labels=stored_labels(r),
                warnings=tuple(r.warnings),
                chunks=tuple(chunks[r.document_id]),
            )
            for r in connection.execute(query)
        ]


def stored_vectors(catalogue: Catalogue, fingerprint: str) -> VectorsOf:
    """Return what finds the vectors that an embedder made of chunks; none is made."""

    def vectors_of(chunks: Sequence[Chunk]) -> dict[str, Vectors]:
        keys = {chunk.id: vector_key(fingerprint, "passage", passage_of(chunk)) for chunk in chunks}
        stored = catalogue.vectors(list(dict.fromkeys(keys.values())))
        return {i: stored[key] for i, key in keys.items() if key in stored}

    return vectors_of
