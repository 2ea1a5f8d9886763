"""Sites become files: pages, lists, sitemaps, links; what is gone, what was not reached, what costs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from ingest.formats import load
from ingest.sources.web.crawl import Site as Wanted
from ingest.sources.web.crawl import crawl
from ingest.sources.web.fetch import Fetcher
from ingest.sources.web.robots import Robots
from ingest.sources.web.store import PageStore
from ingest.types import Sources
from kb.errors import FaqError
from tests.servers.site import Reply, Site

Crawl = Callable[..., Sources]


@pytest.fixture
def take(site: Site, store: PageStore, open_fetcher: Callable[..., Fetcher]) -> Crawl:
    """Crawl paths of the site with the store that all crawls of a test share."""

    def crawl_it(*paths: str, fetcher: Fetcher | None = None, **wanted: object) -> Sources:
        urls = tuple(path if "://" in path else site.url + path for path in paths)
        return crawl(Wanted(urls=urls, **wanted), store, fetcher or open_fetcher())  # type: ignore[arg-type]

    return crawl_it


def paths(sources: Sources, site: Site) -> list[str]:
    """Return what was found, without the site."""
    return [file.uri.removeprefix(site.url) for file in sources.files]


def test_a_page_becomes_a_document_without_its_navigation(take: Crawl, site: Site) -> None:
    """The main content is what is loaded, under the address of the page."""
    site.page("/returns", "You may return an item within 30 days.", title="Returns")
    (file,) = take("/returns").files
    (document,) = load(file)
    assert document.uri == f"{site.url}/returns"
    assert document.title == "Returns"
    text = " ".join(section.text for section in document.sections)
    assert "within 30 days" in text
    assert "Imprint" not in text
    assert "Shop" not in text


def test_a_named_page_is_one_page(take: Crawl, site: Site) -> None:
    """Links are not followed unless that is asked for."""
    site.page("/", "Start.", "/a")
    site.page("/a", "A.")
    assert paths(take("/"), site) == ["/"]


def test_links_are_followed_so_deep_and_on_the_same_site_only(take: Crawl, site: Site) -> None:
    """Depth counts links; other hosts and ports are never asked."""
    site.page("/", "Start.", "/a", "http://127.0.0.1:9/x", "mailto:a@b.c", "/a#part")
    site.page("/a", "A.", "/b")
    site.page("/b", "B.", "/c")
    site.page("/c", "C.")
    assert paths(take("/", depth=1), site) == ["/", "/a"]
    assert paths(take("/", depth=2), site) == ["/", "/a", "/b"]


def test_one_page_under_several_addresses(take: Crawl, site: Site) -> None:
    """What only says where a reader came from is no other page, nor is the page in print that names its own."""
    text = "You may return an item within 30 days of its delivery, unopened and with the receipt of the shop."
    site.page(
        "/",
        "Start.",
        "/returns?utm_source=mail&utm_medium=x",
        "/returns?gclid=1",
        "/p/returns",
        "/returns?print=1",
    )
    site.page("/returns", text, "/", "/other")
    head = '<head><link rel="canonical" href="/returns"></head>'
    own = f"<html>{head}<body><h1>A page</h1><p>{text}</p></body></html>"
    site.replies["/p/returns"] = Reply(own.encode(), headers={"Content-Type": "text/html"})
    assert sorted(paths(take("/", depth=1), site)) == ["/", "/returns"]
    assert sorted(set(site.paths())) == ["/", "/p/returns", "/returns"]


def test_a_wrong_name_of_the_page_loses_none(take: Crawl, site: Site) -> None:
    """Pages that all name the home page, or a page with another text, as their own address are pages still."""
    site.page("/", "Start.", "/a", "/b", "/c")
    for path, own in (("/a", "/"), ("/b", "/c")):
        head = f'<head><link rel="canonical" href="{own}"></head>'
        body = f"<html>{head}<body><p>Text of {path} alone here</p></body></html>"
        site.replies[path] = Reply(body.encode(), headers={"Content-Type": "text/html"})
    site.page("/c", "Quite other words stand on this one.")
    assert len(paths(take("/", depth=1), site)) == 4


def test_a_list_of_pages(take: Crawl, site: Site) -> None:
    """Several addresses are taken as they are named."""
    for path in ("/a", "/b"):
        site.page(path, path)
    assert paths(take("/a", "/b"), site) == ["/a", "/b"]


def test_a_sitemap_index_leads_to_all_pages_of_the_site(take: Crawl, site: Site) -> None:
    """Sitemaps within sitemaps are read; what they list elsewhere is left."""
    for path in ("/a", "/b", "/c"):
        site.page(path, path)
    site.sitemap("/one.xml", "/a", "/b", "https://elsewhere.example/z")
    site.sitemap("/two.xml", "/c")
    site.sitemap("/sitemap.xml", "/one.xml", "/two.xml", index=True)
    assert sorted(paths(take("/sitemap.xml"), site)) == ["/a", "/b", "/c"]


def test_a_sitemap_that_declares_entities_is_refused(take: Crawl, site: Site) -> None:
    """No entity of a sitemap is ever resolved."""
    body = b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset>&x;</urlset>'
    site.replies["/sitemap.xml"] = Reply(body, headers={"Content-Type": "application/xml"})
    assert [page.error for page in take("/sitemap.xml").unreached] == ["DamagedFile"]


def test_patterns_choose_pages(take: Crawl, site: Site) -> None:
    """What is left out by a pattern is not even asked for."""
    site.sitemap("/sitemap.xml", "/help/a", "/help/old/b", "/blog/c")
    site.page("/help/a", "A.")
    assert paths(take("/sitemap.xml", include=("help/*",), exclude=("*/old/*",)), site) == ["/help/a"]
    assert site.paths() == ["/sitemap.xml", "/help/a"]


def test_an_unchanged_page_costs_a_conditional_request(take: Crawl, site: Site) -> None:
    """The second run sends the tags back, gets 304, and the kept file is not touched."""
    site.sitemap("/sitemap.xml", "/a", "/b")
    site.page("/a", "A.")
    site.page("/b", "B.")
    before = {file.uri: file.path.stat().st_mtime_ns for file in take("/sitemap.xml").files}
    site.asked.clear()
    again = take("/sitemap.xml")
    assert {file.uri: file.path.stat().st_mtime_ns for file in again.files} == before
    assert [status for path, status in site.asked if path in ("/a", "/b")] == [304, 304]


@pytest.mark.parametrize("status", [404, 410])
def test_a_vanished_page_is_gone(take: Crawl, site: Site, status: int) -> None:
    """A page that the site says is not there any more is removed."""
    site.sitemap("/sitemap.xml", "/a", "/b")
    site.page("/a", "A.")
    site.page("/b", "B.")
    take("/sitemap.xml")
    site.replies["/b"] = Reply(status=status)
    again = take("/sitemap.xml")
    assert again.gone == (f"{site.url}/b",)
    assert paths(again, site) == ["/a"]


def test_a_page_that_is_no_longer_listed_is_gone(take: Crawl, site: Site) -> None:
    """Where the whole site was seen, what it does not list is not part of it; unless another source has it."""
    site.sitemap("/sitemap.xml", "/a", "/b", "/c")
    for path in "abc":
        site.page(f"/{path}", path)
    take("/c")
    take("/sitemap.xml")
    site.sitemap("/sitemap.xml", "/a")
    assert take("/sitemap.xml").gone == (f"{site.url}/b",)


def test_a_failing_site_removes_nothing(take: Crawl, site: Site) -> None:
    """Whether page, sitemap or robots.txt cannot be reached: what was loaded stays, and the failure is told."""
    site.sitemap("/sitemap.xml", "/a", "/b")
    site.page("/a", "A.")
    site.page("/b", "B.")
    take("/sitemap.xml")
    site.replies["/b"] = Reply(status=503)
    sick = take("/sitemap.xml")
    assert (sick.gone, [page.error for page in sick.unreached]) == ((), ["UnreachablePage"])
    site.replies["/sitemap.xml"] = Reply(status=500)
    assert take("/sitemap.xml").gone == ()
    site.down = True
    down = take("/sitemap.xml")
    assert (down.gone, len(down.unreached)) == ((), 1)
    site.down = False
    site.page("/b", "B.")
    site.sitemap("/sitemap.xml", "/a")
    assert take("/sitemap.xml").gone == (f"{site.url}/b",)


def test_a_site_that_is_down_is_given_up(take: Crawl, site: Site) -> None:
    """After five failures in a row the rest is left for later."""
    site.sitemap("/sitemap.xml", *(f"/{n}" for n in range(20)))
    site.replies |= {f"/{n}": Reply(status=500) for n in range(20)}
    sources = take("/sitemap.xml")
    assert len(sources.unreached) == 5
    assert len(sources.skipped) == 15


def test_a_missing_page_that_was_never_there_is_a_failure(take: Crawl, site: Site) -> None:
    """A mistyped address is told, and removes nothing."""
    sources = take("/nothing")
    assert "no such page" in sources.unreached[0].message
    assert sources.gone == ()


def test_a_listed_page_that_is_not_there_is_told(take: Crawl, site: Site) -> None:
    """A sitemap may list what was never there: the others are taken, and it is named with its answer."""
    site.sitemap("/sitemap.xml", "/a", "/lost")
    site.page("/a", "A.")
    site.replies["/lost"] = Reply(status=404)
    found = take("/sitemap.xml")
    assert paths(found, site) == ["/a"]
    assert [(entry.uri, entry.reason) for entry in found.skipped] == [(f"{site.url}/lost", "answered 404")]


def test_limits_end_a_crawl_without_removing(take: Crawl, site: Site) -> None:
    """At most so many pages and bytes; what lies beyond is named, and what was there before stays."""
    site.sitemap("/sitemap.xml", *(f"/{n}" for n in range(6)))
    for n in range(6):
        site.page(f"/{n}", str(n))
    take("/sitemap.xml")
    limited = take("/sitemap.xml", max_pages=2)
    assert (len(limited.files), len(limited.skipped), limited.gone) == (2, 4, ())
    for n in range(6):
        site.page(f"/{n}", f"{n} has changed")
    assert len(take("/sitemap.xml", max_bytes=400).files) < 6


def test_robots_and_meta_tags_are_kept(take: Crawl, site: Site) -> None:
    """What a site asks not to fetch is not fetched, what it asks not to keep is not kept."""
    site.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private\n")
    site.page("/", "Start.", "/private/x", "/unlisted", "/a")
    site.page("/a", "A.")
    site.page("/private/x", "X.")
    body = b'<html><head><meta name="robots" content="noindex"></head><body>U</body></html>'
    site.replies["/unlisted"] = Reply(body, headers={"Content-Type": "text/html"})
    sources = take("/", depth=1)
    assert paths(sources, site) == ["/", "/a"]
    assert "/private/x" not in site.paths()
    assert len(sources.skipped) == 2


def test_a_crawl_that_was_cut_off_goes_on(
    take: Crawl, site: Site, open_fetcher: Callable[..., Fetcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages fetched before the interruption are not asked for again."""
    site.sitemap("/sitemap.xml", "/a", "/b", "/c")
    for path in "abc":
        site.page(f"/{path}", path)
    fetcher = open_fetcher()
    get = fetcher.get

    def dies_at_c(url: str, *tags: str) -> object:
        if url.endswith("/c"):
            raise KeyboardInterrupt
        return get(url, *tags)

    monkeypatch.setattr(fetcher, "get", dies_at_c)
    with pytest.raises(KeyboardInterrupt):
        take("/sitemap.xml", fetcher=fetcher)
    site.asked.clear()
    assert sorted(paths(take("/sitemap.xml"), site)) == ["/a", "/b", "/c"]
    assert site.paths() == ["/c"]


def test_a_listed_page_that_leads_off_the_site_is_not_taken(take: Crawl, site: Site) -> None:
    """Another site's text does not come in by a redirect."""
    site.sitemap("/sitemap.xml", "/a")
    site.replies["/a"] = Reply(status=302, headers={"Location": f"http://localhost:{site.port}/b"})
    site.page("/b", "B.")
    assert take("/sitemap.xml").files == ()


def test_media_types_choose_loaders(take: Crawl, site: Site) -> None:
    """A page is read as what the site says it is; what nobody can read is named."""
    site.replies["/terms"] = Reply(b"Plain terms.", headers={"Content-Type": "text/plain; charset=utf-8"})
    site.replies["/film"] = Reply(b"\x00", headers={"Content-Type": "video/mp4"})
    sources = take("/terms", "/film")
    assert [file.path.suffix for file in sources.files] == [".txt"]
    assert "video/mp4" in sources.skipped[0].reason


def test_the_charset_that_a_site_names_is_believed(take: Crawl, site: Site) -> None:
    """GBK announced by the site is read as GBK whatever the page says."""
    body = "<html><head><meta charset='latin-1'></head><body><p>三十天内可以退货。</p></body></html>"
    site.replies["/"] = Reply(body.encode("gbk"), headers={"Content-Type": "text/html; charset=gbk"})
    (document,) = load(take("/").files[0])
    assert "三十天内可以退货" in document.sections[0].text


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True), ("/private", False), ("/private/open", True), ("/a.pdf", False), ("/a.pdfx", True),
        ("/x/secret/y", False), ("/private%2Fopen", False),
    ],
)  # fmt: skip
def test_robots_rules(path: str, allowed: bool) -> None:
    """The longest rule decides; stars and dollars mean what RFC 9309 says."""
    text = "User-agent: *\nDisallow: /\n\nUser-agent: faq-assistant\nUser-agent: other\n" + (
        "Disallow: /private # not this\nAllow: /private/open\nDisallow: /*.pdf$\nDisallow: /*/secret/\nDisallow:\n"
    )
    assert Robots(text, "faq-assistant/1.0").allows(f"https://shop.example{path}") is allowed
    assert not Robots(text, "somebody").allows(f"https://shop.example{path}")


def test_robots_written_carelessly() -> None:
    """A byte order mark, letters beyond ASCII, escapes and a longer delay than we wait keep their meaning."""
    text = "\ufeffUser-Agent: *\nDisallow: /größe\nDisallow: /%7eme\nDisallow: //twice\nCrawl-delay: 900\n"
    robots = Robots(text, "faq-assistant")
    refused = ("/gr%C3%B6%C3%9Fe/x", "/~me", "//twice")
    assert [robots.allows(f"https://shop.example{path}") for path in refused] == [False] * len(refused)
    assert robots.allows("https://shop.example/twice")
    assert robots.delay == 60
    assert Robots("Crawl-delay: 1e999\nUser-agent: *\nCrawl-delay: soon\n", "faq-assistant").delay == 0


def test_a_rule_of_many_stars_is_no_trap() -> None:
    """A rule of a hundred stars against a path that nearly fits is decided at once."""
    rule = "/" + "*a" * 100 + "b"
    assert Robots(f"User-agent: *\nDisallow: {rule}\n", "faq-assistant").allows(
        "https://shop.example/" + "a" * 2_000
    )


def test_the_store_says_why_it_cannot_be_written(tmp_path: Path) -> None:
    """A file in the place of the folder is a named error."""
    (tmp_path / "web").write_text("")
    with pytest.raises(FaqError, match="cannot be written"):
        PageStore(tmp_path / "web")


def test_a_site_is_loaded_kept_in_sync_and_removed(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The command from end to end: answers cite addresses, and only what has changed is read again."""
    monkeypatch.setenv("FAQ_EMBEDDER", "hashing")
    monkeypatch.setenv("FAQ_WEB_ALLOW", "127.0.0.0/8")
    monkeypatch.setenv("FAQ_WEB_DELAY", "0")

    def faq(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == code, result.output
        return result.stdout

    site.sitemap("/sitemap.xml", "/returns", "/repairs")
    site.page("/returns", "You may return an item within 30 days.", title="Returns")
    site.page("/repairs", "Repairs take two weeks.", title="Repairs")
    report = json.loads(faq("ingest", f"{site.url}/sitemap.xml", "--json"))
    assert sorted(report["added"]) == [f"{site.url}/repairs", f"{site.url}/returns"]
    hits = json.loads(faq("search", "return an item", "--top-k", "1", "--json"))["hits"]
    assert hits[0]["document_uri"] == f"{site.url}/returns"
    report = json.loads(faq("ingest", f"{site.url}/sitemap.xml", "--json"))
    assert (report["unchanged_files"], report["version"]) == (2, None)
    site.page("/returns", "You may return an item within 14 days.", title="Returns")
    site.replies["/repairs"] = Reply(status=500)
    report = json.loads(faq("ingest", f"{site.url}/sitemap.xml", "--json", code=1))
    assert (report["changed"], report["removed"]) == ([f"{site.url}/returns"], [])
    assert [failure["error"] for failure in report["failures"]] == ["UnreachablePage"]
    site.replies["/repairs"] = Reply(status=410)
    for more in (["--dry-run"], ["--dry-run"], []):  # a rehearsal does not use the removal up
        report = json.loads(faq("ingest", f"{site.url}/sitemap.xml", "--json", *more))
        assert report["removed"] == [f"{site.url}/repairs"]
    site.page("/repairs", "Repairs take one week.", title="Repairs")
    report = json.loads(faq("ingest", f"{site.url}/sitemap.xml", "--json"))
    assert (report["added"], report["removed"]) == ([f"{site.url}/repairs"], [])
    monkeypatch.delenv("FAQ_WEB_ALLOW")
    report = json.loads(faq("ingest", f"{site.url}/returns", "--json", code=1))
    assert [failure["error"] for failure in report["failures"]] == ["ForbiddenAddress"]


def test_a_malformed_address_among_several_ends_no_load(
    tmp_path: Path, own_settings: Path, monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    """It is named among the failures, the others are loaded: named by hand, and in faq.toml."""
    site.page("/returns", "You may return an item within 30 days.", title="Returns")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAQ_EMBEDDER", "hashing")
    monkeypatch.setenv("FAQ_WEB_ALLOW", "127.0.0.0/8")
    monkeypatch.setenv("FAQ_WEB_DELAY", "0")
    bad = ["http://", "https://me:secret@example.com/", "http://[::1", "https:///returns"]
    urls = json.dumps([*bad, f"{site.url}/returns"])
    own_settings.write_text(f"[[sources]]\nurl = {urls}\n")
    for arguments in ([*bad, f"{site.url}/returns"], []):
        result = CliRunner().invoke(app, ["ingest", *arguments, "--json"])
        assert result.exit_code == 1, result.output
        report = json.loads(result.stdout)
        assert {failure["error"] for failure in report["failures"]} == {"ForbiddenAddress"}
        assert len(report["failures"]) == len(bad)
        assert report["added"] == [f"{site.url}/returns"] or report["unchanged_files"] == 1
        assert "secret" not in result.stdout
