"""The product's patterns and tables of words, found by importing every module."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

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


def tables() -> dict[str, Words]:
    """Return every table of words that is a constant of a module, by ``module.NAME``."""
    return {name: value for name, value in _constants() if isinstance(value, Words)}


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
