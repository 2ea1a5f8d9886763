"""Every hostile file ends as text or a named error, within 10 seconds and 512 MB.

``python tests/benchmarks/bench_hostile.py [FOLDER] [--each]`` reads every file below the folder (by default the
``hostile`` in ``FAQ_DOCUMENTS``) in a process of its own, and watches the memory of that process; prints a row for
each file that was over a limit or ended otherwise (``--each``: for every one), and the totals. Seconds hold the
start of the process; on a machine that others use, CPU seconds say more than those of the clock.
"""

from __future__ import annotations

import argparse
import os
import resource
import threading
import time
from collections import Counter
from pathlib import Path

from ingest.formats import can_load
from ingest.loading.pool import Stored, Workers
from ingest.types import SourceFile
from kb.errors import LoadError
from tests.benchmarks.elsewhere import DOCUMENTS

HOSTILE = DOCUMENTS / "hostile"
MOST_SECONDS, MOST_BYTES = 10.0, 512_000_000


class MemoryWatch(threading.Thread):
    """Looks at the memory of this process's children all the time."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.done = False

    def run(self) -> None:
        """Look until told to stop."""
        tasks = Path(f"/proc/{os.getpid()}/task")
        while not self.done:
            for task in tasks.iterdir():
                try:
                    for child in (task / "children").read_text().split():
                        pages = int(Path(f"/proc/{child}/statm").read_text().split()[1])
                        self.peak = max(self.peak, pages * resource.getpagesize())
                except (OSError, IndexError):
                    continue
            time.sleep(0.005)


def child_seconds() -> float:
    """Return CPU seconds of this process's children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read(path: Path) -> tuple[str, float, float, int, list[str]]:
    """Return how reading a file ended, seconds of clock and CPU, peak bytes of its process, and what it told."""
    source = SourceFile(uri=path.as_posix(), path=path, root=path.parent.as_posix())
    watch = MemoryWatch()
    watch.start()
    begun, busy = time.perf_counter(), child_seconds()
    with Workers(1) as workers:
        (outcome,) = [
            (outcome.error, [frame.document for frame in outcome.frames])
            for outcome in workers.read_all([source], lambda _: Stored({}))
        ]
    seconds, busy = time.perf_counter() - begun, child_seconds() - busy
    watch.done = True
    watch.join()
    error, documents = outcome
    if error is not None:
        assert isinstance(error, LoadError)
        return type(error).__name__, seconds, busy, watch.peak, [str(error)]
    told = [warning for document in documents for warning in document.warnings]
    return "text" if documents else "nothing", seconds, busy, watch.peak, told


def main() -> None:
    """Read all files and print what matters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HOSTILE)
    parser.add_argument("--each", action="store_true")
    arguments = parser.parse_args()
    paths = sorted(p for p in arguments.folder.rglob("*") if p.is_file() and can_load(p.suffix))
    ends: Counter[str] = Counter()
    over = 0
    for path in paths:
        end, seconds, busy, peak, told = read(path)
        ends[end] += 1
        bad = end == "nothing" or seconds > MOST_SECONDS or peak > MOST_BYTES
        over += bad
        if bad or arguments.each:
            print(
                f"{path.name:42} {end:14} {seconds:6.2f} s, CPU {busy:5.2f} s {peak / 1e6:5.0f} MB  "
                f"{'; '.join(told)[:80]}",
                flush=True,
            )
    print(f"{len(paths)} files: " + ", ".join(f"{count} {end}" for end, count in ends.most_common()))
    print(f"over {MOST_SECONDS:.0f} s or {MOST_BYTES / 1e6:.0f} MB, or neither text nor a named error: {over}")


if __name__ == "__main__":
    main()
