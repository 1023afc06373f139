"""The account page without a mouse: found, read, walked, and left again by keys alone."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

ACTIVE = "(each => each.dataset.hook ?? each.tagName)(document.activeElement)"


@pytest.fixture(scope="module")
def payload():
    payload = payloads.account(60)
    payload["nodes"]["name"] = [f"Person number {i}" for i in range(60)]
    return payload


@pytest.fixture(scope="module")
def page(payload):
    return account_page(payload)


def press(opened, *keys):
    for key in keys:
        opened.page.keyboard.press(key)


def active(opened):
    return opened.page.evaluate(ACTIVE)


def tab_to(opened, name, backwards=False):
    """Press Tab until the control with this hook has the focus."""
    for _ in range(150):
        if active(opened) == name:
            return
        press(opened, "Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"Tab never comes to {name}")


def neighbours(payload, i):
    pairs = zip(payload["ties"]["source"], payload["ties"]["target"], strict=True)
    return {b for pair in pairs for a, b in (pair, pair[::-1]) if a == i}


def test_a_session_by_keyboard_alone(show, payload, page):
    opened = show(page, peek=True)
    press(opened, "/")
    assert active(opened) == "search"
    opened.page.keyboard.type("person number 7")
    press(opened, "Enter")
    assert opened.hook("name").inner_text() == "Person number 7"

    tab_to(opened, "map")
    walked = [7]
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp") * 2:
        press(opened, key)
        now = opened.peek("state.focus")
        assert now == walked[-1] or now in neighbours(payload, walked[-1])
        walked.append(now)
    assert len(set(walked)) > 2

    press(opened, "2")
    tab_to(opened, "depth-2")
    press(opened, "Enter")
    assert opened.peek("state.depth") == 2
    assert active(opened) == "depth-2", "the focus stays on the control although the panel is drawn anew"

    tab_to(opened, "view-table", backwards=True)
    press(opened, "Space")
    assert opened.hook("sheet").is_visible()
    tab_to(opened, "row")
    press(opened, "Enter")
    first = opened.page.locator('[data-hook="row"]').first.get_attribute("data-node")
    assert opened.hook("details").get_attribute("data-node") == first
    assert active(opened) == "row"

    tab_to(opened, "view-map", backwards=True)
    press(opened, "Enter")
    assert opened.hook("sheet").is_hidden()
    press(opened, "Escape")
    assert opened.peek("state.focus") is None
    assert opened.hook("details").is_hidden()
    opened.assert_clean()


def test_a_path_by_keyboard_alone(show, page):
    opened = show(page, peek=True)
    tab_to(opened, "path-from")
    opened.page.keyboard.type("person number 0")
    press(opened, "Enter")
    assert active(opened) == "path-to"
    opened.page.keyboard.type("person number 41")
    press(opened, "Enter")
    assert opened.peek("state.path.from") == 0
    assert opened.peek("state.path.to") == 41
    assert active(opened) == "path-title"
    assert opened.peek("scene.path.nodes.at(0)") == 0
    assert opened.peek("scene.path.nodes.at(-1)") == 41
    assert "Path of" in opened.status
    tab_to(opened, "path-close", backwards=True)
    press(opened, "Enter")
    assert opened.peek("state.path") is None
    opened.assert_clean()


@pytest.mark.parametrize("name", ["png", "svg"])
def test_a_picture_is_saved_by_keyboard(show, page, name):
    opened = show(page)
    tab_to(opened, name)
    with opened.page.expect_download() as download:
        press(opened, "Enter")
    assert download.value.suggested_filename == f"northmere-health-system.{name}"
    opened.assert_clean()


def test_filters_by_keyboard(show, payload, page):
    opened = show(page, peek=True)
    tab_to(opened, "layout")
    press(opened, "ArrowDown")
    assert opened.peek("state.layout") == "groups"
    tab_to(opened, "legend-group")
    press(opened, "Space")
    assert opened.counts[0] == 60 - payload["nodes"]["group"].count(0)
    assert active(opened) == "legend-group"
    tab_to(opened, "confidence")
    press(opened, "ArrowRight", "ArrowRight")
    opened.settle()
    assert opened.peek("state.range.confidence") == [0.1]
    tab_to(opened, "reset", backwards=True)
    press(opened, "Enter")
    assert opened.counts[0] == 60
    opened.assert_clean()


def test_tab_goes_through_the_page_and_never_gets_caught(show, page):
    opened = show(page, address="#focus=person-number-0")
    seen = []
    for _ in range(300):
        press(opened, "Tab")
        if active(opened) == "BODY":
            break
        seen.append(active(opened))
    assert active(opened) == "BODY", "after the last control, the focus leaves the page"
    assert {"search", "view-table", "layout", "map", "fit", "clear", "depth-1"} <= set(seen)
    assert seen.index("search") < seen.index("layout") < seen.index("map") < seen.index("clear")


def test_every_stop_of_the_keyboard_shows_where_it_is(show, page):
    opened = show(page, address="#focus=person-number-0")
    hidden = set()
    for _ in range(60):
        press(opened, "Tab")
        marked = opened.page.evaluate(
            """() => {
                const each = document.activeElement;
                const style = getComputedStyle(each);
                return each === document.body || parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none'
                    || style.boxShadow !== 'none';
            }"""
        )
        if not marked:
            hidden.add(active(opened))
    assert hidden == set()


def test_a_slash_in_a_field_is_a_slash(show, page):
    opened = show(page)
    opened.hook("search").focus()
    opened.page.keyboard.type("a/b")
    assert opened.hook("search").input_value() == "a/b"


def test_escape_closes_one_thing_at_a_time(show, page):
    opened = show(page, peek=True)
    opened.find("person number 3")
    press(opened, "/")
    opened.page.keyboard.type("person")
    press(opened, "Escape")
    assert opened.hook("hits").is_hidden()
    assert opened.peek("state.focus") == 3
    press(opened, "Escape")
    assert opened.peek("state.focus") is None


def test_communities_open_and_close_by_keyboard(show):
    payload = payloads.account(300)
    payload["collapsed"] = True
    opened = show(account_page(payload), peek=True)
    tab_to(opened, "map")
    before = opened.peek("drawn().length")
    press(opened, "ArrowRight", "Enter")
    assert opened.peek("drawn().length") > before
    assert "minus closes it" in opened.status
    press(opened, "-")
    assert opened.peek("drawn().length") == before
    assert opened.counts[0] == 300
    opened.assert_clean()


def test_the_first_stop_leads_to_the_table(show, page):
    opened = show(page)
    press(opened, "Tab")
    assert active(opened) == "skip"
    assert opened.hook("skip").bounding_box()["y"] >= 0, "in sight while it has the focus"
    press(opened, "Enter")
    assert active(opened) == "sheet"
    assert opened.rows == 60
    assert opened.hook("skip").bounding_box()["y"] < 0
    opened.assert_clean()
