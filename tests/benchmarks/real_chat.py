"""Let a real small chat model answer through the whole path, and show what it wrote and what left.

``python tests/benchmarks/real_chat.py --url http://127.0.0.1:8000/v1 [--model NAME] [--home FOLDER]`` asks five
questions of ``data/``'s question-answer files at an OpenAI-compatible server (``tests/servers/small_chat.py`` is
enough: its model is too weak to answer well, so it shows what is held back) and prints a transcript each. It fails
where nothing was streamed, no draft was written, or something left that no quote holds.
"""

from __future__ import annotations

import argparse
import http.client
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from assistant.app import build_assistant
from assistant.settings import Settings
from assistant.types import Answer, Released, Turn
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.knowledge_base import open_knowledge_base
from kb.language.facts import agree, facts

FILES = sorted((Path(__file__).parents[2] / "data").glob("*/*faq*.jsonl"))
QUESTIONS = [
    "Can I change the items or the quantity in my order?",
    "How do I close my account?",
    "Is there a fee if my Tessa Everyday balance is low?",
    "Can I get an invoice by e-mail?",
    "信用卡免息期有多长？",
]


def unsupported(answer: Answer) -> list[str]:
    """Return sentences that left with a number, date or amount that none of their quotes states."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    found = []
    for sentence in answer.sentences:
        stated = [fact for number in sentence.citations for fact in facts(quotes[number])]
        if not sentence.citations or any(not any(agree(f, o) for o in stated) for f in facts(sentence.text)):
            found.append(sentence.text)
    return found


def wait_for(url: str, seconds: float) -> None:
    """Return when a server answers, whatever it says; it may still be loading its model."""
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{url}/models", timeout=5).close()
            return
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > end:
                raise SystemExit(f"nothing answers at {url}: {error}") from error
            time.sleep(1.0)


def main() -> int:
    """Ask, print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--model", default="SmolLM2")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--seconds", type=float, default=120.0)
    arguments = parser.parse_args()
    wait_for(arguments.url, arguments.seconds)
    wrong = drafts = 0
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(
            home=arguments.home or Path(folder), embedder=arguments.embedder, min_answerable=0.0, record=False,
            chat_model=arguments.model, chat_base_url=arguments.url, chat_seconds=arguments.seconds,
            chat_tokens=120, chat_retries=0, chat_sources=1200,  # a small model reads slowly
        )  # fmt: skip
        with open_knowledge_base(settings) as knowledge_base:
            with ProgressBar() as bar:
                sync(knowledge_base, find_sources(FILES), [path.as_posix() for path in FILES], bar, "real chat")
            assistant = build_assistant(settings, knowledge_base, None)
            for question in QUESTIONS:
                events = list(assistant.stream(Turn(message=question)))
                answer = events[-1]
                assert isinstance(answer, Answer)
                pieces = "".join(event.text for event in events if isinstance(event, Released))
                wrong += bool(unsupported(answer)) + (pieces != answer.text)
                drafts += bool(answer.trace.draft)
                show(question, answer, len(events) - 1)
    print(f"{drafts} of {len(QUESTIONS)} drafts written, {wrong} replies wrong")
    return int(bool(wrong) or not drafts)


def show(question: str, answer: Answer, pieces: int) -> None:
    """Print one transcript."""
    print(f"\nquestion   {question}\nwritten    {answer.trace.draft!r}")
    for sentence in answer.trace.rejected:
        print(f"held back  {sentence.text!r} ({'; '.join(v.reason for v in sentence.verdicts if v.reason)})")
    if answer.trace.fallback:
        print(f"fallback   {answer.trace.fallback}")
    seconds = sum(spent for _, spent in answer.trace.timings)
    print(
        f"left       {answer.text!r} ({answer.outcome.value}, {pieces} pieces; {seconds:.1f} s beside the model)"
    )


if __name__ == "__main__":
    sys.exit(main())
