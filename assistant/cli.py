"""``faq``: the one command."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.audit import cli as audit_cli
from assistant.commands import ask, calibrate, chat, search, status
from ingest import cli as ingest_cli
from ingest.lint import cli as lint_cli
from kb import cli as kb_cli

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Load a company's documents, then ask them in English or Chinese. "
    "State lives in $FAQ_HOME (by default ~/.local/share/faq).",
)
app.command(name="ingest")(ingest_cli.ingest)
app.command(name="ask")(ask.ask)
app.command(name="search")(search.search)
app.command(name="chat")(chat.chat)
app.command(name="status")(status.status)
app.command(name="calibrate")(calibrate.calibrate)
app.add_typer(kb_cli.app, name="kb")
app.add_typer(audit_cli.app, name="audit")
kb_cli.app.command(name="lint")(lint_cli.lint)


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"faq {version('faq-assistant')}")
        raise typer.Exit


@app.callback()
def faq(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Run the command."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


if __name__ == "__main__":
    main()
