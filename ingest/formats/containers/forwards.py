"""Mails inside the text of a mail, forwarded or answered below: each stands under its own subject and day.

Outlook, Gmail, Apple Mail, Thunderbird, QQ and 163 write the head of such a mail as lines of text; what is told is
a run of such lines, whatever stands above it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from ingest.structure.outline import Outline

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
_LEVEL = 2
_LEAST = 3  # fields that make a head; a letter may well say who it is from and to


def part_forwards(outline: Outline) -> Outline:
    """Return the outline with every mail inside the text under a heading: its subject, and the day it was sent."""
    return outline.lines_parted(_part)


def _part(lines: list[str]) -> Iterator[str | tuple[str, int]]:
    place = 0
    lines = [line for quoted, run in itertools.groupby(lines, _is_quoted) for line in _unquoted(list(run), quoted)]
    while place < len(lines):
        head, end = _head(lines, place)
        if head:
            sent = f" ({head['date']})" if head.get("date") else ""
            yield f"{head['subject']}{sent}", _LEVEL
            yield from (f"{name.capitalize()}: {head[name]}" for name in ("from", "to") if head.get(name))
            yield ""
            place = end
            continue
        follows = next((at for at in range(place + 1, min(place + 3, len(lines))) if lines[at].strip()), -1)
        if not (_ABOVE.match(lines[place]) and lines[place].strip() and follows > 0 and _head(lines, follows)[0]):
            yield lines[place]
        place += 1


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
