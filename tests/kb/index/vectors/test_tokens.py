"""Late interaction finds the passage that has something for every token of the question."""

from pathlib import Path

import numpy as np
import pytest

from kb.embedders import SCALE
from kb.errors import IndexDamaged
from kb.index.vectors.tokens import TokenVectors

NORTH, EAST, UP = np.eye(3, dtype=np.float32)


def stored(*tokens: np.ndarray) -> bytes:
    """Return tokens as the database holds them."""
    return np.rint(np.stack(tokens) * SCALE).astype(np.int8).tobytes()


@pytest.fixture
def vectors(tmp_path: Path) -> TokenVectors:
    """Three passages, a stored question without tokens between them."""
    made = TokenVectors(tmp_path, 3, 0, create=True)
    made.add([stored(NORTH, EAST), b""])
    made.add([stored(NORTH, NORTH, NORTH), stored(UP)])
    return TokenVectors(tmp_path, 3, 4)


def test_every_token_counts(vectors: TokenVectors) -> None:
    """The passage with both of the question's tokens fits best, one with neither not at all."""
    fits = vectors.fit(np.stack([NORTH, EAST]) / 2, np.array([0, 2, 3]))
    np.testing.assert_allclose(fits, [1, 0.5, 0], atol=0.01)


def test_weights_of_tokens_count(vectors: TokenVectors) -> None:
    """A heavier token of the question decides more."""
    fits = vectors.fit(np.stack([NORTH * 0.9, EAST * 0.1]), np.array([2]))
    np.testing.assert_allclose(fits, [0.9], atol=0.01)


def test_entries_without_tokens_have_no_fit(vectors: TokenVectors) -> None:
    """Neither a stored question nor an unknown row is taken for a passage that fits badly."""
    assert np.isnan(vectors.fit(NORTH[None, :], np.array([1, -1]))).all()


def test_matches_say_which_tokens_found_something(vectors: TokenVectors) -> None:
    """Per token of the question: the best cosine and the weight."""
    best, weights = vectors.matches(np.stack([NORTH * 0.7, UP * 0.3]), 0)
    np.testing.assert_allclose(best, [1, 0], atol=0.01)
    np.testing.assert_allclose(weights, [0.7, 0.3], atol=1e-6)


def test_additions_go_on_where_the_last_one_ended(vectors: TokenVectors, tmp_path: Path) -> None:
    """Bytes that a killed load left behind the last entry are overwritten."""
    with (tmp_path / "tokens.i8").open("ab") as data:
        data.write(b"\x01\x02")
    vectors.add([stored(EAST)])
    np.testing.assert_allclose(TokenVectors(tmp_path, 3, 5).fit(EAST[None, :], np.array([4])), [1], atol=0.01)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A folder without tokens is damaged, with the command that mends it."""
    with pytest.raises(IndexDamaged, match="faq kb rebuild"):
        TokenVectors(tmp_path / "nowhere", 3, 0)
