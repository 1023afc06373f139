"""Names which attack or confuse stay text, wherever the account page shows them."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

NAMES = payloads.HOSTILE
LONG = max(NAMES, key=len)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Elements which only an attack would bring.
FOREIGN = (
    "document.querySelectorAll('img, iframe, object, embed, link:not([rel=icon]), body script:not([type])').length"
)


@pytest.fixture(scope="module")
def payload():
    return payloads.hostile_account()


@pytest.fixture(scope="module")
def page(payload):
    return account_page(payload)


def place_of(payload, name):
    return payload["nodes"]["name"].index(name)


def assert_inert(opened, payload, foreign):
    assert opened.page.title() == payload["title"]
    assert opened.page.evaluate(FOREIGN) == foreign
    assert opened.page.evaluate(WIDER) <= 0
    opened.assert_clean()


@pytest.mark.parametrize("name", [name for name in NAMES if name], ids=range(len(NAMES) - 1))
def test_a_name_is_inert_in_search_panel_table_label_and_tooltip(show, payload, page, name):
    i = place_of(payload, name)
    opened = show(page, peek=True)
    foreign = opened.page.evaluate(FOREIGN)

    opened.hook("search").fill(" ".join(name.split())[:300])
    hit = opened.page.locator(f'[data-hook="hit"][data-node="{i}"]')
    assert hit.text_content().startswith(shown(name, 80))
    opened.hook("search").press("Enter")
    opened.hook("view-table").click()
    row = opened.page.locator(f'[data-hook="row"][data-node="{i}"]')
    assert row.text_content() == shown(name, 160)
    row.click()
    assert opened.hook("name").text_content() == name
    assert_inert(opened, payload, foreign)

    opened.hook("view-map").click()
    opened.settle()
    labels = {each["node"]: each["text"] for each in opened.peek("labels()")}
    assert labels[i] == shown(name, 32)
    opened.page.mouse.move(*opened.peek(f"pixelOf({i})"))
    assert opened.hook("tip").is_visible()
    tip = opened.hook("tip").locator("strong").text_content()
    assert tip in {shown(each, 80) for each in payload["nodes"]["name"]}
    assert_inert(opened, payload, foreign)


def shown(text, most):
    """As the page clips it."""
    return text if len(text.encode("utf-16-le")) // 2 <= most else f"{text[: most - 1].rstrip()}…"


def test_every_control_and_state_takes_hostile_labels(show, payload, page):
    opened = show(page, peek=True)
    foreign = opened.page.evaluate(FOREIGN)
    for name in ("layout", "color-by", "size-by"):
        options = opened.hook(name).locator("option").evaluate_all("all => all.map(each => each.value)")
        for value in options:
            opened.hook(name).select_option(value)
            opened.settle()
    opened.hook("color-by").select_option("group")
    for box in opened.hook("legend").locator("details").all():
        box.locator("summary").click()
    for facet in ("group", "layer", "community", "kind", "stance", "contact"):
        opened.page.locator(f'[data-hook="legend-{facet}"]').first.click()
        opened.hook(f"all-{facet}").click()
    opened.hook("most-influential").locator("button").nth(1).click()
    for depth in (1, 2, 3):
        opened.hook(f"depth-{depth}").click()
    assert_inert(opened, payload, foreign)
    opened.settle()
    kept = opened.page.evaluate("location.hash")
    again = show(page, peek=True, address=kept)
    assert again.peek("state.focus") == opened.peek("state.focus")
    assert_inert(again, payload, foreign)


def test_title_notice_and_findings_are_text(show, payload, page):
    opened = show(page)
    assert opened.page.title() == payload["title"]
    assert opened.page.locator("h1").text_content() == payload["title"]
    assert "{{7*7}}" in opened.page.locator(".notice").first.text_content()
    said = opened.page.locator(".findings li").all_text_contents()
    assert "49" not in "".join(said)
    assert LONG in said


def test_marks_of_direction_do_not_turn_the_text_around_them(show, payload, page):
    name = NAMES[4]
    opened = show(page, peek=True)
    opened.find("right to left")
    assert opened.peek("state.focus") == place_of(payload, name)
    assert f"\u2068{name}\u2069" in opened.page.locator('[data-hook="status"]').text_content()
    assert opened.hook("name").get_attribute("dir") == "auto"


def test_text_made_to_look_like_code_is_never_run(show):
    payload = payloads.account(12)
    attacks = ("javascript:alert(1)", "constructor", "__proto__", "toString", "hasOwnProperty", "NaN", "undefined", "0")
    for k, text in enumerate(attacks):
        payload["nodes"]["name"][k] = payload["nodes"]["org"][k] = text
        payload["ties"]["kind"][k] = text
    for k, group in enumerate(payload["groups"][:3]):
        group["label"] = attacks[k + 1]
    opened = show(account_page(payload), peek=True)
    for k, text in enumerate(attacks):
        opened.page.evaluate("name => { location.hash = `focus=${name}`; }", text.replace("__proto__", "proto").lower())
        opened.find(text)
        assert opened.hook("name").text_content() == text
        assert opened.peek("state.focus") == k
    opened.assert_clean()
