"""Sheets are written for reviewers and read back into the run they were drawn from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.audit.reports.report import percent, span
from assistant.audit.review.labels import Opinion, Review, from_rows, read_opinions, review, to_row
from assistant.audit.review.sheet import draw, read_sheet, rows, share_out, write_csv, write_xlsx
from assistant.audit.runs.folder import RunFolder
from assistant.settings import Settings
from kb.errors import FaqError
from kb.own_files import files_in


def write_sheets(
    home: Path,
    name: str,
    out: Path,
    size: int,
    seed: int,
    reviewers: Sequence[str],
    double: float,
    *,
    by_verdict: bool,
) -> list[Path]:
    """Draw answers of a run, note the sample, and write a sheet per reviewer; return the files.

    Args:
        home: where the runs are.
        name: of the run.
        out: folder to write to.
        size: number of answers.
        seed: the same one draws and deals the same answers.
        reviewers: their names.
        double: share that two of them get, 0-1.
        by_verdict: see ``assistant.audit.review.sheet.draw``.

    Raises:
        FaqError: there is no such run, or it has nothing to review.
        StorageError: the sample or a sheet cannot be written.
    """
    folder = RunFolder(home, name)
    folder.facts()
    answers = {answer.id: answer for answer in folder.answers()}
    weights = draw(list(answers.values()), size, seed, by_verdict=by_verdict)
    if not weights:
        raise FaqError(f"run {name!r} has no answer with claims: there is nothing to review")
    folder.note_sample(weights)
    dealt = share_out(list(weights), reviewers, double, seed)
    written = []
    with files_in(out):
        out.mkdir(parents=True, exist_ok=True)
    for reviewer, ids in dealt.items():
        table = list(rows([answers[i] for i in ids], reviewer))
        stem = "".join(c if c.isalnum() or c in "-_" else "_" for c in reviewer)
        for ending, write in ((".xlsx", write_xlsx), (".csv", write_csv)):
            path = out / f"{name}-{stem}{ending}"
            write(path, table)
            written.append(path)
    return written


def read_back(
    settings: Settings, name: str, sheets: Sequence[Path], reviewer: str | None, *, settles: bool
) -> tuple[Review, int]:
    """Add the labels of filled-in sheets to a run; return what all its labels come to, and how many were read.

    Raises:
        FaqError: there is no such run, or a sheet is none of it or not filled in as it should be.
        StorageError: a sheet cannot be read, or the labels cannot be written.
    """
    folder = RunFolder(settings.home, name)
    folder.facts()
    answers = folder.answers()
    weights = folder.sample()
    found: list[Opinion] = []
    for path in sheets:
        found += read_opinions(
            read_sheet(path), answers, reviewer, settles=settles, weights=weights, regions=settings.redact_regions
        )
    if not found:
        raise FaqError("no row of the sheets is filled in: write yes, no or unsure into the column 'supported'")
    folder.append_labels([to_row(opinion) for opinion in found])
    return review(answers, from_rows(folder.labels())), len(found)


def labels_in_words(review: Review) -> Iterator[str]:
    """Yield what labels come to, in lines for people."""
    yield f"{len(review.truth)} claims labelled by {', '.join(review.reviewers)}"
    for name, item in {"two reviewers": review.people, **review.judges}.items():
        if item.size:
            kappa = "not known" if math.isnan(item.kappa) else f"{item.kappa:.2f}"
            yield (
                f"{name}: kappa {kappa} ({item.interval.low:.2f} to {item.interval.high:.2f}), {item.words}, "
                f"{percent(item.share)} of {item.size} alike"
            )
    for corrected in review.corrected:
        low, high = corrected.interval.low, corrected.interval.high
        rate = f"{percent(corrected.value)} ({span(low, high)})"
        yield f"faithfulness corrected: {rate}, {corrected.interval.method}"
    for (answer, claim), said in review.disputed.items():
        words = ", ".join(f"{who} {'yes' if yes else 'no'}" for who, yes in said.items())
        yield f"disputed: claim {claim} of {answer}: {words}; settle it with a sheet and --settles"
