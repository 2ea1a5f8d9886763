"""Proof that database and indexes agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Row, func, select

from kb.embedders import Vectors
from kb.errors import FaqError
from kb.index.folder import PublishedFolder, entry_keys, open_server
from kb.index.graph import GRAPH, rows_in_graph
from kb.index.sealed import damage
from kb.index.vectors import QUESTION_MARK
from kb.index.vectors.chroma_collection import ChromaCollection
from kb.settings import KnowledgeSettings
from kb.store.catalogue import Catalogue, Published
from kb.store.schema import chunks, documents, files

_BATCH = 5_000
_DOCUMENTS = 500
_TOLERANCE = 1e-5  # float32 vectors go through Chroma unchanged but for rounding; chosen, 80 times float32's own


def disagreements(
    catalogue: Catalogue, indexes: Path, published: Published, settings: KnowledgeSettings
) -> list[str]:
    """Compare ids, vectors and texts in full; return a sentence for each kind of disagreement."""
    first, last = catalogue.oldest(), published.version
    found = [*_texts(catalogue, last), *_intervals(catalogue)]
    path = indexes / published.folder
    if damaged := damage(path):  # a damaged Chroma may end the process that opens it
        return found + damaged
    keys = entry_keys(catalogue.entries(first, last))
    try:
        exact_only = settings.model_copy(update={"vector_index": "exact"})
        with closing(PublishedFolder(path, exact_only)) as folder:
            found += _difference("the vector file", set(keys), folder.exact.ids())
            passages = {i for i in keys if not i.endswith(QUESTION_MARK)}
            found += _difference("the lexical index", passages, folder.lexical.ids())
            found += _vectors(catalogue, folder, keys, settings)
    except FaqError as error:
        found.append(str(error))
    return found


def _collection(
    folder: PublishedFolder, settings: KnowledgeSettings, keys: dict[str, str]
) -> tuple[ChromaCollection | None, set[str]]:
    """Return Chroma's collection, None without one, and the ids of the entries that it must hold."""
    if settings.vector_index == "chroma-server":
        return open_server(settings, folder.fingerprint), set(keys)
    if settings.vector_index == "chroma" or (folder.path / GRAPH).exists():
        from kb.index.vectors.chroma_embedded import ChromaEmbedded

        rows = rows_in_graph(folder.path, len(folder.exact))
        return ChromaEmbedded(folder.path / GRAPH), folder.exact.ids(rows)
    return None, set()


def _difference(name: str, expected: set[str], actual: set[str]) -> list[str]:
    found = []
    if missing := expected - actual:
        found.append(
            f"{name} lacks {len(missing)} of {len(expected)} entries, {min(missing)} for one: run `faq kb rebuild`"
        )
    if extra := actual - expected:
        found.append(
            f"{name} has {len(extra)} entries that the database does not know, {min(extra)} for one: "
            "run `faq kb rebuild`"
        )
    return found


def _vectors(
    catalogue: Catalogue, folder: PublishedFolder, keys: dict[str, str], settings: KnowledgeSettings
) -> list[str]:
    """Compare every vector in the vector file and in Chroma with the database's."""
    found = []
    lost = wrong = astray = 0
    chroma, wanted = _collection(folder, settings, keys)
    if chroma is not None:
        found += _difference("Chroma", wanted, chroma.ids())
    for part in _batches(list(keys)):
        stored = catalogue.vectors([keys[i] for i in part])
        rows = folder.exact.positions(part)
        graph = chroma.vectors(part) if chroma is not None else {}
        for entry, row in zip(part, rows, strict=True):
            vector = stored.get(keys[entry])
            if vector is None:
                lost += 1
                continue
            wrong += bool(row >= 0) and not _equal(folder.exact.row(int(row)), vector)
            astray += entry in graph and not _equal(graph[entry], vector)
    if chroma is not None:
        chroma.close()
    if lost:
        found.append(f"{lost} entries have no vector in the database: run `faq kb rebuild --embed`")
    if wrong:
        found.append(f"{wrong} vectors in the vector file differ from the database's: run `faq kb rebuild`")
    if astray:
        found.append(f"{astray} vectors in Chroma differ from the database's: run `faq kb rebuild`")
    return found


def _equal(one: Vectors, other: Vectors) -> bool:
    return len(one) == len(other) and float(np.abs(one - other).max()) <= _TOLERANCE


def _texts(catalogue: Catalogue, last: int) -> list[str]:
    """Every chunk must be a stretch of its document's text."""
    texts = select(documents).where(documents.c.version_from <= last)
    count = 0
    with catalogue.engine.connect() as connection:
        rows = iter(connection.execute(texts.execution_options(yield_per=_DOCUMENTS)))
        while group := list(islice(rows, _DOCUMENTS)):
            ids = {row.document_id for row in group}
            by_document: dict[str, list[Row[Any]]] = {}
            with catalogue.engine.connect() as other:
                for chunk in other.execute(select(chunks).where(chunks.c.document_id.in_(ids))):
                    by_document.setdefault(chunk.document_id, []).append(chunk)
            for row in group:
                for chunk in by_document.get(row.document_id, []):
                    together = row.version_from < chunk.version_to and chunk.version_from < row.version_to
                    count += together and row.text[chunk.start : chunk.end] != chunk.text
    return [f"{count} chunks are not a stretch of their document's text: load it again"] if count else []


def _intervals(catalogue: Catalogue) -> list[str]:
    """No document, chunk or file may be there twice at one version."""
    found = []
    for table, name in ((documents, "document_id"), (chunks, "chunk_id"), (files, "uri")):
        one, other = table.alias("one"), table.alias("other")
        twice = one.join(other, (one.c[name] == other.c[name]) & (one.c.row < other.c.row))
        query = select(func.count()).select_from(twice)
        query = query.where(one.c.version_from < other.c.version_to, other.c.version_from < one.c.version_to)
        with catalogue.engine.connect() as connection:
            if count := connection.scalar(query):
                found.append(f"{count} rows of {table.name} are seen twice at one version: load the sources again")
    return found


def _batches(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
