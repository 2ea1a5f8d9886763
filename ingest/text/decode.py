"""Bytes to text by what they tell: what a sender declares is one hint among others, and often wrong.

Marks at the beginning and UTF-8 that fits throughout are certain; escapes of ISO-2022 and HZ nearly so. Among the
other encodings the declared one (as its superset) is taken where the text that it gives looks like one; else the
one whose text does most.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from email.header import decode_header
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
# Chosen; tests/ingest/text/test_decode.py holds what they decide.
_CHINESE_SHARE = 0.08  # of the characters outside ASCII
_JAPANESE_SHARE = 0.2  # of the characters outside ASCII that are kana in any Japanese text
_SAMPLE_BYTES = 200_000
_MAX_CONTROL_SHARE = 0.10  # of the characters of a text; program files have far more
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "big5": "big5hkscs", "iso8859-1": "cp1252",
    "ascii": "cp1252", "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "iso2022_jp": "iso2022_jp_ext",
}  # fmt: skip
"""Codecs to those that hold all of them and what senders write besides."""

_ISO_2022 = (
    ("iso2022_kr", re.compile(rb"\x1b\$\)C")),
    ("iso2022_jp_ext", re.compile(rb"\x1b(?:\$[@B]|\$\(D|\([BJI])")),
)
_ISO_2022_CN = re.compile(rb"\x1b\$\)[AG]")
_HZ = re.compile(rb"~\{[\x21-\x77][\x21-\x7e](?:[\x21-\x7e]{2})*~\}")
_WRONG = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")


def read_text(path: Path) -> str:
    """Return the text of a file, its encoding recognised.

    Raises:
        LimitExceeded: it is larger than a text may be.
        DamagedFile: it is not a text.
    """
    check_size(path)
    return decode(path.read_bytes(), path.name)


def decode(content: bytes, name: str, encoding: str = "") -> str:
    """Return ``content`` as text; ``encoding`` is what the file says of itself, or what carries it says of it.

    Raises:
        DamagedFile: it is not a text; the message names the file by ``name``.
    """
    text = decode_bytes(content, encoding)
    controls = sum(text.count(chr(code)) for code in (*range(9), *range(14, 32)))
    if controls > _MAX_CONTROL_SHARE * len(text) and controls > 1:
        raise DamagedFile(
            f"{name} is not a text: {controls:,} of {len(text):,} characters are control characters; "
            "give the file the ending of its true format"
        )
    return text


def decode_bytes(content: bytes, declared: str = "") -> str:
    """Return ``content`` as text, whatever it is; what cannot be read stands as U+FFFD."""
    if content.isascii():
        if b"\x1b" in content and _ISO_2022_CN.search(content):
            return _decode_iso_2022_cn(content)
        for encoding, escape in _ISO_2022 if b"\x1b" in content else ():
            if escape.search(content):
                return content.decode(encoding, errors="replace")
        if _HZ.search(content) and (_codec(declared) == "hz" or _chinese_share(content, "hz") >= _CHINESE_SHARE):
            return content.decode("hz", errors="replace")
    return content.decode(guess_encoding(content, declared), errors="replace")


def decode_head(value: str) -> str:
    """Return a field of a mail's head: its encoded words decoded, raw bytes by what they tell.

    Args:
        value: as Python's parser gives it unparsed, raw bytes as surrogates.
    """
    parts: list[str] = []
    waiting, waits_for = b"", ""
    try:
        words = decode_header(value)
    except (ValueError, LookupError):  # broken base64
        words = [(value, None)]

    def flush() -> None:
        nonlocal waiting
        if waiting:
            parts.append(decode_bytes(waiting, waits_for))
        waiting = b""

    for word, charset in words:
        raw = word.encode("utf-8", "surrogateescape") if isinstance(word, str) else word
        if charset is None or charset.lower() != waits_for:
            flush()
        if charset is None:
            parts.append(_decode_raw(raw))
        else:
            waiting, waits_for = waiting + raw, charset.lower()  # a character may be cut between two words
    flush()
    return "".join(parts)


def _decode_raw(raw: bytes) -> str:
    """Return raw bytes of a head, which ``decode_header`` may have escaped for lack of a charset."""
    if b"\\u" in raw or raw.isascii():
        return raw.decode("raw-unicode-escape", errors="replace") if b"\\u" in raw else raw.decode("ascii")
    return decode_bytes(raw)


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
    if _is_nearly_utf8(sample):
        return "utf-8"
    stated = _codec(declared)
    if stated and _looks_right(content, sample, stated):
        return _SUPERSETS.get(stated, stated)
    chinese = max(("gb18030", "big5hkscs"), key=lambda encoding: _chinese_share(sample, encoding))
    if _chinese_share(sample, chinese) >= _CHINESE_SHARE:
        return chinese
    for japanese in ("cp932", "euc_jp"):
        if _decodes(content, japanese) and _kana_share(sample, japanese) >= _JAPANESE_SHARE:
            return japanese
    if stated and _decodes(content, _SUPERSETS.get(stated, stated)):
        return _SUPERSETS.get(stated, stated)
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"


def _looks_right(content: bytes, sample: bytes, stated: str) -> bool:
    """Tell whether bytes that are no UTF-8 may be in the encoding that is declared of them."""
    encoding = _SUPERSETS.get(stated, stated)
    if encoding in ("utf-8", "utf-8-sig", "ascii", "utf-7") or not _decodes(content, encoding):
        return False
    text = sample.decode(encoding, errors="replace")
    if len(_WRONG.findall(text)) > 0.02 * len([letter for letter in text if ord(letter) > 127]):
        return False
    if encoding in ("gb18030", "big5hkscs"):
        other = "big5hkscs" if encoding == "gb18030" else "gb18030"
        own = _chinese_share(sample, encoding)
        return own >= _CHINESE_SHARE or own >= _chinese_share(sample, other)
    if encoding.startswith(("cp125", "iso8859", "latin", "koi8", "mac")):
        # Chinese bytes fit any of these, and make nonsense; a real text in them is mostly ASCII.
        best = max(_chinese_share(sample, chinese) for chinese in ("gb18030", "big5hkscs"))
        wide = sum(byte > 127 for byte in sample)
        letters = sum(65 <= byte & 0xDF <= 90 for byte in sample)
        return best < _CHINESE_SHARE or (wide < 0.1 * letters and _pairs(sample) < 0.5)
    return True


def _pairs(sample: bytes) -> float:
    """Return the share of the bytes above ASCII that stand beside another one, as all in Chinese texts do."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    wide = sum(map(len, runs))
    return sum(len(run) for run in runs if len(run) > 1) / wide if wide else 0.0


def _codec(encoding: str) -> str:
    """Return the codec for a declared name, empty where there is none."""
    name = re.sub(r"^(?:x-|cs)(?=[a-z])", "", encoding.strip().strip("\"';,").lower())
    try:
        return codecs.lookup({"sjis": "shift_jis", "hz-gb-2312": "hz", "utf8mb4": "utf-8"}.get(name, name)).name
    except (LookupError, ValueError):
        return ""


def _is_nearly_utf8(sample: bytes) -> bool:
    """Tell whether bytes are UTF-8 but for a few that were cut or spoiled on the way."""
    wide = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", sample))
    spoiled = sample.decode("utf-8", errors="replace").count("\ufffd")
    return wide >= 10 and spoiled <= wide // 50 + 1


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
    return _share(sample, encoding, lambda character: character in _COMMON)


def _kana_share(sample: bytes, encoding: str) -> float:
    return _share(sample, encoding, lambda character: "\u3041" <= character <= "\u30fe")


def _share(sample: bytes, encoding: str, counts: Callable[[str], bool]) -> float:
    text = sample.decode(encoding, errors="replace")
    wide = [character for character in text if ord(character) > 127]
    if not wide or wide.count("\ufffd") > 0.01 * len(wide) + 1:
        return 0.0
    return sum(map(counts, wide)) / len(wide)


def _decode_iso_2022_cn(content: bytes) -> str:
    """Return text in ISO-2022-CN (RFC 1922), for which Python has no codec: GB 2312 between SO and SI."""
    parts: list[str] = []
    shifted = False
    for part in re.split(rb"(\x1b\$[)*+].|\x1b[NO]|[\x0e\x0f\n])", content):
        if part in (b"\x0e", b"\x0f", b"\n"):
            shifted = part == b"\x0e"
            parts.append("\n" if part == b"\n" else "")
        elif not part.startswith(b"\x1b"):
            parts.append(
                bytes(byte | 0x80 for byte in part).decode("gb2312", "replace")
                if shifted
                else part.decode("ascii")
            )
    return "".join(parts)
