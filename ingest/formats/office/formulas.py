"""Formulas of office files (OMML) on one line, as people type them: ``(a + b)/2``, ``x^2``, ``a_n``, ``√(x)``."""

from __future__ import annotations

from typing import Any

_SPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MAX_NESTING = 40

Element = Any  # lxml elements as python-docx and python-pptx subclass them


def write_formula(element: Element, depth: int = 0) -> str:
    """Return the text of a formula or of a part of one; parts nested deeper than can be read are left out."""
    if depth > _MAX_NESTING or not isinstance(element.tag, str):
        return ""
    name = element.tag.removeprefix(_SPACE)
    if name == "t":
        return element.text or ""
    parts = {child.tag.removeprefix(_SPACE): write_formula(child, depth + 1) for child in element}
    base, above, below = parts.get("e", ""), parts.get("sup", ""), parts.get("sub", "")
    if name == "f":
        return f"{_group(parts.get('num', ''))}/{_group(parts.get('den', ''))}"
    if name in ("sSup", "sSub", "sSubSup"):
        return base + (f"_{_group(below)}" if below else "") + (f"^{_group(above)}" if above else "")
    if name == "rad":
        return f"{parts.get('deg', '')}√{_group(base)}"
    if name == "nary":
        sign = _property(element, "naryPr", "chr") or "∫"
        bounds = (f"_{_group(below)}" if below else "") + (f"^{_group(above)}" if above else "")
        return f"{sign}{bounds} {base}"
    if name == "func":
        return f"{parts.get('fName', '')} {base}"
    if name in ("limLow", "limUpp"):
        return f"{base}{'_' if name == 'limLow' else '^'}{_group(parts.get('lim', ''))}"
    if name in ("d", "m", "mr", "eqArr"):
        return _row(element, name, depth)
    return _side_by_side(element, depth)


def _side_by_side(element: Element, depth: int) -> str:
    """Return the parts of an element in a row, blanks where they would read as one: ``1/z dz``, ``x^k y``."""
    written, loose = "", False
    for child in element:
        part = write_formula(child, depth + 1)
        name = child.tag.removeprefix(_SPACE) if isinstance(child.tag, str) else ""
        apart = (loose or name in ("f", "func")) and written[-1:].isalnum() and part[:1].isalnum()
        written += f" {part}" if apart else part
        loose = name in ("f", "func", "sSup", "sSub", "sSubSup") if part else loose
    return written


def _row(element: Element, name: str, depth: int) -> str:
    """Return what stands side by side: in brackets, in a matrix, or as lines of equations."""
    inner = "mr" if name == "m" else "e"
    cells = [write_formula(child, depth + 1) for child in element if child.tag == _SPACE + inner]
    if name != "d":
        return (" " if name == "mr" else "; ").join(cells)
    opening, closing = (_property(element, "dPr", side) for side in ("begChr", "endChr"))
    opening = "(" if opening is None else opening
    return f"{opening}{', '.join(cells)}{')' if closing is None else closing}"


def _group(part: str) -> str:
    """Return a part in brackets, where leaving them out would change what it says."""
    return part if len(part) == 1 or part.isalnum() or (part[:1], part[-1:]) == ("(", ")") else f"({part})"


def _property(element: Element, properties: str, name: str) -> str | None:
    found = element.find(f"{_SPACE}{properties}/{_SPACE}{name}")
    return None if found is None else str(found.get(f"{_SPACE}val") or "")
