"""Fit the bundled embedder's head to the questions and passages in this folder.

``python data/training/train_head.py`` reads every ``*.jsonl`` here and writes ``kb/embedders/e5_head.npz``. It
needs the extra ``local`` (torch); about a quarter of an hour on two cores. ``fit_answerable.py`` follows it.

A fifth of the companies is held out. Printed for them, before and after: how often the right passage of all
held-out ones comes first, for questions in the passage's language and in the other one.

The loss is InfoNCE (van den Oord et al. 2018) over the passages of a few companies at a time, so that the
passages which compete are those that are easily confused: late interaction and similarity each have to put the
passage first, in either language, and paraphrases of one question have to find each other.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rows import LANGUAGES, held_out, passage_of, read_units
from torch.nn.functional import cross_entropy, normalize, softplus

from kb.embedders.bundled import DOCUMENT_PREFIX, QUERY_PREFIX, BundledEmbedder
from kb.embedders.e5_head import PASSAGE, QUESTION

TARGET = Path(__file__).parents[2] / "kb" / "embedders" / "e5_head.npz"
WIDTH = 96  # of a token's vector, a quarter of the network's: bytes in the index; other widths were not compared
STEPS = 400
COMPANIES = 2  # whose passages compete in a step,
OTHERS = 16  # and units of other companies
LONGEST = 256  # tokens of a passage
PREFIX_TOKENS = {QUESTION: 4, PASSAGE: 3}

Tensor = torch.Tensor


@dataclass
class Unit:
    """A passage in two languages with its questions, as states of the network."""

    company: str
    passages: list[Tensor]
    questions: list[list[Tensor]]


def embed(embedder: BundledEmbedder, rows: list[dict[str, Any]]) -> list[Unit]:
    """Run the network over all texts."""
    texts = [DOCUMENT_PREFIX + passage_of(row, language) for row in rows for language in LANGUAGES]
    texts += [QUERY_PREFIX + q for row in rows for language in LANGUAGES for q in row[f"questions_{language}"]]
    texts = list(dict.fromkeys(texts))
    states: dict[str, Tensor] = {}
    for start in range(0, len(texts), 512):
        part = texts[start : start + 512]
        states.update((part[i], torch.tensor(np.array(s[:LONGEST]))) for i, s in embedder.states(part))
    return [
        Unit(
            row["company"],
            [states[DOCUMENT_PREFIX + passage_of(row, language)] for language in LANGUAGES],
            [[states[QUERY_PREFIX + q] for q in row[f"questions_{language}"]] for language in LANGUAGES],
        )
        for row in rows
    ]


def pad(items: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Return ``(n, longest, 384)`` states and their ``(n, longest)`` mask."""
    longest = max(len(item) for item in items)
    states, mask = torch.zeros(len(items), longest, items[0].shape[1]), torch.zeros(len(items), longest)
    for row, item in enumerate(items):
        states[row, : len(item)] = item
        mask[row, : len(item)] = 1
    return states, mask


class Head(torch.nn.Module):
    """The maps of ``kb.embedders.e5_head``, trainable."""

    def __init__(self, start: Tensor, mean: Tensor) -> None:
        super().__init__()
        size = start.shape[0]
        self.token_map = torch.nn.Parameter(start.clone())
        self.token_shift = torch.nn.Parameter((-(mean @ start)).repeat(2, 1))
        self.weight_map = torch.nn.Parameter(torch.zeros(size + 1))
        self.turn = torch.nn.Parameter(torch.zeros(size, size))
        self.shift = torch.nn.Parameter(torch.zeros(2, size))
        self.scales = torch.nn.Parameter(torch.full((3,), 3.0))

    def tokens(self, states: Tensor, mask: Tensor, role: int) -> tuple[Tensor, Tensor]:
        """Return token vectors, and a mask without prefix and special tokens."""
        kept = mask.clone()
        kept[:, : PREFIX_TOKENS[role]] = 0
        kept[torch.arange(len(mask)), mask.sum(1).long() - 1] = 0
        return normalize(states @ self.token_map + self.token_shift[role], dim=-1), kept

    def pooled(self, states: Tensor, mask: Tensor, role: int) -> Tensor:
        """Return pooled vectors."""
        mean = normalize((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)
        return normalize(mean + mean @ self.turn + self.shift[role], dim=-1)

    def late(self, questions: tuple[Tensor, Tensor], passages: tuple[Tensor, Tensor]) -> Tensor:
        """Return ``(questions, passages)`` fits."""
        (asked, asked_mask), (told, told_mask) = self.tokens(*questions, QUESTION), self.tokens(*passages, PASSAGE)
        cosines = torch.einsum("qid,pjd->qpij", asked, told)
        best = cosines.masked_fill(told_mask[None, :, None, :] == 0, -2).amax(-1)
        weights = softplus(questions[0] @ self.weight_map[:-1] + self.weight_map[-1]) * asked_mask
        return (best * weights[:, None, :]).sum(-1) / weights.sum(1)[:, None]


def first_rates(head: Head, units: list[Unit]) -> dict[str, float]:
    """Return how often the right passage comes first, by ranker and by language of question and passage."""
    rates: dict[str, float] = {}
    with torch.no_grad():
        for language, name in enumerate(LANGUAGES):
            asked = [(i, q) for i, unit in enumerate(units) for q in unit.questions[language]]
            right = torch.tensor([i for i, _ in asked])
            for other in (False, True):
                told = pad([unit.passages[1 - language if other else language] for unit in units])
                plain = normalize((told[0] * told[1][..., None]).sum(1) / told[1].sum(1, keepdim=True), dim=-1)
                scores: dict[str, list[Tensor]] = {"raw": [], "similarity": [], "late": []}
                for start in range(0, len(asked), 32):
                    questions = pad([q for _, q in asked[start : start + 32]])
                    mean = (questions[0] * questions[1][..., None]).sum(1) / questions[1].sum(1, keepdim=True)
                    scores["raw"].append(normalize(mean, dim=-1) @ plain.T)
                    scores["similarity"].append(head.pooled(*questions, QUESTION) @ head.pooled(*told, PASSAGE).T)
                    scores["late"].append(head.late(questions, told))
                for ranker, parts in scores.items():
                    hit = (torch.cat(parts).argmax(1) == right).float().mean()
                    rates[f"{name}{'->other' if other else ''} {ranker}"] = round(float(hit), 3)
    return rates


def step_loss(head: Head, units: list[Unit]) -> Tensor:
    """Return the loss of one step over these units."""
    asked = [random.choice(unit.questions[random.randrange(2)]) for unit in units]
    again = [random.choice(unit.questions[random.randrange(2)]) for unit in units]
    questions, paraphrases = pad(asked), pad(again)
    right = torch.arange(len(units))
    loss = torch.zeros(())
    late, similar, alike = torch.exp(head.scales)
    pooled = head.pooled(*questions, QUESTION)
    for language in range(2):
        # Both languages' passages compete, but the right one's translation is no mistake.
        told = pad([unit.passages[language] for unit in units])
        rest = pad([unit.passages[1 - language] for unit in units])
        own = torch.eye(len(units), dtype=torch.bool)
        for scores, others in (
            (head.late(questions, told) * late, head.late(questions, rest) * late),
            (
                pooled @ head.pooled(*told, PASSAGE).T * similar,
                pooled @ head.pooled(*rest, PASSAGE).T * similar,
            ),
        ):
            loss = loss + cross_entropy(torch.cat([scores, others.masked_fill(own, -1e4)], 1), right)
    return loss + 0.5 * cross_entropy(pooled @ head.pooled(*paraphrases, QUESTION).T * alike, right)


def train(units: list[Unit], held: list[Unit]) -> Head:
    """Fit the head to ``units``."""
    tokens = torch.cat([passage for unit in units for passage in unit.passages])
    mean = tokens.mean(0)
    sample = tokens[torch.randperm(len(tokens))[:30_000]]
    start = torch.pca_lowrank(sample, q=WIDTH, niter=4)[2]
    head = Head(start, mean)
    print("before", first_rates(head, held), flush=True)
    optimizer = torch.optim.AdamW(
        [
            {"params": [head.token_map, head.token_shift], "lr": 1e-3},
            {"params": [head.turn, head.shift], "lr": 3e-4, "weight_decay": 1e-2},
            {"params": [head.weight_map, head.scales], "lr": 1e-2},
        ],
        weight_decay=1e-3,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 20) * max(0.02, 1 - step / STEPS)
    )
    by_company: dict[str, list[Unit]] = {}
    for unit in units:
        by_company.setdefault(unit.company, []).append(unit)
    for step in range(STEPS):
        chosen = [u for name in random.sample(sorted(by_company), COMPANIES) for u in by_company[name]]
        loss = step_loss(head, list({id(u): u for u in [*chosen, *random.sample(units, OTHERS)]}.values()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 49:
            print(step + 1, f"{float(loss.detach()):.3f}", first_rates(head, held), flush=True)
    return head


def main() -> None:
    """Train and write the head."""
    torch.manual_seed(0)
    random.seed(0)
    torch.set_num_threads(2)
    units = embed(BundledEmbedder(), read_units())
    companies = {unit.company for unit in units}
    apart = held_out(companies)
    held = [unit for unit in units if unit.company in apart]
    print(f"{len(units)} units of {len(companies)} companies, {len(held)} of {len(apart)} held out")
    head = train([unit for unit in units if unit.company not in apart], held)
    names = ("token_map", "token_shift", "weight_map", "turn", "shift")
    maps = {name: getattr(head, name).detach().numpy().astype(np.float16) for name in names}
    np.savez_compressed(TARGET, **maps)
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
