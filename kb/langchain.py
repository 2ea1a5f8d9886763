"""The knowledge base as a LangChain retriever, for chains and agents that are built with LangChain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import ConfigDict, Field

from kb.extras import import_extra
from kb.knowledge_base import KnowledgeBase
from kb.types import Filters, Hit

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
else:
    _PURPOSE = "the LangChain retriever"
    Document = import_extra("langchain_core.documents", "langchain-core", "chat", _PURPOSE).Document
    BaseRetriever = import_extra("langchain_core.retrievers", "langchain-core", "chat", _PURPOSE).BaseRetriever
    CallbackManagerForRetrieverRun = import_extra(
        "langchain_core.callbacks", "langchain-core", "chat", _PURPOSE
    ).CallbackManagerForRetrieverRun


class KnowledgeBaseRetriever(BaseRetriever):
    """Finds the best passages for a question.

    The metadata of a passage say where it stands (``uri``, ``title``, ``record_id``, ``page``, ``headings``), how
    well it fits (``score``, higher is better) and how likely the question is answered (``answerable``, 0-1).

    Attributes:
        knowledge_base: open for as long as the retriever is used.
        k: passages, at most.
        filters: what may be seen; None: what everyone may see and is valid today.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    knowledge_base: KnowledgeBase
    k: int = Field(default=10, ge=1)
    filters: Filters | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        filters: Filters | None = None,
    ) -> list[Document]:
        """Return the best passages, best first; ``k`` and ``filters`` stand in for the retriever's own."""
        allowed = filters or self.filters or Filters(on=date.today())
        found = self.knowledge_base.search([query], k or self.k, allowed)
        return [_document(hit, found.answerable, found.version) for hit in found.hits]


def _document(hit: Hit, answerable: float, version: int) -> Document:
    chunk = hit.chunk
    return Document(
        page_content=chunk.text,
        id=chunk.id,
        metadata={
            "uri": chunk.document_uri,
            "title": chunk.title,
            "record_id": chunk.record_id,
            "page": chunk.page,
            "headings": list(chunk.headings),
            "question": chunk.question,
            "language": chunk.language,
            "score": hit.score,
            "answerable": answerable,
            "version": version,
        },
    )
