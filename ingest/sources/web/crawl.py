"""From web addresses to files: a page, several, a sitemap, or the pages that they link to on the same site.

What was fetched is kept under ``$FAQ_HOME/web``, so an unchanged page costs one conditional request and is not
read again, and a run that was cut off goes on where it was. Only what a site says is gone (404, 410, or no longer
listed by a site that was seen whole) is removed; what merely could not be reached stays as it was loaded.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import httpx

from ingest.formats import can_load
from ingest.settings import Patterns
from ingest.sources.files import wanted
from ingest.sources.web.address import normal_url, same_site, shown_url
from ingest.sources.web.fetch import Fetched, Fetcher
from ingest.sources.web.links import Links, is_sitemap, page_links, sitemap_links
from ingest.sources.web.store import Page, PageStore
from ingest.types import SkippedFile, SourceFile, Sources, UnreachedPage
from kb.errors import ForbiddenAddress, LimitExceeded, LoadError, UnreachablePage
from kb.types import Labels, Trust

_SITEMAP_DEPTH = 3  # an index may list indexes; the protocol knows one level
_MAX_SITEMAPS = 200
# Chosen.
_ALIKE = 0.8  # of the words of the shorter of two pages that say they are one: a print page leaves out menus
_GIVING_UP = 5  # pages in a row that could not be reached: then the site is down, not the page

ENDINGS = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "text/markdown": ".md",
    "text/csv": ".csv", "application/pdf": ".pdf", "application/json": ".json", "application/epub+zip": ".epub",
    "application/rtf": ".rtf", "application/msword": ".doc", "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
}  # fmt: skip
"""Media type to the ending under which a page is kept, and by which its loader is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What to fetch.

    Attributes:
        urls: pages and sitemaps.
        depth: links followed from them, 0 none.
        include: patterns of paths or addresses that are taken; the named ones always are.
        exclude: patterns of those that are left out.
        max_pages: at most.
        max_bytes: of all pages together.
        labels: of documents that do not say their own.
    """

    urls: tuple[str, ...]
    depth: int = 0
    include: Patterns = ()
    exclude: Patterns = ()
    max_pages: int = 500
    max_bytes: int = 1_000_000_000
    labels: Labels = field(default_factory=lambda: Labels(trust=Trust.CRAWLED))

    @property
    def root(self) -> str:
        """What it is remembered by; followed less far it is another site, with fewer pages."""
        return " ".join([*sorted(self.urls), f"depth {self.depth}"])


class Follower(Protocol):
    """Who follows a crawl (a progress bar)."""

    def fetching(self, uri: str, done: int) -> None:
        """A page is being fetched; so many have been."""


@dataclass(frozen=True, slots=True)
class _Target:
    """A page to fetch.

    Attributes:
        url: its address.
        depth: links followed to it.
        named: whether somebody named it.
        sitemaps: sitemaps followed to it; -1 for a page, which may not turn out to be one.
    """

    url: str
    depth: int = 0
    named: bool = False
    sitemaps: int = -1


def crawl(site: Site, store: PageStore, fetcher: Fetcher, follower: Follower | None = None) -> Sources:
    """Fetch what is new or changed of a site; return the files of its pages, and what is gone.

    A named address that is none, or carries a password, is unreached; the others are fetched.
    """
    urls: list[str] = []
    refused: list[UnreachedPage] = []
    for url in site.urls:
        try:
            urls.append(normal_url(url))
        except ForbiddenAddress as error:
            refused.append(UnreachedPage(shown_url(url), type(error).__name__, str(error)))
    if not urls:
        return Sources((), unreached=tuple(refused))
    found = _Crawl(replace(site, urls=tuple(urls)), store, fetcher, follower).run()
    return replace(found, unreached=(*refused, *found.unreached))


class _Crawl:
    def __init__(self, site: Site, store: PageStore, fetcher: Fetcher, follower: Follower | None) -> None:
        self._site, self._store, self._fetcher, self._follower = site, store, fetcher, follower
        self._waiting = deque(_Target(url, named=True, sitemaps=0) for url in site.urls)
        self._seen = set(site.urls)
        self._files: dict[str, SourceFile] = {}
        self._came_from: dict[str, str] = {}  # uri of a file -> address at which it was fetched
        self._members: dict[str, str] = {}
        self._kept: set[str] = set()  # addresses that must not be taken for gone: they were not seen
        self._gone: set[str] = set()
        self._skipped: dict[str, str] = {}
        self._unreached: list[UnreachedPage] = []
        self._complete = True
        self._bytes = self._failed_in_a_row = self._sitemaps = 0

    def run(self) -> Sources:
        root = self._site.root
        self._started = self._store.begin(root)
        while self._waiting:
            if len(self._members) >= self._site.max_pages or self._bytes > self._site.max_bytes:
                self._leave(f"limit of {self._site.max_pages} pages or {self._site.max_bytes:,} bytes reached")
            elif self._failed_in_a_row >= _GIVING_UP:
                self._leave(f"not tried: {_GIVING_UP} pages in a row could not be reached")
            else:
                self._visit(self._waiting.popleft())
        before = self._store.members(root)
        unseen = before.keys() - self._members.keys()
        if self._complete:
            self._gone |= {before[url] for url in unseen - self._kept}
        for url in unseen:  # what is not known to be gone is a part of the site still
            if before[url] not in self._gone:
                self._members[url] = before[url]
        self._store.finish(root, self._members.items())
        fresh = self._gone - self._files.keys() - self._store.owned_elsewhere(root)
        gone = self._store.settle_gone(fresh, self._files)
        skipped = tuple(SkippedFile(uri, reason) for uri, reason in self._skipped.items())
        return Sources(tuple(self._files.values()), skipped, tuple(sorted(gone)), tuple(self._unreached))

    def _leave(self, reason: str) -> None:
        """Leave the rest for another time."""
        self._complete = False
        self._skipped.update((target.url, reason) for target in self._waiting)
        self._waiting.clear()

    def _visit(self, target: _Target) -> None:
        known = self._store.page(target.url)
        try:
            if known is None or known.fetched_at < self._started:
                if not self._fetcher.robots(target.url).allows(target.url):
                    return self._skip(target, "robots.txt asks not to fetch it")
                if self._follower is not None:
                    self._follower.fetching(target.url, len(self._members))
                known = self._fetch(target, known)
        except (UnreachablePage, ForbiddenAddress, LimitExceeded) as error:
            self._failed_in_a_row += isinstance(error, UnreachablePage)
            return self._fail(target, error)
        except LoadError as error:
            return self._fail(target, error)
        self._failed_in_a_row = 0
        if known is not None:
            self._take(target, known)
        return None

    def _fail(self, target: _Target, error: LoadError) -> None:
        self._unreached.append(UnreachedPage(target.url, type(error).__name__, str(error)))
        self._kept.add(target.url)
        if target.sitemaps >= 0 or self._site.depth > target.depth:
            self._complete = False  # what it lists is not known

    def _skip(self, target: _Target, reason: str) -> None:
        self._skipped[target.url] = reason
        self._kept.add(target.url)

    def _fetch(self, target: _Target, known: Page | None) -> Page | None:
        """Return the page as it is now, None for one that is not there or not for us."""
        answer = self._fetcher.get(target.url, *((known.etag, known.last_modified) if known else ("", "")))
        if answer.status == 304 and known is not None:
            page = replace(known, fetched_at=self._store.now())
            self._store.keep(page)
            return page
        if answer.status in (404, 410):
            self._vanish(target, known, answer.status)
            return None
        if answer.status != 200:
            raise UnreachablePage(
                f"{target.url} answered {answer.status}, 200 was wanted: what was loaded of it stays; check the "
                "address and who may see it"
            )
        self._bytes += len(answer.content)
        if not target.named and not same_site(answer.url, target.url):
            if not answer.for_good:
                self._skip(target, "leads to another site")
            return None
        page = self._page(target, answer)
        self._store.keep(page)
        return page

    def _vanish(self, target: _Target, known: Page | None, status: int) -> None:
        before = self._store.members(self._site.root).get(target.url)
        if known is None and before is None and target.named:
            raise UnreachablePage(f"{target.url} answered {status}: there is no such page; check the address")
        if known is None and before is None:
            self._skip(target, f"answered {status}")
        self._gone |= {uri for uri in (before, known.final if known else None) if uri}
        if known is not None:
            self._store.forget(known)

    def _page(self, target: _Target, answer: Fetched) -> Page:
        """Keep the content of what was fetched."""
        page = Page(
            url=target.url,
            final=answer.url,
            file="",
            kind="page",
            etag=answer.etag,
            last_modified=answer.last_modified,
            fetched_at=self._store.now(),
        )
        if target.sitemaps >= 0 and is_sitemap(answer.content):
            pages, sitemaps = sitemap_links(answer.content, answer.url)
            return replace(page, kind="sitemap", links=pages, sitemaps=sitemaps)
        path_ending = "." + httpx.URL(answer.url).path.rpartition("/")[2].rpartition(".")[2].casefold()
        ending = ENDINGS.get(answer.kind, path_ending)
        if not can_load(ending):
            return replace(page, kind=f"no loader for {answer.kind or ending}")
        links = Links()
        content = answer.content
        if ending == ".html":
            links = page_links(content, answer.url, _codec(answer.charset))
            content = _in_utf8(content, _codec(answer.charset))
        if not links.index and not target.named:
            return replace(page, kind="the page asks not to be kept", links=links.urls if links.follow else ())
        name = self._store.write(target.url, ending, content)
        final = links.canonical if _is_own(links.canonical, answer.url) else answer.url
        return replace(page, final=final, file=name, links=links.urls if links.follow else ())

    def _take(self, target: _Target, page: Page) -> None:
        """Take a page among the files, and what it points to among those to fetch."""
        if page.kind == "sitemap":
            self._sitemaps += 1
            deeper = target.sitemaps + 1
            if deeper <= _SITEMAP_DEPTH and self._sitemaps + len(page.sitemaps) <= _MAX_SITEMAPS:
                self._add(page.sitemaps, page.final, target.depth, deeper)
            elif page.sitemaps:
                self._complete = False
                self._skipped[page.url] = "sitemaps nested too deeply, or too many"
            self._add(page.links, page.final, target.depth, -1)
            return
        if page.file:
            self._file(page)
        else:
            self._skipped[page.url] = page.kind
        if target.depth < self._site.depth:
            self._add(page.links, page.final, target.depth + 1, -1)

    def _file(self, page: Page) -> None:
        """Put a page among the files, under the address that it calls its own, where their texts agree."""
        path, uri = self._store.path(page), page.final
        known = self._files.get(uri)
        if known is not None and not _tell_alike(known.path, path):
            if uri != page.url:
                uri = page.url
            else:  # the page itself: the other one only says that it is this one
                other = self._came_from[uri]
                self._members[other] = other
                self._files[other] = replace(known, uri=other, root=other)
        self._members[page.url] = uri
        if uri not in self._files or uri == page.url:
            self._files[uri] = SourceFile(uri=uri, path=path, root=uri, labels=self._site.labels)
            self._came_from[uri] = page.url

    def _add(self, urls: tuple[str, ...], base: str, depth: int, sitemaps: int) -> None:
        for url in urls:
            if url in self._seen or not same_site(url, base):
                continue
            if sitemaps < 0 and not self._wanted(url):
                continue
            self._seen.add(url)
            self._waiting.append(_Target(url, depth, sitemaps=sitemaps))

    def _wanted(self, url: str) -> bool:
        path = httpx.URL(url).raw_path.decode("ascii").removeprefix("/")
        include = not self._site.include or any(wanted(name, self._site.include, ()) for name in (path, url))
        return include and all(wanted(name, (), self._site.exclude) for name in (path, url))


def _is_own(canonical: str, url: str) -> bool:
    """Tell whether an address may be another one of the page at ``url``: systems set wrong name the home page."""
    if not canonical or not same_site(canonical, url):
        return False
    return httpx.URL(canonical).path != "/" or httpx.URL(url).path == "/"


def _tell_alike(one: Path, other: Path) -> bool:
    """Tell whether two pages hold the same text, however much of it the longer one has around it."""
    first, second = one.read_bytes(), other.read_bytes()
    if first == second:
        return True
    # Any encoding will do for comparing: letters of others become other letters, the same in both.
    words = [
        set(re.findall(r"[^\W_]+", re.sub(r"<[^<>]*>", " ", text.decode("latin-1")))) for text in (first, second)
    ]
    least = min(map(len, words))
    return least > 0 and len(words[0] & words[1]) >= _ALIKE * least


def _codec(charset: str) -> str:
    try:
        return codecs.lookup(charset).name if charset else ""
    except LookupError:
        return ""


def _in_utf8(content: bytes, charset: str) -> bytes:
    """Return a page marked as UTF-8 where the site named its charset; that goes before what the page says."""
    if not charset:
        return content
    try:
        return codecs.BOM_UTF8 + content.decode(charset).removeprefix("\ufeff").encode("utf-8")
    except UnicodeError:
        return content
