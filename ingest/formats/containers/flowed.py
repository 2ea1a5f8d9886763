"""Paragraphs of mails sent as ``format=flowed`` (RFC 3676): lines that were broken to fit become whole."""

from __future__ import annotations

_SIGNATURE = "-- "


def unflow(text: str, joins_words: bool) -> str:
    r"""Return the text with a line a paragraph.

    Args:
        text: of a part of a mail.
        joins_words: whether the blank at the end of a line was added with the break (``DelSp=yes``), as between
            Chinese characters.

    >>> unflow("Rings can be ex \nchanged once.\n\n> old \n> rule\n", joins_words=True)
    'Rings can be exchanged once.\n\n> oldrule\n'
    """
    paragraphs: list[tuple[int, str]] = []
    depth_open = -1  # quotation depth of the paragraph that goes on
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        shown = line[depth:].removeprefix(" ") if depth or line.startswith((" ", "> ")) else line
        flows = shown.endswith(" ") and shown != _SIGNATURE
        kept = shown[:-1] if flows and joins_words else shown
        if depth_open == depth and shown != _SIGNATURE:
            paragraphs[-1] = (depth, paragraphs[-1][1] + kept)
        else:
            paragraphs.append((depth, kept))
        depth_open = depth if flows else -1
    return "\n".join(f"{'>' * depth}{' ' if depth else ''}{shown}" for depth, shown in paragraphs)
