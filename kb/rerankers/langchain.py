"""Any LangChain document compressor that reorders: Cohere's, Jina's, FlashRank's and what else LangChain knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kb.errors import RerankerError
from kb.extras import import_extra
from kb.identity import passage_of
from kb.language.characters import well_formed
from kb.rerankers import ordered
from kb.types import Hit

if TYPE_CHECKING:
    from langchain_core.documents import BaseDocumentCompressor

_PLACE = "faq_place"  # in a document's metadata: which hit it was


class LangChainReranker:
    """Puts a compressor behind the port. It names no scores that could be relied on, so places become scores."""

    def __init__(self, compressor: BaseDocumentCompressor, name: str) -> None:
        """Wrap a compressor.

        Args:
            compressor: LangChain's object.
            name: of the model, for messages.
        """
        self._documents = import_extra(
            "langchain_core.documents", "langchain-core", "chat", f"the reranker {name!r}"
        )
        self._compressor, self._name = compressor, name

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits in the compressor's order; those that it left out follow in their old order."""
        if not hits:
            return []
        documents = [
            self._documents.Document(
                well_formed(passage_of(hit.chunk)),
                metadata={_PLACE: place},
            )
            for place, hit in enumerate(hits)
        ]
        try:
            kept = self._compressor.compress_documents(documents, well_formed(question))
            order = list(dict.fromkeys(int(document.metadata[_PLACE]) for document in kept))
        except Exception as error:  # every provider raises its own, and there is no common root
            raise RerankerError(f"{self._name} failed: {type(error).__name__}: {error}") from error
        order += [place for place in range(len(hits)) if place not in order]
        scores = [0.0] * len(hits)
        for rank, place in enumerate(order):
            if not 0 <= place < len(hits):
                raise RerankerError(f"{self._name} answered with a document that it was not given")
            scores[place] = 1 - rank / len(hits)
        return ordered(hits, scores, self._name)
