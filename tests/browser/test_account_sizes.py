"""Accounts of any size and shape: something is drawn, the counts agree, and nothing is said on the console."""

from __future__ import annotations

import random

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

MANY = 20_000


def large(n=MANY, communities=40, seed=3):
    """An account of very many, at random places of their community; quick to build."""
    rng = random.Random(seed)
    payload = payloads.account(communities * 4, communities=communities)
    nodes, ties = payload["nodes"], payload["ties"]
    community = [rng.randrange(communities) for _ in range(n)]
    base = len(nodes["name"])
    for name, column in nodes.items():
        nodes[name] = [column[i % base] for i in range(n)]
    nodes["name"] = [f"Person {i}" for i in range(n)]
    nodes["community"] = community
    nodes["rank"] = list(range(1, n + 1))
    nodes["influence"] = [1 / n] * n
    nodes["x"] = [3_000 * (c % 8) + rng.gauss(0, 500) for c in community]
    nodes["y"] = [3_000 * (c // 8) + rng.gauss(0, 500) for c in community]
    count = 2 * n
    for name, column in ties.items():
        ties[name] = [column[i % len(column)] for i in range(count)]
    ties["source"] = [rng.randrange(n) for _ in range(count)]
    ties["target"] = [(source + 1 + rng.randrange(n - 1)) % n for source in ties["source"]]
    at = [0] * n
    for end in ties["source"] + ties["target"]:
        at[end] += 1
    nodes["ties"] = at
    for table, column in (("groups", nodes["group"]), ("layers", ties["layer"]), ("communities", community)):
        for k, entry in enumerate(payload[table]):
            entry["count"] = column.count(k)
    for facet in payload["facets"]:
        facet["of"] = [facet["of"][i % base] for i in range(n)]
    payload.update(layouts=payload["layouts"][:1], collapsed=True, triggers=None, jobs={}, values={}, notes=[])
    return payload


def without_ties(n):
    payload = payloads.account(n)
    payload["ties"] = {name: [] for name in payload["ties"]}
    payload["nodes"]["ties"] = [0] * n
    for layer in payload["layers"]:
        layer["count"] = 0
    return payload


def all_opposing(n):
    payload = payloads.account(n)
    payload["ties"]["sign"] = [-1] * len(payload["ties"]["sign"])
    return payload


def bare(n):
    """Nothing but what every payload must have."""
    payload = payloads.account(n)
    needed = ("page", "title", "subtitle", "notice", "lead", "findings", "links", "groups", "layers", "communities")
    old = ("name", "group", "title", "org", "decision_role", "stance", "contact", "influence", "rank", "rank_low",
           "rank_high", "percentile", "community", "x", "y", "size", "ties")  # fmt: skip
    ties = ("source", "target", "kind", "layer", "sign", "mutual", "structure", "probability", "strength",
            "confidence", "confirmed", "evidence")  # fmt: skip
    return {
        **{key: payload[key] for key in needed},
        "nodes": {key: payload["nodes"][key] for key in old},
        "ties": {key: payload["ties"][key] for key in ties},
    }


UNUSUAL = {
    "no ties": without_ties(20),
    "all opposing": all_opposing(30),
    "one": payloads.account(1),
    "three": payloads.account(3),
    "required keys only": bare(40),
    "all in one place": payloads.account(30)
    | {"nodes": payloads.account(30)["nodes"] | {"x": [5.0] * 30, "y": [5.0] * 30}},
}


@pytest.mark.parametrize("payload", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_accounts_are_drawn_and_every_view_opens(show, payload):
    opened = show(account_page(payload), peek=True)
    n = len(payload["nodes"]["name"])
    assert opened.inked > 10
    assert opened.counts == (n, len(payload["ties"]["source"]))
    for name in ("layout", "color-by", "size-by"):
        options = opened.hook(name).locator("option").evaluate_all("all => all.map(each => each.value)")
        for value in options:
            opened.page.evaluate(
                """([name, value]) => {
                    const select = document.querySelector(`[data-hook="${name}"]`);
                    select.value = value;
                    select.dispatchEvent(new Event('change'));
                }""",
                [name, value],
            )
            assert opened.inked > 10, (name, value)
    opened.find(payload["nodes"]["name"][0])
    opened.hook("depth-3").click()
    assert opened.hook("name").inner_text() == payload["nodes"]["name"][0]
    opened.hook("view-table").click()
    assert opened.rows == n
    opened.assert_clean()


def test_an_empty_account_says_so(show):
    opened = show(account_page(payloads.account(0)))
    assert opened.hook("empty").is_visible()
    assert opened.counts == (0, 0)
    opened.hook("search").fill("anybody")
    assert "Nobody" in opened.hook("hits").inner_text()
    opened.assert_clean()


def test_twenty_thousand_stakeholders_are_drawn_as_communities_which_open(show):
    payload = large()
    opened = show(account_page(payload), peek=True)
    assert opened.inked > 10
    assert opened.counts == (MANY, 2 * MANY)
    assert opened.peek("drawn().length") == 0
    opened.page.locator('[data-hook="open-community"]').first.click()
    opener = opened.page.locator('[aria-expanded="true"][data-hook="open-community"]')
    community = int(opener.get_attribute("data-index"))
    members = [i for i, c in enumerate(payload["nodes"]["community"]) if c == community]
    assert opened.peek("drawn()") == members
    opened.find("Person 19999")
    assert opened.hook("name").inner_text() == "Person 19999"
    assert 19_999 in opened.peek("drawn()")
    assert opened.inked > 10
    opened.assert_clean()
