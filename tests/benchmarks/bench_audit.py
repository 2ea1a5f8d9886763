"""What audits say of themselves: do the intervals hold, does the judge agree with people, is nothing missed?

``python tests/benchmarks/bench_audit.py [coverage] [judge] [difference] [speed]`` (all by default):

- coverage: 1,000 simulated audits of known true rate per regime; how often the 95 % interval covers it. Claims of
  an answer fail together (beta-binomial, correlation given); the judge errs with the sensitivity and specificity
  given; labels are a random sample of the answers, for Rogan-Gladen those of another audit.
- judge: the local verification against people on mtrag_human_eval and faithbench, beside the detectors' published
  scores that come with faithbench.
- difference: edits planted into documents, one load; the shortcut against asking every question at both versions.
- speed: wall and CPU seconds of an audit of the demo company's questions, repeated to 1,000.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audit.agreement import agreement, auroc, balanced_accuracy
from assistant.audit.begin import Choice, prepare, work
from assistant.audit.correction import Labelled, prediction_powered, rogan_gladen
from assistant.audit.intervals import measure
from assistant.audit.judges import LocalJudge, claims_of
from assistant.audit.loads import Asked, load_differences
from assistant.settings import Settings
from ingest.cli import ProgressBar
from ingest.sources import find_sources
from ingest.sync import sync
from kb.knowledge_base import open_knowledge_base
from kb.terminal import read_jsonl
from kb.text import sentences

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
SHARED = Path(os.environ.get("FAQ_EVAL_DATA") or ROOT.parent / "shared" / "eval")
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


def judge(most: int) -> None:
    """Print how far the local judge agrees with people, on the first ``most`` rows of each set."""
    with tempfile.TemporaryDirectory() as home, open_knowledge_base(Settings.load(home=Path(home))) as base:
        local = LocalJudge(base.embedder)
        begun = time.process_time()
        rows = list(read_jsonl(SHARED / "mtrag_human_eval" / "items.dev.jsonl"))
        rows = [row for row in rows if row["contexts"]][:most]
        scores = [_support(local, row["response"], row["contexts"]) for row in rows]
        _say("mtrag_human_eval (human median >= 3)", scores, [r["faithfulness_median"] >= 3 for r in rows])
        rows = list(read_jsonl(SHARED / "faithbench" / "items.dev.jsonl"))[:most]
        scores = [_support(local, row["response"], [row["source"]]) for row in rows]
        truth = [row["worst_label"] != "Unwanted" for row in rows]
        _say("faithbench (worst label not Unwanted)", scores, truth)
        for name in ("hhemv1", "hhem-2.1", "trueteacher", "true_nli", "gpt-4-turbo", "gpt_4o"):
            known = [(r["metadata"][name], t) for r, t in zip(rows, truth, strict=True) if name in r["metadata"]]
            known = [(float(s), t) for s, t in known if s is not None]
            _say(f"  {name}, scores of the set", [s for s, _ in known], [t for _, t in known])
        print(f"CPU seconds {time.process_time() - begun:.0f}")


def _support(local: LocalJudge, response: str, evidence: list[str]) -> float:
    """Return the least support of a response's claims: one false claim makes it unfaithful."""
    claims = [claim for sentence in sentences(response) for claim in claims_of(sentence)]
    return min((verdict.support for verdict in local.verdicts(claims, evidence)), default=1.0)


def _say(name: str, scores: list[float], truth: list[bool]) -> None:
    said = [score >= 0.5 for score in scores]
    found = agreement(said, truth)
    print(
        f"{name}: n {len(truth)}, {sum(truth)} faithful; AUROC {auroc(scores, truth):.3f}, balanced accuracy "
        f"{balanced_accuracy(said, truth):.3f}, kappa {found.kappa:.2f} "
        f"({found.interval.low:.2f} to {found.interval.high:.2f})"
    )


_NUMBER = re.compile(r"(?<![\d.,])(\d{1,4})(?![\d.,])")


def planted(folder: Path, edits: int, seed: int) -> list[str]:
    """Change numbers, negate and delete sentences in the Markdown files of a folder; return what was done."""
    generator = random.Random(seed)
    files = sorted(folder.rglob("*.md"))
    done: list[str] = []
    while len(done) < edits:
        path = generator.choice(files)
        lines = path.read_text(encoding="utf-8").splitlines()
        places = [i for i, line in enumerate(lines) if len(line) > 40 and not line.startswith(("#", "|", "---"))]
        if not places:
            continue
        at = generator.choice(places)
        kind = generator.choice(("number", "negate", "delete", "insert"))
        new = _edited(lines[at], kind, generator)
        if new == lines[at]:
            continue
        lines[at : at + 1] = new.split("\n") if new else []
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done.append(f"{kind} in {path.name}")
    return done


def _edited(line: str, kind: str, generator: random.Random) -> str:
    if kind == "number":
        return _NUMBER.sub(lambda m: str(int(m.group()) + generator.randint(1, 9)), line, count=1)
    if kind == "negate":
        return re.sub(r"\b(can|will|may|must|is|are)\b(?! not)", r"\1 not", line, count=1)
    if kind == "delete":
        return ""
    return line + "\n\nThis applies to orders placed after the first of March as well."


def questions_about(folder: Path, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield questions made of the documents' own sentences: their rarest words, as customers type keywords."""
    generator = random.Random(seed)
    found = [
        (path.name, sentence)
        for path in sorted(folder.rglob("*.md"))
        for sentence in sentences(path.read_text(encoding="utf-8"))
        if 40 < len(sentence) < 220
    ]
    for number, (_, sentence) in enumerate(generator.sample(found, min(count, len(found)))):
        words = sorted(re.findall(r"[A-Za-z]{4,}", sentence), key=len, reverse=True)[:6]
        yield {"id": f"p{number}", "text": "what about " + " ".join(words).lower() + "?"}


def difference() -> None:
    """Print what the shortcut finds and saves beside asking everything."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        shutil.copytree(DATA, demo, ignore=shutil.ignore_patterns("training", "build"))
        edits = planted(demo, 8, 1)
        for path in sorted(demo.rglob("*.md")):  # changed files are put back for the first load
            shutil.move(path, path.with_suffix(".after"))
            shutil.copy(DATA / path.relative_to(demo), path)
        _difference("demo company", Path(folder) / "h1", demo, DATA / "questions.jsonl", len(edits))
        policies = Path(folder) / "policies"
        for name in ("en_37signals_policies", "en_tau2_policies"):
            shutil.copytree(SHARED.parent / "documents" / name, policies / name)
        for path in policies.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
            if path.is_file() and path.suffix != ".md":
                path.unlink()
        asked = Path(folder) / "questions.jsonl"
        asked.write_text("".join(json.dumps(row) + "\n" for row in questions_about(policies, 200, 5)))
        copy = Path(folder) / "copy"
        shutil.copytree(policies, copy)
        edits = planted(copy, 40, 7)
        for path in copy.rglob("*.md"):
            shutil.copy(path, (policies / path.relative_to(copy)).with_suffix(".after"))
        _difference("shared policies, 40 edits", Path(folder) / "h2", policies, asked, len(edits))


def _difference(name: str, home: Path, folder: Path, questions: Path, edits: int) -> None:
    settings = Settings.load(home=home, vector_index="exact", record=False)
    with open_knowledge_base(settings) as base, ProgressBar() as bar:
        sync(base, find_sources([folder]), [folder.as_posix()], bar, "before")
        for path in folder.rglob("*.after"):
            os.replace(path, path.with_suffix(".md"))
        sync(base, find_sources([folder]), [folder.as_posix()], bar, "after")
    seconds, found = [], []
    for everything in (False, True):
        begun = time.process_time()
        found.append(load_differences(settings, Asked(questions, everything=everything)))
        seconds.append(time.process_time() - begun)
    quick, whole = found
    missed = {i.change.id for i in whole.changes} - {i.change.id for i in quick.changes}
    changed = len(whole.changes)
    recall = 1 - len(missed) / changed if changed else 1.0
    named = sum(bool(item.documents) for item in quick.changes)
    print(
        f"{name}: {edits} edits in {quick.documents} documents, {quick.questions} questions; {changed} answers "
        f"changed, recall {recall:.3f}; {len(quick.replayed)} asked anew, {100 * quick.saved:.1f} % saved, CPU "
        f"{seconds[0]:.1f} s beside {seconds[1]:.1f} s; {named} with the document behind; {quick.counts()}"
    )


def speed(home: Path | None, number: int) -> None:
    """Print how long 1,000 answers take."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(home=home or Path(folder), record=False)
        with open_knowledge_base(settings) as base, ProgressBar() as bar:
            sync(base, find_sources([DATA]), [DATA.as_posix()], bar, "data")
        rows = list(read_jsonl(DATA / "questions.jsonl"))
        many = Path(folder) / "many.jsonl"
        many.write_text(
            "".join(
                json.dumps({**rows[i % len(rows)], "id": f"{i}"}, ensure_ascii=False) + "\n" for i in range(number)
            )
        )
        begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        work(prepare(settings, Choice(f"speed-{os.getpid()}", many)), 2)
        wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{number} answers: {wall:.0f} s wall, {cpu:.0f} CPU s in 2 workers; the larger worker "
            f"{after.ru_maxrss / 1024:.0f} MB, parent {own.ru_maxrss / 1024:.0f} MB; "
            f"load average {os.getloadavg()}"
        )


def main() -> None:
    """Run the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["coverage", "judge", "difference", "speed", []])
    parser.add_argument("--home", type=Path, help="a loaded knowledge base, for speed")
    parser.add_argument("--number", type=int, default=1_000, help="answers, for speed")
    parser.add_argument("--rows", type=int, default=10_000, help="of each set, for judge")
    arguments = parser.parse_args()
    for part in arguments.parts or ["coverage", "judge", "difference", "speed"]:
        print(f"\n{part}", flush=True)
        if part == "speed":
            speed(arguments.home, arguments.number)
        elif part == "judge":
            judge(arguments.rows)
        else:
            {"coverage": coverage, "difference": difference}[part]()


if __name__ == "__main__":
    main()
