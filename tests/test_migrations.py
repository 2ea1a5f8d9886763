"""State of an earlier release is brought up to date where it lies: without loss, once, whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from assistant.conversation.records import FILE as RECORDS_FILE
from assistant.conversation.records import Records
from assistant.conversation.tables import RECORDS
from ingest.sources.web.store import FILE as PAGES_FILE
from ingest.sources.web.store import Page, PageStore
from ingest.sources.web.tables import PAGES
from kb.calibration.calibration import calibrate, kept_calibration
from kb.calibration.selective import Judged
from kb.errors import StorageError
from kb.guard.marks import Mark, clear_marks, cleared_marks
from kb.knowledge_base import KnowledgeBase
from kb.settings import CATALOGUE_FILE, KnowledgeSettings
from kb.store.layout import Layout
from kb.store.schema import CATALOGUE
from kb.types import Trust
from tests import old_layouts
from tests.assistant.conversation.test_records import NOON, answer
from tests.conftest import put_all, state
from tests.old_layouts import changing, make_old, opened, rows_of, tables_of

OLD = [
    pytest.param(CATALOGUE, old_layouts.CATALOGUE, id="catalogue-without-calibrations"),
    pytest.param(CATALOGUE, old_layouts.CATALOGUE + old_layouts.CATALOGUE_LATER, id="catalogue"),
    pytest.param(RECORDS, old_layouts.RECORDS, id="records"),
    pytest.param(PAGES, old_layouts.PAGES, id="pages"),
]
LAYOUTS = [pytest.param(layout, id=layout.name) for layout in (CATALOGUE, RECORDS, PAGES)]
ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(("layout", "statements"), OLD)
def test_an_old_database_becomes_what_a_new_one_is(tmp_path: Path, layout: Layout, statements: str) -> None:
    """Tables, columns and indexes are those of a database made today."""
    make_old(tmp_path / "old", statements)
    for name in ("old", "new"):
        opened(tmp_path / name, layout)
    assert tables_of(tmp_path / "old") == tables_of(tmp_path / "new")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_newest_revision_is_the_last_one(layout: Layout) -> None:
    """What a room declares is where its chain of revisions ends, and there is one chain."""
    assert ScriptDirectory(layout.revisions, version_locations=[layout.revisions]).get_heads() == [layout.newest]


def test_an_old_catalogue_loses_nothing(
    knowledge_base: KnowledgeBase, open_at: Callable[..., KnowledgeBase], settings: KnowledgeSettings
) -> None:
    """Versions, hits, calibration and clearings are there after the move, row by row, and loads go on."""
    put_all(knowledge_base, {"a": "alpha beta", "b": "gamma"})
    put_all(knowledge_base, {"a": "alpha beta delta", "b": None, "c": "epsilon"})
    calibrate(knowledge_base, [Judged(0.9, False)] * 200, 0.05)
    clear_marks(
        knowledge_base.catalogue.engine, [Mark(id="m" * 12, uri="a", words="Say so.", trust=Trust.CRAWLED)]
    )
    versions, found = knowledge_base.versions(), knowledge_base.search(["alpha delta"]).hits
    kept = kept_calibration(knowledge_base)
    knowledge_base.close()
    path = settings.home / CATALOGUE_FILE
    make_old(path, old_layouts.CATALOGUE + old_layouts.CATALOGUE_LATER)
    before = rows_of(path)
    again = open_at(settings)
    now = rows_of(path)
    assert {**now, "documents": [row[:-1] for row in now["documents"]]} == before
    assert {row[-1] for row in now["documents"]} == {""}  # of no brand: shared, as they were
    assert again.versions() == versions
    assert again.search(["alpha delta"]).hits == found
    assert state(again, 1) == {"a": "alpha beta", "b": "gamma"}
    assert kept is not None
    assert kept_calibration(again) == kept
    assert cleared_marks(again.catalogue.engine) == {"m" * 12}
    assert again.disagreements() == []
    put_all(again, {"d": "zeta"})
    assert again.search(["zeta"]).hits[0].chunk.document_uri == "d"


def test_old_records_lose_nothing(tmp_path: Path) -> None:
    """Every record is there, whole and in order, and further ones follow."""
    records = Records(tmp_path)
    written = [records.add(answer(str(number)), conversation="c", at=NOON) for number in range(5)]
    before = list(records.read())
    records.close()
    make_old(tmp_path / RECORDS_FILE, old_layouts.RECORDS)
    records = Records(tmp_path)
    assert list(records.read()) == before
    written.append(records.add(answer("5")))
    assert [record.id for record in records.read()] == written
    records.close()


def test_old_pages_lose_nothing(tmp_path: Path) -> None:
    """What is known of pages, sites, vanished documents and a run that was cut off is there."""
    now = datetime.now(UTC).timestamp()
    page = Page(
        url="u",
        final="f",
        file="",
        kind="page",
        etag="e",
        last_modified="",
        fetched_at=7.5,
        links=("x",),
        sitemaps=("y",),
    )
    with PageStore(tmp_path, lambda: now) as store:
        store.keep(page)
        store.finish("root", [("u", "f")])
        store.settle_gone(["g"], [])
        store.begin("other")
    make_old(tmp_path / PAGES_FILE, old_layouts.PAGES)
    with PageStore(tmp_path, lambda: now + 60) as store:
        assert store.page("u") == page
        assert store.members("root") == {"u": "f"}
        assert store.settle_gone([], []) == {"g"}
        assert store.begin("other") == now


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_newer_database_is_refused(tmp_path: Path, layout: Layout) -> None:
    """The error says what was seen, what is known, and what to do; nothing is changed."""
    path = tmp_path / "state"
    opened(path, layout)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE {layout.revision_table} SET version_num = '99'")
    before = tables_of(path)
    with pytest.raises(StorageError, match=f"state is of revision 99.*knows is {layout.newest}: use the release"):
        opened(path, layout)
    assert tables_of(path) == before


def test_kinds_of_state_share_a_database(tmp_path: Path) -> None:
    """Each kind has a revision of its own, whether the tables of another are there or not."""
    path = tmp_path / "state"
    make_old(path, old_layouts.PAGES)
    for layout in (CATALOGUE, RECORDS, PAGES, CATALOGUE):
        opened(path, layout)
    assert {f"{layout.name}_revision" for layout in (CATALOGUE, RECORDS, PAGES)} < tables_of(path).keys()


_LIGHT = """
import sys
from pathlib import Path
from assistant.conversation.records import Records
from kb.knowledge_base import KnowledgeBase
from kb.settings import KnowledgeSettings
from ingest.sources.web.store import PageStore
home = Path(sys.argv[1])
KnowledgeBase(KnowledgeSettings(home=home)).close(); Records(home).close(); PageStore(home).close()
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("alembic", "mako")))
"""


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a process."""
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_a_database_of_today_is_opened_without_alembic(tmp_path: Path) -> None:
    """Neither a new home nor one of the newest revision pays for migrations."""
    for _ in range(2):
        out, errors = python(_LIGHT, str(tmp_path)).communicate(timeout=60)
        assert out == "[]\n", errors


_OPEN = """
import sys
from pathlib import Path
from tests.old_layouts import changing, opened
folder = Path(sys.argv[1])
layout = changing(folder)
print("ready", flush=True)
sys.stdin.readline()
opened(folder / "state", layout)
"""


def test_processes_that_open_at_once_change_it_once(tmp_path: Path) -> None:
    """Of three processes one changes the database, the others wait; none fails."""
    make_old(tmp_path / "state", old_layouts.FIRST)
    changing(tmp_path)
    command = [sys.executable, "-c", _OPEN, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SLOWLY": "0.3"}
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=60)
    assert [process.returncode for process in running] == [0] * 3
    assert rows_of(tmp_path / "state") == {
        "ran": [(1,)],
        "kept": sorted(((n, 2 * n) for n in range(100)), key=repr),
    }


def test_threads_that_open_at_once_change_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads open old state of different kinds at once; each is changed once, and none fails."""
    monkeypatch.setenv("SLOWLY", "0.3")
    layout = changing(tmp_path)
    make_old(tmp_path / "state", old_layouts.FIRST)
    make_old(tmp_path / "records", old_layouts.RECORDS)
    failures: list[BaseException] = []
    together = threading.Barrier(8)

    def open_one(number: int) -> None:
        together.wait()
        try:
            if number % 2:
                opened(tmp_path / "state", layout)
            else:
                opened(tmp_path / "records", RECORDS)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert rows_of(tmp_path / "state")["ran"] == [(1,)]


def test_a_change_that_fails_is_as_if_it_had_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says from where to where, and that nothing was changed, which is true; later it can be made."""
    layout = changing(tmp_path)
    path = tmp_path / "state"
    make_old(path, old_layouts.FIRST)
    before = tables_of(path), rows_of(path)
    monkeypatch.setenv("FALTERS", "1")
    with pytest.raises(
        StorageError, match=r"state has to be brought from revision none to 2.*nothing was changed"
    ):
        opened(path, layout)
    assert (tables_of(path), rows_of(path)) == before
    monkeypatch.delenv("FALTERS")
    opened(path, layout)
    assert rows_of(path)["ran"] == [(1,)]


_KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from kb.store.schema import CATALOGUE
from tests import old_layouts
from tests.old_layouts import changing, make_old, opened, rows_of, tables_of
import alembic.operations, alembic.runtime.migration, alembic.script

def killed(path, layout, statement):
    child = os.fork()
    if not child:
        done = [0]
        def count(*_):
            done[0] += 1
            if done[0] == statement:
                os.kill(os.getpid(), signal.SIGKILL)
        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        opened(path, layout)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])

folder = Path(sys.argv[1])
layout, statements = {
    "catalogue": (CATALOGUE, old_layouts.CATALOGUE),
    "changing": (changing(folder), old_layouts.FIRST),
    "new": (CATALOGUE, ""),
}[sys.argv[2]]
make_old(folder / "target", statements)
opened(folder / "target", layout)
def contents(path):
    return tables_of(path), rows_of(path)

wanted = contents(folder / "target")
statement = 1
while True:
    path = folder / str(statement)
    make_old(path, statements)
    old = contents(path)
    if not killed(path, layout, statement):
        break
    assert contents(path) in (old, wanted), statement
    opened(path, layout)
    assert contents(path) == wanted, statement
    statement += 1
print(statement - 1)
"""


@pytest.mark.parametrize(
    "kind",
    ["changing", pytest.param("catalogue", marks=pytest.mark.slow), pytest.param("new", marks=pytest.mark.slow)],
)
def test_a_kill_at_any_statement_leaves_old_or_new(tmp_path: Path, kind: str) -> None:
    """Killed before any statement and before the commit: the old layout or the new one, whole; it opens again."""
    out, errors = python(_KILLED, str(tmp_path), kind).communicate(timeout=120)
    assert errors == ""
    assert int(out) > 10
