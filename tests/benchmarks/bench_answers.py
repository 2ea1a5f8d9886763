"""Measure the quotes: how right they are, and how long, beside the first hit's whole text.

``python tests/benchmarks/bench_answers.py SET HOME [--limit N] [--out ROWS.jsonl]`` with SET one of ``doc2dial``,
``domainrag_zh``, ``esun_bank_faq`` (development splits in ``$FAQ_EVAL_DATA``) or ``questions``
(``data/questions.jsonl``). HOME holds a knowledge base of that set's ``corpus.jsonl`` (or of ``data/``), or of a
part of it: questions whose passages are not in are left out. Search is taken as it is: both columns are judged on
the same hits, and nothing is refused.

right: doc2dial: token F1 with the answer spans; domainrag_zh: a gold answer contained; esun_bank_faq: a quote of a
right entry; questions: the expected words contained.
first: the first citation (the first hit) is of a right passage or document.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.app import build_assistant
from assistant.settings import Settings
from assistant.turn import Assistant
from assistant.types import Message
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.language.text import fold, width
from kb.terminal import read_jsonl
from kb.types import Filters
from tests.benchmarks.elsewhere import EVALUATION

ROOT = Path(__file__).parents[2]
Row = dict[str, Any]
_ROLES = {"user": "customer", "agent": "assistant"}
_MARK = re.compile(r"\s*\[\d+\]")
_ARTICLES = {"a", "an", "the"}


def words(text: str) -> list[str]:
    """Return the words of an English text as SQuAD's measure compares them: folded, without articles."""
    return [word for word in re.findall(r"\w+", fold(text)) if word not in _ARTICLES]


def token_f1(text: str, spans: Sequence[str]) -> float:
    """Return the F1 of the words of ``text`` with those of all spans together (SQuAD's)."""
    said, gold = Counter(words(text)), Counter(words(" ".join(spans)))
    common = sum((said & gold).values())
    return 2 * common / (sum(said.values()) + sum(gold.values())) if common else 0.0


def squeezed(text: str) -> str:
    """Return a text as containment compares it."""
    return re.sub(r"\s+", "", fold(text))


def load_questions(name: str, folder: Path) -> list[Row]:
    """Return the questions of a set with ``right``: ids of passages, or paths of documents."""
    if name == "questions":
        rows = [row for row in read_jsonl(ROOT / "data" / "questions.jsonl") if row["answerable"]]
        return [{**row, "right": set(row["documents"])} for row in rows]
    right: dict[str, set[str]] = {}
    for line in (folder / name / "qrels.dev.tsv").read_text().splitlines()[1:]:
        query, passage, score = line.split("\t")
        if float(score) > 0:
            right.setdefault(query, set()).add(passage)
    rows = [
        {**row, "right": right.get(row["id"], set())} for row in read_jsonl(folder / name / "queries.dev.jsonl")
    ]
    if name == "domainrag_zh":
        rows = [row for row in rows if row["kind"] == "extractive"]
    return [row for row in rows if name != "doc2dial" or row["answer_spans"]]


def rightness(name: str, row: Row, text: str, places: Sequence[str]) -> float:
    """Return how right a text is, 0-1; ``places`` are what it quotes."""
    if name == "doc2dial":
        return token_f1(text, row["answer_spans"])
    if name == "domainrag_zh":
        return float(any(all(squeezed(a) in squeezed(text) for a in group) for group in row["answers"]))
    if name == "esun_bank_faq":
        return float(any(place in row["right"] for place in places))
    said = squeezed(text)
    return float(all(any(squeezed(word) in said for word in group) for group in row["words"]))


def place_of(uri: str, record_id: str | None) -> str:
    """Return the passage's id, or the document's path in data/."""
    data = (ROOT / "data").as_posix() + "/"
    if data in uri or record_id is None:
        return uri.rpartition("/data/")[2].partition("#")[0]
    return record_id


def measured(name: str, row: Row, assistant: Assistant) -> Row | None:
    """Ask one question; return both columns, None where nothing was searched (thanks, a greeting)."""
    history = [Message(_ROLES.get(m["role"], m["role"]), m["text"]) for m in row.get("history", [])]
    brand = row["company"] if name == "questions" else None
    answer = assistant.reply(row["text"], history, Filters(brand=brand))
    if not answer.hits:
        return None
    own = [place_of(c.document_uri, c.record_id) for c in answer.citations]
    best = answer.hits[0].chunk
    whole, place = best.text, place_of(best.document_uri, best.record_id)
    text = _MARK.sub("", answer.text)
    return {
        "id": row["id"], "text": row["text"], "outcome": answer.outcome.value, "reply": answer.text,
        "whole_text": whole,
        "right": rightness(name, row, text, own), "whole_right": rightness(name, row, whole, [place]),
        "first": float(bool(own) and own[0] in row["right"]), "whole_first": float(place in row["right"]),
        "length": width(text), "whole_length": width(whole),
        "expected": row.get("answer_spans") or row.get("answers"),
    }  # fmt: skip


def held(knowledge_base: KnowledgeBase) -> set[str]:
    """Return the places of all documents that are loaded."""
    version = knowledge_base.published().version
    return {place_of(d.uri, d.uri.partition("#")[2] or None) for d in knowledge_base.catalogue.documents(version)}


def main() -> None:
    """Ask and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["doc2dial", "domainrag_zh", "esun_bank_faq", "questions"])
    parser.add_argument("home", type=Path)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    folder = EVALUATION
    settings = Settings.load(home=arguments.home, min_answerable=0.0, record=False)
    with open_knowledge_base(settings) as knowledge_base:
        there = held(knowledge_base)
        questions = [row for row in load_questions(arguments.set, folder) if row["right"] & there]
        if len(questions) > arguments.limit:
            questions = random.Random(3).sample(questions, arguments.limit)
        assistant = build_assistant(settings, knowledge_base, None)
        rows = [row for question in questions if (row := measured(arguments.set, question, assistant))]
    if arguments.out:
        arguments.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    report(arguments.set, rows)


def report(name: str, rows: Sequence[Row]) -> None:
    """Print both columns."""
    print(f"{name}: {len(rows)} questions, {sum(r['outcome'] == 'clarify' for r in rows)} asked back")
    print(f"{'':8}{'quotes':>8}{'first hit whole':>17}")
    for label in ("right", "first", "length"):
        own, whole = (float(np.mean([r[key] for r in rows])) for key in (label, f"whole_{label}"))
        form = ".0f" if label == "length" else ".3f"
        print(f"{label:8}{own:8{form}}{whole:17{form}}")


if __name__ == "__main__":
    main()
