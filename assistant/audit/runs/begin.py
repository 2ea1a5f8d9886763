"""A run is prepared: its questions are gathered, what it is about is noted, what is left to ask is found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.answer.threshold import least_answerable
from assistant.audit.runs.auditor import Plan
from assistant.audit.runs.folder import RunFolder
from assistant.audit.runs.progress import AuditBar
from assistant.audit.runs.questions import digest_of, read_questions, sample
from assistant.audit.runs.run import begin, others_of, run
from assistant.audit.types import AuditedAnswer, Question, RunFacts
from assistant.settings import Settings
from kb.calibration.calibration import kept_threshold
from kb.errors import FaqError
from kb.knowledge_base import open_knowledge_base
from kb.terminal import short
from kb.types import Filters

_EVERY_RECORD = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody asked to be audited.

    Attributes:
        name: of the run.
        file: of questions, None for none.
        recorded: whether recorded conversations are audited.
        again: whether recorded questions are asked anew.
        size: of the sample; None is all.
        stratify: draw in proportion by this field; None draws from all alike.
        seed: of the sample.
        by: fields of the file that rates are told apart by.
        version: of the knowledge base; None is the published one.
        second: chat model that judges too; empty for none.
        brand: of questions that name none; empty: as the settings say.
    """

    name: str
    file: Path | None
    recorded: bool = False
    again: bool = False
    size: int | None = None
    stratify: str | None = None
    seed: int = 1
    by: tuple[str, ...] = ()
    version: int | None = None
    second: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that can be worked on.

    Attributes:
        folder: where it is written.
        plan: how its questions are asked.
        left: questions that have not been asked yet.
        done: number of those that have.
    """

    folder: RunFolder
    plan: Plan
    left: tuple[Question, ...]
    done: int


def gather(settings: Settings, choice: Choice, brands: Collection[str] = ()) -> list[Question]:
    """Return the questions of a run: the file's, then the recorded ones; a sample is drawn from each alike.

    Args:
        settings: of the assistant.
        choice: what is to be audited.
        brands: that there are, as ``read_questions`` needs them.
    """
    found: list[Question] = []
    if choice.file is not None:
        found += _from_file(choice.file, choice, brands)
    if choice.recorded:
        found += _from_records(settings, choice)
    if not found:
        raise FaqError("there is nothing to audit: no question in the file, and no recorded conversation")
    ids = [question.id for question in found]
    if len(set(ids)) != len(ids):
        raise FaqError("a question of the file has the id of a recorded one: give it another")
    return [replace(question, brand=question.brand or choice.brand) for question in found]


def _from_file(file: Path, choice: Choice, brands: Collection[str]) -> list[Question]:
    questions = read_questions(file, choice.by, brands)
    if choice.size is None:
        return questions
    field = choice.stratify
    if field is not None and not any(field in q.groups for q in questions):
        there = ", ".join(sorted({name for q in questions for name in q.groups}))
        raise FaqError(f"questions cannot be drawn by {field!r}; they have {there}: add --by {field}")
    ids = [(q.id, q.groups.get(field, "") if field else "") for q in questions]
    chosen = set(sample(ids, choice.size, choice.seed, stratified=field is not None))
    return [q for q in questions if q.id in chosen]


def _from_records(settings: Settings, choice: Choice) -> list[Question]:
    from assistant.audit.runs.recorded import STRATA, recorded_questions
    from assistant.conversation.records import Selection

    by = choice.stratify if choice.stratify in STRATA else None
    if choice.stratify and by is None and choice.file is None:
        raise FaqError(f"records cannot be drawn by {choice.stratify!r}: name one of {', '.join(STRATA)}")
    size = choice.size or _EVERY_RECORD
    return recorded_questions(settings.home, Selection(), size, choice.seed, by, ask_again=choice.again)


def prepare(settings: Settings, choice: Choice) -> Prepared:
    """Gather the questions, and begin the run or go on with it.

    Raises:
        FaqError: there is nothing to ask, or a run of that name asks something else.
        BrandError: a question does not say which of several brands is asked.
        KnowledgeBaseEmpty: nothing was ever loaded.
        UnknownVersion: there is no such version.
        StorageError: the knowledge base or the records cannot be read, or the run cannot be written.
    """
    with open_knowledge_base(settings) as knowledge_base:
        questions = gather(settings, choice, knowledge_base.brands())
        published = knowledge_base.published()
        version = choice.version or published.version
        knowledge_base.catalogue.version(version)
        for brand in {question.brand for question in questions if not question.given}:
            knowledge_base.for_brand(Filters(brand=brand, version=version))
        fingerprint, calibrated = published.fingerprint, kept_threshold(knowledge_base)
    asked_at = 0 if all(question.given for question in questions) else version
    facts = RunFacts(
        name=choice.name,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        source=_source(choice),
        digest=digest_of(questions),
        questions=len(questions),
        version=asked_at,
        seed=choice.seed,
        sampling=_sampling(choice),
        judge=f"local verification on {fingerprint}",
        second=choice.second,
        assistant=_assistant(settings, fingerprint, calibrated),
    )
    folder = RunFolder(settings.home, choice.name)
    left = begin(folder, facts, questions)
    plan = Plan(settings, version, others_of(questions, choice.seed), choice.second)
    return Prepared(folder, plan, tuple(left), len(questions) - len(left))


def work(prepared: Prepared, workers: int) -> None:
    """Ask what is left; every result is written before the next is waited for.

    Raises:
        FaqError: a worker was killed; the run goes on where it was.
        StorageError: a result cannot be written.
    """
    with AuditBar(prepared.done + len(prepared.left), prepared.done) as bar:

        def done(answer: AuditedAnswer) -> None:
            prepared.folder.append(answer)
            bar.advance()

        run(prepared.plan, prepared.left, workers, done)


def _source(choice: Choice) -> str:
    parts: Sequence[str] = [
        *([short(str(choice.file))] if choice.file else []),
        *(["recorded conversations" + (" asked again" if choice.again else "")] if choice.recorded else []),
    ]
    return " and ".join(parts)


def _sampling(choice: Choice) -> str:
    if choice.size is None:
        return "all of them, no sample"
    how = f"stratified by {choice.stratify}" if choice.stratify else "random"
    return f"{how} sample of {choice.size}, seed {choice.seed}"


def _assistant(settings: Settings, fingerprint: str, calibrated: float | None) -> str:
    model = settings.chat_model or "extractive"
    least = least_answerable(settings.min_answerable, calibrated)
    return f"{model}, min_answerable {least}, max_quotes {settings.max_quotes}, {fingerprint}"
