"""Words in a document that speak to a machine, not to a reader: they are never quoted.

How closely they are looked for follows from whose words they are (``kb.types.Trust``). A company's reviewed
documents are full of orders, codes and questions, all meant for readers; only an order to the machine that reads
them, as such, was planted. Where others could write, whatever has nothing to do with the rest is left out as well.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from kb.guard.planted_patterns import (
    ADDRESS,
    ASKS_FOR_WORK,
    CHAT,
    CODE,
    ENCODED,
    ENGLISH,
    FOR_A_MACHINE,
    FOR_CUSTOMERS,
    FOREIGN,
    FOREIGN_WORDS,
    ORDERS,
    OTHER_SCRIPT,
    OTHER_SCRIPT_SHARE,
    REPLY_ORDERS,
    SPEAKER,
    TOLD_TO_DROP,
    TRANSCRIPT_ANSWER,
    TRANSCRIPT_QUESTION,
)
from kb.guard.unmistakable import A_CASE, DROPPED, UNMISTAKABLE
from kb.language.facts import Kind, facts
from kb.language.text import asks, detect_language, sentence_spans, simplify, terms
from kb.types import Chunk, Trust

# Chosen; bench_planted.py measures what they let through and what they take away (ADR 0008, 0012).
_SHARED = 0.2  # of a sentence's words that stand elsewhere in its chunk; below, it is about something else
_ALL_CODE = 0.75  # of a chunk's sentences: from here on it is a page of code
_LEGIBLE = 0.9  # of decoded characters that are letters, blanks or stops: then they are words

_OPENS = re.compile(r":\s*(['‘\"“])")
_CLOSES = {"‘": "’", "“": "”"}


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)


_CERTAIN, _DROPPED = _any_of(UNMISTAKABLE), _any_of(DROPPED)
_ORDERS, _REPLY_ORDERS, _TOLD_TO_DROP = _any_of(ORDERS), _any_of(REPLY_ORDERS), _any_of(TOLD_TO_DROP)
_BESIDE_DROPPED = _any_of([pattern for pattern in UNMISTAKABLE if pattern not in DROPPED])
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


def is_planted(sentence: str, trust: Trust = Trust.CUSTOMERS) -> bool:
    """Tell whether a sentence gives orders to a machine that reads it; no sentence around it is looked at.

    Args:
        sentence: as it stands.
        trust: whose words it is among.
    """
    plain = _plain(sentence)
    return _is_unmistakable(plain) or (trust is not Trust.REVIEWED and _is_order(plain))


def chunk_places(
    chunk: Chunk, cleared: Callable[[str], bool] = lambda sentence: False
) -> tuple[list[tuple[int, int]], frozenset[int]]:
    """Return the spans of the sentences of a chunk after its stored question, and which of them were planted.

    Args:
        chunk: with the labels of its document.
        cleared: tells whether a person has cleared a sentence.
    """
    text, begin = chunk.text, answer_start(chunk)
    spans = [(begin + start, begin + end) for start, end in sentence_spans(text[begin:])]
    about = "\n".join((chunk.title, *chunk.headings, *([chunk.question] if chunk.question else [])))
    return spans, planted_places([text[start:end] for start, end in spans], about, chunk.labels.trust, cleared)


def answer_start(chunk: Chunk) -> int:
    """Return where the answer in a chunk begins: after its stored question."""
    question = chunk.question
    return len(question) + 1 if question and chunk.text.startswith(question + "\n") else 0


def planted_places(
    sentences: Sequence[str],
    about: str,
    trust: Trust = Trust.CUSTOMERS,
    cleared: Callable[[str], bool] = lambda sentence: False,
) -> frozenset[int]:
    """Return which sentences of a chunk were planted, as far as that can be seen.

    Of a reviewed document orders to a machine as such; where there is one, somebody else has written there, and
    the chunk is read as closely as others. Of other documents all that looks like orders to a machine; code,
    questions, work that is asked for, words in another script, wherever they have next to nothing in common with
    the rest of the chunk; and what stands between two such sentences.

    Args:
        sentences: of one chunk, in order.
        about: its title, headings and stored question, a line each, the nearest last.
        trust: whose words they are.
        cleared: tells whether a person has cleared a sentence.
    """
    plain = [_plain(sentence) for sentence in sentences]
    free = [cleared(sentence) for sentence in sentences]
    if trust is Trust.REVIEWED and not any(
        _is_unmistakable(text) for text, clear in zip(plain, free, strict=True) if not clear
    ):
        return frozenset()
    return frozenset(place for place in _suspicious(plain, free, about) if not free[place])


def _suspicious(sentences: Sequence[str], free: Sequence[bool], about: str) -> list[int]:
    """Return the places of what looks planted among the words of others; ``free`` are beyond suspicion."""
    words = [_words(sentence) for sentence in sentences]
    orders = [not clear and is_planted(sentence) for sentence, clear in zip(sentences, free, strict=True)]
    certain = list(orders)
    script = Counter(detect_language(sentence) for sentence in [about, *sentences]).most_common(1)[0][0]
    script = "" if _is_in_other_letters(about) else script
    code = [CODE.search(sentence) is not None for sentence in sentences]
    sample = sum(code) < _ALL_CODE * len(code)  # else code is what the chunk is about
    doubtful = [
        planted or _speaks(sentence) or (sample and coded) or aside
        for sentence, planted, coded, aside in zip(
            sentences, certain, code, _in_other_language(sentences, about), strict=True
        )
    ]
    known = [_words(about), *(w for w, doubt in zip(words, doubtful, strict=True) if not doubt)]
    count = Counter(word for group in known for word in group)  # what is doubtful does not speak for its like
    strange: list[bool] = []
    for place, (sentence, own) in enumerate(zip(sentences, words, strict=True)):
        shared = sum(count[word] > (not doubtful[place]) for word in own) / (len(own) or 1)
        strange.append(not certain[place] and not free[place] and bool(own) and shared < _SHARED)
        certain[place] = certain[place] or (not free[place] and _looks_planted(sentence, strange[place], script))
    _mark_blocks(sentences, certain, strange)
    _spread(sentences, certain, strange, orders)
    return [place for place, planted in enumerate(certain) if planted]


def _in_other_language(sentences: Sequence[str], about: str) -> list[bool]:
    """Return which sentences are not in the language of the heading or question above them, if others are."""
    languages = [detect_language(sentence) for sentence in sentences]
    own = detect_language(about.rpartition("\n")[2])
    return [own in languages and language != own and bool(language) for language in languages]


def _mark_blocks(sentences: Sequence[str], certain: list[bool], strange: Sequence[bool]) -> None:
    """Mark a block of code, from mark to mark, that an order hands over or that is about nothing there."""
    inside = False
    for place, sentence in enumerate(sentences):
        opens = sentence.count("```") % 2 == 1
        if opens and not inside:
            inside = certain[place] or strange[place] or (place > 0 and certain[place - 1])
            certain[place] = inside
        else:
            certain[place] = certain[place] or inside
            inside = inside and not opens


def _plain(sentence: str) -> str:
    """Return a sentence as the patterns are written: no invisible letters, plain widths, simplified Chinese."""
    return simplify(unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", sentence)))


def _is_unmistakable(plain: str) -> bool:
    if not _CERTAIN.search(plain):
        return False
    explained = _DROPPED.search(plain) and A_CASE.search(plain)
    return not explained or _BESIDE_DROPPED.search(plain) is not None


def _is_order(plain: str) -> bool:
    if _ORDERS.search(plain) or _hides_words(plain) or (_TOLD_TO_DROP.search(plain) and not A_CASE.search(plain)):
        return True
    return _REPLY_ORDERS.search(plain) is not None and not _is_for_customers(plain)


def _is_for_customers(plain: str) -> bool:
    """Tell whether what is asked for is a customer's to give or do; a question is none."""
    asked = FOR_CUSTOMERS.search(plain) is not None and not asks(plain)
    return asked and FOR_A_MACHINE.search(plain) is None


def _hides_words(plain: str) -> bool:
    """Tell whether letters of a code are words in base 64 or 16; addresses, ids and checksums are none."""
    return any(_legible(found.group()) for found in ENCODED.finditer(ADDRESS.sub(" ", plain)))


def _legible(code: str) -> bool:
    try:
        decoded = bytes.fromhex(code)
    except ValueError:
        try:
            decoded = base64.b64decode(code + "=" * (-len(code) % 4), validate=True)
        except binascii.Error:
            return False
    text = decoded.decode("utf-8", "replace")
    readable = sum(character.isalpha() or character in " .,:!?'\"-。，" for character in text)
    return " " in text.strip() and readable >= _LEGIBLE * len(text)


def _spread(
    sentences: Sequence[str], certain: list[bool], strange: Sequence[bool], orders: Sequence[bool]
) -> None:
    """Mark what belongs to planted sentences: what they hand over in quotation marks, and what stands by them.

    A strange neighbour of an order to a machine, or of a planted question with its answer ("Q: …" "A: …"), is
    taken for a part of it if it states no fact; one that states a fact only between two planted sentences.
    """
    told = [False] * len(sentences)
    for place in range(1, len(sentences)):
        asked = certain[place - 1] and TRANSCRIPT_QUESTION.match(sentences[place - 1])
        told[place] = bool(asked and strange[place] and TRANSCRIPT_ANSWER.match(sentences[place]))
        certain[place] = certain[place] or told[place]
    opened = ""
    for place, sentence in enumerate(sentences):
        certain[place] = certain[place] or bool(opened)
        if not opened and certain[place] and (found := _OPENS.search(sentence)):
            opened = _CLOSES.get(found.group(1), found.group(1))
            sentence = sentence[found.end() :]
        if opened and sentence.rstrip(" .。?？").endswith(opened):
            opened = ""
    firm = [planted and not asks(sentence) for sentence, planted in zip(sentences, certain, strict=True)]
    for place in range(1, len(sentences) - 1):
        certain[place] = certain[place] or (strange[place] and firm[place - 1] and firm[place + 1])
    for order in (range(len(sentences)), range(len(sentences) - 1, -1, -1)):
        beside = False
        for place in order:
            joined = beside and strange[place] and all(f.kind is Kind.CODE for f in facts(sentences[place]))
            certain[place] = certain[place] or joined
            beside = orders[place] or told[place] or joined


def _looks_planted(sentence: str, strange: bool, script: str) -> bool:
    if script in ("en", "zh"):
        if _is_in_other_letters(sentence):
            return all(fact.kind is Kind.NUMBER for fact in facts(sentence))
        if _is_foreign(sentence):
            return strange
    if not strange or _is_for_customers(sentence):
        return False
    return bool(CODE.search(sentence) or CHAT.search(sentence)) or _speaks(sentence)


def _is_in_other_letters(sentence: str) -> bool:
    letters = sum(map(str.isalpha, sentence))
    return len(OTHER_SCRIPT.findall(sentence)) > OTHER_SCRIPT_SHARE * letters


def _is_foreign(sentence: str) -> bool:
    foreign = len(FOREIGN.findall(sentence))
    return foreign >= FOREIGN_WORDS and foreign > len(ENGLISH.findall(sentence))


def _speaks(sentence: str) -> bool:
    """Tell whether a sentence is somebody's who talks to somebody: a question, work asked for, a speaker's I."""
    return asks(sentence) or any(p.search(sentence) for p in (ASKS_FOR_WORK, SPEAKER))


def _words(text: str) -> frozenset[str]:
    """Return the words that say what a text is about: in Chinese pairs of characters, elsewhere long words."""
    return frozenset(term for term in terms(text) if len(term) >= (4 if term.isascii() else 2))
