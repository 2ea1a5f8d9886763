"""What stands at the head of a Markdown file about it: YAML, TOML or JSON becomes one level of names and texts."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

from ingest.structure.labels import field_key

_YAML = re.compile(r"\A---[ \t]*\n(.*?)\n?(?:^---|^\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n?^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_JSON = re.compile(r"\A(?:;;;[ \t]*\n)?\{[ \t]*\n?\s*\"")
_FIELD = re.compile(r"^([^\s:#][^:]*?)\s*:(?:\s+(.*?)|)\s*$")
_ITEM = re.compile(r"^\s*-\s+(.*)$")
_DEEPEST = 8
_YES = frozenset(("true", "yes", "on", "1", "是", "y"))
_NO = frozenset(("false", "no", "off", "0", "否", "n"))
_KEPT_BACK = frozenset(("draft", "isdraft", "unlisted", "private", "unpublished", "草稿", "archived"))
_PUBLISHED = frozenset(("published", "publish", "public", "ispublished", "发布"))
_STATES = frozenset(("draft", "private", "unpublished", "pending", "unlisted", "trash", "草稿", "未发布"))


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a file, and what stands below it.

    Attributes:
        fields: names (``seo.title`` for nested ones) to texts; the entries of a list stand on lines.
        lines: of the head as they are written.
        body: the text below.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    body: str = ""

    @property
    def title(self) -> str:
        """The title that it states, empty where it states none."""
        named = ("title", "标题", "標題")
        return next((value for name, value in self.fields.items() if field_key(name) in named), "")

    @property
    def is_draft(self) -> bool:
        """Whether it says that the text is not, or no longer, published."""
        for name, value in self.fields.items():
            key, stated = field_key(name), value.strip().lower()
            if (key in _KEPT_BACK and stated in _YES) or (key in _PUBLISHED and stated in _NO):
                return True
            if key in ("status", "visibility", "state", "状态") and stated in _STATES:
                return True
        return False


def read_front_matter(raw: str) -> FrontMatter | None:
    """Return the head of a text, None where it has none.

    Nothing that a document could abuse is done: no objects are built, no references are followed.
    """
    for pattern, read in ((_YAML, _read_yaml), (_TOML, _read_toml)):
        head = pattern.match(raw)
        if head is not None:
            fields = dict(_flatten(read(head.group(1)), "", 0))
            return FrontMatter(fields, tuple(head.group(1).split("\n")), raw[head.end() :])
    if _JSON.match(raw):
        start = raw.index("{")
        try:
            stated, end = json.JSONDecoder().raw_decode(raw, start)
        except (ValueError, RecursionError):
            return None
        lines = raw[start:end].split("\n")
        body = re.sub(r"\A[ \t]*\n;;;[ \t]*(?=\n|\Z)", "", raw[end:])
        return FrontMatter(dict(_flatten(stated, "", 0)), tuple(lines), body.lstrip("\n"))
    return None


def _read_yaml(text: str) -> Any:
    """Return what YAML says, all values as texts; of broken YAML the plain lines ``name: value``."""
    try:
        if not any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            stated = yaml.load(text, yaml.BaseLoader)  # noqa: S506  # builds texts, lists and mappings only
            return stated if isinstance(stated, dict) else {}
    except (yaml.YAMLError, RecursionError, ValueError):
        pass
    fields: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        found, item = _FIELD.match(line), _ITEM.match(line)
        if found:
            name = found.group(1).strip("\"'")
            fields[name] = (found.group(2) or "").strip().strip("[]").replace('"', "").strip("'")
        elif item and name:
            fields[name] = "\n".join(part for part in (fields[name], item.group(1).strip("\"'")) if part)
    return fields


def _read_toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        pairs = (line.partition("=") for line in text.split("\n") if "=" in line)
        return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def _flatten(stated: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(stated, Mapping):
        for key, value in stated.items():
            yield from _flatten(value, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(stated, list) and not any(isinstance(one, (Mapping, list)) for one in stated):
        yield name, "\n".join(_text(one) for one in stated)
    elif isinstance(stated, list):
        for place, one in enumerate(stated, start=1):
            yield from _flatten(one, f"{name}.{place}", depth + 1)
    else:
        yield name, _text(stated)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).strip()
