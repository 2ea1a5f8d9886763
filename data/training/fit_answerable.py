"""Fit the weights of ``kb.answerable.evidence`` to the questions in this folder.

``python data/training/fit_answerable.py`` loads passages into a temporary knowledge base, again and again others:
those of one to many companies, in one language or both, as prose or as answers to a stored question, half of the
units of the companies that are asked about withheld. Passages of these are there as they are or edited
(``twins.py``), so that every question is answered in one world and not in another. Two logistic regressions learn
what tells an answered question from one whose passage is withheld (is this treated here?), and from one whose
passage is there without answering it (does this say what is asked?); their sum is scaled to a probability. A third
learns what tells all of these from questions to other companies, and to nobody (``elsewhere.txt``): is this about
anything here? Both go to ``kb/answerable/answerable.npz``.

Only the companies that ``train_alignment.py`` held out are asked about: it reads its own too well.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from rows import LANGUAGES, Row, held_out, passage_of, read_units
from twins import edited, read_twins

from ingest.loading.chunks import chunk, document_text
from kb.answerable.evidence import FEATURES
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.language.text import detect_language
from kb.settings import KnowledgeSettings
from kb.trained import write_weights
from kb.types import Document, Section, SectionKind

TARGET = Path(__file__).parents[2] / "kb" / "answerable" / "answerable.npz"
TALK = Path(__file__).with_name("elsewhere.txt")
PLUS, MINUS = (
    0.25,
    0.3,
)  # share of the passages asked about that answer their near misses too, or none of their own
WORLDS = 45  # knowledge bases that are asked
ELSEWHERE = 20  # questions of other companies, and of none, that are asked of each
ASKED = 90  # questions of each, at most
OTHER_LANGUAGE = 0.1  # of the questions in a language that no passage is in
ON_TOPIC, ANSWERED = 0.7, 0.6  # share of customers' questions about what is here; of these, of answered ones
PENALTY = 20.0  # of the squared weights
TREATED = ("above", "local", "fit", "covered", "other_language", "reading_mean")  # is this treated here?
TOPIC = ("above", "local", "fit")  # is this about anything here?
SAID = (
    "fit",
    "fit_lead",
    "weak",
    "covered",
    "other_language",
    "reading",
    "reading_mean",
)  # does it say what is asked?
SAID_SHARE = 1.0  # of the second logit beside the first

Sample = tuple[list[float], str, str]
"""Values of the evidence; ``answered``, ``withheld`` or ``near``; the company."""


@dataclass(frozen=True, slots=True)
class World:
    """What a knowledge base holds.

    Attributes:
        there: units whose passages it holds, as they are or edited: ``version`` says which.
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


def version_of(row: Row, twins: dict[str, Row]) -> Row:
    """Return a unit as it is, or with its passages edited; its questions by whether these answer them."""
    twin = twins.get(row["id"])
    chance = random.random()
    version = (
        "as it is" if not twin else "plus" if chance < PLUS else "minus" if chance < PLUS + MINUS else "as it is"
    )
    changed = {**row, "version": version}
    for language in LANGUAGES:
        own, near = row[f"questions_{language}"], row[f"near_{language}"]
        asks = [twin[language]["asks"]] if twin else []
        changed[f"stored_{language}"] = asks[0] if version == "minus" else own[0]
        if twin and version != "as it is":
            changed[f"passage_{language}"] = edited(row[f"passage_{language}"], twin[language][version])
        answered = {"as it is": own[1:], "plus": own[1:] + near, "minus": asks}
        near_missed = {"as it is": near + asks, "plus": asks, "minus": own[1:]}
        changed[f"answered_{language}"] = answered[version]
        changed[f"missed_{language}"] = near_missed[version]
    return changed


def draw(rows: list[Row], apart: set[str], twins: dict[str, Row]) -> World:
    """Return a world: companies to ask about, half of their units, and other companies beside them."""
    asked = set(random.sample(sorted(apart), random.choice([1, 1, 2, 3, 5, len(apart)])))
    others = sorted({row["company"] for row in rows} - apart)
    beside = set(random.sample(others, random.choice([0, 0, 3, 20, len(others)])))
    units = [row for row in rows if row["company"] in asked]
    random.shuffle(units)
    half = len(units) // 2
    there = [version_of(row, twins) for row in units[half:]]
    there += [version_of(row, {}) for row in rows if row["company"] in beside]
    languages = random.choice([("en",), ("zh",), LANGUAGES, LANGUAGES])
    return World(there, units[:half], asked, languages, random.random() < 1 / 3)


def load(knowledge_base: KnowledgeBase, world: World) -> None:
    """Make the knowledge base hold the passages of a world and nothing else."""
    wanted = {
        f"{row['company']}/{row['id']}-{row['version']}-{language}-{world.questions}": (row, language)
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
                section = Section(text=text)
                if world.questions:
                    title = row[f"stored_{language}"]
                    section = Section(text=text, kind=SectionKind.QUESTION_ANSWER, question=title)
                document = Document(uri=uri, title=title, sections=(section,))
                loading.put(document, document_text(document)[0], uri, chunk(document))
        loading.publish("training")


def questions(world: World, rows: list[Row], talk: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    """Give question, kind and company of all that can be asked of a world.

    Args:
        world: that is asked.
        rows: all units; companies that are not in the world are asked about, too.
        talk: questions that no company answers.
    """
    held = [(row, True) for row in world.there if row["company"] in world.asked]
    for row, there in [*held, *((row, False) for row in world.gone)]:
        for language in LANGUAGES:
            if language not in world.languages and random.random() > OTHER_LANGUAGE:
                continue
            is_stored = there and world.questions and row["version"] == "minus"  # what it asks is what is stored
            answered = (
                [] if is_stored else row[f"answered_{language}"] if there else row[f"questions_{language}"][1:]
            )
            for question in answered:
                yield question, "answered" if there else "withheld", row["company"]
            for question in row[f"missed_{language}"] if there else ():
                yield question, "near", row["company"]
    there = {row["company"] for row in world.there} | world.asked
    strange = [row for row in rows if row["company"] not in there]
    for row in random.sample(strange, min(ELSEWHERE, len(strange))):
        yield random.choice(row[f"questions_{random.choice(world.languages)}"]), "elsewhere", row["company"]
    for question in random.sample(talk, ELSEWHERE):
        if detect_language(question) in world.languages:
            yield question, "elsewhere", random.choice(sorted(world.asked))


def asked_of(everything: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return a sample, and all questions from elsewhere."""
    here = [asked for asked in everything if asked[1] != "elsewhere"]
    elsewhere = [asked for asked in everything if asked[1] == "elsewhere"]
    return random.sample(here, min(ASKED, len(here))) + elsewhere


def collect(rows: list[Row], knowledge_base: KnowledgeBase, worlds: int) -> list[Sample]:
    """Ask all worlds."""
    apart = held_out()
    twins = {twin["id"]: twin for twin in read_twins()}
    found: list[Sample] = []
    talk = [line for line in TALK.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for number in range(worlds):
        world = draw(rows, apart, twins)
        load(knowledge_base, world)
        asked = list(questions(world, rows, talk))
        for question, kind, company in asked_of(asked):
            found.append((list(astuple(knowledge_base.search([question], 10).evidence)), kind, company))
        print(f"world {number + 1} of {worlds}: {len(found)} samples", flush=True)
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


def fit_topic(standard: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights and bias of the logit that a question is about what is here; ``(n, features)`` evidence."""
    columns = [FEATURES.index(name) for name in TOPIC]
    weights = np.zeros(standard.shape[1])
    weights[columns], bias = fit(standard[:, columns], kinds != "elsewhere")
    return weights, bias


def fit_answered(standard: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights and bias of the logit that a question is answered, if it is about what is here."""
    here = kinds != "elsewhere"
    standard, kinds = standard[here], kinds[here]
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


def fit_all(standard: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``(2, features)`` weights and ``(2,)`` biases: on topic, and answered if so."""
    fitted = fit_topic(standard, kinds), fit_answered(standard, kinds)
    odds = [math.log(share / (1 - share)) for share in (ON_TOPIC, ANSWERED)]  # both classes weighed the same
    return np.array([weights for weights, _ in fitted]), np.array([bias for _, bias in fitted]) + odds


def probabilities(standard: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return ``(n,)`` probabilities as ``kb.answerable.evidence`` computes them."""
    return np.prod(1 / (1 + np.exp(-(standard @ weights.T + bias))), axis=1)


def write(mean: np.ndarray, scale: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> None:
    """Write the file that ships."""
    arrays = {"mean": mean, "scale": scale, "weights": weights, "bias": bias}
    write_weights(TARGET, FEATURES, **{name: array.astype(np.float32) for name, array in arrays.items()})


def gather(keep: Path | None, worlds: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ``(n, features)`` evidence, ``(n,)`` kinds and companies; write them to ``keep``, if given."""
    count = len(FEATURES)
    write(
        np.zeros(count), np.ones(count), np.zeros((2, count)), np.zeros(2)
    )  # the search wants weights of the right number
    with tempfile.TemporaryDirectory() as folder:
        settings = KnowledgeSettings.load(home=Path(folder), vector_index="exact")
        with open_knowledge_base(settings) as knowledge_base:
            found = collect(read_units(), knowledge_base, worlds)
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
        scores[apart] = probabilities(standard[apart], *fit_all(standard[~apart], kinds[~apart]))
    for other in ("withheld", "near", "elsewhere"):
        rows = (kinds == "answered") | (kinds == other)
        print(f"AUROC answered/{other} {auroc(scores[rows], kinds[rows] == 'answered'):.3f}")
        for name, column in zip(FEATURES, standard.T, strict=True):
            print(f"  {name:15} alone {auroc(column[rows], kinds[rows] == 'answered'):.3f}")


def main() -> None:
    """Collect, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="also write the samples here")
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--samples", type=Path, help="fit to what --keep wrote, without searching")
    arguments = parser.parse_args()
    random.seed(0)
    values, kinds, companies = (
        read_samples(arguments.samples) if arguments.samples else gather(arguments.keep, arguments.worlds)
    )
    mean, scale = values.mean(0), values.std(0) + 1e-6
    standard = (values - mean) / scale
    report(standard, kinds, companies)
    weights, bias = fit_all(standard, kinds)
    for name, column in zip(FEATURES, weights.T, strict=True):
        print(f"{name:15} on topic {column[0]:.3f}, answered {column[1]:.3f}")
    write(mean, scale, weights, bias)


if __name__ == "__main__":
    main()
