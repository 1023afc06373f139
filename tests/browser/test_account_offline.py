"""The account page without a network, without 3D, and without movement: drawn all the same, and silent."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import Page, account_page

pytestmark = pytest.mark.browser

ACTIONS = ("fit", "zoom-in", "zoom-out", "png", "theme", "view-table", "view-map")


@pytest.fixture(scope="module")
def page():
    return account_page(payloads.account(60))


def use(opened):
    """A little of everything."""
    for name in ACTIONS:
        opened.hook(name).click()
    opened.hook("most-influential").locator("button").first.click()
    opened.hook("depth-2").click()
    opened.key("group", 0).click()
    opened.settle()


@pytest.mark.parametrize("network", ["abort", "hang"])
def test_the_page_asks_for_nothing_whether_the_network_refuses_or_hangs(show, page, network):
    opened = show(page, network=network)
    assert opened.inked > 10
    use(opened)
    opened.assert_clean()


@pytest.mark.parametrize("network", ["abort", "hang"])
def test_a_request_would_have_been_noticed(show, network):
    html = (
        '<!doctype html><html data-ready="true"><img src="https://example.invalid/a.png">'
        '<script>fetch("https://example.invalid/b").catch(() => 0)</script></html>'
    )
    opened = show(Page(html=html, title=""), network=network)
    opened.page.wait_for_timeout(200)
    assert sorted(opened.requests) == ["https://example.invalid/a.png", "https://example.invalid/b"]


def test_nothing_needs_3d(browser_with, show, page):
    opened = show(page, browser=browser_with("--disable-3d-apis"))
    assert opened.page.evaluate("document.createElement('canvas').getContext('webgl')") is None
    assert opened.inked > 10
    use(opened)
    opened.assert_clean()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_camera_jumps_for_those_who_prefer_no_movement(show, page, motion):
    opened = show(page, peek=True, reduced_motion=motion)
    opened.settle()
    places = opened.page.evaluate(
        """async () => {
            const rounded = ({ scale, tx, ty }) => [scale, tx, ty].map(Math.round).join();
            const at = () => rounded(peek.viewOf());
            const seen = new Set([at()]);
            document.querySelector('[data-hook="most-influential"] button').click();
            const end = performance.now() + 1500;
            let still = 0;
            for (let last = ''; still < 12 && performance.now() < end; last = at()) {
                await new Promise(requestAnimationFrame);
                still = at() === last ? still + 1 : 0;
                seen.add(at());
            }
            return seen.size;
        }"""
    )
    assert places <= 2 if motion == "reduce" else places > 2
    moving = opened.page.evaluate("document.getAnimations().filter(each => each.playState === 'running').length")
    assert moving == 0
    opened.assert_clean()
