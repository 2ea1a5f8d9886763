"""Documents and passages that are there twice, word for word or nearly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ingest.lint.types import Finding, FindingKind, LintDocument, Quote, Severity
from ingest.lint.validity import may_meet
from kb.identity import digest
from kb.language.text import fold, terms

# Chosen; shingles and bands as Broder 1997.
_WORDS = 4  # in a shingle
_LEAST_WORDS = 30  # a shorter document is too short to be nearly another
_NEAR = 0.8  # Jaccard of shingles
_BANDS, _ROWS = 32, 4  # of the signature: two documents at 0.8 share a band with probability 1 - (1 - 0.8^4)^32
_PASSAGE_WORDS = 25
_SHOWN = 200  # characters of a quote
_GROUP = 50  # alike things that are compared one with another

Signature = NDArray[np.uint64]


def find_duplicates(documents: Sequence[LintDocument]) -> list[Finding]:
    """Return findings on documents, then on passages of other documents, that are the same or nearly."""
    same = list(_same_documents(documents))
    near = list(_near_documents(documents, {frozenset(pair) for pair in same}))
    found = [
        _finding(documents, pair, FindingKind.DUPLICATE_DOCUMENT, "are the same: keep one of them")
        for pair in same
    ]
    found += [
        _finding(
            documents, pair, FindingKind.NEAR_DUPLICATE_DOCUMENT, f"share {share:.0%} of their words: {_ADVICE}"
        )
        for pair, share in near
    ]
    known = {frozenset(pair) for pair in same} | {frozenset(pair) for pair, _ in near}
    return found + list(_passages(documents, known))


_ADVICE = "keep one of them, or say in `supersedes` which one holds"


def _words(text: str) -> list[str]:
    return terms(fold(text))


def _same_documents(documents: Sequence[LintDocument]) -> Iterator[tuple[int, int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, document in enumerate(documents):
        groups[digest(" ".join(fold(document.text).split()))].append(place)
    for group in groups.values():
        for pair in combinations(group[:_GROUP], 2):
            if may_meet(documents[pair[0]], documents[pair[1]]):
                yield pair


def _near_documents(
    documents: Sequence[LintDocument], known: set[frozenset[int]]
) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield pairs of documents whose shingles agree, found by min-hashing (Broder 1997) in bands."""
    shingles = [_shingles(_words(document.text)) for document in documents]
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for place, hashes in enumerate(shingles):
        if len(hashes) >= _LEAST_WORDS:
            signature = _signature(hashes)
            for band in range(_BANDS):
                buckets[band, signature[band * _ROWS : (band + 1) * _ROWS].tobytes()].append(place)
    tried: set[tuple[int, int]] = set()
    for group in buckets.values():
        for one, other in combinations(group[:_GROUP], 2):
            rows = documents[one].file_uri == documents[other].file_uri  # of one table are alike on purpose
            if rows or (one, other) in tried or frozenset((one, other)) in known:
                continue
            tried.add((one, other))
            share = len(np.intersect1d(shingles[one], shingles[other])) / len(
                np.union1d(shingles[one], shingles[other])
            )
            if share >= _NEAR and may_meet(documents[one], documents[other]):
                yield (one, other), share


def _shingles(words: Sequence[str]) -> Signature:
    """Return the distinct 64-bit hashes of all runs of ``_WORDS`` words, in order of size."""
    runs = {" ".join(words[i : i + _WORDS]) for i in range(max(0, len(words) - _WORDS + 1))}
    return np.array(sorted(int(digest(run)[:16], 16) for run in runs), np.uint64)


def _signature(hashes: Signature) -> Signature:
    """Return the smallest hash under each of ``_BANDS * _ROWS`` multiply-shift permutations."""
    count = _BANDS * _ROWS
    factors = np.random.default_rng(7).integers(1, 2**63, count, np.uint64) * np.uint64(2) + np.uint64(1)
    return np.array([np.min(hashes * factor) for factor in factors], np.uint64)


def _passages(documents: Sequence[LintDocument], known: set[frozenset[int]]) -> Iterator[Finding]:
    """Yield passages that stand in two documents which are not duplicates as a whole."""
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, document in enumerate(documents):
        for position, chunk in enumerate(document.chunks):
            words = _words(chunk.text)
            if len(words) >= _PASSAGE_WORDS:
                groups[digest(*words)].append((place, position))
    for group in groups.values():
        apart = list({place: (place, position) for place, position in reversed(group)}.values())
        apart = [spot for spot in sorted(apart) if not _covered(spot[0], apart, known)]
        if len(apart) > 1:
            quotes = tuple(_passage(documents[place], position) for place, position in apart[:_GROUP])
            sentence = f"the same passage stands in {len(apart)} documents: a change must be made in all of them"
            yield Finding(FindingKind.DUPLICATE_PASSAGE, Severity.INFO, sentence, quotes)


def _covered(place: int, spots: Iterable[tuple[int, int]], known: set[frozenset[int]]) -> bool:
    """Tell whether an earlier document of the group is a duplicate of this one as a whole."""
    return any(frozenset((place, other)) in known for other, _ in spots if other < place)


def _passage(document: LintDocument, position: int) -> Quote:
    chunk = document.chunks[position]
    return Quote(document.uri, document.file_uri, chunk.page, _cut(chunk.text))


def _finding(documents: Sequence[LintDocument], pair: tuple[int, int], kind: FindingKind, what: str) -> Finding:
    quotes = tuple(
        Quote(documents[place].uri, documents[place].file_uri, None, _cut(documents[place].text)) for place in pair
    )
    return Finding(kind, Severity.WARNING, f"two documents {what}", quotes)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
