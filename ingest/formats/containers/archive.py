"""ZIP archives: every file inside that has a loader, under ``<archive>!/<member>``."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator

from ingest.formats.containers.members import Members, plain_name, skipped_warning, with_warnings
from ingest.limits import MAX_ARCHIVE_BYTES, MAX_ARCHIVE_ENTRIES
from ingest.structure.labels import sidecar_of
from ingest.text.decode import guess_encoding
from ingest.text.titles import repeats_view
from ingest.types import SourceFile
from kb.errors import DamagedFile, DamagedRecords, EncryptedFile, LimitExceeded
from kb.types import Document

_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_MOST_LABELS = 1_000_000  # bytes of a file of labels


def load(source: SourceFile) -> Iterator[Document]:
    """Yield the documents of every member.

    Raises:
        DamagedRecords: at the end, when members failed; it names each with its error.
        DamagedFile: it is no ZIP archive.
        LimitExceeded: it has more files, or unpacks to more, than is read.
    """
    try:
        with zipfile.ZipFile(source.path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(source, entries)
            members = Members(source)
            names = {_name(entry) for entry in entries}
            entries = [entry for entry in entries if not repeats_view(_name(entry), names)]
            loaded = [entry for entry in entries if members.can_load(_name(entry))]
            sidecars = _Sidecars(archive, entries)
            labels = {sidecars.name(_name(entry)) for entry in loaded}
            skipped = [n for n in map(_name, entries) if not members.can_load(n) and n not in labels]
            yield from with_warnings(_documents(archive, loaded, members, sidecars), skipped_warning(skipped))
            members.finish()
    except zipfile.BadZipFile as error:
        raise DamagedFile(f"{source.path.name} is no whole ZIP archive ({error}): pack it anew") from error


def _check(source: SourceFile, entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ARCHIVE_ENTRIES or total > MAX_ARCHIVE_BYTES:
        raise LimitExceeded(
            f"{source.path.name} has {len(entries):,} files of {total:,} bytes together, more than "
            f"{MAX_ARCHIVE_ENTRIES:,} or {MAX_ARCHIVE_BYTES:,}: unpack it and load the folder"
        )


class _Sidecars:
    """The files of labels in an archive."""

    def __init__(self, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._entries = {_name(entry): entry for entry in entries if _name(entry).endswith(".toml")}
        self._folders: dict[str, set[str]] = {}
        for name in self._entries:
            folder, _, last = name.rpartition("/")
            self._folders.setdefault(folder, set()).add(last)

    def name(self, member: str) -> str:
        """Return the name of the file of labels beside a member, an empty string where there is none."""
        folder, slash, last = member.rpartition("/")
        found = sidecar_of(last, self._folders.get(folder, ()))
        return folder + slash + found if found else ""

    def read(self, member: str) -> tuple[str, bytes] | None:
        """Return the last part of its name, and its content."""
        name = self.name(member)
        if not name:
            return None
        with self._archive.open(self._entries[name]) as content:
            return plain_name(name).rpartition("/")[2], content.read(_MOST_LABELS)


def _documents(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], members: Members, sidecars: _Sidecars
) -> Iterator[Document]:
    for entry in sorted(entries, key=_name):
        name = _name(entry)
        if entry.flag_bits & _ENCRYPTED_FLAG:
            members.fail(name, EncryptedFile("it needs a password: pack it without one"))
            continue
        try:
            with archive.open(entry) as content:
                documents = members.load(name, content, sidecars.read(name))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            members.fail(name, DamagedRecords(f"it cannot be unpacked ({error}): pack it anew"))
            continue
        yield from documents


def _name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name; older programs write it in the encoding of their system, Chinese ones in GBK."""
    if entry.flag_bits & _UTF8_FLAG or entry.filename.isascii():
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")  # as which zipfile reads it
    except UnicodeEncodeError:
        return entry.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(_east_asian(raw), errors="replace")


def _east_asian(raw: bytes) -> str:
    """Return the encoding of a name that is not UTF-8: what its bytes tell, else GB18030 where they fit it."""
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return guess_encoding(raw)
    return "gb18030"
