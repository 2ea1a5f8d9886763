"""Fit ``kb/answerable/alignment.npz`` further, on what the finished embedder finds.

``python data/training/train_alignment.py`` follows ``train_model.py``: every question is searched among the
passages of its company, as they are stored. Right passages against the best wrong ones, and against what is found
for questions that only sound as if they were answered. A fifth of the companies is held out, and the weights of
the epoch that tells those apart best are kept. Needs the extra ``local`` (torch); about a quarter of an hour.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from heads import Alignment, Encoded
from rows import LANGUAGES, Row, held_out, passage_of, read_units
from torch.nn.functional import binary_cross_entropy_with_logits
from train_model import KB, auroc

from kb.embedders import SCALE
from kb.embedders.bundled import BundledEmbedder

WIDTH = 96
EPOCHS = 8
BATCH = 128
RATE = 7e-4
DROPPED = 0.1  # of the question's tokens, so that no single word decides
WRONG = 2  # passages beside the right one

Tensor = torch.Tensor


@dataclass
class Pair:
    """A question beside a passage.

    Attributes:
        question: ``(tokens, width)``, lengths are weights.
        passage: ``(tokens, width)`` int8.
        similarity: of the pooled vectors.
        kind: ``right``, ``withheld`` or ``near``.
        first: whether it is what a search finds first for this question (the right one being away, if withheld).
    """

    question: np.ndarray
    passage: np.ndarray
    similarity: float
    kind: str
    first: bool


def company_pairs(embedder: BundledEmbedder, rows: list[Row]) -> Iterator[Pair]:
    """Yield what is found for the questions of one company."""
    told = [embedder.embed_documents_and_tokens([passage_of(row, g) for row in rows]) for g in LANGUAGES]
    for block, language in enumerate(LANGUAGES):
        (own_vectors, own_tokens), (far_vectors, far_tokens) = told[block], told[1 - block]
        for unit, row in enumerate(rows):
            for field in ("questions", "near"):
                for question in row[f"{field}_{language}"]:
                    vector, tokens = embedder.embed_query_and_tokens(question)
                    similar = own_vectors @ vector
                    fits = np.array(
                        [float((t.astype(np.float32) / SCALE @ tokens.T).max(0).sum()) for t in own_tokens]
                    )
                    order = np.argsort(-(similar + fits)).tolist()
                    if field == "near":
                        for rank, place in enumerate(order[:WRONG]):
                            yield Pair(tokens, own_tokens[place], float(similar[place]), "near", rank == 0)
                        continue
                    yield Pair(tokens, own_tokens[unit], float(similar[unit]), "right", order[0] == unit)
                    if random.random() < 0.3:
                        yield Pair(tokens, far_tokens[unit], float(far_vectors[unit] @ vector), "right", False)
                    order.remove(unit)
                    for rank, place in enumerate(order[:WRONG]):
                        yield Pair(tokens, own_tokens[place], float(similar[place]), "withheld", rank == 0)


def encoded(rows: list[np.ndarray], asked: bool) -> Encoded:
    """Return a batch of token rows; of a question's tokens some are left out while training."""
    longest = max(map(len, rows))
    tokens, mask = torch.zeros(len(rows), longest, WIDTH), torch.zeros(len(rows), longest)
    for line, row in enumerate(rows):
        tokens[line, : len(row)] = torch.tensor(row.astype(np.float32))
        mask[line, : len(row)] = 1
    weights = tokens.norm(dim=-1) if asked else mask
    unit = tokens / tokens.norm(dim=-1, keepdim=True).clamp_min(1e-9) if asked else tokens / SCALE
    return Encoded(torch.zeros(len(rows), 1), unit, mask, weights)


def logits(model: Alignment, pairs: list[Pair], training: bool = False) -> Tensor:
    """Return ``(n,)`` logits."""
    questions = [pair.question for pair in pairs]
    if training:
        questions = [q[np.random.random(len(q)) >= DROPPED] if len(q) > 4 else q for q in questions]
        questions = [q if len(q) else pair.question for q, pair in zip(questions, pairs, strict=True)]
    similar = torch.tensor([pair.similarity for pair in pairs])
    return model(encoded(questions, True), encoded([pair.passage for pair in pairs], False), similar)


@torch.no_grad()
def report(model: Alignment, pairs: list[Pair]) -> dict[str, float]:
    """Return how well what is found first is told apart: answered from withheld, and from near."""
    pairs = [pair for pair in pairs if pair.first]
    found: dict[str, list[float]] = {"right": [], "withheld": [], "near": []}
    for start in range(0, len(pairs), BATCH):
        part = pairs[start : start + BATCH]
        for pair, logit in zip(part, logits(model, part).tolist(), strict=True):
            found[pair.kind].append(logit)
    return {kind: round(auroc(found["right"], found[kind]), 3) for kind in ("withheld", "near")}


def train(model: Alignment, pairs: list[Pair], held: list[Pair]) -> None:
    """Fit, and end with the weights of the best epoch."""
    weight = {kind: 1 / sum(pair.kind == kind for pair in pairs) for kind in ("right", "withheld", "near")}
    weight["right"] *= 2
    mean = sum(weight[pair.kind] for pair in pairs) / len(pairs)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=3e-2)
    steps = EPOCHS * (len(pairs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1)
    best, kept = 0.0, model.state_dict()
    for epoch in range(EPOCHS):
        # Of about one length together, in random order.
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].passage) + random.random() * 30)
        batches = [order[start : start + BATCH] for start in range(0, len(order) - BATCH, BATCH)]
        random.shuffle(batches)
        for batch in batches:
            part = [pairs[i] for i in batch]
            right = torch.tensor([float(pair.kind == "right") for pair in part])
            share = torch.tensor([weight[pair.kind] / mean for pair in part])
            loss = binary_cross_entropy_with_logits(logits(model, part, training=True), right, weight=share)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()
            schedule.step()
        figures = report(model, held)
        print(epoch + 1, f"{float(loss.detach()):.3f}", figures, flush=True)
        if sum(figures.values()) > best:
            best, kept = sum(figures.values()), {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(kept)


def main() -> None:
    """Search, fit, write."""
    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    torch.set_num_threads(1)
    rows = read_units()
    embedder = BundledEmbedder()
    by_company: dict[str, list[Row]] = {}
    for row in rows:
        by_company.setdefault(row["company"], []).append(row)
    apart = held_out()
    pairs: dict[bool, list[Pair]] = {True: [], False: []}
    for company, units in by_company.items():
        pairs[company in apart] += company_pairs(embedder, units)
    model = Alignment(WIDTH)
    with np.load(KB / "answerable" / "alignment.npz") as stored:
        model.load_state_dict(
            {n: torch.tensor(stored[n].astype(np.float32)) for n in stored.files if n != "width"}
        )
    print(
        f"{len(pairs[False])} pairs, {len(pairs[True])} held out; before: {report(model, pairs[True])}", flush=True
    )
    train(model, pairs[False], pairs[True])
    arrays = {name: value.numpy().astype(np.float16) for name, value in model.state_dict().items()}
    np.savez_compressed(KB / "answerable" / "alignment.npz", width=np.array(WIDTH), **arrays)


if __name__ == "__main__":
    main()
