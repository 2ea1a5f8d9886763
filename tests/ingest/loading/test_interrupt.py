"""Ctrl-C during a load, and what is told while one goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.progress import ProgressLines

ROOT = Path(__file__).parents[3]
_LOAD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job, tests too, ignores it
sys.argv[0] = "faq"
{before}
from assistant.cli import main
sys.argv[1:] = ["ingest", "documents"]
main()
"""
# What the main thread, the embedder's threads and the reading process may be in when the interrupt comes.
_READING = """
import pathlib, ingest.sources.files as files
from tests.misbehaving import Misbehaving
source = files._source
files._source = lambda path, *rest: __import__("dataclasses").replace(source(path, *rest), path=Misbehaving(path))
"""
_EMBEDDING = """
import ctypes, kb.embedders.hashing as hashing
hashing.HashingEmbedder.embed_documents = lambda self, texts: ctypes.CDLL(None).sleep(60)
"""
_INDEXING = """
import ctypes, kb.index.workshop as workshop
workshop.Workshop.prepare = lambda self, *rest: ctypes.CDLL(None).usleep(60_000_000) or 1/0
"""


def _children(process: int) -> list[int]:
    """Return the processes that a process has started and that are alive."""
    try:
        return [
            int(p) for t in Path(f"/proc/{process}/task").iterdir() for p in (t / "children").read_text().split()
        ]
    except OSError:
        return []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "before"), [("loop.txt", _READING), ("a.txt", _EMBEDDING), ("a.txt", _INDEXING), ("a.txt", "")]
)
def test_an_interrupt_ends_a_load(tmp_path: Path, name: str, before: str) -> None:
    """Whatever runs: one line, exit code 130, no child left, nothing published, and the next load goes through."""
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / name).write_text("Kettles can be returned within 30 days.")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FAQ_EMBEDDER": "hashing"}
    command = [sys.executable, "-c", _LOAD.format(before=before)]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as load:
        deadline = time.monotonic() + 60
        while not (children := _children(load.pid)) and load.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(3.0 if before else 0.0)
        load.send_signal(signal.SIGINT)
        begun = time.monotonic()
        _, told = load.communicate(timeout=60)
    if before:
        assert load.returncode == 130, told
        assert told.count("\n") == 1
        assert told.startswith("interrupted: nothing was published")
    assert time.monotonic() - begun < 30  # two seconds; other work on the machine must not fail this
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    environment["FAQ_LOCK_TIMEOUT"] = "5"
    (documents / name).rename(documents / "again.txt")
    again = [sys.executable, "-m", "assistant.cli", "ingest", "documents"]
    done = subprocess.run(again, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_progress_is_told_in_lines() -> None:
    """Share, time that is left, what is done now; once, that it will take long."""
    told: list[str] = []
    now = [0.0]
    lines = ProgressLines(1.0, told.append, lambda: now[0])
    lines.fetching("https://example.com/a", 3)
    assert lines.line() == "fetched 3 pages, now https://example.com/a"
    lines.begin(10_000_000)
    lines.reading("/documents/a.md")
    assert lines.line() == "0% of 10.0 MB: at a.md"
    now[0] = 60.0
    lines.advance(1_000_000)
    lines.advance(0)
    assert told == ["this load will take about 9 minutes more"]
    assert lines.line() == "10% of 10.0 MB, about 9 minutes left: at a.md"
    lines.publishing()
    assert lines.line() == "100% of 10.0 MB: building the indexes and publishing"


def test_lines_come_by_themselves() -> None:
    """Also while one file takes long, and none after the end."""
    told: list[str] = []
    with ProgressLines(0.01, told.append) as lines:
        lines.begin(1_000)
        lines.reading("/documents/a.md")
        deadline = time.monotonic() + 30
        while len(told) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert told[1] == "0% of 0.0 MB: at a.md"
