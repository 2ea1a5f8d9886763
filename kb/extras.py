"""Importing optional packages: one function, one error."""

from __future__ import annotations

import importlib
from typing import Any

from kb.errors import MissingExtra


def import_extra(module: str, package: str, extra: str, purpose: str) -> Any:
    """Import a module of an optional package.

    Args:
        module: what to import, ``langchain_openai``.
        package: what provides it on the package index, ``langchain-openai``.
        extra: the extra of this distribution that installs it, ``chat``.
        purpose: what needs it, the beginning of the error's sentence.

    Raises:
        MissingExtra: it is not installed. A package that is installed and fails to import for
            another reason raises its own error: that is not a missing extra.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module.partition(".")[0]:
            raise
        raise MissingExtra(package, extra, purpose) from error
