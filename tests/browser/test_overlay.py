"""Who to engage next: numbers on the map and reasons in the panel, for human review; the refused stay apart."""

from __future__ import annotations

import account_extras
import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

NOTICE = "For human review: no automated decision is made here. Reach rests on assumed tie strengths."
MARKS = "marks().filter(mark => mark.text)"


@pytest.fixture(scope="module")
def account():
    payload = payloads.account(60)
    payload["nodes"]["name"] = [f"Person {i:03d}" for i in range(60)]
    rows = payload["triggers"]["rows"]
    rows[0].update(reach=12.34, reach_se=0.56, reason="moves many", event="Formulary review",
                   window=["2026-09-01", "2026-10-15"], through="Contact so far: brief")  # fmt: skip
    rows[1].update(event="", window=None, through="")
    payload["triggers"]["notice"] = NOTICE
    return payload


@pytest.fixture(scope="module")
def page(account):
    return account_page(account)


def start(show, page):
    opened = show(page, peek=True)
    opened.hook("overlay-toggle").press("Enter")
    return opened


def focus(opened, i):
    """Name number i is "Person i", which begins no other name."""
    opened.find(f"Person {i:03d}")


def test_the_list_says_who_why_by_when_and_through_whom(show, account, page):
    opened = start(show, page)
    rows = opened.hook("next-list").locator("li")
    proposed = account["triggers"]["rows"]
    assert rows.count() == len(proposed)
    first, second = rows.nth(0).inner_text(), rows.nth(1).inner_text()
    name = account["nodes"]["name"][proposed[0]["node"]]
    dates = "2026-09-01 to 2026-10-15"
    for said in (name, "12.3\u00a0±\u00a00.6", "moves many", "Formulary review", dates, "Contact so far: brief"):
        assert said in first
    assert "When" not in second
    assert "Way in" not in second
    assert [int(text.split("\n")[0]) for text in rows.all_inner_texts()] == [row["rank"] for row in proposed]


def test_it_is_always_said_that_a_human_decides(show, account, page):
    opened = start(show, page)
    assert opened.hook("review").first.inner_text() == NOTICE
    assert "human review" in opened.status
    focus(opened, account["triggers"]["rows"][0]["node"])
    assert opened.hook("review").last.inner_text() in (NOTICE, NOTICE.split(". ", maxsplit=1)[0] + ".")


def test_numbers_stand_on_the_map_only_while_asked_for(show, account, page):
    opened = show(page, peek=True)
    assert opened.peek(f"{MARKS}.length") == 0
    opened.hook("overlay-toggle").click()
    numbers = opened.peek(f"{MARKS}.map(mark => [mark.node, mark.text]).filter(([, text]) => text !== '–')")
    assert sorted(numbers) == sorted([row["node"], str(row["rank"])] for row in account["triggers"]["rows"])
    opened.hook("overlay-toggle").click()
    assert opened.peek(f"{MARKS}.length") == 0
    assert opened.hook("next-list").count() == 0
    opened.assert_clean()


def test_who_is_hidden_has_no_number(show, account, page):
    opened = start(show, page)
    node = account["triggers"]["rows"][0]["node"]
    group = account["nodes"]["group"][node]
    opened.page.locator(f'[data-hook="legend-group"][data-index="{group}"]').click()
    assert node not in opened.peek(f"{MARKS}.map(mark => mark.node)")
    opened.hook("next-list").locator("button").first.click()
    assert opened.hook("details").get_attribute("data-node") == str(node)
    assert node in opened.peek(f"{MARKS}.map(mark => mark.node)")


def test_a_collapsed_community_carries_the_numbers_of_its_members(show):
    payload = payloads.account(300)
    payload["collapsed"] = True
    opened = start(show, account_page(payload))
    nodes = {row["node"] for row in payload["triggers"]["rows"]}
    assert nodes <= set(opened.peek(f"{MARKS}.map(mark => mark.node)"))


def test_a_stakeholder_says_why_they_are_proposed_or_refused(show, account, page):
    opened = show(page)  # whether the numbers are shown or not
    triggers = account["triggers"]
    focus(opened, triggers["rows"][0]["node"])
    text = opened.hook("why-next").inner_text()
    assert "1st to engage next" in text
    assert "moves many" in text
    focus(opened, triggers["refused"][0]["node"])
    assert "Not to be targeted" in opened.hook("refused").inner_text()
    assert triggers["refused"][0]["reason"] in opened.hook("refused").inner_text()
    named = {row["node"] for row in (*triggers["rows"], *triggers["refused"])}
    focus(opened, next(i for i in range(60) if i not in named))
    assert opened.hook("why-next").count() == opened.hook("refused").count() == 0


def test_the_address_brings_the_numbers_back(show, page):
    opened = start(show, page)
    opened.page.wait_for_timeout(200)
    assert "overlay=shown" in opened.page.url
    opened.page.reload()
    opened.page.locator('html[data-ready="true"]').wait_for(state="attached")
    assert opened.hook("overlay-toggle").get_attribute("aria-pressed") == "true"
    assert opened.hook("next-list").is_visible()


def test_nobody_proposed_is_said(show, account):
    payload = account | {"triggers": {"notice": account_extras.TRIGGER_NOTICE, "rows": [], "refused": []}}
    opened = start(show, account_page(payload))
    assert "Nobody can be recommended here." in opened.hook("home").inner_text()
    assert opened.hook("review").first.inner_text() == account_extras.TRIGGER_NOTICE
    opened.assert_clean()


def test_without_triggers_there_is_no_button(show, account):
    opened = show(account_page(account | {"triggers": None}))
    assert opened.hook("overlay-toggle").count() == 0
    opened.assert_clean()


def test_hostile_reasons_are_text(show):
    payload = payloads.hostile_account()
    opened = start(show, account_page(payload))
    opened.hook("summary-refused").click()
    for name, rows in (("next-list", payload["triggers"]["rows"]), ("refused-list", payload["triggers"]["refused"])):
        for k, row in enumerate(rows):
            opened.hook(name).locator("button").nth(k).click()
            assert opened.hook("details").get_attribute("data-node") == str(row["node"])
            opened.hook("clear").click()
    assert opened.page.title() == payload["title"]
    assert opened.page.locator("img").count() == 0
    opened.assert_clean()


def test_the_refused_stand_apart_with_their_reason(show, account, page):
    opened = start(show, page)
    proposed = {row["node"] for row in account["triggers"]["rows"]}
    refused = [row for row in account["triggers"]["refused"] if row["node"] not in proposed]
    assert opened.hook("refused-list").locator("li").count() == len(account["triggers"]["refused"])
    focus(opened, refused[0]["node"])
    said = opened.hook("refused").inner_text()
    assert "Not to be targeted" in said
    assert refused[0]["reason"] in said
    opened.assert_clean()
