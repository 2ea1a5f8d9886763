"""Fit the bundled embedder's trained parts to the questions and passages in this folder.

``python data/training/train_model.py`` reads every ``*.jsonl`` here and writes ``kb/embedders/e5/updates.npz``
(the upper layers), ``kb/embedders/e5/head.npz`` (what is stored and searched) and ``kb/answerable/alignment.npz``
(does it answer?). It needs the extra ``local`` (torch); about an hour on one core. ``fit_answerable.py`` follows
it.

A fifth of the companies is held out. Printed for them: how often the right passage comes first among all held-out
ones, by language of question and passage, and how well the alignment tells an answered question from one whose
passage is withheld, and from one that only sounds as if it were answered.

The losses: InfoNCE (van den Oord et al. 2018) over passages of two companies and some others, so that those
compete that are easily confused, for late interaction and for similarity; paraphrases of a question find each
other; the alignment tells right passages from the hardest wrong one and from near misses.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from heads import Alignment, Encoded, Head, late
from network import UpperLayers, lower_states
from rows import LANGUAGES, Row, held_out, passage_of, read_units
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, pad

from kb.embedders.bundled import DOCUMENT_PREFIX, QUERY_PREFIX, BundledEmbedder
from kb.embedders.e5.head import PASSAGE, QUESTION

KB = Path(__file__).parents[2] / "kb"
WIDTH = 96  # of a token's vector, a quarter of the network's: bytes in the index
LONGEST = 256  # tokens of a passage
COMPANIES, SIBLINGS, OTHERS = 2, 8, 8  # whose passages compete in a step
SHIPPED_SHARE = 0.5  # of the updates: all of them forget a little of what the model knew
RATES = {"layers": 3e-4, "tokens": 1e-3, "pooled": 2e-4, "weights": 1e-2, "alignment": 1e-3}

Tensor = torch.Tensor


class Model:
    """All trained parts, and the frozen layers' states of every text."""

    def __init__(self, states: dict[str, np.ndarray], sample: list[str]) -> None:
        self.states = states
        self.layers = UpperLayers()
        with torch.no_grad():
            tokens = [self.layers(*self._padded([text]))[0] for text in sample]
        self.head = Head(torch.cat(tokens), WIDTH)
        self.alignment = Alignment(WIDTH)

    def _padded(self, texts: list[str]) -> tuple[Tensor, Tensor]:
        found = [self.states[text] for text in texts]
        longest = max(map(len, found))
        states, mask = torch.zeros(len(found), longest, 384), torch.zeros(len(found), longest)
        for row, each in enumerate(found):
            states[row, : len(each)] = torch.tensor(each.astype(np.float32))
            mask[row, : len(each)] = 1
        return states, mask

    def encode(self, texts: list[str], role: int) -> Encoded:
        """Run the upper layers in four parts of about one length, then the head."""
        states, mask = self._padded(texts)
        order = torch.argsort(mask.sum(1))
        parts = []
        for rows in order.tensor_split(min(4, len(texts))):
            longest = int(mask[rows].sum(1).max())
            last = self.layers(states[rows, :longest], mask[rows, :longest])
            parts.append(pad(last, (0, 0, 0, states.shape[1] - longest)))
        return self.head(torch.cat(parts)[torch.argsort(order)], mask, role)

    def groups(self) -> list[dict[str, object]]:
        """Return the parameters with their learning rates."""
        head = self.head
        return [
            {"params": list(self.layers.parameters()), "lr": RATES["layers"], "weight_decay": 1e-2},
            {"params": [head.token_map, head.token_shift], "lr": RATES["tokens"], "weight_decay": 1e-3},
            {"params": [head.turn, head.shift], "lr": RATES["pooled"], "weight_decay": 3e-2},
            {"params": [head.weight_map, head.scales], "lr": RATES["weights"], "weight_decay": 1e-3},
            {"params": list(self.alignment.parameters()), "lr": RATES["alignment"], "weight_decay": 1e-2},
        ]

    def write(self) -> None:
        """Write the files that ship."""
        self.layers.share = SHIPPED_SHARE
        np.savez_compressed(KB / "embedders" / "e5" / "updates.npz", **self.layers.factors())
        names = ("token_map", "token_shift", "weight_map", "turn", "shift")
        maps = {name: getattr(self.head, name).detach().numpy().astype(np.float16) for name in names}
        np.savez_compressed(KB / "embedders" / "e5" / "head.npz", **maps)
        arrays = {name: value.numpy().astype(np.float16) for name, value in self.alignment.state_dict().items()}
        np.savez_compressed(KB / "answerable" / "alignment.npz", width=np.array(WIDTH), **arrays)


def passages(rows: list[Row]) -> list[str]:
    """Return the passages, first all English ones, then all Chinese ones."""
    return [DOCUMENT_PREFIX + passage_of(row, language) for language in LANGUAGES for row in rows]


def step_losses(model: Model, rows: list[Row]) -> Tensor:
    """Return the sum of the losses of one step over these units."""
    count = len(rows)
    told = model.encode(passages(rows), PASSAGE)
    asked_of = [(i, random.choice(row[f"questions_{g}"])) for g in LANGUAGES for i, row in enumerate(rows)]
    near_of = [(i, random.choice(row[f"near_{random.choice(LANGUAGES)}"])) for i, row in enumerate(rows)]
    asked = model.encode([QUERY_PREFIX + text for _, text in asked_of + near_of], QUESTION)
    own = torch.tensor([i for i, _ in asked_of + near_of])
    fits, similar = late(asked, told), asked.pooled @ told.pooled.T
    fit_scale, similar_scale, alike_scale = torch.exp(model.head.scales)
    loss = torch.zeros(())
    questions = 2 * count
    for block in range(2):
        # Both languages' passages compete, but the right one's translation is no mistake.
        translation = torch.zeros(questions, 2 * count, dtype=torch.bool)
        translation[torch.arange(questions), own[:questions] + (1 - block) * count] = True
        right = own[:questions] + block * count
        for scores in (fits * fit_scale, similar * similar_scale):
            loss = loss + cross_entropy(scores[:questions].masked_fill(translation, -1e4), right)
    alike = asked.pooled[:count] @ asked.pooled[count:questions].T * alike_scale
    diagonal = torch.arange(count)
    loss = loss + (cross_entropy(alike, diagonal) + cross_entropy(alike.T, diagonal)) / 4
    return loss + _alignment_loss(model, asked, told, own, fits + similar, similar)


def _alignment_loss(
    model: Model, asked: Encoded, told: Encoded, own: Tensor, scores: Tensor, similar: Tensor
) -> Tensor:
    """Right passages (mostly in the question's language), the hardest wrong ones, and near misses."""
    count = len(told.pooled) // 2
    wrong = scores.detach().clone()
    for block in range(2):
        wrong[torch.arange(len(own)), own + block * count] = -9
    hardest = wrong.topk(2, 1).indices
    pairs: list[tuple[int, int, float]] = []
    for place, unit in enumerate(own.tolist()):
        near = place >= 2 * count
        block = int(place >= count) if random.random() < 0.75 else int(place < count)
        pairs.append((place, unit + block * count, 0.0 if near else 1.0))
        if not near or random.random() < 0.5:
            pairs.append((place, int(hardest[place, random.randrange(2)]), 0.0))
    questions, found = torch.tensor([q for q, _, _ in pairs]), torch.tensor([p for _, p, _ in pairs])
    right = torch.tensor([r for _, _, r in pairs])
    logits = model.alignment(asked.take(questions), told.take(found), similar[questions, found])
    balance = torch.where(right > 0, 0.5 / right.mean(), 0.5 / (1 - right).mean())
    return binary_cross_entropy_with_logits(logits, right, weight=balance)


def auroc(yes: list[float], no: list[float]) -> float:
    """Return how often one of ``yes`` is above one of ``no``."""
    high, low = np.array(yes)[:, None], np.array(no)[None, :]
    return float((high > low).mean() + (high == low).mean() / 2)


@torch.no_grad()
def report(model: Model, rows: list[Row]) -> dict[str, float]:
    """Return the figures of these units that the module's docstring names."""
    model.layers.share = SHIPPED_SHARE
    figures: dict[str, float] = {}
    for block, language in enumerate(LANGUAGES):
        for other in range(2):
            told = model.encode(passages(rows)[other * len(rows) : (other + 1) * len(rows)], PASSAGE)
            logits: dict[str, list[float]] = {"right": [], "withheld": [], "near": []}
            firsts: dict[str, list[bool]] = {"late": [], "similarity": []}
            for field in ("questions", "near"):
                for unit, row in enumerate(rows):
                    asked = model.encode([QUERY_PREFIX + row[f"{field}_{language}"][0]], QUESTION)
                    fits, similar = late(asked, told)[0], (asked.pooled @ told.pooled.T)[0]
                    both = fits + similar
                    if field == "questions":
                        firsts["late"].append(int(fits.argmax()) == unit)
                        firsts["similarity"].append(int(similar.argmax()) == unit)
                    if other == block:
                        logits["right" if field == "questions" else "near"].append(
                            _reading(model, asked, told, int(both.argmax()), similar)
                        )
                        both[unit] = -9
                        if field == "questions":
                            best = int(both.argmax())
                            logits["withheld"].append(_reading(model, asked, told, best, similar))
            for ranker, hits in firsts.items():
                figures[f"{language}->{LANGUAGES[other]} {ranker}"] = round(float(np.mean(hits)), 3)
            if other == block:
                for kind in ("withheld", "near"):
                    figures[f"{language} AUROC {kind}"] = round(auroc(logits["right"], logits[kind]), 3)
    return figures


def _reading(model: Model, asked: Encoded, told: Encoded, place: int, similar: Tensor) -> float:
    return float(model.alignment(asked, told.take(slice(place, place + 1)), similar[place : place + 1]))


def train(model: Model, rows: list[Row], steps: int, minutes: float) -> None:
    """Fit to these units, for so many steps or minutes, whichever ends first."""
    by_company: dict[str, list[Row]] = {}
    for row in rows:
        by_company.setdefault(row["company"], []).append(row)
    groups = model.groups()
    optimizer = torch.optim.AdamW(groups)
    rates = [group["lr"] for group in optimizer.param_groups]
    began = time.monotonic()
    for step in range(steps):
        gone = max(step / steps, (time.monotonic() - began) / 60 / minutes)
        if gone >= 1:
            break
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(1, (step + 1) / 20) * max(0.02, 1 - gone)
        chosen = [
            row
            for name in random.sample(sorted(by_company), COMPANIES)
            for row in random.sample(by_company[name], min(SIBLINGS, len(by_company[name])))
        ]
        chosen = list({row["id"]: row for row in [*chosen, *random.sample(rows, OTHERS)]}.values())
        loss = step_losses(model, chosen)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 5.0)
        optimizer.step()
        if step % 25 == 24:
            print(step + 1, f"{float(loss.detach()):.3f}", flush=True)


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=260)
    parser.add_argument("--minutes", type=float, default=60)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    random.seed(0)
    torch.set_num_threads(1)
    rows = read_units()
    apart = held_out()
    held = [row for row in rows if row["company"] in apart]
    kept = [row for row in rows if row["company"] not in apart]
    texts = passages(rows)
    for row in rows:
        for language in LANGUAGES:
            texts += [QUERY_PREFIX + q for k in ("questions", "near") for q in row[f"{k}_{language}"]]
    texts = list(dict.fromkeys(texts))
    states = dict(zip(texts, lower_states(BundledEmbedder(), texts, LONGEST), strict=True))
    print(f"{len(rows)} units, {len(held)} of them of {len(apart)} companies held out", flush=True)
    model = Model(states, passages(random.sample(kept, 60)))
    train(model, kept, arguments.steps, arguments.minutes)
    print(report(model, held))
    model.write()


if __name__ == "__main__":
    main()
