"""A run: every question is asked and measured by a few processes, and each result is written at once."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import wait

from assistant.audit.runs.auditor import Auditor, Plan, open_auditor
from assistant.audit.runs.folder import RunFolder
from assistant.audit.runs.questions import sample
from assistant.audit.types import AuditedAnswer, Question, RunFacts
from kb.errors import FaqError

_AHEAD = 4  # questions waiting per worker: enough to keep it busy, few enough to hold
_ALONE = 24  # so few questions are asked in this process: another would take longer to start
_OTHERS = 64  # questions that an answer's relevance is measured beside, per language

Done = Callable[[AuditedAnswer], None]
"""Called with each result, in order."""


def others_of(questions: Sequence[Question], seed: int) -> tuple[tuple[str, str], ...]:
    """Return text and language of up to ``_OTHERS`` questions of each language, drawn with the seed."""
    by_id = {q.id: (q.text, q.groups.get("language", "")) for q in questions}
    chosen: list[tuple[str, str]] = []
    for language in sorted({language for _, language in by_id.values()}):
        ids = [(identifier, "") for identifier, (_, own) in by_id.items() if own == language]
        chosen += [by_id[i] for i in sample(ids, _OTHERS, seed, stratified=False)]
    return tuple(chosen)


def begin(folder: RunFolder, facts: RunFacts, questions: Sequence[Question]) -> list[Question]:
    """Begin a run, or go on with one that was stopped; return what is left to ask.

    Raises:
        FaqError: a run of that name asks something else, or the same in another way.
    """
    if not folder.exists:
        folder.create(facts)
        return list(questions)
    old = folder.facts()
    same = (old.digest, old.version, old.judge, old.second, old.assistant) == (
        facts.digest, facts.version, facts.judge, facts.second, facts.assistant,
    )  # fmt: skip
    if not same:
        raise FaqError(
            f"the run {facts.name!r} is there and asks other questions, another version, or in another way "
            f"({old.source}, version {old.version}): choose another name with --name"
        )
    done = {answer.id for answer in folder.answers()}
    return [question for question in questions if question.id not in done]


def run(plan: Plan, questions: Sequence[Question], workers: int, done: Done) -> None:
    """Audit the questions and hand each result to ``done``, in their order.

    Args:
        plan: what to ask, and how.
        questions: in order.
        workers: processes.
        done: writes a result.

    Raises:
        FaqError: a worker was killed; what was handed to ``done`` stays, and the rest can be asked again.
    """
    if workers <= 1 or len(questions) <= _ALONE:
        with open_auditor(plan) as auditor:
            for question in questions:
                done(auditor.audit(question))
        return
    with _workers(plan, workers) as pool:
        try:
            for answer in _in_order(pool, questions, workers * _AHEAD):
                done(answer)
        except BrokenProcessPool as error:
            raise FaqError(
                "a worker of the audit was killed (out of memory?): run the same command again, it goes on "
                "where it was; --workers 1 needs least memory"
            ) from error


@contextmanager
def _workers(plan: Plan, workers: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of fresh processes; what they were not asked yet is dropped at the end."""
    context = multiprocessing.get_context("spawn")  # a fork would copy threads of the model's runtime
    pool = ProcessPoolExecutor(workers, context, initializer=_open, initargs=(plan,))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, questions: Iterable[Question], ahead: int) -> Iterator[AuditedAnswer]:
    """Yield results in order, with at most ``ahead`` questions handed out: memory does not grow with the run."""
    waiting: deque[Future[AuditedAnswer]] = deque()
    for question in questions:
        waiting.append(pool.submit(_audit, question))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


_opened = ExitStack()
_auditors: list[Auditor] = []  # of this worker process: one


def _open(plan: Plan) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _auditors.append(_opened.enter_context(open_auditor(plan)))


def _end_with_parent() -> None:
    """End this worker when its parent was killed: nobody would ever take it from its queue."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _audit(question: Question) -> AuditedAnswer:
    return _auditors[0].audit(question)
