"""Letters of symbol fonts as the signs that a reader sees: ticks, crosses, check boxes, arrows, Greek letters.

In such fonts (Wingdings, Symbol and their kin) the code of a letter says nothing: the sign at its place in the
font does. Office programs store the code in the private area of Unicode (U+F0FC) or as the letter with the same
code (``ü``), beside the font's name. The signs are Unicode's own for these fonts (L2/12-368, all in the standard
since 7.0), but for variants that differ in weight or shading alone, which become the common sign: every arrow to
the right is ``→``, every tick ``✓``, every empty square to be ticked ``☐``.
"""

from __future__ import annotations

import re

CHECKED, UNCHECKED = "☑", "☐"
"""A check box, ticked and not, in all formats."""

_FIRST = 0x20
_PRIVATE = 0xF000  # where the letters of symbol fonts stand in Unicode's private area
_SIGNS = {
    "symbol": (
        " !∀#∃%&∋()*+,−./0123456789:;<=>?"
        "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
        "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}~ "
        "                                "
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…|—↵"
        "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
        "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭ "
    ),
    "wingdings": (
        " ✏✂✁👓🔔📖🕯☎✆✉✉📪📫📬📭📁📂📄📄📄🗄⌛⌨🖱🖲🖥🖴💾💾✇✍"
        "✍✌👌👍👎☜☞☝☟✋☺😐☹💣☠🏳⚑✈☼💧❄✝✞+✠✡☪☯🕉☸♈♉"
        "♊♋♌♍♎♏♐♑♒♓&&●○■☐☐❑❒◆◆◆❖◆☒⮹⌘❀✿“”▯"
        "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿🙢🙠🙡🙣❧❧❧❧·•"
        "▪○○○○◎○▪☐✦✦★✶✴✹✦⌖⌖◇◇�✪✰🕐🕑🕒🕓🕔🕕🕖🕗🕘"
        "🕙🕚🕛↙↘↖↗⮴⮵⮶⮷□■🙕🙔🙗🙖🙐🙑🙒🙓⌫⌦◀➢▲▼←→↑↓←"
        "→↑↓↖↗↙↘←→↑↓↖↗↙↘⇦⇨⇧⇩↔⇳↖↗↙↘▭▫✗✓☒☑ "
    ),
    "wingdings2": (
        " ✒✒✒✒✄✀☎☎🗅🗆🗇🗈🗉🗊📄🗌🗍📋🗑🗔🖵🖶🖷🖸🖭🖯🖱🖒🖓🖘🖙"
        "🖚🖛👈👉🖜🖝🖞🖟🖠🖡👆👇🖢🖣🖑✗✓☒☑☒☒⊗⊗🚫⊘🙱&🙲🙳‽‽‽"
        "‽🙦🙤🙥🙧❧❧❧❧⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿ "
        "☉🌕☽☾⸿✝+🕜🕝🕞🕟🕠🕡🕢🕣🕤🕥🕦🕧□■⋅○·●○○○○⊙⦿■"
        "■◾■☐□□□□▣□□◆◆◆◆◇◆◈◆◇◊◊◊◊◊◊◖◗○○■◆"
        "⬟⬟⬢⬢⯃⯄+++++++×××××××✱✱✱✱✱✱✱✱✱✱✱✱"
        "✱✱✱✱✱🟀🟂🟄🟆🟉🟊✶🟌🟎🟐🟒✹✦✦✯✦✦⯌⯍※⁂      "
    ),
    "wingdings3": (
        " ←→↑↓↖↗↙↘←→↑↓↖↘↑↓↔↕←→↑↓↓←→←→←→←→"
        "⮐⮑⮒⮓←←⭾⭿←→↑↓⮏⮍⮎⮌○○⎋⌤⌃⌥␣⍽⇪↑←→←→←→"
        "←→←→←→←→↑↓↖↗↙↘↔↕▲▼△▽◀▶◁▷◣◢◤◥◀▶▲ "
        "▼▲▼◀▶←→↑↓←→↑↓←→↑↓←→↑↓←→↑↓←→↑↓←→↑"
        "↓←→↑↓←→←→←→←🢜🢝🢞🢟→←→←→←→↑↓←→↑↓←→↑"
        "↓←→↑↓←→↑↓←→←→←→←→←→↑↓↖↗↙↘←→↑↓↖↗↙"
        "↘←→↑↓↖↗↙↘←→↑↓←→↑↓               "
    ),
    "webdings": (
        " 🕷🕸🕲🕶🏆🎖🖇🗨🗩🗰🗱🌶🎗🙾🙼🗕🗖🗗◀▶▲▼⏪⏩⏮⏭⏸⏹⏺🗚🗳"
        "🛠🏗🏘🏙🏚🏜🏭🏛🏠🏖🏝🛣🔍🏔👁👂🏞🏕🛤🏟🛳🕬🕫🕨🔈🎔🎕🗬🙽🗭🗪🗫"
        "⮔✓🚲☐🛡📦🛱■🚑ℹ🛩🛰✦🕴●🛥🚔○✗❓🛲🚇🚍⛳⊘⊖🚭🗮⏐🗯🗲 "
        "🚹🚺🛉🛊🚼👽🏋⛷🏂🏌🏊🏄🏍🏎🚘🗠🛢💰🏷💳👪🗡🗢🗣✯🖄🖅🖃🖆🖹🖺🖻"
        "🕵🕰🖽🖾📋🗒🗓🕮📚🗞○🗃🗂🖼🎭🎜🎘🎙🎧💿🎞📷🎟🎬📽📹📾📻🎚🎛📺💻"
        "🖥🖦🖧🕹🎮🕻🕼📟🖁🖀🖨🖩🖿🖪🗜🔒🔓🗝📥📤🕳🌣🌤🌥🌦☁🌨🌧🌩🌪🌬🌫"
        "🌜🌡🛋🛏🍽🍸🛎🛍Ⓟ♿🛆🖈🎓🗤🗥🗦🗧🛪🐿🐦🐟🐕🐈🙬🙮🙭🙯🗺🌍🌏🌎🕊"
    ),
}
"""Font to the signs at its codes 0x20 to 0xFF; a blank where it has none."""


def _dingbats() -> str:
    """Return the signs of Zapf Dingbats, which stand in Unicode in the font's own order, but for a few."""
    odd = {0x20: " ", 0x25: "☎", 0x2A: "☛", 0x2B: "☞", 0x34: "✓", 0x35: "✗", 0x36: "✗", 0x38: "✗", 0x48: "★"}
    odd |= {0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x73: "▲", 0x74: "▼", 0x75: "◆", 0x77: "◗"}
    odd |= dict(zip(range(0xA8, 0xD8), "♣♦♥♠" + "①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿" * 2 + "➔→↔↕", strict=True))
    low = [odd.get(code) or chr(code + 0x26E0) for code in range(_FIRST, 0x7F)]
    high = [odd.get(code) or chr(code + 0x26C0) for code in range(0xA1, 0xFF)]
    return "".join([*low, *" " * (0xA1 - 0x7F), *high])


_SIGNS["zapfdingbats"] = _dingbats()
_KIN = {"dingbats": "zapfdingbats", "monotypesorts": "zapfdingbats", "standardsymbols": "symbol"}
_FONTS = re.compile(
    f"(?:itc)?({'|'.join(sorted([*_SIGNS, *_KIN], key=len, reverse=True))})(?:mt|ps|l|regular|std|tt)*"
)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_NO_LETTERS = re.compile(r"[^a-z0-9]")

_ICONS = dict(
    zip("\uf00c\uf00d\uf046\uf057\uf058\uf05a\uf05e\uf071\uf096\uf0c8\uf14a\uf2d3", "✓✗☑✗✓ℹ🚫⚠☐■☑✗", strict=True)
)
"""Of Font Awesome, the icon font that documents bring with them: the signs that say yes, no or beware."""

_OPEN = {
    0xE001: "◆◆◆◆○→✓●○■❒◆❖◆⓿⓪",
    0xE019: "✉✉✍",
    0xE01E: "•❗❓©@",
    0xE024: "®⇨⇩⇦⇧",
    0xE02A: "☎→↓←↑",
    0xE03A: "€",
    0xE080: "‰",
    0xE083: "+<>≤≥",
    0xE089: "∈ƒ…→√√√∥",
    0xE0AA: "❑",
    0xE0AC: "ΓΔΘΛΞΠΣΥΦΨΩαβγδεζηθικλμνξοπρστυφχψωε",
    0xE4C3: "☒☑",
}
"""First private code of a run of OpenSymbol, in which LibreOffice writes its bullets, to the signs shown."""

_FREE = {chr(first + place): sign for first, signs in _OPEN.items() for place, sign in enumerate(signs)}
_FREE["\uf0b7"] = "•"
"""Letters whose font need not be known: those of OpenSymbol, and the bullet of Symbol."""

_LETTERS = re.compile("[\ue000-\uf8ff]")
_EUROPEAN = {ord(letter): letter.encode("cp1252")[0] for letter in "€ƒŠŒŽšœžŸ"}
"""Letters of code page 1252 that stand elsewhere in Unicode; programs write them for their codes there."""

_MEANINGFUL = frozenset("✓✔✗✘✕✖☐☑☒☎✉⚠ℹ🚫👍👎")


def symbol_font(name: str) -> str:
    """Return which symbol font a name means, empty for other fonts.

    >>> symbol_font("ABCDEF+Wingdings-Regular"), symbol_font("SymbolMT"), symbol_font("Segoe UI Symbol")
    ('wingdings', 'symbol', '')
    """
    bare = _NO_LETTERS.sub("", _SUBSET.sub("", name.strip()).lower())
    found = _FONTS.fullmatch(bare)
    if found:
        return _KIN.get(found.group(1), found.group(1))
    return "fontawesome" if bare.startswith(("fontawesome", "fa6", "fa5")) else ""


def read_symbol(code: int, font: str = "") -> str:
    """Return the sign at a code of a symbol font, private (0xF0FC) or not (0xFC); empty where there is none.

    Where the font is not known or no symbol font, private codes are read as Wingdings, which most are.

    >>> read_symbol(0xF0FC, "Wingdings"), read_symbol(0x61, "Symbol"), read_symbol(0x61, "Arial")
    ('✓', 'α', 'a')
    """
    named, letter = symbol_font(font), chr(code) if 0 <= code < 0x110000 else ""
    if named == "fontawesome":
        return _ICONS.get(letter, "")
    if not named and letter in _FREE:
        return _FREE[letter]
    place = code - _PRIVATE if _PRIVATE <= code < _PRIVATE + 0x100 else code
    if not named and place == code:
        return "" if _LETTERS.match(letter) else letter
    signs = _SIGNS[named or "wingdings"]
    place = _EUROPEAN.get(place, place) - _FIRST
    sign = signs[place] if 0 <= place < len(signs) else ""
    if sign.strip() or place == 0:
        return sign
    return letter if code > 0xFF and not _LETTERS.match(letter) else ""


def read_symbols(text: str, font: str = "") -> str:
    r"""Return text with the letters of symbol fonts as their signs; all else as it is.

    Args:
        text: as it is stored.
        font: the font it is set in; letters outside the private area are signs only where it is a symbol font.

    >>> read_symbols("\uf0fc Basic \uf0fb"), read_symbols("ü", "Wingdings"), read_symbols("für", "Arial")
    ('✓ Basic ✗', '✓', 'für')
    """
    if symbol_font(font):
        return "".join(sign if sign.isspace() else read_symbol(ord(sign), font) for sign in text)
    if text.isascii():
        return text
    return _LETTERS.sub(lambda found: read_symbol(ord(found.group())) or found.group(), text)


def bullet(sign: str, font: str = "") -> str:
    r"""Return the mark of a list item: ``-``, and behind it a bullet that says something (a tick, a cross).

    >>> bullet("•"), bullet("\uf0fc", "Wingdings"), bullet("o", "Courier New")
    ('-', '- ✓', '-')
    """
    shown = read_symbols(sign.strip(), font)
    return f"- {shown}" if shown in _MEANINGFUL else "-"
