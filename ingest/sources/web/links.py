"""What a fetched page or sitemap points to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from ingest.sources.web.address import normal_url, untracked_url
from kb.errors import DamagedFile, ForbiddenAddress

_SITEMAP_ENTRIES = 50_000  # the protocol's own limit for one file


@dataclass(frozen=True, slots=True)
class Links:
    """What a page points to.

    Attributes:
        urls: normal addresses, in order, each once.
        follow: whether the page lets programs follow them.
        index: whether the page lets programs keep it.
        canonical: the address that the page calls its own, empty where it names none.
    """

    urls: tuple[str, ...] = ()
    follow: bool = True
    index: bool = True
    canonical: str = ""


def page_links(content: bytes, url: str, charset: str = "") -> Links:
    """Return the links of an HTML page; a broken page has none."""
    from lxml import etree, html

    parser: Any = html.HTMLParser(encoding=charset or None, no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree: Any = html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, LookupError, ValueError):
        return Links()
    base = str(tree.xpath("string(//base/@href)")).strip()
    base = urljoin(url, base) if base else url
    robots = " ".join(
        str(element.get("content") or "")
        for element in tree.xpath("//meta[@name and @content]")
        if str(element.get("name")).casefold() == "robots"
    ).casefold()
    found: dict[str, None] = {}
    for element in tree.xpath("//a[@href] | //area[@href]"):
        if "nofollow" not in str(element.get("rel") or "").casefold():
            _add(found, base, str(element.get("href")))
    own = str(tree.xpath("string(//link[@rel='canonical'][1]/@href)")).strip()
    named: dict[str, None] = {}
    if own:
        _add(named, base, own)
    follow = "nofollow" not in robots and "none" not in robots
    return Links(tuple(found), follow, "noindex" not in robots, next(iter(named), ""))


def is_sitemap(content: bytes) -> bool:
    """Tell whether what was fetched is a sitemap or an index of them."""
    head = content[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and (b"<urlset" in head or b"<sitemapindex" in head)


def sitemap_links(content: bytes, url: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the pages and the further sitemaps that a sitemap lists.

    Raises:
        DamagedFile: it is no well-formed XML, or declares entities.
    """
    from lxml import etree

    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DamagedFile(f"the sitemap {url} declares a document type, which no sitemap needs: leave it out")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFile(f"the sitemap {url} is not well-formed XML ({error}): mend it") from error
    pages: dict[str, None] = {}
    sitemaps: dict[str, None] = {}
    for element in root.iter():
        if not isinstance(element.tag, str) or etree.QName(element).localname != "loc":
            continue
        parent = element.getparent()
        inside = etree.QName(parent).localname if parent is not None else ""
        if inside in ("url", "sitemap") and len(pages) + len(sitemaps) < _SITEMAP_ENTRIES:
            _add(pages if inside == "url" else sitemaps, url, element.text or "")
    return tuple(pages), tuple(sitemaps)


def _add(addresses: dict[str, None], base: str, address: str) -> None:
    try:
        addresses.setdefault(untracked_url(normal_url(urljoin(base, address.strip()))))
    except (ForbiddenAddress, ValueError):  # mailto:, javascript:, and what no browser would follow either
        return
