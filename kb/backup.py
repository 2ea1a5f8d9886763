"""The knowledge base as one file: written while it is in use, checked, and put back at one moment."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy.engine import make_url

from kb.errors import IndexDamaged, KnowledgeBaseEmpty, StorageError
from kb.index.sealed import copy_sealed, flush, seal
from kb.knowledge_base import KnowledgeBase
from kb.own_files import files_in
from kb.settings import CATALOGUE_FILE
from kb.store.catalogue import Catalogue, Published
from kb.store.database import open_engine
from kb.store.draft import undo_drafts
from kb.store.schema import CATALOGUE
from kb.store.sqlite import copy_database, replace_database, sqlite_url, without_log

_FORMAT = 2
_READ = (1, 2)  # the first one holds a database from before there were revisions
_MANIFEST, _DATABASE, _INDEXES = "manifest.json", CATALOGUE_FILE, "indexes"
_ATTEMPTS = 5  # a load may clear the index folder away while it is being copied: then the newer one is taken
_BLOCK = 1 << 20
_BROKEN = (
    OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, IndexError, RuntimeError,
    NotImplementedError,
)  # fmt: skip
"""What a file that is no whole archive makes of its reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds.

    Attributes:
        version: the published version in it.
        documents: of that version.
        chunks: of that version.
        bytes: of the file.
        sha256: of the file.
    """

    version: int
    documents: int
    chunks: int
    bytes: int
    sha256: str


def back_up(knowledge_base: KnowledgeBase, target: Path, *, force: bool = False) -> Backup:
    """Write the published state and all older versions to one file; loads and searches may go on meanwhile.

    Args:
        knowledge_base: to be kept.
        target: the file, which appears whole or not at all.
        force: replace a file that is there.

    Raises:
        StorageError: the file is there, cannot be written, or the database is not SQLite.
        KnowledgeBaseEmpty: nothing was published yet.
        IndexDamaged: the published index folder is not whole, or was cleared away again and again.
    """
    if target.exists() and not force:
        raise StorageError(f"{target} is there already: name another file, or replace it with --force")
    source = _sqlite_file(knowledge_base)
    with files_in(target.absolute().parent), tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        growing = Path(folder)
        published = _snapshot(knowledge_base, source, growing)
        version = knowledge_base.catalogue.version(published.version)
        packed = growing / "backup.zip"
        _pack(growing, packed, published, version.documents, version.chunks)
        flush(packed)
        digest, size = _digest(packed)
        os.replace(packed, target)
        flush(target.absolute().parent)
    return Backup(
        version=published.version, documents=version.documents, chunks=version.chunks, bytes=size, sha256=digest
    )


def _sqlite_file(knowledge_base: KnowledgeBase) -> Path:
    url = make_url(knowledge_base.settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StorageError(
            f"backups are of SQLite databases, this one is {url.get_backend_name()}: back it up with its own "
            "tools, and run `faq kb rebuild` after restoring it"
        )
    return Path(url.database)


def _snapshot(knowledge_base: KnowledgeBase, source: Path, folder: Path) -> Published:
    """Copy database and published index folder of one moment into ``folder``."""
    for attempt in range(_ATTEMPTS):
        shutil.rmtree(folder / _INDEXES, ignore_errors=True)
        copy = folder / _DATABASE
        copy.unlink(missing_ok=True)
        copy_database(source, copy)
        engine = open_engine(sqlite_url(copy), CATALOGUE)
        try:
            published = Catalogue(engine).published()
            if published is None:
                raise KnowledgeBaseEmpty("nothing has been published, so there is nothing to back up: load first")
            undo_drafts(engine, published.version)  # rows of a load that is going on
        finally:
            engine.dispose()
        without_log(copy)
        try:
            indexes = folder / _INDEXES / published.folder
            copy_sealed(knowledge_base.settings.home / "indexes" / published.folder, indexes)
            seal(indexes)
            return published
        except IndexDamaged:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")  # pragma: no cover


def _pack(folder: Path, packed: Path, published: Published, documents: int, chunks: int) -> None:
    files = {_DATABASE: folder / _DATABASE}
    for path in sorted((folder / _INDEXES).rglob("*")):
        if path.is_file():
            files[path.relative_to(folder).as_posix()] = path
    manifest: dict[str, Any] = {
        "format": _FORMAT, "schema": CATALOGUE.newest, "version": published.version, "folder": published.folder,
        "fingerprint": published.fingerprint, "documents": documents, "chunks": chunks, "files": {},
    }  # fmt: skip
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in files.items():
            manifest["files"][name] = list(_digest(path))
            archive.write(path, name)
        archive.writestr(_MANIFEST, json.dumps(manifest))


def restore(knowledge_base: KnowledgeBase, source: Path, *, force: bool = False) -> Backup:
    """Put the state of a backup in the place of what is there; every reader sees it from one moment on.

    Args:
        knowledge_base: to be replaced.
        source: written by ``back_up``.
        force: replace a knowledge base that is not empty.

    Raises:
        StorageError: something is there and ``force`` is not given, the file is not a whole backup or a later
            release's, or this database is not SQLite, or cannot be written.
        KnowledgeBaseBusy: another process is writing.
    """
    database = _sqlite_file(knowledge_base)
    home = knowledge_base.settings.home
    with knowledge_base.writing(), files_in(home):
        if knowledge_base.catalogue.published() is not None and not force:
            raise StorageError(f"the knowledge base in {home} is not empty: replace it with --force")
        with tempfile.TemporaryDirectory(dir=home) as folder:
            unpacked = Path(folder)
            manifest = _unpack(source, unpacked)
            with _reading(source):
                digest, size = _digest(source)
            open_engine(sqlite_url(unpacked / _DATABASE), CATALOGUE).dispose()  # of an earlier release, perhaps
            without_log(unpacked / _DATABASE)
            _put_indexes(unpacked / _INDEXES / manifest["folder"], home / "indexes" / manifest["folder"])
            replace_database(unpacked / _DATABASE, database)
    return Backup(
        version=manifest["version"],
        documents=manifest["documents"],
        chunks=manifest["chunks"],
        bytes=size,
        sha256=digest,
    )


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup, checking every file; nothing that is in use has been touched when this fails."""
    with _reading(source), zipfile.ZipFile(source) as archive:
        manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        if manifest["format"] not in _READ:
            raise StorageError(
                f"{source} is of format {manifest['format']}.{manifest['schema']}, this release reads up to "
                f"{_FORMAT}.{CATALOGUE.newest}: restore it with the release that wrote it"
            )
        for name, (digest, size) in manifest["files"].items():
            place = PurePosixPath(name)
            if place.is_absolute() or ".." in place.parts or place.parts[0] not in (_DATABASE, _INDEXES):
                raise ValueError(f"it holds the file {name!r}, which is no part of a backup")
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as packed, target.open("wb") as out:
                left = size
                while left >= 0 and (block := packed.read(_BLOCK)):
                    left -= len(block)
                    out.write(block)
            if _digest(target) != (digest, size):
                raise ValueError(f"{name} is not what it was when it was written")
        if PurePosixPath(manifest["folder"]).name != manifest["folder"]:
            raise ValueError(f"its index folder is named {manifest['folder']!r}")
        return manifest


@contextmanager
def _reading(source: Path) -> Iterator[None]:
    """Turn what a file that is no backup makes of a reader into StorageError."""
    try:
        yield
    except _BROKEN as error:
        raise StorageError(
            f"{source} is not a whole backup ({error}): nothing was changed; take another copy of it"
        ) from error


def _put_indexes(unpacked: Path, target: Path) -> None:
    """Move the index folder into place; one of that name holds the same, for its name has a random part."""
    target.parent.mkdir(exist_ok=True, mode=0o700)
    if target.exists():
        return
    seal(unpacked)
    os.rename(unpacked, target)
    flush(target.parent)


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return digest, path.stat().st_size
