"""A part of the benchmark with a chat model that lies: nothing unsupported leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app import build_assistant
from assistant.settings import Settings
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.knowledge_base import open_knowledge_base
from tests.benchmarks.bench_misbehaving import FILES, Case, all_text, cases, run
from tests.servers.openai_chat import serve_chat

pytest.importorskip("langchain_openai")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def test_nothing_unsupported_leaves(tmp_path: Path) -> None:
    """Of every fifth scripted reply, none lets an unsupported sentence or an unverified commitment through."""
    script: list[Case] = []
    with serve_chat(lambda body: script[0].reply) as url:
        settings = Settings(
            home=tmp_path, embedder="hashing", vector_index="exact", min_answerable=0.0, record=False,
            chat_model="scripted", chat_base_url=url, chat_retries=0, chat_seconds=60.0,
        )  # fmt: skip
        with open_knowledge_base(settings) as knowledge_base:
            with ProgressBar() as bar:
                sync(knowledge_base, find_sources(FILES), [path.as_posix() for path in FILES], bar, "test")
            assistant = build_assistant(settings, knowledge_base, None)
            chosen = list(cases())[::5]
            assert len(chosen) > 80
            assert run(assistant, script, chosen, all_text(knowledge_base)) == 0
