"""What documentation programs add to Markdown becomes plain Markdown: notices, tabs, components, short codes.

Docusaurus and MDX, MkDocs, GitBook, Hugo, Jekyll, VuePress, Obsidian, Pandoc and GitHub each have their own marks.
Their words stay; what a program would fill in, and is not in the file, is counted as not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.formats.markup.icons import sign_named
from ingest.text.omissions import Omissions
from kb.types import Omitted

_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??[ \t>]*(?P=fence)[`~]*[ \t]*$"
    r"|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})")
_ADMONITION = re.compile(r'^(?P<space>[ \t]*)(?:!!!|\?\?\?\+?)\s+(?P<kind>[\w -]*?)\s*(?:"(?P<title>[^"]*)")?\s*$')
_TAB = re.compile(r'^(?P<space>[ \t]*)===[!+]?\s+"(?P<title>[^"]*)"\s*$')
_DIRECTIVE = re.compile(
    r"^(?P<space>[ \t>]*):{3,}[ \t]*(?:\{[ \t]*\.?(?P<class>[\w-]*)[^}]*\}|(?P<kind>[a-zA-Z][\w-]*))?"
    r"(?:\[(?P<label>[^\]]*)\])?(?:\{[^}]*\})?[ \t]*(?P<title>[^\n]*)$"
)
_CALLOUT = re.compile(r"^(?P<space>[ \t]*>[ \t>]*)\[!(?P<kind>[\w|-]+)\][+-]?[ \t]*(?P<title>[^\n]*)$")
_SILENT = frozenset(
    ("code-group", "tabs", "tab-set", "columns", "column", "div", "center", "left", "right", "steps")
)
_IMPORT = re.compile(
    r"^(?:import\s+(?:[\w*{][^;\n]*?\s+from\s+)?[\"'][^\"'\n]+[\"'];?[ \t]*$"
    r"|import\s*\{[^}]*\}\s*from\s*[\"'][^\"'\n]+[\"'];?[ \t]*$"
    r"|export\s+(?:const|let|var|default|function|\{|\*)[^\n]*(?:\n[ \t)}\]][^\n]*)*$)",
    re.MULTILINE,
)
_COMMENTS = (
    re.compile(r"\{\{[<%]?-?\s*/\*(.*?)\*/\s*-?[>%]?\}\}", re.DOTALL),
    re.compile(r"\{/\*(.*?)\*/\}", re.DOTALL),
    re.compile(r"<!--(.*?)-->", re.DOTALL),
    re.compile(r"\{%-?\s*comment\s*-?%\}(.*?)\{%-?\s*endcomment\s*-?%\}", re.DOTALL),
    re.compile(r"\{#(?!\w[\w-]*\})(.*?)#\}", re.DOTALL),
    re.compile(r"%%(.*?)%%", re.DOTALL),
)
_STRING = r"\"(?:[^\"\\]|\\.){0,500}\"|'(?:[^'\\]|\\.){0,500}'"  # bounded, for texts that open it everywhere
_COMPONENT = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Z][\w.]*)"
    rf"(?P<attributes>(?:[^<>{{}}\"']|{_STRING}|\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}})*?)(?P<alone>/?)>"
)
_LIQUID = re.compile(rf"\{{%-?\s*(?P<name>/?[\w-]+)(?P<attributes>(?:{_STRING}|[^%\"']|%(?!\}})){{0,500}}?)-?%\}}")
_SHORTCODE = re.compile(
    r"\{\{[<%]-?\s*(?P<close>/?)\s*(?P<name>[\w/.-]+)"
    rf"(?P<attributes>(?:{_STRING}|`[^`]{{0,500}}`|[^\"'`]){{0,500}}?)\s*(?P<alone>/?)-?[>%]\}}\}}"
)
_REFERENCE = re.compile(
    r"\{%\s*content-ref\b[^%\n]*%\}(?P<inner>\s*(?:\[(?P<title>[^\]\n]*)\]\([^)\n]*\)|(?P<bare>[^{\n]*))\s*)"
    r"\{%\s*endcontent-ref\s*%\}"
)
_PLACE = re.compile(r"^(?:[.#/]*|[^\s]*\.(?:md|mdx|html?)(?:#\S*)?|(?:\.{0,2}/)?(?:[\w-]+/)+[\w-]*)$")
_VARIABLE = re.compile(r"\{\{\s*([^{}<>%]{1,200}?)\s*\}\}")
_EXPRESSION = re.compile(r"(?<![\w$\\{])\{\s*([A-Za-z_$][\w$.?\[\]'\"()]*)\s*\}(?!\})")
_ATTRIBUTE = re.compile(rf"([\w:-]+)\s*=\s*(?:\{{\s*)?({_STRING}|`[^`]*`)")
_TITLES = ("title", "label", "header", "heading", "summary", "question", "name", "text", "caption")
_TELLING = (*_TITLES, "description", "alt", "content", "answer", "subtitle")
_OPENED = re.compile(
    r"tab|detail|expand|accordion|collaps|spoiler|toggle|step|card|panel|admonition|callout|notice|hint|faq",
    re.IGNORECASE,
)
_WIKI_LINK = re.compile(r"(!?)\[\[([^\[\]|\n]+?)(?:\\?\|([^\[\]\n]*))?\]\]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp|avif)$", re.IGNORECASE)
_INCLUDE = re.compile(r"^[ \t]*(?:-{1,2}8<-{1,2}\s*\"([^\"\n]+)\"|\{!\s*([^\n!]+?)\s*!\})[ \t]*$", re.MULTILINE)
_ATTRIBUTE_LIST = re.compile(
    r"\{:\s*[^}\n]*\}|(?<=\S)[ \t]*\{\s*[#.][\w-]+[^}\n]*\}(?=[ \t]*$|[ \t.,;:])|(?<=\])\{[.#=\w][^}\n]*\}",
    re.MULTILINE,
)
_CONTENTS = re.compile(
    r"^[ \t]*(?:\[TOC\]|\[\[_?toc_?\]\]|@\[toc\][^\n]*|\$\{toc\})[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_BLOCK_ID = re.compile(r"[ \t]+\^[\w-]+[ \t]*$", re.MULTILINE)
_ITEM_BREAK = re.compile(
    r"(?<=[^\s|>])[ \t]*\n(?=[ ]{0,3}(?:[a-zA-Z][.)][ \t]|[（(](?:[a-z]|\d{1,2}|[一二三四五六七八九十]{1,3})[)）]"
    r"|[①-⑳]|[一二三四五六七八九十]{1,3}、))"
)
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=\S)([^=\n]+?)(?<=\S)==(?![=\w])")
_RAISED = re.compile(r"(?:(?<=[^\s^\[])|(?m:^))\^(?!\[)([^\s^\[\]]{1,20})\^")
_LOWERED = re.compile(r"(?<=[^\s~])~([^\s~]{1,12})~(?!~)")
_EMOJI = re.compile(r":([a-z][a-z0-9_+-]{0,60}):")
_EMOJIS = {
    "white_check_mark": "✅", "heavy_check_mark": "✔", "check_mark": "✔", "ballot_box_with_check": "☑", "x": "❌",
    "negative_squared_cross_mark": "❎", "heavy_multiplication_x": "✖", "cross_mark": "❌", "no_entry": "⛔",
    "no_entry_sign": "🚫", "warning": "⚠", "information_source": "ℹ", "star": "⭐", "arrow_right": "➡",
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "exclamation": "❗", "tick": "✓",
}  # fmt: skip
_ICON = re.compile(r"^(?:material|fontawesome(?:-(?:solid|regular|brands))?|octicons|simple|fa[srb]?)-(.+)$")


def plain_markdown(text: str, omissions: Omissions) -> str:
    """Return a text of any of these programs as Markdown with HTML; comments and gaps are noted."""
    text = _write_notices(text)
    is_program = bool(_IMPORT.search(text) or re.search(r"\{/\*|</?[A-Z]\w*[\s/>]", text))
    rewrite = _Rewrite(omissions, is_program)
    parts: list[str] = []
    end = 0
    pieces: list[tuple[str, bool]] = []
    for code in _CODE.finditer(text):
        pieces += [(text[end : code.start()], False), (code.group(), True)]
        end = code.end()
    pieces.append((text[end:], False))
    for piece, is_code in pieces:
        parts.append(piece if is_code else rewrite(piece))
    return "".join(parts) + rewrite.close()


def _write_notices(text: str) -> str:
    """Write notices and tabs, indented or between marks, as what they hold under their title."""
    lines: list[str] = []
    indents: list[tuple[int, str]] = []  # of notices and tabs that are open: where they stand, what closes them
    fence = ""
    for line in text.split("\n"):
        while indents and line.strip() and _width(line) < indents[-1][0] + 4:
            lines += [indents.pop()[1], ""]
        shift = 4 * len(indents)
        line = line[min(shift, len(line) - len(line.lstrip(" "))) :].replace("\t", "    ", 1) if indents else line
        opened = _FENCE.match(line)
        if opened:
            fence = "" if fence and opened.group(1).startswith(fence) else fence or opened.group(1)[:3]
            lines.append(line)
            continue
        if fence:
            lines.append(line)
            continue
        notice, tab = _ADMONITION.match(line), _TAB.match(line)
        found = notice or tab
        if found:
            at = shift + len(found["space"])
            title = (
                found["title"] if found["title"] is not None else found["kind"].strip().split(" ")[0].capitalize()
            )
            indents.append((at, found["space"] + "</details>" if tab or "?" in line[: at + 4] else ""))
            opening = (
                f"<details open><summary>{title}</summary>"
                if indents[-1][1]
                else (f"**{title}**" if title else "")
            )
            lines += ["", found["space"] + opening, ""]
            continue
        lines.append(_write_marked(line))
    lines += [closing for _, closing in reversed(indents)]
    return "\n".join(lines)


def _write_marked(line: str) -> str:
    """Return a line that opens or closes a notice (``:::note``, ``> [!NOTE]``) as its title."""
    directive = _DIRECTIVE.match(line)
    if directive:
        kind = (directive["kind"] or directive["class"] or "").lower()
        title = directive["label"] or directive["title"].strip(' "')
        if not title and kind and kind not in _SILENT:
            title = kind.capitalize()
        return (
            f"{directive['space']}\n{directive['space']}**{title}**\n{directive['space']}"
            if title
            else directive["space"]
        )
    callout = _CALLOUT.match(line)
    if callout:
        title = callout["title"].strip() or callout["kind"].partition("|")[0].capitalize()
        return f"{callout['space']}**{title}**\n{callout['space']}"
    return line


def _width(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))


class _Rewrite:
    """Rewrites the stretches of a text between its code; what is open is remembered from one to the next."""

    def __init__(self, omissions: Omissions, is_program: bool) -> None:
        self._omissions = omissions
        self._is_program = is_program
        self._open: list[tuple[str, bool]] = []

    def __call__(self, text: str) -> str:
        """Return a stretch without code as Markdown with HTML."""
        for comment in _COMMENTS:
            text = comment.sub(self._comment, text)
        text = _REFERENCE.sub(self._reference, text)
        if self._is_program:
            text = _IMPORT.sub("", text)
            text = _COMPONENT.sub(self._component, text)
            text = _EXPRESSION.sub(self._gap, text)
        steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str] | str], ...] = (
            (_SHORTCODE, self._shortcode), (_LIQUID, self._liquid), (_VARIABLE, self._gap), (_INCLUDE, self._gap),
            (_CONTENTS, ""), (_ITEM_BREAK, "  \n"), (_ATTRIBUTE_LIST, ""), (_WIKI_LINK, self._wiki_link),
            (_BLOCK_ID, ""),
            (_HIGHLIGHT, r"\1"), (_RAISED, r"<sup>\1</sup>"), (_LOWERED, r"<sub>\1</sub>"), (_EMOJI, _emoji),
        )  # fmt: skip
        for pattern, instead in steps:
            text = pattern.sub(instead, text)
        return text

    def close(self) -> str:
        """Return what closes all that is open still."""
        return "\n\n</details>" * sum(is_shown for _, is_shown in self._open)

    def _comment(self, match: re.Match[str]) -> str:
        self._omissions.leave(Omitted.COMMENTS, match.group(1))
        return ""

    def _reference(self, match: re.Match[str]) -> str:
        """Keep a reference that says what a page is called; one that only gives its place says nothing."""
        shown = match["title"] or match["bare"] or ""
        if _PLACE.match(shown.strip()):
            self._omissions.leave(Omitted.SURROUNDINGS, shown)
            return ""
        return match["inner"]

    def _gap(self, match: re.Match[str]) -> str:
        self._omissions.count(Omitted.UNKNOWN, name=next(group for group in match.groups() if group))
        return ""

    def _component(self, match: re.Match[str]) -> str:
        return self._tag(
            match["name"],
            match["attributes"],
            closes=bool(match["close"]),
            alone=bool(match["alone"]),
            always=True,
        )

    def _shortcode(self, match: re.Match[str]) -> str:
        name, attributes = match["name"], match["attributes"]
        if name in ("ref", "relref"):
            return "#"
        closes = bool(match["close"])
        return self._tag(
            name, attributes, closes=closes, alone=not _OPENED.search(name) and not closes, always=False
        )

    def _liquid(self, match: re.Match[str]) -> str:
        name, attributes = match["name"], match["attributes"]
        if name in ("include", "embed", "file", "import", "render", "snippet", "content-ref", "include_relative"):
            target = re.search(_STRING, attributes)
            address = (target.group()[1:-1] if target else attributes.strip()).strip()
            if name == "embed" and address.startswith("http"):
                return f"<{address}>"
            if name != "content-ref":
                self._omissions.count(Omitted.UNKNOWN, name=address[:200] or name)
            return ""
        closes = name.startswith(("end", "/"))
        bare = name.removeprefix("end").removeprefix("/")
        return self._tag(
            bare, attributes, closes=closes, alone=not _OPENED.search(bare) and not closes, always=False
        )

    def _tag(self, name: str, attributes: str, *, closes: bool, alone: bool, always: bool) -> str:
        """Write an element of such a program: one with a title is a closed part of the page under it."""
        if closes:
            return self._close(name) or ("\n\n" if always else "")
        stated = {key.lower(): value[1:-1] for key, value in _ATTRIBUTE.findall(attributes)}
        bare = re.match(rf"\s*({_STRING})", attributes)
        if bare and not stated:
            stated["title"] = bare.group(1)[1:-1]
        if alone:
            return " ".join(stated[key] for key in _TELLING if stated.get(key) and (always or key != "name"))
        title = next((stated[key] for key in _TITLES if stated.get(key)), "")
        self._open.append((name, bool(title)))
        return f"\n\n<details open><summary>{title}</summary>\n\n" if title else "\n\n" if always else ""

    def _close(self, name: str) -> str:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == name:
                closing = sum(is_shown for _, is_shown in self._open[place:])
                del self._open[place:]
                return "\n\n" + "</details>\n\n" * closing if closing else ""
        return ""

    def _wiki_link(self, match: re.Match[str]) -> str:
        embeds, target, alias = match.groups()
        if not embeds:
            return alias.strip() if alias else re.sub(r"\s*#\^?\s*", " > ", target.strip()).removeprefix(" > ")
        if _PICTURE.search(target):
            words = alias if alias and not re.fullmatch(r"[\dx]+", alias) else ""
            if not words:
                self._omissions.count(Omitted.PICTURES, name=target)
            return words
        self._omissions.count(Omitted.UNKNOWN, name=target)
        return alias or ""


def _emoji(match: re.Match[str]) -> str:
    """Return the sign that a name between colons stands for; names of others stay."""
    name = match.group(1)
    icon = _ICON.match(name)
    return _EMOJIS.get(name) or (sign_named(icon.group(1)) if icon else "") or match.group()
