"""Bytes to text: UTF-8, UTF-16, GB18030, Big5 and whatever charset-normalizer recognises."""

from __future__ import annotations

import codecs
from pathlib import Path

from ingest.limits import check_size
from kb.errors import DamagedFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The commonest characters of Chinese texts, simplified and traditional: about one in four of any text is one
# of these when it was decoded right, hardly one in a hundred when it was decoded wrong.
_COMMON = frozenset(
    "的一是不了在人有我他这这个中大来上国和地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "退货换单款品服务客户订如何请问天日期费用支付费商产价元号码这這個來國說時會對過發後裡種貨換單務戶訂請問費產價號碼為與及"
    "，。、；：？！（）“”"
)
_CHINESE_SHARE = 0.08  # of the characters outside ASCII
_SAMPLE_BYTES = 200_000
_MAX_CONTROL_SHARE = 0.10  # of the characters of a text; program files have far more


def read_text(path: Path) -> str:
    """Return the text of a file, its encoding recognised.

    Raises:
        LimitExceeded: it is larger than a text may be.
        DamagedFile: it is not a text.
    """
    check_size(path)
    return decode(path.read_bytes(), path.name)


def decode(content: bytes, name: str, encoding: str = "") -> str:
    """Return ``content`` as text; ``encoding`` is what the file says of itself, tried after UTF-8.

    Raises:
        DamagedFile: it is not a text; the message names the file by ``name``.
    """
    text = content.decode(guess_encoding(content, encoding), errors="replace")
    controls = sum(text.count(chr(code)) for code in (*range(9), *range(14, 32)))
    if controls > _MAX_CONTROL_SHARE * len(text) and controls > 1:
        raise DamagedFile(
            f"{name} is not a text: {controls:,} of {len(text):,} characters are control characters; "
            "give the file the ending of its true format"
        )
    return text


def guess_encoding(content: bytes, declared: str = "") -> str:
    """Return the name of the codec to read ``content`` with."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sample = content[:_SAMPLE_BYTES]
    wide = _guess_utf16(sample)
    if wide:
        return wide
    if _decodes(content, "utf-8"):
        return "utf-8"
    if declared and _known(declared) and _decodes(content, _known(declared)):
        return _known(declared)
    chinese = max(("gb18030", "big5"), key=lambda encoding: _chinese_share(sample, encoding))
    if _chinese_share(sample, chinese) >= _CHINESE_SHARE:
        return chinese
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"


def _known(encoding: str) -> str:
    """Return the codec for a declared name (GB2312 read as its superset), empty where there is none."""
    try:
        name = codecs.lookup(encoding.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    return "gb18030" if name in ("gb2312", "gbk", "hz") else name


def _guess_utf16(sample: bytes) -> str:
    """Return the byte order of UTF-16 without a mark, told by where the zero bytes of ASCII stand."""
    if len(sample) < 4:
        return ""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half // 3 and even < half // 20:
        return "utf-16-le"
    if even > half // 3 and odd < half // 20:
        return "utf-16-be"
    return ""


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _chinese_share(sample: bytes, encoding: str) -> float:
    """Return the share of common Chinese characters among those outside ASCII; 0 for broken bytes."""
    text = sample.decode(encoding, errors="replace")
    wide = [character for character in text if ord(character) > 127]
    if not wide or wide.count("\ufffd") > 0.01 * len(wide) + 1:
        return 0.0
    return sum(character in _COMMON for character in wide) / len(wide)
