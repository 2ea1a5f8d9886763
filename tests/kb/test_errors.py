"""The error tree."""

from __future__ import annotations

import re

from kb import errors
from kb.errors import FaqError, MissingExtra


def drawn() -> dict[str, str]:
    """Return error -> its parent, as drawn at the top of the module."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"^([│├└─ ]*)([A-Z]\w+)(?:\s{2,}.*)?$", line):
            depth = len(found.group(1)) // 4
            above[depth:] = [found.group(2)]
            if depth:
                parents[found.group(2)] = above[depth - 1]
    return parents


def in_code(error: type[FaqError]) -> dict[str, str]:
    """Return error -> its parent, as the classes are."""
    found = {}
    for child in error.__subclasses__():
        if child.__module__ == errors.__name__:
            found[child.__name__] = error.__name__
            found |= in_code(child)
    return found


def test_the_drawn_tree_is_the_tree() -> None:
    """The drawing at the top of kb/errors.py equals the classes."""
    assert drawn() == in_code(FaqError)
    assert len(drawn()) > 10


def test_every_error_says_what_it_is() -> None:
    """Each class has a docstring."""
    assert all(getattr(errors, name).__doc__ for name in drawn())


def test_a_missing_extra_names_the_command() -> None:
    """The message of MissingExtra names package, extra and purpose."""
    assert "pip install 'faq-assistant[local]'" in str(MissingExtra("torch", "local", "this model"))
