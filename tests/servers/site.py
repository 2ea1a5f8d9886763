"""A small web site on loopback whose pages, answers and faults a test chooses."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """What a path answers.

    Attributes:
        body: bytes, sent whole.
        status: HTTP status.
        headers: further headers; an ``ETag`` makes conditional requests answer 304.
        drip: bytes sent one by one for ever, so many seconds apart; 0 not.
        endless: send without end.
        silent: seconds before anything is sent.
        cut: announce more bytes than are sent.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    endless: bool = False
    silent: float = 0.0
    cut: bool = False


class Site:
    """Pages by path, and a record of who asked for what.

    Attributes:
        replies: path -> what it answers; a missing one answers 404.
        asked: ``(path, status)`` in order.
        agents: ``User-Agent`` and ``Host`` of every request.
        down: whether every request is cut off.
    """

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[tuple[str, int]] = []
        self.hosts: list[str] = []
        self.down = False
        self.port = 0

    @property
    def url(self) -> str:
        """The address of the site without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str, text: str, *links: str, title: str = "A page") -> None:
        """Put an HTML page with a paragraph and links; its ETag follows its text."""
        anchors = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
        body = (
            f"<html><head><title>{title}</title></head><body><nav><ul><li>Home</li><li>Shop</li></ul></nav>"
            f"<main><h1>{title}</h1><p>{text}</p><ul>{anchors}</ul></main><footer>Imprint</footer></body></html>"
        )
        tag = f'"{abs(hash(body))}"'
        self.replies[path] = Reply(body.encode(), headers={"Content-Type": "text/html", "ETag": tag})

    def sitemap(self, path: str, *pages: str, index: bool = False) -> None:
        """Put a sitemap, or an index of sitemaps, of paths on this site or of whole addresses."""
        outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
        entries = "".join(
            f"<{inner}><loc>{page if '://' in page else self.url + page}</loc></{inner}>" for page in pages
        )
        body = f'<?xml version="1.0"?><{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{outer}>'
        self.replies[path] = Reply(body.encode(), headers={"Content-Type": "application/xml"})

    def paths(self) -> list[str]:
        """Return the paths that were asked for, without robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site on a free port of loopback until the block ends."""
    site = Site()

    class Answerer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = site.replies.get(self.path, Reply(b"no such page", 404))
            site.hosts.append(self.headers.get("Host", ""))
            tag = reply.headers.get("ETag")
            status = 304 if tag and self.headers.get("If-None-Match") == tag else reply.status
            site.asked.append((self.path, 0 if site.down else status))
            if site.down:
                self.close_connection = True
                return
            try:
                self._send(reply, status)
            except OSError:
                self.close_connection = True

        def _send(self, reply: Reply, status: int) -> None:
            time.sleep(reply.silent)
            self.send_response(status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.drip or reply.endless:
                self.send_header("Connection", "close")
                self.end_headers()
                for _ in range(100_000):
                    self.wfile.write(b"x" if reply.drip else b"x" * 65_536)
                    time.sleep(reply.drip)
                self.close_connection = True
                return
            body = b"" if status == 304 else reply.body
            if status != 304:
                self.send_header("Content-Length", str(len(body) + (100 if reply.cut else 0)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = reply.cut

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answerer)
    server.daemon_threads = True
    server.block_on_close = False
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
