"""Where documents and questions that are not part of the project lie; benchmarks pass over what is not there."""

from __future__ import annotations

import os
from pathlib import Path

_NOWHERE = Path("/nonexistent")


def _named(variable: str) -> Path:
    return Path(os.environ.get(variable) or _NOWHERE)


EVALUATION = _named("FAQ_EVAL_DATA")
"""A folder a set of questions."""
DOCUMENTS = _named("FAQ_DOCUMENTS")
"""A folder a kind of documents."""
PEERS = _named("FAQ_PEERS")
"""Pipelines of other libraries, run beside ours."""
