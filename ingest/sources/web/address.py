"""Which addresses may be fetched from, and connections that go to the address that was checked.

A host is resolved once for each connection; every address it resolves to must be public (or allowed by the
settings), and the connection is made to that address, not to the name again: a name that resolves to something
else a moment later gains nothing. Redirects make connections too, so they pass the same check.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from kb.errors import ForbiddenAddress, SettingsError, UnreachablePage
from kb.language.characters import well_formed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Host and port -> the addresses that they resolve to."""

_LONGEST_URL = 2_000
_SHOWN = 200  # characters of an address
_TRACKING = re.compile(
    r"(?:utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|yclid|twclid|mc_cid|mc_eid|_ga|_gl|_hs(?:enc|mi)|igshid|mkt_tok"
    r"|spm|scm|bd_vid|isappinstalled|ref_src|srsltid|vero_id|oly_\w+_id)(?:=|$)",
    re.IGNORECASE,
)
_IN_PRINT = re.compile(
    r"(?:print(?:able|view|_?version|_?page)?(?:=(?!0|false|no\b)|$)|\w+=print(?:able|view)?$)", re.IGNORECASE
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def normal_url(url: str) -> str:
    """Return an address as it is compared: host in lower case, without fragment and default port.

    Raises:
        ForbiddenAddress: it is no http or https address, or carries a password.
    """
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise ForbiddenAddress(f"{url[:200]!r} is no address ({error}): write https://host/path") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ForbiddenAddress(f"{url[:200]!r} is not a web address: http:// or https:// and a host were wanted")
    if parsed.userinfo:
        raise ForbiddenAddress(f"the address of {parsed.host} carries a name or password: leave it out")
    if len(url) > _LONGEST_URL:
        raise ForbiddenAddress(f"an address on {parsed.host} has {len(url)} characters, more than {_LONGEST_URL}")
    return str(parsed.copy_with(fragment=None, path=parsed.path or "/"))


def untracked_url(url: str) -> str:
    """Return a normal address without what only says where a reader came from, or asks for the page in print.

    >>> untracked_url("https://shop.example/returns?utm_source=mail&id=3&print=1")
    'https://shop.example/returns?id=3'
    """
    address, mark, query = url.partition("?")
    if not mark:
        return url
    parts = query.split("&")
    kept = [part for part in parts if not _TRACKING.match(part) and not _IN_PRINT.match(part)]
    if len(kept) == len(parts):
        return url
    return f"{address}?{'&'.join(kept)}" if kept else address


def shown_url(url: str) -> str:
    """Return an address, or what somebody took for one, as it may be shown and kept: without a password."""
    return re.sub(r"//[^/@\s]*@", "//…@", well_formed(url))[:_SHOWN]


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are on one host and port; http and https may take each other's place."""
    first, second = httpx.URL(one), httpx.URL(other)
    return first.host == second.host and first.port == second.port


class Guard:
    """Says which addresses a host may be reached at."""

    def __init__(self, allowed: Iterable[str] = (), resolver: Resolve = resolve) -> None:
        """Take networks that are allowed although they are not public (``10.0.0.0/8``)."""
        self._resolve = resolver
        try:
            self._allowed = [ipaddress.ip_network(network, strict=False) for network in allowed]
        except ValueError as error:
            raise SettingsError(f"web_allow: {error}: write networks such as 10.1.0.0/16") from error

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host.

        Raises:
            ForbiddenAddress: one of them is private, loopback, link-local, multicast or otherwise not public.
            UnreachablePage: there are none.
        """
        try:
            found = list(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise UnreachablePage(f"the host {host!r} is not known ({error}): check its name") from error
        if not found:
            raise UnreachablePage(f"the host {host!r} has no address: check its name")
        for text in found:
            if not self._may_reach(ipaddress.ip_address(text.partition("%")[0])):
                raise ForbiddenAddress(
                    f"{host!r} is at {text}, which is not a public address: pages are fetched from public ones "
                    f"only, unless the setting web_allow names it or its network: FAQ_WEB_ALLOW={text}"
                )
        return found

    def _may_reach(self, address: Address) -> bool:
        if any(address in network for network in self._allowed):
            return True
        inner = _carried(address)
        if inner is not None:
            return self._may_reach(inner)
        return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: Address) -> Address | None:
    """Return the IPv4 address that an IPv6 one stands for or tunnels to."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


class Deadline:
    """A moment by which a whole exchange must be over, however slowly its bytes come."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._end = clock, float("inf")

    def begin(self, seconds: float) -> None:
        """Allow so many seconds from now."""
        self._end = self._clock() + seconds

    def left(self, at_most: float | None) -> float:
        """Return the seconds that are left; raise httpcore.ReadTimeout when there are none."""
        rest = self._end - self._clock()
        if rest <= 0:
            raise httpcore.ReadTimeout("the time for this page is over")
        return min(rest, at_most if at_most is not None else rest)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _PinnedBackend(httpcore.NetworkBackend):
    """Connects to the addresses that the guard has checked; TLS still asks for the host's own name."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard, self._deadline, self._sockets = guard, deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self._guard.addresses(host, port):
            try:
                left = self._deadline.left(timeout)
                return _TimedStream(self._sockets.connect_tcp(address, port, left, local_address), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")


class PinnedTransport(httpx.BaseTransport):
    """An httpx transport over connections that the guard has checked."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_PinnedBackend(guard, deadline))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors are httpcore's."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port,
            target=request.url.raw_path,
        )  # fmt: skip
        inner = httpcore.Request(
            request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        response = self._pool.handle_request(inner)
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Any:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
