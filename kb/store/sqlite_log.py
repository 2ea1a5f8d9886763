"""An SQLite database and its log, read into memory: for when nothing at all can be written.

Even a reader of a database in WAL mode writes a file beside it. Where it cannot, and a load that broke off left
frames in the log, the last committed state is the file's pages with those of the log over them
(https://www.sqlite.org/fileformat2.html, "The Write-Ahead Log").
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

_HEADER, _FRAME = 32, 24  # bytes before the frames, and before the page of each
_MAGIC = 0x377F0682  # its last bit set: checksums are of big-endian words
_JOURNAL_MODE = slice(18, 20)  # of the database's first page: what a copy without a log may not be in
_ATTEMPTS = 3


def read_into_memory(path: Path, kind: type[sqlite3.Connection]) -> sqlite3.Connection:
    """Return a connection to a copy of the last committed state.

    Args:
        path: of the database; its log lies beside it.
        kind: of the connection.

    Raises:
        sqlite3.OperationalError: another program is writing meanwhile.
        OSError: one of the files cannot be read.
    """
    log = Path(f"{path}-wal")
    for _ in range(_ATTEMPTS):
        before = _state(path, log)
        pages, frames = bytearray(path.read_bytes()), log.read_bytes()
        if _state(path, log) == before:
            break
    else:
        raise sqlite3.OperationalError("database is locked: another program writes while it is being copied")
    _lay_over(pages, frames)
    pages[_JOURNAL_MODE] = b"\x01\x01"
    connection = sqlite3.connect(":memory:", check_same_thread=False, factory=kind)
    connection.deserialize(bytes(pages))
    connection.execute("PRAGMA query_only=ON")  # what was written into a copy would be lost
    return connection


def _state(*files: Path) -> list[tuple[int, int]]:
    return [(found.st_size, found.st_mtime_ns) for found in (file.stat() for file in files)]


def _lay_over(pages: bytearray, frames: bytes) -> None:
    """Write every page of every whole transaction in the log over the database's."""
    size = struct.unpack(">I", frames[8:12])[0] if len(frames) >= _HEADER else 0
    waiting: dict[int, bytes] = {}
    for number, pages_after, page in _frames(frames, size):
        waiting[number] = page
        if not pages_after:  # not the last of its transaction
            continue
        length = pages_after * size
        pages.extend(bytes(max(0, length - len(pages))))
        for each, content in waiting.items():
            pages[(each - 1) * size : each * size] = content
        del pages[length:]
        waiting = {}


def _frames(log: bytes, size: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield page number, pages after the transaction (0 within it) and content, up to the first torn frame."""
    if not size or (magic := struct.unpack(">I", log[:4])[0]) & ~1 != _MAGIC:
        return
    order = ">" if magic & 1 else "<"
    salts, sums = log[16:24], _checksum(log[:24], (0, 0), order)
    if sums != struct.unpack(">II", log[24:32]):
        return
    for start in range(_HEADER, len(log) - _FRAME - size + 1, _FRAME + size):
        head, page = log[start : start + _FRAME], log[start + _FRAME : start + _FRAME + size]
        sums = _checksum(page, _checksum(head[:8], sums, order), order)
        if head[8:16] != salts or sums != struct.unpack(">II", head[16:]):
            return
        yield *struct.unpack(">II", head[:8]), page


def _checksum(data: bytes, begun: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = begun
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
