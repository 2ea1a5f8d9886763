"""What is written down while a turn is under way; in the end it is the answer's trace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.types import Sentence, Statement, Trace


class Notes:
    """Of one turn.

    Attributes:
        model: the chat model that was asked.
        drafts: what it wrote, an attempt each.
        rejected: statements that did not go out.
        fallback: why quotes were given instead.
        remarks: how the chat model answered, for those who look after it.
    """

    def __init__(self) -> None:
        self.model = ""
        self.drafts: list[str] = []
        self.rejected: list[Statement] = []
        self.fallback = ""
        self.remarks: list[str] = []
        self._seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the seconds of a step."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[step] = self._seconds.get(step, 0.0) + time.perf_counter() - begun

    def trace(self) -> Trace:
        """Return what was noted."""
        rejected = tuple(Sentence(s.text, (), s.verdicts) for s in self.rejected)
        timings = tuple((step, round(seconds, 6)) for step, seconds in self._seconds.items())
        remarks = tuple(dict.fromkeys(self.remarks))
        return Trace(
            model=self.model,
            draft="\n---\n".join(self.drafts),
            rejected=rejected,
            fallback=self.fallback,
            timings=timings,
            remarks=remarks,
        )
