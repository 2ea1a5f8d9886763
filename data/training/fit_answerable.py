"""Fit the weights of ``kb.answerable`` to the questions in this folder.

``python data/training/fit_answerable.py`` loads the passages into a temporary knowledge base, half of them at a
time, and asks the questions of both halves: a logistic regression learns to tell those whose passage is there from
those whose passage is withheld or that only sound as if a passage answered them; ``kb/answerable.npz`` gets its
weights. A fifth of the companies is held out for the printed AUROC.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

import numpy as np
from rows import LANGUAGES, Row, held_out, passage_of, read_units

from ingest.chunkers import chunk, document_text
from kb.answerable import FEATURES
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.settings import KnowledgeSettings
from kb.types import Document, Section

TARGET = Path(__file__).parents[2] / "kb" / "answerable.npz"
FOLDS = 2  # half of the passages are taken away at a time
PENALTY = 5.0  # of the squared weights
NEAR_SHARE = 0.2  # of a question that only sounds answered, beside one whose passage is withheld: they are as many

Sample = tuple[list[float], str, str]
"""Values of the evidence; ``answered``, ``withheld`` or ``near``; the company."""


def load_units(knowledge_base: KnowledgeBase, rows: Iterable[Row]) -> None:
    """Make the knowledge base hold the passages of ``rows`` and nothing else."""
    wanted = {
        f"{row['company']}/{row['id']}-{language}": (row, language) for row in rows for language in LANGUAGES
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


def samples(knowledge_base: KnowledgeBase, rows: Iterable[Row], field: str, kind: str) -> list[Sample]:
    """Ask a question of each row in each language and return what was found."""
    found: list[Sample] = []
    for row in rows:
        for language in LANGUAGES:
            evidence = knowledge_base.search([random.choice(row[f"{field}_{language}"])], 10).evidence
            found.append((list(astuple(evidence)), kind, row["company"]))
    return found


def collect(rows: list[Row], knowledge_base: KnowledgeBase) -> list[Sample]:
    """Take half of every company's passages away, ask for both halves; then the same with the other half."""
    found: list[Sample] = []
    for fold in range(FOLDS):
        gone = rows[fold::FOLDS]
        there = [row for row in rows if row not in gone]
        load_units(knowledge_base, there)
        found += samples(knowledge_base, there, "questions", "answered")
        found += samples(knowledge_base, there, "near", "near")
        found += samples(knowledge_base, gone, "questions", "withheld")
        print(f"fold {fold}: {len(found)} samples", flush=True)
    return found


def fit(values: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights and bias of a ridge logistic regression, both classes weighing the same (Newton steps)."""
    design = np.hstack([values, np.ones((len(values), 1))])
    answered = kinds == "answered"
    shares = np.where(kinds == "near", NEAR_SHARE, 1.0)
    balance = shares * len(shares) / 2 / np.where(answered, shares[answered].sum(), shares[~answered].sum())
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


def write(mean: np.ndarray, scale: np.ndarray, weights: np.ndarray, bias: float) -> None:
    """Write the file that ships."""
    arrays = {"mean": mean, "scale": scale, "weights": weights, "bias": np.array(bias)}
    np.savez_compressed(TARGET, **{name: array.astype(np.float32) for name, array in arrays.items()})


def gather(keep: Path | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ``(n, features)`` evidence, ``(n,)`` kinds and what is held out; write them to ``keep``, if given."""
    rows = read_units()
    count = len(FEATURES)
    write(np.zeros(count), np.ones(count), np.zeros(count), 0.0)  # the search wants weights of the right number
    with tempfile.TemporaryDirectory() as folder:
        settings = KnowledgeSettings.load(home=Path(folder), vector_index="exact")
        with open_knowledge_base(settings) as knowledge_base:
            found = collect(rows, knowledge_base)
    apart = held_out({row["company"] for row in rows})
    values = np.array([sample[0] for sample in found])
    kinds = np.array([sample[1] for sample in found])
    held = np.array([sample[2] in apart for sample in found])
    if keep:
        np.savez(keep, values=values, kinds=kinds, held=held)
    return values, kinds, held


def read_samples(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what ``gather`` wrote."""
    with np.load(path) as stored:
        return stored["values"], stored["kinds"], stored["held"]


def main() -> None:
    """Collect, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="also write the samples here")
    parser.add_argument("--samples", type=Path, help="fit to what --keep wrote, without searching")
    arguments = parser.parse_args()
    random.seed(0)
    values, kinds, held = gather(arguments.keep) if arguments.samples is None else read_samples(arguments.samples)
    used = ~held
    mean, scale = values[used].mean(0), values[used].std(0) + 1e-6
    standard = (values - mean) / scale
    weights, bias = fit(standard[used], kinds[used])
    scores = standard @ weights
    for other in ("withheld", "near"):
        rows_of = held & ((kinds == "answered") | (kinds == other))
        print(f"held-out AUROC answered/{other} {auroc(scores[rows_of], kinds[rows_of] == 'answered'):.3f}")
        for name, column in zip(FEATURES, standard.T, strict=True):
            print(f"  {name:15} alone {auroc(column[rows_of], kinds[rows_of] == 'answered'):.3f}")
    print({name: round(float(weight), 3) for name, weight in zip(FEATURES, weights, strict=True)})
    write(mean, scale, weights, bias)


if __name__ == "__main__":
    main()
