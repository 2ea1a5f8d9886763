"""How long a search takes in a large knowledge base, beside embedding its question alone.

``python tests/benchmarks/bench_latency.py [CHUNKS …] [--home FOLDER] [--questions 200]`` (20,000 and 500,000
chunks): chunks are recombined from passages of ``FAQ_EVAL_DATA`` and loaded through the public API. Printed
are p50 and p99 of a search and of the bare embedding in turns, their ratio, memory, the first search of a new
process, and searches a second of one and of two processes. Half a million chunks take about 10 GB of disk and
half an hour.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from tests.benchmarks.bench_search import folder_of_data, questions
from tests.benchmarks.recombined import SETS, RecombinedEmbedder, documents, real_passages

PASSAGES = 400
SIZES = (20_000, 500_000)


def opened(home: Path) -> KnowledgeBase:
    """Open the knowledge base of a size."""
    embedder = RecombinedEmbedder(real_passages(folder_of_data(), PASSAGES))
    return KnowledgeBase(KnowledgeSettings.load(home=home), embedder)


def asked(count: int) -> list[str]:
    """Return real questions of the sets."""
    texts = [row["text"] for name in SETS for row in questions(folder_of_data() / name, count // len(SETS) + 1)]
    return [text for text in texts if text.strip()][:count]


def memory() -> float:
    """Return the peak of this process' memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(call: Callable[[str], object], text: str) -> tuple[float, float]:
    """Return milliseconds on the wall and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    call(text)
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)


def ask(home: Path, count: int) -> None:
    """Print the times of one process that searches: the first search, then the others and embedding in turns."""
    texts = asked(count)
    began, busy = time.perf_counter(), time.process_time()
    with opened(home) as knowledge_base:
        knowledge_base.search(texts[:1], 10)
        cold = time.perf_counter() - began, time.process_time() - busy
        searched, embedded = [], []
        for text in texts[1:]:
            embedded.append(timed(knowledge_base.embedder.embed_query, text))
            searched.append(timed(lambda text: knowledge_base.search([text], 10), text))
    print(json.dumps({"cold": cold, "searched": searched, "embedded": embedded, "memory": memory()}))


def only_search(home: Path, count: int) -> None:
    """Print searches a second of this process."""
    texts = asked(count)
    with opened(home) as knowledge_base:
        knowledge_base.search(texts[:1], 10)
        began = time.perf_counter()
        for text in texts:
            knowledge_base.search([text], 10)
    print(json.dumps(len(texts) / (time.perf_counter() - began)))


def report(home: Path, count: int) -> None:
    """Print the figures of a loaded knowledge base."""

    def start(mode: str) -> subprocess.Popen[str]:
        command = [sys.executable, __file__, f"--{mode}", "--home", str(home), "--questions", str(count)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    facts = json.loads(start("ask").communicate()[0])
    for place, kind in enumerate(("wall", "processor")):
        searched = np.array(facts["searched"])[:, place]
        embedded = np.array(facts["embedded"])[:, place]
        half, late = np.percentile(searched, [50, 99])
        bare = float(np.median(embedded))
        print(f"  {kind:9}: search p50 {half:.1f} ms, p99 {late:.1f} ms ({late / half:.1f} ×); embedding p50 "
              f"{bare:.1f} ms; ratio {half / bare:.2f}; first search of a process "
              f"{facts['cold'][place]:.2f} s")  # fmt: skip
    print(f"  memory {facts['memory']:.0f} MB", flush=True)
    for workers in (1, 2):
        running = [start("only-search") for _ in range(workers)]
        rates = [json.loads(process.communicate()[0]) for process in running]
        print(f"  {workers} processes: {sum(rates):.1f} searches a second", flush=True)


def main() -> None:
    """Load and measure each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, metavar="CHUNKS")
    parser.add_argument("--home", type=Path, help="keep the knowledge bases here for another run")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--only-search", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask or arguments.only_search:
        (ask if arguments.ask else only_search)(arguments.home, arguments.questions)
        return
    with tempfile.TemporaryDirectory() as temporary:
        for size in arguments.sizes or SIZES:
            home = (arguments.home or Path(temporary)) / str(size)
            with opened(home) as knowledge_base:
                began = time.process_time()
                if not knowledge_base.versions():
                    with knowledge_base.load() as load:
                        for document in documents(real_passages(folder_of_data(), PASSAGES), size):
                            load.put(*document)
                        load.publish("bench")
            print(f"{size:,} chunks, loaded in {time.process_time() - began:.0f} s of processor", flush=True)
            report(home, arguments.questions)


if __name__ == "__main__":
    main()
