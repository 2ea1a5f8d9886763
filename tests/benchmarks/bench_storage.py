"""Timings of the storage: ``python tests/benchmarks/bench_storage.py [CHUNKS] [DIMENSION]``."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from kb.embedders import Vectors
from kb.identity import chunk_id, digest, document_id, passage
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from kb.types import Chunk, Document, Section


class RandomEmbedder:
    """Vectors in clusters, as cheap as can be: what is left is the time of the storage."""

    def __init__(self, dimension: int) -> None:
        self.dimension, self.fingerprint = dimension, f"random-{dimension}"
        self._random = np.random.default_rng(7)
        self._centres = self._random.standard_normal((300, dimension)).astype(np.float32)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, near one of 300 centres."""
        rows = self._centres[self._random.integers(0, len(self._centres), len(texts))]
        rows = rows + 0.5 * self._random.standard_normal(rows.shape).astype(np.float32)
        vectors: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return vectors

    embed_queries = embed_documents

    def embed_query(self, text: str) -> Vectors:
        """Return a vector."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector


def document(number: int, salt: str = "") -> tuple[Document, str, str, list[Chunk]]:
    """Return the arguments of ``Load.put`` for a document of one chunk of about 300 characters."""
    uri = f"bench/{number}"
    words = " ".join(digest(uri, salt, str(i))[:7] for i in range(12))
    text = (
        f"Delivery of order {number} takes {number % 9} days and costs {number % 30} dollars. {words}{salt}. " * 2
    )
    identifier = document_id(uri)
    made = chunk_id(identifier, passage(uri, (), None, text), 0)
    chunk = Chunk(
        id=made,
        document_id=identifier,
        document_uri=uri,
        title=uri,
        text=text,
        position=0,
        start=0,
        end=len(text),
        language="en",
    )
    return Document(uri=uri, title=uri, sections=(Section(text=text),)), text, uri, [chunk]


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block took."""
    begin, cpu = time.perf_counter(), time.process_time()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, busy = time.perf_counter() - begin, time.process_time() - cpu
    print(f"{what:40} {wall:8.3f} s   processor {busy:8.3f} s   peak {peak:6.0f} MB", flush=True)


def main(chunks: int, dimension: int) -> None:
    """Print the timings."""
    with tempfile.TemporaryDirectory() as home:
        settings = KnowledgeSettings(home=Path(home))
        knowledge_base = KnowledgeBase(settings, RandomEmbedder(dimension))
        with timed(f"load and publish {chunks} documents"), knowledge_base.load() as load:
            with timed("  of which put"):
                for number in range(chunks):
                    load.put(*document(number))
            with timed("  of which publish"):
                load.publish("bulk")
        for salt in ("once", "twice"):
            with timed("publish one changed document"), knowledge_base.load() as load:
                load.put(*document(5, salt))
                load.publish("one")
        knowledge_base.close()
        knowledge_base = KnowledgeBase(settings, RandomEmbedder(dimension))
        with timed("open the published folder"), knowledge_base._replica.reading():
            pass
        with timed("first search"):
            knowledge_base.search(["how long does delivery take"])
        with timed("100 searches"):
            for number in range(100):
                knowledge_base.search([f"what does order {number} cost"])
        with timed("verify"):
            print(knowledge_base.disagreements())
        with timed("rollback"):
            knowledge_base.rollback(1)
        with timed("compact"):
            knowledge_base.compact()
        knowledge_base.close()


if __name__ == "__main__":
    main(*(int(a) for a in [*sys.argv[1:], "100000", "384"][:2])) if len(sys.argv) != 2 else main(
        int(sys.argv[1]), 384
    )
