"""robots.txt by RFC 9309: which pages of a site may be fetched, and how slowly. Protego reads it."""

from __future__ import annotations

from protego import Protego

MAX_BYTES = 500_000  # RFC 9309, section 2.5: at least 500 KiB must be read
_LONGEST_DELAY = 60.0  # seconds; chosen: a site that asks for more is fetched from at this pace


class Robots:
    """What a site asks of one program.

    Attributes:
        delay: seconds between two requests that it asks for, 0 without.
    """

    def __init__(self, text: str, agent: str) -> None:
        """Read the rules.

        Args:
            text: of the file; empty where a site has none.
            agent: what our requests say they are; where no group of rules names it, those for all programs hold.
        """
        self._rules = Protego.parse(text.removeprefix("\ufeff"))  # with the mark, its first group would be lost
        self._agent = agent
        self.delay = min(self._rules.crawl_delay(agent) or 0.0, _LONGEST_DELAY)

    def allows(self, url: str) -> bool:
        """Tell whether an address may be fetched: the longest rule that fits its path and query decides."""
        return self._rules.can_fetch(url, self._agent)
