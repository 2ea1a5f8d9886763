"""Trained weights are used for the features that they were trained for, and no others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.verify.features import NAMES
from kb.answerable.evidence import FEATURES
from kb.errors import FaqError
from kb.trained import read_weights, write_weights

NAMED = ("near", "far", "covered")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with weights of three features."""
    folder = tmp_path / f"of_{tmp_path.name}"  # imported once: every test needs its own
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    write_weights(folder / "weights.npz", NAMED, weights=np.arange(3, dtype=np.float32), bias=0.5)
    monkeypatch.syspath_prepend(tmp_path)
    return folder.name


def test_weights_come_back_as_they_were_written(package: str) -> None:
    """Values and types of all arrays are those that were written; the names are kept apart."""
    arrays = read_weights(package, "weights.npz", NAMED)
    assert set(arrays) == {"weights", "bias"}
    assert arrays["weights"].tolist() == [0.0, 1.0, 2.0]
    assert arrays["weights"].dtype == np.float32


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("far", "near", "covered"), "their order differs"),
        (("near", "far", "told"), "these differ: covered, told"),
        (("near", "far"), "holds weights of 3 features, the code computes 2"),
    ],
)
def test_weights_of_other_features_are_refused(package: str, names: tuple[str, ...], why: str) -> None:
    """A feature that was renamed, moved or dropped makes the weights wrong, and is named."""
    with pytest.raises(FaqError, match=why):
        read_weights(package, "weights.npz", names)


def test_weights_without_names_are_refused(package: str, tmp_path: Path) -> None:
    """Of weights that do not say what they belong to nothing can be told."""
    np.savez(tmp_path / package / "bare.npz", weights=np.zeros(3))
    with pytest.raises(FaqError, match="fit the weights again"):
        read_weights(package, "bare.npz", NAMED)


@pytest.mark.parametrize(
    ("where", "file", "names"),
    [("kb.answerable", "answerable.npz", FEATURES), ("assistant.verify", "support.npz", NAMES)],
)
def test_the_weights_that_ship_fit_the_code(where: str, file: str, names: tuple[str, ...]) -> None:
    """The shipped weights are those of the features that the code computes."""
    assert read_weights(where, file, names)["weights"].shape[-1] == len(names)
