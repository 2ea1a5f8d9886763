"""``faq calibrate``: from which probability on to answer, so that what is answered is rarely wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from assistant.answer.threshold import least_answerable
from assistant.settings import Settings
from assistant.turn import Assistant
from assistant.types import Outcome
from kb.calibration.calibration import OWN_DOCUMENTS, Calibration, forget_calibration, kept_calibration
from kb.calibration.calibration import calibrate as choose
from kb.calibration.selective import CONFIDENCE, Judged, Threshold, questions_needed, reachable_error
from kb.calibration.selfcases import self_cases
from kb.errors import FaqError
from kb.terminal import JSON_HELP, exit_codes, plain, print_json, say
from kb.types import Filters

CASES = 300
"""Questions made from the documents, each asked twice; more make the bound tighter and take longer."""


def calibrate(
    max_error: Annotated[
        float,
        typer.Option("--max-error", min=0.001, max=0.999, help="Share of answers that may be wrong, at most."),
    ] = 0.05,
    labels: Annotated[
        Path | None,
        typer.Option(
            "--labels",
            help='Questions, a row each: {"text", "answerable", "documents"?, "records"?, "history"?, "brand"?}. '
            "Without it, questions are made from the documents.",
        ),
    ] = None,
    cases: Annotated[
        int, typer.Option("--cases", min=20, help="How many questions to make without labels.")
    ] = CASES,
    show: Annotated[
        bool, typer.Option("--show", help="Show the calibration in force and change nothing.")
    ] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Go back to the setting min_answerable.")] = False,
    json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Choose from which probability on to answer, so that at most --max-error of the answers are wrong."""
    from assistant.app import build_assistant
    from kb.knowledge_base import open_knowledge_base

    with exit_codes(), open_knowledge_base(settings := Settings.load()) as knowledge_base:
        if forget:
            forget_calibration(knowledge_base)
        if forget or show:
            _show(kept_calibration(knowledge_base), settings, json)
            return
        if labels is not None:
            asked = settings.model_copy(update={"min_answerable": 0.0, "chat_model": ""})
            assistant = build_assistant(asked, knowledge_base, None)
            judged = list(judge(assistant, labels, knowledge_base.brands()))
            source = f"the labels of {labels.name}"
        else:
            judged = [each for case in self_cases(knowledge_base, cases) for each in case.judged()]
            source = OWN_DOCUMENTS
        chosen, made = choose(knowledge_base, judged, max_error, source)
        if json:
            print_json({"threshold": plain(chosen), "calibration": plain(made)})
        if made is None:
            raise FaqError(_too_thin(chosen, judged, max_error))
        if not json:
            print(_promise(made))


def judge(assistant: Assistant, labels: Path, brands: Collection[str] = ()) -> Iterator[Judged]:
    """Ask every question of a file; answering one is wrong if it is unanswerable or cites another document first.

    Args:
        assistant: is asked; it has to answer whatever the probability, its ``min_answerable`` being 0.
        labels: as ``assistant.audit.runs.questions.read_questions`` reads them.
        brands: that there are; where there are several, each question has to name one.

    Raises:
        FaqError: the file cannot be read, or a row lacks a text or whether it is answerable.
    """
    from assistant.audit.measure.measures import (
        cites_expected,  # a fifth of the time of a cold answer, which imports this
    )
    from assistant.audit.runs.questions import read_questions

    for question in read_questions(labels, brands=brands):
        if not isinstance(question.gold.answerable, bool):
            raise FaqError(f'question {question.id} of {labels} needs "answerable": true or false')
        filters = Filters(brand=question.brand or None)
        answer = assistant.reply(question.text, question.history, filters)
        if answer.outcome in (Outcome.ANSWERED, Outcome.ABSTAINED):
            wrong = not question.gold.answerable or not cites_expected(answer, question.gold)
            yield Judged(answer.confidence, wrong)


def _promise(made: Calibration) -> str:
    share = made.answered / made.cases
    return (
        f"answers from a probability of {made.threshold:.3f} on\n"
        f"{made.answered} of {made.cases} questions ({share:.0%}) will be answered, {made.wrong} of them wrongly; "
        f"{made.bound:.1%} at most, with {made.confidence:.0%} confidence (wanted: {made.max_error:.1%})\n"
        f"from {made.source}, version {made.version}"
        + (
            "\ncustomers ask differently from documents: --labels with their own questions makes a firmer promise"
            if made.source == OWN_DOCUMENTS
            else ""
        )
    )


def _too_thin(chosen: Threshold, judged: Sequence[Judged], max_error: float) -> str:
    if chosen.cases < chosen.least_cases:
        return (
            f"the evidence is too thin: {chosen.cases} questions, and even if all were answered rightly it would "
            f"take {chosen.least_cases} to promise at most {max_error:.1%} wrong answers: add questions; "
            "nothing was changed"
        )
    return (
        f"no threshold keeps wrong answers under {max_error:.1%} with {CONFIDENCE:.0%} confidence: the best found "
        f"answers {chosen.answered} of {chosen.cases} questions, {chosen.wrong} of them wrongly, "
        f"{chosen.bound:.1%} at most; {_what_would_do(judged, max_error)}; nothing was changed"
    )


def _what_would_do(judged: Sequence[Judged], max_error: float) -> str:
    """Return what would have to change for a threshold: how many questions more, or which error is reachable."""
    more, reachable = questions_needed(judged, max_error), reachable_error(judged)
    allowed = f"--max-error {reachable:.2f} can be promised now" if reachable else "no error can be promised now"
    if more is None:
        return (
            f"{allowed}, and more questions like these would not do, since too many of the surest are answered "
            "wrongly: mend the documents or the labels"
        )
    return f"it would take about {more} more questions that fall out like these, and {allowed}"


def _show(kept: Calibration | None, settings: Settings, json: bool) -> None:
    threshold = least_answerable(settings.min_answerable, kept.threshold if kept else None)
    if json:
        print_json({"min_answerable": threshold, "calibration": plain(kept), "stale": bool(kept and kept.stale)})
        return
    if kept is None:
        print(f"not calibrated: answers from a probability of {threshold:.3f} on (min_answerable)")
        return
    print(_promise(kept))
    print(f"{kept.changed:.0%} of the passages have changed since {kept.made_at:%Y-%m-%d %H:%M}")
    if kept.stale:
        say("the calibration is stale: run `faq calibrate` again")
    if threshold != kept.threshold:
        say(f"not in force: the setting min_answerable is {settings.min_answerable}")
