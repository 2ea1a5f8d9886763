"""Lists of several levels: counts their items and writes the marks that a reader sees, one way for all formats.

Loaders read what their format says of a list into ``Level``s; which number comes next, what starts again and how
the mark is written is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.text.number_styles import write_number
from ingest.text.symbols import bullet
from kb.language.text import is_wide

_PLACE = re.compile(r"%([1-9])")
_MOST = 10**9  # a number that no list has; files that state larger ones are broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a list says of its items at one depth.

    Attributes:
        style: of the number (``ingest.text.number_styles``); ``bullet`` and ``none`` have none.
        pattern: the mark around it, ``%1`` for the number of the outermost level and so on (``%1.%2)``); of
            bullets the sign itself.
        start: the first number.
        restarts: 1-based level of which (or of one further out) an item makes this one start again; 0 for none,
            None for any further out.
        plain: whether the numbers of all levels are written in decimal digits here.
        tight: whether the text follows the mark without a blank.
        font: of a bullet's sign.
    """

    style: str = "decimal"
    pattern: str = "%1."
    start: int = 1
    restarts: int | None = None
    plain: bool = False
    tight: bool = False
    font: str = ""


class ListCounter:
    """Counts the items of one list.

    >>> levels = {0: Level(pattern="%1."), 1: Level(style="lowerLetter", pattern="%1.%2)")}
    >>> counter = ListCounter()
    >>> [counter.next(depth, levels) for depth in (0, 1, 1, 0, 1)]
    ['1.', '1.a)', '1.b)', '2.', '2.a)']
    """

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}

    def next(self, depth: int, levels: Mapping[int, Level], number: int | None = None) -> str:
        """Count an item and return its mark: ``-`` for bullets, empty where a reader sees none.

        Args:
            depth: 0 for the outermost level.
            levels: depth to what holds there.
            number: what the item says its number is, None where it goes on counting.
        """
        level = levels.get(depth, Level(style="bullet", pattern=""))
        last = self._numbers.get(depth)
        following = level.start if last is None else last + 1
        self._numbers[depth] = max(-_MOST, min(following if number is None else number, _MOST))
        for deeper in [other for other in self._numbers if other > depth]:
            restarts = levels[deeper].restarts if deeper in levels else None
            if restarts is None or depth < restarts:
                del self._numbers[deeper]
        if level.style == "bullet":
            return bullet(level.pattern, level.font)

        def write(place: re.Match[str]) -> str:
            at = int(place.group(1)) - 1
            outer = levels.get(at, level)
            decimal = level.plain and outer.style not in ("none", "bullet")
            return write_number(self._numbers.get(at, outer.start), "decimal" if decimal else outer.style)

        return _PLACE.sub(write, level.pattern).strip()

    def restart(self, depth: int) -> None:
        """Let the next item at a depth, and all below it, begin at the start again."""
        for other in [other for other in self._numbers if other >= depth]:
            del self._numbers[other]


def marked(mark: str, text: str, tight: bool = False) -> str:
    """Return an item's text behind its mark.

    >>> marked("2.", "Pay the fee"), marked("", "so it is"), marked("第一条", "总则", tight=True)
    ('2. Pay the fee', 'so it is', '第一条总则')
    """
    if not mark:
        return text
    wide = bool(text) and (is_wide(mark[-1]) or is_wide(text[0]))
    return f"{mark}{text}" if tight and wide else f"{mark} {text}"
