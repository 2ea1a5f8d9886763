"""Every answer is kept with what it rests on, so that audits can replay it.

One SQLite file in ``home``, in WAL mode: many processes may write and read it at once. The texts are stored;
private data is redacted before it is written (``assistant.guard.redact``), but for what the company's own
documents say.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import and_, func, select

from assistant.conversation.tables import RECORDS
from assistant.conversation.tables import records as _records
from assistant.guard.redact import redact
from assistant.settings import REGIONS
from assistant.types import Answer, Message, Outcome
from kb.errors import StorageError
from kb.store.database import open_engine
from kb.store.sqlite import sqlite_url

FILE = "records.sqlite3"
_PAGE = 200  # records read at a time
_EVIDENCE = ("hits", "citations")  # the company's own words: not redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One answer as it was given.

    Attributes:
        id: 32 hexadecimal digits, drawn at random.
        at: when it was complete, UTC.
        channel: where the message came from (``terminal``, ``web`` …).
        conversation: its id; empty where the channel knows none.
        history: the conversation before it, oldest first.
        answer: with its hits, verdicts and trace.
        brand: whose documents were asked; empty where there are no brands.
    """

    id: str
    at: datetime
    channel: str
    conversation: str
    history: tuple[Message, ...]
    answer: Answer
    brand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which records are read; None means all.

    Attributes:
        since: from this moment on, with a time zone.
        until: before this moment, with a time zone.
        channel: of this channel.
        conversation: of this conversation.
        language: answered in this language, ``en`` or ``zh``.
        outcome: that ended so.
        version: answered from this version of the knowledge base.
        brand: asked of this brand.
    """

    since: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    conversation: str | None = None
    language: str | None = None
    outcome: Outcome | None = None
    version: int | None = None
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class ModelRemark:
    """What one record says about the chat model.

    Attributes:
        at: when the answer was complete, UTC.
        failed: whether quotes stood in.
        text: why, or how it answered.
    """

    at: datetime
    failed: bool
    text: str


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """How the chat model did in the newest records.

    Attributes:
        records: how many were looked at.
        asked: for how many of them it was asked.
        failed: for how many of those it failed.
        last: the newest failures and remarks, newest first.
    """

    records: int
    asked: int
    failed: int
    last: tuple[ModelRemark, ...]


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands in the column of that name."""

    history: tuple[Message, ...]
    answer: Answer


class Records:
    """The file of records. Safe for several threads and processes; close it after use."""

    def __init__(self, home: Path, regions: Sequence[str] = REGIONS) -> None:
        """Open the file in ``home``, made on first use.

        Args:
            home: its folder.
            regions: whose national telephone numbers are taken out.

        Raises:
            StorageError: it cannot be opened or made, or a later release has changed it.
        """
        self._regions = tuple(regions)
        self._file = home / FILE
        self._engine = open_engine(sqlite_url(self._file), RECORDS)

    def add(
        self,
        answer: Answer,
        history: Sequence[Message] = (),
        *,
        channel: str = "",
        conversation: str = "",
        at: datetime | None = None,
        known: Mapping[str, str] | Iterable[str] = (),
        brand: str = "",
    ) -> str:
        """Write one answer, redacted; return the record's id.

        Args:
            answer: as it went out.
            history: the conversation before it.
            channel: where it went.
            conversation: its id.
            at: when, with a time zone; None is now.
            known: what the account knows of the customer, which is taken out, too.
            brand: whose documents were asked.

        Raises:
            StorageError: it cannot be written.
            KnowledgeBaseBusy: another program keeps it from being written.
            ValueError: ``at`` has no time zone.
        """
        identifier = secrets.token_hex(16)
        row = {
            "id": identifier, "at": _stamp(at or datetime.now(UTC)), "channel": channel,
            "conversation": conversation, "language": answer.language, "outcome": answer.outcome.value,
            "version": answer.version, "brand": brand, "body": self._write(_Body(tuple(history), answer), known),
        }  # fmt: skip
        with self._engine.begin() as connection:
            connection.execute(_records.insert(), row)
        return identifier

    def read(self, selection: Selection = Selection()) -> Iterator[Record]:
        """Yield records in the order they were written; what is written meanwhile may or may not be among them.

        Raises:
            StorageError: the file, or a record of another release, cannot be read.
            ValueError: a moment of ``selection`` has no time zone.
        """
        last = 0
        while True:
            query = select(_records).where(_records.c.number > last, *_conditions(selection))
            with self._engine.connect() as connection:
                rows = connection.execute(query.order_by(_records.c.number).limit(_PAGE)).all()
            if not rows:
                return
            for row in rows:
                last = row.number
                yield self._record(row)

    def get(self, identifier: str) -> Record | None:
        """Return the record of that id, None if there is none.

        Raises:
            StorageError: the file, or the record, cannot be read.
        """
        with self._engine.connect() as connection:
            row = connection.execute(select(_records).where(_records.c.id == identifier)).one_or_none()
        return self._record(row) if row is not None else None

    def count(self, selection: Selection = Selection()) -> int:
        """Return how many records there are."""
        query = select(func.count()).select_from(_records).where(and_(True, *_conditions(selection)))
        with self._engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def model_health(self, look: int = 500, most: int = 3) -> ModelHealth:
        """Return how the chat model did in the newest ``look`` records, with its ``most`` newest failures.

        Raises:
            StorageError: the file, or one of those records, cannot be read.
        """
        newest = (
            select(_records.c.id, _records.c.at, _records.c.body).order_by(_records.c.number.desc()).limit(look)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(newest).all()
        asked = failed = 0
        last: list[ModelRemark] = []
        for row in rows:
            try:
                trace = json.loads(row.body)["answer"]["trace"]  # checking the whole body takes ten times as long
            except (KeyError, TypeError, ValueError) as error:
                raise self._unreadable(row.id, "it has no trace") from error
            told = [trace["fallback"]] * bool(trace["fallback"]) + trace.get("remarks", [])
            asked += bool(trace["model"])
            failed += bool(trace["fallback"])
            if told and len(last) < most:
                at = datetime.fromisoformat(row.at)
                last.append(ModelRemark(at, bool(trace["fallback"]), "; ".join(told)))
        return ModelHealth(len(rows), asked, failed, tuple(last))

    def forget(self, *, before: datetime | None = None, conversation: str | None = None) -> int:
        """Delete records older than a moment, or those of one conversation; return how many.

        Raises:
            ValueError: neither is named: that would delete everything; or the moment has no time zone.
            StorageError: it cannot be written.
        """
        if before is None and conversation is None:
            raise ValueError("forget needs a moment or a conversation, got neither: name one of them")
        conditions = _conditions(Selection(until=before, conversation=conversation))
        with self._engine.begin() as connection:
            return connection.execute(_records.delete().where(*conditions)).rowcount

    def _record(self, row: Any) -> Record:
        try:
            body = _bodies().validate_json(row.body)
        except ValidationError as error:
            raise self._unreadable(row.id, f"{error.error_count()} fields differ") from error
        at = datetime.fromisoformat(row.at)
        return Record(
            id=row.id,
            at=at,
            channel=row.channel,
            conversation=row.conversation,
            history=body.history,
            answer=body.answer,
            brand=row.brand,
        )

    def _unreadable(self, identifier: str, why: str) -> StorageError:
        return StorageError(
            f"record {identifier} in {self._file} cannot be read ({why}): it was written by another release; "
            "read it with that one"
        )

    def _write(self, body: _Body, known: Mapping[str, str] | Iterable[str]) -> str:
        published = "\n".join(f"{hit.chunk.title}\n{hit.chunk.text}" for hit in body.answer.hits)

        def clean(text: str) -> str:
            return redact(text, published, known=known, regions=self._regions)

        return json.dumps(_redacted(_bodies().dump_python(body, mode="json"), clean), ensure_ascii=False)

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()


@cache
def _bodies() -> TypeAdapter[_Body]:
    return TypeAdapter(_Body)


def _stamp(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone, one is needed: datetime.now(UTC)")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _conditions(selection: Selection) -> list[Any]:
    column = _records.c
    found = []
    if selection.since is not None:
        found.append(column.at >= _stamp(selection.since))
    if selection.until is not None:
        found.append(column.at < _stamp(selection.until))
    for name in ("channel", "conversation", "language", "outcome", "version", "brand"):
        if (wanted := getattr(selection, name)) is not None:
            found.append(column[name] == wanted)
    return found


def _redacted(value: Any, clean: Callable[[str], str]) -> Any:
    """Return a JSON value with every text redacted but the company's own."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_redacted(item, clean) for item in value]
    if isinstance(value, dict):
        return {name: item if name in _EVIDENCE else _redacted(item, clean) for name, item in value.items()}
    return value
