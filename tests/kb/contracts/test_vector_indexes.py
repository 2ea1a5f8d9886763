"""One suite over every adapter of the port VectorIndex."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kb.embedders import Vectors
from kb.errors import IndexDamaged, SettingsError, StorageError
from kb.index import vectors
from kb.index.vectors import VectorIndex
from kb.index.vectors.chroma_embedded import ChromaEmbedded
from kb.index.vectors.chroma_server import ChromaServer
from kb.index.vectors.exact import ExactVectors

DIMENSION = 16
ADAPTERS = {"exact": ExactVectors, "chroma_embedded": ChromaEmbedded, "chroma_server": ChromaServer}
NOT_ADAPTERS = {"chroma_collection", "tokens"}

Opening = Callable[[], VectorIndex]


def unit_rows(count: int, seed: int = 0) -> Vectors:
    """Return random rows, L2-normalised."""
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def names(count: int) -> list[str]:
    """Return entry ids."""
    return [f"{i:032x}" for i in range(count)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Chroma server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = Path(sys.executable).with_name("chroma")
    place = tmp_path_factory.mktemp("server")
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            [command, "run", "--path", place / "data", "--host", "127.0.0.1", "--port", str(port)],
            stdout=log,
            stderr=log,
        )
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        process.wait(10)


@pytest.fixture(params=["exact", "chroma_embedded", pytest.param("chroma_server", marks=pytest.mark.slow)])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Opening:
    """Opens the same index again and again."""
    if request.param == "exact":
        return lambda: ExactVectors(tmp_path / "index", DIMENSION, create=True)
    if request.param == "chroma_embedded":
        return lambda: ChromaEmbedded(tmp_path / "index", create=True)
    url = request.getfixturevalue("server")
    collection = "test-" + str(abs(hash(tmp_path)))
    return lambda: ChromaServer(url, collection)


@pytest.fixture
def index(opening: Opening) -> Iterator[VectorIndex]:
    """An empty index."""
    opened = opening()
    yield opened
    opened.close()


def test_every_adapter_is_tested() -> None:
    """Each file beside the port is in the list of adapters."""
    files = {path.stem for path in Path(vectors.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == ADAPTERS.keys() | NOT_ADAPTERS


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    """Searching an empty index gives no hit and no error."""
    assert index.search(unit_rows(1)[0], 5) == []
    assert len(index) == 0
    assert index.ids() == set()


def test_nearest_first_with_cosine_similarity(index: VectorIndex) -> None:
    """Hits come best first with the cosine as similarity."""
    rows = unit_rows(60)
    index.add(names(60), rows)
    query = unit_rows(1, seed=9)[0]
    expected = rows @ query
    order = np.argsort(-expected)[:10]
    found = index.search(query, 10)
    assert [i for i, _ in found] == [names(60)[row] for row in order]
    assert np.allclose([s for _, s in found], expected[order], atol=1e-5)


def test_no_more_than_k_and_no_more_than_there_are(index: VectorIndex) -> None:
    """At most k hits, all entries when k is larger, none for k = 0."""
    index.add(names(5), unit_rows(5))
    query = unit_rows(1)[0]
    assert [len(index.search(query, k)) for k in (0, 2, 5, 50)] == [0, 2, 5, 5]


def test_putting_twice_is_putting_once(index: VectorIndex) -> None:
    """An id that is there already is not doubled, within one call and across calls."""
    rows = unit_rows(4)
    index.add(names(4), rows)
    index.add(names(4), rows)
    assert len(index) == 4
    assert index.ids() == set(names(4))


def test_questions_are_entries_of_their_own(index: VectorIndex) -> None:
    """The id with a question mark at its end is another entry."""
    index.add(["a" * 32, "a" * 32 + "?"], unit_rows(2))
    assert index.ids() == {"a" * 32, "a" * 32 + "?"}


def test_nothing_to_add(index: VectorIndex) -> None:
    """Adding no entry changes nothing."""
    index.add([], np.zeros((0, DIMENSION), np.float32))
    assert len(index) == 0


def test_what_was_added_is_there_after_closing(opening: Opening) -> None:
    """Entries of several batches survive closing and opening."""
    rows = unit_rows(300)
    first = opening()
    for start in range(0, 300, 100):
        first.add(names(300)[start : start + 100], rows[start : start + 100])
    first.close()
    again = opening()
    assert again.ids() == set(names(300))
    assert again.search(rows[250], 1)[0][0] == names(300)[250]
    again.close()


def test_more_entries_than_one_batch_of_chroma(tmp_path: Path) -> None:
    """Over 5,461 entries at once are cut into batches that Chroma takes."""
    index = ChromaEmbedded(tmp_path / "index", create=True)
    index.add(names(6_000), unit_rows(6_000))
    assert len(index) == 6_000
    assert len(index.ids()) == 6_000
    index.close()


@pytest.mark.parametrize(
    "opened", [lambda path: ExactVectors(path, DIMENSION), ChromaEmbedded], ids=["exact", "chroma"]
)
def test_a_reader_never_makes_an_index(tmp_path: Path, opened: Callable[[Path], VectorIndex]) -> None:
    """Opening what is not there is IndexDamaged and leaves no folder behind."""
    with pytest.raises(IndexDamaged, match="faq kb rebuild"):
        opened(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["data.f32", "ids.bin", "order.i64", "head.json"])
def test_a_shortened_vector_file_is_named(tmp_path: Path, name: str) -> None:
    """A file of the exact index that is cut short is IndexDamaged."""
    index = ExactVectors(tmp_path, DIMENSION, create=True)
    index.add(names(50), unit_rows(50))
    index.close()
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-5])
    with pytest.raises(IndexDamaged, match="vector file"):
        ExactVectors(tmp_path, DIMENSION)


def test_a_long_id_is_not_cut(tmp_path: Path) -> None:
    """An id longer than the file's column is refused."""
    index = ExactVectors(tmp_path, DIMENSION, create=True)
    with pytest.raises(ValueError, match="longer than 33"):
        index.add(["x" * 34], unit_rows(1))


def test_similarities_of_given_entries(tmp_path: Path) -> None:
    """The exact index gives the similarity of any entry, NaN for unknown ones."""
    index = ExactVectors(tmp_path, DIMENSION, create=True)
    rows = unit_rows(3)
    index.add(names(3), rows)
    found = index.similarities(rows[1], [names(3)[1], "unknown"])
    assert found[0] == pytest.approx(1.0)
    assert np.isnan(found[1])
    assert index.mean() @ rows[0] == pytest.approx(float(rows.mean(axis=0) @ rows[0]), abs=1e-5)


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://host", "http://", "http://host:port"])
def test_a_malformed_server_url_is_named(url: str) -> None:
    """A url that is no http(s) address is a SettingsError."""
    with pytest.raises(SettingsError, match="FAQ_CHROMA_URL"):
        ChromaServer(url, "test")


def test_a_silent_server_is_named() -> None:
    """A server that does not answer is a StorageError that says what to do."""
    with pytest.raises(StorageError, match="chroma run"):
        ChromaServer("http://127.0.0.1:9", "test")
