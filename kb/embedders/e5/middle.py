"""What multilingual-e5-small makes of every token, halfway up and at the top.

The last layer of a retrieval model pulls all tokens of a text towards what the text is about, as search needs it.
To see how much of a claim a passage bears out, an earlier layer is better, where a word still is what it says; to
see that something in it is foreign to the passage, the last one is (docs/decisions/0009-verification.md).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kb.embedders import Vectors
from kb.embedders.e5.file import unpack_q4
from kb.embedders.e5.runtime import import_openvino
from kb.embedders.e5.tokenizer import E5Tokenizer
from kb.embedders.e5.unpack import FACTS_FILE, NETWORK_FILE, POSITIONS_FILE, TABLE_FILE, unpacked_folder
from kb.errors import EmbedderError

LAYERS = (8, 12)
"""Halfway up and at the top, of twelve."""
_PREFIX = "query: "
"""The model was trained with it on pairs of like sentences; measured a little better here than ``passage: ``."""
_LONGEST = 512
_BATCH_TOKENS = 2048


class E5Middle:
    """The bundled model, seen from inside; runs on one thread, safe to call from several."""

    def __init__(self, *, cache: Path | None = None) -> None:
        """Open the model, unpacking it into ``cache`` on first use.

        Raises:
            EmbedderError: the packed model is missing or damaged, or the cache cannot be written.
        """
        folder = unpacked_folder(cache)
        try:
            facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
            special = {"bos": facts["bos"], "eos": facts["eos"], "unknown": facts["unknown"]}
            self._tokenizer = E5Tokenizer(folder, facts["characters"], **special)
            self._table = np.load(folder / TABLE_FILE, mmap_mode="r").view(np.ndarray)
            self._positions: Vectors = np.load(folder / POSITIONS_FILE)
            self._network = _compile_inside(folder / NETWORK_FILE)
        except (RuntimeError, ValueError, KeyError, OSError, IndexError) as error:
            raise EmbedderError(f"the bundled model cannot be opened at layers {LAYERS}: {error}") from error
        self._running = threading.Lock()
        self._before = self._count("") - 1

    def states(self, texts: Sequence[str]) -> list[Vectors]:
        """Return ``(2, tokens, 384)`` float32 of each text, at ``LAYERS``, without prefix and special tokens.

        A text counts up to its 507th token.
        """
        rows = self._tokenizer.encode([_PREFIX + text for text in texts], _LONGEST)
        states: list[Vectors] = [np.zeros((len(LAYERS), 0, self._positions.shape[1]), np.float32)] * len(texts)
        batch: list[int] = []
        for place in sorted(range(len(rows)), key=lambda place: len(rows[place])):
            if batch and (len(batch) + 1) * len(rows[place]) > _BATCH_TOKENS:
                self._run(rows, batch, states)
                batch = []
            batch.append(place)
        if batch:
            self._run(rows, batch, states)
        return states

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many rows ``states`` gives for each text."""
        return [
            len(row) - self._before - 1 for row in self._tokenizer.encode([_PREFIX + t for t in texts], _LONGEST)
        ]

    def _count(self, text: str) -> int:
        return len(self._tokenizer.encode([_PREFIX + text], _LONGEST)[0])

    def _run(self, rows: Sequence[Any], batch: list[int], states: list[Vectors]) -> None:
        longest = max(len(rows[place]) for place in batch)
        embeddings = np.zeros((len(batch), longest, self._positions.shape[1]), np.float32)
        mask = np.zeros((len(batch), longest), np.float32)
        for line, place in enumerate(batch):
            row = rows[place]
            weights = unpack_q4(self._table[row]).reshape(len(row), -1)
            np.add(weights, self._positions[: len(row)], out=embeddings[line, : len(row)])
            mask[line, : len(row)] = 1
        with self._running:
            try:
                outputs = self._network([embeddings, mask])
            except RuntimeError as error:
                raise EmbedderError(f"the bundled model failed on {len(batch)} texts: {error}") from error
            for line, place in enumerate(batch):
                own = slice(self._before, len(rows[place]) - 1)
                states[place] = np.stack([outputs[i][line, own] for i in range(len(LAYERS))]).astype(np.float32)


def _compile_inside(network: Path) -> Any:
    """Compile what computes the states after each of ``LAYERS``.

    The model has a normalisation after the embeddings and two in each layer; a normalisation's weights are
    multiplied and added after it.
    """
    openvino = import_openvino()
    core = openvino.Core()
    model = core.read_model(network)
    normalisations = [node for node in model.get_ordered_ops() if node.get_type_name() == "MVN"]
    results = []
    for layer in LAYERS:
        node = normalisations[2 * layer]
        for _ in range(2):
            node = next(iter(node.output(0).get_target_inputs())).get_node()
        results.append(openvino.opset13.result(node.output(0)))
    inside = openvino.Model(results, model.get_parameters(), "multilingual-e5-small-inside")
    return core.compile_model(inside, "CPU", {"NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": 1})
