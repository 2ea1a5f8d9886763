"""Chroma's graph in an index folder: it holds the first rows of the vectors, the others are searched beside it.

Whoever adds to the graph has to copy its files, which Chroma overwrites, and to open it, which takes seconds at a
hundred thousand vectors. A product with the few rows that came since takes less than a millisecond. So they stay
beside the graph until they are many; the folders in between share its files, and only readers open it.
"""

from __future__ import annotations

import os
from pathlib import Path

from kb.embedders import Vectors
from kb.errors import IndexDamaged
from kb.index.vectors.exact import ExactVectors
from kb.settings import KnowledgeSettings

GRAPH = "chroma"
"""Name of the graph's folder in an index folder."""

_ROWS = "rows"  # holds the number of rows that are in the graph
_BESIDE = 4  # rows beside the graph: up to this part of what is searched exactly without one
_BATCH = 10_000  # rows added at once


class GraphAndRest:
    """The graph of a published folder, and the rows that are not in it.

    Attributes:
        rows: number of the first rows of the vectors that are in the graph.
    """

    def __init__(self, folder: Path, exact: ExactVectors) -> None:
        """Open the graph of an index folder to read.

        Raises:
            IndexDamaged: it is not there, or cannot be opened.
        """
        from kb.index.vectors.chroma_embedded import ChromaEmbedded

        self._exact, self.rows = exact, rows_in_graph(folder, len(exact))
        self._graph = ChromaEmbedded(folder / GRAPH)

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return up to ``k`` pairs of entry id and similarity (-1 to 1), best first."""
        found = self._graph.search(vector, k) + self._exact.search_from(vector, k, self.rows)
        return sorted(found, key=lambda pair: -pair[1])[:k]

    def close(self) -> None:
        """Release the graph's files."""
        self._graph.close()


def wants_graph(settings: KnowledgeSettings, entries: int) -> bool:
    """Tell whether a folder of so many entries holds a graph: below, an exact search is the quicker one."""
    large = settings.vector_index == "auto" and entries > settings.exact_limit
    return large or settings.vector_index == "chroma"


def may_stay(settings: KnowledgeSettings, folder: Path, entries: int) -> bool:
    """Tell whether the graph of a folder will do for the next one of ``entries`` vectors, as it is."""
    if not (folder / GRAPH / _ROWS).exists():
        return False
    rows = rows_in_graph(folder, entries)
    return rows > 0 and entries - rows <= settings.exact_limit // _BESIDE


def rows_in_graph(folder: Path, entries: int) -> int:
    """Return how many of a folder's first rows are in its graph: all, where an older release did not say it."""
    if not (folder / GRAPH).is_dir():
        return 0
    try:
        rows = int((folder / GRAPH / _ROWS).read_text())
    except FileNotFoundError:
        return entries
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"the graph in {folder} does not say what it holds: run `faq kb rebuild`") from error
    if not 0 <= rows <= entries:
        raise IndexDamaged(f"the graph in {folder} claims {rows} of {entries} vectors: run `faq kb rebuild`")
    return rows


def extend_graph(folder: Path, exact: ExactVectors, rows: int) -> None:
    """Add all rows of the vectors from ``rows`` on to the graph of a folder that is being prepared.

    Raises:
        IndexDamaged: the graph cannot be written, or holds another number of entries afterwards.
    """
    from kb.index.vectors.chroma_embedded import ChromaEmbedded

    graph = ChromaEmbedded(folder / GRAPH, create=True)
    try:
        for start in range(rows, len(exact), _BATCH):
            graph.add(*exact.part(start, min(start + _BATCH, len(exact))))
        if len(graph) != len(exact):
            raise IndexDamaged(
                f"the graph in {folder} holds {len(graph)} entries of {len(exact)}: run `faq kb rebuild`"
            )
    finally:
        graph.close()
    growing = folder / GRAPH / f"{_ROWS}.new"
    growing.write_text(str(len(exact)))
    os.replace(growing, folder / GRAPH / _ROWS)
