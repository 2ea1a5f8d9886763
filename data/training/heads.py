"""The small trained parts on top: ``kb.embedders.e5.head`` and ``kb.answerable.alignment``, in torch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import Linear, Parameter
from torch.nn.functional import gelu, normalize, softplus

from kb.embedders.e5.head import PASSAGE, QUESTION

Tensor = torch.Tensor

PREFIX_TOKENS = {QUESTION: 4, PASSAGE: 3}
_FAR = 1e4
_HIDDEN = 64


@dataclass
class Encoded:
    """A batch of texts: ``(n, 384)`` pooled, ``(n, t, width)`` tokens, ``(n, t)`` mask and weights (sum 1)."""

    pooled: Tensor
    tokens: Tensor
    mask: Tensor
    weights: Tensor

    def take(self, rows: Tensor | slice) -> Encoded:
        """Return some of the rows."""
        return Encoded(self.pooled[rows], self.tokens[rows], self.mask[rows], self.weights[rows])


class Head(torch.nn.Module):
    """Token map, token weights, and the turn of pooled vectors."""

    def __init__(self, states: Tensor, width: int) -> None:
        """Start from the principal directions of ``(tokens, 384)`` states."""
        super().__init__()
        start = torch.pca_lowrank(states, q=width, niter=4)[2]
        size = states.shape[1]
        self.token_map = Parameter(start.clone())
        self.token_shift = Parameter((-(states.mean(0) @ start)).repeat(2, 1))
        self.weight_map = Parameter(torch.zeros(size + 1))
        self.turn = Parameter(torch.zeros(size, size))
        self.shift = Parameter(torch.zeros(2, size))
        self.scales = Parameter(torch.full((3,), 3.0))

    def forward(self, states: Tensor, mask: Tensor, role: int) -> Encoded:
        """Return what is stored and searched of ``(n, t, 384)`` states."""
        mean = normalize((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)
        pooled = normalize(mean + mean @ self.turn + self.shift[role], dim=-1)
        tokens = normalize(states @ self.token_map + self.token_shift[role], dim=-1)
        kept = mask.clone()  # without prefix and special tokens
        kept[:, : PREFIX_TOKENS[role]] = 0
        kept[torch.arange(len(mask)), mask.sum(1).long() - 1] = 0
        weights = softplus(states @ self.weight_map[:-1] + self.weight_map[-1]) * kept
        return Encoded(pooled, tokens, kept, weights / weights.sum(1, keepdim=True).clamp_min(1e-6))


def late(questions: Encoded, passages: Encoded) -> Tensor:
    """Return ``(questions, passages)`` fits: the weighted mean of the best cosines."""
    cosines = torch.einsum("qid,pjd->qpij", questions.tokens, passages.tokens)
    best = cosines.masked_fill(passages.mask[None, :, None, :] == 0, -2).amax(-1)
    return (best * questions.weights[:, None, :]).sum(-1)


class Alignment(torch.nn.Module):
    """Logit that a passage answers; ``kb.answerable.alignment`` computes the same in numpy."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.tau = Parameter(torch.tensor(2.3))
        self.inp = Linear(4 * width + 4, _HIDDEN)
        self.q, self.k, self.v, self.o = (Linear(_HIDDEN, _HIDDEN) for _ in range(4))
        self.f1, self.f2 = Linear(_HIDDEN, 2 * _HIDDEN), Linear(2 * _HIDDEN, _HIDDEN)
        self.pool = Linear(_HIDDEN, 1)
        self.out1, self.out2 = Linear(2 * _HIDDEN + 2, _HIDDEN), Linear(_HIDDEN, 1)

    def forward(self, asked: Encoded, told: Encoded, similarity: Tensor) -> Tensor:
        """Return ``(n,)`` logits of n questions beside n passages."""
        cosines = torch.einsum("nid,njd->nij", asked.tokens, told.tokens)
        cosines = cosines.masked_fill(told.mask[:, None, :] == 0, -2)
        best = cosines.topk(2, -1).values
        attention = torch.softmax(cosines * torch.exp(self.tau), -1)
        met = attention @ told.tokens
        fit = (best[..., 0] * asked.weights).sum(1)
        told_of = (asked.weights * asked.mask.sum(1, keepdim=True))[..., None]
        pairs = [asked.tokens, met, asked.tokens * met, (asked.tokens - met).abs(), best, told_of]
        hidden = gelu(self.inp(torch.cat([*pairs, attention.amax(-1)[..., None]], -1)))
        unseen = torch.where(asked.mask > 0, 0.0, -_FAR)
        scores = self.q(hidden) @ self.k(hidden).transpose(1, 2) / _HIDDEN**0.5 + unseen[:, None, :]
        hidden = hidden + self.o(torch.softmax(scores, -1) @ self.v(hidden))
        hidden = hidden + self.f2(gelu(self.f1(hidden)))
        shares = torch.softmax(self.pool(hidden)[..., 0] + unseen, 1)
        mean = (hidden * shares[..., None]).sum(1)
        most = hidden.masked_fill(asked.mask[..., None] == 0, -_FAR).amax(1)
        summary = torch.cat([mean, most, fit[:, None], similarity[:, None]], -1)
        return self.out2(gelu(self.out1(summary)))[:, 0]
