"""Any sentence-transformers model, by hub id or folder; needs the extra ``local``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kb.embedders import Vectors, unit_rows
from kb.errors import EmbedderError
from kb.extras import import_extra
from kb.language.characters import well_formed

_BATCH = 32
_QUERY_PROMPTS = ("query",)
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")
"""Names under which models keep what is put before a text; the first that is there counts."""


class SentenceTransformersEmbedder:
    """A model of sentence-transformers on the processor or the GPU that torch finds."""

    def __init__(self, model: str, *, query_prefix: str | None = None, document_prefix: str | None = None) -> None:
        """Load a model.

        Args:
            model: a folder, or an id of the hub (which is then asked, unless it is cached).
            query_prefix: put before a query; None takes the model's own prompt, if it has one.
            document_prefix: put before a document; None likewise.

        Raises:
            MissingExtra: sentence-transformers is not installed.
            EmbedderError: the model cannot be loaded.
        """
        library = import_extra(
            "sentence_transformers", "sentence-transformers", "local", f"the embedder {model!r}"
        )
        try:
            self._model = library.SentenceTransformer(model)
        except Exception as error:  # the library, torch and the hub each raise their own
            raise EmbedderError(f"the model {model!r} cannot be loaded: {error}") from error
        prompts: dict[str, str] = self._model.prompts or {}
        self._query_prefix = _first(prompts, _QUERY_PROMPTS) if query_prefix is None else query_prefix
        self._document_prefix = _first(prompts, _DOCUMENT_PROMPTS) if document_prefix is None else document_prefix
        self._name = model
        self._dimension = len(self._encode([""], None)[0])
        self._fingerprint = (
            f"sentence-transformers/{_identity(model)}/{self._dimension}"
            f"/{self._query_prefix}/{self._document_prefix}"
        )

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """Hub id, or a hash of the folder's weights; dimension and prefixes."""
        return self._fingerprint

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)`` float32, L2-normalised; long texts are cut by the model."""
        return self._encode([self._document_prefix + well_formed(text) for text in texts], self._dimension)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, dimension)`` float32, L2-normalised."""
        return self._encode([self._query_prefix + well_formed(text) for text in texts], self._dimension)

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32, L2-normalised."""
        vector: Vectors = self.embed_queries([text])[0]
        return vector

    def _encode(self, texts: list[str], dimension: int | None) -> Vectors:
        if not texts:
            return np.zeros((0, self._dimension), np.float32)
        try:
            # An empty prompt switches the model's default one off: ours is already in the text.
            rows = self._model.encode(
                texts, prompt="", batch_size=_BATCH, convert_to_numpy=True, show_progress_bar=False
            )
        except Exception as error:  # torch raises RuntimeError, MemoryError and its own
            raise EmbedderError(f"{self._name} failed on {len(texts)} texts: {error}") from error
        return unit_rows(rows, len(texts), dimension, self._name)


def _first(prompts: dict[str, str], names: Sequence[str]) -> str:
    return next((prompts[name] for name in names if prompts.get(name)), "")


def _identity(model: str) -> str:
    """Name a model so that other weights have another name: a folder by its content."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".safetensors", ".bin", ".txt", ".model"} and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return f"{folder.resolve().name}-{digest.hexdigest()[:12]}"
