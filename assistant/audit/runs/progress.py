"""How far an audit is, on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self


class AuditBar:
    """A bar with the time left; silent where stderr is not a terminal."""

    def __init__(self, total: int, done: int = 0) -> None:
        """Show ``done`` of ``total`` answers."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress: Any = Progress(
            TextColumn("auditing"), BarColumn(), MofNCompleteColumn(), TextColumn("left"), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
        )  # fmt: skip
        self._task = self._progress.add_task("auditing", total=total, completed=done)

    def advance(self) -> None:
        """One answer more is done."""
        self._progress.advance(self._task)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
