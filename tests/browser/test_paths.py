"""The strongest path along influence: the numbers of ``strongest_path``, and one answer in panel, map and status."""

from __future__ import annotations

import random
from itertools import pairwise

import payloads
import pytest

from ecosystem_iq.assessment import assess
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.paths import strongest_path, strongest_paths
from ecosystem_iq.pages import account_page
from ecosystem_iq.tables import load
from ecosystem_iq.views import network_payload

pytestmark = pytest.mark.browser

N = 60
DEMO = "acc-01"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def named(payload):
    payload["nodes"]["name"] = [f"Person {i:03d}" for i in range(len(payload["nodes"]["name"]))]
    return payload


@pytest.fixture(scope="module")
def account():
    """Parallel, mutual, opposing and structural ties among sixty."""
    payload = named(payloads.account(N))
    ties = payload["ties"]
    for name, column in ties.items():
        ties[name] = column + column[:40]
    rng = random.Random(2)
    ties["sign"][-40:] = [rng.choice((1, -1)) for _ in range(40)]
    ties["probability"] = [None if structure else round(rng.uniform(0.02, 0.9), 3) for structure in ties["structure"]]
    return payload


def graph_of(payload):
    """The account's graph as Python has it; stakeholder i is "i" with leading zeros."""
    ties = payload["ties"]
    columns = zip(*(ties[name] for name in ("source", "target", "probability", "sign", "mutual")), strict=True)
    rows = [(s, t, p, g, m) for s, t, p, g, m in columns if p]
    rows += [(t, s, p, g, m) for s, t, p, g, m in rows if m]
    ids = [f"{i:03d}" for i in range(len(payload["nodes"]["name"]))]
    return InfluenceGraph.from_edges(
        [ids[row[0]] for row in rows], [ids[row[1]] for row in rows], [row[2] for row in rows],
        sign=[row[3] for row in rows], ids=ids,
    )  # fmt: skip


@pytest.fixture(scope="module")
def graph(account):
    return graph_of(account)


@pytest.fixture(scope="module")
def page(account):
    return account_page(account)


def ids(nodes):
    return tuple(f"{i:03d}" for i in nodes)


def pairs(n, count, seed=5):
    rng = random.Random(seed)
    return [tuple(rng.sample(range(n), 2)) for _ in range(count)]


def far_pair(graph, steps=3):
    """Two stakeholders with a path of some steps between them, and the path."""
    for a, b in pairs(N, 400):
        path = strongest_path(graph, *ids((a, b)))
        if len(path.stakeholders) == steps + 1:
            return a, b, path
    raise AssertionError


def no_way(graph):
    """Two stakeholders without a path, the way back being there."""
    for a, b in pairs(N, 4_000):
        if not strongest_path(graph, *ids((a, b))).found and strongest_path(graph, *ids((b, a))).found:
            return a, b
    raise AssertionError


def chance(text):
    return float("0" + text) if text.startswith(".") else float(text)


def go(opened, a, b):
    """Choose both ends in the form."""
    for end, i in (("from", a), ("to", b)):
        opened.hook(f"path-{end}").fill(f"Person {i:03d}")
        opened.hook(f"path-{end}").press("Enter")


# --- numbers -----------------------------------------------------------------------------------------------------


def test_paths_are_those_of_the_network_room(show, graph, page):
    opened = show(page, peek=True)
    for a, b in pairs(N, 60):
        expected = strongest_path(graph, *ids((a, b)))
        found = opened.peek(f"paths({a}, {b}, [])")
        assert bool(found) == expected.found
        if found:
            assert ids(found[0]["nodes"]) == expected.stakeholders
            assert found[0]["probability"] == pytest.approx(expected.probability, rel=1e-9)
            assert [step["sign"] for step in found[0]["steps"]] == expected.steps["sign"].tolist()


def test_other_ways_are_those_of_the_network_room(show, graph, page):
    opened = show(page, peek=True)
    for a, b in pairs(N, 25, seed=8):
        expected = strongest_paths(graph, *ids((a, b)), k=4)
        found = opened.peek(f"paths({a}, {b}, [])")
        assert [each["probability"] for each in found] == pytest.approx([each.probability for each in expected])
        assert all(len(set(each["nodes"])) == len(each["nodes"]) for each in found)


def test_paths_through_people_covered_are_those_of_the_network_room(show, graph, page):
    opened = show(page, peek=True)
    covered = [3, 17, 29, 41]
    for a, b in pairs(N, 40, seed=6):
        expected = strongest_path(graph, *ids((a, b)), covered=ids(covered))
        found = opened.peek(f"paths({a}, {b}, {covered})")
        assert bool(found) == expected.found
        if found:
            assert found[0]["probability"] == pytest.approx(expected.probability, rel=1e-9)
            assert ids(found[0]["nodes"]) == expected.stakeholders
            assert all(found[0]["probability"] >= each["probability"] * (1 - 1e-9) for each in found[1:])


def test_paths_of_the_demo_are_those_of_the_network_room(show, root):
    assessment = assess(load(root / "data" / "demo"), draws=20)
    payload = network_payload(assessment, DEMO)
    graph = assessment.graph
    here = [str(i) for i in graph.ids[graph.account == DEMO]]
    names = dict(assessment.ecosystem.tables["stakeholders"].set_index("stakeholder_id")["name"])
    place = {name: i for i, name in enumerate(payload["nodes"]["name"])}
    opened = show(account_page(payload), peek=True)
    known = [i for i in here if names[i] in place and [names[j] for j in here].count(names[i]) == 1]
    asked = random.Random(3).sample([(a, b) for a in known for b in known if a != b], 60)
    for a, b in asked:
        expected = strongest_path(graph, a, b, account=DEMO)
        found = opened.peek(f"paths({place[names[a]]}, {place[names[b]]}, [])")
        assert bool(found) == expected.found
        if found:  # the page has probabilities to three digits
            assert found[0]["probability"] == pytest.approx(
                expected.probability, rel=0.005 * len(expected.stakeholders)
            )


def test_ways_of_equal_strength_are_short(show):
    payload = named(payloads.account(6))
    ties = {name: [] for name in payload["ties"]}
    for source, target in ((0, 1), (1, 2), (0, 2)):
        row = {"source": source, "target": target, "kind": "advises", "layer": 0, "sign": 1, "mutual": False}
        row |= {"structure": False, "probability": 1.0, "strength": 1.0, "confidence": None}
        for name, column in ties.items():
            column.append(row.get(name, ""))
    payload["ties"] = ties
    opened = show(account_page(payload), peek=True)
    assert [each["nodes"] for each in opened.peek("paths(0, 2, [])")] == [[0, 2], [0, 1, 2]]


# --- what is shown -----------------------------------------------------------------------------------------------


def test_by_keyboard_alone_from_search_to_path_and_back(show, graph, page):
    a, b, expected = far_pair(graph)
    opened = show(page, peek=True)
    keys = opened.page.keyboard
    keys.press("/")
    keys.type(f"Person {a:03d}")
    keys.press("Enter")
    assert opened.hook("name").inner_text() == f"Person {a:03d}"
    keys.press("p")
    assert opened.hook("path-from").input_value() == f"Person {a:03d}"
    assert opened.page.evaluate("document.activeElement.dataset.hook") == "path-to"
    keys.type(f"person {b:03d}")
    keys.press("Enter")
    assert opened.page.evaluate("document.activeElement.dataset.hook") == "path-title"
    assert ids(opened.peek("scene.path.nodes")) == expected.stakeholders
    keys.press("Escape")
    assert opened.peek("state.path") is None
    assert opened.peek("scene.path") is None
    opened.assert_clean()


def test_panel_map_and_status_say_the_same(show, account, graph, page):
    a, b, expected = far_pair(graph)
    opened = show(page, peek=True)
    go(opened, a, b)
    steps = opened.hook("path-route").locator("li")
    nodes = [int(each.get_attribute("data-node")) for each in opened.hook("path-person").all()]
    assert ids(nodes) == expected.stakeholders
    assert steps.count() == len(expected.stakeholders)
    assert chance(opened.hook("path-probability").inner_text()) == pytest.approx(expected.probability, rel=0.05)
    told = [chance(text) for text in opened.page.locator(".route .step strong").all_inner_texts()]
    assert told == pytest.approx(expected.steps["probability"].tolist(), rel=0.05)
    assert f"Path of 3 steps from \u2068Person {a:03d}\u2069 to \u2068Person {b:03d}\u2069" in opened.status
    assert "within" not in opened.status
    assert [i for i, faded in enumerate(opened.peek("scene.faded")) if not faded] == sorted(nodes)
    lit = [t for t, flag in enumerate(opened.peek("scene.lit")) if flag]
    assert lit == sorted(opened.peek("scene.path.ties"))
    ties = account["ties"]
    along = {frozenset(pair) for pair in pairwise(nodes)}
    assert {frozenset((ties["source"][t], ties["target"][t])) for t in lit} == along
    assert not any(ties["structure"][t] for t in lit)


def test_a_step_focuses_and_the_path_waits(show, graph, page):
    a, b, _ = far_pair(graph)
    opened = show(page, peek=True)
    go(opened, a, b)
    opened.hook("path-person").nth(1).click()
    assert opened.hook("details").is_visible()
    assert "Path of" not in opened.status
    assert opened.hook("path-back").is_visible()
    assert opened.hook("path-route").is_hidden()
    opened.hook("path-back").click()
    assert opened.hook("details").is_hidden()
    assert "Path of 3 steps" in opened.status


def test_another_way_is_shown_on_the_map_too(show, graph, page):
    a, b, _ = far_pair(graph)
    opened = show(page, peek=True)
    go(opened, a, b)
    first = opened.peek("scene.path.nodes")
    opened.hook("path-way").nth(1).click()
    assert opened.hook("path-way").nth(1).get_attribute("aria-pressed") == "true"
    assert opened.peek("scene.path.nodes") != first
    shown = [int(each.get_attribute("data-node")) for each in opened.hook("path-person").all()]
    assert shown == opened.peek("scene.path.nodes")


def test_both_ends_can_be_swapped_and_a_path_closed(show, graph, page):
    a, b, _ = far_pair(graph)
    opened = show(page, peek=True)
    go(opened, a, b)
    opened.hook("path-swap").click()
    assert [opened.peek(f"state.path.{end}") for end in ("from", "to")] == [b, a]
    opened.hook("path-close").click()
    assert opened.hook("home").is_visible()
    assert opened.hook("path-from").input_value() == ""


def test_through_people_covered_says_through_whom(show, account, graph, page):
    covered = account["covered"]
    a, b = next(
        (a, b) for a, b in pairs(N, 400, seed=9)
        if strongest_path(graph, *ids((a, b)), covered=ids(covered)).through and a not in covered
    )  # fmt: skip
    expected = strongest_path(graph, *ids((a, b)), covered=ids(covered))
    opened = show(page, peek=True)
    go(opened, a, b)
    opened.hook("path-covered").check()
    assert opened.hook("path-through").inner_text().startswith(f"Person {int(expected.through):03d} is covered already")
    assert chance(opened.hook("path-probability").inner_text()) == pytest.approx(expected.probability, rel=0.05)
    assert "(already covered)" in opened.status or len(expected.stakeholders) == 1


def test_ties_against_are_told(show, page, graph):
    a, b = next((a, b) for a, b in pairs(N, 600) if strongest_path(graph, *ids((a, b))).against)
    opened = show(page)
    go(opened, a, b)
    assert "against: what arrives may be turned round" in opened.hook("path-against").inner_text()
    assert "(−) against" in opened.page.locator(".route .step.negative").first.inner_text()


# --- no path -----------------------------------------------------------------------------------------------------


def test_without_a_path_it_says_what_could_be_tried(show, graph, page):
    a, b = no_way(graph)
    opened = show(page, peek=True)
    go(opened, a, b)
    assert "No path of influence leads from" in opened.hook("path-none").inner_text()
    assert f"No path from \u2068Person {a:03d}\u2069 to \u2068Person {b:03d}\u2069" in opened.status
    assert opened.peek("scene.path") is None
    back = strongest_path(graph, *ids((b, a)))
    assert f"The other way round: {len(back.stakeholders) - 1} step" in opened.hook("path-back-way").inner_text()
    opened.hook("path-back-way").click()
    assert ids(opened.peek("scene.path.nodes")) == back.stakeholders


def test_filters_narrow_a_path_and_can_be_lifted(show, account, page):
    opened = show(page, peek=True)
    graph = graph_of(account)
    a, b, _ = far_pair(graph)
    go(opened, a, b)
    before = opened.peek("scene.path.probability")
    for layer in range(4):
        opened.key("layer", layer).click()
    assert opened.peek("scene.path") is None
    assert "Nobody is known to move" in opened.hook("path-result").inner_text()
    opened.hook("path-unfilter").click()
    assert opened.peek("scene.path.probability") == before


def test_one_person_is_no_path(show, page):
    opened = show(page)
    go(opened, 4, 4)
    assert "the same person" in opened.hook("path-none").inner_text()


# --- the address, phones, edges ----------------------------------------------------------------------------------


def test_a_path_comes_back_from_the_address(show, graph, page):
    a, b, expected = far_pair(graph)
    opened = show(page, peek=True, address=f"#path=person-{a:03d}..person-{b:03d}&path.way=2")
    assert opened.peek("state.path.way") == 1
    assert opened.hook("path-way").nth(1).get_attribute("aria-pressed") == "true"
    assert opened.peek("scene.path.nodes")[-1] == b
    assert opened.peek("writeHash()") == f"path=person-{a:03d}..person-{b:03d}&path.way=2"
    again = show(page, peek=True, address=f"#path=person-{a:03d}..&path.covered=yes")
    assert again.hook("path-from").input_value() == f"Person {a:03d}"
    assert again.hook("path-covered").is_checked()
    assert again.peek("writeHash()") == f"path=person-{a:03d}..&path.covered=yes"
    assert show(page, peek=True, address="#path=nobody..else").peek("state.path") is None
    assert expected.found


def test_on_a_phone_the_path_stands_in_the_sheet(show, graph, page):
    a, b, _ = far_pair(graph)
    opened = show(page, address=f"#path=person-{a:03d}..person-{b:03d}", **PHONE)
    assert opened.hook("path-probability").is_visible()
    assert opened.hook("path-close").bounding_box()["height"] >= 40
    opened.assert_clean()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_small_accounts_have_a_path_only_where_there_are_two(show, n):
    opened = show(account_page(payloads.account(n)))
    assert opened.hook("path-from").count() == (n > 1)
    opened.page.keyboard.press("p")
    opened.assert_clean()


def test_hostile_names_do_nothing_in_a_path(show):
    payload = payloads.hostile_account()
    payload["ties"]["mutual"] = [True] * len(payload["ties"]["mutual"])
    payload["ties"]["structure"] = [False] * len(payload["ties"]["structure"])
    payload["ties"]["probability"] = [0.3] * len(payload["ties"]["source"])
    opened = show(account_page(payload), peek=True)
    opened.find(payloads.HOSTILE[0])
    opened.page.keyboard.press("p")
    opened.hook("path-to").fill("<img")
    assert opened.page.locator('[data-hook="path-to-hit"] mark').first.inner_text() == "<img"
    opened.hook("path-to").press("Enter")
    assert opened.peek("scene.path.nodes.length") >= 2
    assert opened.page.locator("img").count() == 0
    opened.assert_clean()


WRITTEN = ((1, "1"), (0.5, ".50"), (0.1424, ".14"), (0.0123, ".012"), (0.00031, ".00031"), (1e-6, "below .0001"))


def test_chances_are_written_short(show, page):
    opened = show(page, peek=True)
    assert [opened.peek(f"chanceText({value})") for value, _ in WRITTEN] == [text for _, text in WRITTEN]
