"""Search quality on the evaluation sets: does the right passage come first, and is it known when there is none?

``python tests/benchmarks/bench_search.py [SET …] [--keep FOLDER] [--limit 500]`` loads every set of
``FAQ_EVAL_DATA`` through the public API, each into a knowledge base of its own.
It prints nDCG@10, recall@5, hit@1 and MRR@10 for the search, and for each ranker alone; where a set has a
knockout, the AUROC of ``answerable`` with the evidence taken out, and the share of unanswerable questions held
back at each share of answerable ones refused; the AUROC against questions and talk about other things (clinc150,
smp2017_zh); and the time of a search beside that of embedding its question.

Of more than ``--limit`` questions a stable sample is taken (150 for atec_question_retrieval). Where a ``peers``
folder is beside the project and FAQ_PEER_MODEL names the model that its pipelines embed with, those that are
installed answer the same questions in the same run (``tests/benchmarks/peer_search.py``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.types import Message
from assistant.understand.understanding import understand
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.settings import KnowledgeSettings
from tests.benchmarks.elsewhere import EVALUATION
from tests.benchmarks.peer_search import beside

SETS = ("stackfaq", "esun_bank_faq_q2a", "esun_bank_faq", "doc2dial", "domainrag_zh", "mtrag_un",
        "tau2_banking_knowledge", "atec_question_retrieval")  # fmt: skip
SLOW = {"atec_question_retrieval": 150}
DEPTH = 40  # chunks asked for, so that ten records are among them
OTHERS = 150  # questions on and off topic
OFF_TOPIC = {"kitchen_and_dining", "home", "small_talk", "auto_and_commute", "travel", "utility", "work", "meta"}
CHAT_ZH = {"chat", "cookbook", "music", "video", "weather", "poetry", "novel", "train", "flight", "sports"}
NEAR: dict[str, set[str]] = {  # what a set's own documents treat, too
    "stackfaq": {"utility", "meta"}, "doc2dial": {"auto_and_commute", "work"},
    "mtrag_un": {"travel", "auto_and_commute", "work"},
}  # fmt: skip
REFUSED = (0.02, 0.05, 0.1, 0.2, 0.3)
Row = dict[str, Any]
Grades = dict[str, dict[str, int]]


def folder_of_data() -> Path:
    """Return where the evaluation sets are; end with a reason where they are not."""
    folder = EVALUATION
    if not folder.is_dir():
        sys.exit(f"the evaluation sets are not in {folder}: set FAQ_EVAL_DATA to their folder")
    return folder


def read_jsonl(path: Path) -> list[Row]:
    """Return the rows of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def questions(folder: Path, limit: int) -> list[Row]:
    """Return the development questions, a stable sample of at most ``limit``."""
    rows = read_jsonl(folder / "queries.dev.jsonl")
    rows.sort(key=lambda row: hashlib.sha1(row["id"].encode(), usedforsecurity=False).digest())
    return rows[: min(limit, SLOW.get(folder.name, limit))]


def relevant(folder: Path) -> dict[str, dict[str, int]]:
    """Return question id -> record id -> grade."""
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.dev.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, record, grade = line.split("\t")
        if float(grade) > 0:
            grades.setdefault(question, {})[record] = int(float(grade))
    return grades


def measures(ranked: Sequence[str], grades: dict[str, int]) -> tuple[float, float, float, float]:
    """Return nDCG@10 (linear gains, as trec_eval has it), recall@5, hit@1 and reciprocal rank."""
    gains = [grades.get(record, 0) for record in ranked[:10]]
    ideal = sorted(grades.values(), reverse=True)[:10]
    discounts = 1 / np.log2(np.arange(2, 12))
    ndcg = float(np.dot(gains, discounts[: len(gains)]) / np.dot(ideal, discounts[: len(ideal)]))
    first = next((place for place, gain in enumerate(gains) if gain), None)
    recall = sum(bool(gain) for gain in gains[:5]) / len(grades)
    return ndcg, recall, float(first == 0), 0.0 if first is None else 1 / (1 + first)


def wordings(row: Row, history: bool) -> tuple[str, ...]:
    """Return what is searched for a question, with its conversation or as it was typed."""
    roles = {"user": "customer", "agent": "assistant"}
    messages = [Message(roles.get(m["role"], m["role"]), m["text"]) for m in row.get("history") or []]
    return understand(row["text"].strip() or "?", messages if history else []).wordings


def records(chunk_records: Iterable[str | None]) -> list[str]:
    """Return record ids in order, each once."""
    return [record for record in dict.fromkeys(chunk_records) if record]


def quality(
    knowledge_base: KnowledgeBase, rows: list[Row], grades: dict[str, dict[str, int]], history: bool
) -> None:
    """Print the measures of the search and of each ranker alone."""
    found: dict[str, list[tuple[float, ...]]] = {}
    for row in rows:
        if row["id"] not in grades:
            continue
        queries = wordings(row, history)
        hits = knowledge_base.search(queries, DEPTH).hits
        ranked = {"search": records(hit.chunk.record_id for hit in hits)}
        for ranker, chunks in knowledge_base.rankings(queries[-1], DEPTH).items():
            ranked[ranker] = records(chunk.record_id for chunk in chunks)
        for ranker, order in ranked.items():
            found.setdefault(ranker, []).append(measures(order, grades[row["id"]]))
    for ranker, each in found.items():
        ndcg, recall, first, reciprocal = np.mean(each, axis=0)
        label = ranker + (" + history" if history else "")
        print(f"  {label:28} nDCG@10 {ndcg:.3f}  recall@5 {recall:.3f}  hit@1 {first:.3f}  MRR {reciprocal:.3f}"
              f"  n {len(each)}", flush=True)  # fmt: skip


def auroc(yes: Sequence[float], no: Sequence[float]) -> float:
    """Return how often an answerable question scores above an unanswerable one, ties half."""
    high, low = np.array(yes)[:, None], np.array(no)[None, :]
    return float((high > low).mean() + (high == low).mean() / 2)


def curve(yes: Sequence[float], no: Sequence[float]) -> str:
    """Return the share of unanswerable questions held back at shares of answerable ones refused."""
    parts = []
    for share in REFUSED:
        threshold = float(np.quantile(yes, share))
        parts.append(f"{share:.2f}→{float((np.array(no) < threshold).mean()):.2f}")
    return "  ".join(parts)


def load_set(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """Load a set, if it is not there yet."""
    corpus = folder / "corpus.jsonl"
    with ProgressBar() as bar:
        sync(knowledge_base, find_sources([corpus]), [corpus.as_posix()], bar, folder.name)


def take_out(knowledge_base: KnowledgeBase, folder: Path) -> None:
    """Remove the passages of a set's knockout, so that no index holds a word of them."""
    removed = set((folder / "knockout_removed_passages.txt").read_text(encoding="utf-8").split())
    published = knowledge_base.published().version
    uris = [
        uri for uri in knowledge_base.catalogue.document_hashes(published) if uri.rpartition("#")[2] in removed
    ]
    with knowledge_base.load() as load:
        load.remove(uris)
        load.publish("without the evidence")
    knowledge_base.compact(1)


def knockout(knowledge_base: KnowledgeBase, folder: Path, rows: list[Row]) -> None:
    """Take the listed passages out, ask both kinds of questions, print what ``answerable`` tells apart."""
    labels = json.loads((folder / "knockout.dev.json").read_text(encoding="utf-8"))
    take_out(knowledge_base, folder)
    by_id = {row["id"]: row for row in rows}

    def probabilities(kind: str) -> list[float]:
        asked = [by_id[i] for i in labels[kind] if i in by_id]
        return [knowledge_base.search(wordings(row, True), 10).answerable for row in asked]

    yes, no = probabilities("answerable"), probabilities("unanswerable")
    if yes and no:
        print(f"  knockout: AUROC {auroc(yes, no):.3f}  answerable {len(yes)}, unanswerable {len(no)}\n"
              f"    answerable refused → unanswerable held back  {curve(yes, no)}", flush=True)  # fmt: skip


def off_topic(knowledge_base: KnowledgeBase, folder: Path, rows: list[Row], grades: Grades) -> None:
    """Print how well questions of the set are told from questions and talk that have nothing to do with it."""
    chinese = bool(rows) and str(rows[0].get("lang", "")).startswith("zh")
    source, kept = ("smp2017_zh", CHAT_ZH) if chinese else ("clinc150", OFF_TOPIC)
    path = folder.parent / source / "test.dev.jsonl"
    if not path.exists():
        return
    kept = kept - NEAR.get(folder.name, set())
    others = [row["text"] for row in read_jsonl(path) if row.get("domain", row["label"]) in kept]
    others = sorted(others, key=lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).digest())[:OTHERS]
    asked = [row for row in rows if row["id"] in grades][:OTHERS]
    yes = [knowledge_base.search(wordings(row, True), 10).answerable for row in asked]
    no = [knowledge_base.search([text], 10).answerable for text in others]
    if yes and no:
        print(
            f"  off-topic ({source}): AUROC {auroc(yes, no):.3f}  {len(yes)} on topic, {len(no)} off", flush=True
        )


def timed(call: Callable[[str], Any], texts: Sequence[str]) -> list[float]:
    """Return milliseconds of each call."""
    spent = []
    for text in texts:
        began = time.perf_counter()
        call(text)
        spent.append(1000 * (time.perf_counter() - began))
    return spent


def speed(knowledge_base: KnowledgeBase, rows: list[Row]) -> None:
    """Print the time of a search beside that of embedding its question, in turns."""
    texts = [row["text"] for row in rows[:60]]
    searched: list[float] = []
    embedded: list[float] = []
    for start in range(0, len(texts), 10):
        part = texts[start : start + 10]
        embedded += timed(knowledge_base.embedder.embed_query, part)
        searched += timed(lambda text: knowledge_base.search([text], 10), part)
    half, late = np.percentile(searched, [50, 99])
    bare = float(np.median(embedded))
    print(f"  search p50 {half:.1f} ms, p99 {late:.1f} ms; embedding alone p50 {bare:.1f} ms; "
          f"ratio {half / bare:.2f}", flush=True)  # fmt: skip


def run(folder: Path, home: Path, limit: int) -> None:
    """Load one set and measure it."""
    rows, grades = questions(folder, limit), relevant(folder)
    began = time.process_time()
    with open_knowledge_base(KnowledgeSettings.load(home=home)) as knowledge_base:
        load_set(knowledge_base, folder)
        version = knowledge_base.versions()[-1]
        print(f"{folder.name}: {version.documents} records, {version.chunks} chunks, loaded in "
              f"{time.process_time() - began:.0f} CPU s", flush=True)  # fmt: skip
        quality(knowledge_base, rows, grades, history=False)
        if any(row.get("history") for row in rows):
            quality(knowledge_base, rows, grades, history=True)
        off_topic(knowledge_base, folder, rows, grades)
        speed(knowledge_base, rows)
    with tempfile.TemporaryDirectory() as theirs:
        history = any(row.get("history") for row in rows)
        asked = [(wordings(row, True)[-1], grades[row["id"]]) for row in rows if row["id"] in grades]
        beside(folder / "corpus.jsonl", Path(theirs), asked, measures, " + history" if history else "")
    if (folder / "knockout.dev.json").exists():
        with tempfile.TemporaryDirectory() as copied:
            shutil.copytree(home, copied, dirs_exist_ok=True)
            with open_knowledge_base(KnowledgeSettings.load(home=Path(copied))) as knowledge_base:
                knockout(knowledge_base, folder, rows)


def main() -> None:
    """Measure the sets that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--keep", type=Path, help="keep the knowledge bases here for another run")
    parser.add_argument("--limit", type=int, default=500, help="questions a set, at most")
    arguments = parser.parse_args()
    data = folder_of_data()
    for name in arguments.sets or SETS:
        if not (data / name / "corpus.jsonl").exists():
            print(f"{name}: not in {data}, passed over")
            continue
        with tempfile.TemporaryDirectory() as temporary:
            home = (arguments.keep or Path(temporary)) / name
            home.mkdir(parents=True, exist_ok=True)
            run(data / name, home, arguments.limit)


if __name__ == "__main__":
    main()
