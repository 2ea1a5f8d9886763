"""Characters and straight lines of a PDF page for pdfplumber, with only what the search for tables looks at."""

from __future__ import annotations

from typing import Any

from pdfminer.layout import LTChar, LTCurve, LTItem, LTLine, LTRect
from pdfplumber.page import Page

_MEASURES = ("x0", "x1", "y0", "y1", "width", "height", "size", "upright")


class PlainPage(Page):
    """A page whose objects have places and texts, no colours, fonts or marks: half as long to make."""

    @classmethod
    def of(cls, page: Page) -> PlainPage:
        """Return the same page of the same file."""
        return cls(page.pdf, page.page_obj, page.page_number, page.initial_doctop)

    def process_object(self, obj: LTItem) -> dict[str, Any]:
        """Return the place of an object in points, from the left and top of the page (overrides pdfplumber's)."""
        held = obj.__dict__
        made = {name: held[name] for name in _MEASURES if name in held}
        left, above = self.mediabox[0], self.mediabox[1] + self.height
        if isinstance(obj, LTChar):
            made |= {"object_type": "char", "text": obj.get_text()}
        elif isinstance(obj, LTLine):
            made["object_type"] = "line"
        elif isinstance(obj, LTRect):
            made["object_type"] = "rect"
        elif isinstance(obj, LTCurve):
            made |= {"object_type": "curve", "pts": [(left + x, above - y) for x, y in obj.pts]}
        else:
            made["object_type"] = "other"
        if "x0" in made:
            made["x0"], made["x1"] = made["x0"] + left, made["x1"] + left
            made["top"], made["bottom"] = above - made["y1"], above - made["y0"]
            made["doctop"] = self.initial_doctop + made["top"]
        return made
