"""Candidates for a question and their order: what vectors, late interaction and words find, fused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.embedders import Embedder, TokenEmbedder, Vectors
from kb.index.folder import Permitted, PublishedFolder
from kb.index.vectors import QUESTION_MARK
from kb.language.text import calm, detect_language
from kb.search.fusion import Candidates, Scores, bears_out, feed_back, fuse
from kb.store.catalogue import Catalogue
from kb.types import Chunk, Filters

CANDIDATES = 100  # from each ranker
_FEEDBACK_HITS = 3  # the best ones, which show what the answer's surroundings look like
_FEEDBACK_LEAST = 100  # entries; of fewer, three are no surroundings but a good part of all


@dataclass(frozen=True, slots=True)
class Query:
    """One wording of the question: its vector, and its tokens' where the embedder gives them."""

    text: str
    vector: Vectors
    tokens: Vectors


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, in parallel.

    Attributes:
        ids: of their chunks.
        scores: fused over all wordings, with feedback.
        before_feedback: the same without it.
        candidates: what the rankers say of the last wording.
    """

    ids: list[str]
    scores: Scores
    before_feedback: Scores
    candidates: Candidates


def embedded(embedder: Embedder, query: str) -> Query:
    """Embed one wording, its tokens too where the embedder gives them; models know shouted words less well."""
    text = calm(query)
    if isinstance(embedder, TokenEmbedder):
        return Query(query, *embedder.embed_query_and_tokens(text))
    return Query(query, embedder.embed_query(text), np.zeros((0, 0), np.float32))


def is_foreign(question_language: str, passage_language: str) -> bool:
    """Tell whether a passage is in another language than a question; not where either cannot be told."""
    return bool(question_language and passage_language and question_language != passage_language)


def rank(
    catalogue: Catalogue,
    folder: PublishedFolder,
    queries: Sequence[Query],
    depth: int,
    withheld: Collection[str] = (),
    permitted: Permitted | None = None,
) -> Ranking:
    """Find candidates for every wording and order them by the mean of their fused scores.

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
        return Ranking(
            [],
            nothing,
            nothing,
            Candidates(text=nothing, question=nothing, fit=nothing, lexical=nothing, foreign=nothing > 0),
        )
    wordings = _scored(catalogue, folder, queries, by_words, ids, rows)
    last, mixed = wordings[-1], _mixed(queries, wordings)
    scores = mixed
    if (len(exact) if permitted is None else len(permitted.rows)) >= _FEEDBACK_LEAST:
        best = rows[np.argsort(-mixed, kind="stable")[:_FEEDBACK_HITS]]
        direction = exact.mean(best) - (exact.mean() if permitted is None else permitted.mean)
        scores = feed_back(mixed, exact.similarities_at(direction, rows), last)
    order = np.lexsort((np.arange(len(ids)), -scores))
    ordered = Candidates(
        text=last.text[order],
        question=last.question[order],
        fit=last.fit[order],
        lexical=last.lexical[order],
        foreign=last.foreign[order],
    )
    return Ranking([ids[i] for i in order], scores[order], mixed[order], ordered)


def _scored(
    catalogue: Catalogue,
    folder: PublishedFolder,
    queries: Sequence[Query],
    by_words: Sequence[Mapping[str, float]],
    ids: Sequence[str],
    rows: NDArray[np.int64],
) -> list[Candidates]:
    """Return what the rankers say of the chunks ``ids``, which stand at ``rows``, for each wording."""
    languages = catalogue.languages(ids)
    passage_languages = [languages.get(i, "") for i in ids]
    asked = folder.exact.positions([i + QUESTION_MARK for i in ids])
    scored = []
    for words, query in zip(by_words, queries, strict=True):
        language = detect_language(query.text)
        scored.append(
            Candidates(
                text=folder.exact.similarities_at(query.vector, rows),
                question=folder.exact.similarities_at(query.vector, asked),
                fit=folder.tokens.fit(query.tokens, rows),
                lexical=np.array([words.get(i, 0.0) for i in ids], np.float32),
                foreign=np.array([is_foreign(language, each) for each in passage_languages], np.bool_),
            )
        )
    return scored


def _mixed(queries: Sequence[Query], wordings: Sequence[Candidates]) -> Scores:
    """Return the mean of the wordings' fused scores.

    A wording with more of the conversation in it counts only if the message, the shortest, bears it out.
    """
    fused = [fuse(each) for each in wordings]
    message = min(range(len(queries)), key=lambda i: len(queries[i].text))
    always = (message, len(queries) - 1)
    counting = [
        scores
        for place, scores in enumerate(fused)
        if place in always or bears_out(wordings[message], fused[message], scores)
    ]
    mixed: Scores = np.mean(counting, axis=0)
    return mixed


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
    ranking = rank(catalogue, folder, [embedded(embedder, query)], max(CANDIDATES, k))
    chunks = catalogue.chunks(ranking.ids, version, Filters())
    candidates = ranking.candidates
    scores = {
        "vectors": candidates.text,
        "late interaction": np.nan_to_num(candidates.fit),
        "lexical": candidates.lexical,
    }
    if not np.isnan(candidates.question).all():
        scores["stored questions"] = np.nan_to_num(candidates.question, nan=-1.0)
    return {
        ranker: [chunks[ranking.ids[i]] for i in np.argsort(-each, kind="stable") if ranking.ids[i] in chunks][:k]
        for ranker, each in scores.items()
    }
