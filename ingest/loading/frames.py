"""How documents come out of the process that read them: as JSON, checked value by value.

Whoever takes over that process by a hostile file can write what it likes; nothing but text, numbers and dates of
the declared types comes through, and only for addresses inside the file that was read.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from ingest.loading.chunks import Cut, document_text
from kb.types import Document, Omission

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
_KINDS: dict[str, type[Frame]] = {"fresh": Fresh, "warned": Warned, "gone": Gone}


def write_frame(frame: Frame) -> bytes:
    """Return one line of JSON."""
    named = [type(frame).__name__.lower(), _plain(frame)]
    return json.dumps(named, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def read_frame(line: bytes, file_uri: str) -> Frame:
    """Return what ``write_frame`` wrote.

    Raises:
        BrokenFrame: it is no such line, or speaks of a document outside the file ``file_uri``.
    """
    try:
        name, value = json.loads(line)
        if b"\\ud" in line.lower():  # half a character, which no database takes, can only come as an escape
            json.dumps(value, ensure_ascii=False).encode()
        kind: Any = _KINDS[name]
        frame: Frame = _reader(kind)(value)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BrokenFrame(f"no document: {type(error).__name__}: {str(error)[:200]}") from error
    if not frame.uri.startswith(file_uri) or frame.uri[len(file_uri) :][:1] not in _INNER:
        raise BrokenFrame(f"a document of another file: {frame.uri[:200]!r}")
    if isinstance(frame, Fresh):
        _check_cuts(frame)
    return frame


def _check_cuts(frame: Fresh) -> None:
    length = len(document_text(frame.document)[0])
    for cut in frame.cuts:
        if not (0 <= cut.section < len(frame.document.sections) and 0 <= cut.start <= cut.end <= length):
            raise BrokenFrame(f"a chunk outside its document: {cut}")


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; a dataclass as the list of its fields."""
    if dataclasses.is_dataclass(value):
        kind: Any = type(value)
        return [_plain(getattr(value, name)) for name in _names(kind)]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what turns plain JSON into a value of a declared type, or raises TypeError or ValueError."""
    origin, inner = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    if origin in (Union, types.UnionType):
        (some,) = (option for option in inner if option is not type(None))
        read = _reader(some)
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        read = _reader(inner[0])
        return lambda value: tuple([read(item) for item in _checked(value, list)])
    if origin is Mapping:
        key, item = map(_reader, inner)
        return lambda value: {key(k): item(v) for k, v in _checked(value, dict).items()}
    if issubclass(kind, date):
        return lambda value: kind.fromisoformat(_checked(value, str))
    if issubclass(kind, Enum):
        return lambda value: kind(value)
    return lambda value: _checked(value, kind)


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = [_reader(hints[name]) for name in _names(kind)]

    def read(value: Any) -> Any:
        return kind(*[one(item) for one, item in zip(readers, _checked(value, list), strict=True)])

    return read


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} where {kind.__name__} was wanted")
    return value
