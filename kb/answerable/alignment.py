"""How a passage reads as an answer: each of the question's tokens beside what the passage says of it.

A small trained network over token vectors that are there already (``kb.index.vectors.tokens``), in the line of
Parikh et al. 2016, "A Decomposable Attention Model": every token of the question is laid beside the tokens of the
passage that it attends to, the pairs look at each other (one layer of attention, Vaswani et al. 2017), and their
summary says how likely the passage answers. A sum of similarities cannot see that the one thing asked for is
missing. ``data/training/train_model.py`` fits it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from kb.embedders import SCALE, TokenRows, Vectors

WEIGHTS_FILE = "alignment.npz"
_HEAD_WIDTH = 8.0  # square root of the hidden width, by which attention scores are divided; by definition


@cache
def _weights() -> dict[str, Vectors]:
    with np.load(BytesIO((files("kb.answerable") / WEIGHTS_FILE).read_bytes())) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def alignment(question: Vectors, passage: TokenRows, similarity: float) -> float:
    """Return the logit that the passage answers; 0 where either has no tokens.

    Args:
        question: ``(tokens, width)`` float32; lengths of rows are weights that sum to 1.
        passage: ``(tokens, width)`` int8, as they are stored.
        similarity: of the pooled vectors, -1 to 1.
    """
    if not len(question) or len(passage) < 2 or question.shape[1] != _weights()["width"]:
        return 0.0
    weights = np.linalg.norm(question, axis=1)
    asked = question / np.maximum(weights, 1e-9)[:, None]
    told = passage.astype(np.float32) / np.float32(SCALE)
    cosines = asked @ told.T
    best = np.partition(cosines, -2, axis=1)[:, :-3:-1]  # the nearest and the second nearest
    attention = _softmax(cosines * np.exp(_weights()["tau"]))
    met = attention @ told
    fit = float((best[:, 0] * weights).sum())
    pairs = np.concatenate(
        [
            asked, met, asked * met, np.abs(asked - met), best,
            (weights * len(weights))[:, None], attention.max(axis=1)[:, None],
        ],
        axis=1,
    )  # fmt: skip
    return _judge(pairs, fit, similarity)


def _judge(pairs: Vectors, fit: float, similarity: float) -> float:
    """Return the logit of ``(tokens, 4 * width + 4)`` aligned pairs."""
    hidden = _gelu(_dense("inp", pairs))
    scores = _dense("q", hidden) @ _dense("k", hidden).T / np.float32(_HEAD_WIDTH)
    hidden = hidden + _dense("o", _softmax(scores) @ _dense("v", hidden))
    hidden = hidden + _dense("f2", _gelu(_dense("f1", hidden)))
    shares = _softmax(_dense("pool", hidden).T)[0]
    summary = np.concatenate([shares @ hidden, hidden.max(axis=0), np.array([fit, similarity], np.float32)])
    return float(_dense("out2", _gelu(_dense("out1", summary)))[0])


def _dense(name: str, values: Vectors) -> Vectors:
    product: Vectors = values @ _weights()[f"{name}.weight"].T + _weights()[f"{name}.bias"]
    return product


def _softmax(scores: Vectors) -> Vectors:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Vectors = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _gelu(values: Vectors) -> Vectors:
    """Return x times the normal distribution's share below x (Hendrycks and Gimpel 2016)."""
    squashed: Vectors = values * (0.5 + 0.5 * _erf(values * np.float32(0.7071067811865476)))
    return squashed


def _erf(values: Vectors) -> Vectors:
    """Return the error function, to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26)."""
    size = np.abs(values)
    t = 1 / (1 + 0.3275911 * size)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    found: Vectors = np.sign(values) * (1 - series * np.exp(-size * size))
    return found
