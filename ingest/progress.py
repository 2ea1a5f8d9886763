"""How far a load is: a bar on a terminal, a line every some seconds elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kb.terminal import say

# Chosen.
EVERY = 10.0  # seconds between two lines
_TELLING_SHARE = 0.02  # of the bytes; before, the time that is left is a guess
_LONG = 120.0  # seconds: a load that takes longer says so once


def open_progress() -> ProgressBar | ProgressLines:
    """Return a bar where stderr is a terminal, else lines."""
    return ProgressBar() if sys.stderr.isatty() else ProgressLines()


class ProgressLines:
    """Says every some seconds how far a load is, by itself: also while one file takes long."""

    def __init__(
        self,
        every: float = EVERY,
        tell: Callable[[str], None] = say,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._every, self._tell, self._clock = every, tell, clock
        self._begun = clock()
        self._total = self._done = 0
        self._now = "looking for files"
        self._told_long = False
        self._over = threading.Event()

    def fetching(self, uri: str, done: int) -> None:
        """Note which page is fetched."""
        self._now = f"fetched {done} pages, now {uri[-80:]}"

    def begin(self, total: int) -> None:
        """Note how many bytes will be read."""
        self._total, self._done, self._begun = total, 0, self._clock()
        self._now = "reading"

    def reading(self, uri: str) -> None:
        """Note which file is read."""
        self._now = f"at {Path(uri).name[:60]}"

    def advance(self, size: int) -> None:
        """Move on; say once that it will take long."""
        self._done += size
        rest = self._rest()
        if rest is not None and rest > _LONG and not self._told_long:
            self._told_long = True
            self._tell(f"this load will take about {_minutes(rest)} more")

    def publishing(self) -> None:
        """Note what takes the last moments."""
        self._now = "building the indexes and publishing"
        self._done = self._total

    def line(self) -> str:
        """Return how far it is."""
        if not self._total:
            return self._now
        rest = self._rest()
        left = f", about {_minutes(rest)} left" if rest else ""
        return f"{self._done / self._total:.0%} of {self._total / 1e6:,.1f} MB{left}: {self._now}"

    def _rest(self) -> float | None:
        """Return the seconds that are left if the rest goes as what is done went, None where little is done."""
        if self._done < _TELLING_SHARE * self._total or not self._done:
            return None
        return (self._clock() - self._begun) * (self._total - self._done) / self._done

    def _talk(self) -> None:
        while not self._over.wait(self._every):
            self._tell(self.line())

    def __enter__(self) -> Self:
        threading.Thread(target=self._talk, daemon=True, name="progress").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()


class ProgressBar:
    """A bar with the time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self._progress: Any = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
        )  # fmt: skip
        self._task: Any = None
        self._fetching: Any = None

    def fetching(self, uri: str, done: int) -> None:
        """Show which page is fetched."""
        if self._fetching is None:
            self._fetching = self._progress.add_task("fetching", total=None)
        self._progress.update(self._fetching, description=f"fetched {done}, now {uri[-50:]}")

    def begin(self, total: int) -> None:
        """Show an empty bar."""
        if self._fetching is not None:
            self._progress.remove_task(self._fetching)
        self._task = self._progress.add_task("reading", total=max(1, total))

    def reading(self, uri: str) -> None:
        """Show which file is read."""
        self._progress.update(self._task, description=f"reading {Path(uri).name[:40]}")

    def advance(self, size: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, advance=size)

    def publishing(self) -> None:
        """Say what takes the last moments."""
        self._progress.update(self._task, description="publishing")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()


def _minutes(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
