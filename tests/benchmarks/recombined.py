"""Large knowledge bases for benchmarks: real passages recombined, their vectors perturbed, few embedded.

A few hundred passages of the evaluation sets are embedded by the bundled model. Every further chunk takes
sentences of several of them and the vector of one, moved at random by so much that neighbours stay
neighbours.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from kb.embedders import TokenRows, Vectors
from kb.embedders.bundled import BundledEmbedder
from kb.identity import chunk_id, document_id, passage
from kb.language.text import sentences
from kb.types import Chunk, Document, Section

SETS = ("stackfaq", "doc2dial", "esun_bank_faq_q2a")
_MOVED = 0.35  # length of the random step beside a unit vector: cosine about 0.94 to the passage it came from
_LONGEST = 320  # characters of a passage
_CHUNKS = 5  # of a document


def real_passages(data: Path, count: int) -> list[str]:
    """Return passages of the evaluation sets, the same ones each time."""
    texts = [
        json.loads(line)["text"].strip()[:_LONGEST]
        for name in SETS
        for line in (data / name / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    texts = sorted({text for text in texts if len(text) > 40})
    return random.Random(5).sample(texts, min(count, len(texts)))


class RecombinedEmbedder:
    """Gives texts that begin with the number of a passage its vector, moved; questions are really embedded."""

    def __init__(self, passages: Sequence[str]) -> None:
        self.passages = list(passages)
        self._model = BundledEmbedder()
        self.dimension, self.token_width = self._model.dimension, self._model.token_width
        self.fingerprint = f"recombined/{len(self.passages)}/{self._model.fingerprint}"

    @cached_property
    def _real(self) -> tuple[Vectors, list[TokenRows]]:
        return self._model.embed_documents_and_tokens(self.passages)

    def moved(self, places: Sequence[int], seeds: Sequence[int]) -> Vectors:
        """Return ``(n, dimension)``: the vectors of passages, each moved by its seed."""
        steps = np.stack([np.random.default_rng(seed).standard_normal(self.dimension) for seed in seeds])
        steps *= _MOVED / np.linalg.norm(steps, axis=1, keepdims=True)
        rows = self._real[0][list(places)] + steps.astype(np.float32)
        vectors: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return vectors

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the moved vector of the passage that each text names in its title."""
        return self.embed_documents_and_tokens(texts)[0]

    def embed_documents_and_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenRows]]:
        """Return moved vectors, and the tokens of the passages that they came from."""
        places = [int(text.partition(" ")[0]) % len(self.passages) for text in texts]
        seeds = [
            int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") for text in texts
        ]
        return self.moved(places, seeds), [self._real[1][place] for place in places]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions."""
        return self._model.embed_queries(texts)

    def embed_query(self, text: str) -> Vectors:
        """Embed a question."""
        return self._model.embed_query(text)

    def embed_query_and_tokens(self, text: str) -> tuple[Vectors, Vectors]:
        """Embed a question and its tokens."""
        return self._model.embed_query_and_tokens(text)


def documents(passages: Sequence[str], chunks: int) -> Iterator[tuple[Document, str, str, list[Chunk]]]:
    """Yield the arguments of ``Load.put`` for documents of five chunks, each of sentences from two passages."""
    parts = [sentences(text) for text in passages]
    for number in range(0, chunks, _CHUNKS):
        draw = random.Random(number)
        uri, made, start = f"bench/{number}", [], 0
        texts = []
        for place in range(number, min(number + _CHUNKS, chunks)):
            own, other = parts[place % len(parts)], parts[draw.randrange(len(parts))]
            texts.append(" ".join([*own, draw.choice(other), f"No. {place}."]))
        whole = "\n\n".join(texts)
        for position, text in enumerate(texts):
            title = f"{number + position} bench"
            identifier = chunk_id(document_id(uri), passage(title, (), None, text), 0)
            made.append(
                Chunk(
                    id=identifier,
                    document_id=document_id(uri),
                    document_uri=uri,
                    title=title,
                    text=text,
                    position=position,
                    start=start,
                    end=start + len(text),
                    language="en",
                )
            )
            start += len(text) + 2
        yield Document(uri=uri, title=f"{number} bench", sections=(Section(text=whole),)), whole, uri, made
