"""What the reader chose is in the address, and the address brings it back; one which means nothing does no harm."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

STATE = """(() => {
    const { off, range, focus, depth, view, layout, colorBy, sizeBy, open } = peek.state;
    const sorted = Object.entries(off).map(([facet, set]) => [facet, [...set].sort((a, b) => a - b)]);
    return { off: Object.fromEntries(sorted), range, focus, depth, view, layout, colorBy, sizeBy, open: [...open],
             shown: peek.shown(), ties: peek.tieShown() };
})()"""
ODD = (
    "#%E0%A4%A", "#focus", "#=&=&&", "#focus=nobody-at-all", "#depth=99&view=3d&layout=spiral&color=__proto__",
    "#hide.group=nothing,,&hide.__proto__=a&hide.stance=%00", "#confidence=-5&since=2024-13..x&size=constructor",
    "#focus=<img src=x onerror=alert(1)>", "#confidence=1000000", "#engaged=nobody&path=a..b&path=..&open=zzz",
    "#" + "x" * 20_000, "#since=9999-01..0000-01", "#toString=1&view=toString",
)  # fmt: skip


@pytest.fixture(scope="module")
def payload():
    payload = payloads.account(60)
    payload["nodes"]["name"][7] = "Zoë Ó-Briain / & # = 100 %"
    return payload


@pytest.fixture(scope="module")
def page(payload):
    return account_page(payload)


def address(opened):
    opened.settle()
    return opened.page.evaluate("location.hash")


def choose_much(opened):
    """Options of every kind, chosen as a reader would."""
    opened.hook("layout").select_option("groups")
    opened.hook("color-by").select_option("stance")
    opened.hook("size-by").select_option("brokerage")
    opened.key("group", 2).click()
    opened.key("layer", 4).click()
    opened.key("stance", 5).click()
    opened.key("community", 6).click()
    opened.hook("confidence").evaluate("input => { input.value = 40; input.dispatchEvent(new Event('input')); }")
    opened.hook("since-to").evaluate(
        "input => { input.value = Number(input.max) - 3; input.dispatchEvent(new Event('input')); }"
    )
    opened.settle()
    first = opened.peek("shown()[0]")
    opened.page.locator(f'[data-hook="person"][data-node="{first}"]').first.click()
    opened.hook("depth-2").click()
    opened.hook("view-table").click()


def test_the_address_brings_back_every_choice(show, page):
    opened = show(page, peek=True)
    assert address(opened) == ""
    choose_much(opened)
    kept = address(opened)
    chosen = opened.page.evaluate(STATE)
    for key in ("layout", "color", "size", "depth", "view", "confidence", "since", "focus",
                "hide.group", "hide.layer", "hide.stance", "hide.community"):  # fmt: skip
        assert f"{key}=" in kept
    again = show(page, peek=True, address=kept)
    assert again.page.evaluate(STATE) == chosen
    assert address(again) == kept
    assert again.status == opened.status
    assert again.hook("name").inner_text() == opened.hook("name").inner_text()
    assert again.rows == opened.rows
    again.assert_clean()


def test_a_new_address_in_the_same_page_is_followed_and_an_empty_one_means_the_start(show, page):
    opened = show(page, peek=True)
    start = opened.page.evaluate(STATE)
    choose_much(opened)
    kept, chosen = address(opened), opened.page.evaluate(STATE)
    opened.page.evaluate("location.hash = ''")
    opened.until("peek.state.focus === null")
    assert opened.page.evaluate(STATE) == start
    opened.page.evaluate("text => { location.hash = text; }", kept)
    opened.until("peek.state.focus !== null")
    assert opened.page.evaluate(STATE) == chosen
    opened.assert_clean()


def test_a_name_of_any_letters_can_be_in_the_address(show, payload, page):
    opened = show(page, peek=True)
    opened.find(payload["nodes"]["name"][7])
    kept = address(opened)
    assert kept == "#focus=zoe-o-briain-100"
    assert show(page, peek=True, address=kept).peek("state.focus") == 7


def test_people_of_the_same_name_keep_addresses_of_their_own(show):
    payload = payloads.account(24)
    payload["nodes"]["name"] = ["Same Name"] * 20 + [""] * 4
    page = account_page(payload)
    opened = show(page, peek=True)
    opened.hook("view-table").click()
    for i in (0, 5, 23):
        opened.page.locator(f'[data-hook="row"][data-node="{i}"]').click()
        assert show(page, peek=True, address=address(opened)).peek("state.focus") == i


@pytest.mark.parametrize("odd", ODD, ids=lambda text: text[:24])
def test_an_address_which_means_nothing_does_nothing(show, page, odd):
    opened = show(page, peek=True, address=odd)
    assert opened.peek("state.focus") is None
    assert opened.counts[0] == 60
    assert opened.inked > 10
    opened.hook("most-influential").locator("button").first.click()
    assert address(opened).startswith("#")
    opened.assert_clean()


def test_someone_renamed_or_gone_is_ignored_and_the_rest_kept(show, page):
    opened = show(page, peek=True, address="#layout=groups&focus=once-upon-a-time&hide.group=clinician,was-a-group")
    assert opened.peek("state.focus") is None
    assert opened.peek("state.layout") == "groups"
    assert opened.page.evaluate("[...peek.state.off.group]") == [0]
    assert address(opened) == "#layout=groups&hide.group=clinician"
    opened.assert_clean()
