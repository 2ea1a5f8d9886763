"""What the graph misses: recall@10 of Chroma's HNSW against exact search, at several sizes.

``python tests/benchmarks/bench_recall.py [VECTORS …] [--queries 300] [--passages 400]`` (25,000, 100,000 and
500,000): vectors are those of so many real passages of ``FAQ_EVAL_DATA``, each in as many editions, a random step
apart, as are needed: the fewer passages, the tighter the clusters. Queries are real questions. As in a search, the
graph is asked for 100 candidates, which are scored exactly.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from kb.index.vectors.chroma_embedded import ChromaEmbedded
from kb.index.vectors.exact import ExactVectors
from tests.benchmarks.bench_latency import PASSAGES, asked
from tests.benchmarks.bench_search import folder_of_data
from tests.benchmarks.recombined import RecombinedEmbedder, real_passages

SIZES = (25_000, 100_000, 500_000)
CANDIDATES, K = 100, 10
_BATCH = 5_000


def run(embedder: RecombinedEmbedder, size: int, queries: int) -> None:
    """Print recall, time of a search by graph and of an exact one, and time of building, for a size."""
    vectors = embedder.embed_queries(asked(queries))
    with tempfile.TemporaryDirectory() as folder:
        exact = ExactVectors(Path(folder) / "exact", embedder.dimension, create=True)
        graph = ChromaEmbedded(Path(folder) / "chroma", create=True)
        building = 0.0
        for start in range(0, size, _BATCH):
            numbers = range(start, min(start + _BATCH, size))
            rows = embedder.moved([number % len(embedder.passages) for number in numbers], list(numbers))
            ids = [f"{number:032x}" for number in numbers]
            exact.add(ids, rows)
            began = time.process_time()
            graph.add(ids, rows)
            building += time.process_time() - began
        found, lists, spent = [], [], {"graph": [], "exact": []}
        for vector in vectors:
            began = time.perf_counter()
            best = {i for i, _ in exact.search(vector, K)}
            spent["exact"].append(time.perf_counter() - began)
            began = time.perf_counter()
            near = [i for i, _ in graph.search(vector, CANDIDATES)]
            spent["graph"].append(time.perf_counter() - began)
            found.append(len(best & set(near)) / K)
            lists.append(len(best & set(near[:K])) / K)
        graph.close()
        exact.close()
    half = {name: 1000 * float(np.median(each)) for name, each in spent.items()}
    print(f"{size:,} vectors: recall@10 {np.mean(found):.4f} (of the graph's own first ten {np.mean(lists):.4f}), "
          f"p50 graph {half['graph']:.1f} ms, exact {half['exact']:.1f} ms, "
          f"built in {building:.0f} s of processor", flush=True)  # fmt: skip


def main() -> None:
    """Measure the sizes that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, metavar="VECTORS")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--passages", type=int, default=PASSAGES, help="that the vectors are made from")
    arguments = parser.parse_args()
    embedder = RecombinedEmbedder(real_passages(folder_of_data(), arguments.passages))
    for size in arguments.sizes or SIZES:
        run(embedder, size, arguments.queries)


if __name__ == "__main__":
    main()
