"""How many words of real files are in no passage and in no report of what was left out.

``python tests/benchmarks/bench_lost.py [FOLDER …]`` loads every file below the folders (by default ``data/`` and
those in ``FAQ_DOCUMENTS``), holds it against an independent plain reading of the same file
(``ingest.formats.independent``), and prints for each folder: files, how many of them are named, words lost and not
reported per 1,000, and the share of the loader's CPU time that the comparison takes. The named files follow.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ingest.formats import can_load, load
from ingest.formats.independent import stretches
from ingest.loading.completeness import Completeness, Loss
from ingest.types import SourceFile
from kb.errors import LoadError
from tests.benchmarks.elsewhere import DOCUMENTS

ROOT = Path(__file__).parents[2]


def main(folders: list[Path]) -> None:
    """Print a line a folder and a line a named file."""
    for folder in folders:
        named: list[tuple[Path, Loss]] = []
        files = words = 0
        reading = comparing = 0.0
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and can_load(path.suffix)):
            held, begun = Completeness(), time.process_time()
            try:
                for document in load(SourceFile(uri=path.as_posix(), path=path, root=folder.as_posix())):
                    held.add(document)
            except LoadError:
                continue
            read = time.process_time()
            try:
                other = list(stretches(path, path.suffix))
                loss = held.compare(other)
            except Exception as error:
                print(f"  {path.name}: not compared ({type(error).__name__}: {str(error)[:80]})")
                continue
            files += 1
            reading, comparing = reading + read - begun, comparing + time.process_time() - read
            words += sum(len(stretch.split()) for stretch in other)
            named += [(path, loss)] if loss else []
        lost = sum(loss.words for _, loss in named)
        print(
            f"{folder.name}: {files} files, {len(named)} named; {1000 * lost / max(1, words):.2f} of 1,000 words "
            f"lost in them; comparing ÷ reading {comparing / max(reading, 1e-9):.2f} (CPU)"
        )
        for path, loss in named:
            print(f"  {path.relative_to(folder)}: {loss.sentence[:200]}")


if __name__ == "__main__":
    named_folders = [Path(name) for name in sys.argv[1:]]
    others = sorted(path for path in DOCUMENTS.iterdir() if path.is_dir()) if DOCUMENTS.is_dir() else []
    main(named_folders or [ROOT / "data", *others])
