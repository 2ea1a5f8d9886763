"""What stands in the place of a picture for who cannot see it."""

from __future__ import annotations

import re

_MADE_UP = re.compile(
    r"description (?:automatically )?generated|AI-generated content|自动生成|自動產生|automatisch generiert",
    re.IGNORECASE,
)
"""What office programs write below descriptions that a machine guessed (``A close up of a logo``)."""

_FILE = re.compile(
    r"^[^\s/\\]+\.(?:png|jpe?g|gif|bmp|tiff?|webp|svg|emf|wmf)$|^https?://\S+$|^[A-Za-z]:\\.*$", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"^(?:picture|image|graphic|object|shape|logo|photo|图片|圖片|图像|图形|grafik|bild)\s*\d*$", re.IGNORECASE
)


def described(description: str, title: str = "", *, alone: bool = True) -> str:
    """Return the description of a picture, or its title; empty where they say nothing of what it shows.

    Args:
        description: as the author wrote it.
        title: of the picture, the description where there is none.
        alone: whether a word or two are enough: for a sign in the cell of a table they are, beside a text they are
            the name of a logo.

    >>> described("Map: the desk is on floor 3"), described("", "Opening hours"), described("image1.png")
    ('Map: the desk is on floor 3', 'Opening hours', '')
    >>> described("Included"), described("Acme Shoes", alone=False)
    ('Included', '')
    """
    for text in (description, title):
        shown = " ".join(text.split())
        if not shown or _MADE_UP.search(shown) or _FILE.match(shown) or _NUMBERED.match(shown):
            continue
        if alone or shown.count(" ") > 1 or not shown.isascii():
            return shown
    return ""
