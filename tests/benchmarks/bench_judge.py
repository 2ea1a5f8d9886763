"""How far the judge of audits agrees with people, on the development sets that other people labelled.

``python tests/benchmarks/bench_judge.py [SET …] [--rows N] [--cache FOLDER]`` reads the sets in ``FAQ_EVAL_DATA``;
those that are not there are passed over. A reply is judged as audits judge one: cut into claims, each against all
of the evidence. People labelled whole replies, so two readings of the claims are printed: *all* of them supported
(score: the least support), as one false claim makes a reply unfaithful; and at least *half* of them (score: the
share, then the mean support), as people forgive a little. For each AUROC, balanced accuracy and Cohen's kappa with
its interval; for faithbench beside the scores of the detectors that come with the set, at .5. ``--rows`` draws so
many of each set with a fixed seed; ``--cache`` remembers what this very code has judged.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.audit.measure.judges import LocalJudge
from assistant.audit.measure.measures import judged_claims
from assistant.audit.statistics.agreement import agreement, auroc, balanced_accuracy
from assistant.settings import Settings
from assistant.types import Sentence
from kb.identity import digest
from kb.knowledge_base import open_knowledge_base
from kb.language.text import sentences
from kb.terminal import read_jsonl
from tests.benchmarks.elsewhere import EVALUATION

ROOT = Path(__file__).parents[2]
SEED = 3
Row = dict[str, Any]
Claims = list[tuple[float, bool]]

# set -> reply, evidence, whether people call it faithful, of a row
SETS: dict[str, tuple[Callable[[Row], str], Callable[[Row], list[str]], Callable[[Row], bool]]] = {
    "mtrag_human_eval": (
        lambda row: row["response"], lambda row: row["contexts"], lambda row: row["faithfulness_median"] >= 3,
    ),
    "faithbench": (
        lambda row: row["response"], lambda row: [row["source"]], lambda row: row["worst_label"] != "Unwanted",
    ),
    "wice": (
        lambda row: row["claim"], lambda row: ["\n".join(row["evidence"])],
        lambda row: row["label"] == "supported",
    ),
    "begin": (
        lambda row: row["response"], lambda row: [row["knowledge"]],
        lambda row: row["label"] == "Fully attributable",
    ),
    "ocnli_zh": (
        lambda row: row["hypothesis"], lambda row: [row["premise"]], lambda row: row["label"] == "entailment",
    ),
}  # fmt: skip


class Cache:
    """Supports and verdicts of the claims of replies, remembered in a file if there is a folder."""

    def __init__(self, folder: Path | None, name: str) -> None:
        """Read what was judged by the same code."""
        parts = [*sorted((ROOT / "assistant" / "verify").iterdir()), *sorted((ROOT / "kb").glob("*.py"))]
        self._code = digest(*(path.read_bytes().hex() for path in parts if path.is_file()))
        self._path = folder / f"{name}.jsonl" if folder else None
        self._known: dict[str, Claims] = {}
        if self._path and self._path.exists():
            self._known = {row["key"]: row["claims"] for row in read_jsonl(self._path)}

    def get(self, judge: LocalJudge, reply: str, evidence: list[str]) -> Claims:
        """Return support and verdict of each claim of a reply."""
        key = digest(self._code, judge.name, reply, *evidence)
        if key not in self._known:
            claims = [c for s in sentences(reply) for c in judged_claims(Sentence(s, (1,)), 0, evidence, judge)]
            self._known[key] = [(c.support, c.supported) for c in claims]
            if self._path:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("a") as stream:
                    stream.write(json.dumps({"key": key, "claims": self._known[key]}) + "\n")
        return self._known[key]


def least(claims: Claims) -> tuple[float, bool]:
    """Return the score and the verdict of a reply all of whose claims have to be supported."""
    return min((support for support, _ in claims), default=1.0), all(said for _, said in claims)


def half(claims: Claims) -> tuple[float, bool]:
    """Return the score and the verdict of a reply half of whose claims have to be supported."""
    if not claims:
        return 2.0, True
    share = sum(said for _, said in claims) / len(claims)
    return share + sum(support for support, _ in claims) / len(claims) / 1_000, share >= 0.5


def drawn(name: str, most: int) -> list[Row]:
    """Return labelled rows of a set with evidence, at most ``most`` of them."""
    rows = [row for row in read_jsonl(EVALUATION / name / "items.dev.jsonl") if row.get("label") != "-"]
    rows = [row for row in rows if any(SETS[name][1](row))]
    return rows if len(rows) <= most else random.Random(SEED).sample(rows, most)


def measure(local: LocalJudge, name: str, most: int, cache: Cache) -> None:
    """Print the figures of one set."""
    reply, evidence, faithful = SETS[name]
    rows = drawn(name, most)
    begun = time.process_time()
    judged = [cache.get(local, reply(row), evidence(row)) for row in rows]
    truth = [faithful(row) for row in rows]
    for reading in (least, half):
        read = [reading(claims) for claims in judged]
        say(f"{name}, {reading.__name__}", [score for score, _ in read], [said for _, said in read], truth)
    print(f"  CPU seconds {time.process_time() - begun:.0f}", flush=True)
    if name != "faithbench":
        return
    for detector in sorted({key for row in rows for key in row["metadata"]}):
        known = [(row["metadata"].get(detector), true) for row, true in zip(rows, truth, strict=True)]
        scored = [(float(score), true) for score, true in known if isinstance(score, int | float)]
        if len({score for score, _ in scored}) > 1 and all(0 <= score <= 1 for score, _ in scored):
            scores, trues = [s for s, _ in scored], [t for _, t in scored]
            say(f"  {detector}, of the set", scores, [score >= 0.5 for score in scores], trues)


def say(name: str, scores: list[float], said: list[bool], truth: list[bool]) -> None:
    """Print one line."""
    found = agreement(said, truth)
    print(
        f"{name:28} n {len(truth):4}, {sum(truth):4} faithful; AUROC {auroc(scores, truth):.3f}, balanced "
        f"accuracy {balanced_accuracy(said, truth):.3f}, kappa {found.kappa:.2f} "
        f"({found.interval.low:.2f} to {found.interval.high:.2f})",
        flush=True,
    )


def main() -> None:
    """Measure the sets that are named and there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", choices=[*SETS, []])
    parser.add_argument("--rows", type=int, default=400, help="of each set, at most")
    parser.add_argument("--cache", type=Path, help="folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, open_knowledge_base(Settings.load(home=Path(home))) as base:
        for name in arguments.sets or SETS:
            if not (EVALUATION / name).is_dir():
                print(f"{name}: not in {EVALUATION}, passed over")
                continue
            measure(LocalJudge(base.embedder), name, arguments.rows, Cache(arguments.cache, name))


if __name__ == "__main__":
    main()
