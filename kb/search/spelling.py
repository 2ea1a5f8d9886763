"""Words that stand nowhere in the documents and are no words of the language: set right where one letter is wrong.

Norvig 2007, "How to Write a Spelling Corrector": all texts one edit away are made (Damerau's four kinds) and those
that the documents hold are looked up; the most frequent one wins. Only unknown words are touched: a real word that
the documents happen not to hold ("paint") must not become one that they do ("point").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kb.language.text import stem

_LEAST = 5  # letters; shorter words have neighbours by chance
_MOST = 20  # letters; longer ones are no words
_MOST_WORDS = 6  # corrected in a question, at most: a text in another language is not a text full of typos
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(rf"(?<![\w.@/:-])[A-Za-z]{{{_LEAST},{_MOST}}}(?![\w@/]|[-.:]\w)")

Frequencies = Callable[[Sequence[str]], Sequence[int]]
"""Terms -> in how many chunks each stands."""


def corrected(text: str, frequencies: Frequencies, is_word: Callable[[str], bool]) -> str:
    """Return the text with its misspelt words set right; itself where there are none.

    Args:
        text: a question.
        frequencies: looks up what the documents hold.
        is_word: tells whether a word in lower case is one of the language, in the documents or not.
    """
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(text)))
    counts = frequencies([stem(word) for word in words]) if words else []
    unknown = [word for word, count in zip(words, counts, strict=True) if not count and not is_word(word)]
    if not 0 < len(unknown) <= _MOST_WORDS:
        return text
    better = {word: found for word in unknown if (found := _nearest(word, frequencies))}
    return _WORD.sub(lambda found: better.get(found.group().lower(), found.group()), text)


def _nearest(word: str, frequencies: Frequencies) -> str:
    """Return the most frequent word one edit away that the documents hold, empty where there is none."""
    by_term: dict[str, str] = {}
    for other in _one_edit_away(word):
        by_term.setdefault(stem(other), other)
    counts = frequencies(list(by_term))
    best, count = max(zip(by_term.values(), counts, strict=True), key=lambda pair: pair[1])
    return best if count else ""


def _one_edit_away(word: str) -> list[str]:
    """Return what one swap, loss, change or addition of a letter makes of a word, its first letter kept."""
    halves = [(word[:i], word[i:]) for i in range(1, len(word) + 1)]
    swapped = [a[:-1] + b[0] + a[-1] + b[1:] for a, b in halves if b]
    lost = [a + b[1:] for a, b in halves if b]
    added = [a + letter + b for a, b in halves for letter in _LETTERS]
    changed = [a + letter + b[1:] for a, b in halves if b for letter in _LETTERS]
    return [*swapped, *lost, *added, *changed]
