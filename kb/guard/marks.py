"""What was found planted, by sentence: listed for people, who may clear what they have read.

A clearing holds for the sentence in its document, whatever else changes there; in another document the same words
have to be read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, insert, select

from kb.guard.planted import chunk_places
from kb.identity import digest
from kb.language.text import fold
from kb.store.schema import clearings
from kb.types import Chunk, Trust

_ID = 12  # hexadecimal digits of a mark's id: few enough to type


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A sentence that is never quoted.

    Attributes:
        id: computed from the document's uri and the words.
        uri: of the document.
        words: as they stand there.
        trust: of the document.
        cleared: whether a person has said that it may be quoted.
    """

    id: str
    uri: str
    words: str
    trust: Trust
    cleared: bool = False


def mark_id(uri: str, words: str) -> str:
    """Return the id of the mark of a sentence in the document at ``uri``; case and white space do not count."""
    return digest("mark", uri, " ".join(fold(words).split()))[:_ID]


class Guard:
    """Tells what of chunks must not be quoted: what was planted there and nobody has cleared."""

    def __init__(self, cleared: Callable[[], frozenset[str]] = frozenset) -> None:
        """Take what reads the ids of the cleared marks; it is asked for each chunk."""
        self._cleared = cleared

    def places(self, chunk: Chunk) -> tuple[list[tuple[int, int]], frozenset[int]]:
        """Return the spans of a chunk's sentences after its stored question, and which must not be quoted."""
        spans, places = chunk_places(chunk)
        if not places:
            return spans, places
        cleared = self._cleared()
        if not cleared:
            return spans, places
        return chunk_places(chunk, lambda words: mark_id(chunk.document_uri, words) in cleared)

    def marks(self, chunk: Chunk) -> Iterator[Mark]:
        """Yield what must not be quoted of a chunk."""
        spans, places = self.places(chunk)
        for start, end in (spans[place] for place in sorted(places)):
            words = " ".join(chunk.text[start:end].split())
            yield Mark(
                id=mark_id(chunk.document_uri, words),
                uri=chunk.document_uri,
                words=words,
                trust=chunk.labels.trust,
            )


def all_marks(chunks: Iterable[Chunk], cleared: frozenset[str]) -> Iterator[Mark]:
    """Yield the marks of chunks, each once, those that a person has cleared among them."""
    seen: set[str] = set()
    for chunk in chunks:
        guarded = {mark.id for mark in Guard(lambda: cleared).marks(chunk)} if cleared else None
        for mark in Guard().marks(chunk):
            if mark.id not in seen and (guarded is None or mark.id in guarded or mark.id in cleared):
                seen.add(mark.id)
                yield Mark(
                    id=mark.id, uri=mark.uri, words=mark.words, trust=mark.trust, cleared=mark.id in cleared
                )


def cleared_marks(engine: Engine) -> frozenset[str]:
    """Return the ids of the marks that people have cleared."""
    with engine.connect() as connection:
        return frozenset(connection.scalars(select(clearings.c.mark)))


def clear_marks(engine: Engine, marks: Iterable[Mark]) -> None:
    """Remember that a person has read these marks and lets their words be quoted."""
    at = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    rows = [{"mark": mark.id, "uri": mark.uri, "words": mark.words, "cleared_at": at} for mark in marks]
    with engine.begin() as connection:
        connection.execute(delete(clearings).where(clearings.c.mark.in_([row["mark"] for row in rows])))
        if rows:
            connection.execute(insert(clearings), rows)


def restore_marks(engine: Engine, ids: Iterable[str]) -> None:
    """Take clearings back."""
    with engine.begin() as connection:
        connection.execute(delete(clearings).where(clearings.c.mark.in_(list(ids))))
