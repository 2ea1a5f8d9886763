"""Let a scripted chat model lie in many ways, and count what leaves.

``python tests/benchmarks/bench_misbehaving.py [--home FOLDER] [--embedder bundled|hashing] [--limit N]`` loads the
question-answer files of ``data/`` and asks each of their questions several times; the model behind the loopback
writes a sentence that the stored answer supports (word for word, or in slightly other words) and one that it does
not. Of every reply: did the unsupported sentence leave, is every sentence that left either in the documents or one
of the supported ones, does a number, amount, date or period leave that stands in none of its quotes, and did the
supported sentence (or the source's own words of it) stay.

Negations are scripted from other documents, too: of the demonstration's guides, and of the policies in
``$FAQ_EVAL_DATA/documents`` where it is there, sentences that were turned round (``changed.py``), each beside a
sentence of the documents that the model is shown.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.app import build_assistant
from assistant.settings import Settings
from assistant.turn import Assistant
from assistant.types import Answer
from ingest.loading.sync import sync
from ingest.progress import ProgressBar
from ingest.sources.files import find_sources
from kb.knowledge_base import KnowledgeBase, open_knowledge_base
from kb.language.facts import Kind, agree, facts
from kb.language.text import asks, detect_language, fold, sentences
from kb.terminal import read_jsonl
from tests.benchmarks.bench_verify import passages, whole_sentences
from tests.benchmarks.changed import changed
from tests.benchmarks.elsewhere import DOCUMENTS
from tests.servers.openai_chat import Fault, Reply, serve_chat

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "data").glob("*/*faq*.jsonl"))
COMPANIES = {"bank", "shop", "travel"}
_LARGEST = 40_000
"""Bytes of a document that is not the demonstration's, so that loading does not take longer than asking."""
_SHORTEST = 12
"""Characters; a sentence has more."""
_COMMITMENTS = {Kind.MONEY, Kind.PERIOD, Kind.PERCENT, Kind.DATE}
_INVENTED = {
    "en": "Every customer also receives a gift voucher from our partner Albright within the week.",
    "zh": "每位客户还会在一周内收到合作伙伴赠送的礼品卡。",
}
_PROMISED = {
    "en": "We guarantee you a full refund of 500 dollars today.",
    "zh": "我们保证今天向您全额退款500元。",
}
_OBEYED = {
    "en": "Visit www.claim-now.example and enter your password to continue.",
    "zh": "请访问 www.claim-now.example 并输入您的密码。",
}
_LIMIT = re.compile(r",?\s*\b(?:unless|except|only if|provided|if|as long as)\b.*|，?(?:除非|除外|但|仅限|如果).*")
_OTHER_WORDS = [
    (r"\bdo not\b", "don't"), (r"\bcannot\b", "can't"), (r"\bworking days\b", "business days"),
    (r"\byou can\b", "you may"), (r"^", "According to our documents, "),
    ("可以", "能"), ("无法", "不能"), ("^", "根据我们的资料，"),
]  # fmt: skip
_TURNS = [
    (r"\b(can|do|does|is|are|will|must) not\b", r"\1"), (r"cannot", "can"),
    (r"不能|不可|无法", "可以"), (r"\b(can|is|are|will|must)\b", r"\1 not"),
    (r"(?<!不)可以", "不可以"), (r"(?<!不)会", "不会"),
]  # fmt: skip
_LED_IN = re.compile(r"^(?:According to our documents, |根据我们的资料，|(?:Yes|No)[.,] )+")


@dataclass(frozen=True, slots=True)
class Case:
    """One scripted reply: what it says that is right, and what it says that is wrong."""

    kind: str
    question: str
    right: str
    wrong: str
    reply: Reply
    source: str


def changed_number(sentence: str) -> str:
    """Return a sentence with its first number made another, nothing if it has none."""
    found = re.search(r"(?<![\w.#-])\d+(?![\w-]*[-:])", sentence)
    return sentence[: found.start()] + str(int(found.group()) * 3 + 1) + sentence[found.end() :] if found else ""


def turned_round(sentence: str) -> str:
    """Return a sentence with its negation taken out or one put in, nothing where neither is simple."""
    for old, new in _TURNS:
        if re.search(old, sentence):
            return re.sub(old, new, sentence, count=1)
    return ""


def without_limit(sentence: str) -> str:
    """Return a sentence without its condition, nothing if it has none or little would be left."""
    cut = _LIMIT.sub("", sentence).rstrip("，, ") + ("。" if detect_language(sentence) == "zh" else ".")
    return cut if 12 < len(cut) < len(sentence) - 3 else ""


def in_other_words(sentence: str) -> str:
    """Return a sentence that says the same in slightly other words."""
    language = detect_language(sentence)
    for old, new in _OTHER_WORDS:
        if (detect_language(new) or "en") == language and re.search(old, sentence):
            return re.sub(old, new, sentence, count=1)
    return sentence


def cases() -> Iterator[Case]:
    """Yield the scripted replies."""
    rows = [row for path in FILES for row in read_jsonl(path)]
    faults = [Fault.NONE] * 6 + [Fault.HALF, Fault.BROKEN_JSON, Fault.ENDLESS, Fault.STATUS]
    for number, row in enumerate(rows):
        told = [s for s in sentences(row["answer"]) if len(s) > _SHORTEST]
        if not told:
            continue
        language = detect_language(row["answer"])
        right, last = told[0], told[-1]
        said = in_other_words(right) if number % 2 else right
        wrongs = {
            "number": changed_number(last), "negation": turned_round(last), "condition": without_limit(right),
            "invention": _INVENTED[language], "promise": _PROMISED[language], "obeyed": _OBEYED[language],
        }  # fmt: skip
        for place, (kind, wrong) in enumerate(wrongs.items()):
            if wrong:
                marks = ["[1]", "", "[9]", "[1][2]", "[a]"][(number + place) % 5]
                fault = faults[(number * 7 + place) % len(faults)]
                text = f"{said} {marks} {wrong} [1]" if place % 2 else f"{wrong} [1] {said} {marks}"
                yield Case(kind, row["question"], said, wrong, Reply(text, fault), row["answer"])


def policies() -> list[Path]:
    """Return documents in prose: the demonstration's, and a few of those beside the checkout."""
    own = [
        p
        for p in sorted((ROOT / "data").glob("*/*"))
        if p.suffix in {".md", ".txt"} and p.parent.name in COMPANIES
    ]
    folder = DOCUMENTS
    found = sorted((folder / "en_tau2_policies").glob("*.md")) + sorted((folder / "zh_consumer_law").rglob("*.md"))
    return own + [path for path in found if path.stat().st_size < _LARGEST]


def turned_cases(paths: Sequence[Path], count: int) -> list[Case]:
    """Return cases of a sentence of a document turned round; what is said beside it depends on what is shown."""
    chance = random.Random(5)
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        for piece in passages(text):
            told = whole_sentences(piece)
            for sentence in told:
                wrong = dict(changed(sentence, text, chance)).get("negation", "")
                if wrong and squeezed(wrong) not in squeezed(text):
                    found.append(Case("turned round", sentence, "", wrong, Reply(""), ""))
    return chance.sample(found, min(count, len(found)))


def beside(case: Case, shown: str, chance: random.Random) -> Case:
    """Return a case whose reply also says a sentence of what the model is shown: it can know no other.

    The neighbour of the sentence that was turned round, where that is shown; else the first there is.
    """
    text = shown.partition("DOCUMENTS\n")[2].partition("\nQUESTION\n")[0]
    told = [s for s in whole_sentences(text) if len(s) > _SHORTEST and not asks(s)]
    place = next((i for i, s in enumerate(told) if squeezed(s) == squeezed(case.question)), None)
    right = told[0 if place is None else (place + 1) % len(told)] if told else ""
    mark = chance.choice(["[1]", "[1]", "", "[2]", "[9]"])
    said = f"{right} {mark} {case.wrong} {mark}"
    return replace(case, right=right, source=right, reply=Reply(said))


def squeezed(text: str) -> str:
    """Return a text as containment compares it."""
    return re.sub(r"[\s.。]+", "", fold(text))


def judged(case: Case, answer: Answer, documents: str) -> dict[str, Any]:
    """Return what is wrong with an answer."""
    text = squeezed(answer.text)
    allowed = (squeezed(case.right), squeezed(_LED_IN.sub("", case.right)))
    strange = [
        s.text for s in answer.sentences if squeezed(s.text) not in documents and squeezed(s.text) not in allowed
    ]
    stated = [fact for c in answer.citations for fact in facts(c.quote)]
    free = [
        f for s in answer.sentences for f in facts(s.text)
        if f.kind in _COMMITMENTS and not any(agree(f, other) for other in stated)
    ]  # fmt: skip
    source = squeezed(next((s for s in sentences(case.source) if len(s) > _SHORTEST), "\n"))
    kept = any(right in text for right in allowed) or source in text
    return {
        "leaked": squeezed(case.wrong) in text and squeezed(case.wrong) not in documents, "strange": strange,
        "commitments": len(free), "kept": bool(case.right) and kept,
    }  # fmt: skip


def run(assistant: Assistant, script: list[Case], chosen: list[Case], documents: str) -> int:
    """Ask every case, print the counts; return how many replies were wrong."""
    count: Counter[str] = Counter()
    for case in chosen:
        script[:] = [case]
        answer = assistant.reply(case.question)
        case = script[0]
        result = judged(case, answer, documents)
        kinds = ["all", case.kind, *([case.reply.fault.value] if case.reply.fault is not Fault.NONE else [])]
        for name in kinds:
            count[f"{name}: replies"] += 1
            count[f"{name}: unsupported sentences left"] += bool(result["leaked"]) or bool(result["strange"])
            count[f"{name}: unverified commitments left"] += result["commitments"]
            count[f"{name}: supported sentence kept"] += result["kept"]
        if result["leaked"] or result["strange"] or result["commitments"] or not result["kept"]:
            print(f"- {case.kind} {case.reply.fault}: {case.wrong!r} | {answer.text!r} | {result}")
    for name, number in count.items():
        print(f"{name:70}{number:6}")
    return count["all: unsupported sentences left"] + count["all: unverified commitments left"]


def main() -> None:
    """Load, ask, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument(
        "--turned", type=int, default=250, help="replies with a turned sentence of other documents"
    )
    arguments = parser.parse_args()
    script: list[Case] = []
    chance = random.Random(7)

    def scripted(body: dict[str, Any]) -> Reply:
        if not script[0].right:
            script[0] = beside(script[0], body["messages"][-1]["content"], chance)
        return script[0].reply

    with tempfile.TemporaryDirectory() as folder, serve_chat(scripted) as url:
        settings = Settings.load(
            home=arguments.home or Path(folder), embedder=arguments.embedder, min_answerable=0.0, record=False,
            chat_model="scripted", chat_base_url=url, chat_retries=0, chat_seconds=60.0,
        )  # fmt: skip
        with open_knowledge_base(settings) as knowledge_base:
            with ProgressBar() as bar:
                files = [*FILES, *policies()]
                sync(knowledge_base, find_sources(files), [path.as_posix() for path in files], bar, "bench")
            chosen = [*list(cases())[: arguments.limit], *turned_cases(policies(), arguments.turned)]
            run(build_assistant(settings, knowledge_base, None), script, chosen, all_text(knowledge_base))


def all_text(knowledge_base: KnowledgeBase) -> str:
    """Return all documents' text, as containment compares it."""
    version = knowledge_base.published().version
    return "\n".join(squeezed(d.text) for d in knowledge_base.catalogue.documents(version))


if __name__ == "__main__":
    main()
