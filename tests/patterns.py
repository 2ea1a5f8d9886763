"""The product's patterns and tables of words, found by importing every module."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as constants
from types import ModuleType
from typing import Any

from kb.errors import MissingExtra
from kb.language.words import Words

ROOT = Path(__file__).parent.parent
PACKAGES = ("kb", "ingest", "assistant")
_NEEDS_AN_EXTRA = {"langchain", "langchain_core", "openai", "sentence_transformers", "torch", "rapidocr"}


def sources() -> list[Path]:
    """Return the files of the product's modules."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def modules() -> Iterator[ModuleType]:
    """Yield the product's modules; one that needs an extra which is not installed is passed over."""
    for path in sources():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        try:
            yield importlib.import_module(name)
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] not in _NEEDS_AN_EXTRA:
                raise
        except MissingExtra:
            continue


@cache
def tables() -> dict[str, Words]:
    """Return every table of words that is a constant of a module, by ``module.NAME``."""
    return {name: value for name, value in _constants() if isinstance(value, Words)}


@cache
def patterns() -> dict[str, re.Pattern[Any]]:
    """Return every compiled pattern that is a constant of a module, by ``module.NAME``."""
    return {name: value for name, value in _constants() if isinstance(value, re.Pattern)}


def _constants() -> Iterator[tuple[str, Any]]:
    """Yield the tables and patterns of each module that makes them, those in lists and mappings by their place."""
    seen: set[int] = set()
    for module in modules():
        text = Path(module.__file__ or "").read_text(encoding="utf-8")
        for name, value in vars(module).items():
            if re.search(rf"^{re.escape(name)}\b[^=\n]*=", text, re.MULTILINE):
                for place, found in _inside(f"{module.__name__}.{name}", value):
                    if id(found) not in seen:
                        seen.add(id(found))
                        yield place, found


def _inside(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, (Words, re.Pattern)):
        yield name, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _inside(f"{name}[{key}]", part)
    elif isinstance(value, (list, tuple)):
        for place, part in enumerate(value):
            yield from _inside(f"{name}[{place}]", part)


def alternatives(pattern: re.Pattern[str]) -> tuple[re.Pattern[str], dict[int, str]]:
    """Return a pattern that marks which alternatives it takes: with an empty group at the end of each.

    Also the text of each such group's alternative. What stands in look-arounds is only looked at, and not marked.
    """
    tree = _parser.parse(pattern.pattern, pattern.flags)
    marks: dict[int, str] = {}
    _mark(tree, marks)
    return _compiler.compile(tree), marks


def _mark(tree: Any, marks: dict[int, str]) -> None:
    """Put an empty group at the end of every alternative of a parsed pattern."""
    for operation, argument in tree.data:
        if operation is constants.BRANCH:
            for alternative in argument[1]:
                _mark(alternative, marks)
                group = tree.state.opengroup(None)
                empty = _parser.SubPattern(tree.state, [])
                tree.state.closegroup(group, empty)
                marks[group] = _shown(alternative)
                alternative.data.append((constants.SUBPATTERN, (group, 0, 0, empty)))
        elif operation is constants.SUBPATTERN:
            _mark(argument[3], marks)
        elif operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            _mark(argument[2], marks)
        elif operation is constants.ATOMIC_GROUP:
            _mark(argument, marks)


def _shown(tree: Any) -> str:
    """Return the letters of an alternative, for people; what is no letter as dots."""
    return "".join(chr(argument) if operation is constants.LITERAL else "…" for operation, argument in tree.data)


def not_taken(pattern: re.Pattern[str], examples: Iterable[str], *, whole: bool = False) -> list[str]:
    """Return the alternatives of a pattern that none of the examples takes, as a whole or anywhere in it."""
    marked, marks = alternatives(pattern)
    taken = {
        group
        for example in examples
        for found in ([marked.fullmatch(example)] if whole else marked.finditer(example))
        for group in marks
        if found and found.start(group) >= 0
    }
    return [text for group, text in marks.items() if group not in taken]
