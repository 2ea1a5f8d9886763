"""What a PDF holds beside the content of its pages, by pypdf: notes, form values, links, layers, files."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError

from ingest.text.omissions import Omissions
from ingest.text.symbols import CHECKED, UNCHECKED
from kb.errors import LimitExceeded
from kb.types import Omitted

Box = tuple[float, float, float, float]

_NOT_SHOWN = 2 | 32  # flags of an annotation: hidden, not to be viewed
_PUSH_BUTTON, _PASSWORD = 1 << 16, 1 << 13  # flags of a field
_PACKED_MOST = 1032  # times that a stream can grow when it is unpacked once
_LARGE_BYTES = 50_000_000  # of the content of a page, unpacked; pypdf knows where to stop
_COMMENTS = frozenset(
    ["/Text", "/Highlight", "/Underline", "/Squiggly", "/Caret", "/Stamp", "/Ink", "/Square", "/Circle", "/Line",
     "/Polygon", "/PolyLine"]
)  # fmt: skip
_MOST_PARENTS = 20


@dataclass(slots=True)
class Overlay:
    """What lies over the content of a page, in the page's own places.

    Attributes:
        values: what fields hold and free notes say, with their boxes.
        links: addresses that a click opens, with the boxes to click on.
        struck: boxes of text that is struck through.
    """

    values: list[tuple[Box, str]] = field(default_factory=list)
    links: list[tuple[Box, str]] = field(default_factory=list)
    struck: list[Box] = field(default_factory=list)


class Inside:
    """Reads what stands beside the pages' content; a file that pypdf cannot open has nothing of it."""

    def __init__(self, path: Path) -> None:
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every repair of a broken file
        self._file = path.open("rb")
        self._pages: list[Any] = []
        self._root: dict[str, Any] = {}
        self._attached: list[tuple[str, Any]] = []
        try:
            reader = PdfReader(self._file)
            if not reader.is_encrypted or reader.decrypt(""):
                self._root = reader.root_object
                self._pages = list(reader.pages)
        except Exception:  # it may fail where PDFium does not; then there are pages alone
            self._pages = []

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def check(self, number: int) -> None:
        """Raise ``LimitExceeded`` where the content of a page unpacks to more than memory should hold."""
        if number > len(self._pages):
            return
        try:
            contents = _solid(self._pages[number - 1].get("/Contents"))
            for stream in contents if isinstance(contents, list) else [contents]:
                _check_stream(_solid(stream))
        except LimitReachedError as error:
            raise LimitExceeded(f"page {number} unpacks to more than is read ({error}): save it anew") from error
        except Exception:  # a page that pypdf cannot look at
            return

    def layers_off(self) -> frozenset[str]:
        """Return the names of the layers that are not shown when the file is opened."""
        try:
            properties = _solid(self._root.get("/OCProperties")) or {}
            usual = _solid(properties.get("/D")) or {}
            off = [_solid(one) for one in _solid(usual.get("/OFF")) or ()]
            if usual.get("/BaseState") == "/OFF":
                on = [_solid(one) for one in _solid(usual.get("/ON")) or ()]
                off = [one for one in map(_solid, _solid(properties.get("/OCGs")) or ()) if one not in on]
            return frozenset(str(one.get("/Name", "")) for one in off) - {""}
        except Exception:
            return frozenset()

    def has_foreign_form(self) -> bool:
        """Tell whether the form is kept in a way of its own (XFA) and not in fields."""
        try:
            form = _solid(self._root.get("/AcroForm")) or {}
            return "/XFA" in form and not _solid(form.get("/Fields"))
        except Exception:
            return False

    def overlay(self, number: int, omissions: Omissions) -> Overlay:
        """Return what lies over a page; comments of reviewers are noted as left out."""
        overlay = Overlay()
        if number > len(self._pages):
            return overlay
        try:
            notes = _solid(self._pages[number - 1].get("/Annots")) or ()
        except Exception:
            return overlay
        for note in notes:
            try:
                self._read(_solid(note), overlay, omissions)
            except Exception:  # noqa: S112 - one note that is broken takes nothing from the others
                continue
        return overlay

    def files(self) -> Iterator[tuple[str, Any]]:
        """Yield name and content of the files inside; where one cannot be unpacked, the error in its place."""
        names = _solid((_solid(self._root.get("/Names")) or {}).get("/EmbeddedFiles"))
        seen: set[str] = set()
        for name, entry in [*_named(names, 0), *self._attached]:
            shown = str(_first(entry, "/UF", "/F") or name)
            if shown in seen:
                continue
            seen.add(shown)
            try:
                streams = _solid(entry["/EF"])
                yield shown, io.BytesIO(_solid(_first(streams, "/UF", "/F")).get_data())
            except Exception as error:
                yield shown, error

    def _read(self, note: Any, overlay: Overlay, omissions: Omissions) -> None:
        kind = note.get("/Subtype")
        box = _box(note.get("/Rect"))
        if int(note.get("/F", 0)) & _NOT_SHOWN:
            omissions.leave(Omitted.HIDDEN, _value(note) if kind == "/Widget" else _text(note.get("/Contents")))
        elif kind == "/Widget":
            if value := _value(note):
                overlay.values.append((box, value))
        elif kind == "/FreeText":
            overlay.values.append((box, _text(note.get("/Contents"))))
        elif kind == "/Link":
            action = _solid(note.get("/A")) or {}
            if address := _text(action.get("/URI")):
                overlay.links += [(part, address) for part in _quads(note, box)]
        elif kind == "/StrikeOut":
            overlay.struck += _quads(note, box)
            omissions.leave(Omitted.COMMENTS, _text(note.get("/Contents")))
        elif kind == "/FileAttachment":
            self._attached.append(("", _solid(note.get("/FS"))))
        elif kind in _COMMENTS:
            omissions.leave(Omitted.COMMENTS, _text(note.get("/Contents")))


def _check_stream(stream: Any) -> None:
    filters = _solid(stream.get("/Filter"))
    times = len(filters) if isinstance(filters, list) else 1
    packed = len(getattr(stream, "_data", b""))  # pypdf keeps no /Length
    if times > 1 or packed * _PACKED_MOST > _LARGE_BYTES:
        stream.get_data()


def _value(widget: Any) -> str:
    """Return what a field shows: its text, what is chosen, or a box, ticked or not."""
    kind, flags = _inherited(widget, "/FT"), int(_inherited(widget, "/Ff") or 0)
    value = _inherited(widget, "/V")
    if kind == "/Btn":
        if flags & _PUSH_BUTTON:
            return ""
        state = widget.get("/AS") or value or "/Off"
        return UNCHECKED if state == "/Off" else CHECKED
    if kind == "/Tx" and not flags & _PASSWORD:
        return _text(value)
    if kind == "/Ch":
        shown: dict[str, str] = {}
        for kept, option in _options(_inherited(widget, "/Opt") or ()):
            shown.setdefault(kept, option)  # of options kept alike, viewers show the first
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(shown.get(_text(one), _text(one)) for one in chosen if one is not None)
    return ""


def _options(options: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield what a choice is kept as and what it shows."""
    for option in options:
        one = _solid(option)
        if isinstance(one, list) and len(one) > 1:
            yield _text(one[0]), _text(one[1])


def _inherited(widget: Any, name: str) -> Any:
    one = widget
    for _ in range(_MOST_PARENTS):
        if one is None:
            return None
        if name in one:
            return _solid(one[name])
        one = _solid(one.get("/Parent"))
    return None


def _quads(note: Any, box: Box) -> list[Box]:
    """Return the boxes of the lines that a note lies on."""
    numbers = [float(number) for number in _solid(note.get("/QuadPoints")) or ()]
    quads = [numbers[start : start + 8] for start in range(0, len(numbers) - 7, 8)]
    return [(min(quad[::2]), min(quad[1::2]), max(quad[::2]), max(quad[1::2])) for quad in quads] or [box]


def _box(corners: Any) -> Box:
    left, bottom, right, top = (float(number) for number in _solid(corners))
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _named(tree: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a tree of names."""
    if not tree or depth > _MOST_PARENTS:
        return
    names = _solid(tree.get("/Names")) or ()
    for place in range(0, len(names) - 1, 2):
        yield _text(names[place]), _solid(names[place + 1])
    for branch in _solid(tree.get("/Kids")) or ():
        yield from _named(_solid(branch), depth + 1)


def _first(entry: Any, *names: str) -> Any:
    return next((entry[name] for name in names if entry and name in entry), None)


def _text(value: Any) -> str:
    """Return a text of the file, also one that is kept as a stream."""
    one = _solid(value)
    if one is None:
        return ""
    if hasattr(one, "get_data"):
        one = one.get_data()
    if isinstance(one, bytes):
        return one.decode("utf-16" if one[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8", "replace")
    return str(one)


def _solid(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value
