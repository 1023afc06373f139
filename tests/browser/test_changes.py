"""Before and after: marks on the map, lists in the panel and the columns behind them agree."""

from __future__ import annotations

import re
from collections import Counter

import account_extras
import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def account():
    payload = account_extras.compared(payloads.account(60))
    payload["nodes"]["name"] = [f"Person {i:03d}" for i in range(60)]
    return payload


@pytest.fixture(scope="module")
def page(account):
    return account_page(account)


def start(show, page):
    opened = show(page, peek=True)
    opened.hook("changes-toggle").press("Enter")
    return opened


def turns(account):
    """Who is more (1) or less (-1) supportive than before."""
    pairs = zip(account["nodes"]["stance"], account["nodes"]["stance_before"], strict=True)
    return [0 if None in pair else (pair[0] > pair[1]) - (pair[0] < pair[1]) for pair in pairs]


def listed(opened, name):
    """Everybody in a list, unfolded."""
    more = opened.hook(f"more-change-{name}")
    if more.count():
        more.click()
    return [int(each.get_attribute("data-node")) for each in opened.hook(f"change-{name}").locator("button").all()]


def test_lists_hold_those_whose_column_says_so(show, account, page):
    opened = start(show, page)
    change = account["nodes"]["change"]
    for word in ("new", "up", "down"):
        assert listed(opened, word) == [i for i in range(60) if change[i] == word]
    for name, way in (("more", 1), ("less", -1)):
        assert listed(opened, name) == [i for i, each in enumerate(turns(account)) if each == way]


def test_a_row_says_the_old_rank_and_the_new(show, account, page):
    opened = start(show, page)
    nodes = account["nodes"]
    i = listed(opened, "up")[0]
    row = opened.hook("change-up").locator("li").first
    assert f"rank {nodes['rank_before'][i]} → {nodes['rank'][i]}" in row.inner_text()
    row.locator("button").click()
    assert opened.hook("details").get_attribute("data-node") == str(i)
    assert f"Rank {nodes['rank'][i]}, from {nodes['rank_before'][i]}" in opened.hook("change-of").inner_text()


def test_the_summary_and_who_is_gone(show, account, page):
    opened = start(show, page)
    text = opened.hook("changes-list").inner_text()
    assert "2025-12-31" in text
    for sentence in account["before"]["summary"]:
        assert sentence in text
    gone = opened.hook("change-gone")
    assert "Gone Fontaine" in gone.inner_text()
    assert "was rank 4" in gone.inner_text()
    assert gone.locator("button").count() == 0


def test_marks_on_the_map_are_those_of_the_lists(show, account, page):
    opened = show(page, peek=True)
    assert opened.peek("marks().length") == 0
    opened.hook("changes-toggle").click()
    shapes = Counter(opened.peek("marks().map(mark => mark.shape)"))
    change, turned = Counter(account["nodes"]["change"]), Counter(turns(account))
    assert shapes == {"ring": change["new"], "up": change["up"], "down": change["down"],
                      "right": turned[1], "left": turned[-1]}  # fmt: skip
    opened.hook("changes-toggle").click()
    assert opened.peek("marks().length") == 0
    opened.assert_clean()


def test_new_ties_have_their_colour_and_their_word(show, account, page):
    opened = start(show, page)
    ties = account["ties"]
    fresh = [t for t, change in enumerate(ties["change"]) if change == "new"]
    colours = opened.peek("ties.source.map((_, t) => peek.tieLook(t).color)")
    rings = opened.peek("marks().filter(mark => mark.shape === 'ring').map(mark => mark.stroke)")
    assert {colours[t] for t in fresh} == set(rings)
    assert not {colours[t] for t in set(range(len(colours))) - set(fresh)} & {colours[fresh[0]]}
    i = ties["source"][fresh[0]]
    opened.find(f"Person {i:03d}")
    mine = sum(i in (ties["source"][t], ties["target"][t]) for t in fresh)
    assert f"{mine} new tie" in opened.hook("change-of").inner_text()


def test_who_has_not_changed_says_nothing(show, account):
    payload = {**account, "nodes": {**account["nodes"], "change": [""] * 60, "stance_before": [None] * 60}}
    payload["ties"] = {**account["ties"], "change": [""] * len(account["ties"]["source"])}
    opened = start(show, account_page(payload))
    assert opened.peek("marks().length") == 0
    opened.find("Person 000")
    assert opened.hook("change-of").count() == 0
    opened.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_stand_out_from_the_paper(show, page, scheme):
    opened = show(page, peek=True, color_scheme=scheme)
    opened.hook("changes-toggle").click()
    colours = opened.peek("marks().map(mark => mark.fill ?? mark.stroke)")
    ground = opened.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')").strip()
    paper, *marks = map(luminance, [ground, *set(colours)])
    assert all((max(paper, mark) + 0.05) / (min(paper, mark) + 0.05) >= 4.5 for mark in marks)


def luminance(colour):
    shares = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_address_brings_the_marks_back(show, page):
    opened = start(show, page)
    opened.page.wait_for_timeout(200)
    assert "changes=shown" in opened.page.url
    opened.page.reload()
    opened.page.locator('html[data-ready="true"]').wait_for(state="attached")
    assert opened.hook("changes-toggle").get_attribute("aria-pressed") == "true"
    assert opened.hook("changes-list").is_visible()


def test_both_can_be_shown_together(show, page):
    opened = start(show, page)
    opened.hook("overlay-toggle").click()
    assert opened.hook("changes-list").is_visible()
    assert opened.hook("next-list").is_visible()
    assert "marked" in opened.status
    assert "numbered" in opened.status
    opened.assert_clean()


def test_another_workspace_is_named(show, account):
    payload = {**account, "before": {**account["before"], "label": "Harrow Vale, autumn plan"}}
    opened = start(show, account_page(payload))
    heading = opened.hook("changes-list").locator("h2").first
    assert heading.evaluate("h2 => h2.textContent") == "Compared with Harrow Vale, autumn plan"
    assert "changes compared with Harrow Vale, autumn plan are marked" in re.sub("[\u2068\u2069]", "", opened.status)
    i = account["nodes"]["change"].index("new")
    opened.find(f"Person {i:03d}")
    said = opened.hook("change-of").locator("xpath=preceding-sibling::h2[1]")
    assert said.evaluate("h2 => h2.textContent") == "Compared with Harrow Vale, autumn plan"
    opened.assert_clean()


def test_with_nothing_to_compare_there_is_no_button(show):
    opened = show(account_page(payloads.account(24)))
    assert opened.hook("changes-toggle").count() == 0
    opened.assert_clean()


def test_hostile_names_of_those_gone_are_text(show):
    payload = payloads.hostile_account()
    opened = start(show, account_page(payload))
    assert payload["before"]["gone"][0]["name"] in opened.hook("change-gone").inner_text()
    assert opened.page.title() == payload["title"]
    assert opened.page.locator("img").count() == 0
    opened.assert_clean()
