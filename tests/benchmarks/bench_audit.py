"""Do the intervals of audits hold, and how long does an audit take?

``python tests/benchmarks/bench_audit.py [coverage] [speed]`` (both by default):

- coverage: 1,000 simulated audits of known true rate per regime; how often the 95 % interval covers it. Claims of
  an answer fail together (beta-binomial, correlation given); the judge errs with the sensitivity and specificity
  given; labels are a random sample of the answers, for Rogan-Gladen those of another audit.
- speed: wall and CPU seconds, and memory, of an audit of 1,000 questions to the demo companies: their own
  ones, and variations of them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audit.runs.begin import Choice, prepare, work
from assistant.audit.statistics.correction import Labelled, prediction_powered, rogan_gladen
from assistant.audit.statistics.intervals import measure
from assistant.settings import Settings
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from kb.knowledge_base import open_knowledge_base
from kb.terminal import read_jsonl
from tests.benchmarks.demonstration import DATA, demonstration

ROOT = Path(__file__).parents[2]
AUDITS = 1_000

# answers, claims an answer on average, true rate, correlation within an answer
RATES = [
    (50, 2.0, 0.90, 0.3), (100, 2.0, 0.90, 0.3), (100, 2.0, 0.95, 0.3), (300, 2.0, 0.80, 0.1),
    (300, 2.0, 0.90, 0.3), (300, 2.0, 0.95, 0.3), (300, 1.0, 0.95, 0.0), (1000, 2.0, 0.95, 0.3),
    (1000, 3.0, 0.98, 0.3), (50, 2.0, 0.98, 0.3),
]  # fmt: skip
# answers, labelled answers, true rate, sensitivity, specificity
JUDGED = [
    (300, 60, 0.90, 0.92, 0.85), (300, 100, 0.90, 0.92, 0.85), (1000, 100, 0.95, 0.95, 0.80),
    (1000, 200, 0.90, 0.92, 0.85), (300, 60, 0.80, 0.90, 0.90), (300, 50, 0.97, 0.97, 0.70),
]  # fmt: skip


def simulated(
    generator: np.random.Generator, answers: int, claims: float, truth: float, correlation: float
) -> list[np.ndarray]:
    """Return per answer whether each of its claims is true."""
    counts = 1 + generator.poisson(claims - 1, answers)
    scale = (1 - correlation) / max(correlation, 1e-9)
    shares = generator.beta(truth * scale, (1 - truth) * scale, answers)
    return [generator.random(k) < share for k, share in zip(counts, shares, strict=True)]


def judge_all(
    generator: np.random.Generator, true: list[np.ndarray], sensitivity: float, specificity: float
) -> list[np.ndarray]:
    """Return what an erring judge says of the claims."""
    return [
        np.where(t, generator.random(len(t)) < sensitivity, generator.random(len(t)) >= specificity) for t in true
    ]


def labelled(true: list[np.ndarray], judged: list[np.ndarray], picked: Any) -> list[Labelled]:
    """Return the labels of the picked answers."""
    return [Labelled(str(i), bool(j), bool(t)) for i in picked for t, j in zip(true[i], judged[i], strict=True)]


def coverage() -> None:
    """Print how often the intervals cover the truth."""
    print(f"{AUDITS} simulated audits a line; 95 % stated; one line's own error of simulation is 0.7 points")
    print("answers claims  truth  correlation | covered  mean width")
    generator = np.random.default_rng(2023)
    everything = []
    for answers, claims, truth, correlation in RATES:
        hits, widths = 0, 0.0
        for _ in range(AUDITS):
            true = simulated(generator, answers, claims, truth, correlation)
            interval = measure([(float(t.sum()), float(len(t))) for t in true]).interval
            hits += interval.low <= truth <= interval.high
            widths += interval.high - interval.low
        everything.append(hits)
        print(f"{answers:7} {claims:6} {truth:6} {correlation:12} | {hits / AUDITS:7.3f}  {widths / AUDITS:.3f}")
    print(f"all lines together {sum(everything) / AUDITS / len(everything):.4f}")
    print(
        "answers labelled  truth  sens.  spec. | covered: raw, prediction-powered, Rogan-Gladen; widths of these"
    )
    totals = np.zeros(3)
    for regime in JUDGED:
        found = np.array([_corrected(generator, *regime) for _ in range(AUDITS)], float)
        covered, widths = np.nanmean(found[:, :3], axis=0), np.nanmean(found[:, 3:], axis=0)
        totals += covered / len(JUDGED)
        numbers = "  ".join(f"{value:6}" for value in regime)
        print(f"{numbers} | {' '.join(f'{c:.3f}' for c in covered)}; {' '.join(f'{w:.3f}' for w in widths)}")
    print(f"all lines together {' '.join(f'{c:.4f}' for c in totals)} (raw: of the judge's word for the truth)")


def _corrected(
    generator: np.random.Generator, answers: int, labels: int, truth: float, sensitivity: float, specificity: float
) -> list[float]:
    """Return whether raw and corrected intervals cover, and their widths; NaN where there is none."""
    true = simulated(generator, answers, 2.0, truth, 0.3)
    judged = judge_all(generator, true, sensitivity, specificity)
    pairs = [(float(j.sum()), float(len(j))) for j in judged]
    own = labelled(true, judged, generator.permutation(answers)[:labels])
    other = simulated(generator, labels, 2.0, truth, 0.3)
    others = labelled(other, judge_all(generator, other, sensitivity, specificity), range(labels))
    intervals = [measure(pairs).interval]
    intervals += [c.interval if c else None for c in (prediction_powered(pairs, own), rogan_gladen(pairs, others))]
    covered = [np.nan if i is None else float(i.low <= truth <= i.high) for i in intervals]
    return covered + [np.nan if i is None else i.high - i.low for i in intervals]


OPENINGS = {
    "en": ("", "Hello, ", "quick question: ", "Sorry to bother you again. "),
    "zh": ("", "您好，", "请问一下，", "不好意思再打扰一下，"),
}


def varied(number: int) -> list[dict[str, Any]]:
    """Return so many questions: the demo companies' own, then the same after words that customers begin with."""
    rows = list(read_jsonl(DATA / "questions.jsonl"))
    found = []
    for i in range(number):
        row = rows[i % len(rows)]
        openings = OPENINGS[row["lang"]]
        text = openings[i // len(rows) % len(openings)] + row["text"]
        found.append({**row, "id": str(i), "text": text})
    return found


def speed(home: Path | None, number: int, workers: int) -> None:
    """Print how long the audit of so many answers takes, and what it holds in memory."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(home=home or Path(folder), record=False)
        with open_knowledge_base(settings) as base, ProgressBar() as bar:
            if home is None or not base.versions():
                sync(base, demonstration(), [DATA.as_posix()], bar, "data")
        many = Path(folder) / "many.jsonl"
        many.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in varied(number)))
        begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        work(prepare(settings, Choice(name=f"speed-{os.getpid()}", file=many)), workers)
        wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{number} answers: {wall:.0f} s wall, {cpu:.0f} CPU s in {workers} workers; the larger worker "
            f"{after.ru_maxrss / 1024:.0f} MB, parent {own.ru_maxrss / 1024:.0f} MB; "
            f"load average {os.getloadavg()}"
        )


def main() -> None:
    """Run the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["coverage", "speed", []])
    parser.add_argument("--home", type=Path, help="a loaded knowledge base, for speed")
    parser.add_argument("--number", type=int, default=1_000, help="answers, for speed")
    parser.add_argument("--workers", type=int, default=2, help="processes, for speed")
    arguments = parser.parse_args()
    for part in arguments.parts or ["coverage", "speed"]:
        print(f"\n{part}", flush=True)
        if part == "coverage":
            coverage()
        else:
            speed(arguments.home, arguments.number, arguments.workers)


if __name__ == "__main__":
    main()
