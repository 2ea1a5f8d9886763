"""What ``faq ingest`` shows of a load or a rehearsal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from ingest.loading.sync import SyncReport
from ingest.rehearsal import Outlook
from kb.terminal import plain, say, short

_LISTED = 20  # uris named in a dry run before "and so many more"


def outlook_row(outlook: Outlook) -> dict[str, Any]:
    """Return what a rehearsal found as JSON holds it."""
    from ingest.lint.cli import as_row

    findings = [as_row(finding) for finding in outlook.findings]
    return {"differences": plain(outlook.differences), "findings": findings, "uncompared": outlook.uncompared}


def tell(report: SyncReport, outlook: Outlook | None) -> None:
    """Print what was loaded, or what a rehearsal found."""
    from rich.console import Console
    from rich.table import Table

    dry_run = outlook is not None
    if outlook is not None:
        _show(report, outlook)
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
    told = troubles(report)
    warnings, failures = told[: len(report.warnings)], told[len(report.warnings) :]
    for line in warnings[:_LISTED]:
        say(line)
    if len(warnings) > _LISTED:
        say(f"… and {len(warnings) - _LISTED} more warnings: see --json")
    for line in failures:
        say(line)
    if report.version:
        v = report.version
        say(f"published version {v.number}: {v.documents} documents, {v.chunks} chunks")
    elif not any(
        (report.added, report.changed, report.removed, report.unchanged, report.unchanged_files, report.skipped,
         report.failures)
    ):  # fmt: skip
        say("no files to load were found there")
    elif not dry_run:
        say("nothing has changed")


def tell_again(report: SyncReport, reported: set[str]) -> None:
    """Print one line for a load of a watch, and what is newly wrong."""
    changes = f"{datetime.now():%H:%M:%S} +{len(report.added)} ~{len(report.changed)} -{len(report.removed)}"
    for trouble in troubles(report):
        if trouble not in reported:
            say(trouble)
    v = report.version
    say(
        f"{changes}: " + (f"published version {v.number}, {v.documents} documents" if v else "nothing has changed")
    )


def troubles(report: SyncReport) -> list[str]:
    """Return the lines that name warnings and failures."""
    warnings = [f"warning: {short(uri)}: {warning}" for uri, warning in report.warnings]
    return warnings + [f"failed: {short(f.uri)}: {f.error}: {f.message}" for f in report.failures]


def _show(report: SyncReport, outlook: Outlook) -> None:
    """Print what a load would change, and what lint would newly find."""
    from ingest.lint.cli import render

    for sign, uris in (("+", report.added), ("~", report.changed), ("-", report.removed)):
        for uri in uris[:_LISTED]:
            print(f"{sign} {short(uri)}")
            for line in outlook.differences.get(uri, ()):
                print(f"    {line}")
        if len(uris) > _LISTED:
            print(f"{sign} … and {len(uris) - _LISTED} more")
    for finding in outlook.findings[:_LISTED]:
        print(render(finding))
    if len(outlook.findings) > _LISTED:
        print(f"… and {len(outlook.findings) - _LISTED} more findings: see --json")
    if outlook.uncompared:
        say(
            f"{outlook.uncompared} new passages are too many to compare with the other language before they are "
            "loaded: run `faq kb lint` then"
        )
