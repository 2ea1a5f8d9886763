"""Documents that another one replaces: which of them a search at a date does not see."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin

from sqlalchemy import ColumnElement, Engine, Text, and_, cast, select, text

from kb.language.text import fold
from kb.store.schema import SUPERSEDING, documents, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """A document that names others which it replaces.

    Attributes:
        document_id: its id.
        uri: its address.
        file_uri: the file it was read from.
        supersedes: addresses, paths as seen from its own folder, record ids of its own file, titles.
        audience: who may see it, empty for everyone.
        brand: whose it is, empty for all.
        valid_from: first day it applies, None = always.
        valid_until: last day it applies, None = open.
    """

    document_id: str
    uri: str
    file_uri: str
    supersedes: tuple[str, ...]
    audience: str
    brand: str
    valid_from: date | None
    valid_until: date | None

    def holds(self, day: date, audience: str | None, brand: str | None) -> bool:
        """Tell whether it is in force on a day for an audience of a brand: only then does it replace anything."""
        begun = self.valid_from is None or self.valid_from <= day
        over = self.valid_until is not None and self.valid_until < day
        return begun and not over and self.audience in ("", audience) and self.brand in ("", brand)


class Supersession:
    """Reads from the database which documents replace others, and remembers it for the version asked for last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: tuple[tuple[int, str], dict[str, frozenset[str]]] = ((0, ""), {})

    def hidden(self, version: int, day: date, audience: str | None, brand: str | None) -> frozenset[str]:
        """Return the ids of the documents that a search at this version, day, audience and brand does not see."""
        successors = self.successors(version)
        if not successors:
            return frozenset()
        with self._engine.connect() as connection:  # a restored database may give a number to another state
            folder = connection.scalar(select(versions.c.folder).where(versions.c.number == version)) or ""
        if self._known[0] != (version, folder):
            self._known = ((version, folder), self.replaced(version, successors))
        return superseded(successors, self._known[1], day, audience, brand)

    def successors(self, version: int) -> list[Successor]:
        """Return the documents of ``version`` that supersede others."""
        d = documents.c
        columns = d.document_id, d.uri, d.file_uri, d.labels, d.audience, d.brand, d.valid_from, d.valid_until
        names_others: Any = text(SUPERSEDING)
        if self._engine.dialect.name != "sqlite":
            names_others = cast(d.labels, Text).contains('"supersedes": ["')
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).where(names_others, _seen(version)))
            return [
                Successor(
                    document_id=r.document_id,
                    uri=r.uri,
                    file_uri=r.file_uri,
                    supersedes=tuple(r.labels.get("supersedes", ())),
                    audience=r.audience,
                    brand=r.brand,
                    valid_from=r.valid_from,
                    valid_until=r.valid_until,
                )
                for r in rows
            ]

    def replaced(self, version: int, successors: Sequence[Successor]) -> dict[str, frozenset[str]]:
        """Return id of every successor -> ids of the documents of ``version`` that it supersedes."""
        d = documents.c
        columns = d.document_id, d.uri, d.file_uri, d.title, d.brand
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).where(_seen(version)))
            return replaced_by(successors, ((r.document_id, r.uri, r.file_uri, r.title, r.brand) for r in rows))


def _seen(version: int) -> ColumnElement[bool]:
    return and_(documents.c.version_from <= version, documents.c.version_to > version)


Named = tuple[str, str, str, str, str]
"""Id, uri, uri of the file, title and brand of a document."""


def replaced_by(successors: Iterable[Successor], documents: Iterable[Named]) -> dict[str, frozenset[str]]:
    """Return id of every successor -> ids of the documents that its ``supersedes`` names, itself left out.

    Another brand's are not meant, however they are called.
    """
    successors = list(successors)
    brand_of = {successor.document_id: successor.brand for successor in successors}
    wanted: dict[str, set[str]] = {}
    for successor in successors:
        for name in successor.supersedes:
            for key in _keys(name, successor):
                wanted.setdefault(key, set()).add(successor.document_id)
    found: dict[str, set[str]] = {}
    for identifier, uri, file_uri, title, brand in documents:
        keys = {f"uri {uri}", f"uri {file_uri}", f"title {fold(title).strip()}"}
        for successor_id in set().union(*(wanted.get(key, set()) for key in keys)):
            if successor_id != identifier and len({brand, brand_of[successor_id]} - {""}) < 2:
                found.setdefault(successor_id, set()).add(identifier)
    return {successor_id: frozenset(ids) for successor_id, ids in found.items()}


def _keys(name: str, successor: Successor) -> Iterator[str]:
    """Yield the ways in which a name may be meant."""
    yield f"uri {name}"
    yield f"uri {successor.file_uri}#{name.removeprefix('#')}"
    if "://" in successor.file_uri:
        yield f"uri {urljoin(successor.file_uri, name)}"
    else:
        yield f"uri {posixpath.normpath(posixpath.join(posixpath.dirname(successor.file_uri), name))}"
    yield f"title {fold(name).strip()}"


def superseded(
    successors: Iterable[Successor],
    replaced: Mapping[str, frozenset[str]],
    day: date,
    audience: str | None,
    brand: str | None,
) -> frozenset[str]:
    """Return the ids of the documents that are replaced on a day by one that holds for the audience of a brand.

    Documents that name each other, directly or in a ring, replace nobody of the ring: something must be served.
    """
    edges = {
        successor.document_id: replaced.get(successor.document_id, frozenset())
        for successor in successors
        if successor.holds(day, audience, brand)
    }
    return frozenset(old for new, olds in edges.items() for old in olds if not _reaches(edges, old, new))


def _reaches(edges: Mapping[str, frozenset[str]], start: str, goal: str) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        for following in edges.get(waiting.pop(), frozenset()) - seen:
            if following == goal:
                return True
            seen.add(following)
            waiting.append(following)
    return False
