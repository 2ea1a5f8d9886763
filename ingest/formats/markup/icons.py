"""What icons say: ticks, crosses, stars and warnings that a page draws by a font or by pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable

_YES = "check checkmark tick ok yes done true correct success"
_NO = "x xmark cross times close remove cancel no false clear ban block wrong prohibit dash-circle slash-circle"
_SIGNS = {
    **dict.fromkeys([*_YES.split(), "check2", "task alt", "done all", "verified", "check all"], "✓"),
    **dict.fromkeys([*_NO.split(), "not allowed", "do not disturb"], "✗"),
    **dict.fromkeys(["star", "star fill", "star rate", "grade"], "★"),
    **dict.fromkeys(["star half", "star half alt", "star half stroke"], "⯪"),
    **dict.fromkeys(["star o", "star empty", "star border", "star outline"], "☆"),
    **dict.fromkeys(["exclamation triangle", "triangle exclamation", "warning", "alert triangle"], "⚠"),
    **dict.fromkeys(["minus", "dash", "horizontal rule"], "–"),
    **dict.fromkeys(["arrow right", "chevron right", "angle right", "caret right", "arrow forward"], "→"),
    **dict.fromkeys(["long arrow right", "keyboard arrow right", "navigate next"], "→"),
    **dict.fromkeys(["infinity", "all inclusive"], "∞"),
}  # fmt: skip
_FAMILIES = re.compile(
    r"^(?:fa[srlbdt]?|la[srlb]?|bi|bxs?|glyphicon|mdi|ti|ion(?:-(?:ios|md))?|ri|ph|uil|icofont|icons?|el-icon"
    r"|anticon|dashicons|feather|lucide|octicon|oi|pi|fe|tabler-icon|ant|van-icon|layui-icon|iconfont|ico|codicon"
    r"|heroicon|emoticon|fi|flaticon|zmdi|typcn|entypo|svg-icon|material-symbols?(?:-outlined|-rounded)?)-(.+)$"
)
_LIGATURES = re.compile(r"^material-(?:icons|symbols)(?:-\w+)?$|^(?:md-)?icon--?material$")
_SHAPES = re.compile(
    r"(?:^| )(?:circle|square|outline[d]?|o|alt|fill(?:ed)?|solid|regular|sharp|rounded?|lg|sm|bold|light|thin"
    r"|duotone|line|large|small|heavy|mark|green|red|16|20|24)(?= |$)"
)
_BOX = re.compile(r"^check-?box[-_]{1,2}(on|off|checked|unchecked|empty)$")
_PLAIN = {
    **dict.fromkeys(["tick", "check", "checkmark", "check-mark", "yes", "true", "included", "available"], "✓"),
    **dict.fromkeys(["cross", "cross-mark", "no", "false", "not-included", "unavailable", "excluded"], "✗"),
}


def icon_sign(classes: Iterable[str]) -> str:
    """Return the sign that an icon of these classes shows; empty for other icons.

    >>> icon_sign(["fa", "fa-check-circle"]), icon_sign(["bi", "bi-x-lg"]), icon_sign(["glyphicon-ok"])
    ('✓', '✗', '✓')
    >>> icon_sign(["fas", "fa-phone"]), icon_sign(["tick"]), icon_sign(["star"])
    ('', '✓', '')
    """
    for name in classes:
        if box := _BOX.match(name.lower()):
            return "☐" if box.group(1) in ("off", "unchecked", "empty") else "☑"
        family = _FAMILIES.match(name.lower())
        sign = sign_named(family.group(1)) if family else _PLAIN.get(name.lower(), "")
        if sign:
            return sign
    return ""


def is_ligature_font(classes: Iterable[str]) -> bool:
    """Tell whether an element shows an icon for the name that it holds as text (``check_circle``)."""
    return any(_LIGATURES.match(name.lower()) for name in classes)


def sign_named(name: str) -> str:
    """Return the sign of an icon's name, whatever shape it is drawn in; empty for other icons."""
    words = re.sub(r"[-_\s]+", " ", name.strip().lower()).strip()
    bare = " ".join(_SHAPES.sub(" ", words).split())
    return _SIGNS.get(words) or _SIGNS.get(bare, "")
