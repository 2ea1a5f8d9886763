"""robots.txt by RFC 9309: which paths of a site may be fetched, and how slowly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote

MAX_BYTES = 500_000  # RFC 9309, section 2.5: at least 500 KiB must be read
_LONGEST_DELAY = 60.0  # seconds; a site that asks for more is fetched from at this pace


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site asks of programs.

    Attributes:
        rules: ``(path pattern, allowed)`` of the group that is meant for us.
        delay: seconds between two requests that it asks for, 0 without.
    """

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    def allows(self, path: str) -> bool:
        """Tell whether a path (with its query) may be fetched: the longest rule that fits decides."""
        path = _written_alike(path)
        matching = [(len(rule), allowed) for rule, allowed in self.rules if _pattern(rule).match(path)]
        return max(matching)[1] if matching else True


def read_robots(text: str, agent: str) -> Robots:
    """Return what ``robots.txt`` says to ``agent``, or to all where it has no group for it."""
    name = re.split(r"[^\w-]", agent, maxsplit=1)[0].casefold()
    groups: dict[str, list[tuple[str, str]]] = {}
    named: list[str] = []
    within_names = False
    for line in text.removeprefix("\ufeff").splitlines():
        field, _, value = line.partition("#")[0].partition(":")
        field, value = field.strip().casefold(), value.strip()
        if field == "user-agent":
            named = [*named, value.casefold()] if within_names else [value.casefold()]
            groups.setdefault(named[-1], [])
            within_names = True
        elif field in ("allow", "disallow", "crawl-delay"):
            within_names = False
            for group in named:
                groups[group].append((field, value))
    lines = groups.get(name, groups.get("*", []))
    rules = tuple((value, field == "allow") for field, value in lines if field != "crawl-delay" and value)
    delays = [
        float(value) for field, value in lines if field == "crawl-delay" and re.fullmatch(r"\d+\.?\d*", value)
    ]
    return Robots(rules, min(max(delays, default=0.0), _LONGEST_DELAY))


@cache
def _pattern(rule: str) -> re.Pattern[str]:
    """Return a rule as an expression: ``*`` is anything, a ``$`` at the end is the end."""
    ends = rule.endswith("$")
    parts = [re.escape(_written_alike(part)) for part in re.split(r"\*+", rule.removesuffix("$"))]
    return re.compile(".*?".join(parts) + ("$" if ends else ""), re.DOTALL)


def _written_alike(path: str) -> str:
    """Return a path with its percent signs resolved as far as that keeps its meaning (``%2F`` is no slash)."""
    parts = re.split("%2[Ff]", path)
    return "%2F".join(quote(unquote(part), safe="/?&=+*$:@!(),;~'[]%") for part in parts)
