"""Arguments and options that several commands take: what is asked, and what the one who asks may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kb.options import takes
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
        help='Answer a file (- is standard input) of rows {"id", "text", "history"?: [{"role", "text"}], '
        '"brand"?}, a JSON row each.',
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
Brand = Annotated[
    str | None,
    typer.Option(
        "--brand", help="Documents of this brand and those that all share; needed where there are several."
    ),
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What the one who asks may see.

    Attributes:
        filters: what ``--on``, ``--audience``, ``--brand``, ``--product``, ``--language``, ``--at-version`` say.
        any_day: whether documents of whatever day are meant, where the filters have none.
    """

    filters: Filters
    any_day: bool


def read_seen(
    on: On = TODAY,
    audience: Audience = None,
    brand: Brand = None,
    product: Product = None,
    language: Language = None,
    at_version: AtVersion = None,
) -> Seen:
    """Return what these options of a command ask for.

    Raises:
        typer.BadParameter: the day is none.
    """
    day = None
    if on == TODAY:
        day = date.today()
    elif on != _ANY:
        try:
            day = date.fromisoformat(on)
        except ValueError as error:
            raise typer.BadParameter(
                f"{on!r} is not a day: write YYYY-MM-DD, or any", param_hint="--on"
            ) from error
    filters = Filters(
        audience=audience, brand=brand, product=product, language=language, on=day, version=at_version
    )
    return Seen(filters, any_day=day is None)


narrowed = takes("seen", read_seen)
