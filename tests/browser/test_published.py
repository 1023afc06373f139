"""A whole published demo in a real browser, opened by double click: nothing is asked of the network, nothing fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from workspaces import run

pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    "benchmark.html",
    "triggers.html",
    "archetypes.html",
    "accounts/acc-01.html",
    "accounts/acc-16.html",
)
READY = 'html[data-ready="true"]'


@pytest.fixture(scope="module")
def folder(root, tmp_path_factory):
    """The demo, published once."""
    out = tmp_path_factory.mktemp("published") / "out"
    ran = run("run", root / "data" / "demo", "-o", out, "-q", "--draws", "100", "--no-open")
    assert ran.code == 0, ran.err
    return out


class Watched:
    """A page of the browser which may open the files of one folder and nothing else."""

    def __init__(self, page, folder: Path):
        self.page, self.folder = page, folder
        self.asked, self.said = [], []
        page.route("**/*", self._route)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def _route(self, route):
        request = route.request
        ours = request.url.split("#")[0].startswith(self.folder.as_uri())
        if request.is_navigation_request() and ours:
            route.continue_()
        else:
            self.asked.append(request.url)
            route.abort()

    def open(self, name):
        self.page.goto((self.folder / name).as_uri())
        self.ready()

    def ready(self):
        self.page.locator(READY).wait_for(state="attached")

    @property
    def here(self):
        return self.page.url.split("#")[0].removeprefix(self.folder.as_uri() + "/")

    def assert_clean(self):
        assert self.asked == []
        assert self.said == []


@pytest.fixture
def watched(chromium, folder):
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    yield Watched(context.new_page(), folder)
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_from_its_file_without_a_request_or_a_message(watched, name):
    watched.open(name)
    assert watched.page.locator("h1").first.inner_text().strip()
    watched.assert_clean()


def test_what_would_be_seen_if_a_page_asked_for_something(watched):
    watched.open("index.html")
    watched.page.evaluate("fetch('https://example.org/').catch(() => console.log('refused'))")
    watched.page.wait_for_timeout(200)
    assert watched.asked == ["https://example.org/"] or watched.said  # a policy may refuse before anything is asked
    with pytest.raises(AssertionError):
        watched.assert_clean()


def test_from_the_index_to_an_account_and_back(watched):
    watched.open("index.html")
    account = watched.page.locator('[data-hook="accounts"] tbody th a').nth(2)
    name = account.inner_text()
    account.click()
    watched.page.wait_for_url("**/accounts/*.html")
    watched.ready()
    assert name in watched.page.title()
    watched.page.get_by_role("link", name="All accounts").first.click()
    watched.page.wait_for_url("**/index.html")
    watched.ready()
    assert watched.here == "index.html"
    watched.assert_clean()


@pytest.mark.parametrize("report", ["benchmark", "triggers", "archetypes"])
def test_from_the_index_to_a_report_and_back(watched, report):
    watched.open("index.html")
    watched.page.locator(f'a[data-hook="{report}"]').click()
    watched.page.wait_for_url(f"**/{report}.html")
    watched.ready()
    watched.page.get_by_role("link", name="All accounts").first.click()
    watched.page.wait_for_url("**/index.html")
    watched.assert_clean()


@pytest.mark.parametrize(("report", "link"), [("triggers", "details[open] .map a"), ("archetypes", ".who a")])
def test_from_a_report_to_the_map_of_an_account(watched, report, link):
    watched.open(f"{report}.html")
    watched.page.locator(link).first.click()
    watched.page.wait_for_url("**/accounts/*.html")
    watched.ready()
    watched.assert_clean()


def test_the_pages_agree_on_who_is_where(watched):
    """The first trigger of an account is on its map, under the same name."""
    watched.open("triggers.html")
    section = watched.page.locator('[data-hook="account"][open]').first
    who = section.locator('[data-hook="row"] th .clip').first.inner_text()
    section.locator(".map a").click()
    watched.page.wait_for_url("**/accounts/*.html")
    watched.ready()
    watched.page.locator('[data-hook="search"]').fill(who)
    watched.page.locator('[data-hook="hits"] [role="option"]').first.wait_for()
    assert who in watched.page.locator('[data-hook="hits"]').inner_text()
    watched.assert_clean()
