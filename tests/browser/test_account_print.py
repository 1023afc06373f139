"""On paper: title, notice, findings, the map in light colours, its key, and the twenty most influential."""

from __future__ import annotations

import re

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

CORNER = """() => document.querySelector('[data-hook="print-sheet"] canvas')
    .getContext("2d").getImageData(2, 2, 1, 1).data[0]"""
CUT = """() => [...document.querySelectorAll('[data-hook="print-sheet"] .page')]
    .filter(page => page.scrollHeight > page.clientHeight + 1).length"""
PHOTO = "document.querySelector('[data-hook=\"map\"] canvas').toDataURL()"


def pages_of(opened):
    content = opened.page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", content))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sheet_shows_the_map_and_the_foremost_twenty(show, scheme):
    account = payloads.account(60)
    opened = show(account_page(account), color_scheme=scheme)
    opened.page.emulate_media(media="print")
    sheet = opened.hook("print-sheet")
    sheet.locator("canvas").wait_for()
    assert sheet.locator("tbody tr").count() == 20
    text = sheet.inner_text()
    for wanted in (account["title"], account["notice"], account["findings"][0], account["groups"][0]["label"]):
        assert wanted in text
    assert opened.page.evaluate(CORNER) == 255, "paper is white"
    assert opened.hook("map").is_hidden()
    opened.page.emulate_media(media="screen")
    sheet.wait_for(state="detached")
    assert opened.page.evaluate("document.documentElement.dataset.theme") == scheme
    opened.assert_clean()


@pytest.mark.parametrize("n", [0, 3, 60, 300])
def test_a_sheet_is_two_pages_at_most(show, n):
    opened = show(account_page(payloads.account(n)))
    assert pages_of(opened) == (2 if n else 1)
    assert opened.hook("print-sheet").count() == 0
    opened.assert_clean()


def test_long_and_hostile_text_is_not_cut_by_the_page(show):
    opened = show(account_page(payloads.hostile_account()))
    assert pages_of(opened) == 2
    opened.page.emulate_media(media="print")
    opened.hook("print-sheet").wait_for()
    assert opened.page.evaluate(CUT) == 0
    assert opened.page.locator("img").count() == 0
    opened.assert_clean()


def test_printing_leaves_the_map_where_it_was(show):
    opened = show(account_page(payloads.account(60)))
    opened.hook("zoom-in").click()
    opened.page.wait_for_timeout(300)
    before = opened.page.evaluate(PHOTO)
    opened.page.pdf()
    opened.page.wait_for_timeout(1_200)  # vis-network looks for a new size once a second
    assert opened.page.evaluate(PHOTO) == before
