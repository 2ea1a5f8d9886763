"""LangChain's own tests of retrievers, on ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

standard = pytest.importorskip("langchain_tests.integration_tests")

from kb.langchain import KnowledgeBaseRetriever  # noqa: E402 (only where LangChain is installed)
from tests.kb.test_langchain import QUESTION, filled  # noqa: E402


@pytest.mark.asyncio
@pytest.mark.filterwarnings("ignore:.*marked with .@pytest.mark.asyncio. but it is not:pytest.PytestWarning")
class TestRetriever(standard.RetrieversIntegrationTests):  # type: ignore[misc,name-defined] # found at run time
    """The retriever is what LangChain's chains expect."""

    @pytest.fixture(autouse=True)
    def _opened(self, tmp_path: Path) -> Iterator[None]:
        with filled(tmp_path / "base") as self.knowledge_base:
            yield

    @property
    def retriever_constructor(self) -> type[KnowledgeBaseRetriever]:
        """What is tested."""
        return KnowledgeBaseRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        """What it is made with."""
        return {"knowledge_base": self.knowledge_base}

    @property
    def retriever_query_example(self) -> str:
        """A question with at least three passages."""
        return QUESTION
