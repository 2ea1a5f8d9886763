"""multilingual-e5-small in torch: lower layers as they are, upper ones with low-rank updates to train."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import openvino
import torch
from torch.nn import Parameter, ParameterDict
from torch.nn.functional import gelu, layer_norm, scaled_dot_product_attention

from kb.embedders.bundled import BundledEmbedder, pack_batches
from kb.embedders.e5.file import E5File, find_packed_file
from kb.embedders.e5.graph import build_e5_graph
from kb.language.text import simplify

Tensor = torch.Tensor

FROZEN = 8  # layers that stay as they are; their states are computed once
RANK = 16
_PARTS = ("q", "k", "v", "ao", "fi", "fo")
_MASKED = 1e4


class _LowerFile:
    """The packed file, as if it had fewer layers."""

    def __init__(self, packed: E5File, layers: int) -> None:
        self._packed = packed
        self.shape = dataclasses.replace(packed.shape, layers=layers)

    def weights(self, name: str, *shape: int) -> Any:
        return self._packed.weights(name, *shape)

    def floats(self, name: str, *shape: int) -> Any:
        return self._packed.floats(name, *shape)


def lower_states(embedder: BundledEmbedder, texts: Sequence[str], longest: int) -> list[np.ndarray]:
    """Return ``(tokens, 384)`` float16 states of each text after the frozen layers."""
    network: Any = build_e5_graph(_LowerFile(E5File(find_packed_file()), FROZEN))
    request = openvino.Core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    rows = [row[:longest] for row in embedder.tokenize([simplify(text) for text in texts])]
    states: list[np.ndarray] = [np.zeros(0)] * len(rows)
    for batch in pack_batches([len(row) for row in rows], 1):
        found = request(embedder._inputs([rows[i] for i in batch]))[0]
        for line, place in enumerate(batch):
            states[place] = found[line, : len(rows[place])].astype(np.float16)
    return states


class UpperLayers(torch.nn.Module):
    """The layers after ``FROZEN`` (Devlin et al. 2018), each matrix W as W + share * B A (Hu et al. 2021).

    Attributes:
        share: of the updates that counts, 1 while training; half of them ships (Wortsman et al. 2022, "Robust
            fine-tuning of zero-shot models": half way keeps what the model knew).
    """

    def __init__(self) -> None:
        super().__init__()
        packed = E5File(find_packed_file())
        self.share, self._shape = 1.0, packed.shape
        hidden, inner = packed.shape.hidden, packed.shape.feed_forward
        sizes = dict.fromkeys(_PARTS, (hidden, hidden)) | {"fi": (inner, hidden), "fo": (hidden, inner)}
        self._fixed: dict[str, tuple[Tensor, Tensor]] = {}
        self.a, self.b = ParameterDict(), ParameterDict()
        for layer in range(FROZEN, packed.shape.layers):
            for part in _PARTS:
                rows, columns = sizes[part]
                name = f"l{layer}.{part}"
                weights = torch.tensor(packed.weights(f"{name}.w", rows, columns))
                self._fixed[name] = (weights, torch.tensor(packed.floats(f"{name}.b", rows)))
                self.a[name.replace(".", "_")] = Parameter(torch.randn(RANK, columns) / math.sqrt(columns))
                self.b[name.replace(".", "_")] = Parameter(torch.zeros(rows, RANK))
            for part in ("aln", "oln"):
                name = f"l{layer}.{part}"
                scale = torch.tensor(packed.floats(f"{name}.w", hidden))
                self._fixed[name] = (scale, torch.tensor(packed.floats(f"{name}.b", hidden)))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the last layer's ``(n, tokens, 384)`` states from those of the frozen layers."""
        bias = ((mask - 1) * _MASKED)[:, None, None, :]
        for layer in range(FROZEN, self._shape.layers):
            states = self._layer(f"l{layer}", states, bias)
        return states

    def _layer(self, name: str, states: Tensor, bias: Tensor) -> Tensor:
        count, tokens, hidden = states.shape
        heads = self._shape.heads
        query, key, value = (
            self._dense(f"{name}.{part}", states).view(count, tokens, heads, hidden // heads).transpose(1, 2)
            for part in "qkv"
        )
        context = scaled_dot_product_attention(query, key, value, attn_mask=bias)
        attended = self._dense(f"{name}.ao", context.transpose(1, 2).reshape(count, tokens, hidden))
        states = self._normalise(f"{name}.aln", states + attended)
        return self._normalise(
            f"{name}.oln", states + self._dense(f"{name}.fo", gelu(self._dense(f"{name}.fi", states)))
        )

    def _dense(self, name: str, values: Tensor) -> Tensor:
        weights, bias = self._fixed[name]
        slot = name.replace(".", "_")
        return values @ weights.T + bias + self.share * ((values @ self.a[slot].T) @ self.b[slot].T)

    def _normalise(self, name: str, values: Tensor) -> Tensor:
        scale, bias = self._fixed[name]
        return layer_norm(values, (self._shape.hidden,), scale, bias, eps=self._shape.epsilon)

    def factors(self) -> dict[str, np.ndarray]:
        """Return the updates as ``kb.embedders.e5.updates`` reads them, at the present share."""
        found = {}
        for slot in self.a:
            name = slot.replace("_", ".", 1)
            found[f"{name}.w.a"] = self.a[slot].detach().numpy().astype(np.float16)
            found[f"{name}.w.b"] = (self.share * self.b[slot]).detach().numpy().astype(np.float16)
        return found
