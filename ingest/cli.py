"""``faq ingest``: load documents with one command."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from ingest.gather import gather
from ingest.loading.sync import Failure, preview, sync
from ingest.progress import open_progress
from ingest.rehearsal import Rehearsal
from ingest.settings import IngestSettings
from ingest.terminal import outlook_row, tell, tell_again, troubles
from ingest.watch import changes
from kb.calibration.calibration import OWN_DOCUMENTS, kept_calibration, renew
from kb.errors import KnowledgeBaseBusy
from kb.interrupt import ends_soon
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.language.characters import well_formed
from kb.terminal import JSON_HELP, exit_codes, plain, print_json, say, short
from kb.types import Trust

_INTERRUPTED = (
    "interrupted: nothing was published; what was embedded is kept and files are read again: run the command again"
)


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders, web addresses; none for all sources of faq.toml.", show_default=False
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change, and what lint would newly find.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on: load again whenever something changes.")] = False,
    trust: Annotated[
        Trust | None,
        typer.Option(
            "--trust",
            help="Whose words these are: somebody here has reviewed them, they were crawled, or customers wrote "
            "them. By default what faq.toml says, else files are reviewed and web pages crawled.",
            show_default=False,
        ),
    ] = None,
    depth: Annotated[int, typer.Option(min=0, max=10, help="Links to follow from named web pages.")] = 0,
    json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Load documents: add what is new, change what differs, remove what vanished from these paths.

    Nothing is visible to customers before all is loaded; then everything is, at one moment. A file that cannot
    be read is named and the rest is loaded (exit code 1).
    """
    if dry_run and watch:
        raise typer.BadParameter("--dry-run changes nothing that could be watched: leave out one of them")
    if trust and not paths:
        raise typer.BadParameter("--trust is said of named paths: of sources say it in faq.toml")
    failed = False
    reported: set[str] | None = set() if watch else None
    with exit_codes(), ends_soon(_INTERRUPTED):
        settings = IngestSettings.load()
        for web in changes(paths or [], settings) if watch else [True]:
            while True:
                try:
                    failed = _load_once(paths or [], settings, depth, web, trust, dry_run, json, reported)
                    break
                except KnowledgeBaseBusy as error:
                    if not watch:
                        raise
                    say(f"busy: {error}")
                    time.sleep(settings.watch_seconds)
    if failed:
        sys.exit(1)


def _load_once(
    paths: Sequence[str],
    settings: IngestSettings,
    depth: int,
    web: bool,
    trust: Trust | None,
    dry_run: bool,
    json: bool,
    reported: set[str] | None,
) -> bool:
    """Load or rehearse once and print the report; return whether anything failed.

    ``reported`` holds the failures and warnings that a watch has told; None without a watch.
    """
    outlook = None
    with open_knowledge_base(settings) as knowledge_base, open_progress() as bar:
        distrusted = knowledge_base.distrusted() if paths and trust is None else {}
        found = gather(paths, settings, bar, depth, web=web, trust=trust, distrusted=distrusted)
        if dry_run:
            rehearsal = Rehearsal(knowledge_base)
            report = preview(knowledge_base, found.sources, found.roots, bar, rehearsal)
            outlook = rehearsal.outlook(report.removed, date.today())
        else:
            note = well_formed(" ".join(map(short, found.note.split(" "))))
            report = sync(knowledge_base, found.sources, found.roots, bar, note[:500])
            if report.version:
                _keep_promise(knowledge_base)
    unreached = tuple(Failure(page.uri, page.error, page.message) for page in found.sources.unreached)
    report = replace(report, failures=report.failures + unreached)
    if json:
        print_json({**plain(report), **(outlook_row(outlook) if outlook else {})})
    elif reported:
        tell_again(report, reported)
    else:
        tell(report, outlook)
        if reported is not None:
            say("watching; end it with Ctrl-C")
    if reported is not None:
        reported.clear()  # what is mended and fails again is told again
        reported |= {"", *troubles(report)}  # never empty again: the whole report was told
    return bool(report.failures)


def _keep_promise(knowledge_base: KnowledgeBase) -> None:
    """Calibrate again where so much has changed that the threshold in force no longer tells."""
    kept = kept_calibration(knowledge_base)
    if kept is None or not kept.stale:
        return
    if kept.source != OWN_DOCUMENTS:
        say(f"{kept.changed:.0%} of the passages changed since `faq calibrate --labels`: run it again")
        return
    say(f"{kept.changed:.0%} of the passages changed since the calibration: it is made again")
    if made := renew(knowledge_base, kept):
        say(f"answers from a probability of {made.threshold:.3f} on ({kept.threshold:.3f} before)")
    else:
        say(
            f"no threshold keeps wrong answers under {kept.max_error:.1%} any more; the one of version "
            f"{kept.version} stays in force: see `faq calibrate`"
        )
