"""Fit the weights of ``kb.answerable`` to the questions in this folder.

``python data/training/fit_answerable.py`` loads the passages into a temporary knowledge base and asks questions
of three kinds: with their passage there (answered), with it taken away (not answered), and those that only sound as
if a passage answered them (not answered). A logistic regression learns from what the searches
found; ``kb/answerable.npz`` gets its weights. A fifth of the companies is held out for the printed AUROC.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from train_head import LANGUAGES, passage_of, read_units

from ingest.chunkers import chunk, document_text
from kb.answerable import FEATURES
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.settings import KnowledgeSettings
from kb.types import Document, Section

TARGET = Path(__file__).parents[2] / "kb" / "answerable.npz"
FOLDS = 2  # half of the passages are taken away at a time
PENALTY = 1.0  # of the squared weights

Row = dict[str, Any]
Sample = tuple[list[float], bool, str]


def load_units(knowledge_base: KnowledgeBase, rows: Iterable[Row], languages: Sequence[str]) -> None:
    """Make the knowledge base hold the passages of ``rows`` and nothing else."""
    wanted = {
        f"{row['company']}/{row['id']}-{language}": (row, language) for row in rows for language in languages
    }
    published = knowledge_base.catalogue.published()
    there = set(knowledge_base.catalogue.document_hashes(published.version)) if published else set()
    with knowledge_base.load() as load:
        load.remove(sorted(there - wanted.keys()))
        for uri, (row, language) in wanted.items():
            if uri not in there:
                title, text = passage_of(row, language).split("\n", 1)
                document = Document(uri, title, (Section(text),))
                load.put(document, document_text(document)[0], uri, chunk(document))
        load.publish("training")


def samples(knowledge_base: KnowledgeBase, rows: Iterable[Row], kind: str, *, answered: bool) -> list[Sample]:
    """Ask a question of each row in each language and return what was found."""
    found: list[Sample] = []
    for row in rows:
        for language in LANGUAGES:
            evidence = knowledge_base.search([random.choice(row[f"{kind}_{language}"])], 10).evidence
            found.append((list(astuple(evidence)), answered, row["company"]))
    return found


def collect(rows: list[Row], knowledge_base: KnowledgeBase) -> list[Sample]:
    """Ask everything: with both languages there, and with one, as companies have it."""
    found: list[Sample] = []
    for languages in (LANGUAGES, LANGUAGES[:1], LANGUAGES[1:]):
        load_units(knowledge_base, rows, languages)
        found += samples(knowledge_base, rows, "questions", answered=True)
        found += samples(knowledge_base, rows, "near", answered=False)
    for fold in range(FOLDS):
        gone = rows[fold::FOLDS]
        load_units(knowledge_base, [row for row in rows if row not in gone], LANGUAGES)
        found += samples(knowledge_base, gone, "questions", answered=False)
        print(f"fold {fold}: {len(found)} samples", flush=True)
    return found


def fit(values: np.ndarray, answered: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights and bias of a ridge logistic regression, both classes weighing the same (Newton steps)."""
    design = np.hstack([values, np.ones((len(values), 1))])
    balance = np.where(answered, 0.5 / answered.mean(), 0.5 / (1 - answered.mean()))
    ridge = np.diag([PENALTY] * values.shape[1] + [1e-6])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        expected = 1 / (1 + np.exp(-(design @ weights)))
        slope = design.T @ (balance * (answered - expected)) - ridge @ weights
        curve = (design * (balance * expected * (1 - expected))[:, None]).T @ design + ridge
        change = np.linalg.solve(curve, slope)
        weights += change
        if np.abs(change).max() < 1e-8:
            break
    return weights[:-1], float(weights[-1])


def auroc(scores: np.ndarray, answered: np.ndarray) -> float:
    """Return how often an answered question scores above one that is not."""
    yes, no = scores[answered], scores[~answered]
    return float((yes[:, None] > no[None, :]).mean() + (yes[:, None] == no[None, :]).mean() / 2)


def main() -> None:
    """Collect, fit, write."""
    random.seed(0)
    rows = read_units()
    with tempfile.TemporaryDirectory() as folder:
        settings = KnowledgeSettings.load(home=Path(folder), vector_index="exact")
        with open_knowledge_base(settings) as knowledge_base:
            found = collect(rows, knowledge_base)
    held_out = set(sorted({row["company"] for row in rows})[::5])
    values = np.array([sample[0] for sample in found])
    answered = np.array([sample[1] for sample in found])
    held = np.array([sample[2] in held_out for sample in found])
    mean, scale = values[~held].mean(0), values[~held].std(0) + 1e-6
    standard = (values - mean) / scale
    weights, bias = fit(standard[~held], answered[~held])
    for name, column, weight in zip(FEATURES, standard.T, weights, strict=True):
        print(f"{name:15} alone {auroc(column[held], answered[held]):.3f}  weight {weight:+.3f}")
    print(f"held-out AUROC {auroc(standard[held] @ weights, answered[held]):.3f} of {held.sum()} samples")
    arrays = {"mean": mean, "scale": scale, "weights": weights, "bias": np.array(bias)}
    np.savez_compressed(TARGET, **{name: array.astype(np.float32) for name, array in arrays.items()})


if __name__ == "__main__":
    main()
