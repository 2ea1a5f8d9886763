"""The demonstration's documents, each of the brand that ``data/faq.toml`` gives its folder."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from ingest.sources.files import find_sources
from ingest.types import Sources
from kb.types import Labels

DATA = Path(__file__).parents[2] / "data"


def demonstration(folder: Path = DATA) -> Sources:
    """Return the files of the demonstration, or of a copy of it, labelled as its sources say."""
    told = tomllib.loads((folder / "faq.toml").read_text(encoding="utf-8"))["sources"]
    return Sources(
        tuple(
            replace(file, labels=Labels(brand=source["brand"]))
            for source in told
            for file in find_sources([folder / source["path"]]).files
        )
    )
