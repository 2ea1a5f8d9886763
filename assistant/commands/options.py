"""Options of commands that search: what this searcher may see."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from kb.types import Filters

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


def build_filters(
    on: str = TODAY,
    audience: str | None = None,
    product: str | None = None,
    language: str | None = None,
    version: int | None = None,
) -> Filters:
    """Return the filters that the options of a command ask for; a malformed day is a usage error."""
    if on == "any":
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
    return Filters(audience, product, language, day, version)
