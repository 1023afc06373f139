"""Search, the start of the panel, and the sheet it is on a phone."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ACTIVE = "document.activeElement.dataset.hook"


@pytest.fixture(scope="module")
def account():
    payload = payloads.account(60)
    payload["nodes"]["name"] = [f"Person {i:03d}" for i in range(60)]
    return payload


@pytest.fixture(scope="module")
def page(account):
    return account_page(account)


def test_search_marks_what_it_found(show):
    payload = payloads.account(30)
    payload["nodes"]["name"][:2] = ["Zoë Ångström-Müller", "Ángel"]
    payload["nodes"]["title"][0] = "Chief of Strömungslehre"
    opened = show(account_page(payload))
    opened.hook("search").fill("ANGSTROM strom")
    hit = opened.hook("hit").first
    assert [each.inner_text() for each in hit.locator("mark").all()] == ["Ångström", "Ström"]
    assert hit.locator("svg").count() == 1
    opened.hook("search").fill("angel")
    assert opened.hook("hit").first.locator("mark").inner_text() == "Ángel"
    opened.assert_clean()


def test_search_shows_a_dozen_and_says_how_many_more(show, page):
    opened = show(page)
    opened.hook("search").fill("person")
    assert opened.hook("hit").count() == 12
    assert "and 48 more" in opened.hook("hits").inner_text()
    opened.hook("search").press("ArrowUp")
    assert opened.hook("search").get_attribute("aria-activedescendant") == "hit-11"


def test_names_which_begin_so_come_first_and_then_the_most_influential(show):
    payload = payloads.account(20)
    payload["nodes"]["name"] = [f"Person {i:03d}" for i in range(20)]
    payload["nodes"]["title"][2] = "Lena's deputy"
    for i, name in ((5, "Magdalena Berg"), (9, "Lena Olsen"), (12, "Olga Lenard")):
        payload["nodes"]["name"][i] = name
    opened = show(account_page(payload))
    opened.hook("search").fill("lena")
    assert [each.get_attribute("data-node") for each in opened.hook("hit").all()] == ["9", "12", "5", "2"]


def test_search_leads_the_keyboard_into_the_panel(show, page):
    opened = show(page)
    opened.find("Person 007")
    assert opened.page.evaluate(ACTIVE) == "name"
    opened.page.keyboard.press("/")
    assert opened.page.evaluate(ACTIVE) == "search"


def test_the_start_has_findings_the_foremost_and_notes(show, account, page):
    opened = show(page)
    assert account["findings"][0] in opened.hook("fold-findings").inner_text()
    assert opened.hook("most-influential").locator("li").count() == 10
    assert "The merger is planned for autumn." in opened.hook("fold-notes").inner_text()
    opened.hook("note").click()
    assert opened.hook("name").inner_text() == "Person 000"


def test_on_a_phone_the_panel_is_a_sheet_with_a_handle(show, page):
    opened = show(page, **PHONE)
    panel = opened.page.locator(".panel")
    heights = [panel.bounding_box()["height"]]
    assert panel.bounding_box()["y"] + heights[0] == pytest.approx(844, abs=1)
    for expanded in ("false", "true", "false"):
        opened.hook("handle").tap()
        heights.append(panel.bounding_box()["height"])
        assert opened.hook("handle").get_attribute("aria-expanded") == expanded
    low, half, tall, again = heights
    assert low < half / 2 < tall / 3
    assert again == low
    opened.assert_clean()


def test_a_sheet_drawn_down_comes_up_again_for_whom_is_found(show, page):
    opened = show(page, **PHONE)
    panel = opened.page.locator(".panel")
    opened.hook("handle").tap()
    assert panel.get_attribute("data-sheet") == "half"
    area = opened.hook("handle").bounding_box()
    opened.page.mouse.move(200, area["y"] + 10)
    opened.page.mouse.down()
    opened.page.mouse.move(200, 820, steps=6)
    opened.page.mouse.up()
    assert panel.get_attribute("data-sheet") == "low"
    opened.find("Person 007")
    assert panel.get_attribute("data-sheet") == "half"
    opened.assert_clean()


def test_numbers_on_the_map_do_not_lie_on_each_other(show):
    payload = payloads.account(30)
    for axis in ("x", "y"):
        payload["nodes"][axis][2], payload["nodes"][axis][7] = 10.0, 12.0
    opened = show(account_page(payload), peek=True)
    opened.hook("overlay-toggle").click()
    first, second = (next(mark for mark in opened.peek("marks()") if mark["text"] == text) for text in "12")
    scale = opened.peek("viewOf().scale")
    apart = sum(((first[a] - second[a]) * scale + first[f"d{a}"] - second[f"d{a}"]) ** 2 for a in "xy") ** 0.5
    assert apart > 17
