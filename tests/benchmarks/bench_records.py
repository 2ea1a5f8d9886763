"""A file of 100,000 records: first load, unchanged load, one changed record; and a folder of files, unchanged.

``python tests/benchmarks/bench_records.py [--records 100000] [--files 10000]`` makes the records from the corpora
below ``FAQ_EVAL_DATA``, each passage in as many editions as needed, and files of
one passage each. The embedder hashes words: everything else is measured. Every step is a process of its own;
memory is the peak of it and of the processes that read files, together.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from ingest.loading.sync import SyncReport, sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.embedders.hashing import HashingEmbedder
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from tests.benchmarks.bench_kills import fork
from tests.benchmarks.elsewhere import EVALUATION


def passages() -> Iterator[dict[str, str]]:
    """Yield records without end: all passages, then all again as the next edition."""
    rows = []
    for path in sorted(EVALUATION.glob("*/corpus.jsonl")):
        with path.open(encoding="utf-8") as stream:
            rows += [json.loads(line) for line in stream]
    if not rows:
        raise SystemExit(f"there is no corpus.jsonl below {EVALUATION}: set FAQ_EVAL_DATA")
    for edition in itertools.count(1):
        for row in rows:
            yield {"title": row.get("title") or "", "text": f"{row['text']} (edition {edition})"}


def resident(process: int) -> int:
    """Return bytes of memory that a process and its children take."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize() + sum(resident(int(child)) for child in children)


def step(what: str, home: Path, source: Path) -> None:
    """Load ``source`` in a process of its own, and print what it cost."""
    begun = time.perf_counter()
    child = fork(lambda: load(home, source))
    peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.02):
            peak = max(peak, resident(child))

    watching = threading.Thread(target=watch)
    watching.start()
    _, status, used = os.wait4(child, 0)
    done.set()
    watching.join()
    if status != 0:
        raise SystemExit(f"{what}: the load failed")
    seconds = time.perf_counter() - begun
    print(
        f"{what:34} {seconds:8.2f} s  CPU {used.ru_utime + used.ru_stime:8.2f} s  peak {peak / 1e6:6.0f} MB",
        flush=True,
    )


def load(home: Path, source: Path) -> None:
    """Load, and say what was found."""
    with KnowledgeBase(KnowledgeSettings(home=home), HashingEmbedder()) as knowledge_base, ProgressBar() as bar:
        report: SyncReport = sync(knowledge_base, find_sources([source]), [source.as_posix()], bar, "benchmark")
    counts = (len(report.added), len(report.changed), len(report.removed), report.unchanged)
    print(f"  added, changed, removed, unchanged: {counts}; {len(report.failures)} failed", file=sys.stderr)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, records, files = Path(folder) / "home", Path(folder) / "records.jsonl", Path(folder) / "files"
        rows = [{"id": str(n), **row} for n, row in zip(range(arguments.records), passages(), strict=False)]
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        records.write_text("".join(lines), encoding="utf-8")
        print(f"{len(lines)} records, {records.stat().st_size / 1e6:.0f} MB")
        step("first load", home, records)
        step("unchanged", home, records)
        lines[len(lines) // 2] = (
            json.dumps({"id": str(len(lines) // 2), "text": "This record was changed."}) + "\n"
        )
        records.write_text("".join(lines), encoding="utf-8")
        step("one record changed", home, records)
        files.mkdir()
        for number, row in zip(range(arguments.files), passages(), strict=False):
            (files / f"{number}.txt").write_text(f"Passage {number}\n\n{row['text']}.\n", encoding="utf-8")
        step(f"{arguments.files} files, first load", home, files)
        step(f"{arguments.files} files, unchanged", home, files)


if __name__ == "__main__":
    main()
