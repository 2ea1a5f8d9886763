"""Precision and recall of lint's conflicts between English and Chinese documents.

The passages of ``data/training`` are loaded into one knowledge base, the two languages of an organisation as
documents of their own. In some pairs of passages one value of either language is changed by the rule of
``bench_lint``, which knows nothing of how lint reads facts. Found means: a finding across languages quotes the
changed sentence. Every other finding across languages counts as false.

- ``paired``: every passage stands there in both languages.
- ``unpaired``: a third does; a third stands there in English only, a third in Chinese only. Their nearest
  neighbours in the other language are about something else. Drawn three times.
- ``unrelated``: English and Chinese documents of companies that have nothing to do with each other.

Bounds were chosen on the development half of the organisations; figures are those of the other one.

    PYTHONPATH=. python tests/benchmarks/bench_lint_languages.py [--half report] [--share 0.4] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "data" / "training"))
from bench_lint import changed, squeezed
from rows import LANGUAGES, Row, held_out, read_units

from ingest.lint.languages import find_translated_conflicts
from ingest.lint.read import read_documents, stored_vectors
from ingest.lint.statements import statements
from ingest.lint.types import Finding, LintDocument
from ingest.lint.validity import in_force
from ingest.loading.chunks import chunk, document_text
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.embedders.choose import open_embedder
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.settings import KnowledgeSettings
from kb.types import Document, Section
from tests.benchmarks.elsewhere import DOCUMENTS

FOLDERS = (
    "en_18f_tts_handbook", "en_37signals_policies", "en_tau2_policies", "zh_consumer_law", "zh_domainrag_html"
)  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """A changed value.

    Attributes:
        company: whose passage.
        language: of the changed side.
        sentence: as changed.
    """

    company: str
    language: str
    sentence: str


def half(name: str) -> set[str]:
    """Return every second organisation, of those that the embedder was fitted to and of the others."""
    apart = held_out()
    fitted = sorted({row["company"] for row in read_units()} - apart)
    begin = 0 if name == "development" else 1
    return {*fitted[begin::2], *sorted(apart)[begin::2]}


def documents(rows: Sequence[Row], share: float, chance: random.Random) -> tuple[list[Document], list[Planted]]:
    """Return a document for each organisation, title and language, a value changed in a share of the passages."""
    sections: dict[tuple[str, str, str], list[Section]] = defaultdict(list)
    titles: dict[tuple[str, str, str], str] = {}
    planted = []
    for row in rows:
        texts = {language: row[f"passage_{language}"] for language in LANGUAGES}
        if chance.random() < share:
            language = chance.choice(LANGUAGES)
            if done := changed(texts[language], chance):
                texts[language] = done[0]
                planted.append(Planted(row["company"], language, done[2]))
        for language in LANGUAGES:
            key = row["company"], row["title_en"], language
            titles[key] = row[f"title_{language}"]
            sections[key].append(Section(text=texts[language], headings=(f"{len(sections[key]) + 1}",)))
    made = [
        Document(uri="/".join(key), title=titles[key], sections=tuple(parts)) for key, parts in sections.items()
    ]
    return made, planted


def across(knowledge_base: KnowledgeBase, looked: Sequence[LintDocument]) -> list[Finding]:
    """Return the findings across languages about documents of a knowledge base."""
    current = in_force(looked, date.today())
    vectors_of = stored_vectors(knowledge_base.catalogue, knowledge_base.published().fingerprint)
    return find_translated_conflicts(current, statements(current), vectors_of)


def is_planted(finding: Finding, planted: Planted) -> bool:
    """Tell whether a finding quotes a changed sentence."""
    wanted = squeezed(planted.sentence)
    for quote in finding.quotes:
        company, language = quote.document_uri.split("/")[0], quote.document_uri.rpartition("/")[2]
        said = squeezed(quote.text)
        if (company, language) == (planted.company, planted.language) and (wanted in said or said in wanted):
            return True
    return False


def unpaired(looked: Sequence[LintDocument], chance: random.Random) -> list[LintDocument]:
    """Return the documents with a third of the passages in English only, and a third in Chinese only."""
    kept: dict[tuple[str, tuple[str, ...]], str] = {}
    for document in looked:
        for part in document.chunks:
            key = document.uri.rpartition("/")[0], part.headings
            kept.setdefault(key, chance.choice(("both", *LANGUAGES)))
    fresh = []
    for document in looked:
        name, _, language = document.uri.rpartition("/")
        left = tuple(p for p in document.chunks if kept[name, p.headings] in ("both", language))
        fresh.append(replace(document, chunks=left))
    return fresh


def passages(name: str, most: int, share: float, seed: int, verbose: bool) -> dict[str, object]:
    """Return the figures of ``paired`` and ``unpaired``."""
    chance = random.Random(seed)
    chosen = set(sorted(half(name))[:most])
    rows = [row for row in read_units() if row["company"] in chosen]
    made, planted = documents(rows, share, chance)
    with TemporaryDirectory() as home, _opened(Path(home)) as knowledge_base:
        with knowledge_base.load() as load:
            for document in made:
                load.put(document, document_text(document)[0], document.uri, chunk(document))
            load.publish("passages")
        looked = read_documents(knowledge_base.catalogue, 1)
        found = across(knowledge_base, looked)
        right = [p for p in planted if any(is_planted(f, p) for f in found)]
        false = [f for f in found if not any(is_planted(f, p) for p in planted)]
        apart = held_out()
        unseen = [p for p in planted if p.company in apart]
        lonely = [across(knowledge_base, unpaired(looked, chance)) for _ in range(3)]
        lonely_false = [f for found in lonely for f in found if not any(is_planted(f, p) for p in planted)]
    if verbose:
        for finding in (*false, *lonely_false):
            print("false:", " | ".join(q.text[:150] for q in finding.quotes), flush=True)
        for missed in planted:
            if missed not in right:
                print("missed:", missed, flush=True)
    unchanged = len(rows) - len(planted)
    return {
        "half": name,
        "organisations": len(chosen),
        "pairs": len(rows),
        "planted": len(planted),
        "found": len(right),
        "recall": round(len(right) / max(1, len(planted)), 3),
        "recall_of_organisations_unseen_by_the_embedder": round(
            sum(p in right for p in unseen) / max(1, len(unseen)), 3
        ),
        "false": len(false),
        "precision": round(len(right) / max(1, len(right) + len(false)), 3),
        "false_per_100_unchanged_pairs": round(100 * len(false) / max(1, unchanged), 2),
        "unpaired_right": sum(len(found) for found in lonely) - len(lonely_false),
        "unpaired_false": len(lonely_false),
    }


def unrelated(folders: Sequence[Path], verbose: bool) -> dict[str, object]:
    """Return how many false findings across languages documents of unrelated companies give."""
    with TemporaryDirectory() as home, _opened(Path(home)) as knowledge_base, ProgressBar() as bar:
        sync(knowledge_base, find_sources(folders), [folder.as_posix() for folder in folders], bar, "unrelated")
        looked = read_documents(knowledge_base.catalogue, knowledge_base.published().version)
        found = across(knowledge_base, looked)
    if verbose:
        for finding in found:
            print("unrelated:", " | ".join(q.text[:150] for q in finding.quotes), flush=True)
    return {
        "documents": len(looked),
        "false": len(found),
        "false_per_100_documents": round(100 * len(found) / len(looked), 2),
    }


def _opened(home: Path) -> KnowledgeBase:
    return open_knowledge_base(KnowledgeSettings(home=home), open_embedder("bundled"))


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("development", "report"), default="report")
    parser.add_argument("--organisations", type=int, default=1_000, help="of that half, at most")
    parser.add_argument("--share", type=float, default=0.4, help="of the pairs in which a value is changed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", nargs="*", type=Path, default=[DOCUMENTS / f for f in FOLDERS])
    parser.add_argument("--verbose", action="store_true", help="also print what is false and what was missed")
    arguments = parser.parse_args()
    figures = passages(arguments.half, arguments.organisations, arguments.share, arguments.seed, arguments.verbose)
    if all(folder.exists() for folder in arguments.documents):
        figures["unrelated"] = unrelated(arguments.documents, arguments.verbose)
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
