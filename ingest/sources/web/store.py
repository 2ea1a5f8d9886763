"""What was fetched from web sites: pages as files, and what the next run must know of them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, Table, bindparam, delete, insert, select

from ingest.sources.web import tables
from ingest.sources.web.tables import PAGES, pages, runs
from kb.closing import Closing
from kb.errors import StorageError
from kb.identity import digest
from kb.own_files import files_in
from kb.store.database import open_engine
from kb.store.sqlite import sqlite_url

FILE = "pages.sqlite3"
_RESUMED_WITHIN = 24 * 3600.0  # seconds; a run that was cut off longer ago begins anew; chosen
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
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


class PageStore(Closing):
    """Pages in a folder, with a small database beside them that is written page by page."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        with files_in(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._engine = open_engine(sqlite_url(folder / FILE), PAGES)

    def begin(self, root: str) -> float:
        """Return when the run of a site began: earlier than now where it goes on from one that was cut off."""
        now = self._clock()
        with self._engine.begin() as connection:
            began = connection.scalar(select(runs.c.started_at).where(runs.c.root == root))
            if began is not None and now - _RESUMED_WITHIN < began <= now:
                return float(began)
            _put(connection, runs, [{"root": root, "started_at": now}])
        return now

    def finish(self, root: str, members: Iterable[tuple[str, str]] | None) -> None:
        """Note that a run has come to its end; what the site consists of is replaced where all of it was seen."""
        with self._engine.begin() as connection:
            connection.execute(delete(runs).where(runs.c.root == root))
            if members is not None:
                connection.execute(delete(tables.members).where(tables.members.c.root == root))
                rows = [{"root": root, "url": url, "final": final} for url, final in members]
                _put(connection, tables.members, rows)

    def settle_gone(self, gone: Iterable[str], present: Iterable[str]) -> set[str]:
        """Note documents that are gone, and others that are there; return all that are gone.

        They stay noted, since a crawl is not yet a load: a rehearsal removes nothing, and a load may be cut off.
        """
        with self._engine.begin() as connection:
            _put(connection, tables.gone, [{"final": uri} for uri in gone])
            if back := [{"back": uri} for uri in present]:
                connection.execute(delete(tables.gone).where(tables.gone.c.final == bindparam("back")), back)
            return set(connection.scalars(select(tables.gone.c.final)))

    def members(self, root: str) -> dict[str, str]:
        """Return address -> address that answered, of the pages that a site consisted of when last seen whole."""
        query = select(tables.members.c.url, tables.members.c.final).where(tables.members.c.root == root)
        with self._engine.connect() as connection:
            return {row.url: row.final for row in connection.execute(query)}

    def owned_elsewhere(self, root: str) -> set[str]:
        """Return the addresses of documents that other sites consist of."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(tables.members.c.final).where(tables.members.c.root != root)))

    def page(self, url: str) -> Page | None:
        """Return what is known of a page, None for one never fetched or whose file is gone."""
        with self._engine.connect() as connection:
            row = connection.execute(select(pages).where(pages.c.url == url)).one_or_none()
        if row is None or (row.file and not (self._folder / row.file).is_file()):
            return None
        links = json.loads(row.links)
        return Page(
            url=row.url, final=row.final, file=row.file, kind=row.kind, etag=row.etag,
            last_modified=row.last_modified, fetched_at=row.fetched_at, links=tuple(links["pages"]),
            sitemaps=tuple(links["sitemaps"]),
        )  # fmt: skip

    def keep(self, page: Page) -> None:
        """Remember what is known of a page."""
        row = {c.name: getattr(page, c.name) for c in pages.c if c is not pages.c.links}
        row["links"] = json.dumps({"pages": page.links, "sitemaps": page.sitemaps})
        with self._engine.begin() as connection:
            _put(connection, pages, [row])

    def forget(self, page: Page) -> None:
        """Forget a page; its file goes too."""
        with self._engine.begin() as connection:
            connection.execute(delete(pages).where(pages.c.url == page.url))
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
        self._engine.dispose()


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows in the place of those with the same key."""
    if rows:
        connection.execute(insert(table).prefix_with("OR REPLACE", dialect="sqlite"), rows)
