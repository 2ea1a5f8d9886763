"""From the paths that somebody names to the files that are loaded."""

from __future__ import annotations

import fnmatch
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.formats import can_load
from ingest.settings import Patterns, SourceSettings
from ingest.structure.labels import SIDECAR, sidecar_of
from ingest.text.titles import repeats_view
from ingest.types import SkippedFile, SourceFile, Sources, UnreachedPage
from kb.errors import UnknownLabel, UnreadableFile, UnsupportedFormat
from kb.identity import digest
from kb.language.characters import is_well_formed
from kb.nearest import nearest

_Seen = SourceFile | SkippedFile | UnreachedPage

IGNORE_FILE = ".faqignore"
_LONGEST_NAME = 300  # bytes

_Rules = tuple[tuple[str, str], ...]
"""Pairs of the folder whose ignore file holds a pattern, and the pattern."""


def find_sources(paths: Sequence[Path]) -> Sources:
    """Return the files under ``paths``, each once, folders walked in sorted order.

    In a walked folder, hidden files and what a ``.faqignore`` names are passed over; links that lead out of
    the folder, pipes and devices, and files without a loader are listed as skipped; a name that is no UTF-8 keeps
    its file unreached. An ignore file has one
    pattern a line (``*.tmp``, ``drafts/``, ``old/*.md``; ``#`` starts a comment) and holds for its folder and
    those below.

    Raises:
        UnreadableFile: a named path is missing, may not be read, or is neither file nor folder.
        UnsupportedFormat: a named file has an ending without a loader.
    """
    files: dict[str, SourceFile] = {}
    skipped: dict[str, SkippedFile] = {}
    unreached: dict[str, UnreachedPage] = {}
    for named in paths:
        root = Path(os.path.abspath(named))
        for found in _look_at(root, str(named)):
            if isinstance(found, SourceFile):
                files.setdefault(found.uri, found)
            elif isinstance(found, UnreachedPage):
                unreached.setdefault(found.uri, found)
            else:
                skipped.setdefault(found.uri, found)
    unreached.update((uri, _misnamed(uri)) for uri in files if not is_well_formed(uri))
    return Sources(
        tuple(file for uri, file in files.items() if is_well_formed(uri)),
        tuple(entry for uri, entry in skipped.items() if uri not in files),
        unreached=tuple(unreached.values()),
    )


def _misnamed(uri: str) -> UnreachedPage:
    return UnreachedPage(
        uri,
        UnreadableFile.__name__,
        "the bytes of its name are no UTF-8, so that it cannot be cited: rename it, or the folder that it is in",
    )


def find_configured(source: SourceSettings) -> Sources:
    """Return the files of one configured path, with its labels; what its patterns leave out is not listed.

    Raises:
        UnreadableFile: the path is missing, may not be read, or is neither file nor folder.
        UnsupportedFormat: it is a file with an ending without a loader.
    """
    root = Path(os.path.abspath(source.folder))
    found = find_sources([root])
    files = [
        replace(file, labels=source.labels)
        for file in found.files
        if wanted(below(file.uri, root), source.include, source.exclude)
    ]
    skipped = [
        entry
        for entry in found.skipped
        if wanted(below(entry.uri, root), source.include, source.exclude) or _may_hold(entry)
    ]
    return Sources(tuple(files), tuple(skipped), unreached=found.unreached)


def wanted(name: str, include: Patterns, exclude: Patterns) -> bool:
    """Tell whether patterns let a path or an address through.

    ``*`` stands for anything, slashes too; a pattern without a slash is also held against the last part, and
    one that ends in a slash stands for all below that folder.
    """
    if any(_matches(name, pattern) for pattern in exclude):
        return False
    return not include or any(_matches(name, pattern) for pattern in include)


def _matches(name: str, pattern: str) -> bool:
    if pattern.endswith("/"):
        return fnmatch.fnmatchcase(f"/{name}", f"*/{pattern.removeprefix('/')}*")
    last = "/" not in pattern and fnmatch.fnmatchcase(name.rpartition("/")[2], pattern)
    return last or fnmatch.fnmatchcase(name, pattern.removeprefix("/"))


def below(uri: str, root: Path) -> str:
    """Return a path as seen from the root; the name where it is the root itself."""
    relative = os.path.relpath(uri, root)
    return root.name if relative == "." else relative


def _may_hold(entry: SkippedFile) -> bool:
    """Tell whether files below a skipped entry could not be seen: what was read there must not be removed."""
    return entry.reason.startswith("folder")


def _look_at(root: Path, named: str) -> Iterator[_Seen]:
    """Yield what a named path holds: itself, or the files below it."""
    try:
        mode = root.stat().st_mode
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{named!r} cannot be opened ({error}): check the path and load again") from error
    if stat.S_ISDIR(mode):
        yield from _walk(root, root.resolve(), root.as_posix(), ())
    elif not stat.S_ISREG(mode):
        raise UnreadableFile(f"{named!r} is a pipe, socket or device, a file or folder was wanted: name another")
    elif not can_load(root.suffix):
        raise UnsupportedFormat(
            f"{named!r} ends in {root.suffix or 'nothing'}, which has no loader: convert it to PDF, DOCX, HTML, "
            "Markdown, text, CSV, XLSX, JSON or JSONL"
        )
    else:
        yield _source(root, root.as_posix(), sidecar_of(root.name, _names_beside(root)))


def _names_beside(path: Path) -> set[str]:
    try:
        return set(os.listdir(path.parent))
    except OSError:  # a file may be read in a folder that may not be listed
        return {name for name in (path.name + SIDECAR, path.stem + SIDECAR) if path.with_name(name).exists()}


def _source(path: Path, root: str, sidecar: str) -> SourceFile:
    """Return a file with the file of labels beside it, if there is one of a name."""
    if not sidecar:
        return SourceFile(uri=path.as_posix(), path=path, root=root)
    beside = path.with_name(sidecar)
    try:
        seen = beside.read_bytes().hex()
    except OSError as error:
        seen = str(error)  # the loader will name it
    return SourceFile(uri=path.as_posix(), path=path, root=root, sidecar=beside, sidecar_digest=digest(seen))


def _walk(folder: Path, real_root: Path, root: str, rules: _Rules) -> Iterator[_Seen]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield SkippedFile(folder.as_posix(), f"folder may not be read ({error.strerror})")
        return
    if IGNORE_FILE in names:
        rules += tuple((folder.as_posix(), pattern) for pattern in _read_patterns(folder / IGNORE_FILE))
    tables = {name for name in names if name.endswith(".toml")}
    files = [name for name in names if can_load(os.path.splitext(name)[1])]
    sidecars = {sidecar_of(name, tables) for name in files} if tables else set()
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        try:
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                target = path.resolve(strict=True)
                mode = target.stat().st_mode
                if not target.is_relative_to(real_root) or stat.S_ISDIR(mode):
                    yield SkippedFile(path.as_posix(), "link to a folder or out of the folder")
                    continue
        except (OSError, RuntimeError):
            yield SkippedFile(path.as_posix(), "broken link or not permitted")
            continue
        is_folder = stat.S_ISDIR(mode)
        if _is_ignored(path, is_folder, rules):
            continue
        if is_folder:
            yield from _walk(path, real_root, root, rules)
        elif not stat.S_ISREG(mode):
            yield SkippedFile(path.as_posix(), "pipe, socket or device")
        elif _stands_for_another(path):
            yield SkippedFile(path.as_posix(), "stands for another file of the folder")
        elif name in sidecars:
            continue
        elif name.endswith(SIDECAR):
            yield _orphan(path, files)
        elif repeats_view(name, files):
            yield SkippedFile(path.as_posix(), "holds the table of which a view lies beside it")
        elif not can_load(path.suffix):
            yield SkippedFile(path.as_posix(), path.suffix.lower() or "no ending")
        else:
            yield _source(path, root, sidecar_of(name, tables))


def _orphan(path: Path, names: Sequence[str]) -> UnreachedPage:
    """Return the failure of a file of labels that lies beside no file it could be of."""
    meant = nearest(path.name.removesuffix(SIDECAR), names)
    return UnreachedPage(
        path.as_posix(),
        UnknownLabel.__name__,
        f"it labels {path.name.removesuffix(SIDECAR)!r}, which is not there"
        + (f"; {meant!r} was meant?" if meant else "")
        + f" Rename it to the name of its document and {SIDECAR}, or remove it",
    )


def _stands_for_another(path: Path) -> bool:
    """Tell whether a file holds nothing but the name of another: a link that was checked out or packed as text."""
    try:
        if not 0 < path.stat().st_size <= _LONGEST_NAME:
            return False
        named = path.read_text(encoding="utf-8")
        return named == named.strip() and named.endswith(path.suffix) and (path.parent / named).is_file()
    except (OSError, ValueError):
        return False


def _read_patterns(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise UnreadableFile(
            f"{path} could not be read ({error}): without it, what to leave out is unknown"
        ) from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _is_ignored(path: Path, is_folder: bool, rules: _Rules) -> bool:
    """Tell whether a pattern names the path: by its name, or by its place under the pattern's folder."""
    for folder, pattern in rules:
        if pattern.endswith("/") and not is_folder:
            continue
        bare = pattern.rstrip("/").removeprefix("/")
        relative = path.relative_to(folder).as_posix()
        anchored = "/" in pattern.rstrip("/")
        if fnmatch.fnmatchcase(relative, bare) or (not anchored and fnmatch.fnmatchcase(path.name, bare)):
            return True
    return False
