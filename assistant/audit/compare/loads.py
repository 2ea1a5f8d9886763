"""The difference that a load makes, from settings and a command's choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.app import build_assistant
from assistant.audit.compare.comparison import CHANGES
from assistant.audit.compare.difference import (
    LoadDifference,
    Probing,
    Versions,
    load_difference,
    to_ask,
)
from assistant.audit.compare.probe import Probe
from assistant.audit.compare.scratch import Tried, tried_load
from assistant.audit.measure.judges import LocalJudge
from assistant.audit.runs.auditor import Auditor, Plan
from assistant.audit.runs.begin import Choice, gather
from assistant.audit.runs.progress import AuditBar
from assistant.audit.types import Question
from assistant.settings import Settings
from kb.errors import FaqError
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.types import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to compare.

    Attributes:
        file: of questions, None for none.
        recorded: whether recorded questions are asked as well.
        size: of a sample of them; None is all.
        seed: of the sample.
        old: version; None is the one before ``new``.
        new: version; None is the published one.
        paths: to load into a copy, instead of comparing versions that there are.
        everything: ask all questions at both versions.
        brand: of questions that name none; empty: as the settings say.
    """

    file: Path | None
    recorded: bool = False
    size: int | None = None
    seed: int = 1
    old: int | None = None
    new: int | None = None
    paths: tuple[Path, ...] = ()
    everything: bool = False
    brand: str = ""


def load_differences(
    settings: Settings, asked: Asked, agree: Callable[[Plan, Sequence[Question]], bool] | None = None
) -> LoadDifference:
    """Return what a load changes in the answers to stored questions.

    Args:
        settings: of the assistant.
        asked: what to compare.
        agree: told what is about to be asked, a question once per version, before a chat model is called; False
            asks nothing.

    Raises:
        FaqError: there is nothing to compare or to ask, the load that was tried failed, ``agree`` said no, or a
            question cannot be asked.
        UnknownVersion: there is no such version.
        StorageError: the knowledge base or the records cannot be read, or the copy cannot be written.
    """
    choice = Choice(
        name="",
        file=asked.file,
        recorded=asked.recorded,
        again=True,
        size=asked.size,
        stratify=None,
        seed=asked.seed,
        brand=asked.brand,
    )
    with _place(settings, asked) as tried, open_versions(tried.settings, tried.old, tried.new) as versions:
        questions = gather(settings, choice, versions.catalogue.brands(tried.new))
        both = replace(versions, probe=None) if asked.everything else versions
        needed = to_ask(both, questions)
        if agree and not agree(Plan(tried.settings), [*needed, *needed]):
            raise FaqError(f"{len(needed)} questions would have been asked at both versions: nothing was asked")
        with AuditBar(len(needed)) as bar:
            found = load_difference(both, len(questions), needed, bar.advance)
    return replace(found, failures=tried.failures)


@contextmanager
def _place(settings: Settings, asked: Asked) -> Iterator[Tried]:
    """Give the knowledge base to compare in, with the two versions."""
    if asked.paths:
        with tried_load(settings, asked.paths) as tried:
            yield tried
        return
    with open_knowledge_base(settings) as knowledge_base:
        numbers = [version.number for version in knowledge_base.versions()]
        new = asked.new if asked.new is not None else knowledge_base.published().version
        older = [number for number in numbers if number < new]
        if asked.old is None and not older:
            raise FaqError(
                f"there is no version before {new}: load something first, or try a load with --dry-run PATH"
            )
        old = asked.old if asked.old is not None else older[-1]
    yield Tried(settings, old, new)


@contextmanager
def open_versions(settings: Settings, old: int, new: int) -> Iterator[Versions]:
    """Open auditors of two versions, and the probe that tells which questions have to be asked."""
    with open_knowledge_base(settings) as knowledge_base:
        for number in (old, new):
            knowledge_base.catalogue.version(number)
        assistant = build_assistant(settings, knowledge_base, None)
        judge = LocalJudge(knowledge_base.embedder)
        today = date.today()
        before, after = (
            Auditor(
                assistant,
                knowledge_base,
                judge,
                filters=Filters(on=today, version=number),
                regions=settings.redact_regions,
            )
            for number in (old, new)
        )
        yield Versions(
            catalogue=knowledge_base.catalogue,
            old=old,
            new=new,
            before=before,
            after=after,
            probe=_probe(settings, knowledge_base, old, new, today),
            regions=settings.redact_regions,
        )


def _probe(settings: Settings, knowledge_base: KnowledgeBase, old: int, new: int, today: date) -> Probing:
    """Return what tells whether a question is answered the same at both versions.

    It searches as the assistant does and never calls a chat model. Where one is configured, it also words what is
    searched for a follow-up: such questions are always asked anew.
    """
    probe = Probe(knowledge_base, old, new, watch=not settings.chat_model)
    place: Any = probe
    probing = build_assistant(settings.model_copy(update={"chat_model": ""}), place, None)

    def same(question: Question) -> bool:
        if settings.chat_model and question.history:
            return False
        filters = Filters(on=today, brand=question.brand or None)
        return probe.same(lambda: probing.reply(question.text, question.history, filters))

    return same


def limits_of(texts: Sequence[str]) -> dict[str, int]:
    """Return how many answers of a kind may differ.

    Raises:
        ValueError: a text is no limit; the message names the kinds that there are.
    """
    found = {}
    for text in texts:
        kind, sign, number = text.partition("=")
        kind = kind.strip().replace("_", "-").removesuffix("-answers")
        if not sign or kind not in CHANGES or not number.strip().isdigit():
            raise ValueError(f"{text!r} is no limit: write KIND=NUMBER with one of {', '.join(CHANGES[:-1])}")
        found[kind] = int(number)
    return found


def exceeded(difference: LoadDifference, limits: Mapping[str, int]) -> list[str]:
    """Return which limits are exceeded, a sentence each."""
    counts = difference.counts()
    return [
        f"{counts[kind]} answers {kind}, at most {most} wanted"
        for kind, most in limits.items()
        if counts[kind] > most
    ]
