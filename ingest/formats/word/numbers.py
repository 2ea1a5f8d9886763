"""Numbered lists of Word documents: which list a paragraph belongs to, and the mark before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn

from ingest.formats.word.styles import WordStyles, is_on, number, value
from ingest.text.number_styles import style_named
from ingest.text.numbering import Level, ListCounter

_MAX_LINKS = 10  # lists that are defined by a style that names a list; more are a circle
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"

Element = Any  # lxml elements as python-docx subclasses them; python-docx ships no types


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a paragraph.

    Attributes:
        text: the mark (``-``, ``3.``, ``2.1``), empty where there is none.
        depth: of the list, 0 outermost.
        tight: whether the text follows it without a blank.
        listed: whether the paragraph belongs to a list at all.
    """

    text: str = ""
    depth: int = 0
    tight: bool = False
    listed: bool = False


@dataclass(slots=True)
class _List:
    """One list of a document (``w:num``): lists of the same kind count together."""

    kind: str
    levels: dict[int, Level]
    starts: dict[int, int]  # depth to the number that its first item gets


class Numbering:
    """Counts the items of a document's lists and writes their marks."""

    def __init__(self, document: Any, styles: WordStyles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._by_style: dict[tuple[str, str], int] = {}  # list and style of paragraphs to the depth
        self._counters: dict[str, ListCounter] = {}
        self._marks: dict[Element, Mark] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        kinds = {str(kind.get(qn("w:abstractNumId"))): kind for kind in root.iterfind(qn("w:abstractNum"))}
        numbers = {str(one.get(qn("w:numId"))): one for one in root.iterfind(qn("w:num"))}
        for identifier, one in numbers.items():
            self._lists[identifier] = self._read(one, kinds, numbers)
            for level in _definitions(one, kinds.get(self._lists[identifier].kind)):
                style = value(level, "w:pStyle")
                if style:
                    self._by_style[identifier, style] = _depth(level)

    def _read(self, one: Element, kinds: dict[str, Element], numbers: dict[str, Element]) -> _List:
        """Return what a list says, or the list that a style of lists stands for."""
        kind = value(one, "w:abstractNumId")
        for _ in range(_MAX_LINKS):
            linked = value(kinds.get(kind), "w:numStyleLink")
            target = numbers.get(self._styles.numbering(linked)[0]) if linked else None
            if target is None:
                break
            kind = value(target, "w:abstractNumId")
        levels = {_depth(level): _level(level) for level in _definitions(one, kinds.get(kind))}
        starts: dict[int, int] = {}
        for override in one.iterfind(qn("w:lvlOverride")):
            start = number(override, "w:startOverride")
            depth = _depth(override)
            if start is not None:
                starts[depth] = start
                levels[depth] = replace(levels.get(depth, Level()), start=start)
        return _List(kind, levels, starts)

    def mark(self, paragraph: Element, style: str) -> Mark:
        """Return the mark of a paragraph, the next of its list; asked again, the same one."""
        if paragraph not in self._marks:
            found = self._next(paragraph.find(qn("w:pPr")), style)
            if not found.listed:
                return found
            self._marks[paragraph] = found
        return self._marks[paragraph]

    def _next(self, properties: Element | None, style: str) -> Mark:
        own = properties.find(qn("w:numPr")) if properties is not None else None
        identifier, depth = value(own, "w:numId"), number(own, "w:ilvl")
        if not identifier:
            identifier, styled, source = self._styles.numbering(style)
            depth = self._depth_of(identifier, style, source, styled) if depth is None else depth
        counted = self._lists.get(identifier)
        if not identifier or identifier == "0":
            return Mark()
        depth = max(0, min(depth or 0, 8))
        if counted is None:
            return Mark("-", depth, listed=True)
        counter = self._counters.setdefault(counted.kind, ListCounter())
        text = counter.next(depth, counted.levels, counted.starts.pop(depth, None))
        level = counted.levels.get(depth, Level())
        return Mark(text, depth, level.tight, listed=True)

    def _depth_of(self, identifier: str, style: str, source: str, stated: int | None) -> int:
        """Return the depth at which a list names a style of paragraphs, or the style on which that is based."""
        for name in (style, source):
            if (identifier, name) in self._by_style:
                return self._by_style[identifier, name]
        return stated or 0


def _definitions(one: Element, kind: Element | None) -> list[Element]:
    """Return the levels of a kind of list, and after them those that one list defines anew."""
    levels = list(kind.iterfind(qn("w:lvl"))) if kind is not None else []
    return levels + list(one.iterfind(f"{qn('w:lvlOverride')}/{qn('w:lvl')}"))


def _depth(level: Element) -> int:
    stated = str(level.get(qn("w:ilvl")) or "0")
    return int(stated) if stated.isdecimal() and len(stated) < 3 else 0


def _level(level: Element) -> Level:
    format_of = level.find(qn("w:numFmt"))
    if format_of is None:
        format_of = level.find(f"{_CHOICE}//{qn('w:numFmt')}")
    style = str(format_of.get(qn("w:val")) or "decimal") if format_of is not None else "decimal"
    if style == "custom" and format_of is not None:
        style = style_named(str(format_of.get(qn("w:format")) or ""))
    looks = level.find(qn("w:rPr"))
    fonts = looks.find(qn("w:rFonts")) if looks is not None else None
    restarts = number(level, "w:lvlRestart")
    start = number(level, "w:start")
    hidden = is_on(looks, "w:vanish")
    return Level(
        style="none" if hidden else style,
        pattern="" if hidden else re.sub(r"[\x00-\x08]", "", value(level, "w:lvlText")),
        start=1 if start is None else start,
        restarts=restarts,
        plain=is_on(level, "w:isLgl"),
        tight=value(level, "w:suff") == "nothing",
        font=str(fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) or "") if fonts is not None else "",
    )
