"""Any LangChain ``Embeddings``, so OpenAI's and every provider's that LangChain knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.embedders import Vectors, unit_rows
from kb.errors import EmbedderError
from kb.extras import import_extra
from kb.language.characters import well_formed

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_PROBE = "dimension"
"""Embedded once when the dimension is not told, to see how long a vector is."""
_BLANK = " "
"""Sent instead of an empty text, which OpenAI's endpoint refuses."""


class LangChainEmbedder:
    """Puts a LangChain embedding behind the port: normalised, checked, errors mapped."""

    def __init__(self, embeddings: Embeddings, name: str, *, dimension: int | None = None) -> None:
        """Wrap an embedding.

        Args:
            embeddings: LangChain's object; it is asked once when ``dimension`` is None.
            name: of the model, with whatever makes its vectors different; the fingerprint has it.
            dimension: length of its vectors.

        Raises:
            EmbedderError: it failed, or answered nonsense.
        """
        self._embeddings = embeddings
        self._name = name
        self._dimension = dimension if dimension is not None else len(self._one(_PROBE, None))

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """The name that was given, and the dimension."""
        return f"langchain/{self._name}/{self._dimension}"

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)`` float32, L2-normalised."""
        if not texts:
            return np.zeros((0, self._dimension), np.float32)
        wanted = [_sendable(text) for text in texts]
        answer = self._ask(self._embeddings.embed_documents, wanted)
        return unit_rows(answer, len(wanted), self._dimension, self._name)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)``; one call a text, for LangChain has no bulk call for queries."""
        if not texts:
            return np.zeros((0, self._dimension), np.float32)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32, L2-normalised."""
        return self._one(_sendable(text), self._dimension)

    def _one(self, text: str, dimension: int | None) -> Vectors:
        row = self._ask(self._embeddings.embed_query, text)
        vector: Vectors = unit_rows([row], 1, dimension, self._name)[0]
        return vector

    def _ask(self, call: Callable[[Any], Any], argument: Any) -> Any:
        try:
            return call(argument)
        except Exception as error:  # every provider raises its own, and there is no common root
            raise EmbedderError(f"{self._name} failed: {type(error).__name__}: {error}") from error


def _sendable(text: str) -> str:
    return well_formed(text) if text.strip() else _BLANK


def open_openai_embedder(
    model: str, *, base_url: str | None = None, api_key: str | None = None
) -> LangChainEmbedder:
    """Open a model of OpenAI, or of any server that speaks its embeddings API.

    Args:
        model: its name, ``text-embedding-3-small``.
        base_url: of another server, ending in ``/v1``; None is OpenAI's, or ``OPENAI_BASE_URL``.
        api_key: None reads ``OPENAI_API_KEY``; a server of one's own mostly needs none.

    Raises:
        MissingExtra: langchain-openai is not installed.
        EmbedderError: the server failed, or answered nonsense.
    """
    library = import_extra("langchain_openai", "langchain-openai", "chat", f"the embedder {model!r}")
    try:
        embeddings = library.OpenAIEmbeddings(
            model=model,
            base_url=base_url,
            api_key=api_key if api_key is not None or base_url is None else "none",
            # Other servers want text, not the token ids that the client would send; and counting
            # tokens would fetch OpenAI's vocabulary over the network.
            check_embedding_ctx_length=base_url is None,
        )
    except Exception as error:  # pydantic's, or the client's when there is no key
        raise EmbedderError(f"the embedder {model!r} cannot be set up: {error}") from error
    return LangChainEmbedder(embeddings, f"openai/{model}")
