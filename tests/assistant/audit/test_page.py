"""The report in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.audit.compare.difference import LoadDifference
from assistant.audit.compare.loads import Asked, load_differences
from assistant.audit.reports.html import difference_page, run_page
from assistant.audit.reports.report import build_report
from assistant.audit.runs.folder import RunFolder
from tests.assistant.audit.conftest import Company

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = pytest.mark.slow


class Opened:
    """A page, and what it said and fetched."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.noise: list[str] = []
        page.on("console", lambda message: self.noise.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        page.on("request", lambda request: self.noise.append(f"request: {request.url}"))

    def open(self, path: Path) -> None:
        """Open a file; its own address is no noise."""
        self.page.goto(path.as_uri())
        self.noise = [line for line in self.noise if not line.endswith(path.name) and "data:," not in line]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """A page in Debian's Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    if not CHROMIUM.exists():
        pytest.skip("no browser: apt-get install chromium")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS, timeout=180_000)
        page = browser.new_page(viewport={"width": 1100, "height": 1400})
        page.set_default_timeout(60_000)
        yield Opened(page)
        browser.close()


def test_a_rate_leads_to_its_answers(
    company: Company, audit: Callable[[str], None], opened: Opened, tmp_path: Path
) -> None:
    """Charts, filters and drill-down work, the quote is marked, nothing is fetched or complained about."""
    audit("one")
    path = tmp_path / "page.html"
    path.write_text(run_page(build_report(RunFolder(company.settings.home, "one"))))
    opened.open(path)
    page = opened.page
    assert page.locator("svg.chart").first.bounding_box()["width"] > 400
    page.locator("svg.chart .rate[data-metric=expected_document]").first.click()
    assert page.locator("#summary").inner_text().startswith("5 answers; Expected document first")
    page.select_option("select[name='group:topic']", "returns")
    assert page.locator("#summary").inner_text().startswith("2 answers")
    page.locator("article summary").first.click()
    assert page.locator("article mark").first.inner_text()
    page.locator("button[type=reset]").click()
    page.locator("#summary", has_text="6 answers").wait_for()
    page.fill("input[name=find]", "kettles")
    assert page.locator("article").count() >= 1
    page.locator("svg.chart .rate").first.focus()
    page.keyboard.press("Enter")
    assert "Faithfulness" in page.locator("#summary").inner_text()
    assert opened.noise == []


def test_a_difference_shows_both_sides(company: Company, opened: Opened, tmp_path: Path) -> None:
    """The page of a load has both answers side by side and the changed line of the document."""
    company.edit("returns.md", "30 days", "14 days")
    company.load()
    found: LoadDifference = load_differences(company.settings, Asked(file=company.questions))
    path = tmp_path / "page.html"
    path.write_text(difference_page(found))
    opened.open(path)
    opened.page.select_option("select[name=kind]", "conflicting")
    opened.page.locator("article summary").first.click()
    opened.page.locator(".sides > div").first.wait_for()  # drawn when it has been opened
    assert opened.page.locator(".sides > div").count() == 2
    assert "14 days" in opened.page.locator(".lines .plus").first.inner_text()
    assert opened.noise == []
