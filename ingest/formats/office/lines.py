"""A line of text put together from the runs that office formats cut it into, in the one model of inline text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from ingest.text.inline import linked, lowered, raised, with_note

_TAIL = 200  # characters that tell what raised text stands behind


class Place(StrEnum):
    """Where a run stands: on the line, above or below it; or a note that is referred to there."""

    LINE = "line"
    RAISED = "raised"
    LOWERED = "lowered"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    place: Place
    target: str


class Line:
    """Gathers the runs of a paragraph; programs cut raised numbers and links into several.

    >>> line = Line()
    >>> line.add("Fill in ")
    >>> line.add("this ", target="https://shop.example/claim")
    >>> line.add("form", target="https://shop.example/claim")
    >>> line.add(" within 3")
    >>> line.add("1", Place.RAISED)
    >>> line.add(" days.")
    >>> line.text()
    'Fill in this form (https://shop.example/claim) within 3¹ days.'
    """

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def add(self, text: str, place: Place = Place.LINE, target: str = "") -> None:
        """Add a run; ``target`` is the address of the link that it belongs to."""
        if text:
            self._runs.append(_Run(text, place, target))

    def note(self, text: str) -> None:
        """Add the text of a note that is referred to here."""
        if text.strip():
            self._runs.append(_Run(text, Place.NOTE, ""))

    def text(self) -> str:
        """Return the line as it is read."""
        parts: list[str] = []
        tail = ""
        for target, runs in groupby(self._runs, key=lambda run: run.target):
            shown = ""
            for place, same in groupby(runs, key=lambda run: run.place):
                if place is Place.NOTE:
                    before = shown or (parts.pop() if parts else "")
                    for note in same:
                        before = with_note(before, note.text)
                    shown = before
                    continue
                piece = "".join(run.text for run in same)
                before = (tail + shown)[-_TAIL:]
                if place is Place.RAISED:
                    piece = raised(piece, before)
                elif place is Place.LOWERED:
                    piece = lowered(piece, before)
                shown += piece
            shown = linked(shown, target) if target else shown
            parts.append(shown)
            tail = (tail + shown)[-_TAIL:]
        return "".join(parts)
