"""Sentences of documents in other words, and with one thing changed, to hold the verification against.

Written apart from ``data/training/edits.py``, with which the verification is fitted, and it changes other things
in other ways: values move by factors and change places with others of the document, limits turn (at least, at
most), units change, negations are taken out of or put into any verb, names come from the same document, conditions
are left out, turned into their opposite, or lose their "only". ``reworded`` says the same in other words and
another order, so that it is no word-for-word quote.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

from kb.language.facts import Fact, Kind, facts
from kb.language.text import detect_language
from kb.language.wording import names

Swap = tuple[str, str]

_SAME: dict[str, list[Swap]] = {
    "en": [
        (r"\bcannot\b", "can't"),
        (r"\b(do|does|is|are|will|should|must) not\b", r"\1n't"),
        (r"\bwilln't\b", "won't"),
        (r"\bpurchase\b", "buy"),
        (r"\bobtain\b", "get"),
        (r"\breceive\b", "get"),
        (r"\bassist(ance)?\b", "help"),
        (r"\bprior to\b", "before"),
        (r"\bin order to\b", "to"),
        (r"\badditional\b", "extra"),
        (r"\brequires\b", "needs"),
        (r"\bapproximately\b", "about"),
        (r"\bemployees\b", "staff"),
        (r"\bprovide\b", "give"),
        (r"\bhowever, ", ""),
        (r"\bcustomers?\b", "clients"),
        (r"\busually\b", "normally"),
        (r"\bwhole\b", "entire"),
        (r"\bbegin\b", "start"),
        (r"\b14 days\b", "two weeks"),
        (r"\b7 days\b", "one week"),
        (r"\b30 days\b", "thirty days"),
        (r"\b12 months\b", "one year"),
        (r"\bfive\b", "5"),
        (r"\bten\b", "10"),
        (r"\bthree\b", "3"),
        (r"\btwo\b", "2"),
        (r"\bper (day|week|month|year)\b", r"a \1"),
    ],
    "zh": [
        ("(?<![务营])需要", "须"),
        ("应当", "应"),
        ("无法", "不能"),
        ("不得", "不能"),
        ("不可以", "不能"),
        ("如果", "若"),
        ("可以", "能够"),
        ("立即", "马上"),
        ("购买", "购置"),
        ("依照", "按照"),
        ("告知", "通知"),
        ("或者", "或"),
        ("消费者", "消费者一方"),
        ("(?<![十百])七日", "7天"),
        ("(?<!百)三十日", "30天"),
        ("(?<![一二三四五六七八九百])十日", "10天"),
        ("一般", "通常"),
        ("全部", "所有"),
        ("费用", "开支"),
        ("收到", "收取"),
        ("因为", "由于"),
        ("但是", "但"),
    ],
}
_TURNED: dict[str, list[Swap]] = {
    "en": [
        (r"\bdo(?:es)? not (?:have|need) to\b", "must"),
        (r"\bcannot\b|\bcan['’]t\b", "can"),
        (r"\bwon['’]t\b", "will"),
        (
            r"\b(can|could|may|must|should|will|would|is|are|was|were|has|have|do|does|did)(?: not\b|n['’]t\b)",
            r"\1",
        ),
        (r"\bnever\b", "often"),
        (r"\bnone of\b", "all of"),
        (r"\bneither\b(.{2,60}?)\bnor\b", r"both\1and"),
        (r"\bwithout\b", "with"),
        (r"\bnon-(?=[a-z]{4})", ""),
        (r"\b[Nn]o(?: longer)? (?=[a-z]{4,})(?!matter|more than|less than|later than)", ""),
        (r"\bun(?=(?:available|able|paid|limited|used|opened|likely|necessary)\b)", ""),
        (r"\bunless\b", "if"),
        (
            r"\b(is|are) (free|allowed|required|included|available|covered|possible|eligible|expected|paid)\b",
            r"\1 not \2",
        ),
        (r"\b(may|can|must|should|will)(?= [a-z])(?! not\b)", r"\1 not"),
        (
            r"\b([Ww]e|[Yy]ou|[Tt]hey|[Mm]embers|[Ee]mployees) (accept|offer|take|need|get|pay|use|keep)\b",
            r"\1 do not \2",
        ),
        (r"\b(it|company|policy|team|plan) (offers|includes|covers|applies|requires|pays)\b", r"\1 never \2"),
    ],
    "zh": [
        ("无需|无须|不需要?|不必|不用", "必须"),
        ("不得|不能|不可以?|禁止|严禁|不许", "可以"),
        ("不予", "予以"),
        ("无权", "有权"),
        ("未经", "经"),
        ("不(?=退|收|支持|提供|适用|包括|包含|含|承担|接受|计|影响|负|受|属)", ""),
        ("没有|并无", "有"),
        ("无法", "能够"),
        ("非(?=会员|质量|本人|营利|工作日)", ""),
        ("除非", "如果"),
        ("(?<![不必无])必须|(?<![必无不毋])须", "无需"),
        ("(?<!不)应当?(?=[^用对变急收酬届聘答])", "不必"),
        ("(?<![不])可以", "不得"),
        ("有权", "无权"),
        ("(?<!不)(支持|提供|承担|接受|享有|适用|负责)", r"不\1"),
        ("(?<![不学机社])会(?!员|议|计)", "不会"),
    ],
}
_UNITS = {
    "hours": "days",
    "hour": "day",
    "days": "weeks",
    "day": "week",
    "weeks": "months",
    "week": "month",
    "months": "weeks",
    "month": "week",
    "years": "months",
    "year": "month",
    "minutes": "hours",
    "个月": "年",
    "小时": "天",
    "日": "个月",
    "天": "周",
    "年": "个月",
}
_LIMITS = [
    (r"\bat least\b", "at most"),
    (r"\bat most\b", "at least"),
    (r"\bno more than\b", "at least"),
    (r"\bup to\b", "at least"),
    (r"\bminimum\b", "maximum"),
    (r"\bmaximum\b", "minimum"),
    (r"\bmore than\b", "less than"),
    (r"\bless than\b", "more than"),
    ("不超过", "不少于"),
    ("不得?(?:少|低)于", "不超过"),
    ("以上", "以下"),
    ("以下", "以上"),
    ("超过", "不足"),
    ("至少", "至多"),
]
_CONDITIONS = [
    (r",? (?:unless|except|provided|as long as|only if|only when) [^,.;]{6,}(?=[.;,])", ""),
    (r",? if [^,.;]{8,}(?=[.;])", ""),
    (r"^(?:If|When|Unless|Once) [^,.]{8,}, ", ""),
    (r"\bonly (?=(?:for|to|in|on|with|after|by|when|if)\b)", ""),
    (r"\bif (?=[a-z])", "unless "),
    ("，?(?:但|除)[^，。；]{2,24}(?:除外|以外的?|外)，?", ""),
    ("^(?:如果|如|若)[^，。；]{4,}，", ""),
    ("除非[^，。；]{3,}，", ""),
    ("(?:仅限?|只)(?=[适能可在对由向限])", ""),
    ("^[^，。；]{6,}的，(?=应当|可以|不得|由)", ""),
    ("，?经[^，。；]{2,16}同意后?，?", ""),
]
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_KIN = (tuple(_MONTHS.split()), tuple(_DAYS.split()), tuple("一二三四五六"))
_DATES = re.compile(rf"\b(?!May (?![0-9]))(?:{'|'.join((*_KIN[0], *_KIN[1]))})\b|(?<=[周期])[一二三四五六]")


def reworded(sentence: str, chance: random.Random) -> str:
    """Return the sentence in other words and, where it begins with a condition, in another order."""
    language = "zh" if detect_language(sentence) == "zh" else "en"
    swaps = _SAME[language][:]
    chance.shuffle(swaps)
    for old, new in swaps:
        sentence = re.sub(old, new, sentence)
    if moved := re.fullmatch(r"(If|When|Once) ([^,.]{8,}), ([^.]+)\.", sentence):
        first, condition, rest = moved.groups()
        sentence = f"{rest[0].upper()}{rest[1:]} {first.lower()} {condition}."
    lead = {"en": ["As we see it, ", "Note that ", "In this case, "], "zh": ["请注意，", "按规定，"]}
    told = sentence if names(sentence[:20]) or language == "zh" else sentence[0].lower() + sentence[1:]
    return chance.choice(lead[language]) + told


def changed(sentence: str, document: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield kind and text of the sentence with one thing changed, at most once a kind.

    Args:
        sentence: what is true.
        document: where other values and names are taken from.
        chance: which of the possible changes is made.
    """
    language = "zh" if detect_language(sentence) == "zh" else "en"
    makers: dict[str, Callable[[], str]] = {
        "number": lambda: _other_number(sentence, document, chance),
        "limit": lambda: _first(sentence, _LIMITS, chance),
        "date": lambda: _other_date(sentence, chance),
        "negation": lambda: _first(sentence, _TURNED[language], None),
        "name": lambda: _other_name(sentence, document, chance),
        "condition": lambda: _without_condition(sentence, chance),
    }
    for kind, make in makers.items():
        text = make().strip()
        if text and text != sentence and len(text) > 8:
            yield kind, text[0].upper() + text[1:]


def _first(sentence: str, swaps: Sequence[Swap], chance: random.Random | None) -> str:
    swaps = list(swaps)
    if chance:
        chance.shuffle(swaps)
    return next((text for old, new in swaps if (text := re.sub(old, new, sentence, count=1)) != sentence), "")


def _other_number(sentence: str, document: str, chance: random.Random) -> str:
    """Return the sentence with another value of the document, another unit, or a multiple."""
    own = [f for f in facts(sentence) if f.kind in {Kind.MONEY, Kind.PERCENT, Kind.PERIOD, Kind.NUMBER}]
    if not own:
        return ""
    fact = chance.choice(own)
    written = sentence[fact.start : fact.end]
    others = [document[f.start : f.end] for f in facts(document) if _another(f, fact)]
    ways = [re.sub(r"\d+", lambda d: str(int(d.group()) * chance.choice([2, 3, 10])), written, count=1)]
    ways += [written.replace(unit, other, 1) for unit, other in _UNITS.items() if written.endswith(unit)][:1]
    ways += [chance.choice(others).strip()] if others else []
    ways = [way for way in ways if way != written and not way.startswith("0")]
    return sentence[: fact.start] + chance.choice(ways) + sentence[fact.end :] if ways else ""


def _another(found: Fact, fact: Fact) -> bool:
    return found.kind is fact.kind and found.unit == fact.unit and found.value != fact.value


def _other_date(sentence: str, chance: random.Random) -> str:
    word = _DATES.search(sentence)
    if word:
        kin = next(kin for kin in _KIN if word.group() in kin)
        new = chance.choice([name for name in kin if name != word.group()])
        return sentence[: word.start()] + new + sentence[word.end() :]
    found = [f for f in facts(sentence) if f.kind in {Kind.DATE, Kind.TIME}]
    dated = [f for f in found if re.search(r"\d", sentence[f.start : f.end])]
    if not dated:
        return ""
    fact = chance.choice(dated)
    digits = list(re.finditer(r"\d+", sentence[fact.start : fact.end]))
    which = digits[-1]
    new = str(int(which.group()) % 11 + 1 if int(which.group()) < 60 else int(which.group()) - 3)
    at = fact.start + which.start()
    return sentence[:at] + new + sentence[at + len(which.group()) :]


def _other_name(sentence: str, document: str, chance: random.Random) -> str:
    own = [span for span in names(sentence) if span[1] - span[0] > 2]
    others = [document[a:b] for a, b in names(document) if b - a > 2]
    for start, end in own:
        fits = {n for n in others if n not in sentence and sentence[start:end] not in n}
        choice = sorted(n for n in fits if "\n" not in n)
        if choice:
            return sentence[:start] + chance.choice(choice) + sentence[end:]
    return ""


def _without_condition(sentence: str, chance: random.Random) -> str:
    text = _first(sentence, _CONDITIONS, chance)
    return text if len(text) > len(sentence) // 4 else ""
