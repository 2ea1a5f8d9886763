"""Text is read by what its bytes tell, whatever its sender says of them."""

from __future__ import annotations

import base64

import pytest

from ingest.text.decode import decode_bytes, decode_head, guess_encoding

CHINESE = "如何退货？请在收到商品后的七天内联系我们，费用由我们承担。镕"
TRADITIONAL = "如何退貨？請在收到商品後的七天內聯繫我們，費用由我們承擔。喺度"
JAPANESE = "返品は七日以内にお願いします。送料はかかりません。"
KOREAN = "반품은 칠일 이내에 해 주세요. 배송비는 무료입니다."
FRENCH = "Retour gratuit “à domicile” – 14 jours, 5 €."


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (CHINESE, "gbk", "gb2312"),
        (CHINESE, "gbk", "iso-8859-1"),
        (CHINESE, "gb18030", "utf-8"),
        (CHINESE, "gbk", "big5"),
        (CHINESE, "utf-8", "gb2312"),
        (CHINESE, "utf-8", "windows-1252"),
        (CHINESE, "gbk", "x-unknown"),
        (CHINESE, "gbk", ""),
        (TRADITIONAL, "big5hkscs", "big5"),
        (TRADITIONAL, "big5hkscs", "gb2312"),
        (TRADITIONAL, "big5hkscs", ""),
        (FRENCH, "cp1252", "iso-8859-1"),
        (FRENCH, "cp1252", "us-ascii"),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "iso2022_jp", "us-ascii"),
        (JAPANESE, "iso2022_jp", ""),
        (JAPANESE, "euc_jp", "euc-jp"),
        (KOREAN, "iso2022_kr", "utf-8"),
        (KOREAN, "cp949", "euc-kr"),
        (CHINESE[:-1], "hz", "gb2312"),
        (CHINESE[:-1], "hz", ""),
        ("Привет, как вернуть товар?", "cp1251", "windows-1251"),
        ("Plain letters ~{ with a brace ~}.", "ascii", "utf-8"),
    ],
)
def test_declared_wrongly(text: str, encoding: str, declared: str) -> None:
    """Supersets, other encodings and none at all under a declared name give the text that was written."""
    assert decode_bytes(text.encode(encoding), declared) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_marks(encoding: str) -> None:
    """A mark at the beginning, or the zeros of UTF-16, win over what is declared."""
    assert (
        decode_bytes("Price: 5 €, free for members".encode(encoding), "gb2312")
        .lstrip("\ufeff")
        .startswith("Price: 5 €")
    )


def test_chinese_of_iso_2022() -> None:
    """ISO-2022-CN, for which there is no codec, is read line by line."""
    content = b"\x1b$)A" + b"\x0e" + bytes(byte & 0x7F for byte in "退货".encode("gb2312")) + b"\x0f: 7\nok"
    assert decode_bytes(content) == "退货: 7\nok"


def test_spoiled_utf8() -> None:
    """UTF-8 with a byte lost on the way stays UTF-8, the rest of the text is right."""
    text = decode_bytes((CHINESE * 3).encode()[:-1], "gb2312")
    assert text.startswith(CHINESE)
    assert guess_encoding((CHINESE * 3).encode()[:-1]) == "utf-8"


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("=?gb2312?B?" + "zcu79dX+st8=" + "?=", "退货政策"),
        ("=?utf-8?Q?Caf=C3=A9?= =?utf-8?Q?_bar?=", "Café bar"),
        ("=?utf-8?B?6YCA?= =?utf-8?B?6LSn?=", "退货"),
        ("=?utf-8?B?6Y?= broken", None),
        ("Re: =?iso-8859-1?Q?Pre=E7o_5_=80?=", "Re: Preço 5 €"),
        ("退货政策".encode("gbk").decode("ascii", "surrogateescape"), "退货政策"),
        ("Grüße".encode().decode("ascii", "surrogateescape"), "Grüße"),
        ("plain", "plain"),
    ],
)
def test_heads_of_mails(field: str, shown: str | None) -> None:
    """Encoded words, characters cut between two of them, and raw bytes of a mail's head are read."""
    assert decode_head(field) == shown if shown else decode_head(field).endswith("broken")


def test_characters_cut_between_words() -> None:
    """A character whose bytes stand in two encoded words is whole."""
    first, second = (base64.b64encode(part).decode() for part in ("退货".encode()[:4], "退货".encode()[4:]))
    assert decode_head(f"=?utf-8?B?{first}?= =?utf-8?B?{second}?=") == "退货"
