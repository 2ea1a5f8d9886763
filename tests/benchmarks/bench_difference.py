"""Edits are planted into documents, all in one load: which answers change, and which must be asked to know it?

``python tests/benchmarks/bench_difference.py [demo] [policies] [--keep FOLDER]`` compares the shortcut of
``faq audit difference`` with asking every question at both versions: recall must be 1. The demo companies are
asked their own questions; the policies of other companies (``documents`` beside the sets that ``FAQ_EVAL_DATA``
names) keywords of their own sentences. What was loaded is kept in ``--keep``, to be compared without loading.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.audit.compare.difference import LoadDifference
from assistant.audit.compare.loads import Asked, load_differences
from assistant.settings import Settings
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from ingest.types import Sources
from kb.knowledge_base import open_knowledge_base
from kb.language.text import sentences
from tests.benchmarks.demonstration import DATA, demonstration
from tests.benchmarks.elsewhere import DOCUMENTS

ROOT = Path(__file__).parents[2]
POLICIES = ("en_37signals_policies", "en_tau2_policies")

_NUMBER = re.compile(r"(?<![\d.,])(\d{1,4})(?![\d.,])")


def planted(folder: Path, edits: int, seed: int) -> list[str]:
    """Change numbers, negate and delete sentences in the Markdown files of a folder; return what was done."""
    generator = random.Random(seed)
    files = sorted(folder.rglob("*.md"))
    done: list[str] = []
    while len(done) < edits:
        path = generator.choice(files)
        lines = path.read_text(encoding="utf-8").splitlines()
        places = [i for i, line in enumerate(lines) if len(line) > 40 and not line.startswith(("#", "|", "---"))]
        if not places:
            continue
        at = generator.choice(places)
        kind = generator.choice(("number", "negate", "delete", "insert"))
        new = _edited(lines[at], kind, generator)
        if new == lines[at]:
            continue
        lines[at : at + 1] = new.split("\n") if new else []
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done.append(f"{kind} in {path.name}")
    return done


def _edited(line: str, kind: str, generator: random.Random) -> str:
    if kind == "number":
        return _NUMBER.sub(lambda m: str(int(m.group()) + generator.randint(1, 9)), line, count=1)
    if kind == "negate":
        return re.sub(r"\b(can|will|may|must|is|are)\b(?! not)", r"\1 not", line, count=1)
    if kind == "delete":
        return ""
    return line + "\n\nThis applies to orders placed after the first of March as well."


def questions_about(folder: Path, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield questions made of the documents' own sentences: their rarest words, as customers type keywords."""
    generator = random.Random(seed)
    found = [
        (path.name, sentence)
        for path in sorted(folder.rglob("*.md"))
        for sentence in sentences(path.read_text(encoding="utf-8"))
        if 40 < len(sentence) < 220
    ]
    for number, (_, sentence) in enumerate(generator.sample(found, min(count, len(found)))):
        words = sorted(re.findall(r"[A-Za-z]{4,}", sentence), key=len, reverse=True)[:6]
        yield {"id": f"p{number}", "text": "what about " + " ".join(words).lower() + "?"}


@contextmanager
def place(keep: Path | None, name: str) -> Iterator[Path]:
    """Give a folder that is kept, or is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield keep / name if keep else Path(folder)


def demo(folder: Path, number: int | None) -> None:
    """Compare on the demo companies with eight edits."""
    demo = folder / "demo"
    if not demo.exists():
        shutil.copytree(DATA, demo, ignore=shutil.ignore_patterns("training", "build"))
        planted(demo, 8, 1)
        for path in sorted(demo.rglob("*.md")):  # changed files are put back for the first load
            shutil.move(path, path.with_suffix(".after"))
            shutil.copy(DATA / path.relative_to(demo), path)
    compare("demo company, 8 edits", folder / "home", demo, DATA / "questions.jsonl", number)


def policies(folder: Path, number: int | None) -> None:
    """Compare on the policies with forty edits."""
    if not (DOCUMENTS).is_dir():
        print(f"{DOCUMENTS} is not there, passed over")
        return
    policies, asked = folder / "policies", folder / "questions.jsonl"
    if not policies.exists():
        for name in POLICIES:
            shutil.copytree(DOCUMENTS / name, policies / name)
        for path in policies.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
            if path.is_file() and path.suffix != ".md":
                path.unlink()
        asked.write_text("".join(json.dumps(row) + "\n" for row in questions_about(policies, 200, 5)))
        copy = folder / "copy"
        shutil.copytree(policies, copy)
        planted(copy, 40, 7)
        for path in copy.rglob("*.md"):
            shutil.copy(path, (policies / path.relative_to(copy)).with_suffix(".after"))
    compare("policies, 40 edits", folder / "home", policies, asked, number)


def sources_of(folder: Path) -> Sources:
    """Return the files of a folder; those of the demonstration with their brands."""
    return demonstration(folder) if (folder / "faq.toml").exists() else find_sources([folder])


def compare(name: str, home: Path, folder: Path, questions: Path, number: int | None) -> None:
    """Load what was before and what is after, then print what the shortcut finds and saves."""
    settings = Settings.load(home=home, vector_index="exact", record=False)
    with open_knowledge_base(settings) as base, ProgressBar() as bar:
        if not base.versions():
            sync(base, sources_of(folder), [folder.as_posix()], bar, "before")
        for path in folder.rglob("*.after"):
            os.replace(path, path.with_suffix(".md"))
        sync(base, sources_of(folder), [folder.as_posix()], bar, "after")
    seconds: list[float] = []
    found: list[LoadDifference] = []
    for everything in (False, True):
        begun = time.process_time()
        found.append(load_differences(settings, Asked(file=questions, size=number, everything=everything)))
        seconds.append(time.process_time() - begun)
    quick, whole = found
    missed = {i.change.id for i in whole.changes} - {i.change.id for i in quick.changes}
    changed = len(whole.changes)
    recall = 1 - len(missed) / changed if changed else 1.0
    named = sum(bool(item.documents) for item in quick.changes)
    print(
        f"{name} in {quick.documents} documents, {quick.questions} questions; {changed} answers "
        f"changed, recall {recall:.3f}; {len(quick.replayed)} asked anew, {100 * quick.saved:.1f} % saved, CPU "
        f"{seconds[0]:.1f} s beside {seconds[1]:.1f} s; {named} with the document behind; {quick.counts()}"
    )


def main() -> None:
    """Compare where asked to."""
    parts = {"demo": demo, "policies": policies}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*parts, []])
    parser.add_argument("--keep", type=Path, help="folder")
    parser.add_argument("--number", type=int, help="questions, drawn with a fixed seed; all by default")
    arguments = parser.parse_args()
    for part in arguments.parts or parts:
        with place(arguments.keep, part) as folder:
            parts[part](folder, arguments.number)


if __name__ == "__main__":
    main()
