"""Load data/ from nothing, and embed the same texts with the bare embedder in the same run.

``python tests/benchmarks/bench_ingest.py [FOLDER…] [--rounds 3]`` prints seconds of wall and CPU time of the first
load, of a second, unchanged one, and of the embedder alone; and the ratios that count: how much of the embedder's
speed a load keeps, and what an unchanged load costs. CPU time is that of all processes, those that read files too.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.loading.sync import SyncReport, sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.identity import passage_of
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.settings import KnowledgeSettings

DATA = Path(__file__).parents[2] / "data"


def cpu_seconds() -> float:
    """Return CPU seconds of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what ``work`` returns, and the seconds of wall and CPU time that it took."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    result = work()
    return result, time.perf_counter() - wall, cpu_seconds() - cpu


def load(knowledge_base: KnowledgeBase, folders: list[Path]) -> SyncReport:
    """Load folders."""
    with ProgressBar() as bar:
        return sync(knowledge_base, find_sources(folders), [f.as_posix() for f in folders], bar, "benchmark")


def one_round(folders: list[Path]) -> tuple[float, ...]:
    """Return wall and CPU seconds of a first load, of the bare embedder on its texts, and of an unchanged load."""
    with (
        tempfile.TemporaryDirectory() as home,
        open_knowledge_base(KnowledgeSettings.load(home=Path(home))) as opened,
    ):
        embedder = opened.embedder
        embedder.embed_query("warm")
        report, wall, cpu = timed(lambda: load(opened, folders))
        _, again, again_cpu = timed(lambda: load(opened, folders))
        chunks = list(opened.catalogue.all_chunks(opened.published().version))
        texts = [passage_of(c) for c in chunks]
        asked = [c.question for c in chunks if c.question]
        _, bare, bare_cpu = timed(lambda: (embedder.embed_documents(texts), embedder.embed_queries(asked)))
        print(f"{len(chunks)} chunks, {report.embedded} texts; load {wall:.1f} s, bare {bare:.1f} s", flush=True)
        return wall, cpu, bare, bare_cpu, again, again_cpu


def main() -> None:
    """Measure in rounds and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[DATA])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    rows = [one_round([folder.resolve() for folder in arguments.folders]) for _ in range(arguments.rounds)]
    wall, cpu, bare, bare_cpu, again, again_cpu = (statistics.median(column) for column in zip(*rows, strict=True))
    print(f"first load      {wall:7.2f} s wall {cpu:7.2f} s CPU")
    print(f"bare embedder   {bare:7.2f} s wall {bare_cpu:7.2f} s CPU")
    print(f"unchanged load  {again:7.2f} s wall {again_cpu:7.2f} s CPU")
    print(f"speed of a load / bare embedder: {bare / wall:.2f} (wall), {bare_cpu / cpu:.2f} (CPU)")
    print(f"unchanged load / first load: {again / wall:.4f}")


if __name__ == "__main__":
    main()
