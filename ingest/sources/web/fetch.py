"""One web page, fetched politely and within limits."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import httpcore
import httpx

from ingest.settings import IngestSettings
from ingest.sources.web.address import Deadline, Guard, PinnedTransport, normal_url
from ingest.sources.web.robots import MAX_BYTES, Robots
from kb.closing import Closing
from kb.errors import LimitExceeded, UnreachablePage

_REDIRECTS = 5
# Chosen.
_LONGEST_WAIT = 30.0  # seconds that a site may ask us to come back after; longer, and the page is left for later
_BLOCK = 65_536
_MOVED = (301, 302, 303, 307, 308)
_LATER = (429, 503)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a site answered.

    Attributes:
        url: the address that answered, after redirects.
        status: HTTP status.
        content: the body, unpacked; empty for anything but 200.
        kind: media type in lower case, ``text/html``.
        charset: that the site names for it, else empty.
        etag: for the next conditional request.
        last_modified: see above.
        for_good: whether every redirect on the way was a permanent one.
    """

    url: str
    status: int
    content: bytes = b""
    kind: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    for_good: bool = True


class Fetcher(Closing):
    """Fetches pages: guarded, slowly enough, within limits of time and size."""

    def __init__(
        self,
        settings: IngestSettings,
        guard: Guard | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._sleep, self._clock = settings, sleep, clock
        self._deadline = Deadline()
        transport = PinnedTransport(guard or Guard(settings.web_allow), self._deadline)
        headers = {"User-Agent": settings.web_agent, "Accept-Encoding": "gzip", "Accept": "*/*"}
        timeout = httpx.Timeout(settings.web_timeout)
        self._client = httpx.Client(transport=transport, trust_env=False, headers=headers, timeout=timeout)
        self._robots: dict[str, Robots | UnreachablePage] = {}
        self._last: dict[str, float] = {}

    def robots(self, url: str) -> Robots:
        """Return the rules of the site that an address is on.

        Raises:
            ForbiddenAddress: the site may not be fetched from.
            UnreachablePage: they cannot be read now; then nothing may be fetched (RFC 9309, section 2.3.1.4).
        """
        parsed = httpx.URL(url)
        site = f"{parsed.scheme}://{parsed.netloc.decode('ascii')}"
        if site not in self._robots:
            try:
                answer = self._get(f"{site}/robots.txt", {}, MAX_BYTES)
                text = answer.content.decode("utf-8", "replace") if answer.status == 200 else ""
                self._robots[site] = Robots(text, self._settings.web_agent)
            except (UnreachablePage, LimitExceeded) as error:
                self._robots[site] = UnreachablePage(str(error))
        rules = self._robots[site]
        if isinstance(rules, UnreachablePage):
            raise rules
        return rules

    def get(self, url: str, etag: str = "", last_modified: str = "") -> Fetched:
        """Return what a site answers for an address: 200, 304 (as it was), 404, 410 or another refusal.

        Args:
            url: normal address.
            etag: of what is kept; with it the site need not send it again.
            last_modified: see above.

        Raises:
            ForbiddenAddress: it, or where it redirects to, may not be fetched from.
            UnreachablePage: no connection, no whole answer in time, or a failure of the site.
            LimitExceeded: the page is too large.
        """
        headers = {"If-None-Match": etag} if etag else {}
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        return self._get(url, headers, self._settings.web_max_bytes)

    def _get(self, url: str, headers: dict[str, str], limit: int) -> Fetched:
        self._deadline.begin(self._settings.web_timeout)
        waited = False
        for_good = True
        for _ in range(_REDIRECTS + 1):
            self._wait(url)
            try:
                with self._client.stream("GET", url, headers=headers) as response:
                    target = response.headers.get("location", "") if response.status_code in _MOVED else ""
                    if not target:
                        pause = _pause(response)
                        if pause is None or waited:
                            return self._answer(url, response, limit, for_good)
                        waited = True
                    else:
                        for_good &= response.status_code in (301, 308)
                        url = normal_url(str(httpx.URL(url).join(target)))
                        continue
            except (httpcore.TimeoutException, httpx.TimeoutException) as error:
                raise UnreachablePage(
                    f"{url} did not answer whole within {self._settings.web_timeout:g} seconds: try later, or "
                    "raise FAQ_WEB_TIMEOUT"
                ) from error
            except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, httpx.InvalidURL,
                    httpx.StreamError, httpcore.UnsupportedProtocol, OSError, zlib.error) as error:  # fmt: skip
                raise UnreachablePage(
                    f"{url} could not be fetched ({error}): check the address, try later"
                ) from error
            self._sleep(pause)
            self._deadline.begin(self._settings.web_timeout)
        raise UnreachablePage(f"{url} redirects more than {_REDIRECTS} times: name the page that it leads to")

    def _wait(self, url: str) -> None:
        """Let the pause between two requests to one site pass."""
        host = httpx.URL(url).host
        known = [
            rules.delay
            for site, rules in self._robots.items()
            if isinstance(rules, Robots) and httpx.URL(site).host == host
        ]
        pause = max([self._settings.web_delay, *known])
        due = self._last.get(host, -pause) + pause
        if (rest := due - self._clock()) > 0 and host in self._last:
            self._sleep(rest)
            self._deadline.begin(self._settings.web_timeout)
        self._last[host] = self._clock()

    def _answer(self, url: str, response: httpx.Response, limit: int, for_good: bool) -> Fetched:
        status = response.status_code
        if status in (304, 404, 410) or (status != 200 and 400 <= status < 500 and status not in _LATER):
            return Fetched(url=url, status=status, for_good=for_good)
        if status != 200:
            raise UnreachablePage(f"{url} answered {status}: what was loaded of it stays; try later")
        kind, _, rest = response.headers.get("content-type", "").partition(";")
        charset = rest.casefold().partition("charset=")[2].split(";")[0].strip(" \"'")
        return Fetched(
            url=url,
            status=status,
            content=self._body(url, response, limit),
            kind=kind.strip().casefold(),
            charset=charset,
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
            for_good=for_good,
        )

    def _body(self, url: str, response: httpx.Response, limit: int) -> bytes:
        """Return the body, unpacked block by block so that a small answer cannot become a huge one."""
        packing = response.headers.get("content-encoding", "").strip().casefold()
        if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UnreachablePage(f"{url} is packed as {packing!r}, gzip or nothing was asked for: mend the site")
        unpack = (
            zlib.decompressobj(47) if packing not in ("", "identity") else None
        )  # 47: gzip or zlib, by its head
        parts: list[bytes] = []
        size = 0
        for block in response.iter_raw(_BLOCK):
            piece = unpack.decompress(block, limit + 1 - size) if unpack else block
            size += len(piece)
            parts.append(piece)
            if size > limit or (unpack and unpack.unconsumed_tail):
                raise LimitExceeded(
                    f"{url} has more than {limit:,} bytes: leave it out with `exclude`, or raise FAQ_WEB_MAX_BYTES"
                )
        expected = response.headers.get("content-length", "")
        if unpack is not None and not unpack.eof and size:
            raise UnreachablePage(f"{url} ended in the middle of its packed body: try later")
        if unpack is None and expected.isdigit() and size < int(expected):
            raise UnreachablePage(f"{url} ended after {size} of {expected} bytes: try later")
        return b"".join(parts)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


def _pause(response: httpx.Response) -> float | None:
    """Return the seconds after which a site asks us to come back, None where it does not, or too late."""
    after = response.headers.get("retry-after", "")
    if response.status_code in _LATER and after.isdigit() and int(after) <= _LONGEST_WAIT:
        return float(after)
    return None
