"""Fit ``kb/answerable/alignment.npz`` further, on what the finished embedder finds.

``python data/training/train_alignment.py`` follows ``train_model.py``: every question is searched among the
passages of its company, as they are stored. Right passages against the best wrong ones, and against what is found
for questions that only sound as if they were answered; and each question beside a passage that answers it and
beside its twin that does not (``twins.py``), where the question alone tells nothing. A fifth of the companies is
held out, and says after each epoch how well all of these are told apart. Needs the extra ``local`` (torch); about
twenty minutes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from heads import Alignment, Encoded
from rows import LANGUAGES, Row, held_out, passage_of, read_units
from torch.nn.functional import binary_cross_entropy_with_logits, softplus
from train_model import KB, auroc
from twins import pairs_of, read_twins

from kb.embedders import SCALE
from kb.embedders.bundled import BundledEmbedder

WIDTH = 96
EPOCHS = 8
BATCH = 128
RATE = 7e-4
DROPPED = 0.1  # of the question's tokens, so that no single word decides
WRONG = 2  # passages beside the right one
TWINS = 64  # couples beside each batch
BY_ITSELF = 0.5  # share of the loss that judges each of a couple by itself, beside telling the two apart

Tensor = torch.Tensor


@dataclass
class Pair:
    """A question beside a passage.

    Attributes:
        question: ``(tokens, width)``, lengths are weights.
        passage: ``(tokens, width)`` int8.
        similarity: of the pooled vectors.
        kind: ``right``, ``withheld`` or ``near``; of twins ``answered`` or ``unanswered``.
        first: whether it is what a search finds first for this question (the right one being away, if withheld).
    """

    question: np.ndarray
    passage: np.ndarray
    similarity: float
    kind: str
    first: bool


Couple = tuple[Pair, Pair]
"""The same question beside a passage that answers it, and beside the twin that does not."""


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


def couples(embedder: BundledEmbedder, row: Row, twin: Row) -> Iterator[Couple]:
    """Yield the couples of one unit."""
    pairs = list(pairs_of(row, twin))
    texts = list(dict.fromkeys(pair.passage for pair in pairs))
    vectors, tokens = embedder.embed_documents_and_tokens(texts)
    place = {text: number for number, text in enumerate(texts)}
    for yes, no in zip(pairs[::2], pairs[1::2], strict=True):
        vector, asked = embedder.embed_query_and_tokens(yes.question)
        first, second = (
            Pair(
                question=asked, passage=tokens[place[p.passage]],
                similarity=float(vectors[place[p.passage]] @ vector),
                kind="answered" if p.answered else "unanswered", first=True,
            )
            for p in (yes, no)
        )  # fmt: skip
        yield first, second


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
def scored(model: Alignment, pairs: list[Pair]) -> dict[str, list[float]]:
    """Return the logits of pairs by kind."""
    found: dict[str, list[float]] = {kind: [] for kind in ("right", "withheld", "near", "answered", "unanswered")}
    for start in range(0, len(pairs), BATCH):
        part = pairs[start : start + BATCH]
        for pair, logit in zip(part, logits(model, part).tolist(), strict=True):
            found[pair.kind].append(logit)
    return found


def report(model: Alignment, pairs: list[Pair], twins: list[Couple]) -> dict[str, float]:
    """Return the AUROC of what is found first, answered beside withheld and beside near; and of the twins."""
    found = scored(model, [pair for pair in pairs if pair.first] + [pair for couple in twins for pair in couple])
    figures = {kind: auroc(found["right"], found[kind]) for kind in ("withheld", "near")}
    figures["twins"] = auroc(found["answered"], found["unanswered"])
    return {kind: round(figure, 3) for kind, figure in figures.items()}


def batches_of(lengths: list[int], size: int) -> list[list[int]]:
    """Return places in batches of about one length each, in random order."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + random.random() * 30)
    batches = [order[start : start + size] for start in range(0, len(order) - size, size)]
    random.shuffle(batches)
    return batches


def twins_loss(model: Alignment, part: list[Couple]) -> Tensor:
    """Return the loss of couples: the answered above its twin (RankNet, Burges et al. 2005), and each alone."""
    scores = logits(model, [pair for couple in part for pair in couple], training=True).view(-1, 2)
    by_itself = binary_cross_entropy_with_logits(scores, torch.tensor([[1.0, 0.0]]).expand_as(scores))
    return BY_ITSELF * by_itself + softplus(scores[:, 1] - scores[:, 0]).mean()


def train(
    model: Alignment, pairs: list[Pair], twins: list[Couple], held: list[Pair], held_twins: list[Couple]
) -> None:
    """Fit to what is found and to the twins, a batch of each at a time."""
    weight = {kind: 1 / sum(pair.kind == kind for pair in pairs) for kind in ("right", "withheld", "near")}
    weight["right"] *= 2
    mean = sum(weight[pair.kind] for pair in pairs) / len(pairs)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=3e-2)
    steps = EPOCHS * (len(pairs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1)
    for epoch in range(EPOCHS):
        beside = batches_of([len(yes.passage) for yes, _ in twins], TWINS)
        for number, batch in enumerate(batches_of([len(pair.passage) for pair in pairs], BATCH)):
            part = [pairs[i] for i in batch]
            right = torch.tensor([float(pair.kind == "right") for pair in part])
            share = torch.tensor([weight[pair.kind] / mean for pair in part])
            loss = binary_cross_entropy_with_logits(logits(model, part, training=True), right, weight=share)
            loss = loss + twins_loss(model, [twins[i] for i in beside[number % len(beside)]])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()
            schedule.step()
        print(epoch + 1, f"{float(loss.detach()):.3f}", report(model, held, held_twins), flush=True)


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
    by_id = {row["id"]: row for row in rows}
    twins: dict[bool, list[Couple]] = {True: [], False: []}
    for twin in read_twins():
        row = by_id[twin["id"]]
        twins[row["company"] in apart] += couples(embedder, row, twin)
    model = Alignment(WIDTH)
    with np.load(KB / "answerable" / "alignment.npz") as stored:
        model.load_state_dict({n: torch.tensor(stored[n].astype(np.float32)) for n in model.state_dict()})
    print(
        f"{len(pairs[False])} pairs, {len(twins[False])} couples; apart {len(pairs[True])}, {len(twins[True])}; "
        f"before: {report(model, pairs[True], twins[True])}",
        flush=True,
    )
    train(model, pairs[False], twins[False], pairs[True], twins[True])
    arrays = {name: value.numpy().astype(np.float16) for name, value in model.state_dict().items()}
    np.savez_compressed(KB / "answerable" / "alignment.npz", width=np.array(WIDTH), **arrays)


if __name__ == "__main__":
    main()
