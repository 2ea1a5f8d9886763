"""What two statements are about, as the names above them tell: title, headings, stored question and file.

Names that are alike but for a few words at one place ("Shipping to Berlin", "Shipping to Paris"; 普通卡, 金卡) are
those of siblings: what they say of themselves differs on purpose. Those of editions ("Returns (old)") are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import unquote

from ingest.lint.statements import ENUMERATION, is_han
from ingest.lint.types import LintDocument
from kb.language.editions import TOKEN, without_edition
from kb.language.text import fold, terms
from kb.types import Chunk

_STATE = "中华人民共和国"  # in front of every law
_LONGEST_NAME = 3  # words of its own by which a sibling is named
_HAN_WORDS = 0.5  # a Chinese character is about half a word; chosen
_NUMBER = re.compile(r"\d")
_PARTS = frozenset(
    terms(
        "overview summary introduction general details notes conditions terms rules faq questions answers "
        "contents help information more other about example examples appendix "
        "概述 概要 简介 总则 说明 须知 常见问题 其他 附录 示例"
    )
)
"""What names a part of a text and not a thing."""
_KINDS = frozenset(
    terms(
        "policy policies agreement handbook guide manual notice page law act regulation document file "
        "政策 协议 手册 指南 条款 规则 公告 通知 办法 规定 条例 法 制度"
    )
)
"""What names a kind of text: two policies are no siblings yet, unless a number or a code tells them apart."""


def told_apart(
    documents: tuple[LintDocument, LintDocument], chunks: tuple[Chunk, Chunk], texts: tuple[str, str]
) -> bool:
    """Tell whether the names above two texts say that they are about different things.

    Args:
        documents: in which they stand; one twice where they stand in one.
        chunks: in which they stand.
        texts: two statements, or the questions of two stored answers.
    """
    texts = fold(texts[0]), fold(texts[1])
    if any(_siblings(ours, theirs, texts) for ours, theirs in _names_above(*chunks)):
        return True
    if documents[0].uri == documents[1].uri:
        return _sections(*chunks, texts)
    return files_apart(*documents, texts)


def files_apart(one: LintDocument, other: LintDocument, texts: tuple[str, str] = ("", "")) -> bool:
    """Tell whether two documents are siblings by the names of their files (``fees-plus``, ``fees-basic``).

    Or of their folders, where the files have one name (``berlin/hours.md``, ``paris/hours.md``).
    """
    ours, theirs = (PurePosixPath(unquote(d.file_uri.rstrip("/"))) for d in (one, other))
    return _siblings(ours.stem, theirs.stem, texts, least=2) or _folders(ours, theirs, texts)


def _folders(one: PurePosixPath, other: PurePosixPath, texts: tuple[str, str]) -> bool:
    """Tell whether files of one name stand in two folders that are named for two things.

    Folders of editions and of languages ("old", "v2", "en") are not.
    """
    if one.name != other.name or len(one.parts) != len(other.parts):
        return False
    apart = [sides for sides in zip(one.parent.parts, other.parent.parts, strict=True) if sides[0] != sides[1]]
    if len(apart) != 1:
        return False
    if any(without_edition(f"{one.stem} {fold(folder)}") == fold(one.stem) for folder in apart[0]):
        return False
    ours, theirs = apart[0]
    return _siblings(ours, theirs, texts, least=2) or _named_apart(_tokens(ours), _tokens(theirs), texts)


def _names_above(ours: Chunk, theirs: Chunk) -> Iterator[tuple[str, str]]:
    """Yield the names that stand at the same place above two chunks."""
    yield _title(ours.title), _title(theirs.title)
    yield from zip(ours.headings, theirs.headings, strict=False)
    if ours.headings and theirs.headings and len(ours.headings) != len(theirs.headings):
        yield ours.headings[-1], theirs.headings[-1]
    if ours.question and theirs.question:
        yield ours.question, theirs.question


def _title(title: str) -> str:
    """Return a title, without its ending where it is a file's name."""
    return title if " " in title else re.sub(r"\.[A-Za-z]\w{1,4}$", "", title)


def _siblings(one: str, other: str, texts: tuple[str, str], least: int = 1) -> bool:
    """Tell whether two names are alike but for words of their own that the statements do not repeat.

    Args:
        one: a name.
        other: another.
        texts: the statements, folded; one that says itself what it is about is about that under any name.
        least: characters of what tells them apart; a letter behind the name of a file says nothing.
    """
    ours, theirs = _tokens(one), _tokens(other)
    before = _alike(ours, theirs)
    after = _alike(ours[before:][::-1], theirs[before:][::-1])
    shared = {token for token in (*ours[:before], *ours[len(ours) - after :]) if token.isalpha()} - small_words()
    own = [(tokens, before, len(tokens) - after) for tokens in (ours, theirs)]
    parts = ["".join(tokens[a:b]) for tokens, a, b in own]
    if not shared or any(map(is_han, parts[0])) != any(map(is_han, parts[1])):
        return False  # one may translate the other
    if shared <= _KINDS | _PARTS and not all(_NUMBER.search(part) for part in parts):
        return False
    return all(_may_name(tokens[a:b], least) for tokens, a, b in own) and not any(
        all(_says(text, tokens, a, b) for text in texts) for tokens, a, b in own
    )


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words two names begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _sections(one: Chunk, other: Chunk, texts: tuple[str, str]) -> bool:
    """Tell whether two chunks of one document stand under the names of two things ("Berlin", "Paris")."""
    ours, theirs = one.headings, other.headings
    if len(ours) != len(theirs) or not ours or ours[:-1] != theirs[:-1]:
        return False
    return _named_apart(_tokens(ours[-1]), _tokens(theirs[-1]), texts)


def _named_apart(ours: Sequence[str], theirs: Sequence[str], texts: tuple[str, str]) -> bool:
    """Tell whether two names without a word in common may be two things' that the statements do not name."""
    if set(ours) & set(theirs):
        return False  # named alike: looked at already
    return all(_may_name(side, 1) and not set(side) & _PARTS for side in (ours, theirs)) and not any(
        all(_says(text, side, 0, len(side)) for text in texts) for side in (ours, theirs)
    )


def _tokens(name: str) -> list[str]:
    """Return the words of a name, stemmed, and its Chinese characters, without what tells editions apart."""
    words = TOKEN.findall(without_edition(ENUMERATION.sub("", fold(name))).replace(_STATE, ""))
    stems = [(word, terms(word)) for word in words]
    return [stem[0] if len(stem) == 1 else word for word, stem in stems]


def _may_name(own: Sequence[str], least: int) -> bool:
    """Tell whether the words that only one of two names has may be a thing's name."""
    length = sum(_HAN_WORDS if is_han(token) else 1.0 for token in own)
    return (
        0 < length <= _LONGEST_NAME
        and not set(own) <= small_words()
        and not _is_kind(own)
        and (len("".join(own)) >= least or any(map(is_han, own)))
    )


def _is_kind(own: Sequence[str]) -> bool:
    """Tell whether words are a kind or a part of a text; one Chinese character is not (法 of 法国)."""
    words = {token for token in own if not is_han(token)}
    han = "".join(token for token in own if is_han(token))
    return words <= _KINDS | _PARTS and (not han or (len(han) > 1 and han in _KINDS | _PARTS))


def _says(text: str, tokens: Sequence[str], start: int, end: int) -> bool:
    """Tell whether a text says what stands at ``tokens[start:end]``; one Chinese character with one beside it."""
    own = tokens[start:end]
    if not all(map(is_han, own)):
        return set(own) <= {*terms(text), *small_words()}
    if len(own) > 1:
        return "".join(own) in text
    pairs = [tokens[start : end + 1], tokens[max(0, start - 1) : end]]
    return any(len(pair) > 1 and "".join(pair) in text for pair in pairs)


@cache
def small_words() -> frozenset[str]:
    """Return words that name nothing, as terms."""
    english = (
        "a an the of to in on at for with by from and or is are was be been being will would shall should must "
        "may might can could have has had do does did going it its this that these those there here we us our "
        "you your they their them he his who which when while where if as than then so also just within before "
        "after until during about over under up out only all any each every such other same"
    )
    return frozenset(terms(english)) | frozenset(
        "的了在是和与及或者也都就还而于由被把让向对从到将会能可须应当以并且其该此这那些则即"
    )
