"""What a reader of a web page sees: what is hidden goes, what opens by a click stays where it opens."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from ingest.formats.markup.styles import Style, Styles
from ingest.formats.markup.surroundings import is_banner, is_form, is_menu
from ingest.formats.markup.walk import has_class, is_gone, named
from ingest.limits import MAX_MARKUP_DEPTH
from ingest.text.omissions import Omissions
from ingest.text.questions import is_question
from kb.errors import LimitExceeded
from kb.types import Omitted

_MACHINE = frozenset(
    ["script", "style", "base", "link", "meta", "param", "source", "track", "area", "datalist", "canvas"]
)
_CLOSED_TAG = re.compile(
    r"<(/?)(?:div|span|table|ul|ol|dl|section|article|b|i|em|strong|font|a|blockquote|form|center|details|main|small"
    r"|code|sub|sup|u|label|fieldset|figure|nav|aside|header|footer)\b(?![^<>]*/>)",
    re.IGNORECASE,
)
_ZERO = r"0(?:\.0+)?(?:px|pt|em|rem|%|vh|vw)?"
_NO_HEIGHT = re.compile(rf"^{_ZERO}$|^1px$")
_TINY = re.compile(
    r"^(?:0(?:\.\d+)?(?:px|pt|%)?|1(?:\.0+)?(?:px|pt)|0(?:\.0\d*|\.1)?(?:em|rem)|[0-9](?:\.\d+)?%)$"
)
_FAR = re.compile(r"^-(?:\d{4,}(?:\.\d+)?(?:px|pt)?|\d{2,}(?:\.\d+)?(?:em|rem)|\d{3,}(?:vw|vh|%))$")
_MOVED_AWAY = re.compile(r"translate\w*\(\s*-\d{4,}|scale\w*\(\s*0(?:\.0+)?\s*[,)]")
_CLIPPED = re.compile(r"rect\(\s*(?:[01](?:px)?[ ,]*){4}\)|inset\(\s*(?:50|100)%|circle\(\s*0")
_COLORS = {"white": "#ffffff", "black": "#000000", "snow": "#fffafa", "ivory": "#fffff0", "transparent": ""}
_COLOR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|\b(?:white|black|snow|ivory|transparent)\b")
_ALIKE = 5  # of 255 steps of red, green or blue, which nobody tells apart
_FOR_EARS = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?|assistive-text|a11y)", re.I
)
_TRIGGER = re.compile(
    r"accordion|toggle|trigger|question|faq|collaps|expand|\btab\b|head(?:er|ing)?\b|title|summary|^q$|问题|dropdown-?btn",
    re.IGNORECASE,
)
_MAX_TRIGGER = 250  # characters of what is clicked on; longer text is no label
_BEHIND_SWITCH = 3  # its label, a sign that turns, what is opened
_MOST_BETWEEN = 8  # nodes without text between what is clicked on and what it opens
_CONTAINERS = frozenset(("div", "section", "article", "ul", "ol", "dl", "dd", "table", "tr", "tbody", "fieldset"))
_POINTERS = ("aria-controls", "data-bs-target", "data-target", "data-collapse", "popovertarget",
             "commandfor", "aria-describedby", "aria-details", "data-tab", "data-tab-target")  # fmt: skip


def check_depth(markup: str) -> None:
    """Raise ``LimitExceeded`` for a page nested so deeply that building its tree would take minutes.

    Only elements that must be closed are counted, before anything is built.
    """
    depth = 0
    for tag in _CLOSED_TAG.finditer(markup):
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        if depth > 3 * MAX_MARKUP_DEPTH:
            raise LimitExceeded(f"elements are nested more than {3 * MAX_MARKUP_DEPTH} deep: simplify the page")


def drop_unseen(soup: BeautifulSoup, styles: Styles, omissions: Omissions) -> None:
    """Remove what a page does not show and no click opens; put what a click opens behind what is clicked on."""
    for element in soup.find_all(True):
        told = element.name in _MACHINE or (element.parent is not None and element.parent.name == "head")
        if told and element.name != "title" and not is_gone(element):
            element.decompose()
    for element in soup.find_all("template"):
        leave(element, Omitted.HIDDEN, omissions)
    _drop_hidden_columns(soup, omissions)
    _place_scriptless(soup)
    opened = _Opened(soup, styles)
    for element in list(soup.find_all(True)):
        if is_gone(element):
            continue
        how = _hidden_how(element, styles)
        if not how:
            continue
        if _is_switch(element, styles):
            element.decompose()
        elif how != "closed" or not opened.opens(element):
            around = how == "closed" and (is_menu(element) or is_banner(element))
            leave(element, Omitted.SURROUNDINGS if around else Omitted.HIDDEN, omissions)
    opened.label()


def _drop_hidden_columns(soup: BeautifulSoup, omissions: Omissions) -> None:
    """Remove the columns whose head says that they are not shown, as GitBook keeps the links of its cards."""
    for head in [one for one in named(soup, ("th",)) if one.has_attr("data-hidden")]:
        table = head.find_parent("table")
        column = len(head.find_previous_siblings(["th", "td"]))
        for row in table.find_all("tr") if isinstance(table, Tag) else ():
            cells = row.find_all(["th", "td"], recursive=False)
            if column < len(cells) and cells[column] is not head:
                leave(cells[column], Omitted.HIDDEN, omissions)
        leave(head, Omitted.HIDDEN, omissions)


def _is_switch(element: Tag, styles: Styles) -> bool:
    """Tell whether a hidden box is there to open what stands behind its label, and its state says nothing."""
    behind = itertools.islice((node for node in element.next_siblings if isinstance(node, Tag)), _BEHIND_SWITCH)
    return element.name == "input" and any(
        node.name not in ("input", "label")
        and node.get_text(strip=True)
        and (_hidden_how(node, styles) == "closed" or styles.is_revealed(node))
        for node in behind
    )


def leave(element: Tag, reason: Omitted, omissions: Omissions) -> None:
    """Remove an element and note its words."""
    if not is_gone(element):
        omissions.leave(reason, element.get_text(" "))
        element.decompose()


def is_within(inner: PageElement, outer: Tag) -> bool:
    """Tell whether an element stands in another one."""
    return any(above is outer for above in inner.parents)


def _place_scriptless(soup: BeautifulSoup) -> None:
    """Keep what is told to readers without scripts where the page does not show it itself."""
    for element in soup.find_all("noscript"):
        text = " ".join(element.get_text(" ").split())
        asks = re.search(r"java\s?script|\bJS\b|脚本|browser|浏览器|cookies?\b", text, re.IGNORECASE)
        if not text or (asks and len(text) < _MAX_TRIGGER):
            element.decompose()
        else:
            element.unwrap()


def _hidden_how(element: Tag, styles: Styles) -> str:
    """Return how an element is hidden: ``closed`` as what a click opens is, ``unseen`` for good; empty if not."""
    if element.name == "dialog" and not element.has_attr("open"):
        return "closed"
    if element.name == "input" and str(element.get("type") or "").lower() == "hidden":
        return "unseen"
    if element.has_attr("hidden") or element.has_attr("popover"):
        return "closed"
    style = styles.of(element)
    if _is_unseen(element, style, styles):
        # What is clipped for the eyes but named for ears says what a sign beside it means.
        return "" if _speaks_for_sign(element) else "unseen"
    if _FOR_EARS.search(" ".join(element.get("class") or ())) and not _speaks_for_sign(element):
        return "unseen"
    if not style:
        return ""
    clipped = any(
        "hidden" in style.get(name, "") or "clip" in style.get(name, "") for name in ("overflow", "overflow-y")
    )
    flat = any(_NO_HEIGHT.match(style.get(name, "")) for name in ("height", "max-height")) and clipped
    gone = style.get("display", "").startswith("none") or style.get("visibility") in ("hidden", "collapse")
    clear = re.fullmatch(r"0(?:\.0+)?%?", style.get("opacity", ""))
    return "closed" if gone or flat or clear or style.get("mso-hide") == "all" else ""


def _is_unseen(element: Tag, style: Style, styles: Styles) -> bool:
    """Tell whether text is too small, off the screen, clipped away or of the colour that is behind it."""
    if not style and not element.get("color"):
        return False
    if _TINY.match(style.get("font-size", "")):
        return True
    if any(
        _FAR.match(style.get(name, ""))
        for name in ("left", "top", "right", "text-indent", "margin-left", "margin-top")
    ):
        return bool("url(" not in style.get("background", "") or element.get_text(strip=True))
    if _MOVED_AWAY.search(style.get("transform", "")):
        return True
    if _CLIPPED.search(style.get("clip", "")) or _CLIPPED.search(style.get("clip-path", "")):
        return True
    return _is_of_its_ground(element, style, styles)


def _is_of_its_ground(element: Tag, style: Style, styles: Styles) -> bool:
    """Tell whether letters have the colour of what is behind them, as far as the page tells."""
    written = _color(style.get("color", "") or str(element.get("color") or "").lower())
    if written is None:
        return False
    if written == "":
        return True
    for above in (element, *element.parents):
        own = styles.of(above) if isinstance(above, Tag) else {}
        if (
            "url(" in own.get("background", "") + own.get("background-image", "")
            or "gradient" in str(own)
            or above.get("background")
        ):
            return False
        ground = _color(
            own.get("background-color", "") or own.get("background", "") or str(above.get("bgcolor") or "")
        )
        if ground:
            return _alike(written, ground)
        if above.get("class") and styles.external:
            return False
    return _alike(written, "#ffffff")


def _alike(one: str, other: str) -> bool:
    """Tell whether two colours are the same to the eye."""
    return all(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) <= _ALIKE for at in (1, 3, 5))


def _color(text: str) -> str | None:
    """Return a colour as ``#rrggbb``, empty for none at all, None where none is told."""
    found = _COLOR.search(text.lower())
    if found is None:
        return None
    name = found.group()
    if name.startswith("rgb"):
        parts = re.findall(r"[\d.]+", name)
        if len(parts) > 3 and float(parts[3]) < 0.05:  # as good as transparent
            return ""
        return "#" + "".join(f"{min(int(float(part)), 255):02x}" for part in parts[:3]) if len(parts) > 2 else None
    if name.startswith("#"):
        digits = name[1:]
        return "#" + ("".join(digit * 2 for digit in digits[:3]) if len(digits) in (3, 4) else digits[:6])
    return _COLORS[name]


def _speaks_for_sign(element: Tag) -> bool:
    """Tell whether text that is for ears alone stands beside a sign without words, and says what it means."""
    text = element.get_text(strip=True)
    if not text or len(text) > 40 or not _FOR_EARS.search(" ".join(element.get("class") or ())):
        return False
    beside = [node for node in (element.previous_sibling, element.next_sibling) if node is not None]
    while (
        beside and isinstance(beside[0], NavigableString) and not beside[0].strip() and beside[0].previous_sibling
    ):
        beside[0] = beside[0].previous_sibling
    signs = [node for node in beside if isinstance(node, Tag) and not re.search(r"\w", node.get_text())]
    parent = element.parent
    return bool(signs) or (
        parent is not None and not re.search(r"\w", parent.get_text().replace(element.get_text(), ""))
    )


class _Opened:
    """Knows what a click (or pointing at something) opens, and what is clicked on for it."""

    def __init__(self, soup: BeautifulSoup, styles: Styles) -> None:
        self._styles = styles
        self._soup = soup
        self._named = {str(element["id"]): element for element in reversed(soup.find_all(id=True))}
        self._controls: dict[str, Tag] = {}
        for control in self._controlling(soup):
            for target in self._targets(control):
                self._controls.setdefault(target, control)

    @staticmethod
    def _controlling(soup: BeautifulSoup) -> Iterator[Tag]:
        for element in soup.find_all(True):
            leads = element.name == "a" and str(element.get("href") or "").startswith("#")
            if leads or any(element.has_attr(name) for name in _POINTERS):
                yield element

    @staticmethod
    def _targets(control: Tag) -> Iterator[str]:
        for name in (*_POINTERS, "href"):
            value = str(control.get(name) or "")
            if name != "href" or value.startswith("#"):
                for part in value.split():
                    yield part.lstrip("#")

    def opens(self, element: Tag) -> bool:
        """Tell whether a hidden element is opened by a reader, and is part of the text."""
        if is_menu(element) or is_banner(element) or is_form(element):
            return False
        text = element.get_text(strip=True)
        if not text:
            return True
        if str(element.get("hidden") or "").lower() == "until-found":
            return True
        if str(element.get("id") or "") in self._controls:
            return True
        role = str(element.get("role") or "")
        if role in ("tabpanel", "tooltip") or (role == "region" and element.get("aria-labelledby")):
            return True
        parent = element.parent
        if parent is not None and "tab-content" in (parent.get("class") or ()):
            return True
        return self._styles.is_revealed(element) or self._follows_trigger(element)

    def _follows_trigger(self, element: Tag) -> bool:
        before = _before(element)
        if before is None or len(before.get_text(strip=True)) > _MAX_TRIGGER:
            return False
        if _is_trigger(before, self._styles):
            return True
        heading = before if before.name in _HEADINGS else before.find(_HEADINGS)
        return heading is not None and (
            element.name in _CONTAINERS or bool(element.get("class") or element.get("id"))
        )

    def label(self) -> None:
        """Put what is clicked on above what it opens, as a heading of its own where it is none."""
        for tabs in self._soup.find_all(True):
            if is_gone(tabs):
                continue
            lists = tabs.get("role") == "tablist" or has_class(tabs, "tab-nav", "tabs-nav")
            lists = lists or (tabs.name == "ul" and has_class(tabs, "nav-tabs", "tabs"))
            if lists:
                self._take_tabs(tabs)
        for target, control in self._controls.items():
            panel = self._panel(target)
            if panel is not None and not is_gone(control) and _is_button(control):
                _make_heading(control, panel)
        for element in self._soup.find_all(True):
            before = _before(element) if self._was_closed(element) else None
            if before is not None:
                _make_heading(before, element)

    def _panel(self, target: str) -> Tag | None:
        panel = self._named.get(target)
        return None if panel is None or is_gone(panel) else panel

    def _was_closed(self, element: Tag) -> bool:
        return not is_gone(element) and _hidden_how(element, self._styles) == "closed"

    def _take_tabs(self, tabs: Tag) -> None:
        panels: list[tuple[Tag, Tag]] = []
        for control in tabs.find_all(["a", "button", "li", "div", "span"]):
            for target in self._targets(control):
                panel = self._panel(target)
                if panel is not None and not is_within(panel, tabs):
                    panels.append((control, panel))
        for control, panel in panels:
            name = " ".join(control.get_text(" ").split())
            first = panel.find(_HEADINGS)
            if name and (first is None or " ".join(first.get_text(" ").split()) != name):
                details, summary = self._soup.new_tag("details", open=""), self._soup.new_tag("summary")
                summary.string = name
                panel.insert_before(details)
                details.append(summary)
                details.append(panel.extract())
        for control, _ in panels:
            if not is_gone(control):
                control.decompose()


_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


def _before(element: Tag) -> Tag | None:
    """Return the element right before another one, or before what it begins."""
    place: Tag | None = element
    for _ in range(2):
        if place is None:
            return None
        for node in itertools.islice(place.previous_siblings, _MOST_BETWEEN):
            if (
                isinstance(node, Tag)
                and node.name not in ("input", "br", "hr", "svg", "img")
                and node.get_text(strip=True)
            ):
                return node if node.name != "h1" else None
            if isinstance(node, NavigableString) and node.strip() and type(node) is NavigableString:
                return None
        place = (
            place.parent if place.parent is not None and place.parent.name in ("div", "section", "dd") else None
        )
    return None


def _is_button(element: Tag) -> bool:
    if element.name in ("summary", "button") or element.get("role") in ("button", "tab"):
        return True
    return any(element.has_attr(name) for name in ("onclick", "aria-expanded", "data-toggle", "data-bs-toggle"))


def _is_trigger(element: Tag, styles: Styles) -> bool:
    """Tell whether an element asks to be clicked on: a button, a label, a question, what is called so."""
    if _is_button(element) or element.name in ("label", "dt") or styles.of(element).get("cursor") == "pointer":
        return True
    if any(_TRIGGER.search(name) for name in element.get("class") or ()):
        return True
    if is_question(" ".join(element.get_text(" ").split())):
        return True
    inner = element.find(["button", "label", "summary"]) or element.select_one(
        "[role=button], [onclick], [aria-expanded]"
    )
    return inner is not None or any(str(link.get("href") or "").startswith("#") for link in element.find_all("a"))


def _make_heading(control: Tag, panel: Tag) -> None:
    """Make of what is clicked on, right before what it opens, the summary of a closed part of the page."""
    if control.name in ("summary", "dt", "tr", "td", "li", *_HEADINGS) or control.find(
        [*_HEADINGS, "table", "ul", "summary"]
    ):
        return
    if any(above.name in (*_HEADINGS, "summary", "dt", "details", "p", "td") for above in control.parents):
        return
    before = None if is_within(control, panel) or control is panel else _before(panel)
    text = control.get_text(strip=True)
    if (
        before is None
        or not text
        or len(text) > _MAX_TRIGGER
        or not (before is control or is_within(control, before))
    ):
        return
    if panel.name in ("tr", "dd", "span", "li", "td") or before.get_text(strip=True) != text:
        return
    details = _new_details(panel)
    before.insert_before(details)
    before.name = "summary"
    details.append(before.extract())
    details.append(panel.extract())


def _new_details(near: Tag) -> Tag:
    return Tag(name="details", attrs={"open": ""}, builder=None)
