"""Unicode cleaning that keeps the letters: what a reader sees stays, what no reader sees goes."""

from __future__ import annotations

import re
import unicodedata

from kb.language.radicals import spell_out

# Tag characters: an invisible copy of ASCII, used to smuggle instructions past a reader.
_TAGS = re.compile("[\U000e0000-\U000e007f]+")

# Selectors that follow an ideograph or an emoji choose a shape; a run of them carries hidden bytes.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")

# Soft hyphen, combining grapheme joiner, Arabic letter mark, Mongolian separator, zero-width space, marks and
# embeddings of direction, word joiner and invisible operators, isolates, byte-order mark, interlinear
# annotations, Hangul fillers, C0 and C1 controls but tab and line ends, noncharacters, lone surrogates.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\ufffe\uffff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
)

# Two or three letters that fonts draw as one; PDF programs store them so, and nobody types them.
_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
    }
)

# Joiners spell words in Arabic and Indic scripts (U+0600 to U+0DFF); anywhere else they only hide.
_JOINERS = re.compile("(?<![\u0600-\u0dff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u0dff])")

# Unicode's stream-safe format (UAX #15, section 13) allows 30 marks on one letter; normalising longer runs
# takes quadratic time.
_MAX_MARKS = 30
_MAYBE_MARKS = re.compile(r"[^\x00-\u02ff\u2e80-\u3029\u3030-\ua66e\uac00-\ud7ff\uff00-\uffef]{31,}")

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_WIDE_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INNER_SPACE = re.compile(r"(?<=\S)[ \t]{2,}|(?<=\S)\t")
_LINE_EDGE = re.compile(r"[ \t]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    r"""Return ``text`` normalised (NFC) without invisible characters and with plain white space.

    Lines end in ``\\n``, at most one line between paragraphs is blank, and a line has no double spaces but
    keeps its indentation. Radicals become the characters they stand for. Full-width letters, case and
    punctuation stay as they are. Cleaning twice is cleaning once.
    """
    if not text.isascii():
        text = _drop_invisible(text)
        text = unicodedata.normalize("NFC", _MAYBE_MARKS.sub(_cut_marks, text))
        text = spell_out(_WIDE_SPACE.sub(" ", text).translate(_LIGATURES))
    else:
        text = _INVISIBLE.sub("", text)
    text = _LINE_END.sub("\n", text)
    text = _INNER_SPACE.sub(" ", text)
    text = _BLANK_LINES.sub("\n\n", _LINE_EDGE.sub("", text))
    lines = text.strip("\n").split("\n")
    return "\n".join(lines[:1]).lstrip() + "".join("\n" + line for line in lines[1:])


def clean_line(text: str) -> str:
    """Return ``text`` cleaned and on one line, for titles, headings, questions and cells."""
    if text.isascii() and text.isalnum():  # as most ids are
        return text
    return " ".join(clean(text).split())


def count_hidden(text: str) -> int:
    """Return how many characters of ``text`` carry hidden words: tags, and runs of variation selectors."""
    if text.isascii():
        return 0
    tags = sum(len(run) for run in _TAGS.findall(text))
    return tags + sum(len(run) for run in _SELECTORS.findall(text) if len(run) > 1)


def _drop_invisible(text: str) -> str:
    text = _INVISIBLE.sub("", _TAGS.sub("", text))
    text = _SELECTORS.sub(lambda run: run.group() if len(run.group()) == 1 else "", text)
    return _JOINERS.sub("", text)


def _cut_marks(run: re.Match[str]) -> str:
    """Return the run without the marks past the thirtieth on one letter."""
    kept: list[str] = []
    marks = 0
    for character in run.group():
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)
