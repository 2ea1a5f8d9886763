"""One question becomes hits: vectors and words searched, fused, checked against the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.catalogue import Catalogue
from kb.embedders import Embedder, Vectors
from kb.fusion import VECTOR_SHARE_PROSE, VECTOR_SHARE_QUESTIONS, Scores, combine_roles, fuse, standardise
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
    queries: Sequence[str],
    k: int,
    filters: Filters,
    published: int,
) -> Retrieval:
    """Return the ``k`` best chunks that are visible and pass the filters.

    Args:
        catalogue: says which chunks there are.
        folder: the indexes.
        embedder: that made the folder's vectors.
        queries: one or more wordings of a question, the message as typed first.
        k: number of hits, 1 or more.
        filters: what may be seen.
        published: number of the published version.
    """
    asked = tuple(dict.fromkeys(stripped for q in queries if (stripped := q.strip())))
    version = published if filters.version is None else catalogue.version(filters.version).number
    if not asked or k < 1:
        return Retrieval((), 0.0, asked, version)
    vectors = [embedder.embed_query(query) for query in asked]
    depth = max(_CANDIDATES, k)
    while True:
        ranking = _rank(folder, asked, vectors, depth)
        hits = _visible(catalogue, ranking, k, version, filters)
        if len(hits) >= k or depth >= min(2 * len(folder.lexical), _MOST_CANDIDATES):
            break
        depth *= 8
    return Retrieval(tuple(hits), _answerable(folder, vectors[-1], asked[-1], hits), asked, version)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Candidates, best first: ids, fused scores, similarities and BM25 scores in parallel."""

    ids: list[str]
    scores: Scores
    similarity: Scores
    lexical: Scores


def _rank(folder: PublishedFolder, queries: Sequence[str], vectors: Sequence[Vectors], depth: int) -> _Ranking:
    """Find candidates for every wording and order them by the mean of their fused scores."""
    found_by_words = [dict(folder.lexical.search(query, depth)) for query in queries]
    nearest = [entry.rstrip(QUESTION_MARK) for v in vectors for entry, _ in folder.nearest.search(v, depth)]
    ids = list(dict.fromkeys([*nearest, *(i for found in found_by_words for i in found)]))
    empty = np.zeros(0, np.float32)
    if not ids:
        return _Ranking([], empty, empty, empty)
    fused, similarities, words = [], [], []
    for found, vector in zip(found_by_words, vectors, strict=True):
        text = folder.exact.similarities(vector, ids)
        asked = folder.exact.similarities(vector, [i + QUESTION_MARK for i in ids])
        similarity = combine_roles(text, asked)
        lexical = np.array([found.get(i, 0.0) for i in ids], np.float32)
        questions = float(np.mean(~np.isnan(asked[np.argsort(-similarity)[:20]])))
        share = questions * VECTOR_SHARE_QUESTIONS + (1 - questions) * VECTOR_SHARE_PROSE
        fused.append(fuse(standardise(similarity, *folder.exact.background(vector)), lexical, share))
        similarities.append(similarity)
        words.append(lexical)
    scores = np.mean(fused, axis=0)
    order = np.lexsort((np.arange(len(ids)), -scores))
    best = [np.max(rows, axis=0)[order] for rows in (similarities, words)]
    return _Ranking([ids[i] for i in order], scores[order], best[0], best[1])


def _answerable(folder: PublishedFolder, vector: Vectors, query: str, hits: Sequence[Hit]) -> float:
    """Return how likely the hits answer the query, 0-1."""
    if not hits:
        return 0.0
    mean, deviation = folder.exact.background(vector)
    best = max(h.similarity for h in hits if h.similarity is not None)
    return float(1 / (1 + np.exp(-((best - mean) / deviation - 3.0))))


def _visible(catalogue: Catalogue, ranking: _Ranking, k: int, version: int, filters: Filters) -> list[Hit]:
    """Take hits in order, as far as the catalogue says that they exist at this version and pass."""
    hits: list[Hit] = []
    step = max(20, 2 * k)
    for start in range(0, len(ranking.ids), step):
        seen = catalogue.chunks(ranking.ids[start : start + step], version, filters)
        for i in range(start, min(start + step, len(ranking.ids))):
            if chunk := seen.get(ranking.ids[i]):
                lexical = float(ranking.lexical[i]) or None
                hits.append(Hit(chunk, float(ranking.scores[i]), float(ranking.similarity[i]), lexical))
                if len(hits) == k:
                    return hits
    return hits
