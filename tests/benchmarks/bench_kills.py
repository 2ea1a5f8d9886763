"""Kill a loading process again and again; after each kill a new process compares everything.

``python tests/benchmarks/bench_kills.py [--each 100] [--only moments|calls] [--folder FOLDER] [--json]`` kills
``each`` times at random moments, ``each`` times within 20 ms of a change of a file in the state folder (both:
``moments``), and ``each`` times at a system call that writes, flushes, renames or removes a file (``calls``: by
ptrace, so those of SQLite, tantivy and Chroma count too). A
load changes, adds and removes some of sixty documents. After a kill a new process must see the version before the
load or the one after it: exactly its chunk ids, each of them found by a search for its text, none else found,
database and indexes in agreement. A load that was acknowledged must be there. Some loads, and
the last one, run to an end.

Half of the kills of each kind are aimed at what comes after publication (older folders are cleared away, drafts
undone), which takes some milliseconds, so that most of them come too late; how many hit which part is printed.
``--folder`` chooses the disk.

Documents are put as ``ingest.loading.sync`` puts them; the embedder hashes words. In turns the loads do without
Chroma's graph, build it, add to it, and leave it as it is with what is new beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.embedders.hashing import HashingEmbedder
from kb.identity import chunk_id, document_id, passage
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from kb.types import Chunk, Document, Section
from tests.benchmarks.system_calls import NotPermitted, run_to_call

DOCUMENTS = 60
# Of an exact search, in turns: no graph, a new one, a round or so beside it (twice), all in it (twice).
LIMITS = (1_000_000, 0, 140, 140, 0, 0)
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
        hit: of each kind of kill, how many hit a load before publication, after it, or came too late.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.round = 0
        self.attempt = 0
        self.undone = 0
        self.faults: Counter[str] = Counter()
        self.hit: dict[str, Counter[str]] = {}
        self._acknowledged = home.parent / "acknowledged"
        self._report = home.parent / "report.json"

    @property
    def turn(self) -> int:
        """Which of ``LIMITS`` the attempted load goes by."""
        return self.attempt % len(LIMITS)

    def open(self) -> KnowledgeBase:
        """Open it in this process."""
        limit = LIMITS[self.turn]
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

    def is_published(self) -> bool:
        """Tell whether the row of the attempted round stands in the database's files, committed or about to be.

        They are read as bytes: SQLite would wait for locks of a process that stands still.
        """
        row = b"round %d" % self.attempt
        database = self.home / "catalogue.sqlite3"
        for path in (Path(f"{database}-wal"), database):
            with contextlib.suppress(OSError):
                held = path.read_bytes()  # a plain search first: this is asked at every call of a traced process
                if row in held and re.search(row + rb"(?!\d)", held):
                    return True
        return False

    def is_acknowledged(self) -> bool:
        """Tell whether the load of the attempted round has said that it is done."""
        return self._acknowledged.exists() and self._acknowledged.read_text() == str(self.attempt)

    def check(self, kind: str = "") -> None:
        """Compare, in a process of its own; note what is wrong, which round is published, what a kill hit."""
        acknowledged = self.is_acknowledged()
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
        if kind:
            where = "too late" if acknowledged else "after" if found["round"] == self.attempt else "before"
            self.hit.setdefault(kind, Counter())[where] += 1
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


def wait_until_published(scene: Scene, child: int) -> bool:
    """Wait until readers see what a load makes; return whether its process is still there."""
    while not scene.is_published():
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
    return True


def kill_after(scene: Scene, seconds: float, late: bool) -> None:
    """Kill a load so long after its beginning, or after its publication."""
    child = fork(scene.load)
    if late and not wait_until_published(scene, child):
        return
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def kill_near_change(scene: Scene, change: int, delay: float, late: bool) -> None:
    """Kill a load ``delay`` seconds after so many changes of files were seen; let it end if there are fewer."""
    child = fork(scene.load)
    if late and not wait_until_published(scene, child):
        return
    before = look_at(scene.home)
    while change:
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        now = look_at(scene.home)
        change -= now != before
        before = now
    time.sleep(0 if late else delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@dataclass(frozen=True, slots=True)
class Course:
    """How a load goes that nobody kills, in seconds or in changes of files.

    Attributes:
        before: until what it makes is published.
        after: from then until it says that it is done.
    """

    before: float
    after: float

    def place(self, late: bool, chance: random.Random) -> float:
        """Return a moment before publication, or so long after it."""
        return chance.uniform(0.0, self.after if late else self.before)


def courses(scene: Scene) -> tuple[Course, Course]:
    """Follow a load to its end; return its course in seconds and in changes of files."""
    begun, published, acknowledged, changes, seen = time.perf_counter(), 0.0, 0.0, 0, 0
    child, before = fork(scene.load), look_at(scene.home)
    while not os.waitpid(child, os.WNOHANG)[0]:
        if scene.is_acknowledged():
            acknowledged = acknowledged or time.perf_counter() - begun
            continue
        now = look_at(scene.home)
        changes += now != before
        before = now
        if not published and scene.is_published():
            published, seen = time.perf_counter() - begun, changes
    after = max(0.0, acknowledged - published)
    return Course(published, after), Course(seen, changes - seen)


@contextmanager
def attempt(scene: Scene, kind: str = "") -> Iterator[None]:
    """Do something to the load of the next round, then compare."""
    scene.attempt += 1
    yield
    scene.check(kind)
    if scene.attempt % 10 == 0:
        print(f"{scene.attempt} loads, {scene.undone} undone, {dict(+scene.faults)}", file=sys.stderr, flush=True)


def run(scene: Scene, each: int, chance: random.Random, only: str) -> None:
    """Kill, ``each`` times in each of three ways or in one only, and look each time."""
    for _ in range(2):
        with attempt(scene):
            os.waitpid(fork(scene.load), 0)
    if only != "calls":
        kill_at_moments(scene, each, chance)
    if only != "moments":
        kill_at_calls(scene, each, chance)
    with attempt(scene):
        os.waitpid(fork(scene.load), 0)
    if scene.round != scene.attempt:
        scene.faults["a further load does not converge"] += 1


def kill_at_moments(scene: Scene, each: int, chance: random.Random) -> None:
    """Kill at random times and near changes of files."""
    with attempt(scene):
        seconds, changes = courses(scene)
    for number in range(each):
        late = number % 2 == 1
        with attempt(scene, "at random times"):
            kill_after(scene, seconds.place(late, chance), late)
        with attempt(scene, "near a change of a file"):
            change = max(0 if late else 1, round(changes.place(late, chance)))
            kill_near_change(scene, change, chance.uniform(0, NEAR), late)
        if number % 10 == 9:
            with attempt(scene):
                os.waitpid(fork(scene.load), 0)


def kill_at_calls(scene: Scene, each: int, chance: random.Random) -> None:
    """Kill at system calls that change files; do nothing where tracing is not permitted.

    Loads of different turns make different numbers of them, so they are counted for each, first.
    """

    def count(begun: Callable[[], bool]) -> dict[int, int]:
        calls = {}
        for _ in LIMITS:
            with attempt(scene):
                calls[scene.turn] = run_to_call(scene.load, 0, after=False, begun=begun)
        return calls

    with contextlib.suppress(NotPermitted):
        calls, calls_after = count(lambda: True), count(scene.is_published)
        for number in range(each):
            late = number // len(LIMITS) % 2 == 1  # every turn both ways
            begun = scene.is_published if late else lambda: True
            with attempt(scene, "at a system call"):
                most = calls_after[scene.turn] if late else calls[scene.turn] - calls_after[scene.turn]
                place = chance.randint(1, max(1, most))
                run_to_call(scene.load, place, after=chance.random() < 0.5, begun=begun)


def main() -> None:
    """Kill and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--only", choices=["moments", "calls"], default="", help="kinds of kills; all without it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="in which the state is kept (by default that for temporary files)")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    import chromadb  # noqa: F401 - once, for all forked processes
    import tantivy  # noqa: F401

    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        scene = Scene(Path(folder) / "home")
        run(scene, arguments.each, random.Random(arguments.seed), arguments.only)
        left = len(list((scene.home / "indexes").iterdir()))
    faults = {name: count for name, count in scene.faults.items() if count}
    if arguments.json:
        print(json.dumps({"hit": scene.hit, "undone": scene.undone, "faults": faults, "folders": left}))
        return
    for kind, hit in scene.hit.items():
        print(
            f"{hit.total()} kills {kind}: " + ", ".join(f"{hit[w]} {w}" for w in ("before", "after", "too late"))
        )
    print(f"{scene.undone} of {scene.attempt} loads published nothing, the others all")
    print(
        f"found wrong: {faults or 'nothing'}; {left} index folders at the end; {time.perf_counter() - begun:.0f} s"
    )


if __name__ == "__main__":
    main()
