"""Front matter that was meant to say who may see a document, and does not say it so that it is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ingest.structure.labels import HIDING, check_names, field_key, label_role, meant_label
from kb.errors import UnknownLabel

_STATED = re.compile(r"""(?P<indent>\s*)(?:-\s+)?["']?(?P<name>[^\s:：=#"'][^:：="']*?)["']?\s*[:：=]""")
_BARE = re.compile(r"(?P<name>\w+)\s+\S+\s*$")
_BEGINS = re.compile(r"\A\s*(?:---|\+\+\+)[ \t]*\n(?P<lines>(?:[ \t]*\S[^\n]*(?:\n|\Z))+)")


def check_front(lines: Iterable[str], read: Collection[str], place: str) -> None:
    """Look at front matter for labels that are mistyped, or stand where they are not read.

    Fields of other programs may be nested as they like and named as they like, but for what hides a document.

    Args:
        lines: of the front matter.
        read: names of the fields that were read from them.
        place: name of the file.

    Raises:
        UnknownLabel: there is one.
    """
    check_names(read, place)
    taken = set(map(field_key, read))
    for line in lines:
        found = _STATED.match(line) or _BARE.match(line)
        if found is None or field_key(found["name"]) in taken:
            continue
        role = label_role(found["name"]) or meant_label(found["name"])
        if role in HIDING or (role and not line[:1].isspace()):
            raise UnknownLabel(
                f"{place} has the line {line.strip()[:60]!r}, which is not read as {role!r}: write "
                f"`{role}: …` at the beginning of a line of the front matter, between two lines `---` with "
                "which the file begins. Without it, who may see the document is unknown"
            )


def check_no_front(raw: str, place: str) -> None:
    """Look whether a text begins with front matter that is not closed, or does not stand on its first line.

    Raises:
        UnknownLabel: a label stands there.
    """
    if begun := _BEGINS.match(raw):
        lines = [line for line in begun["lines"].split("\n") if _hides(line)]
        check_front(lines, (), place)


def _hides(line: str) -> bool:
    found = _STATED.match(line)
    return found is not None and (label_role(found["name"]) or meant_label(found["name"])) in HIDING
