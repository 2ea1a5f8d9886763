"""Trained weights as they ship: arrays in a file, with the names of the features that they belong to, in order."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import FaqError

_NAMES = "names"


def write_weights(path: Path, names: Sequence[str], **arrays: Any) -> None:
    """Write arrays, and the names of the features that their last axes belong to."""
    named: dict[str, Any] = {**arrays, _NAMES: np.array(names)}
    np.savez_compressed(path, **named)


def read_weights(package: str, file: str, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file in a package.

    Args:
        package: that ships it.
        file: its name.
        names: of the features that the code computes, in order.

    Raises:
        FaqError: the file's weights belong to other features, or to these in another order.
    """
    with np.load(BytesIO((files(package) / file).read_bytes())) as stored:
        arrays = {name: stored[name] for name in stored.files}
    written = arrays.pop(_NAMES, np.array([])).tolist()
    if written != list(names):
        differing = [name for name in (*written, *names) if (name in written) != (name in names)]
        raise FaqError(
            f"{file} in {package} holds weights of {len(written)} features, the code computes {len(names)}; "
            f"{'these differ: ' + ', '.join(differing) if differing else 'their order differs'}: "
            "fit the weights again with data/training, or install the package anew"
        )
    return arrays
