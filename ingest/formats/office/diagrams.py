"""Diagrams of office files (SmartArt) as the lists that they draw."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
RELATIONS = f"{_DIAGRAM}relIds"
"""The element of a slide or a text that names the parts of a diagram."""

DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
"""Its attribute that names the part with the words."""

_UNSEEN = frozenset(("pres", "parTrans", "sibTrans"))  # points that say how others are laid out
_MAX_POINTS = 5_000
_MAX_NESTING = 20

Element = Any  # lxml elements


def diagram_lines(root: Element) -> list[str]:
    """Return the words of a diagram as the lines of a list, each point with those below it."""
    texts: dict[str, str] = {}
    tops: list[str] = []
    for point in list(root.iter(f"{_DIAGRAM}pt"))[:_MAX_POINTS]:
        kind, identifier = str(point.get("type") or "node"), str(point.get("modelId") or "")
        if kind == "doc":
            tops.append(identifier)
        elif kind not in _UNSEEN:
            texts[identifier] = _words(point)
    below: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for connection in root.iter(f"{_DIAGRAM}cxn"):
        place = str(connection.get("srcOrd") or "0")
        if (connection.get("type") or "parOf") == "parOf" and place.isdecimal():
            below[str(connection.get("srcId"))].append((int(place), str(connection.get("destId"))))
    lines: list[str] = []
    seen: set[str] = set()

    def add(identifier: str, depth: int) -> None:
        for _, child in sorted(below[identifier]) if depth < _MAX_NESTING else ():
            if child in seen or child not in texts:
                continue
            seen.add(child)
            if texts[child]:
                lines.append(f"{'  ' * depth}- {texts[child]}")
            add(child, depth + bool(texts[child]))

    for top in tops:
        add(top, 0)
    return lines + [f"- {text}" for identifier, text in texts.items() if text and identifier not in seen]


def _words(point: Element) -> str:
    paragraphs = (
        "".join(text.text or "" for text in paragraph.iter(f"{_DRAWING}t"))
        for paragraph in point.iter(f"{_DRAWING}p")
    )
    return " ".join(" ".join(paragraphs).split())
