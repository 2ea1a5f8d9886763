"""Exports of help centres and chats: objects that hold lists of articles, in categories or without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.formats.records.build import field_role
from ingest.formats.records.marked_up import unwrap
from ingest.structure.labels import field_key

_PAGING_NAMES = """
count total totalcount totalresults page pages perpage pagecount pagesize next nextpage nexturl previous
previouspage prev offset limit start hasmore more cursor aftercursor beforecursor sortby sortorder type object
meta links pagination success error errors code message msg status version generatedat exportedat
"""
_PAGING = frozenset(_PAGING_NAMES.split())
"""Fields of an answer of an interface that say which part of a list it is."""
_ABOUT_NAMES = """
users authors admins agents groups brands sections categories segments labels tags contenttags teams topics
"""
_ABOUT = frozenset(_ABOUT_NAMES.split())
"""Lists beside the articles of what they refer to."""
_GENERIC_NAMES = """
data articles items results records entries posts faqs questions docs rows list hits value
"""
_GENERIC = frozenset(_GENERIC_NAMES.split())
_MAX_NESTING = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One article, question or macro of an export.

    Attributes:
        fields: its own.
        headings: names of the categories that it stands in, outermost first.
    """

    fields: Mapping[str, object]
    headings: tuple[str, ...] = ()


def entries_of(value: Mapping[str, object]) -> list[Entry] | None:
    """Return the entries of an export, None of an object that is a document itself.

    An export says nothing itself but which part of a list it is; what its list holds are records with texts.
    """
    own = {name: inner for name, inner in value.items() if field_key(name) not in _PAGING}
    lists = {name: inner for name, inner in own.items() if _is_list(inner)}
    held = {name: inner for name, inner in lists.items() if any(_holds_text(item) for item in _items(inner))}
    beside = [name for name in own if name not in lists]
    if not held or any(field_role(name) or not _is_plain(own[name]) for name in beside):
        return None
    if any(field_key(name) not in _ABOUT for name in lists if name not in held):
        return None
    found: list[Entry] = []
    for name, inner in held.items():
        path = () if len(held) == 1 or field_key(name) in _GENERIC else (name,)
        found += _entries(inner, path, 0)
    return found


def entries_in(items: list[object]) -> list[Entry]:
    """Return the entries of a list: its items, and what lists inside them hold, under their titles."""
    return list(_entries(items, (), 0))


def _entries(items: object, path: tuple[str, ...], depth: int) -> Iterator[Entry]:
    for item in _items(items):
        if not isinstance(item, Mapping):
            yield Entry({"text": item}, path)
            continue
        inner = {name: value for name, value in item.items() if _is_list(value) and _hold_articles(value)}
        if not inner or depth > _MAX_NESTING:
            yield Entry(item, path)
            continue
        own = {name: value for name, value in item.items() if name not in inner}
        title = next((str(value) for name, value in own.items() if field_role(name) == "title" and value), "")
        if _has_text(own):
            yield Entry(own, path)
        for value in inner.values():
            yield from _entries(value, (*path, title) if title else path, depth + 1)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (int, float)) or (isinstance(value, str) and len(value) < 200)


def _has_text(item: Mapping[str, object]) -> bool:
    return any(
        field_role(name) in ("answer", "text") and isinstance(unwrap(value), str) and value
        for name, value in item.items()
    )


def _holds_text(item: object) -> bool:
    """Tell whether an entry has a text, or lists whose entries have one."""
    if not isinstance(item, Mapping):
        return False
    return _has_text(item) or any(_is_list(value) and _hold_articles(value) for value in item.values())


def _hold_articles(items: object) -> bool:
    """Tell whether entries of a list have titles or questions with their texts, or hold such entries."""
    return any(
        isinstance(item, Mapping)
        and (
            (_has_text(item) and any(field_role(name) in ("title", "question") for name in item))
            or any(_is_list(value) and _hold_articles(value) for value in item.values())
        )
        for item in _items(items)
    )
