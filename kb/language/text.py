"""Words, sentences, numbers and languages of a text; English and Chinese.

Matching works on folded text (``fold``); what is shown keeps its letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from kb.language.radicals import spell_out

if TYPE_CHECKING:
    from Stemmer import Stemmer

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Ranges of Chinese characters, for a class of a pattern; those that follow likewise."""
KANA = "\u3040-\u30ff"
HANGUL = "\uac00-\ud7ff"
WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
"""Whatever is set in a square without blanks around it: Chinese, kana, their marks and wide letters."""
UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
"""The same without wide letters and digits, which make words: a text may be cut beside each of these."""
_FIRST_WIDE = "\u2e80"

_HAN_RUN = re.compile(f"[{HAN}]+")
_KANA = re.compile(f"[{KANA}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(rf"[{HAN}{KANA}]+|[^\W_{HAN}{KANA}]+(?:[-_./'’:+][^\W_{HAN}{KANA}]+)*")
_PART = re.compile(r"[^\W_]+")
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"
"""Raised and lowered digits and their signs: notes, powers, formulas."""
_RAISED_NUMBER = re.compile(f"(?<=\\d)[{RAISED}]+|(?<=[^\\W\\d_]{{3}})[{RAISED}]+(?!\\w)")

# A full stop after these ends no sentence.
_ABBREVIATIONS = frozenset(
    [
        "e.g",
        "i.e",
        "etc",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "no",
        "nos",
        "vs",
        "approx",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "fig",
        "sec",
        "art",
        "para",
        "tel",
        "ext",
        "max",
        "min",
        "incl",
        "excl",
        "a.m",
        "p.m",
        "u.s",
        "u.k",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_LOOKED_BACK = 200  # characters from a full stop to what tells whether it ends a sentence, at most
_SENTENCE_END = re.compile(
    r"""[。！？!?]+[”’」』）)\]"']*        # Chinese, and marks that always end
      | \.{1,3}[”’)\]"']*(?=\s|$)         # a full stop, looked at more closely below
      | …+[”’」』）)\]"']*
      | \n+                               # a line is a sentence of its own: loaders join wrapped lines
    """,
    re.VERBOSE,
)
_LIST_NUMBER = 2  # digits of the number of an item in the middle of a line
_SHOUTED = 12  # capitals of a text that is shouted, when no letter is small
_LAST_WORD = re.compile(r"([^\s(\[“\"']+)\.+$")


@cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified characters, one to one (OpenCC's table)."""
    from opencc import OpenCC

    characters = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, simplified, strict=True) if old != new}


def is_wide(character: str) -> bool:
    """Tell whether a character is about as wide as high: Chinese and all behind it, Korean and emoji too.

    >>> [is_wide(character) for character in "é中，한"]
    [False, True, True, True]
    """
    return character >= _FIRST_WIDE


def calm(text: str) -> str:
    """Return a text that is typed all in capitals in lower case; a few capitals, a code or a name, stay.

    >>> calm("WHERE IS MY ORDER?"), calm("Order AB-12")
    ('where is my order?', 'Order AB-12')
    """
    letters = sum(character.isupper() for character in text)
    return text.lower() if letters >= _SHOUTED and text.isupper() else text


def simplify(text: str) -> str:
    """Return ``text`` with traditional Chinese characters as simplified ones, one for one.

    >>> simplify("退貨")
    '退货'
    """
    return text if text.isascii() or not _HAN_RUN.search(text) else text.translate(_simplified())


def fold(text: str) -> str:
    """Return ``text`` as it is compared: NFKC, lower case, no diacritics, simplified characters.

    >>> fold("Ｃafé 退貨")
    'cafe 退货'
    """
    if not text.isascii():
        text = spell_out(text)
        text = _RAISED_NUMBER.sub(" ", text)  # NFKC would glue the mark of a note to the price before it
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isascii():
        decomposed = unicodedata.normalize("NFD", text)
        text = unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
        text = simplify(text)
    return text


@cache
def _stemmer() -> Stemmer:
    from Stemmer import Stemmer

    return Stemmer("english")


def stem(word: str) -> str:
    """Return the term of one English word in lower case, which ``terms`` returns too.

    >>> stem("returned")
    'return'
    """
    return str(_stemmer().stemWord(word))


def terms(text: str) -> list[str]:
    """Return the terms that the lexical index holds for ``text``, in order, with repetitions.

    English words stemmed (Porter2); Chinese as character unigrams and bigrams, which measured equal to or
    better than word segmentation; codes such as ``AB-1234`` whole and in parts.

    >>> terms("Return AB-12 的水壶")
    ['return', 'ab-12', 'ab', '12', '的', '水', '壶', '的水', '水壶']
    """
    found: list[str] = []
    stem = _stemmer().stemWord
    for token in _TOKEN.findall(fold(text)):
        if _HAN_RUN.match(token) or _KANA.match(token):
            found.extend(token)
            found.extend(token[i : i + 2] for i in range(len(token) - 1))
            continue
        parts = _PART.findall(token)
        if len(parts) > 1:
            found.append(token)
        found.extend(stem(part) if part.isalpha() else part for part in parts)
    return found


def _ends_sentence(text: str, start: int, end: int) -> bool:
    """Tell whether the full stop at ``text[start:end]`` ends a sentence."""
    last = _LAST_WORD.search(text, max(0, start - 30), end)
    word = last.group(1).casefold() if last else ""
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return False
    if last is not None and word.isdigit():
        before = text[max(0, last.start(1) - _LOOKED_BACK) : last.start(1)].rpartition("\n")[2].rstrip()
        counts = before.endswith((".", "!", "?", "。", "！", "？", ";", "；")) and len(word) <= _LIST_NUMBER
        if not before or counts or (word == "1" and before.endswith((":", "："))):
            return False  # "2. Second item": a list number, not a sentence
    following = text[end : end + _LOOKED_BACK].lstrip(" \t")[:1]  # never at all of it: a line may have 20 MB
    return not (following.isalpha() and following.islower())


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return ``(start, end)`` offsets of the sentences of ``text``, in order.

    Spans have no white space at their ends, do not overlap, and together hold every character that is not
    white space.
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for mark in _SENTENCE_END.finditer(text):
        if mark.group().startswith(".") and not _ends_sentence(text, mark.start(), mark.end()):
            continue
        _add_span(spans, text, begin, mark.end())
        begin = mark.end()
    _add_span(spans, text, begin, len(text))
    return spans


def _add_span(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    stripped = piece.strip()
    if stripped:
        start = begin + piece.index(stripped[0])
        spans.append((start, start + len(stripped)))


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``, in order.

    >>> sentences("It costs approx. 5 euro. 不退。请联系客服")
    ['It costs approx. 5 euro.', '不退。', '请联系客服']
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def asks(sentence: str) -> bool:
    """Tell whether a sentence ends in a question mark, whatever closes it behind that.

    >>> asks("May I return it? "), asks("You may.")
    (True, False)
    """
    return sentence.rstrip("”’\"' *_\n\t").endswith(("?", "？"))


def detect_language(text: str) -> str:
    """Return ``zh``, ``ja`` or ``en`` by script, ``""`` where there are no letters.

    A Chinese text with English names in it is Chinese: one Han character weighs as much as one Latin word.

    >>> detect_language("用 Apple Pay 付款"), detect_language("Pay with 支付宝 in the app")
    ('zh', 'en')
    """
    han = sum(len(run) for run in _HAN_RUN.findall(text))
    if len(_KANA.findall(text)) > han // 5 and _KANA.search(text):
        return "ja"
    latin = len(_LATIN_WORD.findall(_HAN_RUN.sub(" ", text)))
    if not han and not latin:
        return ""
    return "zh" if han >= latin else "en"


def width(text: str) -> int:
    """Return how long a text is in English characters: a Chinese one says as much as two.

    >>> width("水壶 kettle")
    11
    """
    return len(text) + sum(len(run) for run in _HAN_RUN.findall(text))
