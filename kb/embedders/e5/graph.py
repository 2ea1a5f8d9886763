"""Building the network of multilingual-e5-small, a BERT encoder, for OpenVINO.

Devlin et al. 2018, "BERT" (encoder with layer normalisation after each part, GELU with erf);
Wang et al. 2024, "Multilingual E5 Text Embeddings".

The table of token embeddings stays outside: its 250,037 rows are four fifths of the weights, and a
text needs a few of them. Pooling stays outside too, so that it is done in float32 whatever the
network computes in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from kb.embedders.e5.file import E5File
from kb.embedders.e5.updates import E5Updates

TOKENS_IN = "embeddings"
"""``(batch, tokens, hidden)`` float32: token plus position plus type embedding."""
MASK_IN = "mask"
"""``(batch, tokens)`` float32: 1 for a token, 0 for padding."""
TOKENS_OUT = "tokens"
"""``(batch, tokens, hidden)`` float32: the last layer, not normalised; rows of padding mean nothing."""

_MASKED = 1e4  # chosen
"""Taken from the attention score of padding; exp(-1e4) is 0 in float32, and bfloat16 can hold it."""

Node = Any
"""A node of the graph; OpenVINO publishes no types for them."""


def build_e5_graph(packed: E5File, updates: E5Updates | None = None) -> Node:
    """Return an ``openvino.Model`` with the inputs and the output named above.

    Args:
        packed: the weights.
        updates: added to them; None builds the model as it was published.
    """
    shape = packed.shape
    tokens = ops.parameter([-1, -1, shape.hidden], np.float32, name=TOKENS_IN)
    mask = ops.parameter([-1, -1], np.float32, name=MASK_IN)
    seen = ops.unsqueeze(mask, _integers(1, 2))
    bias = ops.multiply(ops.subtract(seen, np.float32(1)), np.float32(_MASKED))
    state = _normalise(packed, "emb.ln", tokens)
    for layer in range(shape.layers):
        state = _layer(packed, updates, f"l{layer}", state, bias)
    output = ops.result(state, name=TOKENS_OUT)
    for node, name in ((tokens, TOKENS_IN), (mask, MASK_IN), (output, TOKENS_OUT)):
        node.output(0).get_tensor().set_names({name})
    return ov.Model([output], [tokens, mask], "multilingual-e5-small")


def _layer(packed: E5File, updates: E5Updates | None, name: str, state: Node, bias: Node) -> Node:
    hidden, inner = packed.shape.hidden, packed.shape.feed_forward
    context = _attention(packed, updates, name, state, bias)
    attended = _dense(packed, updates, f"{name}.ao", context, hidden, hidden)
    state = _normalise(packed, f"{name}.aln", ops.add(state, attended))
    widened = ops.gelu(_dense(packed, updates, f"{name}.fi", state, inner, hidden), "erf")
    narrowed = _dense(packed, updates, f"{name}.fo", widened, hidden, inner)
    return _normalise(packed, f"{name}.oln", ops.add(state, narrowed))


def _attention(packed: E5File, updates: E5Updates | None, name: str, state: Node, bias: Node) -> Node:
    """Softmax(q k' / sqrt(width) + bias) v in every head; the operation divides by itself."""
    shape = packed.shape
    width = shape.hidden // shape.heads

    def split_in_heads(part: str) -> Node:
        whole = _dense(packed, updates, f"{name}.{part}", state, shape.hidden, shape.hidden)
        heads = ops.reshape(whole, _integers(0, 0, shape.heads, width), True)
        return ops.transpose(heads, _integers(0, 2, 1, 3))

    query, key, value = (split_in_heads(part) for part in "qkv")
    context = ops.scaled_dot_product_attention(query, key, value, bias)
    return ops.reshape(ops.transpose(context, _integers(0, 2, 1, 3)), _integers(0, 0, shape.hidden), True)


def _dense(packed: E5File, updates: E5Updates | None, name: str, state: Node, rows: int, columns: int) -> Node:
    weights = packed.weights(f"{name}.w", rows, columns)
    if updates is not None:
        weights = updates.updated(f"{name}.w", weights)
    product = ops.matmul(state, weights, False, True)
    return ops.add(product, packed.floats(f"{name}.b", 1, 1, rows))


def _normalise(packed: E5File, name: str, state: Node) -> Node:
    """Layer normalisation of each token's vector (Ba et al. 2016)."""
    hidden = packed.shape.hidden
    centred = ops.mvn(state, _integers(-1), True, packed.shape.epsilon, "INSIDE_SQRT")
    weighed = ops.multiply(centred, packed.floats(f"{name}.w", 1, 1, hidden))
    return ops.add(weighed, packed.floats(f"{name}.b", 1, 1, hidden))


def _integers(*values: int) -> Node:
    return ops.constant(np.array(values, np.int64))
