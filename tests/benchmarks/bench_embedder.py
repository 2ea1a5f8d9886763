"""How quick the bundled embedder is: bulk tokens per second, one query, and a cold start.

    python tests/benchmarks/bench_embedder.py [--texts FILE.jsonl …] [--against FOLDER]

Without ``--texts`` it embeds the lines of data/. With ``--against`` it also embeds the same texts with
LangChain's HuggingFaceEmbeddings on a sentence-transformers folder of the same weights, in turns.
CPU seconds are the process's own, so that a busy machine disturbs them less than the wall clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from kb.embedders.bundled import DOCUMENT_PREFIX, BundledEmbedder

ROOT = Path(__file__).parents[2]
QUERIES = [
    "How do I return a parcel that arrived damaged?",
    "商品收到以后多少天之内可以退货？",
    "What is the fee for a transfer to another country?",
    "信用卡被锁了怎么办",
]
_COLD = """
import resource, time
began = time.perf_counter()
from kb.embedders.choose import open_embedder
open_embedder("bundled").embed_query("How do I return a parcel?")
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024)
"""


def read_texts(files: Sequence[Path], most: int) -> list[str]:
    """Return texts of mixed length, the same at every run: evenly spread over each file."""
    texts: list[str] = []
    for file in files:
        rows = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
        texts += rows[:: max(1, len(rows) * len(files) // most)]
    if not files:
        for path in sorted((ROOT / "data").rglob("*.[jmt][sdx]*")):
            lines = path.read_text(encoding="utf-8", errors="ignore").splitlines()
            texts += [line for line in lines if len(line) > 40]
    return texts[:most]


def measure_bulk(embed: dict[str, Callable[[], object]], tokens: int, rounds: int) -> None:
    """Print CPU and wall seconds of each way to embed the same texts, in turns."""
    used: dict[str, list[tuple[float, float]]] = {name: [] for name in embed}
    for _ in range(rounds):
        for name, call in embed.items():
            cpu, wall = time.process_time(), time.perf_counter()
            call()
            used[name].append((time.process_time() - cpu, time.perf_counter() - wall))
    for name, pairs in used.items():
        cpu, wall = (statistics.median(column) for column in zip(*pairs, strict=True))
        rates = f"{tokens / cpu:.0f} tokens per CPU second, {tokens / wall:.0f} per second"
        print(f"bulk, {name}: {rates}, CPU {cpu:.1f} s")


def measure_queries(embedder: BundledEmbedder, rounds: int) -> None:
    """Print the median and the 95th percentile of one query."""
    walls, cpus = [], []
    for turn in range(rounds):
        cpu, wall = time.process_time(), time.perf_counter()
        embedder.embed_query(QUERIES[turn % len(QUERIES)])
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    p50, p95 = np.percentile(walls, [50, 95])
    print(f"one query: p50 {p50:.1f} ms, p95 {p95:.1f} ms, CPU {statistics.median(cpus):.1f} ms")


def measure_cold_start(rounds: int) -> None:
    """Print what a fresh process pays: imports, opening, the first query."""
    runs = []
    for _ in range(rounds):
        ran = subprocess.run([sys.executable, "-c", _COLD], cwd=ROOT, capture_output=True, text=True, check=True)
        runs.append([float(number) for number in ran.stdout.split()])
    cpu, wall, rss = np.median(runs, axis=0)
    print(f"cold start: CPU {cpu:.2f} s, wall {wall:.2f} s, resident {rss:.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", type=Path)
    wanted = parser.parse_args()
    embedder = BundledEmbedder()
    measure_cold_start(5)
    measure_queries(embedder, 100)
    print(f"resident after queries: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    texts = read_texts(wanted.texts, wanted.most)
    tokens = sum(map(len, embedder.tokenize([DOCUMENT_PREFIX + text for text in texts])))
    print(f"{len(texts)} texts, {tokens} tokens with prefix")
    embedder.embed_documents(texts)  # makes the network for bulk work
    embed: dict[str, Callable[[], object]] = {"bundled": lambda: embedder.embed_documents(texts)}
    if wanted.against:
        from langchain_huggingface import HuggingFaceEmbeddings

        other = HuggingFaceEmbeddings(
            model_name=str(wanted.against),
            encode_kwargs={"prompt": DOCUMENT_PREFIX, "normalize_embeddings": True},
        )
        embed["HuggingFaceEmbeddings"] = lambda: other.embed_documents(texts)
        theirs = np.array(other.embed_documents(texts[:16]), np.float32)
        ours = embedder.embed_documents(texts[:16])
        print(f"cosine of ours and theirs: lowest {(ours * theirs).sum(axis=1).min():.5f}")
    measure_bulk(embed, tokens, wanted.rounds)
    print(f"resident at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
