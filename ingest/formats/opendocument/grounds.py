"""What OpenDocument text stands on: the colour of its paragraph, cell, row, table, shape or slide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.formats.opendocument.names import q

if TYPE_CHECKING:
    from ingest.formats.opendocument.styles import Element, Look, Styles

_FAMILIES = {
    q("text:style-name"): ("paragraph", "text"),
    q("table:style-name"): ("table-cell", "table-row", "table"),
    q("draw:style-name"): ("graphic", "drawing-page"),
    q("presentation:style-name"): ("presentation",),
}
"""Attribute that names a style to the families it may be of."""
_WHITE = ("#ffffff", "#fefefe")


def is_coloured(element: Element, styles: Styles) -> bool:
    """Tell whether an element stands on a ground that is not white, as far as the file says."""
    for above in (element, *element.iterancestors()):
        for family, name in _named(above):
            ground = _ground(family, name, styles)
            if ground:
                return ground.lower() not in _WHITE
        master = styles.masters.get(str(above.get(q("draw:master-page-name")) or ""))
        if master and (ground := _ground("drawing-page", master, styles)):
            return ground.lower() not in _WHITE
    return False


def _named(element: Element) -> list[tuple[str, str]]:
    """Return the styles of an element: its own, and for a cell that has none the one its row or table sets."""
    found = [
        (family, str(element.get(attribute)))
        for attribute, families in _FAMILIES.items()
        if element.get(attribute)
        for family in families
    ]
    usual = element.get(q("table:default-cell-style-name"))
    return [*found, ("table-cell", str(usual))] if usual else found


def _ground(family: str, name: str, styles: Styles) -> str:
    """Return the colour that a style fills with, "filled" for a picture or a gradient, empty where it does not."""
    for style in styles.chain(family, name):
        for properties in style:
            look: Look = properties.attrib
            fill = look.get(q("draw:fill"), "")
            if fill and fill != "none":
                return (look.get(q("draw:fill-color")) or "filled") if fill == "solid" else "filled"
            colour = look.get(q("fo:background-color"), "transparent")
            if colour != "transparent" and not properties.tag.endswith("}text-properties"):
                return colour
    return ""
