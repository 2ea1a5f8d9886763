"""Fields of records that hold HTML, as help centres and shops export them, become what a reader sees of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ingest.text.omissions import Omissions

if TYPE_CHECKING:
    from ingest.formats.markup.fragment import Fragment

_WRITTEN = ("rendered", "html", "cooked")
"""Names under which an object holds the text that is shown, beside what it was made of."""


def unwrap(value: object) -> object:
    """Return the text that an object holds of itself: ``{"rendered": "<p>…</p>", "protected": false}``."""
    if isinstance(value, Mapping):
        for name in _WRITTEN:
            if isinstance(value.get(name), str) and len(value) <= 3:
                return value[name]
    return value


def may_be_marked_up(text: str) -> bool:
    """Tell, without importing a parser, whether a text may hold tags or entities."""
    return "<" in text or "&" in text


def read_marked_up(text: str, omitted: Omissions) -> Fragment | None:
    """Return what a reader sees of a text with tags or entities, None of one without; what is hidden is noted."""
    if not may_be_marked_up(text):
        return None
    from ingest.formats.markup.fragment import looks_like_markup, read_fragment

    if not looks_like_markup(text):
        return None
    fragment = read_fragment(text)
    omitted.add(fragment.omissions)
    return fragment


def shown(text: str, omitted: Omissions) -> str:
    """Return a text as a reader sees it: of HTML what a page shows, anything else as it is."""
    fragment = read_marked_up(text, omitted)
    return text if fragment is None else fragment.text
