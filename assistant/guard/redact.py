"""Private data out of what is kept: card, identity, account and telephone numbers, mail, what an account knows.

A number alone does not say what it is. Its shape and check digits count (``assistant.guard.identities``, and the
rules of all countries for telephone numbers), and the nearest word beside it that names one: an order number stays,
whatever it looks like, and a telephone number goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto

from assistant.guard.identities import (
    bare,
    is_aadhaar,
    is_card,
    is_chinese_id,
    is_hkid,
    is_iban,
    is_nino,
    is_nric,
    is_old_chinese_id,
    is_ssn,
)
from assistant.settings import REGIONS

PrivateSpan = tuple[int, int, str]
"""Start, end and what it is."""


class _Named(Enum):
    """What the nearest word beside a number says that it is."""

    PHONE = auto()
    CARD = auto()
    PERSON = auto()
    THING = auto()
    NOTHING = auto()


_NAMING = {
    _Named.PHONE: r"\b(?:tele)?phones?\b|\btel\b|\bmobiles?\b|\bcell(?:phone)?s?\b|\bcall(?:ed|ing|s)?\b|\bring\b|\bdial\b"
    r"|\btext(?:ed)?\b|\bsms\b|\bwhats ?app\b|\breach(?:ed|able)?\b|\bfax\b|\bhotline\b|\blandline\b|\b(?:my|his|her|their"
    r"|contact|home|work) (?:new |old |other )?(?:number|no\.?)|电话|電話|手机|手機|致电|拨打|联系|打给|打到|座机|传真|微信|短信|回电|来电|热线"
    r"|号码是|我的号码|拨",
    _Named.CARD: r"(?:bank|credit|debit|visa|master ?card|amex|union ?pay)(?: ?card)?(?: number| no\.?)?|card (?:number|no\.?)|银行卡"
    r"|信用卡|借记卡|储蓄卡|卡号",
    _Named.PERSON: r"\bssn\b|\bsocial\b|社会安全号|社安号|身份证|身分證|证件号|\bid (?:card|number|no\.?)|\bidentity\b|\bnational id\b"
    r"|\bnric\b|\bfin\b|\bhkid\b|\bni(?:no)?\b|national insurance|aa?dhaar|\bpan\b|\bpassport\b|护照|国民保险",
    _Named.THING: r"\border\b|\borders\b|\binvoices?\b|\breceipt\b|\bskus?\b|\bparts?\b|\bitems?\b|\bmodels?\b|\bserial\b|\btracking\b"
    r"|\bwaybill\b|\bparcel\b|\bshipment\b|\bref(?:erence)?\b|\btickets?\b|\bcase\b|\bbooking\b|\breservation\b|\bpnr\b"
    r"|\bpolicy\b|\bcontract\b|\bversions?\b|\bbuild\b|\bfirmware\b|\barticle\b|\bproduct\b|\bbarcode\b|\bean\b|\bisbn\b"
    r"|\bbatch\b|\blot\b|\bclauses?\b|\bsection\b|\bpage\b|\broom\b|\bflight\b|\btransaction\b|\bquote\b|\bpo\b|\bvoucher\b"
    r"|\bcoupon\b|\bcodes?\b|\bpoints\b|\bamounts?\b|\btotal\b|\bfees?\b|\bdollars\b|\bbetween\b|\brange\b|\bmeter\b|\bmember(?:ship)?\b"
    r"|\bsteps\b|\bkwh\b|\bgift card\b|订单|单号|发票|编号|货号|型号|序列号|运单|物流|流水|合同|保单|版本|条款|批次|房号|航班|积分|金额|票号|优惠码|验证码"
    r"|条码|会员号|电表|读数|取件码|工单|车次|礼品卡|案件|固件|区间|之间",
}
_WORD = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _NAMING.items()), re.IGNORECASE)
_LEFT, _RIGHT = 36, 18  # characters beside a number in which the word that names it may stand
_GOES_ON = re.compile(r"\s*(?:is|was|are|[,，(]|是|为)")  # what goes on about the number: "… is my phone"
_STOP = re.compile(r"[。！？!?;；\n]")

_WIDE = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {"\u3000": " ", "‑": "-", "–": "-", "—": "-"}
)
_ASIDE = r"(?<![A-Za-z0-9_.+-])"  # Chinese letters may touch a number, Latin ones make it a code
_AFTER = r"(?![A-Za-z0-9_])"
_GAP = r"[ .·/-]{0,2}"
_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+ ?@ ?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DIGITS = re.compile(r"(?:\d[\s().·/-]{0,3}){7}")  # fewer are no telephone number


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(_ASIDE + f"(?:{pattern})" + _AFTER, re.IGNORECASE)


_IBAN = _shape(r"[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?")
_CHINESE_ID = _shape(rf"[1-8](?:{_GAP}\d){{16}}{_GAP}[\dX]")
_OLD_CHINESE_ID = _shape(rf"[1-8](?:{_GAP}\d){{14}}")
_CARD = _shape(rf"\d(?:{_GAP}\d){{12,18}}")
_NRIC = _shape(rf"[STFGM]{_GAP}\d(?:{_GAP}\d){{6}}{_GAP}[A-Z]")
_HKID = _shape(r"[A-Z]{1,2}[ -]?\d{3}[ -]?\d{3}[ -]?(?:\([0-9A]\)|[0-9A])")
_NINO = _shape(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d{2}){3}[ -]?[A-D]")
_AADHAAR = _shape(r"[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}")
_PAN = _shape(r"[A-Z]{3}[ABCFGHLJPT][A-Z][ -]?\d{4}[ -]?[A-Z]")
_SSN = _shape(r"\d{3}[ -]?\d{2}[ -]?\d{4}")
_PASSPORT = _shape(r"[A-Z]{1,2} ?\d{7,8}[A-Z]?")
_INTERNATIONAL = re.compile(r"(?<![\w+])\+\d{1,3}(?:[ ().·/-]{0,2}\d){6,12}" + _AFTER)
_CHINESE_MOBILE = _shape(r"1[3-9]\d[ .·-]?\d{4}[ .·-]?\d{4}|1[3-9]\d{2}[ .·-]?\d{3}[ .·-]?\d{4}")
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PAIR = re.compile(r"(\d{4})[ -](\d{4})")
_GROUPED = re.compile(r"\(?0|\(\d|1?[ -.]?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|\d{5}[ -]\d{5}")
_DAY = re.compile(r"(?:19|20)\d{2}[-/. ]?(?:0[1-9]|1[0-2])[-/. ]?(?:[0-2]\d|3[01])(?!\d)")
_LEAST_NAMED = 8  # digits of what a word beside it says is a telephone number, though no plan of numbers has it
_LINE, _NAME_WORDS, _NAME_PART = 6, 4, 4
"""Least characters of an address's line, most words of a name, least letters of its parts: May and Lee are words."""
_LEAST_TRUNK = 10  # digits of a solid number that begins with 0


def redact(
    text: str,
    published: str = "",
    *,
    known: Mapping[str, str] | Iterable[str] = (),
    regions: Sequence[str] = REGIONS,
) -> str:
    """Return ``text`` with private data replaced by what it was, ``[card]``, ``[id]``, ``[phone]``, ``[email]``.

    Args:
        text: what a customer or the assistant wrote.
        published: what the company's documents say: their own numbers and addresses stay.
        known: what the account knows of the customer: values, or by name ``{"name": "Mei Tan", "address": …}``.
        regions: whose national telephone numbers are recognised, ISO 3166 (``CN``).
    """
    if not text:
        return text
    plain, own = text.translate(_WIDE), _named(known)
    taken: list[PrivateSpan] = []
    for start, end, name in _all_found(plain, own, regions):
        if any(start < other_end and end > other for other, other_end, _ in taken):
            continue
        if name not in own and _is_published(plain[start:end], name, published):
            continue
        taken.append((start, end, name))
    for start, end, name in sorted(taken, reverse=True):
        text = f"{text[:start]}[{name}]{text[end:]}"
    return text


def _named(known: Mapping[str, str] | Iterable[str]) -> Mapping[str, Sequence[str]]:
    if isinstance(known, Mapping):
        return {name: [value] for name, value in known.items()}
    values = [known] if isinstance(known, str) else list(known)
    return {"private": values} if values else {}


def _is_published(words: str, name: str, published: str) -> bool:
    if not published:
        return False
    return words in published or (name == "phone" and bare(words) in re.sub(r"\D", "", published))


def _all_found(text: str, known: Mapping[str, Sequence[str]], regions: Sequence[str]) -> Iterator[PrivateSpan]:
    """Yield what is private, the surest first."""
    for name, values in known.items():
        for value in values:
            yield from _known_places(text, value, name)
    yield from (_private_span(match, "email") for match in _EMAIL.finditer(text))
    if not any(map(str.isdigit, text)):
        return
    yield from (_private_span(match, "account") for match in _IBAN.finditer(text) if is_iban(match.group()))
    yield from _ids(text)
    yield from _cards(text)
    yield from _phones(text, regions)


def _private_span(match: re.Match[str], name: str) -> PrivateSpan:
    return match.start(), match.end(), name


def _kind_named(text: str, start: int, end: int) -> _Named:
    """Return what the nearest word beside a number, in its sentence, says that it is; left goes before right."""
    left = _STOP.split(text[max(0, start - _LEFT) : start])[-1]
    for match in reversed(list(_WORD.finditer(left))):
        return _Named[match.lastgroup or ""]
    right = _STOP.split(text[end : end + _RIGHT])[0]
    found = _WORD.search(right) if _GOES_ON.match(right) else None
    return _Named[found.lastgroup or ""] if found else _Named.NOTHING


def _ids(text: str) -> Iterator[PrivateSpan]:
    """Yield numbers of persons."""

    def matches(shape: re.Pattern[str], really: Callable[[str, _Named], bool]) -> Iterator[PrivateSpan]:
        for match in shape.finditer(text):
            says = _kind_named(text, *match.span())
            if says is _Named.THING:
                continue
            if really(match.group(), says):
                yield _private_span(match, "id")

    person = _Named.PERSON
    yield from matches(_CHINESE_ID, lambda w, says: is_chinese_id(w, checked=False))
    yield from matches(_NRIC, lambda w, says: is_nric(w) or says is person)
    yield from matches(_HKID, lambda w, says: is_hkid(w) and ("(" in w or says is person))
    yield from matches(_NINO, lambda w, says: is_nino(w))
    yield from matches(_PAN, lambda w, says: True)
    yield from matches(_AADHAAR, lambda w, says: says is person or (is_aadhaar(w) and bare(w) != w))
    yield from matches(_SSN, lambda w, says: is_ssn(w) and (says is person or w[3] == "-" == w[6]))
    yield from matches(_OLD_CHINESE_ID, lambda w, says: says is person and is_old_chinese_id(w))
    yield from matches(_PASSPORT, lambda w, says: says is person)


def _cards(text: str) -> Iterator[PrivateSpan]:
    for match in _CARD.finditer(text):
        says = _kind_named(text, *match.span())
        length = len(bare(match.group()))
        if (says is not _Named.THING and is_card(match.group())) or (says is _Named.CARD and length > 14):
            yield _private_span(match, "card")


def _phones(text: str, regions: Sequence[str]) -> Iterator[PrivateSpan]:
    if not _DIGITS.search(text):  # most texts: the rules of all regions take milliseconds to read it
        return
    from phonenumbers import Leniency, PhoneNumberMatcher

    for match in (*_INTERNATIONAL.finditer(text), *_CHINESE_MOBILE.finditer(text)):
        if _kind_named(text, *match.span()) is not _Named.THING:
            yield _private_span(match, "phone")
    for region in regions:
        for number in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            if _is_phone(number.raw_string, _kind_named(text, number.start, number.end)):
                yield number.start, number.end, "phone"
        for number in PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE):  # new, foreign or mistyped
            written, says = number.raw_string, _kind_named(text, number.start, number.end)
            if says is _Named.PHONE and len(bare(written)) >= _LEAST_NAMED and not _DAY.match(written):
                yield number.start, number.end, "phone"


def _is_phone(written: str, kind: _Named) -> bool:
    """Tell whether what has the shape of a telephone number is meant as one."""
    if written.startswith(("+", "00")):
        return True
    if kind is _Named.PHONE:
        return True
    if kind is not _Named.NOTHING or _AMOUNT.fullmatch(written):
        return False
    if pair := _PAIR.fullmatch(written):  # 6555 0162; but 2500 4000 and 2024-2025 are amounts and years
        return not all(half.endswith("00") or half.startswith(("19", "20")) for half in pair.groups())
    if written.isdigit():
        return written.startswith("0") and len(written) >= _LEAST_TRUNK
    return _GROUPED.match(written) is not None


def _known_places(text: str, value: str, name: str) -> Iterator[PrivateSpan]:
    """Yield where a value that the account knows stands, as a whole or by parts that tell as much.

    Of a name also its parts, if they are written with a capital; of an address each line with a number.
    """
    for part in _parts_of(value.translate(_WIDE)):
        words = re.findall(r"[^\W_]+", part)
        pattern = r"[\s,，.。;；'’#()/-]*".join(map(re.escape, words))
        left, right = (r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])") if part.isascii() else ("", "")
        for match in re.finditer(left + pattern + right, text, re.IGNORECASE):
            if len(words) > 1 or not part.isascii() or match.group()[:1].isupper() or any(map(str.isdigit, part)):
                yield _private_span(match, name)


def _parts_of(value: str) -> list[str]:
    """Return a value, its lines or turned words, and its longer words, the longest first."""
    words = re.findall(r"[^\W_]+", value)
    if not words:
        return []
    lines = [line for line in re.split(r"[,，;；\n]", value) if any(map(str.isdigit, line))]
    parts = [value, *(line for line in lines if len(line.strip()) >= _LINE)]
    if 1 < len(words) <= _NAME_WORDS and not any(map(str.isdigit, value)):
        parts += [" ".join(reversed(words)), *(word for word in words if len(word) >= _NAME_PART)]
    return sorted({part.strip() for part in parts}, key=len, reverse=True)
