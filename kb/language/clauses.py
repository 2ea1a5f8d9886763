"""Clauses that are named by their number: "clause 2.2", "section 4(b)", 第十二条, "item 甲"."""

from __future__ import annotations

import re

from kb.language.numerals import chinese_number
from kb.language.text import fold, simplify

_KIND = "clause|section|article|paragraph|item|point|step|rule|annex|appendix|schedule|条款|项目|附件"
_NUMBER = r"\d+(?:\.\d+)*(?:\s?\([a-z0-9]\))?"
_HAN = "[一二三四五六七八九十百零〇]+"
_UNIT = "条|章|节|款|项|步|点|部分"
_NAMED = re.compile(
    rf"(?:{_KIND}|§)\s*(?:no\.?|number)?\s*({_NUMBER}|[甲乙丙丁戊己庚辛]|{_HAN})(?![\w.]*\d)"
    rf"|第\s*({_NUMBER}|{_HAN})\s*(?:{_UNIT})|^\W*({_NUMBER})\s*(?:{_UNIT})",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    rf"[\s*#(（]*(?:(?:{_KIND}|§)\s*)?(?:第\s*({_NUMBER}|{_HAN})\s*(?:{_UNIT})"
    rf"|({_NUMBER}|[甲乙丙丁戊己庚辛]|{_HAN}(?=[、.．）)]))(?=[\s.:：、)）．]|$))",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"what|which|does|do|say|says|state|states|is|are|in|the|of|about|please|show|me|read|tell|us|content|contents"
    r"|contain|contains|mean|means|under|according|to|and|a|there|written|can|you|give|text|wording"
    r"|[说了什么是内容规定讲的请问怎写告诉我看一下有哪些里在中]"
)


def named_clause(question: str) -> str:
    """Return the number of the clause whose words a question asks for, in digits; empty if it asks for none.

    >>> [named_clause(q) for q in ("What does clause 2.2 say?", "第十二条说了什么", "Is clause 2.2 fair?")]
    ['2.2', '12', '']
    """
    plain = simplify(fold(question))
    found = _NAMED.search(plain)
    if found is None:
        return ""
    rest = plain[: found.start()] + " " + plain[found.end() :]
    if any(not _ASKING.fullmatch(word) for word in re.findall(r"[a-z]+|[^\W\d_]", rest)):
        return ""
    return _in_digits(next(number for number in found.groups() if number))


def is_clause(line: str, number: str) -> bool:
    """Tell whether a line or a heading begins with the number of a clause.

    >>> is_clause("2.2 A berth", "2.2"), is_clause("2.21 A berth", "2.2"), is_clause("第十二条 期限", "12")
    (True, False, True)
    """
    begun = _BEGINS.match(simplify(fold(line)))
    return begun is not None and _in_digits(next(part for part in begun.groups() if part)) == number


def _in_digits(number: str) -> str:
    number = number.replace(" ", "")
    value = chinese_number(number) if re.fullmatch(_HAN, number) else None
    return number if value is None else str(int(value))
