"""What if these were engaged: the page's numbers are those of ``estimate_spread``, however people are marked."""

from __future__ import annotations

import re

import numpy as np
import payloads
import pytest

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.pages import account_page
from ecosystem_iq.triggers import estimate_spread
from ecosystem_iq.triggers.cascades import Seeds, gain_samples
from ecosystem_iq.triggers.live_edges import channels_of, draw_live
from ecosystem_iq.views.what_if import what_if_payload

pytestmark = pytest.mark.browser

N = 60
COVERED = [4, 9, 14, 22, 31]
PROPOSED = [0, 3, 7]
SAMPLES = 1_000


def made_up(n=N, sign=None):
    """An account and its graph; who stands where on the page is not the order of the graph."""
    payload = payloads.account(n)
    payload["nodes"]["name"] = [f"Person {i:03d}" for i in range(n)]
    ids = np.array([f"s{(i * 37) % 997:03d}" for i in range(n)])
    ties = payload["ties"]
    chance = [0.0 if p is None else p / 2 for p in ties["probability"]]
    pairs = {
        (s, t): (p, sign or g) for s, t, p, g in zip(ties["source"], ties["target"], chance, ties["sign"], strict=True)
    }
    source, target = (ids[[pair[end] for pair in pairs]] for end in (0, 1)) if pairs else ([], [])
    graph = InfluenceGraph.from_edges(
        source, target, [p for p, _ in pairs.values()], ids=ids, sign=[g for _, g in pairs.values()]
    )
    place = {name: node for node, name in enumerate(graph.ids)}
    payload["what_if"] = what_if_payload(graph, "all", [place[name] for name in ids])
    return payload, graph, ids


@pytest.fixture(scope="module")
def account():
    payload, graph, ids = made_up()
    payload["covered"] = COVERED
    payload["triggers"] = {
        "notice": "For human review.",
        "rows": [{"node": i, "rank": k, "reach": 2.0, "reach_se": 0.1, "score": 0.5, "reason": "central", "event": "",
                  "window": None, "through": ""} for k, i in enumerate(PROPOSED, 1)],
        "refused": [],
    }  # fmt: skip
    payload["nodes"]["value"] = [round(1 / (i + 2), 6) for i in range(N)]
    return payload, graph, ids


def value_and_error(text):
    """The two numbers of "12.3 ± 0.4", and half a unit of their last digit."""
    said = re.search(r"[+−]?(\d+(?:\.(\d+))?)\s±\s(\d+(?:\.\d+)?)", text)
    return float(said[1]), float(said[3]), 0.5 * 10 ** -len(said[2] or "") + 1e-9


def agrees(text, mean, error, scale=1.0):
    shown_mean, shown_error, half = value_and_error(text)
    return abs(shown_mean - scale * mean) <= half and abs(shown_error - scale * error) <= half


def until(opened, expression):
    """Wait for what the page does a moment later; Playwright's own waiting is forbidden by the page's policy."""
    for _ in range(250):
        if opened.page.evaluate(expression):
            return
        opened.page.wait_for_timeout(20)
    raise AssertionError(expression)


def marked(opened, number):
    until(opened, f"document.querySelectorAll('[data-hook=what-if-remove]').length === {number}")


def mark(opened, seeds):
    """Through the address, as a link would."""
    opened.page.evaluate(f"location.hash = 'engaged={','.join(f'person-{i:03d}' for i in seeds)}'")
    marked(opened, min(len(seeds), 12))


@pytest.mark.parametrize(
    "seeds", [[0], [59], COVERED, [*COVERED, *PROPOSED], list(range(0, N, 3)), list(range(N))], ids=len
)
def test_the_numbers_are_those_of_estimate_spread(show, account, seeds):
    payload, graph, ids = account
    opened = show(account_page(payload))
    mark(opened, seeds)
    expected = estimate_spread(graph, ids[seeds], simulations=SAMPLES, rng=0)
    assert agrees(opened.hook("what-if-reach").inner_text(), expected.mean, expected.std_error)
    worth = dict(zip(ids, payload["nodes"]["value"], strict=True))
    valued = estimate_spread(graph, ids[seeds], simulations=SAMPLES, rng=0, value=worth)
    share = 100 / sum(worth.values())
    assert agrees(opened.hook("what-if-value").inner_text(), valued.mean, valued.std_error, share)
    assert f"{len(seeds)} marked as engaged" in opened.status
    opened.assert_clean()


def each_sample(graph, ids, seeds):
    """Stakeholders moved on each sample."""
    live = draw_live(channels_of(graph), SAMPLES, "ic", np.random.default_rng(0))
    nodes = np.flatnonzero(np.isin(graph.ids, ids[seeds]))
    sets = Seeds.by_account(live.channels, nodes)
    return gain_samples(live, np.ones(len(graph)), sets, live.nobody).sum(axis=0)


def mean_and_error(samples):
    return samples.mean(), samples.std(ddof=1) / np.sqrt(len(samples))


def test_differences_are_taken_sample_by_sample(show, account):
    payload, graph, ids = account
    opened = show(account_page(payload))
    seeds = [1, 2, 9]
    mark(opened, seeds)
    alone, before = each_sample(graph, ids, seeds), each_sample(graph, ids, COVERED)
    more = each_sample(graph, ids, sorted({*seeds, *COVERED})) - before
    assert agrees(opened.hook("what-if-change").inner_text(), *mean_and_error(more))
    low, high = np.quantile(alone, [0.05, 0.95], method="inverted_cdf")
    assert f"{low:.0f} to {high:.0f}" in opened.hook("what-if-range").inner_text()
    shown = opened.hook("what-if-person")
    for row in range(3):
        i = int(shown.nth(row).get_attribute("data-node"))
        lost = alone - each_sample(graph, ids, [seed for seed in seeds if seed != i])
        assert agrees(shown.nth(row).inner_text(), *mean_and_error(lost))
    opened.find("Person 005")
    assert agrees(
        opened.hook("engage-gain").inner_text(), *mean_and_error(each_sample(graph, ids, [*seeds, 5]) - alone)
    )


def test_nobody_marked_moves_nobody(show, account):
    payload, graph, _ = account
    opened = show(account_page(payload))
    assert float(opened.hook("what-if-reach").inner_text()) == estimate_spread(graph, []).mean == 0
    assert opened.hook("what-if-clear").count() == 0
    assert "engaged" not in opened.status


def test_marking_by_button_key_and_list(show, account):
    payload, graph, ids = account
    opened = show(account_page(payload))
    opened.find("Person 012")
    opened.hook("engage").click()
    assert opened.hook("engage").get_attribute("aria-pressed") == "true"
    assert opened.page.evaluate("document.activeElement.dataset.hook") == "engage"
    opened.find("Person 020")
    opened.hook("map").focus()
    opened.page.keyboard.press("e")
    assert opened.hook("what-if-remove").count() == 2
    opened.hook("search").fill("e")
    opened.hook("search").press("e")
    assert opened.hook("what-if-remove").count() == 2  # typed, not commanded
    opened.hook("search").press("Escape")
    expected = estimate_spread(graph, ids[[12, 20]], simulations=SAMPLES)
    assert agrees(opened.hook("what-if-reach").inner_text(), expected.mean, expected.std_error)
    assert agrees(opened.status, expected.mean, expected.std_error)
    opened.hook("what-if-remove").first.press("Enter")
    assert opened.page.evaluate("document.activeElement.dataset.hook") == "what-if-remove"
    opened.hook("what-if-remove").press("Enter")
    assert opened.page.evaluate("document.activeElement.dataset.hook") == "what-if-title"
    assert opened.hook("what-if-marked").count() == 0


def test_starting_from_those_engaged_and_those_proposed(show, account):
    payload, graph, ids = account
    opened = show(account_page(payload))
    opened.hook("what-if-covered").click()
    expected = estimate_spread(graph, ids[COVERED], simulations=SAMPLES)
    assert agrees(opened.hook("what-if-reach").inner_text(), expected.mean, expected.std_error)
    assert agrees(opened.hook("what-if-change").inner_text(), 0, 0)
    opened.hook("what-if-proposed").click()
    assert opened.hook("what-if-remove").count() == len(COVERED) + len(PROPOSED)
    opened.hook("what-if-clear").click()
    assert opened.hook("what-if-remove").count() == 0


def test_the_address_keeps_who_is_marked(show, account):
    payload, _, _ = account
    opened = show(account_page(payload))
    mark(opened, [3, 8])
    opened.hook("what-if-show").click()
    until(opened, "location.hash.includes('reach=shown')")
    before = opened.hook("what-if").inner_text()
    opened.page.reload()
    opened.page.locator('html[data-ready="true"]').wait_for(state="attached")
    assert opened.hook("what-if").inner_text() == before
    assert opened.hook("what-if-key").count() == 1
    opened.page.evaluate("location.hash = 'engaged=*'")
    marked(opened, 12)
    opened.hook("what-if-more").click()
    assert opened.hook("what-if-remove").count() == N
    opened.page.evaluate("location.hash = 'engaged=nobody-of-this-name,person-003'")
    marked(opened, 1)


def test_reach_colours_the_map(show, account):
    payload, _, _ = account
    opened = show(account_page(payload))
    mark(opened, [0])
    before = opened.hook("map").screenshot()
    opened.hook("what-if-show").click()
    assert opened.hook("map").screenshot() != before
    opened.hook("what-if-clear").click()
    assert opened.hook("what-if-show").count() == 0


@pytest.mark.parametrize("n", [1, 3, 24])
def test_where_nobody_moves_another(show, n):
    payload, _, _ = made_up(n, sign=-1)
    opened = show(account_page(payload))
    mark(opened, [0])
    assert value_and_error(opened.hook("what-if-reach").inner_text())[:2] == (1, 0)
    opened.assert_clean()


def test_without_samples_there_is_no_such_section(show, account):
    payload, _, _ = account
    for missing in (None, {"samples": 0, "most": 5_000}):
        opened = show(account_page({**payload, "what_if": missing}))
        opened.find("Person 001")
        opened.page.keyboard.press("Escape")
        assert opened.hook("engage").count() == 0
        assert opened.hook("what-if-title").count() == 0
        assert opened.hook("what-if-none").count() == (missing is not None)
        opened.assert_clean()


def test_hostile_names_are_only_names(show):
    payload = payloads.hostile_account()
    graph = InfluenceGraph.from_edges(["a00"], ["a01"], 0.5, ids=[f"a{i:02d}" for i in range(24)])
    payload["what_if"] = what_if_payload(graph, "all", np.arange(24))
    opened = show(account_page(payload))
    opened.page.evaluate("location.hash = 'engaged=*'")
    marked(opened, 12)
    assert opened.page.locator('[data-hook="what-if"] :is(img, script)').count() == 0
    opened.assert_clean()


def test_symbols_in_the_list_have_the_colours_of_the_map(show, account):
    payload, _, _ = account
    opened = show(account_page(payload), peek=True)
    opened.page.evaluate("location.hash = 'engaged=*'")
    opened.hook("what-if-person").first.wait_for()
    for choice in ("community", "brokerage", "group"):
        opened.hook("color-by").select_option(choice)
        colors = opened.peek("colors()")
        for row in opened.hook("what-if-person").all()[:8]:
            shape = row.locator("svg > *").first
            assert shape.get_attribute("fill") == colors[int(row.get_attribute("data-node"))]
    opened.assert_clean()


def test_on_a_phone_nothing_is_cut_off(show, account):
    payload, _, _ = account
    opened = show(account_page(payload), viewport={"width": 390, "height": 844}, has_touch=True)
    mark(opened, [*COVERED, *PROPOSED])
    opened.hook("what-if-show").tap()
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 390
    for name in ("what-if-remove", "what-if-person", "what-if-show", "what-if-clear"):
        box = opened.hook(name).first.bounding_box()
        assert box["height"] >= 40 - 8
        assert box["width"] >= 24
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
