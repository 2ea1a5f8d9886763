"""Does the promise of ``faq calibrate`` hold? Measured on evaluation sets with their evidence taken out.

``python tests/benchmarks/bench_calibration.py [SET …] [--homes FOLDER] [--limit 300] [--cases 200]``: each
set of ``FAQ_EVAL_DATA`` with a knockout is loaded and the listed passages removed. A threshold is chosen for
at most 5, 10 and 20 % wrong answers, once from questions made of the documents, once from one half of the
labelled ones; the error among answered questions is measured on all labels, and on the other half. An answer
is wrong if the question is unanswerable or none of its passages comes first. ``--homes`` holds knowledge
bases, as those that ``bench_search.py --keep`` leaves; they are changed.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kb.calibration.selective import Judged, Threshold, choose_threshold, upper_bound
from kb.calibration.selfcases import self_cases
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.settings import KnowledgeSettings
from tests.benchmarks.bench_search import auroc, folder_of_data, load_set, questions, relevant, take_out, wordings

SETS = ("stackfaq", "esun_bank_faq_q2a", "doc2dial", "domainrag_zh", "mtrag_un")
TARGETS = (0.05, 0.1, 0.2)


def labelled(knowledge_base: KnowledgeBase, folder: Path, limit: int) -> list[tuple[Judged, bool]]:
    """Return the judged questions of the knockout, each with whether it is unanswerable."""
    labels = json.loads((folder / "knockout.dev.json").read_text(encoding="utf-8"))
    unanswerable, answerable = set(labels["unanswerable"]), set(labels["answerable"])
    grades = relevant(folder)
    rows = [row for row in questions(folder, 10**6) if row["id"] in unanswerable | answerable]
    found = []
    for row in rows[:limit]:
        retrieval = knowledge_base.search(wordings(row, True), 10)
        first = retrieval.hits[0].chunk.record_id if retrieval.hits else None
        without = row["id"] in unanswerable
        found.append((Judged(retrieval.answerable, without or first not in grades.get(row["id"], {})), without))
    return found


def measured(chosen: Threshold, judged: Sequence[Judged]) -> str:
    """Return the error among answered at a threshold, with its one-sided 95 % interval, and the coverage."""
    if chosen.value is None:
        return f"no threshold (best bound {chosen.bound:.3f}, {chosen.wrong}/{chosen.answered} wrong)"
    answered = [each for each in judged if each.probability >= chosen.value]
    wrong = sum(each.wrong for each in answered)
    share = wrong / max(len(answered), 1)
    return (
        f"threshold {chosen.value:.3f}, answered {len(answered)} of {len(judged)} "
        f"({len(answered) / len(judged):.3f}), error {share:.3f} "
        f"(95 % bound {upper_bound(wrong, len(answered)):.3f})"
    )


def report(name: str, own: Sequence[Judged], labels: Sequence[tuple[Judged, bool]]) -> None:
    """Print the figures of one set."""
    judged = [each for each, _ in labels]
    yes = [each.probability for each, without in labels if not without]
    no = [each.probability for each, without in labels if without]
    print(f"{name}: {len(yes)} answerable, {len(no)} unanswerable, AUROC {auroc(yes, no):.3f}; "
          f"wrong among answerable {np.mean([e.wrong for e, w in labels if not w]):.3f}; "
          f"own {len(own)}, wrong first {np.mean([e.wrong for e in own[::2]]):.3f}, "
          f"AUROC {auroc([e.probability for e in own[::2]], [e.probability for e in own[1::2]]):.3f}")  # fmt: skip
    for target in TARGETS:
        print(f"  {target:.2f} own documents: {measured(choose_threshold(own, target), judged)}")
        half = choose_threshold(judged[::2], target)
        print(f"  {target:.2f} half the labels: {measured(half, judged[1::2])}", flush=True)


def main() -> None:
    """Measure the sets that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--homes", type=Path, help="knowledge bases by set; they are changed")
    parser.add_argument("--limit", type=int, default=300, help="labelled questions a set, at most")
    parser.add_argument("--cases", type=int, default=200, help="questions made of the documents")
    parser.add_argument("--save", type=Path, help="keep what was judged in this folder")
    arguments = parser.parse_args()
    data = folder_of_data()
    for name in arguments.sets or SETS:
        if not (data / name / "knockout.dev.json").exists():
            sys.exit(f"{name} has no knockout in {data}")
        with tempfile.TemporaryDirectory() as temporary:
            home = (arguments.homes or Path(temporary)) / name
            with open_knowledge_base(KnowledgeSettings.load(home=home)) as knowledge_base:
                if len(knowledge_base.versions()) == 0 or knowledge_base.versions()[-1].note != "compact":
                    load_set(knowledge_base, data / name)
                    take_out(knowledge_base, data / name)
                own = [each for case in self_cases(knowledge_base, arguments.cases) for each in case.judged()]
                labels = labelled(knowledge_base, data / name, arguments.limit)
        if arguments.save:
            (arguments.save / f"{name}.pickle").write_bytes(pickle.dumps((own, labels)))
        report(name, own, labels)


if __name__ == "__main__":
    main()
