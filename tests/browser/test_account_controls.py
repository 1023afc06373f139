"""Each control of the account page changes what it says, and map, table, panel, legend and status line agree."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

N = 60
UNSURE = 0.5  # a confidence which is not known
FACETS = ("group", "layer", "community", "kind", "care_setting", "decision_role", "stance", "contact")
OF_TIES = {"layer", "kind"}


def dated():
    payload = payloads.account(N)
    ties = payload["ties"]
    ties["until"] = ["2025-02-01" if t % 5 == 0 and ties["since"][t] else "" for t in range(len(ties["since"]))]
    return payload


@pytest.fixture(scope="module")
def payload():
    return dated()


@pytest.fixture(scope="module")
def page(payload):
    return account_page(payload)


def entries(payload, facet):
    """Place of the entry to which each stakeholder or tie belongs."""
    nodes, ties = payload["nodes"], payload["ties"]
    if facet in {"group", "community"}:
        return nodes[facet]
    if facet == "layer":
        return ties["layer"]
    if facet == "kind":
        return [sorted(set(ties["kind"])).index(kind) for kind in ties["kind"]]
    known = next(each for each in payload["facets"] if each["id"] == facet)
    return [len(known["values"]) if k < 0 else k for k in known["of"]]


def ties_among(payload, kept, passes=lambda _: True):
    pairs = enumerate(zip(payload["ties"]["source"], payload["ties"]["target"], strict=True))
    return [t for t, (a, b) in pairs if kept[a] and kept[b] and passes(t)]


def assert_all_agree(opened, kept, ties):
    """Scene, map, status line, table and panel show the same stakeholders and the same ties."""
    shown = [i for i, flag in enumerate(kept) if flag]
    assert opened.peek("shown()") == shown
    assert opened.peek("drawn()") == shown
    assert opened.peek("tieShown()") == ties
    assert opened.counts == (len(shown), len(ties))
    opened.hook("view-table").click()
    rows = opened.page.locator('[data-hook="row"]').evaluate_all("rows => rows.map(row => Number(row.dataset.node))")
    assert sorted(rows) == shown
    opened.page.locator(f'[data-hook="row"][data-node="{shown[0]}"]').click()
    assert opened.hook("figure-ties").locator("dd").inner_text() == str(tie_count(opened, shown[0]))


def tie_count(opened, i):
    return opened.page.evaluate(
        "i => peek.tieShown().filter(t => peek.ties.source[t] === i || peek.ties.target[t] === i).length", i
    )


def open_list(opened, facet):
    box = opened.hook(f"facet-{facet}")
    if box.count() and box.get_attribute("open") is None:
        box.locator("summary").click()


@pytest.mark.parametrize("facet", FACETS)
def test_an_entry_hides_and_shows_what_it_stands_for(show, payload, page, facet):
    opened = show(page, peek=True)
    open_list(opened, facet)
    of = entries(payload, facet)
    index = max(set(of), key=of.count)
    button = opened.key(facet, index)
    assert button.locator(".count").inner_text() == str(of.count(index))
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert opened.hook(f"all-{facet}").is_visible()
    if facet in OF_TIES:
        kept = [True] * N
        assert_all_agree(opened, kept, ties_among(payload, kept, lambda t: of[t] != index))
    else:
        kept = [k != index for k in of]
        assert_all_agree(opened, kept, ties_among(payload, kept))
    opened.hook(f"all-{facet}").click()
    assert opened.counts == (N, len(payload["ties"]["source"]))
    assert button.get_attribute("aria-pressed") == "true"
    opened.assert_clean()


def test_filters_of_several_facets_go_together_and_reset_at_once(show, payload, page):
    opened = show(page, peek=True)
    chosen = {"group": 0, "stance": 2, "care_setting": 4, "layer": 1}
    for facet, index in chosen.items():
        open_list(opened, facet)
        opened.key(facet, index).click()
    of = {facet: entries(payload, facet) for facet in chosen}
    kept = [all(of[f][i] != k for f, k in chosen.items() if f not in OF_TIES) for i in range(N)]
    assert_all_agree(opened, kept, ties_among(payload, kept, lambda t: of["layer"][t] != 1))
    opened.hook("reset").click()
    assert opened.counts == (N, len(payload["ties"]["source"]))
    assert opened.hook("reset").is_hidden()


def slide(opened, name, value):
    opened.hook(name).evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }",
        str(value),
    )
    opened.settle()


@pytest.mark.parametrize("least", [30, 50, 55, 80, 100])
def test_confidence_keeps_ties_which_are_sure_enough(show, payload, page, least):
    opened = show(page, peek=True)
    slide(opened, "confidence", least)
    sure = [UNSURE if c is None else c for c in payload["ties"]["confidence"]]
    ties = [t for t, c in enumerate(sure) if c >= least / 100]
    assert f"{least}" in opened.hook("confidence-value").inner_text()
    assert opened.hook("confidence-count").inner_text().startswith(f"{len(ties)} of {len(sure)} ties")
    assert_all_agree(opened, [True] * N, ties)


def existed(ties, t, first, last):
    start = (ties["since"][t] or ties["confirmed"][t])[:7]
    end = ties["until"][t][:7]
    return not (last and start > last) and not (first and end and end < first)


@pytest.mark.parametrize(("first", "last"), [("2025-06", None), (None, "2024-01"), ("2024-12", "2025-12")])
def test_time_keeps_ties_which_existed_then(show, payload, page, first, last):
    opened = show(page, peek=True)
    month = lambda text: int(text[:4]) * 12 + int(text[5:7]) - 1  # noqa: E731
    for name, text in (("since-from", first), ("since-to", last)):
        if text:
            slide(opened, name, month(text))
    ties = [t for t in range(len(payload["ties"]["since"])) if existed(payload["ties"], t, first, last)]
    assert 0 < len(ties) < len(payload["ties"]["since"])
    assert opened.hook("since-count").inner_text().startswith(f"{len(ties)} of ")
    assert_all_agree(opened, [True] * N, ties)


def test_the_ends_of_the_time_range_do_not_cross(show, page):
    opened = show(page, peek=True)
    slide(opened, "since-to", int(opened.hook("since-from").get_attribute("min")) + 6)
    slide(opened, "since-from", int(opened.hook("since-from").get_attribute("max")))
    first, last = opened.peek("state.range.since")
    assert first == last


@pytest.mark.parametrize("layout", ["groups", "hierarchy", "stance"])
def test_a_layout_moves_everybody_to_its_places(show, payload, page, layout):
    opened = show(page, peek=True)
    wanted = next(each for each in payload["layouts"] if each["id"] == layout)
    opened.hook("layout").select_option(layout)
    place = lambda: [opened.peek(f"place.{axis}") for axis in "xy"]  # noqa: E731
    opened.settle()
    # Drawn out in one direction to the shape of the map, so that nobody comes closer to anybody.
    outward = opened.peek("outward()")
    assert min(outward) == 1
    for axis, given, factor in zip(place(), (wanted["x"], wanted["y"]), outward, strict=True):
        assert axis == pytest.approx([factor * value for value in given])
    assert opened.counts == (N, len(payload["ties"]["source"]))
    opened.hook("layout").select_option("communities")
    opened.settle()
    assert place()[0] == pytest.approx(payload["nodes"]["x"], abs=1)
    opened.assert_clean()


@pytest.mark.parametrize("by", ["community", "care_setting", "stance", "contact"])
def test_colour_means_what_the_select_says_and_the_legend_tells_which(show, payload, page, by):
    opened = show(page, peek=True)
    opened.hook("color-by").select_option(by)
    of, colors = entries(payload, by), opened.peek("colors()")
    meaning = dict(zip(of, colors, strict=True))
    assert colors == [meaning[k] for k in of], "one colour for each entry"
    assert len(set(meaning.values())) == len(meaning), "and for each its own"
    for index, color in meaning.items():
        mark = opened.key(by, index).locator(".mark svg > *").first
        paint = {mark.get_attribute("fill"), mark.get_attribute("stroke")}
        assert color in paint, f"the legend shows the colour of entry {index}"
    assert opened.key(by, next(iter(meaning))).is_visible(), "its list is open"
    legend = {each["label"]: each["count"] for each in opened.peek("legendEntries()") if each["shape"] == "dot"}
    assert set(map(of.count, meaning)) <= set(legend.values())
    opened.assert_clean()


@pytest.mark.parametrize("by", ["influence", "brokerage", "reach", "opportunity", "value"])
def test_a_measure_colours_along_a_scale_which_the_legend_shows(show, payload, page, by):
    opened = show(page, peek=True)
    opened.hook("color-by").select_option(by)
    values, colors = payload["nodes"][by], opened.peek("colors()")
    known = sorted({v for v in values if v is not None})
    assert len(set(colors)) > min(len(known), 5) - 1
    assert len({color for color, value in zip(colors, values, strict=True) if value is None}) <= 1
    by_value = {}
    for color, value in zip(colors, values, strict=True):
        assert by_value.setdefault(value, color) == color
    ramp = opened.hook("ramp").inner_text()
    label = next(each["label"] for each in payload["measures"] if each["id"] == by)
    assert label.lower() in ramp.lower()
    missing = values.count(None)
    assert (f"not known ({missing})" in ramp) == bool(missing)
    opened.hook("color-by").select_option("group")
    assert opened.hook("ramp").count() == 0


@pytest.mark.parametrize("by", ["brokerage", "reach", "opportunity", "value"])
def test_size_grows_with_the_measure(show, payload, page, by):
    opened = show(page, peek=True)
    opened.hook("size-by").select_option(by)
    opened.settle()
    sizes = [each["size"] for each in opened.peek("looks")]
    group, values = payload["nodes"]["group"], payload["nodes"][by]
    for g in set(group):  # shapes are evened out optically, so that sizes compare within a shape
        rows = sorted((values[i] if values[i] is not None else -1, sizes[i]) for i in range(N) if group[i] == g)
        assert [size for _, size in rows] == sorted(size for _, size in rows)
    assert len(set(sizes)) > 2
    opened.assert_clean()


def test_hiding_the_one_in_focus_ends_the_focus(show, payload, page):
    opened = show(page, peek=True)
    opened.hook("most-influential").locator("button").first.click()
    opened.key("group", payload["nodes"]["group"][0]).click()
    assert opened.peek("state.focus") is None
    assert opened.hook("details").is_hidden()
    assert "within" not in opened.status


def test_hiding_everybody_leaves_a_page_which_can_be_reset(show, page):
    opened = show(page, peek=True)
    for button in opened.page.locator('[data-hook="legend-group"]').all():
        button.click()
    assert opened.counts == (0, 0)
    opened.hook("view-table").click()
    assert opened.rows == 0
    opened.hook("reset").click()
    assert opened.rows == N
    opened.assert_clean()
