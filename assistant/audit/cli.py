"""``faq audit``: measure the answers, compare, decide."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from assistant.audit import review_cli
from assistant.audit.options import Json, Out, PageForm, Payment, Run, Stored, asking_stored, paying
from assistant.settings import Settings
from kb.terminal import exit_codes, print_json, say

app = typer.Typer(
    no_args_is_help=True,
    help="Measure how well answers are grounded, what changed, and whether a change may go live.",
)
review_cli.mount(app)

Least = Annotated[
    list[str] | None, typer.Option("--min", help="METRIC=RATE; the interval's lower bound must reach it.")
]
Most = Annotated[
    list[str] | None, typer.Option("--max", help="METRIC=NUMBER; the interval's upper bound must not pass it.")
]


@app.command()
@asking_stored
@paying
def run(
    stored: Stored,
    payment: Payment,
    name: Annotated[str | None, typer.Option(help="Of the run; the time by default.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask recorded questions anew.")] = False,
    stratify: Annotated[str | None, typer.Option(help="Draw in proportion by this field.")] = None,
    by: Annotated[list[str] | None, typer.Option(help="Further fields to tell rates apart by.")] = None,
    brand: Annotated[str, typer.Option(help="Asked by questions that name none.")] = "",
    version: Annotated[int | None, typer.Option(help="Of the knowledge base; published by default.")] = None,
    second_judge: Annotated[str, typer.Option(help="Chat model that judges too, as FAQ_CHAT_MODEL.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = min(8, os.cpu_count() or 1),
    json: Json = False,
) -> None:
    """Ask questions, or take recorded answers, and measure every answer.

    A run that was stopped goes on where it was when the same command, with its --name, is given again.
    """
    from assistant.audit.reports.report import build_report, rate_row, table_of
    from assistant.audit.runs.begin import Choice, prepare, work
    from assistant.audit.terminal import agreed

    with exit_codes():
        choice = Choice(
            name=name or datetime.now(UTC).strftime("%Y%m%d-%H%M%S"),
            file=stored.file,
            recorded=stored.recorded,
            again=again,
            size=stored.size,
            stratify=stratify,
            seed=stored.seed,
            by=tuple(by or ()),
            version=version,
            second=second_judge,
            brand=brand,
        )
        prepared = prepare(Settings.load(), choice)
        if not agreed(prepared.plan, prepared.left, payment):
            raise SystemExit(1)
        work(prepared, workers)
        report = build_report(prepared.folder)
        if json:
            print_json({"run": report.facts.name, "rates": [rate_row(item) for item in report.rates]})
            return
        for title, rate, interval, shows in table_of(report.overall):
            print(f"{title:24} {rate:>8}  {interval:>16}  {shows}")
        say(f"run {report.facts.name}: {len(report.answers)} answers, {len(report.failed)} failed; "
            f"see `faq audit report {report.facts.name}`")  # fmt: skip


@app.command()
def report(
    name: Run,
    form: PageForm = "html",
    out: Out = None,
) -> None:
    """Write a run's report: a page that needs no network, Markdown, JSON or CSV."""
    from assistant.audit.reports.written import written_report
    from assistant.audit.terminal import put

    with exit_codes():
        put(written_report(Settings.load(), name, form), out)


@app.command(name="list")
def list_runs(json: Json = False) -> None:
    """List the runs."""
    from assistant.audit.runs.folder import RunFolder, names, runs_folder

    with exit_codes():
        home = Settings.load().home
        facts = [RunFolder(home, name).facts() for name in names(runs_folder(home))]
        if json:
            print_json(facts)
            return
        for item in facts:
            print(f"{item.name:24} {item.created_at[:16]}  {item.questions:6} questions  {item.source}")


@app.command()
def gate(
    name: Run,
    least: Least = None,
    most: Most = None,
    against: Annotated[str | None, typer.Option(help="Run that lost and worse answers refer to.")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Leave out the correction by people's labels.")] = False,
    json: Json = False,
) -> None:
    """Decide whether a run is good enough: exit code 0 if it passes, 1 if not, 2 for a wrong condition.

    Rates are decided by their interval's bound, not by the point: a small sample that looks good does not pass.
    """
    from assistant.audit.gate import Condition, decide

    try:
        conditions = [
            *(Condition.parse(text, at_least=True) for text in least or ()),
            *(Condition.parse(text, at_least=False) for text in most or ()),
        ]
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if not conditions:
        raise typer.BadParameter("name a condition: --min METRIC=RATE or --max METRIC=NUMBER")
    with exit_codes():
        decisions = decide(Settings.load().home, name, against, conditions, raw=raw)
        if json:
            print_json(decisions)
        else:
            for decision in decisions:
                print(f"{'pass' if decision.passed else 'FAIL'}  {decision.says}")
        if not all(decision.passed for decision in decisions):
            sys.exit(1)
