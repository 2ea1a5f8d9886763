"""Any cross-encoder of sentence-transformers, by hub id or folder; needs the extra ``local``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb.errors import RerankerError
from kb.extras import import_extra
from kb.identity import passage_of
from kb.language.characters import well_formed
from kb.rerankers import ordered
from kb.types import Hit

_BATCH = 16


class CrossEncoderReranker:
    """Reads question and passage as one text (Nogueira and Cho 2019, "Passage Re-ranking with BERT").

    Scores are what the model gives: for most of them 0-1, comparable within one search only.
    """

    def __init__(self, model: str) -> None:
        """Load a model.

        Args:
            model: a folder, or an id of the hub (which is then asked, unless it is cached).

        Raises:
            MissingExtra: sentence-transformers is not installed.
            RerankerError: the model cannot be loaded, or gives more than one score for a pair.
        """
        library = import_extra(
            "sentence_transformers", "sentence-transformers", "local", f"the reranker {model!r}"
        )
        if Path(model).is_dir() and not (Path(model) / "config.json").is_file():
            raise RerankerError(f"the folder {model!r} holds no model: there is no config.json in it")
        try:
            self._model = library.CrossEncoder(model)
        except Exception as error:  # the library, torch and the hub each raise their own
            raise RerankerError(f"the model {model!r} cannot be loaded: {error}") from error
        if self._model.num_labels != 1:
            raise RerankerError(
                f"the model {model!r} gives {self._model.num_labels} scores for a pair, one was wanted: "
                "choose a cross-encoder that was trained to rank"
            )
        self._name = model

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits in the order of the model's scores; long passages are cut by the model."""
        if not hits:
            return []
        chunks = (hit.chunk for hit in hits)
        texts = [passage_of(c) for c in chunks]
        pairs = [(well_formed(question), well_formed(text)) for text in texts]
        try:
            scores = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        except Exception as error:  # torch raises RuntimeError, MemoryError and its own
            raise RerankerError(f"{self._name} failed on {len(pairs)} passages: {error}") from error
        return ordered(hits, scores, self._name)
