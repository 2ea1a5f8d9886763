"""Choosing a reranker by its name; an adapter is imported when it is chosen."""

from __future__ import annotations

from kb.errors import SettingsError
from kb.rerankers import Reranker

CHOICES = ("cross-encoder:NAME_OR_FOLDER",)


def open_reranker(name: str) -> Reranker | None:
    """Open a reranker.

    Args:
        name: one of ``CHOICES``; empty for none.

    Raises:
        SettingsError: there is no such choice.
        MissingExtra: an optional package is not installed.
        RerankerError: the model cannot be opened.
    """
    if not name:
        return None
    kind, _, model = name.partition(":")
    if kind == "cross-encoder" and model:
        from kb.rerankers.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker(model)
    raise SettingsError(f"there is no reranker {name!r}; choose one of: {', '.join(CHOICES)}, or leave it empty")
