"""Mails inside the text of a mail, forwarded or answered below: each stands under its own subject and day.

Outlook, Gmail, Apple Mail, Thunderbird, QQ and 163 write the head of such a mail as lines of text; what is told is
a run of such lines, whatever stands above it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

from ingest.structure.outline import Outline
from ingest.text.omissions import Omissions
from kb.types import Omitted

_NAMES = {
    "from": "from von de da van 发件人 寄件者 寄件人 發件人",
    "date": "date sent datum gesendet envoyé enviado inviato 发送时间 发件时间 日期 时间 寄件日期 傳送時間",
    "to": "to an à a aan para 收件人 收件者",
    "cc": "cc kopie copie 抄送 副本 reply-to",
    "subject": "subject betreff objet asunto oggetto onderwerp 主题 主旨 標題 標题 主題 标题",
}
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names.split()}
_FIELD = re.compile(
    r"^[\s>*|]*(?P<name>[A-Za-zÀ-ÿ-]{1,12}|[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{1,3})"
    r"\s*\**\s*[:：]\**\s*(?P<value>.*)$"
)
_ABOVE = re.compile(
    r"^[\s>*]*(?:[-_=—]{2,}\s*(?:[^\W\d_][\w \t]{2,40}?)?\s*[-_=—]*|begin forwarded message\s*:"
    r"|开始转发的邮件\s*[:：]|weitergeleitete nachricht\s*:|début du message (?:réexpédié|transféré)\s*:)\s*$",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"^> ?")
_BEGIN, _END = "\ue0f0", "\ue0f1"  # private letters, which no mail holds
_WROTE = re.compile(
    r"^(?P<told>.*(?:\d|@).*?)(?:\b(?:wrote|writes|schrieb(?: .{1,60})?|a écrit|escribió|ha scritto|schreef)"
    r"|写道|寫道|来信|來信)\s*[:：]\s*$",
    re.IGNORECASE,
)
_LONGEST_ATTRIBUTION = 250
_FORWARDED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|转发|轉寄|转)\s*[:：]", re.IGNORECASE)
_WIDE = re.compile(r"[\u4e00-\u9fff]")
_LEVEL = 2
_LEAST = 3  # fields that make a head; a letter may well say who it is from and to


def part_mails(outline: Outline, subject: str, omissions: Omissions) -> Outline:
    """Return the outline with every mail inside the text under a heading: its subject, and the day it was sent.

    Of what a reply quotes below its own words, the mail that it answers is kept; what that one quotes itself
    stands in the mail before, and is noted as left out. A forwarded mail is kept with all that it holds.
    """
    return outline.lines_parted(_Parter(subject, omissions).part)


def mark_quotations(soup: BeautifulSoup) -> None:
    """Put marks where quotations of a mail's page begin and end, which lines of text have in front of them."""
    for quotation in soup.find_all("blockquote"):
        for place, sign in ((0, _BEGIN), (len(quotation.contents) + 1, _END)):
            mark = soup.new_tag("p")
            mark.string = sign
            quotation.insert(place, mark)


class _Parter:
    """Parts the lines of one mail; tables may stand between the stretches that it gets."""

    def __init__(self, subject: str, omissions: Omissions) -> None:
        self._forwards = bool(_FORWARDED.match(subject))
        self._omissions = omissions
        self._depth = 0  # of quotations that are open
        self._has_own = False
        self._answers = False  # whether the mail that this one answers has begun

    def part(self, lines: list[str]) -> Iterator[str | tuple[str, int]]:
        """Yield lines and headings."""
        lines = list(self._marked(lines))
        runs = itertools.groupby(lines, _is_quoted)
        lines = [line for quoted, run in runs for line in _unquoted(list(run), quoted)]
        place = 0
        while place < len(lines):
            head, end = _head(lines, place)
            told, begin = _attribution(lines, place)
            if (head or told) and self._answers and not self._forwards:
                self._omissions.leave(Omitted.QUOTED, "\n".join(lines[place:]))
                return
            if head:
                self._answers = self._has_own
                sent = f" ({head['date']})" if head.get("date") else ""
                yield f"{head['subject']}{sent}", _LEVEL
                yield from (f"{name.capitalize()}: {head[name]}" for name in ("from", "to") if head.get(name))
                yield ""
                place = end
                continue
            if told:
                self._answers = self._has_own
                yield from self._answered(lines[place:begin], told, lines[begin:])
                return
            follows = next((at for at in range(place + 1, min(place + 3, len(lines))) if lines[at].strip()), -1)
            above = _ABOVE.match(lines[place]) and lines[place].strip()
            if not (above and follows > 0 and _head(lines, follows)[0]):
                self._has_own = self._has_own or bool(lines[place].strip())
                yield lines[place]
            place += 1

    def _marked(self, lines: list[str]) -> Iterator[str]:
        """Yield lines with the marks of quotations in front of them."""
        for line in lines:
            if line.strip() in (_BEGIN, _END):
                self._depth = max(0, self._depth + (1 if line.strip() == _BEGIN else -1))
                continue
            yield f"{'>' * self._depth} {line}".rstrip() if self._depth and line.strip() else line

    def _answered(self, above: list[str], attribution: str, lines: list[str]) -> Iterator[str | tuple[str, int]]:
        """Yield the mail that this one answers; where words of this one stand in it, as a quotation."""
        own = itertools.takewhile(lambda line: line.rstrip() != "--", lines)
        between = any(line.strip() and not _is_quoted(line) for line in own) and any(map(_is_quoted, lines))
        deeper: list[str] = []
        inside = [_QUOTE.sub("", line) for line in lines]
        if between:
            yield from above
        else:
            yield f"{'更早的邮件：' if _WIDE.search(attribution) else 'Earlier mail: '}{attribution}", _LEVEL
        for place, line in enumerate(lines):
            bare = line if between else _QUOTE.sub("", line)
            inner = _QUOTE.sub("", line) if _is_quoted(line) else ""
            nested, _ = _attribution(inside, place)
            if not self._forwards and (_is_quoted(inner) or (nested and _is_quoted(line))):
                deeper.append(inner)
            else:
                yield bare
        self._omissions.leave(Omitted.QUOTED, "\n".join(deeper))


def _attribution(lines: list[str], start: int) -> tuple[str, int]:
    """Return who wrote what is quoted from the next line on, and where that begins; empty where nothing is."""
    for end in (start + 1, start + 2):
        bare = " ".join(_QUOTE.sub("", line).strip() for line in lines[start:end])
        found = _WROTE.match(bare) if len(bare) < _LONGEST_ATTRIBUTION and lines[start].strip() else None
        if found is None:
            continue
        following = next((line for line in lines[end:] if line.strip()), "")
        if _is_quoted(following) or "@" in bare:
            return found["told"].strip(" ,，:："), end
    return "", start


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _unquoted(run: list[str], quoted: bool) -> list[str]:
    """Return lines that follow each other, without the marks of a quotation where a whole mail is quoted."""
    bare = [_QUOTE.sub("", line) for line in run] if quoted else run
    return bare if quoted and any(_head(bare, place)[0] for place in range(len(bare))) else run


def _head(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """Return the fields of a mail's head that begins at a line, and where it ends; none where there is none."""
    fields: dict[str, str] = {}
    place = end = start
    while place < len(lines):
        found = _FIELD.match(lines[place])
        role = _ROLE_OF.get(re.sub(r"\s", "", found["name"]).lower(), "") if found else ""
        if role and role not in fields and found is not None:
            fields[role] = found["value"].strip(" *")
            end = place + 1
        elif lines[place].strip() or place == start or place - end > 1:
            break
        place += 1
    whole = len(fields) >= _LEAST and "from" in fields and bool(fields.get("subject"))
    return (fields, end) if whole else ({}, start)
