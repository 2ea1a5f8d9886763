"""A site on loopback, and what fetches from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.settings import IngestSettings
from ingest.sources.web.address import Guard
from ingest.sources.web.fetch import Fetcher
from ingest.sources.web.store import PageStore
from tests.servers.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve an empty site."""
    with serving() as site:
        yield site


@pytest.fixture
def web_settings(tmp_path: Path) -> IngestSettings:
    """Loopback is allowed, nothing is waited for."""
    return IngestSettings(
        home=tmp_path / "home", web_allow=("127.0.0.0/8",), web_delay=0.0, web_timeout=1.5, web_max_bytes=200_000
    )


@pytest.fixture
def open_fetcher(web_settings: IngestSettings) -> Iterator[Callable[..., Fetcher]]:
    """Open fetchers that are closed at the end."""
    opened = []

    def open_it(guard: Guard | None = None, **changes: object) -> Fetcher:
        opened.append(Fetcher(web_settings.model_copy(update=changes), guard, sleep=lambda _: None))
        return opened[-1]

    yield open_it
    for fetcher in opened:
        fetcher.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PageStore]:
    """An empty store of pages."""
    with PageStore(tmp_path / "web") as store:
        yield store
