"""The embedder that is always there: multilingual-e5-small on OpenVINO, offline, without torch.

docs/decisions/0002-bundled-model.md has the measurements behind the choices below.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.embedders import TokenRows, Vectors
from kb.embedders.e5.file import SHA256, unpack_q4
from kb.embedders.e5.head import PASSAGE, QUESTION, E5Head, unit
from kb.embedders.e5.runtime import import_openvino
from kb.embedders.e5.tokenizer import E5Tokenizer
from kb.embedders.e5.unpack import FACTS_FILE, NETWORK_FILE, POSITIONS_FILE, TABLE_FILE, unpacked_folder
from kb.embedders.e5.updates import E5Updates
from kb.errors import EmbedderError
from kb.language.text import simplify
from kb.remembered import Remembered

QUERY_PREFIX = "query: "
DOCUMENT_PREFIX = "passage: "
LONGEST = 512
"""Tokens of a text that count, special ones and prefix included; what is beyond is not read."""
_BATCH_TOKENS = 4096
"""Of one call of the network, padding included: 6 MB of embeddings, and no gain beyond."""
_BULK_TOKENS = 2 * _BATCH_TOKENS
"""From here on all processors are used: for less, making the second network takes longer than it saves."""
_SPECIAL = 2
"""Tokens around every text."""
_REMEMBERED = 64
"""Questions whose vectors are kept: what is searched is compared with sentences right afterwards."""
_MOST_STREAMS = 8
"""Of bulk work; each is one thread with its own activations."""

TokenIds = NDArray[np.int32]


class BundledEmbedder:
    """multilingual-e5-small (Wang et al. 2024): English, Chinese and about ninety other languages.

    A query runs on one thread and leaves the other processors alone. Bulk work runs on all of them,
    in a second copy of the network with a stream of one thread for each, made when it is first
    needed. Safe to call from several threads.
    """

    def __init__(self, *, cache: Path | None = None) -> None:
        """Open the model, unpacking it into ``cache`` on first use.

        Raises:
            EmbedderError: the packed model is missing or damaged, or the cache cannot be written.
        """
        try:
            self._load(unpacked_folder(cache))
        except (RuntimeError, ValueError, KeyError, OSError):
            # The sizes were right and the content was not: check every byte, and unpack again.
            try:
                self._load(unpacked_folder(cache, thorough=True))
            except (RuntimeError, ValueError, KeyError, OSError) as error:
                raise EmbedderError(f"the bundled model cannot be opened: {error}") from error

    def _load(self, folder: Path) -> None:
        facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        self._tokenizer = E5Tokenizer(
            folder, facts["characters"], bos=facts["bos"], eos=facts["eos"], unknown=facts["unknown"]
        )
        self._table = np.load(folder / TABLE_FILE, mmap_mode="r").view(np.ndarray)
        self._positions: Vectors = np.load(folder / POSITIONS_FILE)
        self._file = folder / NETWORK_FILE
        self._network = _compile(self._file, 1)
        self._bulk_network: Any = None
        self._compiling = threading.Lock()
        self._of_thread = threading.local()
        self._asked = Remembered[str, Vectors](_REMEMBERED)

    @cached_property
    def _head(self) -> E5Head:
        return E5Head()

    @property
    def dimension(self) -> int:
        """384."""
        return int(self._positions.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Model, the hashes of the packed file, of the trained updates and head, dimension and prefixes."""
        hashes = f"{SHA256[:12]}/{E5Updates().digest}/{self._head.digest}"
        return f"multilingual-e5-small/{hashes}/{self.dimension}/{QUERY_PREFIX}/{DOCUMENT_PREFIX}".rstrip()

    @property
    def token_width(self) -> int:
        """Length of a token's vector for late interaction."""
        return self._head.width

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, 384)`` float32, L2-normalised; a text counts up to its 512th token."""
        return self._head.turn(self._embed([DOCUMENT_PREFIX + text for text in texts]), PASSAGE)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, 384)`` float32, L2-normalised."""
        return self._head.turn(self._embed([QUERY_PREFIX + text for text in texts]), QUESTION)

    def embed_query(self, text: str) -> Vectors:
        """Return ``(384,)`` float32, L2-normalised; runs on one thread. A question just searched is remembered."""
        if (known := self._asked.get(text)) is not None:
            return known
        vector: Vectors = self.embed_queries([text])[0]
        return vector

    def embed_documents_and_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenRows]]:
        """Return what ``embed_documents`` does, and each text's tokens: the network runs once for both."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        tokens: list[TokenRows] = [np.zeros((0, self.token_width), np.int8)] * len(texts)
        dropped = len(self.tokenize([DOCUMENT_PREFIX])[0]) - 1
        for place, states in self.states([DOCUMENT_PREFIX + text for text in texts]):
            vectors[place] = states.mean(axis=0)
            tokens[place] = self._head.passage_tokens(states[dropped:-1])
        return self._head.turn(unit(vectors), PASSAGE), tokens

    def embed_query_and_tokens(self, text: str) -> tuple[Vectors, Vectors]:
        """Return what ``embed_query`` does, and the question's tokens; runs on one thread."""
        dropped = len(self.tokenize([QUERY_PREFIX])[0]) - 1
        (_, states), *_ = self.states([QUERY_PREFIX + text])
        vector: Vectors = self._head.turn(unit(states.mean(axis=0)[None, :]), QUESTION)[0]
        vector.flags.writeable = False
        self._asked.put(text, vector)
        return vector, self._head.question_tokens(states[dropped:-1])

    def tokenize(self, texts: Sequence[str]) -> list[TokenIds]:
        """Return the token ids of each text, special ones around them, at most ``LONGEST``; no prefix is added."""
        return self._tokenizer.encode(texts, LONGEST)

    def is_word(self, text: str) -> bool:
        """Tell whether a text in lower case is one piece of the vocabulary: that much text has shown it often."""
        return len(self.tokenize([text])[0]) == 1 + _SPECIAL

    def _embed(self, texts: list[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for place, states in self.states(texts):
            vectors[place] = states.mean(axis=0)
        return unit(vectors)

    def states(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors]]:
        """Yield place and ``(tokens, 384)`` last-layer states of each text, in no particular order.

        What the trained head builds on: no prefix is added, special tokens are there; traditional Chinese is read
        as simplified, which the model knows better. A state is to be used or
        copied before the next is asked for.

        Every stream is kept busy: a request is read and refilled while the others compute.
        """
        rows = self.tokenize([simplify(text) for text in texts])
        lengths = [len(row) for row in rows]
        streams = _processors() if sum(lengths) >= _BULK_TOKENS else 1
        batches = pack_batches(lengths, streams)
        requests = self._requests(min(streams, len(batches)))
        under_way: list[list[int]] = []
        for turn, batch in enumerate(batches):
            request = requests[turn % len(requests)]
            if len(under_way) == len(requests):
                yield from self._finish(request, rows, under_way.pop(0))
            request.start_async(self._inputs([rows[i] for i in batch]))
            under_way.append(batch)
        for turn in range(len(batches) - len(under_way), len(batches)):
            yield from self._finish(requests[turn % len(requests)], rows, under_way.pop(0))

    def _finish(self, request: Any, rows: list[TokenIds], batch: list[int]) -> Iterator[tuple[int, Vectors]]:
        try:
            request.wait()
        except RuntimeError as error:
            raise EmbedderError(f"the bundled model failed on {len(batch)} texts: {error}") from error
        states = request.get_output_tensor(0).data
        for line, place in enumerate(batch):
            yield place, states[line, : len(rows[place])]

    def _requests(self, count: int) -> list[Any]:
        """Return requests for one call; a thread keeps its own for queries, so that they find it warm."""
        if count > 1:
            with self._compiling:
                if self._bulk_network is None:
                    self._bulk_network = _compile(self._file, _processors())
            return [self._bulk_network.create_infer_request() for _ in range(count)]
        if not hasattr(self._of_thread, "request"):
            self._of_thread.request = self._network.create_infer_request()
        return [self._of_thread.request]

    def _inputs(self, rows: list[TokenIds]) -> list[NDArray[np.float32]]:
        """Look up the token embeddings: ``(batch, tokens, 384)``, and ``(batch, tokens)`` of 1 and 0."""
        longest = max(map(len, rows))
        embeddings = np.zeros((len(rows), longest, self.dimension), np.float32)
        mask = np.zeros((len(rows), longest), np.float32)
        for line, row in enumerate(rows):
            weights = unpack_q4(self._table[row]).reshape(len(row), -1)
            np.add(weights, self._positions[: len(row)], out=embeddings[line, : len(row)])
            mask[line, : len(row)] = 1
        return [embeddings, mask]


def pack_batches(lengths: Sequence[int], streams: int) -> list[list[int]]:
    """Group the places of texts so that there is nearly no padding and every stream has work.

    Sorted by token count, the longest first (a short last batch ends the work evenly), and cut
    where a batch would hold more than ``_BATCH_TOKENS`` tokens with its padding.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    budget = min(_BATCH_TOKENS, max(LONGEST, -(-sum(lengths) // streams)))
    batches: list[list[int]] = []
    for place in order:
        if not batches or (len(batches[-1]) + 1) * lengths[batches[-1][0]] > budget:
            batches.append([])
        batches[-1].append(place)
    return batches


def _compile(network: Path, streams: int) -> Any:
    """Compile for this processor: bfloat16 only where it has the instructions, else float32.

    What was compiled is kept beside the model (the plan alone; the weights stay in the model's own
    file), which halves the time to open it. OpenVINO makes it again when it is damaged, or was made
    by another version or for another processor.
    """
    settings: dict[str, str | int] = {
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": streams,
        "INFERENCE_PRECISION_HINT": "bf16" if _multiplies_bfloat16() else "f32",
    }
    if os.access(network.parent, os.W_OK):
        settings |= {"CACHE_DIR": str(network.parent / "compiled"), "CACHE_MODE": "OPTIMIZE_SIZE"}
    return import_openvino().Core().compile_model(network, "CPU", settings)


def _processors() -> int:
    """Return how many processors this process may use, up to what bulk work can feed."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, _MOST_STREAMS)


def _multiplies_bfloat16() -> bool:
    """Tell whether the processor has AMX or AVX512-BF16; without them bfloat16 is emulated, slowly."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return "amx_bf16" in flags or "avx512_bf16" in flags
