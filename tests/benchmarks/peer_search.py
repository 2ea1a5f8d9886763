"""Other pipelines on the same questions, in the same run: those of the neighbouring ``peers`` folder.

Each is a module ``peers/<name>_peer.py`` with a class ``Peer(model)`` of ``open``, ``add_records``, ``ready`` and
``search``; one whose libraries are not installed is passed over. All of them embed with the folder for
sentence-transformers that ``FAQ_PEER_MODEL`` names.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.elsewhere import PEERS

NAMES = ("floor", "langchain", "llamaindex", "haystack", "txtai")

Measures = Callable[[Sequence[str], dict[str, int]], tuple[float, ...]]
"""Record ids in order and the grades of a question -> what is measured."""


def installed() -> Iterator[tuple[str, Any]]:
    """Yield name and module of each pipeline whose libraries are there."""
    if not PEERS.is_dir() or not os.environ.get("FAQ_PEER_MODEL"):
        return
    sys.path.insert(0, str(PEERS))
    for name in NAMES:
        try:
            yield name, importlib.import_module(f"peers.{name}_peer")
        except ImportError as error:
            print(f"  {name}: passed over, {error}", flush=True)


def beside(
    corpus: Path, home: Path, asked: Sequence[tuple[str, dict[str, int]]], measures: Measures, label: str
) -> None:
    """Print what each pipeline reaches on the records of a set, and the median time of its search.

    Args:
        corpus: ``{"id", "title", "text"}``, a row each.
        home: where the pipelines may write.
        asked: questions, each with the grades of the records that answer it.
        measures: nDCG@10, recall@5, hit@1 and reciprocal rank.
        label: what was asked with, beside the pipeline's name.
    """
    rows = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines() if line.strip()]
    records = [(row["id"], f"{row.get('title') or ''}\n{row['text']}".strip()) for row in rows]
    for name, module in installed():
        peer = module.Peer(os.environ["FAQ_PEER_MODEL"])
        peer.open(str(home / name))
        peer.add_records(records)
        peer.ready()
        for variant in peer.VARIANTS:
            found, spent = [], []
            for text, grades in asked:
                began = time.perf_counter()
                hits = peer.search(text, 10, variant)
                spent.append(1000 * (time.perf_counter() - began))
                found.append(measures([record for record, _ in hits], grades))
            ndcg, recall, first, reciprocal = np.mean(found, axis=0)
            which = f"{name}:{variant}{label}"
            print(f"  {which:28} nDCG@10 {ndcg:.3f}  recall@5 {recall:.3f}  hit@1 {first:.3f}  "
                  f"MRR {reciprocal:.3f}  p50 {np.median(spent):.1f} ms", flush=True)  # fmt: skip
