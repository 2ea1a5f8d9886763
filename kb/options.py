"""Options that several commands share: declared once, and read into one value."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

Command = Callable[..., None]


def takes(name: str, read: Callable[..., Any]) -> Callable[[Command], Command]:
    """Return what gives a command the options that ``read`` declares, in the place of its parameter ``name``.

    Args:
        name: of the parameter, which gets what ``read`` returns.
        read: its parameters are declared as those of a command, each with a default.
    """
    options = inspect.signature(read, eval_str=True).parameters

    def giving(command: Command) -> Command:
        own = inspect.signature(command, eval_str=True)

        @functools.wraps(command)
        def with_options(**given: Any) -> None:
            command(**{name: read(**{option: given.pop(option) for option in options})}, **given)

        kept = [parameter for parameter in own.parameters.values() if parameter.name != name]
        with_options.__signature__ = own.replace(parameters=[*kept, *options.values()])  # type: ignore[attr-defined]  # what typer reads
        return with_options

    return giving
