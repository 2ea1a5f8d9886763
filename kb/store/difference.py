"""How the text of a document differs between two states, for people to read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from itertools import islice

from kb.language.text import sentence_spans
from kb.store.catalogue import StoredDocument
from kb.types import Labels

_AROUND = 1  # sentences shown around a difference
_LONGEST = 400  # lines of one difference


def document_difference(old: StoredDocument, new: StoredDocument) -> list[str]:
    """Return how title, labels and text of a document differ, a line each."""
    above = [*_named("title", old.title, new.title), *label_difference(old.labels, new.labels)]
    return [*above, *text_difference(old.text, new.text)]


def label_difference(old: Labels, new: Labels) -> list[str]:
    """Return how labels differ: ``- audience: staff``, ``+ audience: customers``."""
    names = ("audience", "brand", "product", "language", "valid_from", "valid_until", "supersedes", "trust")
    found: list[str] = []
    for name in names:
        found += _named(name, getattr(old, name), getattr(new, name))
    for name in sorted(old.extra.keys() | new.extra.keys()):
        found += _named(name, old.extra.get(name, ""), new.extra.get(name, ""))
    return found


def _named(name: str, old: object, new: object) -> list[str]:
    if old == new:
        return []
    return [f"{sign} {name}: {_shown(value)}" for sign, value in (("-", old), ("+", new)) if value]


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def text_difference(old: str, new: str) -> list[str]:
    """Return what differs, a sentence a line: ``-`` is gone, ``+`` new, a blank stands around, ``…`` is a gap."""
    lines = list(islice(_lines(_units(old), _units(new)), _LONGEST + 1))
    if len(lines) > _LONGEST:
        lines[_LONGEST:] = ["… and more"]
    return lines


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_AROUND)):
        if number:
            yield "…"
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (f"  {line}" for line in before[i:j])
                continue
            yield from (f"- {line}" for line in before[i:j])
            yield from (f"+ {line}" for line in after[k:m])


def _units(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentence_spans(text)]
