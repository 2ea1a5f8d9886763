"""How documents come out of the process that read them: as JSON, checked value by value.

Whoever takes over that process by a hostile file can write what it likes; nothing but text, numbers and dates of
the declared types comes through, and only for addresses inside the file that was read.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from ingest.loading.chunks import Cut, document_text
from kb.types import Document, Omission

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MAX_FRAME_BYTES = 200_000_000
"""Of one document: the largest text that is read, and where it is cut."""
_INNER = ("", "#", "!", "/")  # what follows the file's uri in the uri of a document inside it


class BrokenFrame(Exception):
    """What came is not what a reading process writes."""


@dataclasses.dataclass(frozen=True, slots=True)
class Fresh:
    """A document that is new or differs from what is stored.

    Attributes:
        document: what was read.
        cuts: where its chunks stand.
    """

    document: Document
    cuts: tuple[Cut, ...]

    @property
    def uri(self) -> str:
        """Address of the document."""
        return self.document.uri


@dataclasses.dataclass(frozen=True, slots=True)
class Warned:
    """A document that is as it is stored, and whose loader had to warn of something.

    Attributes:
        uri: its address.
        warnings: what the loader could not read.
        omitted: what it met and did not take.
    """

    uri: str
    warnings: tuple[str, ...]
    omitted: tuple[Omission, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Gone:
    """A stored document that its file no longer holds.

    Attributes:
        uri: its address.
    """

    uri: str


Frame = Fresh | Warned | Gone
_KINDS: dict[bytes, type[Frame]] = {b"fresh": Fresh, b"warned": Warned, b"gone": Gone}


def write_frame(frame: Frame) -> bytes:
    """Return one line: the frame's kind, a blank, its fields as JSON."""
    fields = json.dumps(frame, default=_plain, separators=(",", ":"), ensure_ascii=False)
    return f"{type(frame).__name__.lower()} {fields}\n".encode()


def read_frame(line: bytes, file_uri: str) -> Frame:
    """Return what ``write_frame`` wrote.

    Raises:
        BrokenFrame: it is no such line, or speaks of a document outside the file ``file_uri``.
    """
    name, _, fields = line.partition(b" ")
    if name not in _KINDS:
        raise BrokenFrame(f"no document: {name[:40]!r} where fresh, warned or gone was wanted")
    kind: Any = _KINDS[name]
    try:
        frame = _adapter(kind).validate_json(fields, strict=True)
    except ValueError as error:
        raise BrokenFrame(f"no document: {type(error).__name__}: {str(error)[:200]}") from error
    if not frame.uri.startswith(file_uri) or frame.uri[len(file_uri) :][:1] not in _INNER:
        raise BrokenFrame(f"a document of another file: {frame.uri[:200]!r}")
    if isinstance(frame, Fresh):
        _check_cuts(frame)
    return frame


def _plain(value: Any) -> Any:
    """Return what JSON can hold for a noun or a date."""
    if isinstance(value, date):
        return value.isoformat()
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Frame]:
    from pydantic import TypeAdapter  # 0.3 s that a reading process, which only writes, can do without

    return TypeAdapter(kind)


def _check_cuts(frame: Fresh) -> None:
    length = len(document_text(frame.document)[0])
    for cut in frame.cuts:
        if not (0 <= cut.section < len(frame.document.sections) and 0 <= cut.start <= cut.end <= length):
            raise BrokenFrame(f"a chunk outside its document: {cut}")
