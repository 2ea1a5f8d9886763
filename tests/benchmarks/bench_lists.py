"""Count what replies leave out of lists: items, lead-ins, exceptions; with a sign that more follows, and without.

``python tests/benchmarks/bench_lists.py [--count 200] [--first SEED] [--show]`` makes pages with a list each
(``tests/listings.py``: all marks, formats, both languages), loads them as one knowledge base and asks each
page's question. Judged is what is said of that page: replies from another page are counted apart.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from pathlib import Path

from assistant.app import open_assistant
from assistant.phrases import phrase
from assistant.settings import Settings
from assistant.types import Answer
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.knowledge_base import open_knowledge_base
from kb.language.text import fold
from tests.listings import Listing, make_listing, write_listing


def squeezed(text: str) -> str:
    """Return a text as it is compared: folded, without blanks."""
    return re.sub(r"\s+", "", fold(text))


def missing(listing: Listing, answer: Answer) -> list[str]:
    """Return what a reply does not say of a list."""
    said = squeezed(re.sub(r"\s*\[\d+\]", "", answer.text))
    return [line for line in listing.expected if squeezed(line) not in said]


def signed(answer: Answer) -> bool:
    """Tell whether a reply says that its list goes on."""
    return any(phrase("goes_on", language, place="") in answer.text for language in ("en", "zh"))


def main() -> None:
    """Make, load, ask and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    listings = [make_listing(seed) for seed in range(arguments.first, arguments.first + arguments.count)]
    lines, lost, count = 0, 0, Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for listing in listings:
            page = Path(folder) / str(listing.name)
            page.mkdir()
            write_listing(listing, page)
        settings = Settings.load(home=Path(folder) / "home", min_answerable=0.0, record=False)
        with open_knowledge_base(settings) as knowledge_base, ProgressBar() as bar:
            sync(knowledge_base, find_sources([Path(folder)]), [folder], bar, "lists")
        with open_assistant(settings) as assistant:
            for listing in listings:
                answer = assistant.reply(listing.question)
                if not any(f"/{listing.name}." in citation.document_uri for citation in answer.citations):
                    count["asked back" if not answer.citations else "another page"] += 1
                    continue
                left_out = missing(listing, answer)
                lines += len(listing.expected)
                count["whole" if not left_out else "with a sign" if signed(answer) else "cut"] += 1
                lost += 0 if signed(answer) else len(left_out)
                if arguments.show and left_out and not signed(answer):
                    print(f"--- {listing.name}.{listing.form} {listing.mark} {listing.question}\n{answer.text}")
                    print("LEFT OUT:", *left_out, sep="\n  ")
    print(", ".join(f"{number} {name}" for name, number in count.most_common()))
    print(f"lines of lists left out without a sign: {lost} of {lines} ({lost / max(lines, 1):.4f})")


if __name__ == "__main__":
    main()
