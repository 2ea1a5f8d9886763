"""Measure how well claims are told to be supported or not, on other people's judgements and on edited policies.

``python tests/benchmarks/bench_verify.py [--limit N] [--sets begin wice …]`` reads the development sets in
``FAQ_EVAL_DATA`` and the policies in ``FAQ_DOCUMENTS``. For each set it prints AUROC, and balanced accuracy and
Cohen's kappa at the shipped threshold; for faithbench also the scores of the detectors that come with it; and CPU
milliseconds a claim. ``--limit`` takes the first N of each set, shuffled with a fixed seed.

A claim is the whole reply for begin, wice and ocnli; a longer reply (faithbench, mtrag) is cut into claims, and
its score is the product of their supports. The edits are made when this is run, by ``changed.py``, which shares
nothing with what the verification was fitted with: a sentence of a policy in other words is supported; with one
thing changed it is not. The evidence is the passage around it and its neighbours.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assistant.verify import Verifier, split_claims
from kb.embedders.bundled import BundledEmbedder
from kb.language.text import detect_language, sentence_spans, sentences, terms
from tests.benchmarks.changed import changed, reworded
from tests.benchmarks.elsewhere import DOCUMENTS, EVALUATION

ROOT = Path(__file__).parents[2]
THRESHOLD = 0.5
POLICIES = ["en_37signals_policies", "en_18f_tts_handbook", "en_tau2_policies", "zh_consumer_law"]
Row = dict[str, Any]
Example = tuple[str, list[str], bool, Row]
"""Reply, evidence, whether people say it is supported, and the row it was made from."""


_LIST_MARK = re.compile(r"^(?:\d{1,3}[.)]|[（(][一二三四五六七八九十\d]{1,3}[)）])\s*")


def rows(name: str) -> list[Row]:
    """Return the rows of a development set."""
    path = EVALUATION / name / "items.dev.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def examples(name: str) -> list[Example]:
    """Return what a set holds, as claims with evidence."""
    if name == "begin":
        return [(r["response"], [r["knowledge"]], r["label"] == "Fully attributable", r) for r in rows("begin")]
    if name == "wice":
        return [(r["claim"], ["\n".join(r["evidence"])], r["label"] == "supported", r) for r in rows("wice")]
    if name == "faithbench":
        return [(r["response"], [r["source"]], r["worst_label"] != "Unwanted", r) for r in rows("faithbench")]
    if name == "ocnli_zh":
        labelled = [r for r in rows("ocnli_zh") if r["label"] != "-"]
        return [(r["hypothesis"], [r["premise"]], r["label"] == "entailment", r) for r in labelled]
    return [(r["response"], r["contexts"], r["faithfulness_median"] >= 3, r) for r in rows("mtrag_human_eval")]


def passages(text: str) -> list[str]:
    """Return a document in stretches of about 700 letters (300 Chinese characters)."""
    room, found, begin = 700 if detect_language(text) == "en" else 300, [], 0
    for start, end in sentence_spans(text):
        if end - begin > room:
            found.append(text[begin:start])
            begin = start
    return [piece for piece in [*found, text[begin:]] if len(piece.strip()) > 40]


def edited_policies(count: int) -> list[Example]:
    """Return sentences of policies in other words, and with one thing changed; as many of each kind."""
    chance = random.Random(11)
    made: dict[tuple[str, str], list[Example]] = defaultdict(list)
    files = [p for f in POLICIES for p in sorted((DOCUMENTS / f).rglob("*.md")) if p.stat().st_size > 1500]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    for text in texts:
        language = detect_language(text)
        pieces = passages(text)
        for number in chance.sample(range(len(pieces)), min(len(pieces), 25)):
            for sentence in whole_sentences(pieces[number]):
                near = [pieces[i] for i in (number - 1, number, number + 1) if 0 <= i < len(pieces)]
                edits = list(changed(sentence, text, chance))
                for kind, edited in [("true", reworded(sentence, chance)), *edits] if edits else []:
                    row = {"kind": kind, "lang": language}
                    made[language, kind].append((edited, near, kind == "true", row))
    found = []
    for group in made.values():
        chance.shuffle(group)
        found += group[: 3 * count if group[0][2] else count]
    return found


def whole_sentences(piece: str) -> list[str]:
    """Return the sentences of a passage that state something: no headings, links or list numbers."""
    found = [_LIST_MARK.sub("", sentence.strip("-*> ")) for sentence in sentences(piece)]
    return [s for s in found if s[-1:] in ".。；" and 8 <= len(terms(s)) <= 90 and "](" not in s and "|" not in s]


def judge(verifier: Verifier, name: str, example: Example) -> tuple[float, bool]:
    """Return the score of a reply and whether all of it is found supported."""
    reply, evidence, _, _ = example
    claims = [reply]
    if name in {"faithbench", "mtrag_human_eval", "edits"}:
        claims = [claim for sentence in sentences(reply) for claim in split_claims(sentence)] or [reply]
    verdicts = verifier.verify_all(claims, evidence)
    return sum(math.log(max(v.support, 1e-9)) for v in verdicts), all(v.supported for v in verdicts)


def auroc(scores: Any, labels: Any) -> float:
    """Return how often a supported reply scores above another; ties count half."""
    yes, no = np.asarray(scores)[labels], np.asarray(scores)[~labels]
    return (
        float((yes[:, None] > no).mean() + 0.5 * (yes[:, None] == no).mean()) if len(yes) and len(no) else math.nan
    )


def at_threshold(said: Any, labels: Any) -> tuple[float, float]:
    """Return balanced accuracy and Cohen's kappa."""
    balanced = (said[labels].mean() + (~said[~labels]).mean()) / 2
    agreed, by_chance = (said == labels).mean(), said.mean() * labels.mean() + (~said).mean() * (~labels).mean()
    return float(balanced), float((agreed - by_chance) / (1 - by_chance)) if by_chance < 1 else 0.0


def line(name: str, scores: Any, said: Any, labels: Any) -> None:
    """Print the figures of a set."""
    balanced, kappa = at_threshold(said, labels)
    count = f"{labels.sum()} of {len(labels)} supported"
    figures = f"AUROC {auroc(scores, labels):.3f}  balanced {balanced:.3f}  kappa {kappa:+.3f}"
    print(f"{name:24} {figures}  ({count})", flush=True)


def detectors(found: list[Example]) -> Iterator[tuple[str, Any]]:
    """Yield the detectors' scores that come with faithbench, higher for faithful."""
    for name in found[0][3]["metadata"]:
        scores = [row[3]["metadata"][name] for row in found]
        if name not in {"summarizer", "raw_sample_id"} and all(isinstance(s, int | float) for s in scores):
            yield name, np.array(scores, float)


def measure(verifier: Verifier, name: str, found: list[Example]) -> None:
    """Print the figures of one set."""
    judged = [judge(verifier, name, example) for example in found]
    scores, said = np.array([j[0] for j in judged]), np.array([j[1] for j in judged])
    labels = np.array([example[2] for example in found])
    line(name, scores, said, labels)
    if name == "faithbench":
        for detector, theirs in detectors(found):
            line(f"  {detector}", theirs, theirs > THRESHOLD, labels)
    if name == "edits":
        for language in ("en", "zh"):
            own = np.array([example[3]["lang"] == language for example in found])
            line(f"  {language}", scores[own], said[own], labels[own])
            for kind in sorted({example[3]["kind"] for example in found} - {"true"}):
                part = own & (labels | np.array([example[3]["kind"] == kind for example in found]))
                if (~labels[part]).any():
                    line(f"  {language} {kind}", scores[part], said[part], labels[part])


def speed(verifier: Verifier, found: list[Example]) -> None:
    """Print CPU milliseconds a claim, when its evidence is new and when it was seen before."""
    first, again = [], []
    for claim, evidence, _, _ in found[:40]:
        begin = time.process_time()
        verifier.verify(claim + " ", evidence)
        middle = time.process_time()
        verifier.verify(claim + "  ", evidence)
        first.append(middle - begin)
        again.append(time.process_time() - middle)
    new, seen = 1e3 * np.median(first), 1e3 * np.median(again)
    print(f"CPU ms a claim against three passages: new {new:.0f}, seen before {seen:.0f}")


def main() -> None:
    """Measure the sets that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    everything = ["begin", "wice", "faithbench", "ocnli_zh", "mtrag_human_eval", "edits"]
    parser.add_argument("--sets", nargs="*", default=everything, choices=everything)
    parser.add_argument("--limit", type=int, default=0, help="examples of each set; 0 takes all")
    parser.add_argument("--edits", type=int, default=60, help="edited sentences of each kind and language")
    arguments = parser.parse_args()
    if not EVALUATION.is_dir():
        raise SystemExit(f"{EVALUATION} is not there: set FAQ_EVAL_DATA and FAQ_DOCUMENTS")
    fresh = Verifier(BundledEmbedder())
    speed(fresh, edited_policies(10))
    for name in arguments.sets:
        found = edited_policies(arguments.edits) if name == "edits" else examples(name)
        random.Random(3).shuffle(found)
        measure(Verifier(BundledEmbedder()), name, found[: arguments.limit or len(found)])


if __name__ == "__main__":
    main()
