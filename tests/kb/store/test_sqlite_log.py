"""A database and its log read into memory are what SQLite itself would read."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.store.sqlite_log import read_into_memory

# Commits, overwrites, deletes and leaves a transaction open; is killed, so that the log stays.
_WRITER = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("PRAGMA wal_autocheckpoint=0")
connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)")
connection.executemany("INSERT INTO t VALUES (?, ?)", [(n, "first " * 99) for n in range(300)])
connection.execute("PRAGMA wal_checkpoint(RESTART)")
connection.execute("UPDATE t SET text = 'second' WHERE n % 3 = 0")
connection.execute("DELETE FROM t WHERE n > 250")
connection.execute("BEGIN")
connection.execute("PRAGMA cache_size=1")
connection.execute("UPDATE t SET text = 'never committed' || hex(randomblob(2000))")
os._exit(9)
"""


def rows(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """Return what the table holds."""
    return connection.execute("SELECT n, text FROM t ORDER BY n").fetchall()


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose writer was killed, with its log."""
    path = tmp_path_factory.mktemp("log") / "left.sqlite3"
    subprocess.run([sys.executable, "-c", _WRITER, str(path)], check=False)
    assert Path(f"{path}-wal").stat().st_size > 0
    return path


def copied(left: Path, folder: Path, length: int | None = None) -> Path:
    """Return a copy of the database whose log is cut off."""
    target = folder / "copy.sqlite3"
    target.write_bytes(left.read_bytes())
    Path(f"{target}-wal").write_bytes(Path(f"{left}-wal").read_bytes()[:length])
    Path(f"{target}-shm").unlink(missing_ok=True)
    return target


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0, 1))
def test_a_log_cut_off_anywhere_gives_what_sqlite_gives(
    left: Path, tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    """Whole transactions count, torn and open ones do not, wherever the log ends."""
    length = round(share * Path(f"{left}-wal").stat().st_size)
    path = copied(left, tmp_path_factory.mktemp("cut"), length)
    if not length:
        return
    mine = rows(read_into_memory(path, sqlite3.Connection))
    connection = sqlite3.connect(path)
    assert mine == rows(connection)
    connection.close()


def test_a_copy_takes_no_changes(left: Path, tmp_path: Path) -> None:
    """What was written into it would be lost, so it is refused; the files stay as they are."""
    path = copied(left, tmp_path)
    before = path.read_bytes()
    connection = read_into_memory(path, sqlite3.Connection)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM t")
    assert path.read_bytes() == before
