"""Fit the weights of ``kb.answerable`` to the questions in this folder.

``python data/training/fit_answerable.py`` loads passages into a temporary knowledge base, again and again others:
those of one to many companies, in one language or both, as prose or as answers to a stored question, half of the
units of the companies that are asked about withheld. Two logistic regressions learn what tells a question whose
passage is there from one whose passage is withheld (is this treated here?), and from one that only sounds as if
a passage answered it (does this say what is asked?). Their sum, scaled to a probability, goes to
``kb/answerable.npz``.

Only the companies that ``train_alignment.py`` held out are asked about: it reads its own too well.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from rows import LANGUAGES, Row, held_out, passage_of, read_units

from ingest.chunkers import chunk, document_text
from kb.answerable import FEATURES
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.settings import KnowledgeSettings
from kb.types import Document, Section, SectionKind

TARGET = Path(__file__).parents[2] / "kb" / "answerable.npz"
WORLDS = 60  # knowledge bases that are asked
ASKED = 90  # questions of each, at most
OTHER_LANGUAGE = 0.1  # of the questions in a language that no passage is in
PENALTY = 20.0  # of the squared weights
TREATED = ("above", "local", "fit", "covered", "other_language", "reading_mean")  # is this treated here?
SAID = ("fit", "fit_lead", "weak", "other_language", "reading", "reading_mean")  # does it say what is asked?
SAID_SHARE = 0.5  # of the second logit beside the first

Sample = tuple[list[float], str, str]
"""Values of the evidence; ``answered``, ``withheld`` or ``near``; the company."""


@dataclass(frozen=True, slots=True)
class World:
    """What a knowledge base holds.

    Attributes:
        there: units whose passages it holds.
        gone: units that are asked about, and are not there.
        asked: companies.
        languages: of the passages.
        questions: whether passages are answers to a stored question, the first of their unit.
    """

    there: list[Row]
    gone: list[Row]
    asked: set[str]
    languages: Sequence[str]
    questions: bool


def draw(rows: list[Row], apart: set[str]) -> World:
    """Return a world: companies to ask about, half of their units, and other companies beside them."""
    asked = set(random.sample(sorted(apart), random.choice([1, 1, 2, 3, 5, len(apart)])))
    others = sorted({row["company"] for row in rows} - apart)
    beside = set(random.sample(others, random.choice([0, 0, 3, 20, len(others)])))
    units = [row for row in rows if row["company"] in asked]
    random.shuffle(units)
    half = len(units) // 2
    there = units[half:] + [row for row in rows if row["company"] in beside]
    languages = random.choice([("en",), ("zh",), LANGUAGES, LANGUAGES])
    return World(there, units[:half], asked, languages, random.random() < 1 / 3)


def load(knowledge_base: KnowledgeBase, world: World) -> None:
    """Make the knowledge base hold the passages of a world and nothing else."""
    wanted = {
        f"{row['company']}/{row['id']}-{language}-{world.questions}": (row, language)
        for row in world.there
        for language in world.languages
    }
    published = knowledge_base.catalogue.published()
    there = set(knowledge_base.catalogue.document_hashes(published.version)) if published else set()
    with knowledge_base.load() as loading:
        loading.remove(sorted(there - wanted.keys()))
        for uri, (row, language) in wanted.items():
            if uri not in there:
                title, text = passage_of(row, language).split("\n", 1)
                section = Section(text)
                if world.questions:
                    title = row[f"questions_{language}"][0]
                    section = Section(text, kind=SectionKind.QUESTION_ANSWER, question=title)
                document = Document(uri, title, (section,))
                loading.put(document, document_text(document)[0], uri, chunk(document))
        loading.publish("training")


def questions(world: World) -> Iterable[tuple[str, str, str]]:
    """Give question, kind and company of all that can be asked of a world."""
    held = [(row, True) for row in world.there if row["company"] in world.asked]
    for row, there in [*held, *((row, False) for row in world.gone)]:
        for language in LANGUAGES:
            if language not in world.languages and random.random() > OTHER_LANGUAGE:
                continue
            for question in row[f"questions_{language}"][1:]:
                yield question, "answered" if there else "withheld", row["company"]
            for question in row[f"near_{language}"] if there else ():
                yield question, "near", row["company"]


def collect(rows: list[Row], knowledge_base: KnowledgeBase) -> list[Sample]:
    """Ask all worlds."""
    apart = held_out({row["company"] for row in rows})
    found: list[Sample] = []
    for number in range(WORLDS):
        world = draw(rows, apart)
        load(knowledge_base, world)
        asked = list(questions(world))
        for question, kind, company in random.sample(asked, min(ASKED, len(asked))):
            found.append((list(astuple(knowledge_base.search([question], 10).evidence)), kind, company))
        print(f"world {number + 1} of {WORLDS}: {len(found)} samples", flush=True)
    return found


def fit(values: np.ndarray, answered: np.ndarray, penalty: float = PENALTY) -> tuple[np.ndarray, float]:
    """Return weights and bias of a ridge logistic regression, both classes weighing the same (Newton steps)."""
    design = np.hstack([values, np.ones((len(values), 1))])
    balance = len(values) / 2 / np.where(answered, answered.sum(), (~answered).sum())
    ridge = np.diag([penalty] * values.shape[1] + [1e-6])
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


def fit_both(standard: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights and bias of the probability, of ``(n, features)`` standardised evidence."""
    summed = np.zeros(standard.shape[1])
    for other, names, share in (("withheld", TREATED, 1.0), ("near", SAID, SAID_SHARE)):
        rows = (kinds == "answered") | (kinds == other)
        columns = [FEATURES.index(name) for name in names]
        weights, _ = fit(standard[rows][:, columns], kinds[rows] == "answered")
        summed[columns] += share * weights
    slope, bias = fit((standard @ summed)[:, None], kinds == "answered", penalty=0.0)
    return summed * slope[0], bias


def auroc(scores: np.ndarray, answered: np.ndarray) -> float:
    """Return how often an answered question scores above one that is not."""
    yes, no = scores[answered], scores[~answered]
    return float((yes[:, None] > no[None, :]).mean() + (yes[:, None] == no[None, :]).mean() / 2)


def write(mean: np.ndarray, scale: np.ndarray, weights: np.ndarray, bias: float) -> None:
    """Write the file that ships."""
    arrays = {"mean": mean, "scale": scale, "weights": weights, "bias": np.array(bias)}
    np.savez_compressed(TARGET, **{name: array.astype(np.float32) for name, array in arrays.items()})


def gather(keep: Path | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ``(n, features)`` evidence, ``(n,)`` kinds and companies; write them to ``keep``, if given."""
    count = len(FEATURES)
    write(np.zeros(count), np.ones(count), np.zeros(count), 0.0)  # the search wants weights of the right number
    with tempfile.TemporaryDirectory() as folder:
        settings = KnowledgeSettings.load(home=Path(folder), vector_index="exact")
        with open_knowledge_base(settings) as knowledge_base:
            found = collect(read_units(), knowledge_base)
    values = np.array([sample[0] for sample in found])
    kinds, companies = (np.array([sample[place] for sample in found]) for place in (1, 2))
    if keep:
        np.savez(keep, values=values, kinds=kinds, companies=companies)
    return values, kinds, companies


def read_samples(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what ``gather`` wrote."""
    with np.load(path) as stored:
        return stored["values"], stored["kinds"], stored["companies"]


def report(standard: np.ndarray, kinds: np.ndarray, companies: np.ndarray) -> None:
    """Print the AUROC on companies that were not fitted to: half for half."""
    names = sorted(set(companies))
    scores = np.zeros(len(kinds))
    for fold in range(2):
        apart = np.isin(companies, names[fold::2])
        weights, bias = fit_both(standard[~apart], kinds[~apart])
        scores[apart] = standard[apart] @ weights + bias
    for other in ("withheld", "near"):
        rows = (kinds == "answered") | (kinds == other)
        print(f"AUROC answered/{other} {auroc(scores[rows], kinds[rows] == 'answered'):.3f}")
        for name, column in zip(FEATURES, standard.T, strict=True):
            print(f"  {name:15} alone {auroc(column[rows], kinds[rows] == 'answered'):.3f}")


def main() -> None:
    """Collect, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="also write the samples here")
    parser.add_argument("--samples", type=Path, help="fit to what --keep wrote, without searching")
    arguments = parser.parse_args()
    random.seed(0)
    values, kinds, companies = read_samples(arguments.samples) if arguments.samples else gather(arguments.keep)
    mean, scale = values.mean(0), values.std(0) + 1e-6
    standard = (values - mean) / scale
    report(standard, kinds, companies)
    weights, bias = fit_both(standard, kinds)
    print({name: round(float(weight), 3) for name, weight in zip(FEATURES, weights, strict=True)}, round(bias, 3))
    write(mean, scale, weights, bias)


if __name__ == "__main__":
    main()
