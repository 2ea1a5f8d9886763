"""One question becomes hits: vectors and words searched, fused, checked against the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kb.alignment import alignment
from kb.answerable import Evidence, covered_share, lead, probability, weak_share
from kb.catalogue import Catalogue
from kb.embedders import Embedder, TokenEmbedder, Vectors, WordKnower
from kb.fusion import Candidates, Scores, above_others, bears_out, feed_back, fuse
from kb.identity import passage
from kb.published import Permitted, PublishedFolder
from kb.rerankers import Reranker
from kb.spelling import corrected
from kb.text import detect_language, terms
from kb.types import Chunk, Filters, Hit
from kb.vectors import QUESTION_MARK

_CANDIDATES = 100  # from each ranker
_READ = 3  # hits that are read beside the question
_FEEDBACK_HITS = 3  # the best ones, which show what the answer's surroundings look like
_FEEDBACK_LEAST = 100  # entries; of fewer, three are no surroundings but a good part of all


@dataclass(frozen=True, slots=True)
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
class Query:
    """One wording of the question: its vector, and its tokens' where the embedder gives them."""

    text: str
    vector: Vectors
    tokens: Vectors

    @property
    def language(self) -> str:
        """Its language, empty where that cannot be told."""
        return detect_language(self.text)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, in parallel.

    Attributes:
        ids: of their chunks.
        scores: fused over all wordings, with feedback.
        before_feedback: the same without it.
        found: what the rankers say of the last wording.
    """

    ids: list[str]
    scores: Scores
    before_feedback: Scores
    found: Candidates


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


def search(
    catalogue: Catalogue,
    folder: PublishedFolder,
    embedder: Embedder,
    queries: Sequence[str],
    k: int,
    filters: Filters,
    published: int,
    rerank: Rerank | None = None,
) -> Retrieval:
    """Return the ``k`` best chunks that are visible and pass the filters: ``trace`` without its traces."""
    return trace(catalogue, folder, embedder, queries, k, filters, published, rerank).retrieval


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
        return Traced(Retrieval((), 0.0, Evidence(), asked, version))
    embedded = [_embedded(embedder, query) for query in asked]
    wanted, k = k, max(k, rerank.hits) if rerank else k
    ranking = _rank(catalogue, folder, embedded, max(_CANDIDATES, k), withheld.ids)
    places, hits = _visible(catalogue, ranking, k, version, filters)
    if (len(hits) < k or places[-1] >= 2 * k) and len(ranking.ids) < len(folder.lexical):
        permitted = folder.permitted(catalogue, version, filters)
        ranking = _rank(catalogue, folder, embedded, max(_CANDIDATES, 2 * k), withheld.ids, permitted)
        places, hits = _visible(catalogue, ranking, k, version, filters)
    if not hits:
        return Traced(Retrieval((), 0.0, Evidence(), asked, version))
    if rerank:
        places, hits = _reranked(rerank, asked[-1], places, hits, wanted)
    evidence = _evidence(folder, embedded[-1], ranking.found, places, hits, withheld)
    retrieval = Retrieval(tuple(hits), probability(evidence), evidence, asked, version)
    return Traced(retrieval, tuple(embedded), ranking, tuple(places))


def rankings(
    catalogue: Catalogue, folder: PublishedFolder, embedder: Embedder, query: str, k: int, version: int
) -> dict[str, list[Chunk]]:
    """Return what each ranker alone finds, best first: what a fused search has to be better than.

    Args:
        catalogue: says which chunks there are.
        folder: the indexes.
        embedder: that made the folder's vectors.
        query: one wording of a question.
        k: number of chunks, at most.
        version: of the knowledge base.
    """
    ranking = _rank(catalogue, folder, [_embedded(embedder, query)], max(_CANDIDATES, k))
    chunks = catalogue.chunks(ranking.ids, version, Filters())
    found = ranking.found
    scores = {"vectors": found.text, "late interaction": np.nan_to_num(found.fit), "lexical": found.lexical}
    if not np.isnan(found.question).all():
        scores["stored questions"] = np.nan_to_num(found.question, nan=-1.0)
    return {
        ranker: [chunks[ranking.ids[i]] for i in np.argsort(-each, kind="stable") if ranking.ids[i] in chunks][:k]
        for ranker, each in scores.items()
    }


def _embedded(embedder: Embedder, query: str) -> Query:
    if isinstance(embedder, TokenEmbedder):
        return Query(query, *embedder.embed_query_and_tokens(query))
    return Query(query, embedder.embed_query(query), np.zeros((0, 0), np.float32))


def _foreign(asked: str, told: str | None) -> bool:
    """Tell whether a passage is in another language than a question; not where either cannot be told."""
    return bool(asked and told and asked != told)


def _candidates(
    folder: PublishedFolder, query: Query, depth: int, permitted: Permitted | None
) -> tuple[list[str], dict[str, float]]:
    """Return the chunks whose vectors are nearest, and chunk -> BM25 score, ``depth`` from each ranker."""
    if permitted is None:
        near, words = folder.nearest.search(query.vector, depth), folder.lexical.search(query.text, depth)
    else:
        near = folder.exact.search_among(query.vector, depth, permitted.rows)
        words = folder.lexical.search_among(query.text, depth, permitted.ids)
    return [entry.rstrip(QUESTION_MARK) for entry, _ in near], dict(words)


def _rank(
    catalogue: Catalogue,
    folder: PublishedFolder,
    queries: Sequence[Query],
    depth: int,
    withheld: Collection[str] = (),
    permitted: Permitted | None = None,
) -> Ranking:
    """Find candidates for every wording and order them by the mean of their fused scores.

    A wording with more of the conversation in it counts only as far as the message, the shortest, bears it out.

    Args:
        catalogue: says in which language a chunk is.
        folder: the indexes.
        queries: wordings.
        depth: candidates from each ranker for each wording.
        withheld: chunks that are passed over.
        permitted: the only chunks that are looked at; None: all, and who asks leaves out what is not visible.
    """
    found = [_candidates(folder, query, depth, permitted) for query in queries]
    by_words = [words for _, words in found]
    ids = [*dict.fromkeys([*(i for near, _ in found for i in near), *(i for words in by_words for i in words)])]
    ids = [i for i in ids if i not in withheld]
    exact = folder.exact
    rows = exact.positions(ids)  # a server may hold entries of a load that was killed
    ids, rows = [i for i, row in zip(ids, rows, strict=True) if row >= 0], rows[rows >= 0]
    if not ids:
        nothing = np.zeros(0, np.float32)
        return Ranking([], nothing, nothing, Candidates(nothing, nothing, nothing, nothing, nothing > 0))
    languages = catalogue.languages(ids)
    asked = exact.positions([i + QUESTION_MARK for i in ids])
    wordings = [
        Candidates(
            exact.similarities_at(query.vector, rows),
            exact.similarities_at(query.vector, asked),
            folder.tokens.fit(query.tokens, rows),
            np.array([words.get(i, 0.0) for i in ids], np.float32),
            np.array([_foreign(query.language, languages.get(i)) for i in ids], np.bool_),
        )
        for words, query in zip(by_words, queries, strict=True)
    ]
    said = wordings[-1]
    fused = [fuse(each) for each in wordings]
    message = min(range(len(queries)), key=lambda i: len(queries[i].text))
    borne_out = [
        scores
        for i, scores in enumerate(fused)
        if i in (message, len(fused) - 1) or bears_out(wordings[message], fused[message], scores)
    ]
    mixed: Scores = np.mean(borne_out, axis=0)
    scores = mixed
    if len(exact) >= _FEEDBACK_LEAST:
        best = rows[np.argsort(-mixed, kind="stable")[:_FEEDBACK_HITS]]
        scores = feed_back(mixed, exact.similarities_at(exact.direction(best), rows), said)
    order = np.lexsort((np.arange(len(ids)), -scores))
    ordered = Candidates(
        said.text[order], said.question[order], said.fit[order], said.lexical[order], said.foreign[order]
    )
    return Ranking([ids[i] for i in order], scores[order], mixed[order], ordered)


def _visible(
    catalogue: Catalogue, ranking: Ranking, k: int, version: int, filters: Filters
) -> tuple[list[int], list[Hit]]:
    """Take hits in order, as far as the catalogue says that they exist at this version and pass."""
    places: list[int] = []
    hits: list[Hit] = []
    step = max(20, 2 * k)
    for start in range(0, len(ranking.ids), step):
        seen = catalogue.chunks(ranking.ids[start : start + step], version, filters)
        for i in range(start, min(start + step, len(ranking.ids))):
            if (chunk := seen.get(ranking.ids[i])) and len(hits) < k:
                lexical = float(ranking.found.lexical[i]) or None
                hits.append(Hit(chunk, float(ranking.scores[i]), float(ranking.found.text[i]), lexical))
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
    found: Candidates,
    places: Sequence[int],
    hits: Sequence[Hit],
    withheld: Withheld,
) -> Evidence:
    """Return what speaks for the first hit."""
    best, chunk = places[0], hits[0].chunk
    other_language = _foreign(query.language, chunk.language)
    wanted = list(dict.fromkeys(terms(query.text)))
    counts = folder.lexical.document_frequencies(wanted)
    frequency = {t: max(0, n - withheld.terms.get(t, 0)) for t, n in zip(wanted, counts, strict=True)}
    text = passage(chunk.title, chunk.headings, chunk.question, chunk.text)
    similarity = float(found.text[best])
    fits = np.nan_to_num(found.fit[list(places)])
    rows = [int(row) for row in folder.exact.positions([hit.chunk.id for hit in hits[:_READ]])]
    cosines, weights = folder.tokens.matches(query.tokens, rows[0])
    readings = [
        alignment(query.tokens, folder.tokens.passage(row), float(found.text[place]))
        for row, place in zip(rows, places[:_READ], strict=True)
    ]
    return Evidence(
        above=similarity - folder.exact.background(query.vector)[0],
        local=above_others(similarity, found.text),
        fit=float(fits[0]),
        fit_lead=lead(fits),
        weak=weak_share(cosines, weights),
        covered=0.0 if other_language else covered_share(text, frequency, len(folder.lexical)),
        other_language=float(other_language),
        reading=readings[0],
        reading_mean=float(np.mean(readings)),
    )
