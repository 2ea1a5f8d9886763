"""What was fetched from web sites: pages as files, and what the next run must know of them."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from kb.errors import StorageError
from kb.identity import digest

_RESUMED_WITHIN = 24 * 3600.0  # seconds; a run that was cut off longer ago begins anew; chosen
_LONGEST_NAME = 60
_TABLES = """
CREATE TABLE IF NOT EXISTS pages (url TEXT PRIMARY KEY, final TEXT, file TEXT, kind TEXT, etag TEXT,
    last_modified TEXT, fetched_at REAL, links TEXT);
CREATE TABLE IF NOT EXISTS members (root TEXT, url TEXT, final TEXT, PRIMARY KEY (root, url));
CREATE TABLE IF NOT EXISTS gone (final TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS runs (root TEXT PRIMARY KEY, started_at REAL);
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page or sitemap as it was last fetched.

    Attributes:
        url: that was asked for.
        final: that answered, after redirects.
        file: where its content is kept; empty for a sitemap, or a page that is not loaded.
        kind: ``page``, ``sitemap``, or why it is not loaded.
        etag: for the next conditional request.
        last_modified: see above.
        fetched_at: seconds since 1970, when the site last said that this is its state.
        links: pages that it points to.
        sitemaps: sitemaps that it points to.
    """

    url: str
    final: str
    file: str
    kind: str
    etag: str
    last_modified: str
    fetched_at: float
    links: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


class PageStore:
    """Pages in a folder, with a small database beside them that is written page by page."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = sqlite3.connect(folder / "pages.sqlite3", timeout=10)
            self._connection.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{folder} cannot be written ({error}): check its permissions and space") from error

    def begin(self, root: str) -> float:
        """Return when the run of a site began: earlier than now where it goes on from one that was cut off."""
        now = self._clock()
        row = self._connection.execute("SELECT started_at FROM runs WHERE root = ?", (root,)).fetchone()
        if row is not None and now - _RESUMED_WITHIN < row[0] <= now:
            return float(row[0])
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?)", (root, now))
        return now

    def finish(self, root: str, members: Iterable[tuple[str, str]] | None) -> None:
        """Note that a run has come to its end; what the site consists of is replaced where all of it was seen."""
        with self._connection:
            self._connection.execute("DELETE FROM runs WHERE root = ?", (root,))
            if members is not None:
                self._connection.execute("DELETE FROM members WHERE root = ?", (root,))
                rows = ((root, url, final) for url, final in members)
                self._connection.executemany("INSERT OR REPLACE INTO members VALUES (?, ?, ?)", rows)

    def settle_gone(self, gone: Iterable[str], there: Iterable[str]) -> set[str]:
        """Note documents that are gone, and others that are there; return all that are gone.

        They stay noted, since a crawl is not yet a load: a rehearsal removes nothing, and a load may be cut off.
        """
        with self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO gone VALUES (?)", ((uri,) for uri in gone))
            self._connection.executemany("DELETE FROM gone WHERE final = ?", ((uri,) for uri in there))
        return {row[0] for row in self._connection.execute("SELECT final FROM gone")}

    def members(self, root: str) -> dict[str, str]:
        """Return address -> address that answered, of the pages that a site consisted of when last seen whole."""
        rows = self._connection.execute("SELECT url, final FROM members WHERE root = ?", (root,))
        return dict(rows.fetchall())

    def owned_elsewhere(self, root: str) -> set[str]:
        """Return the addresses of documents that other sites consist of."""
        return {row[0] for row in self._connection.execute("SELECT final FROM members WHERE root <> ?", (root,))}

    def page(self, url: str) -> Page | None:
        """Return what is known of a page, None for one never fetched or whose file is gone."""
        row = self._connection.execute(
            "SELECT url, final, file, kind, etag, last_modified, fetched_at, links FROM pages WHERE url = ?",
            (url,),
        ).fetchone()
        if row is None or (row[2] and not (self._folder / row[2]).is_file()):
            return None
        links = json.loads(row[7])
        return Page(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], tuple(links["pages"]), tuple(links["sitemaps"])
        )  # fmt: skip

    def keep(self, page: Page) -> None:
        """Remember what is known of a page."""
        links = json.dumps({"pages": page.links, "sitemaps": page.sitemaps})
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    page.url,
                    page.final,
                    page.file,
                    page.kind,
                    page.etag,
                    page.last_modified,
                    page.fetched_at,
                    links,
                ),
            )

    def forget(self, page: Page) -> None:
        """Forget a page; its file goes too."""
        with self._connection:
            self._connection.execute("DELETE FROM pages WHERE url = ?", (page.url,))
        if page.file:
            (self._folder / page.file).unlink(missing_ok=True)

    def write(self, url: str, ending: str, content: bytes) -> str:
        """Keep a page's content, not touching the file where it is the same; return the file's name here."""
        path = urlsplit(url).path.rstrip("/")
        stem = re.sub(r"[^\w-]+", "-", unquote(path.rpartition("/")[2].partition(".")[0]))[:_LONGEST_NAME].strip(
            "-"
        )
        name = f"pages/{digest(url)}/{stem or 'page'}{ending}"
        target = self._folder / name
        try:
            if not target.is_file() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                growing = target.with_name(f".{target.name}.growing")
                growing.write_bytes(content)
                growing.replace(target)
        except OSError as error:
            raise StorageError(f"{target} cannot be written ({error}): check permissions and space") from error
        return name

    def path(self, page: Page) -> Path:
        """Return where a page's content is kept."""
        return self._folder / page.file

    def now(self) -> float:
        """Return the seconds since 1970."""
        return self._clock()

    def close(self) -> None:
        """Close the database."""
        with closing(self._connection):
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
