"""One page is fetched from where it should be, whole, in time and within size, or a named error says why not."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable

import pytest

from ingest.sources.web.address import Guard, normal_url, same_site
from ingest.sources.web.fetch import Fetcher
from kb.errors import ForbiddenAddress, LimitExceeded, SettingsError, UnreachablePage
from tests.servers.site import Reply, Site

Open = Callable[..., Fetcher]
PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "::",
    "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "224.0.0.1", "255.255.255.255", "240.0.0.1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    """However it is written or tunnelled, a private address is no place to fetch from."""
    with pytest.raises(ForbiddenAddress, match="not a public address"):
        Guard(resolver=lambda host, port: [address]).addresses("example.com", 443)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_pass(address: str) -> None:
    """A public address is given back as it is."""
    assert Guard(resolver=lambda host, port: [address]).addresses("example.com", 443) == [address]


def test_one_private_address_among_public_ones_is_enough() -> None:
    """A name that leads to both is refused whole."""
    with pytest.raises(ForbiddenAddress, match=r"10\.0\.0\.1"):
        Guard(resolver=lambda host, port: ["93.184.216.34", "10.0.0.1"]).addresses("example.com", 443)


def test_settings_can_allow_a_network_and_no_other() -> None:
    """What is allowed is a network, not privacy as such."""
    guard = Guard(["10.1.0.0/16"], lambda host, port: [host])
    assert guard.addresses("10.1.2.3", 80) == ["10.1.2.3"]
    with pytest.raises(ForbiddenAddress):
        guard.addresses("10.2.2.3", 80)
    with pytest.raises(SettingsError, match="web_allow"):
        Guard(["intranet"])


@pytest.mark.parametrize("url", ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::1]/"])
def test_other_spellings_of_loopback_are_refused(open_fetcher: Open, url: str) -> None:
    """Decimal, hexadecimal and shortened addresses are judged by what they resolve to."""
    with pytest.raises(ForbiddenAddress):
        open_fetcher(Guard()).get(normal_url(url))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://host/", "ftp://host/", "//host/x", "http://", "http://a:b@host/", "x"]
)
def test_only_web_addresses_without_passwords_are_taken(url: str) -> None:
    """Schemes other than http and https, and addresses with credentials, are refused before anything is sent."""
    with pytest.raises(ForbiddenAddress):
        normal_url(url)


def test_one_address_is_compared_in_one_spelling() -> None:
    """Case of the host, default port and fragment do not make another page."""
    assert normal_url("HTTPS://Example.COM:443#top") == "https://example.com/"
    assert same_site("http://example.com/a", "https://example.com/b")
    assert not same_site("http://example.com/a", "http://example.com:8080/a")


def test_the_connection_goes_to_the_address_that_was_checked(open_fetcher: Open, site: Site) -> None:
    """A name is resolved once; the site still sees the name it is known by."""
    site.page("/", "Returns within 30 days.")
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    fetcher = open_fetcher(Guard(["127.0.0.0/8"], rebinding))
    assert fetcher.get(f"http://shop.example:{site.port}/").status == 200
    assert asked == ["shop.example"]
    assert site.hosts == [f"shop.example:{site.port}"]


def test_a_name_that_resolves_to_a_private_address_is_refused(open_fetcher: Open, site: Site) -> None:
    """The name may look as public as it likes."""
    fetcher = open_fetcher(Guard(resolver=lambda host, port: ["127.0.0.1"]))
    with pytest.raises(ForbiddenAddress):
        fetcher.get(f"http://docs.example:{site.port}/")
    assert site.asked == []


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data/", "http://[::1]/", "file:///etc/passwd", "http://inside.example/"],
)
def test_every_redirect_is_checked_again(open_fetcher: Open, site: Site, target: str) -> None:
    """A public page that leads to a private one leads nowhere."""
    site.replies["/"] = Reply(status=302, headers={"Location": target})
    names = {"public.example": "127.0.0.2", "inside.example": "10.0.0.7"}
    fetcher = open_fetcher(Guard(["127.0.0.0/8"], lambda host, port: [names.get(host, host)]))
    with pytest.raises(ForbiddenAddress):
        fetcher.get(f"{site.url}/")


def test_redirects_are_followed_and_end(open_fetcher: Open, site: Site) -> None:
    """The address that answered is told; a ring of redirects is given up."""
    site.page("/new", "Returns within 30 days.")
    site.replies["/old"] = Reply(status=301, headers={"Location": "/new"})
    site.replies["/ring"] = Reply(status=302, headers={"Location": "/ring"})
    assert open_fetcher().get(f"{site.url}/old").url == f"{site.url}/new"
    with pytest.raises(UnreachablePage, match="redirects more than"):
        open_fetcher().get(f"{site.url}/ring")


@pytest.mark.parametrize("reply", [Reply(drip=0.05), Reply(silent=3.0), Reply(b"half", cut=True)])
def test_slow_silent_and_broken_answers_end_in_time(open_fetcher: Open, site: Site, reply: Reply) -> None:
    """However slowly bytes come, a page takes no longer than it may."""
    site.replies["/"] = reply
    begun = time.monotonic()
    with pytest.raises(UnreachablePage):
        open_fetcher(web_timeout=0.8).get(f"{site.url}/")
    assert time.monotonic() - begun < 3


def test_endless_pages_are_cut_off(open_fetcher: Open, site: Site) -> None:
    """No more is read than a page may have."""
    site.replies["/"] = Reply(endless=True)
    with pytest.raises(LimitExceeded, match="200,000 bytes"):
        open_fetcher(web_timeout=10.0).get(f"{site.url}/")


def test_a_packed_bomb_is_not_unpacked(open_fetcher: Open, site: Site) -> None:
    """50 MB in 50 kB are recognised while they are unpacked."""
    site.replies["/"] = Reply(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
    with pytest.raises(LimitExceeded):
        open_fetcher(web_timeout=10.0).get(f"{site.url}/")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_packed_pages_are_unpacked(open_fetcher: Open, site: Site, pack: Callable[[bytes], bytes]) -> None:
    """Gzip and deflate give the page back; half of one is an error, as is a packing that was not asked for."""
    packed = pack(b"<p>Returns</p>" * 100)
    name = "gzip" if pack is gzip.compress else "deflate"
    site.replies["/"] = Reply(packed, headers={"Content-Encoding": name})
    site.replies["/half"] = Reply(packed[:-12], headers={"Content-Encoding": name})
    site.replies["/br"] = Reply(packed, headers={"Content-Encoding": "br"})
    fetcher = open_fetcher()
    assert fetcher.get(f"{site.url}/").content == b"<p>Returns</p>" * 100
    for path in ("/half", "/br"):
        with pytest.raises(UnreachablePage):
            fetcher.get(site.url + path)


def test_a_busy_site_is_asked_again_when_it_says_so(open_fetcher: Open, site: Site) -> None:
    """429 with a short Retry-After is tried once more; then the page is left for later."""
    site.replies["/"] = Reply(status=429, headers={"Retry-After": "1"})
    with pytest.raises(UnreachablePage, match="answered 429"):
        open_fetcher().get(f"{site.url}/")
    assert site.paths() == ["/", "/"]


def test_requests_to_one_site_keep_their_distance(site: Site, web_settings: object) -> None:
    """Between two requests passes what the settings or robots.txt ask for, whichever is longer."""
    site.page("/", "text")
    site.replies["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 7\n")
    slept: list[float] = []
    with Fetcher(web_settings, sleep=slept.append, clock=lambda: 100.0) as fetcher:  # type: ignore[arg-type]
        fetcher.robots(f"{site.url}/")
        fetcher.get(f"{site.url}/")
    assert slept == [7.0]
