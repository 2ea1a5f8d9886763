"""Kill a loading process again and again; after each kill a new process compares everything.

``python tests/benchmarks/bench_kills.py [--each 100] [--seed 1] [--json]`` kills ``each`` times at random moments,
``each`` times within 20 ms of a change of a file in the state folder, and ``each`` times at a system call that
writes, flushes, renames or removes a file (by ptrace, so those of SQLite, tantivy and Chroma count too). A load
changes, adds and removes some of sixty documents. After a kill a new process must see the version before the load
or the one after it: exactly its chunk ids, each of them found by a search for its text, none else found, database
and indexes in agreement. A load that was acknowledged must be there. Some loads, and the last one, run to an end.

Documents are put as ``ingest.sync`` puts them; the embedder hashes words. In turns the loads do without Chroma's
graph, build it, add to it, and leave it as it is with what is new beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.embedders.hashing import HashingEmbedder
from kb.identity import chunk_id, document_id, passage
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from kb.types import Chunk, Document, Section
from tests.benchmarks.system_calls import NotPermitted, run_to_call

DOCUMENTS = 60
LIMITS = (
    1_000_000,
    0,
    140,
    140,
    0,
    0,
)  # of an exact search: no graph, a new one, a round or so beside it, all in it
NEAR = 0.02  # seconds after a change
_WORDS = ("refund", "delivery", "order", "warranty", "account", "parcel", "voucher", "invoice", "address")


def expected(round_number: int) -> dict[str, str]:
    """Return uri -> text after a round: a third changes with each, and one in seven is absent in turn."""
    texts = {}
    for number in range(DOCUMENTS):
        if (number + round_number) % 7 == 0:
            continue
        edition = (round_number + number) // 3
        word = _WORDS[number % len(_WORDS)]
        texts[f"doc/{number}"] = f"{word} policy d{number}e{edition} applies to case {number * 31 + edition}."
    return texts


def parts(uri: str, text: str) -> tuple[Document, str, str, list[Chunk]]:
    """Return the arguments of ``Load.put`` for a document of one chunk."""
    identifier = document_id(uri)
    made = chunk_id(identifier, passage(uri, (), None, text), 0)
    chunk = Chunk(made, identifier, uri, uri, text, 0, 0, len(text), language="en")
    return Document(uri, uri, (Section(text),)), text, uri, [chunk]


def ids(round_number: int) -> dict[str, str]:
    """Return chunk id -> text after a round."""
    return {parts(uri, text)[3][0].id: text for uri, text in expected(round_number).items()}


class Scene:
    """A knowledge base that is loaded and killed.

    Attributes:
        home: its state folder.
        round: of the last load that is known to be published.
        attempt: round of the load that is under way.
        undone: number of loads of which nothing was published.
        faults: what was found wrong.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.round = 0
        self.attempt = 0
        self.undone = 0
        self.faults: Counter[str] = Counter()
        self._acknowledged = home.parent / "acknowledged"
        self._report = home.parent / "report.json"

    def open(self) -> KnowledgeBase:
        """Open it in this process."""
        limit = LIMITS[self.attempt % len(LIMITS)]
        settings = KnowledgeSettings(home=self.home, vector_index="auto", exact_limit=limit, lock_timeout=5)
        return KnowledgeBase(settings, HashingEmbedder())

    def load(self) -> None:
        """Publish the attempted round; then acknowledge it."""
        wanted = expected(self.attempt)
        with self.open() as knowledge_base, knowledge_base.load() as load:
            now = knowledge_base.catalogue.document_hashes(load.base) if load.base else {}
            for uri, text in wanted.items():
                load.put(*parts(uri, text))
            load.remove(now.keys() - wanted.keys())
            load.publish(f"round {self.attempt}")
        self._acknowledged.write_text(str(self.attempt))

    def check(self) -> None:
        """Compare, in a process of its own; note what is wrong and which round is published."""
        acknowledged = self._acknowledged.exists() and self._acknowledged.read_text() == str(self.attempt)
        self._report.unlink(missing_ok=True)
        _, status = os.waitpid(fork(self._look), 0)
        if status != 0 or not self._report.exists():
            self.faults["checks that broke off"] += 1
            return
        found = json.loads(self._report.read_text())
        if found["round"] not in (self.round, self.attempt):
            self.faults["neither the old nor the new version"] += 1
        if acknowledged and found["round"] != self.attempt:
            self.faults["acknowledged and not published"] += 1
        self.undone += found["round"] == self.round
        self.round = found["round"]
        self.faults.update(found["faults"])

    def _look(self) -> None:
        """Write down which round is published, and what of it is wrong."""
        with self.open() as knowledge_base:
            versions = knowledge_base.versions()
            number = int(versions[-1].note.split()[-1]) if versions else 0
            faults: Counter[str] = Counter()
            if versions:
                wanted = ids(number)
                there = set(knowledge_base.catalogue.chunk_ids(versions[-1].number))
                faults["chunks lost"] = len(wanted.keys() - there)
                faults["phantom chunks"] = len(there - wanted.keys())
                for identifier, text in wanted.items():
                    hits = {hit.chunk.id: hit.chunk.text for hit in knowledge_base.search([text], 5).hits}
                    faults["chunks not found"] += identifier not in hits
                    faults["phantom hits"] += len(hits.keys() - wanted.keys())
                    faults["mixed texts"] += sum(wanted.get(i, t) != t for i, t in hits.items())
                faults["disagreements"] = len(knowledge_base.disagreements())
        self._report.write_text(json.dumps({"round": number, "faults": faults}))


def fork(work: Callable[[], None]) -> int:
    """Run ``work`` in a forked process; return its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    return child


def look_at(home: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change of every file."""
    seen = {}
    for folder, _, names in os.walk(home):
        for name in names:
            try:
                status = os.stat(os.path.join(folder, name))
            except OSError:
                continue
            seen[os.path.join(folder, name)] = (status.st_size, status.st_mtime_ns)
    return seen


def kill_after(scene: Scene, seconds: float) -> None:
    """Kill a load at a moment."""
    child = fork(scene.load)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def kill_near_change(scene: Scene, change: int, delay: float) -> None:
    """Kill a load ``delay`` seconds after so many changes of files were seen; let it end if there are fewer."""
    child = fork(scene.load)
    before = look_at(scene.home)
    while change:
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        now = look_at(scene.home)
        change -= now != before
        before = now
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def count_changes(scene: Scene) -> int:
    """Return how many changes of files are seen while a load runs to its end."""
    child, count, before = fork(scene.load), 0, look_at(scene.home)
    while not os.waitpid(child, os.WNOHANG)[0]:
        now = look_at(scene.home)
        count += now != before
        before = now
    return count


@contextmanager
def attempt(scene: Scene) -> Iterator[None]:
    """Do something to the load of the next round, then compare."""
    scene.attempt += 1
    yield
    scene.check()
    if scene.attempt % 10 == 0:
        print(f"{scene.attempt} loads, {scene.undone} undone, {dict(+scene.faults)}", file=sys.stderr, flush=True)


def run(scene: Scene, each: int, chance: random.Random) -> dict[str, int]:
    """Kill; return how many kills of each kind there were."""
    with attempt(scene):
        begun = time.perf_counter()
        os.waitpid(fork(scene.load), 0)
    with attempt(scene):
        begun = time.perf_counter()
        os.waitpid(fork(scene.load), 0)
        duration = time.perf_counter() - begun
    with attempt(scene):
        changes = count_changes(scene)
    kills = {"at random times": each, "near a change of a file": each, "at a system call": each}
    for number in range(each):
        with attempt(scene):
            kill_after(scene, chance.uniform(0, 1.1 * duration))
        with attempt(scene):
            kill_near_change(scene, chance.randint(1, max(1, changes)), chance.uniform(0, NEAR))
        if number % 10 == 9:
            with attempt(scene):
                os.waitpid(fork(scene.load), 0)
    try:
        with attempt(scene):
            calls = run_to_call(scene.load, 0, after=False)
        for number in range(each):
            with attempt(scene):
                place = 1 + int((number + chance.random()) * calls / each)
                run_to_call(scene.load, place, after=chance.random() < 0.5)
    except NotPermitted:
        kills["at a system call"] = 0
    with attempt(scene):
        os.waitpid(fork(scene.load), 0)
    if scene.round != scene.attempt:
        scene.faults["a further load does not converge"] += 1
    return kills


def main() -> None:
    """Kill and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    import chromadb  # noqa: F401 - once, for all forked processes
    import tantivy  # noqa: F401

    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder) / "home")
        kills = run(scene, arguments.each, random.Random(arguments.seed))
        left = len(list((scene.home / "indexes").iterdir()))
    faults = {name: count for name, count in scene.faults.items() if count}
    if arguments.json:
        print(json.dumps({"kills": kills, "undone": scene.undone, "faults": faults, "folders": left}))
        return
    print(", ".join(f"{count} kills {kind}" for kind, count in kills.items()))
    print(f"{scene.undone} of {scene.attempt} loads published nothing, the others all")
    print(
        f"found wrong: {faults or 'nothing'}; {left} index folders at the end; {time.perf_counter() - begun:.0f} s"
    )


if __name__ == "__main__":
    main()
