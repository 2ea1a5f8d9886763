"""Elements that a reader sees as signs or words become text: raised digits, icons, pictures, fields, links.

Each is replaced in the tree, so that whoever walks over it afterwards meets text alone. What becomes of it is
decided for all formats in ``ingest.text.inline``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urljoin, urlsplit

from bs4.element import NavigableString, Tag

from ingest.formats.markup.icons import icon_sign, is_ligature_font, sign_named
from ingest.formats.markup.inline import BLOCKS, inline_text
from ingest.formats.markup.lists import write_tasks
from ingest.formats.markup.styles import Styles
from ingest.formats.markup.visible import leave
from ingest.formats.markup.walk import is_gone
from ingest.text.inline import linked, lowered, raised
from ingest.text.omissions import Omissions
from ingest.text.symbols import read_symbols, symbol_font
from kb.types import Omitted

_STRUCK_NAMES = re.compile(
    r"^(?:line-through|text-decoration-line-through|strike-?through|struck|strike)$", re.IGNORECASE
)
_PERMALINK = re.compile(r"^[\s#¶§🔗⚓∞]*$")
_SIGNS_ONLY = re.compile(r"^[^\w]*$")
_SIGN_HOLDERS = frozenset(["i", "span", "em", "b", "div", "td", "a", "svg", "use", "abbr", "p", "li", "figure"])
_SPACER = re.compile(r"^[01](?:px)?$")
_MANY_CHOICES = 30  # of an open list: a longer one names countries or years
_REDIRECTS = {"www.google.com": "q", "google.com": "q", "l.facebook.com": "u", "link.zhihu.com": "target"}
_SAFE_LINK = ".safelinks.protection.outlook.com"


def drop_struck(root: Tag, styles: Styles, omissions: Omissions) -> None:
    """Take out what is struck through, and the reading aids of characters."""
    for element in root.find_all(True):
        if is_gone(element):
            continue
        if element.name in ("s", "strike", "del"):
            leave(element, Omitted.STRUCK, omissions)
        elif element.name in ("rt", "rp", "rtc"):
            leave(element, Omitted.PHONETIC, omissions)
        elif any(name == "msodel" for name in _classes(element)):
            leave(element, Omitted.DELETED, omissions)
        else:
            style = styles.of(element)
            line = style.get("text-decoration", "") + style.get("text-decoration-line", "")
            if "line-through" in line or any(_STRUCK_NAMES.match(name) for name in _classes(element)):
                leave(element, Omitted.STRUCK, omissions)


def write_marks(root: Tag, styles: Styles, omissions: Omissions, base: str = "") -> None:
    """Replace signs, pictures, fields and links below ``root`` by text.

    Args:
        root: of a page.
        styles: of the page.
        omissions: pictures that say nothing are noted there.
        base: address of the page, for links that are told from there; empty for files.
    """
    _write_symbols(root, styles)
    write_tasks(root)
    for element in root.find_all(True):
        if is_gone(element):
            continue
        write = _WRITERS.get(element.name)
        if write is not None:
            write(element, omissions)
        elif element.get("role") in ("checkbox", "radio", "switch") and element.get("aria-checked"):
            element.insert(0, NavigableString(f" {'☑' if element['aria-checked'] == 'true' else '☐'} "))
        elif not element.contents or is_ligature_font(_classes(element)):
            _write_icon(element)
        elif element.get("role") == "img" or (element.get("aria-label") and _SIGNS_ONLY.match(element.get_text())):
            _write_label(element)
    for where, element, content in styles.generated:
        _write_generated(where, element, content, root)
    for element in root.find_all(["a", "area"]):
        _write_link(element, base)
    # Raised text is told by what stands before it, which must be written by then.
    for element in root.find_all(True):
        place = _place(element, styles)
        if place and not is_gone(element):
            text = "".join(inline_text(element).split("\n"))
            write_text = raised if place == "super" else lowered
            element.replace_with(NavigableString(write_text(text, text_before(element))))


def _write_symbols(root: Tag, styles: Styles) -> None:
    """Write what letters show that an office program set in a symbol font: a tick for ``ü`` of Wingdings."""
    for element in root.find_all(True):
        font = _font(element, styles)
        if symbol_font(font) in ("", "fontawesome"):  # which page authors name for all text, before other fonts
            continue
        below = list(element.children)
        while below:
            node = below.pop()
            if type(node) is NavigableString:
                node.replace_with(NavigableString(read_symbols(str(node), font)))
            elif isinstance(node, Tag) and not _font(node, styles):
                below.extend(node.children)


def _font(element: Tag, styles: Styles) -> str:
    """Return the first font that an element names itself; empty where it names none."""
    named = styles.of(element).get("font-family") or (
        str(element.get("face") or "") if element.name == "font" else ""
    )
    return named.partition(",")[0].strip(" '\"")


def text_before(element: Tag) -> str:
    """Return the last letters before an element on its line, empty where it begins one."""
    for node in element.previous_elements:
        if isinstance(node, Tag):
            if node.name == "br" or (node.name in BLOCKS and any(above is node for above in element.parents)):
                return ""
        elif type(node) is NavigableString and node:
            return str(node)
    return ""


def _place(element: Tag, styles: Styles) -> str:
    """Return whether an element is raised or lowered: ``super``, ``sub`` or empty."""
    align = styles.of(element).get("vertical-align", "")
    if element.name in ("sup", "sub"):
        return "" if align == "baseline" else "super" if element.name == "sup" else "sub"
    if element.name in ("mn", "mi", "mo", "mrow", "mtext") and element.parent is not None:
        parts = [part for part in element.parent.children if isinstance(part, Tag)]
        if len(parts) == 2 and parts[1] is element:
            return {"msup": "super", "msub": "sub"}.get(element.parent.name, "")
    if element.name in ("span", "a", "font", "small", "b", "i", "em", "strong") and align in (
        "super",
        "sub",
        "text-top",
    ):
        return "sub" if align == "sub" else "super"
    return ""


def _write_icon(element: Tag) -> None:
    """Write what an element without text shows: its label, its title, the sign of its class."""
    if element.name not in _SIGN_HOLDERS and "-" not in element.name:  # hyphens name a page's own elements
        return
    if any(above.name == "button" for above in element.parents):
        return
    label = _label(element)
    if element.name == "a" and not label:
        return
    name = (
        element.get_text()
        if is_ligature_font(_classes(element))
        else str(element.get("name") or element.get("icon") or "")
    )
    sign = sign_named(name) if name else icon_sign(_classes(element))
    if sign == "→" and not _stands_between(element):
        sign = ""
    text = label or sign
    if is_ligature_font(_classes(element)):
        element.clear()
    if text:
        element.append(NavigableString(f" {text} "))


def _write_label(element: Tag) -> None:
    """Write the label of an element that shows signs or a picture: ``✔`` that is called ``included``."""
    label = _label(element)
    shown = " ".join(element.get_text(" ").split())
    if label and label.casefold() not in shown.casefold():
        element.append(NavigableString(f" {label} "))


def _write_svg(element: Tag, omissions: Omissions) -> None:
    """Write what a drawing says: its label or title, its texts, the icon that it uses."""
    title = element.find(["title", "desc"])
    label = _label(element) or (title.get_text(" ", strip=True) if isinstance(title, Tag) else "")
    texts = [text.get_text(" ", strip=True) for text in element.find_all("text")]
    use = element.find("use")
    link = str((use.get("href") or use.get("xlink:href")) if isinstance(use, Tag) else "").rpartition("#")[2]
    sign = icon_sign([*_classes(element), link, f"icon-{link}"]) if not label and not texts else ""
    if sign == "→" and not _stands_between(element):
        sign = ""
    in_button = any(above.name == "button" for above in element.parents)
    said = " ".join([label, *texts]) if not in_button else " ".join(texts)
    element.replace_with(NavigableString(f" {said or ('' if in_button else sign)} "))


def _write_picture(element: Tag, omissions: Omissions) -> None:
    sign = icon_sign(name for name in _classes(element) if name.startswith("emoticon-"))  # Confluence: "(error)"
    text = sign or str(element.get("alt") or "").strip() or _label(element)
    sizes = [str(element.get(name) or "") for name in ("width", "height")]
    if not text and not element.has_attr("alt") and not any(map(_SPACER.match, sizes)):
        omissions.count(Omitted.PICTURES, name=str(element.get("src") or "")[:200].rpartition("/")[2])
    element.replace_with(NavigableString(f" {text} "))


def _write_input(element: Tag, omissions: Omissions) -> None:
    kind = str(element.get("type") or "text").lower()
    value = str(element.get("value") or "")
    if kind in ("checkbox", "radio"):
        signs = "☑☐" if kind == "checkbox" else "◉○"
        value = signs[0 if element.has_attr("checked") else 1]
    elif kind in ("hidden", "password", "file", "submit", "button", "reset", "image", "search", "email"):
        value = ""
    element.replace_with(NavigableString(f" {value} "))


def _write_choices(element: Tag, omissions: Omissions) -> None:
    """Write what is chosen; where nothing is, what a closed list shows first, or all of an open one."""
    options = element.find_all("option")
    chosen = [option for option in options if option.has_attr("selected")]
    if not chosen and not element.has_attr("multiple") and str(element.get("size") or "1") in ("", "0", "1"):
        chosen = [option for option in options if not option.has_attr("disabled")][:1]
        if chosen and chosen[0].get("value") == "":
            chosen = []  # it asks for a choice
    elif not chosen:
        chosen = options[:_MANY_CHOICES]
    words = [" ".join(option.get_text(" ").split()) for option in chosen]
    others = (option.get_text(" ") for option in options if not any(option is one for one in chosen))
    omissions.leave(Omitted.SURROUNDINGS, " ".join(others))
    element.replace_with(NavigableString(f" {', '.join(filter(None, words))} "))


def _write_typed(element: Tag, omissions: Omissions) -> None:
    element.replace_with(NavigableString(f" {element.get_text()} "))


def _write_quote(element: Tag, omissions: Omissions) -> None:
    element.insert(0, NavigableString("“"))
    element.append(NavigableString("”"))


def _write_abbreviation(element: Tag, omissions: Omissions) -> None:
    title = " ".join(str(element.get("title") or "").split())
    shown = element.get_text(" ", strip=True)
    if title and title.casefold() not in shown.casefold():
        element.append(NavigableString(f" ({title})" if shown else title))


def _write_time(element: Tag, omissions: Omissions) -> None:
    if not element.get_text(strip=True) and element.get("datetime"):
        element.append(NavigableString(str(element["datetime"])))


def _write_meter(element: Tag, omissions: Omissions) -> None:
    if not element.get_text(strip=True) and element.get("value"):
        most = f" / {element['max']}" if element.get("max") else ""
        element.replace_with(NavigableString(f" {element['value']}{most} "))


def _write_fraction(element: Tag, omissions: Omissions) -> None:
    parts = [part for part in element.children if isinstance(part, Tag)]
    if len(parts) == 2:
        parts[0].insert_after(NavigableString("/"))


def _drop_source(element: Tag, omissions: Omissions) -> None:
    element.decompose()  # of a formula: the same again, for programs


def _write_frame(element: Tag, omissions: Omissions) -> None:
    """Write the page that a frame carries with it; one that is elsewhere is named as not known."""
    markup = str(element.get("srcdoc") or "")
    if markup:
        from ingest.formats.markup.tree import parse

        inner = parse(markup)
        for part in inner.select("script, style, title, template"):
            part.decompose()
        element.replace_with(inner.body or inner)
        if inner.body is not None:
            inner.body.name = "div"
        return
    sizes = [str(element.get(name) or "") for name in ("width", "height")]
    address = str(element.get("src") or "")
    if address and not any(map(_SPACER.match, sizes)) and "googletagmanager" not in address:
        omissions.count(Omitted.UNKNOWN, name=f"iframe {address[:200]}")
    element.replace_with(NavigableString(f" {_label(element)} "))


def _drop_fallback(element: Tag, omissions: Omissions) -> None:
    """Take out what is shown only where a player fails; its label stays."""
    leave_text = element.get_text(" ", strip=True)
    if leave_text:
        omissions.leave(Omitted.HIDDEN, leave_text)
    element.replace_with(NavigableString(f" {_label(element)} "))


_WRITERS: dict[str, Callable[[Tag, Omissions], None]] = {
    "svg": _write_svg, "img": _write_picture, "input": _write_input, "select": _write_choices, "q": _write_quote,
    "textarea": _write_typed,
    "abbr": _write_abbreviation, "acronym": _write_abbreviation, "dfn": _write_abbreviation, "time": _write_time,
    "meter": _write_meter, "progress": _write_meter, "mfrac": _write_fraction, "annotation": _drop_source,
    "annotation-xml": _drop_source, "iframe": _write_frame, "video": _drop_fallback, "audio": _drop_fallback,
    "object": _drop_fallback, "embed": _drop_fallback,
}  # fmt: skip


def _write_generated(where: str, element: Tag, content: str, root: Tag) -> None:
    """Write what a style sheet puts before or after an element, where that is a text."""
    strings = re.findall(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", content)
    text = "".join(one or other for one, other in strings)
    text = re.sub(r"\\([0-9a-fA-F]{1,6})\s?", lambda code: chr(min(int(code.group(1), 16), 0x10FFFF)), text)
    if (
        not text.strip()
        or "counter" in content
        or is_gone(element)
        or re.search("[\ue000-\uf8ff\ud800-\udfff]", text)
    ):
        return
    if not re.search(r"\w", text) and text.strip() not in "✓✔✗✘✕✖☑☒☐★☆→":
        return
    if where == "before":
        element.insert(0, NavigableString(f" {text} " if not re.search(r"\w", text) else text))
    else:
        element.append(NavigableString(text))


def _write_link(element: Tag, base: str) -> None:
    """Write a link's address behind its text, but in headings, which stand above every chunk."""
    shown = element.get_text()
    href = str(element.get("href") or "").strip()
    if href.startswith("#") and shown.strip() and _PERMALINK.match(shown):
        element.decompose()
        return
    if any(above.name in ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "title") for above in element.parents):
        return
    if base and href and not href.startswith("#") and not re.match(r"[a-z][a-z0-9+.-]*:", href, re.IGNORECASE):
        href = urljoin(base, href)
    text = linked(shown, _true_target(href))
    bare = shown.rstrip()
    if text != shown and text.startswith(bare):
        tail = shown[len(bare) :]
        element.append(NavigableString(text[len(bare) : len(text) - len(tail)] + tail))


def _true_target(address: str) -> str:
    """Return where a link leads in the end, where a mail program or a search engine leads it through itself."""
    if "?" not in address:
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    host = (parts.hostname or "").lower()
    name = "url" if host.endswith(_SAFE_LINK) else _REDIRECTS.get(host, "")
    if name == "q" and parts.path != "/url":
        return address
    return (parse_qs(parts.query).get(name) or [address])[0] if name else address


def _stands_between(element: Tag) -> bool:
    """Tell whether an element has text before and after it on its line, as an arrow on a way through menus."""
    before, after = element.previous_sibling, element.next_sibling
    return all(node is not None and bool(node.get_text().strip()) for node in (before, after))


def _label(element: Tag) -> str:
    label = str(element.get("aria-label") or element.get("title") or element.get("alt") or "")
    return "" if element.get("aria-hidden") == "true" and not element.get("title") else " ".join(label.split())


def _classes(element: Tag) -> list[str]:
    classes: str | list[str] = element.get("class") or []
    return [name.lower() for name in ([classes] if isinstance(classes, str) else classes)]
