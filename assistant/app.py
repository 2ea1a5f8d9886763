"""The one place where the parts are chosen."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from assistant.answer.extractive import Extractive
from assistant.answer.writer import ChatWriter
from assistant.chat_model import ChatModel, open_chat_model
from assistant.conversation.records import Records
from assistant.settings import Settings
from assistant.turn import Assistant, Parts
from assistant.understand.rewrite import complete
from kb.errors import StorageError
from kb.guard.marks import Guard, cleared_marks
from kb.knowledge_base import KnowledgeBase, open_knowledge_base

_TABLE_REACH = 100  # chunks on either side in which the rows of one table stand (chosen, not measured)
_log = logging.getLogger(__name__)


@contextmanager
def open_assistant(settings: Settings) -> Iterator[Assistant]:
    """Open the knowledge base of ``settings`` and build the assistant on it."""
    with ExitStack() as stack:
        knowledge_base = stack.enter_context(open_knowledge_base(settings))
        records = _open_records(settings) if settings.record else None
        if records is not None:
            stack.enter_context(closing(records))
        yield build_assistant(settings, knowledge_base, records)


def _open_records(settings: Settings) -> Records | None:
    """Open the file of records; where it cannot be written that is reported, and customers are answered."""
    try:
        return Records(settings.home, settings.redact_regions)
    except StorageError as error:
        _log.error("answers are not recorded: %s", error)
        return None


def build_assistant(settings: Settings, knowledge_base: KnowledgeBase, records: Records | None) -> Assistant:
    """Put the parts together that the settings name."""
    guard = Guard(lambda: cleared_marks(knowledge_base.catalogue.engine))
    table = partial(knowledge_base.around, reach=_TABLE_REACH)
    extractive = Extractive(knowledge_base.embedder, settings.max_quotes, knowledge_base.around, guard, table)
    model = _chat_model(settings)
    if model is None:
        return Assistant(settings, knowledge_base, Parts(extractive=extractive, rewrite=complete, records=records))
    from assistant.understand.chat_rewrite import ChatRewrite
    from assistant.verify import Verifier

    writer = ChatWriter(
        model, Verifier(knowledge_base.embedder), settings.chat_sources, guard, knowledge_base.around
    )
    parts = Parts(extractive=extractive, rewrite=ChatRewrite(model), writer=writer, records=records)
    return Assistant(settings, knowledge_base, parts)


def _chat_model(settings: Settings) -> ChatModel | None:
    if not settings.chat_model:
        return None
    return open_chat_model(
        settings.chat_model, base_url=settings.chat_base_url, api_key=settings.chat_api_key,
        seconds=settings.chat_seconds, tokens=settings.chat_tokens, retries=settings.chat_retries,
    )  # fmt: skip
