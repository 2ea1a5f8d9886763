"""The marks of list items as a page shows them: lettered, Roman, Chinese, counted down, begun at any number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import NavigableString, Tag

from ingest.formats.markup.styles import Styles
from ingest.text.number_styles import style_named, write_number
from ingest.text.symbols import CHECKED, UNCHECKED

_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_STYLE_NAME = re.compile(r"[a-z][a-z-]*")
_NO_STYLES = frozenset(("inside", "outside", "inherit", "initial", "unset", "url"))
_WIDE_STOP = re.compile("^(?:cjk|simp|trad|japanese|korean|hiragana|katakana)-")
_GOOGLE = re.compile(r"^lst-kix_[\w]+-(\d)$")
_QUOTED = r"""(?:"([^"]*)"|'([^']*)')?"""
_COUNTED = re.compile(rf"\s*{_QUOTED}\s*counter\(\s*[\w-]+\s*(?:,\s*([\w-]+)\s*)?\)\s*{_QUOTED}\s*")
"""A number that a style sheet writes before an item, with what stands around it."""
_NUMBER = re.compile(r"[+-]?\d{1,9}")
_STATES = {"true": True, "checked": True, "complete": True, "done": True}
_WIKI_LISTS = frozenset(["inline-task-list", "task-list-confluence"])


def numbered(tag: Tag, styles: Styles) -> Iterator[tuple[Tag, str]]:
    """Yield the children of a list with their marks (``a.``, ``三、``, ``-``), empty for what is no item."""
    ordered = tag.name == "ol"
    items = tag.find_all("li", recursive=False)
    step = -1 if ordered and tag.has_attr("reversed") else 1
    number = _integer(tag.get("start"), len(items) if step < 0 else 1)
    for child in tag.find_all(True, recursive=False):
        if child.name != "li":
            yield child, ""
            continue
        number = _integer(child.get("value"), number)
        yield child, _mark(tag, child, number, styles) if ordered else _bullet(tag, child, styles)
        number += step


def google_level(tag: Tag) -> int:
    """Return how deep a list of Google Docs is, which writes each level as a list of its own; -1 for others."""
    for name in tag.get("class") or ():
        level = _GOOGLE.match(name)
        if level:
            return int(level.group(1))
    return -1


def _mark(tag: Tag, item: Tag, number: int, styles: Styles) -> str:
    style = _style(tag, item, styles)
    if style == "none" and (counted := _counted(item, number, styles)):
        return counted
    if style == "none" and google_level(tag) < 0:
        return ""
    string = re.search(r"[\"']([^\"']*)[\"']", style)
    if string:
        return str(string.group(1)).strip()
    written = write_number(number, style_named(style) if style != "none" else "decimal")
    if not written:
        return "-"
    return f"{written}{'、' if _WIDE_STOP.match(style) else '.'}"


def _counted(item: Tag, number: int, styles: Styles) -> str:
    """Return the number that a style sheet counts and writes before an item of a list without marks."""
    found = _COUNTED.fullmatch(styles.before(item))
    if found is None:
        return ""
    before, before_too, style, after, after_too = found.groups()
    written = write_number(number, style_named(style or "decimal"))
    return f"{before or before_too or ''}{written}{after or after_too or ''}".strip() if written else ""


def _bullet(tag: Tag, item: Tag, styles: Styles) -> str:
    style = _style(tag, item, styles)
    string = re.search(r"[\"']([^\"']*)[\"']", style)
    if string and string.group(1).strip():
        return str(string.group(1)).strip()
    named = style_named(style) if style else "bullet"
    return "-" if named in ("bullet", "none") or named == style else f"{write_number(1, named)}."


def _style(tag: Tag, item: Tag, styles: Styles) -> str:
    """Return the style of an item's number as CSS calls it; empty for the list's usual one."""
    for element in (item, tag):
        own = styles.of(element)
        stated = own.get("list-style-type") or own.get("list-style") or ""
        if re.search(r"[\"']", stated):
            return str(stated)
        names: list[str] = [name for name in _STYLE_NAME.findall(stated) if name not in _NO_STYLES]
        if names:
            return names[0]
        kind = str(element.get("type") or "")
        if kind in _TYPES:
            return _TYPES[kind]
    return "decimal" if tag.name == "ol" else ""


def _integer(value: object, otherwise: int) -> int:
    text = str(value if value is not None else "").strip()
    return int(text) if _NUMBER.fullmatch(text) else otherwise


def write_tasks(root: Tag) -> None:
    """Put a box before the words of each task that carries its state in an attribute, a class or an element."""
    for task in root.find_all("ac:task"):
        _take_stored(task)
    for tasks in root.find_all("ac:task-list"):
        tasks.name = "ul"
    for item in root.find_all("li"):
        done = _state(item)
        if done is not None and item.find("input") is None:
            item.insert(0, NavigableString(f"{CHECKED if done else UNCHECKED} "))


def _take_stored(task: Tag) -> None:
    """Make an item of a task as Confluence stores it: number, state and words in elements of their own."""
    status, body = task.find("ac:task-status"), task.find("ac:task-body")
    task["data-checked"] = status.get_text(strip=True) if isinstance(status, Tag) else ""
    for part in task.find_all(["ac:task-id", "ac:task-uuid", "ac:task-status"]):
        part.decompose()
    if isinstance(body, Tag):
        body.unwrap()
    task.name = "li"


def _state(item: Tag) -> bool | None:
    """Return whether a task is done; None for an item that is no task."""
    above = item.parent
    for element, name in ((item, "data-checked"), (item, "data-list"), (above, "data-checked")):
        stated = str(element.get(name) or "").lower() if element is not None and element.has_attr(name) else ""
        if element is not None and element.has_attr(name) and (name != "data-list" or "check" in stated):
            return _STATES.get(stated, False)
    lists = set(above.get("class") or ()) if above is not None else set()
    if lists & _WIKI_LISTS or (above is not None and above.has_attr("data-inline-tasks-content-id")):
        return "checked" in (item.get("class") or ())
    return None
