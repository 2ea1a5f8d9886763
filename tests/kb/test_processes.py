"""Several processes on one knowledge base, and processes that are killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from tests.conftest import WordsEmbedder, put_all, state

pytestmark = pytest.mark.slow

_ROOT = str(Path(__file__).parents[2])
_BEGIN = """
import sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
from kb.errors import KnowledgeBaseBusy
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from tests.conftest import WordsEmbedder, one_chunk, put_all
kb = KnowledgeBase(KnowledgeSettings(home=Path({home!r}), vector_index={index!r}, exact_limit=5), WordsEmbedder())
print("ready", flush=True)
"""
_READ = """
count = 0
while not Path({home!r}, "stop").exists():
    texts = {{hit.chunk.text for hit in kb.search(["word"], 20).hits}}
    assert len(texts) == 1, texts
    count += 1
print(count, flush=True)
"""
_LOAD = """
with kb.load() as load:
    for number in range(400):
        load.put(*one_chunk(str(number), f"text {{number}} of round {round}"))
        if number % 100 == 99:
            load.counts
    load.publish("round {round}")
"""
_WRITE = """
done = 0
while done < 5:
    try:
        put_all(kb, {{"{name}" + str(done): "text " + str(done)}})
        done += 1
    except KnowledgeBaseBusy:
        time.sleep(0.02)
"""


def start(home: Path, script: str, index: str = "auto", **values: object) -> subprocess.Popen[str]:
    """Start a process and wait until it has opened the knowledge base."""
    text = (_BEGIN + script).format(root=_ROOT, home=str(home), index=index, **values)
    process = subprocess.Popen(
        [sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def open_here(home: Path, index: str = "auto") -> KnowledgeBase:
    """Open the knowledge base in this process."""
    return KnowledgeBase(KnowledgeSettings(home=home, vector_index=index), WordsEmbedder())


@pytest.mark.parametrize("index", ["exact", "chroma"])
def test_a_reading_process_sees_old_or_new(tmp_path: Path, index: str) -> None:
    """While ten versions and a compaction are published, every search sees one version whole."""
    with open_here(tmp_path, index) as writer:
        put_all(writer, {str(i): "word 0" for i in range(8)})
        readers = [start(tmp_path, _READ, index) for _ in range(2)]
        for number in range(1, 11):
            put_all(writer, {str(i): f"word {number}" for i in range(8)})
        writer.compact()
        (tmp_path / "stop").touch()
        for reader in readers:
            out, errors = reader.communicate(timeout=60)
            assert reader.returncode == 0, errors
            assert int(out) > 0


def test_killed_loads_heal(tmp_path: Path) -> None:
    """After kills at random moments readers see the last published version, and a further load converges."""
    random.seed(5)
    with open_here(tmp_path) as reader:
        put_all(reader, {"first": "word"})
        for number in range(10):
            before = reader.published().version
            loading = start(tmp_path, _LOAD, round=number)
            time.sleep(random.uniform(0.0, 2.0))
            loading.send_signal(signal.SIGKILL)
            loading.communicate()
            assert reader.published().version in (before, before + 1)
            assert reader.search(["word"]).hits
            assert reader.disagreements() == []
        final = start(tmp_path, _LOAD, round=99)
        _, errors = final.communicate(timeout=120)
        assert final.returncode == 0, errors
        expected = {str(i): f"text {i} of round 99" for i in range(400)} | {"first": "word"}
        assert state(reader, reader.published().version) == expected
        assert reader.disagreements() == []
        assert len(list((tmp_path / "indexes").iterdir())) <= 2


def test_two_writers_take_turns(tmp_path: Path) -> None:
    """Two processes that write at the same time, from an empty home on, lose nothing."""
    writers = [start(tmp_path, _WRITE, "exact", name=name) for name in "ab"]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors
    with open_here(tmp_path, "exact") as knowledge_base:
        last = knowledge_base.published().version
        assert last == 10
        assert len(state(knowledge_base, last)) == 10
        assert knowledge_base.disagreements() == []
