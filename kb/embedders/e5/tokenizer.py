"""Cutting text into the tokens of XLM-RoBERTa: SentencePiece's unigram model over a mapped trie.

Kudo 2018, "Subword Regularization": of all ways to cut a text into pieces, the one whose pieces'
log probabilities sum to the most, found with Viterbi's algorithm. The libraries that do this spend
0.7 s (sentencepiece) to 1.3 s (tokenizers) of CPU on reading 250,000 pieces at each start; here the
trie is three arrays that are mapped into memory, so a start costs nothing and a query reads only
the pages that it touches.

A node of the trie is a number, the root is 0. ``edges[i]`` is ``parent << 21 | code point``, sorted,
and leads to node ``i + 1``: the array is its own index, and a lookup is a binary search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.embedders.e5.file import E5Vocabulary
from kb.remembered import Remembered

EDGES_FILE = "trie_edges.npy"
PIECES_FILE = "trie_pieces.npy"
SCORES_FILE = "trie_scores.npy"

_WORD_START = "\u2581"
"""SentencePiece's mark for a space; every word begins with it."""
_CODE_POINT_BITS = 21
_NO_PIECE = -1
_UNKNOWN_PENALTY = 10.0  # by SentencePiece's definition
"""An unknown character scores this much less than the rarest piece (kUnkPenalty of SentencePiece)."""
_CACHED_WORDS = 50_000
_CACHED_WORD_LENGTH = 24
"""Longer stretches without a space (Chinese sentences) hardly ever repeat."""
_FULL_WIDTH_TILDE = "\uff5e"
"""SentencePiece's normaliser keeps it where NFKC would not."""
_STAND_IN = "\ue000"

_SPACES = re.compile(" {2,}")


def write_trie(vocabulary: E5Vocabulary, folder: Path) -> None:
    """Write the trie of a vocabulary, without its special tokens, as three arrays."""
    special = {vocabulary.bos, vocabulary.eos, vocabulary.unknown, vocabulary.padding, vocabulary.mask}
    ids = np.array([i for i in range(len(vocabulary.pieces)) if i not in special], np.int32)
    pieces = np.array([vocabulary.pieces[i].decode() for i in ids])
    letters = pieces.view(np.uint32).reshape(len(ids), -1).astype(np.int64)
    node = np.zeros(len(ids), np.int64)
    edges: list[NDArray[np.int64]] = []
    nodes = 1
    for column in letters.T:
        longer = np.flatnonzero(column)  # shorter pieces are padded with zeros, and no piece holds one
        level, place = np.unique(node[longer] << _CODE_POINT_BITS | column[longer], return_inverse=True)
        node[longer] = nodes + place
        nodes += len(level)
        edges.append(level)
    piece_of = np.full(nodes, _NO_PIECE, np.int32)
    piece_of[node] = ids
    np.save(folder / EDGES_FILE, np.concatenate(edges))
    np.save(folder / PIECES_FILE, piece_of)
    np.save(folder / SCORES_FILE, vocabulary.scores)


class E5Tokenizer:
    """Turns texts into token ids; safe to call from several threads."""

    def __init__(self, folder: Path, characters: Mapping[str, str], *, bos: int, eos: int, unknown: int) -> None:
        self._edges = np.load(folder / EDGES_FILE, mmap_mode="r").view(np.ndarray)
        self._piece_of = np.load(folder / PIECES_FILE, mmap_mode="r").view(np.ndarray)
        self._scores = np.load(folder / SCORES_FILE, mmap_mode="r").view(np.ndarray)
        self._unknown_score = float(self._scores.min()) - _UNKNOWN_PENALTY
        self._bos, self._eos, self._unknown = bos, eos, unknown
        self._characters = _beyond_nfkc(characters)
        self._cut = Remembered[str, tuple[int, ...]](_CACHED_WORDS)

    def encode(self, texts: Sequence[str], longest: int) -> list[NDArray[np.int32]]:
        """Return the token ids of each text, special tokens around them, at most ``longest`` of them."""
        room = longest - 2
        # A token covers one character at least and a text is cut before it is normalised, so that
        # a book costs no more than a page; 32 is twice the longest piece.
        words = [self._words(text[: 32 * longest]) for text in texts]
        known = self._cut_words({word for row in words for word in row})
        rows = []
        for row in words:
            ids = [self._bos]
            for word in row:
                ids += known[word]
                if len(ids) > room:
                    break
            rows.append(np.array([*ids[: room + 1], self._eos], np.int32))
        return rows

    def _words(self, text: str) -> list[str]:
        """Normalise as XLM-RoBERTa does and split at spaces; each word begins with the mark."""
        return [_WORD_START + word for word in self.normalise(text).split(" ") if word]

    def normalise(self, text: str) -> str:
        """Return the text in Unicode's NFKC, white space as single spaces, control characters gone."""
        if text.isascii() and text.isprintable():
            return _SPACES.sub(" ", text)
        mapped = text.translate(self._characters)
        return _SPACES.sub(" ", unicodedata.normalize("NFKC", mapped).replace(_STAND_IN, _FULL_WIDTH_TILDE))

    def _cut_words(self, words: set[str]) -> dict[str, tuple[int, ...]]:
        """Return the token ids of each word, remembering short ones."""
        short = self._cut.all_of((word for word in words if len(word) <= _CACHED_WORD_LENGTH), self._viterbi)
        long = [word for word in words if len(word) > _CACHED_WORD_LENGTH]
        return short | dict(zip(long, self._viterbi(long), strict=True)) if long else short

    def _viterbi(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """Cut each word into the pieces of the highest total score."""
        text = "\0".join(words) + "\0"  # no piece holds a zero, so none reaches over it
        starts, ends, pieces = self._pieces_in(text)
        first = np.searchsorted(starts, np.arange(len(text) + 1)).tolist()
        scores = self._scores[pieces].astype(np.float64).tolist()
        end_list, piece_list = ends.tolist(), pieces.tolist()
        best = [-np.inf] * (len(text) + 1)
        came_from = [0] * (len(text) + 1)
        by_piece = [self._unknown] * (len(text) + 1)
        cuts: list[tuple[int, ...]] = []
        begin = 0
        for word in words:
            stop = begin + len(word)
            best[begin] = 0.0
            for at in range(begin, stop):
                here = best[at]
                single = False
                for i in range(first[at], first[at + 1]):
                    end = end_list[i]
                    single = single or end == at + 1
                    score = here + scores[i]
                    if score > best[end]:
                        best[end], came_from[end], by_piece[end] = score, at, piece_list[i]
                unknown = here + self._unknown_score
                if not single and unknown > best[at + 1]:
                    best[at + 1], came_from[at + 1], by_piece[at + 1] = unknown, at, self._unknown
            cuts.append(self._path(begin, stop, came_from, by_piece))
            begin = stop + 1
        return cuts

    def _path(self, begin: int, stop: int, came_from: list[int], by_piece: list[int]) -> tuple[int, ...]:
        """Walk back from the end of a word; neighbouring unknown characters are one token."""
        ids: list[int] = []
        at = stop
        while at > begin:
            piece = by_piece[at]
            if piece != self._unknown or not ids or ids[-1] != self._unknown:
                ids.append(piece)
            at = came_from[at]
        return tuple(reversed(ids))

    def _pieces_in(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """Return start, end and id of every piece that occurs in the text, ordered by start, then length."""
        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
        edges, piece_of = self._edges, self._piece_of
        start = np.arange(len(letters))
        node = np.zeros(len(letters), np.int64)
        found = []
        end = start
        while len(start):
            inside = end < len(letters)
            start, end, node = start[inside], end[inside], node[inside]
            key = node << _CODE_POINT_BITS | letters[end]
            place = np.minimum(np.searchsorted(edges, key), len(edges) - 1)
            follows = edges[place] == key
            start, end, node = start[follows], end[follows] + 1, place[follows] + 1
            piece = piece_of[node]
            whole = piece != _NO_PIECE
            found.append((start[whole], end[whole], piece[whole]))
        starts, ends, pieces = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(starts, kind="stable")
        return starts[order], ends[order], pieces[order]


def _beyond_nfkc(characters: Mapping[str, str]) -> dict[int, str]:
    """Keep what the model's own character map does differently from NFKC, for ``str.translate``."""
    different = {
        ord(character): becomes
        for character, becomes in characters.items()
        if unicodedata.normalize("NFKC", character) != becomes
    }
    different[ord(_FULL_WIDTH_TILDE)] = _STAND_IN
    return different
