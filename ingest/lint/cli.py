"""``faq kb lint``: look for what customers could be told wrongly."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from typing import Annotated

import typer

from ingest.lint.types import Finding, Severity
from kb.knowledge_base import open_knowledge_base
from kb.settings import KnowledgeSettings
from kb.terminal import JSON_HELP, exit_codes, plain, print_json, say, short

_SHOWN = 300  # characters of a quote


def lint(
    min_severity: Annotated[
        str, typer.Option("--min-severity", help="Leave out what matters less: info, warning or error.")
    ] = "info",
    version: Annotated[int | None, typer.Option(help="The published one by default.")] = None,
    json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Look for duplicates, contradictions and what is out of date; exit code 1 if an error is found."""
    from ingest.lint import lint as findings_in
    from ingest.lint.read import read_documents, stored_vectors

    if min_severity.upper() not in Severity.__members__:
        seen = f"{min_severity!r} is no severity: info, warning or error"
        raise typer.BadParameter(seen, param_hint="--min-severity")
    with exit_codes(), open_knowledge_base(KnowledgeSettings.load()) as knowledge_base:
        number = knowledge_base.published().version if version is None else version
        catalogue = knowledge_base.catalogue
        vectors_of = stored_vectors(catalogue, catalogue.version(number).fingerprint)
        documents = read_documents(catalogue, number)
        every = findings_in(documents, date.today(), vectors_of)
        found = [finding for finding in every if finding.severity >= Severity[min_severity.upper()]]
    if json:
        print_json({"version": number, "documents": len(documents), "findings": [as_row(f) for f in found]})
    else:
        for finding in found:
            print(render(finding))
        counts = Counter(finding.severity.name.lower() for finding in found)
        seen = ", ".join(f"{count} × {name}" for name, count in counts.items()) or "nothing"
        say(f"found {seen} in {len(documents)} documents")
    if any(finding.severity is Severity.ERROR for finding in found):
        sys.exit(1)


def as_row(finding: Finding) -> dict[str, object]:
    """Return a finding as JSON holds it: with its id, and its severity by name."""
    row: dict[str, object] = plain(finding)
    return {"id": finding.id, **row, "severity": finding.severity.name.lower()}


def render(finding: Finding) -> str:
    """Return a finding as a few lines of text."""
    lines = [f"{finding.severity.name.lower()}: {finding.kind.replace('_', ' ')}: {finding.sentence}"]
    for quote in finding.quotes:
        page = f", page {quote.page}" if quote.page is not None else ""
        text = " ".join(quote.text.split())
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        lines.append(f"    {short(quote.document_uri)}{page}: “{shown}”")
    return "\n".join(lines)
