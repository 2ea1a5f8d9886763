"""``faq audit``: what people look at: review sheets, labels, two runs or two versions side by side."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.audit.options import Json, Out, Payment, Run, Stored, TextForm, asking_stored, paying
from assistant.settings import Settings
from kb.terminal import exit_codes, print_json, say


def mount(app: typer.Typer) -> None:
    """Add these commands to ``faq audit``."""
    app.command(name="sample")(sample)
    app.command(name="import")(import_labels)
    app.command()(compare)
    app.command()(difference)


def sample(
    name: Run,
    out: Annotated[Path, typer.Option("--out", help="Folder for the sheets.")] = Path("."),
    size: Annotated[int, typer.Option("--size", min=1, help="Answers to review.")] = 50,
    seed: Annotated[int, typer.Option(help="The same one draws the same answers.")] = 1,
    by_verdict: Annotated[
        bool, typer.Option("--by-verdict", help="Half of them with a claim that the judge rejects.")
    ] = False,
    reviewers: Annotated[str, typer.Option(help="Names, separated by commas; a sheet each.")] = "reviewer",
    double: Annotated[float, typer.Option(min=0, max=1, help="Share that two of them label.")] = 0.2,
) -> None:
    """Draw answers for people to review, and write a sheet per reviewer, as XLSX and CSV."""
    from assistant.audit.sampled import write_sheets

    names = [part.strip() for part in reviewers.split(",") if part.strip()]
    if not names:
        raise typer.BadParameter("name at least one reviewer")
    with exit_codes():
        for path in write_sheets(
            Settings.load().home, name, out, size, seed, names, double, by_verdict=by_verdict
        ):
            print(path)


def import_labels(
    name: Run,
    sheets: Annotated[list[Path], typer.Argument(help="Filled-in sheets, XLSX or CSV.", show_default=False)],
    reviewer: Annotated[str | None, typer.Option(help="Who labelled, where the sheet does not say.")] = None,
    settles: Annotated[bool, typer.Option("--settles", help="These labels settle disagreements.")] = False,
    json: Json = False,
) -> None:
    """Read labels back; show how far people and judges agree, and where reviewers disagree."""
    from assistant.audit.reports.report import agreement_row, corrected_row
    from assistant.audit.sampled import labels_in_words, read_back

    with exit_codes():
        review, number = read_back(Settings.load(), name, sheets, reviewer, settles=settles)
        if json:
            print_json(
                {
                    "labels": number, "reviewers": review.reviewers,
                    "between_people": agreement_row(review.people),
                    "judges": {judge: agreement_row(found) for judge, found in review.judges.items()},
                    "corrected": [corrected_row(found) for found in review.corrected],
                    "disputed": [
                        {"answer": a, "claim": c, "said": dict(said)} for (a, c), said in review.disputed.items()
                    ],
                }
            )  # fmt: skip
            return
        say(f"{number} labels read")
        for line in labels_in_words(review):
            print(line)


def compare(
    first: Annotated[str, typer.Argument(help="A run.", show_default=False)],
    second: Annotated[str, typer.Argument(help="A later one.", show_default=False)],
    form: TextForm = "text",
    out: Out = None,
) -> None:
    """Pair two runs of the same questions: what differs beyond chance, what got lost, worse, better."""
    from assistant.audit.reports.written import written_comparison
    from assistant.audit.terminal import put

    with exit_codes():
        put(written_comparison(Settings.load(), first, second, form), out)


@asking_stored
@paying
def difference(
    stored: Stored,
    payment: Payment,
    old: Annotated[int | None, typer.Option(help="Version; the one before the newer by default.")] = None,
    new: Annotated[int | None, typer.Option(help="Version; the published one by default.")] = None,
    dry_run: Annotated[
        list[Path] | None,
        typer.Option("--dry-run", help="Load this into a copy, compare with what is published."),
    ] = None,
    brand: Annotated[str, typer.Option(help="Asked by questions that name none.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Ask every question at both versions.")] = False,
    most: Annotated[
        list[str] | None, typer.Option("--max", help="lost=0, conflicting=0 …; exit code 1 if there are more.")
    ] = None,
    form: TextForm = "text",
    out: Out = None,
) -> None:
    """Show how answers to stored questions change with a load, and the document change behind each.

    Only questions whose evidence can have changed are asked at both versions.
    """
    from assistant.audit.compare.loads import Asked, exceeded, limits_of, load_differences
    from assistant.audit.reports.written import written_difference
    from assistant.audit.terminal import agreed, put

    if dry_run and (old is not None or new is not None):
        raise typer.BadParameter("--dry-run compares with the published version: leave out --old and --new")
    try:
        limits = limits_of(most or [])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    with exit_codes():
        settings = Settings.load()
        asked = Asked(
            file=stored.file,
            recorded=stored.recorded,
            size=stored.size,
            seed=stored.seed,
            old=old,
            new=new,
            paths=tuple(dry_run or ()),
            everything=everything,
            brand=brand,
        )
        changes = load_differences(settings, asked, lambda plan, some: agreed(plan, some, payment))
        for failure in changes.failures:
            say(f"failed: {failure}")
        put(written_difference(changes, form), out)
        if over := exceeded(changes, limits):
            say("error: " + "; ".join(over))
            sys.exit(1)
