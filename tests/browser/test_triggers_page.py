"""The page of trigger points in a real browser."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import triggers_page

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(show):
    """Six accounts: nobody to recommend in the third, the others with five triggers each."""
    return show(triggers_page(payloads.triggers(6)))


def shown(opened, name):
    return opened.page.locator(f'[data-hook="{name}"]:not([hidden])').count()


def test_searching_leaves_the_accounts_and_rows_which_match(opened):
    assert opened.status == "6 of 6 accounts · 25 of 25 triggers"
    name = payloads.triggers(6)["accounts"][3]["rows"][2]["name"]
    opened.hook("search").fill(f"aldhelm {name.lower()}")
    assert opened.status == "1 of 6 accounts · 1 of 25 triggers"
    box = opened.page.locator('[data-hook="account"]:not([hidden])')
    assert box.get_attribute("open") is not None
    assert box.locator('[data-hook="row"]:visible th').inner_text().startswith(name)
    assert box.locator('[data-hook="count"]').inner_text() == "1 of 5 to engage"
    opened.hook("search").press("Escape")
    assert opened.status == "6 of 6 accounts · 25 of 25 triggers"


def test_an_account_without_triggers_is_found_by_name(show):
    payload = payloads.triggers(6)
    payload["accounts"][2]["name"] = "Quillhaven Clinics"
    opened = show(triggers_page(payload))
    opened.hook("search").fill("quillhaven")
    assert opened.status == "1 of 6 accounts · 0 of 25 triggers"
    assert "Nobody in this account can be recommended" in opened.page.locator(".nobody:visible").inner_text()


def test_somebody_who_may_not_be_targeted_is_found_with_the_reason(opened):
    payload = payloads.triggers(6)
    name = payload["accounts"][2]["refused"][0]["name"]
    opened.hook("search").fill(f"calder {name}")
    assert shown(opened, "account") == 1
    opened.page.locator('[data-hook="refused"][open]:visible').get_by_text(name).first.wait_for()


def test_a_type_filters_and_lets_go_again(opened):
    rows = [row for account in payloads.triggers(6)["accounts"] for row in account["rows"]]
    timing = opened.page.locator('[data-hook="type"][data-type="timing"]')
    timing.click()
    assert shown(opened, "row") == sum(row["type"] == "timing" for row in rows)
    assert timing.get_attribute("aria-pressed") == "true"
    timing.press("Enter")
    assert shown(opened, "row") == len(rows)
    assert timing.get_attribute("aria-pressed") == "false"


def test_when_nothing_matches_there_is_a_way_back(opened):
    opened.hook("search").fill("nobody of this name")
    opened.hook("clear").click()
    assert shown(opened, "account") == 6
    assert opened.hook("search").evaluate("field => field === document.activeElement")


def test_sections_open_and_close_together_and_with_the_keyboard(opened):
    is_open = opened.page.locator('[data-hook="account"][open]')
    assert is_open.count() == 1
    opened.hook("fold").click()
    assert is_open.count() == 6
    assert opened.hook("fold").inner_text() == "Close all"
    opened.hook("fold").click()
    assert is_open.count() == 0
    opened.page.locator('[data-hook="account"] > summary').nth(1).press("Enter")
    assert is_open.count() == 1


def test_an_address_with_the_name_of_an_account_opens_it(opened):
    opened.page.evaluate("location.hash = 'account-4'")
    opened.page.locator("#account-4[open]").wait_for()
    opened.page.wait_for_function("document.querySelector('#account-4').getBoundingClientRect().top < innerHeight")


def test_a_choice_which_does_not_beat_the_others_says_so(opened):
    opened.hook("fold").click()
    told = opened.page.locator('[data-hook="verdict"]').all_inner_texts()
    assert told[0].startswith("Reaches more")
    assert told[1].startswith("Does not reach the most")
    assert opened.page.locator(".verdict.caution").count() >= 1


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_note_on_conduct_can_be_seen(opened, media):
    opened.page.emulate_media(media=media)
    note = opened.hook("conduct")
    assert note.is_visible()
    assert note.inner_text().startswith("For human review: no automated decision.")
    assert opened.hook("search").is_visible() == (media == "screen")
    assert opened.status
    opened.assert_clean()
