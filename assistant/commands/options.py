"""Arguments and options that several commands take: what is asked, and what the one who asks may see."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kb.terminal import JSON_HELP
from kb.types import Filters

Words = Annotated[
    list[str] | None, typer.Argument(help="The question; - reads it from standard input.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]
Batch = Annotated[
    Path | None,
    typer.Option(
        "--batch",
        help='Answer a file (- is standard input) of rows {"id", "text", "history"?: [{"role", "text"}]}, a JSON '
        "row each.",
    ),
]
On = Annotated[
    str,
    typer.Option(
        "--on", metavar="DATE", help="Only what is valid on this day (YYYY-MM-DD); `any` looks at no dates."
    ),
]
Audience = Annotated[
    str | None,
    typer.Option("--audience", help="Also documents for this audience; without it only those for everyone."),
]
Product = Annotated[
    str | None, typer.Option("--product", help="Only documents of this product or of none in particular.")
]
Language = Annotated[str | None, typer.Option("--language", help="Only passages in this language: en, zh.")]
AtVersion = Annotated[
    int | None,
    typer.Option("--at-version", help="As the knowledge base was at this version: see `faq kb versions`."),
]

TODAY = "today"
_ANY = "any"


def build_filters(
    on: str = TODAY,
    audience: str | None = None,
    product: str | None = None,
    language: str | None = None,
    version: int | None = None,
) -> Filters:
    """Return the filters that the options of a command ask for; a malformed day is a usage error."""
    if not looks_at_days(on):
        day = None
    elif on == TODAY:
        day = date.today()
    else:
        try:
            day = date.fromisoformat(on)
        except ValueError as error:
            raise typer.BadParameter(
                f"{on!r} is not a day: write YYYY-MM-DD, or any", param_hint="--on"
            ) from error
    return Filters(audience=audience, product=product, language=language, on=day, version=version)


def looks_at_days(on: str) -> bool:
    """Tell whether ``--on`` asks for documents that are valid on some day; ``any`` asks for all."""
    return on != _ANY
