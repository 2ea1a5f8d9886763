"""Proof that database and indexes agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sqlalchemy import func, select

from kb.catalogue import Catalogue, Entry
from kb.errors import FaqError
from kb.published import PublishedFolder
from kb.schema import chunks, documents
from kb.settings import KnowledgeSettings
from kb.vectors import QUESTION_MARK
from kb.vectors.chroma_embedded import ChromaEmbedded

_BATCH = 5_000
_TOLERANCE = 1e-5


def disagreements(catalogue: Catalogue, path: Path, settings: KnowledgeSettings) -> list[str]:
    """Compare ids, vectors and texts in full; return a sentence for each kind of disagreement."""
    try:
        folder = PublishedFolder(path, settings)
    except FaqError as error:
        return [str(error)]
    entries = list(catalogue.entries())
    found = _texts(catalogue)
    try:
        ids = {e.chunk_id for e in entries}
        all_ids = ids | {e.chunk_id + QUESTION_MARK for e in entries if e.question_key}
        found += _difference("the vector file", all_ids, folder.exact.ids())
        found += _difference("the lexical index", ids, folder.lexical.ids())
        if settings.vector_index != "chroma-server":
            chroma = ChromaEmbedded(path / "chroma")
            found += _difference("Chroma", all_ids, chroma.ids())
            chroma.close()
        found += _vectors(catalogue, folder, entries)
    except FaqError as error:
        found.append(str(error))
    finally:
        folder.close()
    return found


def _difference(name: str, expected: set[str], actual: set[str]) -> list[str]:
    found = []
    if missing := expected - actual:
        found.append(f"{name} lacks {len(missing)} of {len(expected)} entries, {min(missing)} for one")
    if extra := actual - expected:
        found.append(f"{name} has {len(extra)} entries that the database does not know, {min(extra)} for one")
    return found


def _vectors(catalogue: Catalogue, folder: PublishedFolder, entries: list[Entry]) -> list[str]:
    lost = wrong = 0
    for start in range(0, len(entries), _BATCH):
        part = entries[start : start + _BATCH]
        stored = catalogue.vectors([e.passage_key for e in part])
        rows = folder.exact.positions([e.chunk_id for e in part])
        for entry, row in zip(part, rows, strict=True):
            vector = stored.get(entry.passage_key)
            if vector is None:
                lost += 1
            elif row >= 0 and not np.allclose(folder.exact.row(int(row)), vector, atol=_TOLERANCE):
                wrong += 1
    found = []
    if lost:
        found.append(f"{lost} chunks have no vector in the database: run `faq kb rebuild --embed`")
    if wrong:
        found.append(f"{wrong} vectors differ from the database's: run `faq kb rebuild`")
    return found


def _texts(catalogue: Catalogue) -> list[str]:
    """Every chunk must be a stretch of its document's text."""
    stretch = func.substr(documents.c.text, chunks.c.start + 1, chunks.c.end - chunks.c.start)
    same = (
        (documents.c.document_id == chunks.c.document_id)
        & (documents.c.version_from < chunks.c.version_to)
        & (documents.c.version_to > chunks.c.version_from)
    )
    query = select(func.count()).select_from(chunks.join(documents, same)).where(stretch != chunks.c.text)
    with catalogue.engine.connect() as connection:
        count = connection.scalar(query) or 0
    return [f"{count} chunks are not a stretch of their document's text"] if count else []
