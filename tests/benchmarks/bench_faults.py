"""Take the disk, the files or the permissions away at forty points; reading must go on, and a later load heal.

``python tests/benchmarks/bench_faults.py [--points 40] [--json]``. At each point a load runs into one of:

- *full*: no file may grow past a size (``RLIMIT_FSIZE``), a few of them for each of the files that a load grows;
- *disk*: a file system of a few megabytes that is filled up to some last bytes (needs root; else more of *full*);
- *files*: no more than a number of open files (``RLIMIT_NOFILE``);
- *read-only*: folders and files of the state that may not be written (by a process without root's privileges).

While the fault holds, another process opens the knowledge base and searches for every chunk of what is published.
The load must end in one of our errors or be done, never in a traceback; when the fault is over, a load must
publish, and everything agree.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import FaqError
from tests.benchmarks.bench_kills import Scene, fork

_CAPABILITIES_3 = 0x20080522  # layout of the kernel's structures
_DISK_BYTES = 24_000_000


class Faulty(Scene):
    """A scene whose loads and readers may be held back."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.refused = 0

    def load_under(self, fault: Callable[[], None]) -> None:
        """Load the attempted round in a process under a fault; it must be done, or end in an error of ours."""

        def work() -> None:
            fault()
            try:
                self.load()
            except FaqError:
                os._exit(9)

        _, status = os.waitpid(fork(work), 0)
        code = os.waitstatus_to_exitcode(status)
        self.refused += code == 9
        if code not in (0, 9):
            self.faults["loads that broke off without an error of ours"] += 1

    def read_under(self, fault: Callable[[], None]) -> None:
        """Search for every chunk of what is published, in a process under the fault."""

        def work() -> None:
            fault()
            self._search_all()

        _, status = os.waitpid(fork(work), 0)
        if status != 0:
            self.faults["readers that were stopped"] += 1

    def _search_all(self) -> None:
        with self.open() as knowledge_base:
            version = knowledge_base.published().version
            for document in list(knowledge_base.catalogue.documents(version)):
                hits = [hit.chunk.text for hit in knowledge_base.search([document.text], 5).hits]
                assert document.text in hits, document.text


def nothing() -> None:
    """Hold nothing back."""


def small_files(size: int) -> Callable[[], None]:
    """Return a fault: no file grows past ``size`` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def few_files(number: int) -> Callable[[], None]:
    """Return a fault: no more than ``number`` files are open."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


def no_privileges() -> None:
    """Let permissions hold back even root: give up all capabilities."""
    header, data = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset failed")


@contextmanager
def read_only(home: Path, part: str) -> Iterator[None]:
    """Let nobody write a folder of the state, or all of it."""
    paths = [home / part, *(home / part).rglob("*")] if part else [home, *home.rglob("*")]
    paths = [path for path in paths if path.exists()]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small file system on ``folder``; give False where that is not permitted."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(folder)]
    mount = shutil.which("mount")
    done = mount and subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield bool(done)
    finally:
        if done:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def fill(folder: Path, rest: int) -> Path:
    """Fill the disk but for ``rest`` bytes."""
    status = os.statvfs(folder)
    path = folder / "ballast"
    size = max(0, status.f_bavail * status.f_frsize - rest)
    with contextlib.suppress(OSError), path.open("wb") as stream:  # fuller than it says: full is what was wanted
        for _ in range(size // 65536):
            stream.write(bytes(65536))
    return path


def one_point(scene: Faulty, kind: str, place: float) -> None:
    """Run a load into a fault of a kind; ``place`` from 0 to 1 says how late it strikes."""
    scene.attempt += 1
    if kind == "disk":
        ballast = fill(scene.home.parent, int(place * 1_500_000))
        scene.load_under(nothing)
        scene.read_under(nothing)
        ballast.unlink()
    elif kind == "read-only":
        part = ("", "indexes", "catalogue.sqlite3", "write.lock")[int(place * 4)]
        with read_only(scene.home, part):
            scene.load_under(no_privileges)
            scene.read_under(no_privileges)
    else:
        fault = small_files(int(4096 * 1.9 ** (place * 10))) if kind == "full" else few_files(8 + int(place * 40))
        scene.load_under(fault)
        scene.read_under(small_files(0) if kind == "full" else nothing)
    scene.check()
    scene.attempt += 1
    scene.load_under(nothing)
    scene.check()
    if scene.round != scene.attempt:
        scene.faults["not healed"] += 1


def run(folder: Path, points: int, chance: random.Random) -> tuple[Faulty, Counter[str]]:
    """Go through all points; return the scene and how many points of each kind there were."""
    kinds: Counter[str] = Counter()
    with small_disk(folder) as mounted:
        scene = Faulty(folder / "state" / "home")
        scene.home.parent.mkdir()
        scene.attempt += 1
        scene.load_under(nothing)
        scene.check()
        for number in range(points):
            kind = ("full", "disk" if mounted else "full", "files", "read-only")[number % 4]
            kinds[kind] += 1
            one_point(scene, kind, (number // 4 + chance.random()) / -(-points // 4))
            print(f"{kind}: {scene.refused} refused, {dict(+scene.faults)}", file=sys.stderr, flush=True)
    return scene, kinds


def main() -> None:
    """Go through the points and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    import chromadb  # noqa: F401 - once, for all forked processes
    import tantivy  # noqa: F401

    with tempfile.TemporaryDirectory() as folder:
        scene, kinds = run(Path(folder), arguments.points, random.Random(1))
    faults = {name: count for name, count in scene.faults.items() if count}
    if arguments.json:
        print(json.dumps({"points": kinds, "refused": scene.refused, "faults": faults}))
        return
    print(", ".join(f"{count} {kind}" for kind, count in kinds.items()) + f"; {scene.refused} loads were refused")
    print(f"found wrong: {faults or 'nothing'}")


if __name__ == "__main__":
    main()
