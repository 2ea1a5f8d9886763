"""Ask every question of data/questions.jsonl and count what is right.

``python tests/benchmarks/bench_questions.py [--home FOLDER] [--out ROWS.jsonl]`` loads ``data/`` (into the
knowledge base in FOLDER), asks every question of its company's brand and prints: how often an expected document is
cited first, how often the answer has the expected words, and the risk-coverage curve: at each share of answerable
questions refused, the share of unanswerable ones not answered.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answer.threshold import least_answerable
from assistant.app import open_assistant
from assistant.settings import Settings
from assistant.turn import Assistant
from assistant.types import Message, Outcome
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from kb.knowledge_base import open_knowledge_base
from kb.language.text import fold
from kb.terminal import read_jsonl
from kb.types import Filters
from tests.benchmarks.demonstration import DATA, demonstration

Row = dict[str, Any]


@contextmanager
def loaded(home: Path | None) -> Iterator[Settings]:
    """Give settings of a knowledge base that holds data/."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(home=home or Path(folder), min_answerable=0.0)
        with open_knowledge_base(settings) as knowledge_base, ProgressBar() as bar:
            sync(knowledge_base, demonstration(), [DATA.as_posix()], bar, "data")
        yield settings


def asked(assistant: Assistant, row: Row) -> Row:
    """Return what one question got."""
    roles = {"user": "customer"}
    history = [Message(roles.get(m["role"], m["role"]), m["text"]) for m in row.get("history", [])]
    answer = assistant.reply(row["text"], history, Filters(brand=row["company"]))
    first = answer.citations[0] if answer.citations else None
    place = first.document_uri.removeprefix(DATA.as_posix() + "/").partition("#")[0] if first else ""
    text = fold(" ".join([answer.text, *(c.quote for c in answer.citations)])).replace(" ", "")
    found = [any(fold(word).replace(" ", "") in text for word in group) for group in row["words"]]
    return {
        "id": row["id"], "lang": row["lang"], "kind": row["kind"], "answerable": row["answerable"],
        "text": row["text"], "confidence": answer.confidence, "outcome": answer.outcome.value, "place": place,
        "document": place in row["documents"], "words": bool(found) and all(found),
        "expected": row["documents"], "expected_words": row["words"], "reply": answer.text,
        "length": len(answer.text), "whole": len(answer.hits[0].chunk.text) if answer.hits else 0,
        "hits": [h.chunk.document_uri.removeprefix(DATA.as_posix() + "/") for h in answer.hits[:5]],
        "cross": row.get("cross_language", False),
    }  # fmt: skip


def shares(rows: list[Row], name: str) -> str:
    """Return a share with its count."""
    return f"{np.mean([row[name] for row in rows]):.3f} of {len(rows)}" if rows else "-"


def report(rows: list[Row], threshold: float) -> None:
    """Print the figures."""
    asked_back = [r for r in rows if r["outcome"] == Outcome.CLARIFY]
    print(f"asked back {len(asked_back)}, {sum(r['answerable'] for r in asked_back)} of them answerable")
    yes = [r for r in rows if r["answerable"]]
    no = [r for r in rows if not r["answerable"]]
    print(f"expected document cited first  {shares(yes, 'document')}")
    print(f"expected words in the answer   {shares(yes, 'words')}")
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in yes:
        groups[row["lang"]].append(row)
        groups[row["kind"]].append(row)
        if row["cross"]:
            groups["cross-language"].append(row)
    for name, group in groups.items():
        print(f"  {name:16} document {shares(group, 'document')}, words {shares(group, 'words')}")
    lengths = np.mean([r["length"] for r in yes]), np.mean([r["whole"] for r in yes])
    print(f"mean length of answers {lengths[0]:.0f} characters, of the best hits {lengths[1]:.0f}")
    scores = np.array([r["confidence"] for r in yes])
    others = np.array([r["confidence"] for r in no])
    wins = (scores[:, None] > others[None, :]).mean() + (scores[:, None] == others[None, :]).mean() / 2
    print(f"answerable or not: AUROC {wins:.3f}")
    print(
        "refused of the answerable -> not answered of the unanswerable (threshold; wrong document among answered)"
    )
    for share in (0.0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3):
        cut = np.quantile(scores, share)
        answered = [r for r in yes if r["confidence"] >= cut]
        wrong = 1 - np.mean([r["document"] for r in answered])
        print(f"  {share:4.2f} -> {(others < cut).mean():.3f}  ({cut:.3f}; {wrong:.3f})")
    refused, held = (scores < threshold).mean(), (others < threshold).mean()
    print(f"at the default threshold {threshold}: refused {refused:.3f}, not answered {held:.3f}")
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in no:
        kinds[row["kind"]].append(row)
    for name, group in kinds.items():
        print(
            f"  {name:20} not answered {np.mean([r['confidence'] < threshold for r in group]):.3f} of {len(group)}"
        )


def main() -> None:
    """Ask and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    questions = list(read_jsonl(DATA / "questions.jsonl"))
    with loaded(arguments.home) as settings, open_assistant(settings) as assistant:
        rows = [asked(assistant, row) for row in questions]
    if arguments.out:
        arguments.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    report(rows, least_answerable(Settings.load().min_answerable, None))


if __name__ == "__main__":
    main()
