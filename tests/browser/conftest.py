"""A headless Chromium in which nothing but files can be reached, and which tells all it was asked and all it said.

The browser is the one named by ECOSYSTEM_IQ_CHROMIUM, else one on the PATH, else Playwright's own.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# Test modules are imported by path (importlib mode); their helpers are found through this.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Opened:
    """A page in the browser, with all it requested and reported."""

    page: Any
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def hook(self, name: str) -> Any:
        """The control with this data-hook."""
        return self.page.locator(f'[data-hook="{name}"]')

    @property
    def status(self) -> str:
        """The status line."""
        return self.hook("status").inner_text()

    @property
    def counts(self) -> tuple[int, int]:
        """Stakeholders and ties which the status line says are shown."""
        people, ties = self.status.split(" · ")[:2]
        return int(people.split()[0].replace(",", "")), int(ties.split()[0].replace(",", ""))

    @property
    def rows(self) -> int:
        """Rows in the body of the table of stakeholders."""
        return self.page.locator('[data-hook="sheet"] tbody tr').count()

    def find(self, text: str) -> None:
        """Search and take the first hit."""
        self.hook("search").fill(text)
        self.hook("search").press("Enter")

    def assert_clean(self) -> None:
        """Nothing was requested but the file, nothing written to the console, nothing thrown."""
        assert self.requests == []
        assert self.messages == []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; without one, the test is skipped."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    named = os.environ.get("ECOSYSTEM_IQ_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=named, args=[*FLAGS, *(["--no-sandbox"] if as_root else [])]
            )
        except sync_api.Error as error:
            pytest.skip(f"no Chromium could be started (set ECOSYSTEM_IQ_CHROMIUM): {str(error).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def show(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Open a page from a file and wait until it is drawn; options go to the browser context."""
    contexts = []

    def opener(page: Any, **options: Any) -> Opened:
        context = chromium.new_context(
            **({"viewport": {"width": 1400, "height": 900}, "reduced_motion": "reduce"} | options)
        )
        contexts.append(context)
        opened = Opened(context.new_page())
        file = page.save(tmp_path / "page.html")
        _listen(opened, file.as_uri())
        opened.page.goto(file.as_uri())
        opened.page.locator('html[data-ready="true"]').wait_for(state="attached")
        return opened

    yield opener
    for context in contexts:
        context.close()


def _listen(opened: Opened, address: str) -> None:
    def route(route: Any) -> None:
        if route.request.url == address:
            route.continue_()
        else:
            opened.requests.append(route.request.url)
            route.abort()

    opened.page.route("**/*", route)
    opened.page.on("console", lambda message: opened.messages.append(message.text))
    opened.page.on("pageerror", lambda error: opened.messages.append(str(error)))
    opened.page.on("dialog", lambda dialog: opened.messages.append(f"dialog: {dialog.message}"))
