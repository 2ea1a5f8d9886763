"""The port Embedder: texts become vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kb.errors import EmbedderError

Vectors = NDArray[np.float32]
TokenRows = NDArray[np.int8]
"""``(tokens, width)``: a vector a token, L2-normalised, times ``SCALE``."""
SCALE = 127.0  # by definition: the largest byte
"""What a byte of a stored token is divided by."""


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that also gives a vector for every token, for late interaction (``kb.index.vectors.tokens``)."""

    @property
    def token_width(self) -> int:
        """Length of a token's vector."""

    def embed_documents_and_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenRows]]:
        """Return what ``embed_documents`` does, and for each text its tokens' vectors.

        Raises:
            EmbedderError: the model failed, or answered nonsense.
        """

    def embed_query_and_tokens(self, text: str) -> tuple[Vectors, Vectors]:
        """Return what ``embed_query`` does, and ``(tokens, token_width)`` float32.

        The direction of a row is the token's, its length the token's weight; the weights sum to 1.

        Raises:
            EmbedderError: the model failed, or answered nonsense.
        """


@runtime_checkable
class WordKnower(Protocol):
    """An embedder whose vocabulary tells words of a language from misspelt ones."""

    def is_word(self, text: str) -> bool:
        """Tell whether a text in lower case is one common word."""


class Embedder(Protocol):
    """Turns texts into vectors of one space; higher dot product means nearer in meaning."""

    @property
    def fingerprint(self) -> str:
        """Model, revision, dimension and prefixes in one line; vectors of two fingerprints never mix."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)`` float32 with L2-normalised rows, in the order of ``texts``.

        Raises:
            EmbedderError: the model failed, or answered nonsense.
        """

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)``: questions in bulk, each row equal to ``embed_query``.

        Raises:
            EmbedderError: the model failed, or answered nonsense.
        """

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32, L2-normalised.

        Raises:
            EmbedderError: the model failed, or answered nonsense.
        """


def unit_rows(answer: Any, count: int, dimension: int | None, model: str) -> Vectors:
    """Check what a foreign model answered; return ``(count, dimension)`` float32 with L2-normalised rows.

    Args:
        answer: what the model returned: an array, or a list of lists of numbers.
        count: how many texts were sent.
        dimension: the length that is expected; None takes what comes.
        model: its name, for the message.

    Raises:
        EmbedderError: another shape, a value that is not a finite number, or a zero vector.
    """
    try:
        rows = np.asarray(answer, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise EmbedderError(f"{model} answered vectors of unequal lengths or no numbers: {error}") from error
    if rows.ndim != 2 or len(rows) != count or (dimension is not None and rows.shape[1] != dimension):
        wanted = f"({count}, {dimension if dimension is not None else 'any'})"
        raise EmbedderError(f"{model} answered an array of shape {rows.shape}; {wanted} was expected")
    if not np.isfinite(rows).all():
        raise EmbedderError(f"{model} answered numbers that are not finite, for {count} texts")
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (norms > 0).all():
        raise EmbedderError(f"{model} answered a zero vector for text {int(np.argmin(norms))} of {count}")
    unit: Vectors = rows / norms
    return unit
