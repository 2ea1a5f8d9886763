"""Fit ``assistant/verify/support.npz``: how likely evidence says what a claim states.

``python data/training/fit_verifier.py [--units N]`` computes the features of claims about the passages in this
folder and fits a logistic regression. The claims:

- ``claims/*.txt``: a premise (``P``), then what follows from it (``E``), what it leaves open (``N``) and what it
  rules out (``C``), a line each, written for this;
- sentences of the passages: true as they stand (against the passage in either language), false with one fact
  changed (``edits.py``), and not stated by another passage of the same company.

What is ruled out in words much like the premise's (``C``) is reported and not fitted to: these features hardly see
it, and fitting would only teach them that likeness speaks against a claim. For the same reason no weight may have
the wrong sign (``_SIGNS``).

Prints AUROC on a fifth of the premises and companies that nothing is fitted to.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from edits import edits
from rows import FOLDER, LANGUAGES, held_out, passage_of, read_units

from assistant.verify.evidence import Passage, windows_of
from assistant.verify.features import NAMES, Reader, Weights
from assistant.verify.states import States
from kb.embedders.bundled import BundledEmbedder
from kb.language.text import sentences, terms
from kb.language.wording import names
from kb.trained import write_weights

Claim = tuple[str, str, int, str, bool]
"""Claim, evidence, 1 if supported, kind, whether it is held out."""
_SEED = 7
_STEPS, _RATE, _PENALTY = 1500, 0.5, 3e-2
_WRITTEN = 0.3
"""Share that the written claims have in the fit, however many there are."""
_SIGNS = {
    "told": 1, "covered": 1, "covered_best": 1, "near": 1, "near_best": 1, "weak": 1, "foreign": 1,
    "fresh": -1, "far": -1, "facts": -1, "names": -1, "negated": -1, "opposed": -1,
}  # fmt: skip
_RULE = {"covered": 10.0, "near": 10.0, "foreign": 20.0}
"""What is known without any fit: half the share of covered words and half the mean cosine, times twenty, tell
replies that people found supported from others better than all that was fitted. The fit starts there."""
_FEWEST = 2
"""Documents that a term stands in before its rarity is stored; all others are equally rare."""


def written_claims() -> Iterator[Claim]:
    """Yield the claims of ``claims/*.txt``."""
    for path in sorted((FOLDER / "claims").glob("*.txt")):
        premise, number = "", 0
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, _, text = line.partition(" ")
            if kind == "P":
                premise, number = text, number + 1
                continue
            yield text, premise, int(kind == "E"), f"written {kind}", number % 5 == 0


def passage_claims(units: int, chance: random.Random) -> Iterator[Claim]:
    """Yield true, changed and foreign sentences of ``units`` passages in each language."""
    rows = read_units()
    held = held_out()
    chance.shuffle(rows)
    all_names = {
        language: sorted({p[a:b] for r in rows for p in [r[f"passage_{language}"]] for a, b in names(p)})
        for language in LANGUAGES
    }
    for row in rows[:units]:
        kin = [other for other in rows if other["company"] == row["company"] and other is not row]
        for language, foreign in (("en", "zh"), ("zh", "en")):
            passage, is_held = passage_of(row, language), row["company"] in held
            own = [text for text in sentences(row[f"passage_{language}"]) if len(terms(text)) > 4]
            if not own:
                continue
            truth = chance.choice(own)
            yield truth, passage, 1, "sentence", is_held
            yield truth, passage_of(row, foreign), 1, "translated", is_held
            for kind, text in edits(truth, all_names[language], chance):
                yield text, passage, 0, kind, is_held
                if kind in {"number", "date"}:
                    yield text, passage_of(row, foreign), 0, f"{kind} translated", is_held
            other = chance.choice(kin)
            stray = chance.choice(sentences(other[f"passage_{language}"]))
            yield stray, passage, 0, "not stated", is_held
            yield stray, passage_of(row, foreign), 0, "not stated, translated", is_held


def rarities() -> tuple[dict[str, float], float]:
    """Return the inverse document frequency of terms over passages and premises, and that of a term never seen."""
    seen: Counter[str] = Counter()
    texts = [passage_of(row, language) for row in read_units() for language in LANGUAGES]
    texts += [
        line[2:] for path in (FOLDER / "claims").glob("*.txt") for line in path.read_text("utf-8").splitlines()
    ]
    for text in texts:
        seen.update(set(terms(text)))
    # A line of claims is a tenth of a passage long, so a term of them counts as rarer than it is; it does no harm.
    rarity = {t: math.log((len(texts) / 2 + 1) / (n + 0.5)) for t, n in sorted(seen.items()) if n >= _FEWEST}
    return {t: max(0.05, value) for t, value in rarity.items()}, math.log((len(texts) / 2 + 1) / 1.5)


def fit(values: Any, labels: Any, importance: Any, rule: Any) -> tuple[Any, float]:
    """Return weights and bias of a logistic regression, by descent that keeps to ``_SIGNS``.

    An L2 penalty draws the weights towards ``rule``.
    """
    weights, bias = rule.copy(), -float(importance @ (values @ rule)) / float(importance.sum())
    signs = np.array([_SIGNS.get(name, 0) for name in NAMES])
    importance = importance / importance.sum()
    for _ in range(_STEPS):
        off = importance * (1 / (1 + np.exp(-(values @ weights + bias))) - labels)
        weights -= _RATE * (values.T @ off + _PENALTY * (weights - rule))
        bias -= _RATE * off.sum()
        weights[weights * signs < 0] = 0
    return weights, float(bias)


def importances(labels: Any, written: Any, fitted: Any) -> Any:
    """Return how much each claim counts: written and others by ``_WRITTEN``, supported and not by halves."""
    found = np.zeros(len(labels))
    for group, share in ((written, _WRITTEN), (~written, 1 - _WRITTEN)):
        for label in (0, 1):
            part = group & (labels == label) & fitted
            found[part] = share / 2 / max(1, part.sum())
    return found


def choose_threshold(support: Any, labels: Any, kinds: Any) -> None:
    """Print both errors on the held-out claims by threshold; changed facts are left to the checks.

    What a written claim leaves open (``N``) and sentences of other passages are what a threshold has to keep out.
    """
    part = (labels == 1) | np.isin(kinds, ["written N", "not stated", "not stated, translated"])
    support, labels = support[part], labels[part]
    print("threshold: unsupported let through, supported refused (held out)")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        through, refused = (support[labels == 0] >= threshold).mean(), (support[labels == 1] < threshold).mean()
        print(f"  {threshold:.1f}: {through:.3f}, {refused:.3f}")


def auroc(scores: Any, labels: Any) -> float:
    """Return the area under the ROC curve: how often a supported claim scores above another."""
    order = np.argsort(np.argsort(scores, kind="stable"), kind="stable") + 1
    positive = labels.sum()
    return float(
        (order[labels == 1].sum() - positive * (positive + 1) / 2) / (positive * (len(labels) - positive))
    )


def main() -> None:
    """Compute features, fit, report, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--units", type=int, default=40, help="passages that sentences are taken from")
    parser.add_argument("--features", type=Path, help="keep the features in this .npz, or take them from it")
    arguments = parser.parse_args()
    rarity, rarest = rarities()
    blank = np.zeros(len(NAMES), np.float32)
    reader = Reader(
        States(BundledEmbedder()),
        Weights(mean=blank, scale=blank + 1, weights=blank, bias=0.0, rarity=rarity, rarest=rarest),
    )
    rows = [*written_claims(), *passage_claims(arguments.units, random.Random(_SEED))]
    if arguments.features and arguments.features.exists():
        values = np.load(arguments.features)["values"]
    else:
        values = np.array([astuple(reader.compare(Passage(c), windows_of(Passage(e)))[0]) for c, e, *_ in rows])
        if arguments.features:
            np.savez(arguments.features, values=values)
    report_and_write(rows, values, rarity, rarest)


def report_and_write(rows: list[Claim], values: Any, rarity: dict[str, float], rarest: float) -> None:
    """Fit without the held out, print what that reaches, fit to all, write the file."""
    labels, held = np.array([row[2] for row in rows]), np.array([row[4] for row in rows])
    kinds = np.array([row[3] for row in rows])
    written = np.char.startswith(kinds, "written")
    importance = importances(labels, written, kinds != "written C")
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    unit = (values - mean) / scale
    rule = np.array([_RULE.get(name, 0.0) for name in NAMES]) * scale
    weights, bias = fit(unit[~held], labels[~held], importance[~held], rule)
    scores = unit @ weights + bias
    print(f"{len(rows)} claims, {held.sum()} held out; AUROC there:")
    for name, group in (("written", written), ("passages", ~written)):
        print(f"  {name}: {auroc(scores[held & group], labels[held & group]):.3f} of {(held & group).sum()}")
    for kind in sorted(set(kinds)):
        part = held & (kinds == kind)
        if part.any():
            print(f"  {kind:24} right {np.mean((scores[part] > 0) == (labels[part] == 1)):.2f} of {part.sum()}")
    choose_threshold(1 / (1 + np.exp(-scores[held])), labels[held], kinds[held])
    weights, bias = fit(unit, labels, importance, rule)
    for name, weight in zip(NAMES, weights, strict=True):
        print(f"  {name:16} {weight:+.2f}")
    write_weights(
        Path(__file__).parents[2] / "assistant" / "verify" / "support.npz", NAMES,
        mean=mean.astype(np.float32), scale=scale.astype(np.float32), weights=weights.astype(np.float32),
        bias=bias,
        terms=np.frombuffer("\n".join(rarity).encode(), np.uint8),
        rarity=np.array([*rarity.values()], np.float16), rarest=rarest,
    )  # fmt: skip


if __name__ == "__main__":
    main()
