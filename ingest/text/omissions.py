"""What a loader met and did not take: counted, so that nothing vanishes in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.types import Omission, Omitted

_SENTENCES = {
    Omitted.HIDDEN: "{count} characters of hidden text were left out",
    Omitted.STRUCK: "{count} characters of struck-through text were left out",
    Omitted.DELETED: "{count} characters of deleted text were left out",
    Omitted.COMMENTS: "{count} characters of comments were left out",
    Omitted.QUOTED: "{count} characters of mails that the quoted mail quotes itself were left out",
    Omitted.PICTURES: "{count} pictures without text or description were left out",
    Omitted.DRAFTS: "{count} drafts were left out",
    Omitted.UNKNOWN: "{count} elements that are not known were left out",
}
"""Of reasons that a person should know of: menus and phonetic guides are nothing to look at."""


class Omissions:
    """Gathers what is left out while a file is read.

    >>> left = Omissions()
    >>> left.leave(Omitted.STRUCK, "was $12")
    >>> left.count(Omitted.PICTURES)
    >>> [(omission.reason.value, omission.count) for omission in left]
    [('struck', 6), ('pictures', 1)]
    """

    def __init__(self) -> None:
        self._counts: dict[Omitted, int] = {}
        self._texts: dict[Omitted, list[str]] = {}

    def leave(self, reason: Omitted, text: str) -> None:
        """Note text that is left out; its characters other than white space are counted."""
        count = len("".join(text.split()))
        if count:
            self._counts[reason] = self._counts.get(reason, 0) + count
            self._texts.setdefault(reason, []).append(text)

    def count(self, reason: Omitted, number: int = 1, name: str = "") -> None:
        """Note things that are left out, or characters whose words are not at hand; ``name`` says what."""
        if number:
            self._counts[reason] = self._counts.get(reason, 0) + number
            if name:
                self._texts.setdefault(reason, []).append(name)

    def add(self, omissions: Iterable[Omission]) -> None:
        """Note what somebody else gathered."""
        for omission in omissions:
            self.count(omission.reason, omission.count, omission.text)

    def __iter__(self) -> Iterator[Omission]:
        """Yield one omission a reason."""
        for reason, count in self._counts.items():
            yield Omission(reason, count, "\n".join(self._texts.get(reason, ())))


def sentences(omitted: Iterable[Omission]) -> tuple[str, ...]:
    """Return what a person is told of omissions, a sentence a reason."""
    return tuple(
        _SENTENCES[omission.reason].format(count=omission.count)
        for omission in omitted
        if omission.reason in _SENTENCES and omission.count
    )
