"""A folder of files that never change again: listed with sizes and checksums, flushed to disk, taken over.

The next folder shares most files with this one by hard links: those that are written once, and those that only
grow. A folder whose growing files were shared sees no more of them than the size in its list, so whatever a writer
adds behind it, or leaves there when it is killed, changes nothing for who reads the older folder.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb.errors import IndexDamaged
from kb.store.sqlite import copy_database

_MANIFEST = "manifest.json"
_FORMAT = 3
_FACTS = ("fingerprint", "dimension", "token_width")  # of the embedder that made the vectors
_BLOCK = 1 << 20
_DATABASES = ".sqlite3"  # Chroma writes to its database whenever it opens it: no checksum would hold
_LEFT_OUT = ("-wal", "-shm", "-journal", ".lock")  # come and go while others read
_GROWING = ("vectors/data.f32", "vectors/ids.bin", "tokens/tokens.i8", "tokens/starts.i64")
_WRITTEN_ONCE = re.compile(r"lexical/[0-9a-f]{32}\.[\w.]+")  # tantivy replaces its other files by renaming

Files = dict[str, tuple[int, int]]
"""Path inside the folder -> size in bytes and CRC-32; both 0 for a database."""


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what the folder says about itself.

    Raises:
        IndexDamaged: it is not there, or of another release, or a file has not the size that it should have.
    """
    try:
        manifest: dict[str, Any] = json.loads((path / _MANIFEST).read_text())
        if manifest["format"] != _FORMAT:
            raise ValueError(f"format {manifest['format']}, this release reads {_FORMAT}")
        if not set(_FACTS) <= manifest.keys():
            raise ValueError("it names no embedder")
        for name, (size, _) in manifest["files"].items():
            there = (path / name).stat().st_size
            if there != size and not _is_database(name) and not (there > size and name in _GROWING):
                raise ValueError(f"{name} has {there} bytes instead of {size}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"the index folder {path} cannot be read ({error}): run `faq kb rebuild`") from error
    return manifest


def write_manifest(path: Path, facts: Mapping[str, Any], files: Files, shared: Files | None = None) -> None:
    """Write what the folder says about itself.

    Args:
        path: the folder.
        facts: those of ``_FACTS``.
        files: all that it holds, none while it is added to.
        shared: what it took over and need not be read again to be sealed.
    """
    manifest: dict[str, Any] = {"format": _FORMAT, **{name: facts[name] for name in _FACTS}, "files": files}
    if shared:
        manifest["shared"] = shared
    with (path / _MANIFEST).open("w") as stream:
        json.dump(manifest, stream)
        stream.flush()
        os.fsync(stream.fileno())


def seal(path: Path) -> None:
    """List all files with their checksums, and make them survive a power cut (their writers do not fsync).

    Of a file that was taken over, only what was added to it is read.
    """
    manifest = read_manifest(path)
    before: Files = {name: (size, checksum) for name, (size, checksum) in manifest.get("shared", {}).items()}
    files: Files = {}
    for folder, _, names in os.walk(path):
        for name in names:
            file = Path(folder) / name
            if name != _MANIFEST and not name.endswith(_LEFT_OUT):
                local = str(file.relative_to(path))
                files[local] = _checked(file, before.get(local, (0, 0)))
            flush(file)
    write_manifest(path, manifest, files)
    for folder, _, _ in os.walk(path):
        flush(Path(folder))


def damage(path: Path) -> list[str]:
    """Return what is wrong with the files of a sealed folder, a sentence each."""
    try:
        manifest = read_manifest(path)
        return [
            f"the file {path / name} was changed after it was published: run `faq kb rebuild`"
            for name, expected in manifest["files"].items()
            if _checked(path / name, end=expected[0]) != tuple(expected)
        ]
    except IndexDamaged as error:
        return [str(error)]
    except OSError as error:
        return [f"the index folder {path} cannot be read ({error}): run `faq kb rebuild`"]


def take_over(source: Path, target: Path, leave_out: str = "", untouched: str = "") -> None:
    """Begin a folder with what a sealed one holds, so that it can be added to; share the files that allow it.

    Args:
        source: the sealed folder.
        target: to be made.
        leave_out: name of a folder in it that is not wanted.
        untouched: name of a folder in it that nobody will write to, so that its files can be shared.

    Raises:
        IndexDamaged: a file of ``source`` is not what it was when it was sealed.
    """
    manifest = read_manifest(source)
    shared: Files = {}
    for name, (size, checksum) in manifest["files"].items():
        if leave_out and name.startswith(leave_out + os.sep):
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if _may_share(name, untouched) and _link(source / name, target / name):
            if _checked(source / name, end=size) != (size, checksum):
                raise _damaged(source / name)
            shared[name] = size, checksum
        else:
            _copy(source / name, target / name, (size, checksum))
    write_manifest(target, manifest, {}, shared)


def copy_sealed(source: Path, target: Path) -> None:
    """Copy a sealed folder, sharing nothing with it.

    Raises:
        IndexDamaged: a file of ``source`` is not what it was when it was sealed.
    """
    manifest = read_manifest(source)
    for name, (size, checksum) in manifest["files"].items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        _copy(source / name, target / name, (size, checksum))
    write_manifest(target, manifest, {})


def _may_share(name: str, untouched: str) -> bool:
    if untouched and name.startswith(untouched + os.sep):
        return not _is_database(name)
    return name in _GROWING or _WRITTEN_ONCE.fullmatch(name) is not None


def _is_database(name: str) -> bool:
    return name.endswith(_DATABASES)


def _checked(file: Path, begun: tuple[int, int] = (0, 0), end: int | None = None) -> tuple[int, int]:
    """Return size and checksum of a file up to ``end``; ``begun`` are those of a part that is known."""
    if _is_database(file.name):
        return 0, 0
    size, checksum = begun
    with file.open("rb") as stream:
        stream.seek(size)
        while block := stream.read(_BLOCK if end is None else min(_BLOCK, end - size)):
            size, checksum = size + len(block), zlib.crc32(block, checksum)
    return size, checksum


def _link(source: Path, target: Path) -> bool:
    """Give a file a second name; False where the file system has no such thing."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _copy(source: Path, target: Path, expected: tuple[int, int]) -> None:
    """Copy what a file held when it was sealed: its size and checksum are ``expected``."""
    if _is_database(source.name):
        _copy_database(source, target)
        return
    size = checksum = 0
    with source.open("rb") as stream, target.open("wb") as copy:
        while block := stream.read(min(_BLOCK, expected[0] - size)):
            copy.write(block)
            size, checksum = size + len(block), zlib.crc32(block, checksum)
    if (size, checksum) != expected:
        raise _damaged(source)


def _damaged(file: Path) -> IndexDamaged:
    return IndexDamaged(f"the file {file} is damaged: run `faq kb rebuild`")


def _copy_database(source: Path, target: Path) -> None:
    """Copy by SQLite's own backup: a reader may be opening it."""
    try:
        copy_database(source, target)
    except sqlite3.Error as error:
        raise IndexDamaged(f"the file {source} is damaged ({error}): run `faq kb rebuild`") from error


def flush(path: Path) -> None:
    """Let the disk hold a file or a folder before anything that follows from it is done."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
