"""``faq ingest``: load documents with one command."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self

import typer

from ingest.sources import find_sources
from ingest.sync import SyncReport, preview, sync
from kb.knowledge_base import open_knowledge_base
from kb.settings import KnowledgeSettings
from kb.terminal import JSON_HELP, exit_codes, print_json, say, short

_LISTED = 20  # uris named in a dry run before "and so many more"


class ProgressBar:
    """A bar with the time left on a terminal; silent where stderr is not one."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self._progress: Any = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
        )  # fmt: skip
        self._task: Any = None

    def begin(self, total: int) -> None:
        """Show an empty bar."""
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


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.", show_default=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Load documents: add what is new, change what differs, remove what vanished from these paths.

    Nothing is visible to customers before all is loaded; then everything is, at one moment. A file that cannot
    be read is named and the rest is loaded (exit code 1).
    """
    with exit_codes():
        sources = find_sources(paths)
        roots = [Path(os.path.abspath(path)).as_posix() for path in paths]
        with open_knowledge_base(KnowledgeSettings.load()) as knowledge_base, ProgressBar() as bar:
            if dry_run:
                report = preview(knowledge_base, sources, roots, bar)
            else:
                note = "ingest " + " ".join(short(root) for root in roots)
                report = sync(knowledge_base, sources, roots, bar, note[:500])
    if json:
        print_json(report)
    else:
        _tell(report, dry_run)
    if report.failures:
        sys.exit(1)


def _tell(report: SyncReport, dry_run: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    if dry_run:
        for sign, uris in (("+", report.added), ("~", report.changed), ("-", report.removed)):
            for uri in uris[:_LISTED]:
                print(f"{sign} {short(uri)}")
            if len(uris) > _LISTED:
                print(f"{sign} … and {len(uris) - _LISTED} more")
    table = Table(box=None, show_header=False)
    rows = (
        ("would be added" if dry_run else "added", len(report.added)),
        ("would be changed" if dry_run else "changed", len(report.changed)),
        ("would be removed" if dry_run else "removed", len(report.removed)),
        ("unchanged", f"{report.unchanged} documents, {report.unchanged_files} files not read again"),
        ("chunks", f"{report.chunks}" + ("" if dry_run else f", {report.embedded} texts embedded")),
        ("failed", len(report.failures)),
    )
    for name, value in rows:
        table.add_row(name, str(value))
    Console(stderr=True).print(table)
    if report.skipped:
        reasons = Counter(entry.reason for entry in report.skipped)
        say(f"skipped {len(report.skipped)} files: " + ", ".join(f"{n} × {r}" for r, n in reasons.most_common(8)))
    for uri, warning in report.warnings[:_LISTED]:
        say(f"warning: {short(uri)}: {warning}")
    if len(report.warnings) > _LISTED:
        say(f"… and {len(report.warnings) - _LISTED} more warnings: see --json")
    for failure in report.failures:
        say(f"failed: {short(failure.uri)}: {failure.error}: {failure.message}")
    if report.version:
        v = report.version
        say(f"published version {v.number}: {v.documents} documents, {v.chunks} chunks")
    elif not dry_run:
        say("nothing has changed")
