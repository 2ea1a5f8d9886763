"""A folder of files that never change again: listed with sizes and checksums, flushed to disk, copied."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from kb.errors import IndexDamaged

_MANIFEST = "manifest.json"
_FORMAT = 3
_FACTS = ("fingerprint", "dimension", "token_width")  # of the embedder that made the vectors
_BLOCK = 1 << 20
_DATABASES = ".sqlite3"  # Chroma writes to its database whenever it opens it: no checksum would hold
_LEFT_OUT = ("-wal", "-shm", "-journal", ".lock")  # come and go while others read

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
            if there != size and not name.endswith(_DATABASES):
                raise ValueError(f"{name} has {there} bytes instead of {size}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"the index folder {path} cannot be read ({error}): run `faq kb rebuild`") from error
    return manifest


def write_manifest(path: Path, facts: Mapping[str, Any], files: Files) -> None:
    """Write what the folder says about itself: the facts of ``_FACTS``, and its files."""
    manifest = {"format": _FORMAT, **{name: facts[name] for name in _FACTS}, "files": files}
    with (path / _MANIFEST).open("w") as stream:
        json.dump(manifest, stream)
        stream.flush()
        os.fsync(stream.fileno())


def seal(path: Path) -> None:
    """List all files with their checksums, and make them survive a power cut (their writers do not fsync)."""
    manifest = read_manifest(path)
    files: Files = {}
    for folder, _, names in os.walk(path):
        for name in names:
            file = Path(folder) / name
            if name != _MANIFEST and not name.endswith(_LEFT_OUT):
                files[str(file.relative_to(path))] = _checked(file)
            _flush(file)
    write_manifest(path, manifest, files)
    for folder, _, _ in os.walk(path):
        _flush(Path(folder))


def damage(path: Path) -> list[str]:
    """Return what is wrong with the files of a sealed folder, a sentence each."""
    try:
        manifest = read_manifest(path)
        return [
            f"the file {path / name} was changed after it was published: run `faq kb rebuild`"
            for name, expected in manifest["files"].items()
            if _checked(path / name) != tuple(expected)
        ]
    except IndexDamaged as error:
        return [str(error)]
    except OSError as error:
        return [f"the index folder {path} cannot be read ({error}): run `faq kb rebuild`"]


def copy_sealed(source: Path, target: Path, leave_out: str = "") -> None:
    """Copy a sealed folder, so that the copy can be added to.

    Args:
        source: the sealed folder.
        target: to be made.
        leave_out: name of a folder in it that is not wanted.

    Raises:
        IndexDamaged: a file of ``source`` is not what it was when it was sealed.
    """
    manifest = read_manifest(source)
    target.mkdir(parents=True)
    for name, expected in manifest["files"].items():
        if leave_out and name.startswith(leave_out + os.sep):
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(_DATABASES):
            _copy_database(source / name, target / name)
        elif _copy_file(source / name, target / name) != tuple(expected):
            raise IndexDamaged(f"the file {source / name} is damaged: run `faq kb rebuild`")
    write_manifest(target, manifest, {})


def _checked(file: Path) -> tuple[int, int]:
    if file.name.endswith(_DATABASES):
        return 0, 0
    size = checksum = 0
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            size, checksum = size + len(block), zlib.crc32(block, checksum)
    return size, checksum


def _copy_file(source: Path, target: Path) -> tuple[int, int]:
    size = checksum = 0
    with source.open("rb") as stream, target.open("wb") as copy:
        while block := stream.read(_BLOCK):
            copy.write(block)
            size, checksum = size + len(block), zlib.crc32(block, checksum)
    return size, checksum


def _copy_database(source: Path, target: Path) -> None:
    """Copy by SQLite's own backup: a reader may be opening it."""
    try:
        with closing(sqlite3.connect(source)) as stored, closing(sqlite3.connect(target)) as copy:
            stored.backup(copy)
    except sqlite3.Error as error:
        raise IndexDamaged(f"the file {source} is damaged ({error}): run `faq kb rebuild`") from error


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
