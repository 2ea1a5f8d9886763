"""Choosing an embedder by its name; an adapter is imported when it is chosen."""

from __future__ import annotations

from pathlib import Path

from kb.embedders import Embedder
from kb.errors import SettingsError

CHOICES = (
    "bundled",
    "hashing",
    "sentence-transformers:NAME_OR_FOLDER",
    "openai:MODEL",
)


def open_embedder(
    name: str,
    *,
    cache: Path | None = None,
    base_url: str | None = None,
    api_key: str | None = None,
) -> Embedder:
    """Open an embedder.

    Args:
        name: one of ``CHOICES``.
        cache: where the bundled model is unpacked; None is the customary cache folder.
        base_url: of the server of ``openai:MODEL``.
        api_key: for that server.

    Raises:
        SettingsError: there is no such choice.
        MissingExtra: an optional package is not installed.
        EmbedderError: the model cannot be opened.
    """
    kind, colon, model = name.partition(":")
    if name == "bundled":
        from kb.embedders.bundled import BundledEmbedder

        return BundledEmbedder(cache=cache)
    if name == "hashing":
        from kb.embedders.hashing import HashingEmbedder

        return HashingEmbedder()
    if kind == "sentence-transformers" and model:
        from kb.embedders.sentence_transformers import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(model)
    if kind == "openai" and model:
        from kb.embedders.langchain import open_openai_embedder

        return open_openai_embedder(model, base_url=base_url, api_key=api_key)
    missing = " (nothing follows the colon)" if colon and not model else ""
    raise SettingsError(f"there is no embedder {name!r}{missing}; choose one of: {', '.join(CHOICES)}")
