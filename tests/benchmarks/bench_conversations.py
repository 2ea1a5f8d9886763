"""Is a new question polluted by the conversation before it?

``python tests/benchmarks/bench_conversations.py [--home FOLDER] [--limit 120]`` asks questions of
``data/questions.jsonl`` that stand alone, once by themselves and once after a conversation about something
else (a question to another company and its answer), and prints how often the same passage comes first, how
often an expected document does, and how far ``answerable`` moves. ``--home`` holds a knowledge base of
``data/``.
"""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from assistant.app import build_assistant
from assistant.settings import Settings
from assistant.types import Message
from assistant.understand.understanding import understand
from kb.knowledge_base import open_knowledge_base
from kb.terminal import read_jsonl
from kb.types import Filters
from tests.benchmarks.bench_questions import loaded
from tests.benchmarks.demonstration import DATA

Row = dict[str, Any]


def pairs(rows: list[Row]) -> list[tuple[Row, Row]]:
    """Return questions, each with one to another company in the same language."""
    found = []
    for number, row in enumerate(rows):
        others = [
            r for r in rows if r["company"] != row["company"] and r["lang"] == row["lang"] and r["answerable"]
        ]
        if row["answerable"] and others:
            found.append((row, others[number * 7 % len(others)]))
    return found


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--limit", type=int, default=120)
    arguments = parser.parse_args()
    rows = [row for row in read_jsonl(DATA / "questions.jsonl") if not row.get("history")]
    there = nullcontext(Settings.load(home=arguments.home, min_answerable=0.0)) if arguments.home else loaded(None)
    with there as settings, open_knowledge_base(settings) as knowledge_base:
        assistant = build_assistant(settings, knowledge_base, None)
        figures = []
        for row, other in pairs(rows)[:: max(1, len(rows) // arguments.limit)]:
            history = [
                Message("customer", other["text"]),
                Message("assistant", assistant.reply(other["text"], filters=Filters(brand=other["company"])).text),
            ]
            filters = Filters(brand=row["company"])
            alone = knowledge_base.search(understand(row["text"], []).wordings, 10, filters)
            after = knowledge_base.search(understand(row["text"], history).wordings, 10, filters)
            first, then = alone.hits[0].chunk, after.hits[0].chunk
            expected = [
                any(c.document_uri.partition("#")[0].endswith(d) for d in row["documents"]) for c in (first, then)
            ]
            figures.append((first.id == then.id, *expected, abs(alone.answerable - after.answerable),
                            understand(row["text"], history).queries[-1] != row["text"]))  # fmt: skip
    same, before, behind, moved, completed = np.mean(np.array(figures, float), axis=0)
    print(f"{len(figures)} questions after another topic: same passage first {same:.3f}; expected document first "
          f"{before:.3f} alone, {behind:.3f} after; answerable moves by {moved:.3f}; "
          f"taken for a follow-up {completed:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
