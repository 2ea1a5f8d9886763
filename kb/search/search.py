"""One question becomes hits: vectors and words searched, fused, checked against the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kb.answerable.alignment import alignment
from kb.answerable.evidence import Evidence, covered_share, lead, probability, weak_share
from kb.embedders import Embedder, Vectors, WordKnower
from kb.identity import passage_of
from kb.index.folder import PublishedFolder
from kb.language.text import detect_language, terms
from kb.rerankers import Reranker
from kb.search.fusion import Candidates, above_others
from kb.search.ranking import CANDIDATES, Query, Ranking, embedded, is_foreign, rank
from kb.search.spelling import corrected
from kb.store.catalogue import Catalogue
from kb.types import Filters, Hit

_READ = 3  # hits that are read beside the question
_SPARE = 5  # candidates that are looked up beside those that are wanted: some are not visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """What a search found.

    Attributes:
        hits: best first.
        answerable: 0-1, how likely the documents answer the question.
        evidence: what ``answerable`` follows from.
        queries: what was searched, misspelt words set right.
        version: of the knowledge base.
    """

    hits: tuple[Hit, ...]
    answerable: float
    evidence: Evidence
    queries: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """Chunks that a search does as if it did not have, so that nothing has to be indexed without them.

    Attributes:
        ids: theirs.
        terms: term -> how many of them hold it. Mean and spread of all vectors, and the rarity that BM25 sees,
            stay as they are: of hundreds of chunks, a few more or less hardly change them.
    """

    ids: frozenset[str] = frozenset()
    terms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rerank:
    """A reranker and how many of the best hits it reads."""

    model: Reranker
    hits: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A search with what it followed from.

    Attributes:
        retrieval: what it returned.
        wordings: of the question, embedded; empty where there was nothing to search.
        ranking: all candidates; None likewise.
        places: of the hits among the candidates, 0-based.
    """

    retrieval: Retrieval
    wordings: tuple[Query, ...] = ()
    ranking: Ranking | None = None
    places: tuple[int, ...] = ()


def trace(
    catalogue: Catalogue,
    folder: PublishedFolder,
    embedder: Embedder,
    queries: Sequence[str],
    k: int,
    filters: Filters,
    published: int,
    rerank: Rerank | None = None,
    withheld: Withheld = Withheld(),
) -> Traced:
    """Search, and return what the hits followed from, too.

    Args:
        catalogue: says which chunks there are.
        folder: the indexes.
        embedder: that made the folder's vectors.
        queries: one or more wordings of a question, the one that stands alone last.
        k: number of hits, 1 or more.
        filters: what may be seen.
        published: number of the published version.
        rerank: reads the best hits once more.
        withheld: what is searched as if it were not there.
    """
    asked = tuple(dict.fromkeys(stripped for q in queries if (stripped := q.strip())))
    version = published if filters.version is None else catalogue.version(filters.version).number
    if isinstance(embedder, WordKnower):
        read = folder.lexical.document_frequencies
        asked = tuple(dict.fromkeys(corrected(query, read, embedder.is_word) for query in asked))
    if not asked or k < 1:
        return Traced(Retrieval(hits=(), answerable=0.0, evidence=Evidence(), queries=asked, version=version))
    wordings = [embedded(embedder, query) for query in asked]
    wanted, k = k, max(k, rerank.hits) if rerank else k
    # Another brand's passages are no surroundings: what they say must not move scores or what seems answerable.
    apart = len(catalogue.brands(version)) > 1
    permitted = folder.permitted(catalogue, version, filters) if apart else None
    ranking = rank(catalogue, folder, wordings, max(CANDIDATES, k), withheld.ids, permitted)
    places, hits = _visible(catalogue, ranking, k, version, filters)
    if not apart and (len(hits) < k or places[-1] >= 2 * k) and len(ranking.ids) < len(folder.lexical):
        permitted = folder.permitted(catalogue, version, filters)
        ranking = rank(catalogue, folder, wordings, max(CANDIDATES, 2 * k), withheld.ids, permitted)
        places, hits = _visible(catalogue, ranking, k, version, filters)
    if not hits:
        return Traced(Retrieval(hits=(), answerable=0.0, evidence=Evidence(), queries=asked, version=version))
    if rerank:
        places, hits = _reranked(rerank, asked[-1], places, hits, wanted)
    mean = permitted.mean if apart and permitted else folder.exact.mean()
    evidence = _evidence(folder, wordings[-1], ranking.candidates, places, hits, withheld, mean)
    retrieval = Retrieval(
        hits=tuple(hits), answerable=probability(evidence), evidence=evidence, queries=asked, version=version
    )
    return Traced(retrieval, tuple(wordings), ranking, tuple(places))


def _visible(
    catalogue: Catalogue, ranking: Ranking, k: int, version: int, filters: Filters
) -> tuple[list[int], list[Hit]]:
    """Take hits in order, as far as the catalogue says that they exist at this version and pass."""
    places: list[int] = []
    hits: list[Hit] = []
    step = k + _SPARE
    for start in range(0, len(ranking.ids), step):
        seen = catalogue.chunks(ranking.ids[start : start + step], version, filters)
        for i in range(start, min(start + step, len(ranking.ids))):
            if (chunk := seen.get(ranking.ids[i])) and len(hits) < k:
                lexical = float(ranking.candidates.lexical[i]) or None
                hits.append(Hit(chunk, float(ranking.scores[i]), float(ranking.candidates.text[i]), lexical))
                places.append(i)
        if len(hits) == k:
            break
    return places, hits


def _reranked(
    rerank: Rerank, question: str, places: Sequence[int], hits: Sequence[Hit], k: int
) -> tuple[list[int], list[Hit]]:
    """Return the ``k`` best hits as the reranker orders them, with their places among the candidates."""
    place = dict(zip((hit.chunk.id for hit in hits), places, strict=True))
    better = rerank.model.rerank(question, hits)[:k]
    return [place[hit.chunk.id] for hit in better], better


def _evidence(
    folder: PublishedFolder,
    query: Query,
    candidates: Candidates,
    places: Sequence[int],
    hits: Sequence[Hit],
    withheld: Withheld,
    mean: Vectors,
) -> Evidence:
    """Return what speaks for the first hit; ``mean`` is that of all passages: what "far" means here."""
    best, chunk = places[0], hits[0].chunk
    other_language = is_foreign(detect_language(query.text), chunk.language)
    wanted = list(dict.fromkeys(terms(query.text)))
    counts = folder.lexical.document_frequencies(wanted)
    frequency = {t: max(0, n - withheld.terms.get(t, 0)) for t, n in zip(wanted, counts, strict=True)}
    text = passage_of(chunk)
    similarity = float(candidates.text[best])
    fits = np.nan_to_num(candidates.fit[list(places)])
    rows = [int(row) for row in folder.exact.positions([hit.chunk.id for hit in hits[:_READ]])]
    cosines, weights = folder.tokens.matches(query.tokens, rows[0])
    readings = [
        alignment(query.tokens, folder.tokens.passage(row), float(candidates.text[place]))
        for row, place in zip(rows, places[:_READ], strict=True)
    ]
    return Evidence(
        above=similarity - float(mean @ query.vector),
        local=above_others(similarity, candidates.text),
        fit=float(fits[0]),
        fit_lead=lead(fits),
        weak=weak_share(cosines, weights),
        covered=0.0 if other_language else covered_share(text, frequency, len(folder.lexical)),
        other_language=float(other_language),
        reading=readings[0],
        reading_mean=float(np.mean(readings)),
    )
