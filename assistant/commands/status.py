"""``faq status``: what is loaded, who answers, and whether anything is wrong, on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from assistant.commands.options import Json
from assistant.conversation.records import FILE, ModelHealth, Records
from assistant.settings import Settings
from kb.calibration.calibration import kept_calibration
from kb.cli import tell_brands, tell_calibration
from kb.errors import FaqError, KnowledgeBaseEmpty
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.terminal import exit_codes, print_json
from kb.types import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What stands where.

    Attributes:
        home: folder of all state.
        version: what is published; None before the first load.
        brands: whose documents are in, with the number of their documents.
        embedder: as the settings have it.
        calibration: one line about it.
        chat_model: as the settings have it; empty: answers are quotes.
        chat_base_url: where it is, if the settings say so.
        recorded: whether answers are kept.
        health: how the chat model did; None where nothing was recorded.
        wrong: what keeps questions from being answered, a sentence each.
    """

    home: str
    version: Version | None
    brands: Mapping[str, int]
    embedder: str
    calibration: str
    chat_model: str
    chat_base_url: str
    recorded: bool
    health: ModelHealth | None
    wrong: tuple[str, ...] = ()


def status(json: Json = False) -> None:
    """Show what is loaded, who answers, and whether anything is wrong."""
    with exit_codes(), open_knowledge_base(settings := Settings.load()) as knowledge_base:
        seen = look(settings, knowledge_base)
        if json:
            print_json(seen)
        else:
            for name, value in _lines(seen):
                print(f"{name:12} {value}")


def look(settings: Settings, knowledge_base: KnowledgeBase) -> Status:
    """Return what stands where; nothing is made that is not there."""
    version, calibration, wrong = None, "none", []
    brands: dict[str, int] = {}
    try:
        version = knowledge_base.catalogue.version(knowledge_base.published().version)
        brands = knowledge_base.brands(version.number)
        calibration = tell_calibration(kept_calibration(knowledge_base))
        if version.fingerprint != knowledge_base.embedder.fingerprint:
            wrong.append(
                f"the documents were embedded by {version.fingerprint!r}, which is not {settings.embedder!r} of "
                "the settings: set FAQ_EMBEDDER back, or run `faq kb rebuild --embed`"
            )
    except KnowledgeBaseEmpty:
        wrong.append("nothing is loaded: run `faq ingest PATH`")
    except FaqError as error:
        wrong.append(str(error))
    health = None
    if (settings.home / FILE).exists():
        with closing(Records(settings.home)) as records:
            health = records.model_health()
    return Status(
        home=str(settings.home), version=version, brands=brands, embedder=settings.embedder,
        calibration=calibration, chat_model=settings.chat_model, chat_base_url=settings.chat_base_url,
        recorded=settings.record, health=health, wrong=tuple(wrong),
    )  # fmt: skip


def _lines(seen: Status) -> Iterator[tuple[str, object]]:
    yield "home", seen.home
    if version := seen.version:
        yield "version", version.number
        yield "documents", f"{version.documents} in {version.chunks} chunks"
        if seen.brands:
            yield "brands", tell_brands(seen.brands, version.documents - sum(seen.brands.values()))
        changes = f"+{version.added} ~{version.changed} -{version.removed}"
        yield "last load", f"{version.published_at:%Y-%m-%d %H:%M} UTC, {changes} ({version.note})"
    yield "embedder", seen.embedder
    yield "calibration", seen.calibration
    where = f" at {seen.chat_base_url}" if seen.chat_base_url else ""
    yield "chat model", f"{seen.chat_model}{where}" if seen.chat_model else "none: answers are quotes"
    if (health := seen.health) and (seen.chat_model or health.asked):
        yield "", f"asked for {health.asked} of the last {health.records} answers, failed for {health.failed}"
        for remark in health.last:
            yield "", f"{remark.at:%Y-%m-%d %H:%M} {'failed' if remark.failed else 'answered'}: {remark.text}"
    if not seen.recorded:
        yield "records", "off (FAQ_RECORD): failures of the chat model are not known afterwards"
    for sentence in seen.wrong:
        yield "wrong", sentence
