"""Walks over a page's tree that cost one pass; selectors cost twenty times as much."""

from __future__ import annotations

from collections.abc import Container, Iterator

from bs4.element import Tag


def named(root: Tag, names: Container[str]) -> Iterator[Tag]:
    """Yield the elements below a root that have one of these names."""
    return (element for element in root.find_all(True) if element.name in names)


def has_class(element: Tag, *names: str) -> bool:
    """Tell whether an element has one of these classes."""
    classes = element.get("class") or ()
    return any(name in classes for name in names)


def is_gone(element: Tag) -> bool:
    """Tell whether an element was taken out of its tree.

    Beautiful Soup's own ``decomposed`` (4.15) searches the whole element for a tag named ``_decomposed``.
    """
    return bool(element.__dict__.get("_decomposed"))
