"""Files inside a file: members of archives, attachments of mails; each is loaded as it would be by itself."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from ingest.formats import can_load, load
from ingest.limits import MAX_ARCHIVE_BYTES, MAX_NESTED_ARCHIVES
from ingest.structure.labels import beneath
from ingest.text.clean import clean_line
from ingest.types import SourceFile
from kb.errors import DamagedRecords, LimitExceeded, LoadError
from kb.types import Document

INSIDE = "!/"
"""Between the uri of a file and the name of what is inside it: ``/docs/all.zip!/faq/returns.md``."""

_BLOCK_BYTES = 1 << 20
_LONGEST_NAME = 120  # characters of a temporary file's name
_NAMED = 10  # failures in a message


class Members:
    """Loads the members of one file; remembers which failed and which nothing reads."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._failed: list[str] = []
        self._read = 0
        self._left = MAX_ARCHIVE_BYTES

    def can_load(self, name: str) -> bool:
        """Tell whether a member has a loader, and is not what a system hides beside files."""
        return can_load(PurePosixPath(plain_name(name)).suffix) and not _is_of_system(name)

    def load(self, name: str, content: IO[bytes], sidecar: tuple[str, bytes] | None = None) -> list[Document]:
        """Return the documents of a member, none where it failed: then its error is kept for ``finish``.

        All of its documents or none: a member that fails half way leaves nothing. Nothing is written under the
        member's own path.

        Args:
            name: of the member.
            content: to be read.
            sidecar: name and content of the file of labels beside it.
        """
        name = plain_name(name)
        try:
            if self._source.uri.count(INSIDE) + 1 > MAX_NESTED_ARCHIVES:
                raise LimitExceeded(f"it lies in more than {MAX_NESTED_ARCHIVES} archives: unpack the outer ones")
            with tempfile.TemporaryDirectory(prefix="faq-") as folder:
                path = Path(folder, _file_name(name))
                with path.open("wb") as file:
                    self._copy(content, file)
                uri = f"{self._source.uri}{INSIDE}{name}"
                inner = replace(self._source, uri=uri, path=path)
                if sidecar is not None:
                    beside = Path(folder, "labels", sidecar[0])
                    beside.parent.mkdir()
                    beside.write_bytes(sidecar[1])
                    inner = beneath(inner, beside)
                documents = list(load(inner))
        except LoadError as error:
            self.fail(name, error)
            return []
        self._read += 1
        return documents

    def fail(self, name: str, error: Exception) -> None:
        """Keep why a member could not be loaded."""
        self._failed.append(f"{plain_name(name)}: {type(error).__name__}: {error}")

    def finish(self) -> None:
        """Raise ``DamagedRecords`` where a member failed; what the others hold was loaded."""
        if self._failed:
            named = "; ".join(self._failed[:_NAMED]) + (" …" if len(self._failed) > _NAMED else "")
            raise DamagedRecords(
                f"{self._source.path.name}: {len(self._failed)} of {len(self._failed) + self._read} files inside "
                f"could not be loaded ({named}): mend or remove them; the others are loaded"
            )

    def _copy(self, content: IO[bytes], file: IO[bytes]) -> None:
        """Copy a member; what it says of its own size is not believed."""
        while block := content.read(_BLOCK_BYTES):
            self._left -= len(block)
            if self._left < 0:
                raise LimitExceeded(
                    f"all files inside unpack to more than {MAX_ARCHIVE_BYTES:,} bytes: split them"
                )
            file.write(block)


def plain_name(name: str) -> str:
    """Return a member's name as a path below its archive: no drive, no root, nothing that leads out."""
    parts = re.sub(r"^[A-Za-z]:", "", name).replace("\\", "/").split("/")
    return "/".join(clean_line(part) for part in parts if part not in ("", ".", "..")) or "unnamed"


def skipped_warning(names: list[str]) -> tuple[str, ...]:
    """Return one warning that counts by ending what no loader reads, none where there is nothing."""
    endings = Counter(
        PurePosixPath(plain_name(name)).suffix.lower() or "no ending" for name in names if not _is_of_system(name)
    )
    seen = ", ".join(f"{count} {ending}" for ending, count in sorted(endings.items()))
    return (f"files inside without a loader were left out: {seen}",) if endings else ()


def _is_of_system(name: str) -> bool:
    """Tell whether a system or editor hides this beside the files: ``.DS_Store``, ``__MACOSX/``."""
    return any(part.startswith((".", "__MACOSX")) for part in plain_name(name).split("/"))


def with_warnings(documents: Iterator[Document], warnings: tuple[str, ...]) -> Iterator[Document]:
    """Yield the documents, the first one with further warnings."""
    for document in documents:
        yield replace(document, warnings=(*document.warnings, *warnings)) if warnings else document
        warnings = ()


def _file_name(name: str) -> str:
    """Return a harmless file name that keeps the ending and as much of the name as a title needs."""
    path = PurePosixPath(name)
    stem = re.sub(r'[\x00-\x1f<>:"|?*]', "_", path.stem)[:_LONGEST_NAME].lstrip(".") or "unnamed"
    return stem.encode()[:_LONGEST_NAME].decode(errors="ignore") + path.suffix[:16]
