"""One question becomes hits: vectors and words searched, fused, checked against the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.catalogue import Catalogue
from kb.embedders import Embedder, Vectors
from kb.fusion import VECTOR_SHARE_PROSE, VECTOR_SHARE_QUESTIONS, combine_roles, fuse, standardise
from kb.published import PublishedFolder
from kb.types import Filters, Hit
from kb.vectors import QUESTION_MARK

_CANDIDATES = 100  # from each ranker; more changes the first ten hardly ever
_MOST_CANDIDATES = 20_000  # where filters leave little, look so deep and no deeper


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search found.

    Attributes:
        hits: best first.
        answerable: 0-1, how likely the documents answer the question.
        queries: what was searched.
        version: of the knowledge base.
    """

    hits: tuple[Hit, ...]
    answerable: float
    queries: tuple[str, ...]
    version: int


def search(
    catalogue: Catalogue,
    folder: PublishedFolder,
    embedder: Embedder,
    question: Question,
    k: int,
    filters: Filters,
    published: int,
) -> Retrieval:
    """Return the ``k`` best chunks that are visible and pass the filters."""
    query = question.text.strip()
    if not query or k < 1:
        return Retrieval((), 0.0, (query,))
    version = filters.version if filters.version is not None else published
    if filters.version is not None:
        catalogue.version(filters.version)
    vector = embedder.embed_query(query)
    depth = max(_CANDIDATES, k)
    while True:
        ids, scores, similarity, lexical = _rank(folder, query, vector, depth)
        hits = _visible(catalogue, ids, scores, similarity, lexical, k, version, filters)
        exhausted = depth >= min(len(folder.lexical) * 2, _MOST_CANDIDATES)
        if len(hits) >= k or exhausted:
            break
        depth *= 8
    mean, deviation = folder.exact.background(vector)
    best = max((h.similarity for h in hits if h.similarity is not None), default=mean)
    return Retrieval(tuple(hits), (best - mean) / deviation, (query,))


def _rank(
    folder: PublishedFolder, query: str, vector: Vectors, depth: int
) -> tuple[list[str], Vectors, Vectors, Vectors]:
    """Return candidate ids, best first, with fused scores, similarities and BM25 scores."""
    lexical_hits = dict(folder.lexical.search(query, depth))
    nearest = [entry.rstrip(QUESTION_MARK) for entry, _ in folder.nearest.search(vector, depth)]
    ids = list(dict.fromkeys([*nearest, *lexical_hits]))
    if not ids:
        empty = np.zeros(0, np.float32)
        return [], empty, empty, empty
    text = folder.exact.similarities(vector, ids)
    asked = folder.exact.similarities(vector, [i + QUESTION_MARK for i in ids])
    similarity = combine_roles(text, asked)
    lexical = np.array([lexical_hits.get(i, 0.0) for i in ids], np.float32)
    with_question = float(np.mean(~np.isnan(asked[: min(len(ids), 20)])))
    share = with_question * VECTOR_SHARE_QUESTIONS + (1 - with_question) * VECTOR_SHARE_PROSE
    scores = fuse(standardise(similarity, *folder.exact.background(vector)), lexical, share)
    order = np.lexsort((np.arange(len(ids)), -scores))
    return [ids[i] for i in order], scores[order], similarity[order], lexical[order]


def _visible(
    catalogue: Catalogue,
    ids: Sequence[str],
    scores: Vectors,
    similarity: Vectors,
    lexical: Vectors,
    k: int,
    version: int,
    filters: Filters,
) -> list[Hit]:
    """Take hits in order, as far as the catalogue says that they exist at this version and pass."""
    hits: list[Hit] = []
    step = max(20, 2 * k)
    for start in range(0, len(ids), step):
        seen = catalogue.chunks(ids[start : start + step], version, filters)
        for i in range(start, min(start + step, len(ids))):
            if chunk := seen.get(ids[i]):
                found = Hit(chunk, float(scores[i]), float(similarity[i]), float(lexical[i]) or None)
                hits.append(found)
                if len(hits) == k:
                    return hits
    return hits
