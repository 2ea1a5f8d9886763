"""The drawing steps of a PDF page, parted by one pattern.

pypdf reads a page's content character by character, which takes half of the time that a page takes. Ordinary
content is parted here several times quicker; whatever is not ordinary (images within the content, brackets within
strings, numbers that are none) is left to pypdf. Letters that are set one by one, moved by a hair each, are put
together: pypdf takes as long for a letter as for a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pypdf._text_extraction
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NameObject

_MOST_BYTES = 16_000_000  # longer content is left to pypdf, which counts its steps and gives up in time
_MOST_PIECES = 50_000  # of one line; pypdf refuses lines that are much longer
_BLANK, _END = rb"[\x00\t\n\f\r ]*", rb"(?=[\x00\s()<>\[\]{}/%]|\Z)"
_TEXT = rb"[^()\\]*(?:\\[^\r\n][^()\\]*)*"  # between brackets
_TOKEN = re.compile(
    _BLANK + rb"(?:"
    rb"([+-]?\d{1,18})" + _END + rb"|"
    rb"([+-]?(?:\d+\.\d*|\.\d+))" + _END + rb"|"
    rb"([A-Za-z'\"][^\s()<>\[\]{}/%\x00]{0,126})" + _END + rb"|"
    rb"\[([-+.\d\s]*(?:\(" + _TEXT + rb"\)[-+.\d\s]*)*)\]|"
    rb"\((" + _TEXT + rb")\)|"
    rb"([\[\]])|"
    rb"(/[!-\"$&'*-.0-;=?-Z\\^-z|~]+)" + _END + rb"|"
    rb"(<<|>>)|"
    rb"<([0-9A-Fa-f\x00\t\n\f\r ]*)>|"
    rb"(%)[^\r\n]*|"
    rb"(\Z))"
)
_WHOLE, _DECIMAL, _OPERATOR, _LINE, _STRING, _BRACKET, _NAME, _DICTIONARY, _HEX, _COMMENT, _OVER = range(1, 12)
_ITEM = re.compile(rb"\((" + _TEXT + rb")\)|([-+.\d]+)")  # of a line that is set in pieces
_HAIR = 10  # thousandths of the size of the letters: no blank is as narrow as twice this
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\\": b"\\", b"(": b"(", b")": b")"}
_LEFT_TO_PYPDF = (b"BI", b"R")  # an image within the content; a reference, which none may hold


class _NotOrdinary(Exception):
    """The content is to be read by pypdf itself."""


def part(content: bytes) -> list[tuple[Any, bytes]] | None:
    """Return operands and operator of each step of a page's content, None where pypdf has to read it.

    They are as in ``pypdf.generic.ContentStream.operations``, with numbers and strings as Python's own, and with
    empty dictionaries: nothing that is shown stands in them.
    """
    if len(content) > _MOST_BYTES:
        return None
    try:
        return _part(content)
    except _NotOrdinary:
        return None


def _part(content: bytes) -> list[tuple[Any, bytes]]:
    operations: list[tuple[Any, bytes]] = []
    operands: list[Any] = []
    outer: list[Any] | None = None  # while the operands of an array are read
    tokens = iter(_TOKEN.scanner(content).match, None)  # type: ignore[attr-defined]  # not in typeshed
    for token in tokens:
        kind = token.lastindex
        if kind == _WHOLE:
            operands.append(int(token[_WHOLE]))
        elif kind == _DECIMAL:
            operands.append(float(token[_DECIMAL]))
        elif kind == _OPERATOR:
            operator = token[_OPERATOR]
            if outer is not None or operator in _LEFT_TO_PYPDF:
                raise _NotOrdinary
            operations.append((operands, operator))
            operands = []
        elif kind == _STRING:
            operands.append(_text(token[_STRING]))
        elif kind == _LINE:
            pieces = _ITEM.findall(token[_LINE])
            operands.append(_join([_number(moved) if moved else _text(text) for text, moved in pieces]))
        elif kind == _BRACKET:
            if (token[_BRACKET] == b"[") != (outer is None):
                raise _NotOrdinary
            if outer is None:
                outer, operands = operands, []
            else:
                operands, outer = [*outer, _join(operands)], None
        elif kind == _NAME:
            operands.append(NameObject(token[_NAME].decode("ascii")))
        elif kind == _HEX:
            digits = b"".join(token[_HEX].replace(b"\x00", b"").split()).decode("ascii")
            operands.append(bytes.fromhex(digits + "0" * (len(digits) % 2)))
        elif kind == _DICTIONARY and token[_DICTIONARY] == b"<<" and outer is None:
            _skip_dictionary(tokens)
            operands.append(DictionaryObject())
        elif kind == _OVER and outer is None:
            return operations
        elif kind != _COMMENT:
            raise _NotOrdinary
    raise _NotOrdinary


def _skip_dictionary(tokens: Iterator[re.Match[bytes]]) -> None:
    """Go on to the end of the dictionary that has begun."""
    depth = 1
    for token in tokens:
        if token.lastindex == _DICTIONARY:
            depth += 1 if token[_DICTIONARY] == b"<<" else -1
        if depth == 0:
            return
    raise _NotOrdinary


def _join(pieces: list[Any]) -> ArrayObject:
    """Return the operand of TJ with texts put together that only a hair parts, the moves between them after them.

    A move to the right is a negative number. The moves stay one by one: their sum would be as wide as a blank.
    """
    if len(pieces) > _MOST_PIECES:
        raise _NotOrdinary
    joined: list[Any] = []
    text: list[bytes] = []
    moves: list[Any] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            text.append(piece)
        elif isinstance(piece, int | float) and piece > -_HAIR:
            moves.append(piece)
        else:
            joined += [b"".join(text), *moves, piece] if text else [*moves, piece]
            text, moves = [], []
    joined += [b"".join(text), *moves] if text else moves
    return ArrayObject(joined)


def _number(written: bytes) -> float:
    try:
        return float(written)
    except ValueError:
        raise _NotOrdinary from None


def _text(written: bytes) -> bytes:
    return _ESCAPE.sub(_unescape, written) if b"\\" in written else written


def _unescape(escape: re.Match[bytes]) -> bytes:
    value = escape[1]
    if value in _ESCAPED:
        return _ESCAPED[value]
    if b"0" <= value < b"8" and int(value, 8) < 256:
        return bytes((int(value, 8),))
    raise _NotOrdinary


class _QuickStream(ContentStream):
    def _parse_content_stream(self, stream: Any) -> None:
        found = part(stream.getvalue())
        if found is None:
            super()._parse_content_stream(stream)
        else:
            self._operations = found


def install() -> None:
    """Let pypdf's extraction of text read content this way, on pages and in the forms that they draw."""
    # Where a later pypdf has no such name it is slower again, and nothing else.
    pypdf._text_extraction.ContentStream = _QuickStream  # type: ignore[attr-defined]
