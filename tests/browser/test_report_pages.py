"""The pages which are read rather than explored, in a real browser."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import archetypes_page, benchmark_page, portal_page, triggers_page

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = {
    "benchmark": lambda: benchmark_page(payloads.benchmark()),
    "hostile benchmark": lambda: benchmark_page(payloads.hostile_benchmark()),
    "plain benchmark": lambda: benchmark_page(payloads.benchmark() | {"recipe": None}),
    "large benchmark": lambda: benchmark_page(payloads.benchmark(120)),
    "no company": lambda: benchmark_page(payloads.benchmark(n=0, unranked=0)),
    "index": lambda: portal_page(payloads.portal()),
    "hostile index": lambda: portal_page(payloads.hostile_portal()),
    "no account": lambda: portal_page(payloads.portal(0) | {"benchmark": None}),
    "triggers": lambda: triggers_page(payloads.triggers()),
    "one trigger": lambda: triggers_page(payloads.triggers(1, rows=1)),
    "thirty triggers": lambda: triggers_page(payloads.triggers(30)),
    "hostile triggers": lambda: triggers_page(payloads.hostile_triggers()),
    "no triggers": lambda: triggers_page(payloads.triggers(0)),
    "archetypes": lambda: archetypes_page(payloads.archetypes()),
    "one archetype": lambda: archetypes_page(payloads.archetypes(1)),
    "thirty archetypes": lambda: archetypes_page(payloads.archetypes(30)),
    "hostile archetypes": lambda: archetypes_page(payloads.hostile_archetypes()),
    "no archetypes": lambda: archetypes_page(payloads.archetypes(0)),
}


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_opens_clean_and_fits(show, kind, options):
    page = PAGES[kind]()
    opened = show(page, **options)
    assert opened.page.title() == page.title
    assert opened.page.locator("img").count() == 0
    assert opened.page.evaluate(WIDER) <= 0
    opened.hook("theme").click()
    opened.assert_clean()


@pytest.mark.parametrize("kind", ["benchmark", "index", "triggers", "archetypes"])
def test_reports_can_be_read_without_scripts(chromium, tmp_path, kind):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGES[kind]().save(tmp_path / "page.html").as_uri())
    assert page.locator("tbody tr").first.is_visible()
    context.close()


def first_column(opened, table):
    return opened.page.locator(f"{table} tbody th").all_inner_texts()


def test_the_ranking_sorts_by_its_numbers_and_back(show):
    opened = show(PAGES["benchmark"]())
    ranking = opened.page.locator(".ranking table")
    action = ranking.locator("th button", has_text="Action")
    action.click()
    values = [float(cell.get_attribute("data-value")) for cell in ranking.locator("tbody td:nth-child(6)").all()]
    assert values == sorted(values, reverse=True)
    assert ranking.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    action.press("Enter")
    assert ranking.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    ranking.locator("th button", has_text="Rank").click()
    assert first_column(opened, ".ranking") == list(payloads.COMPANIES[:11])


def test_pointing_at_a_row_marks_its_point_and_the_other_way_round(show):
    opened = show(PAGES["benchmark"]())
    opened.page.locator('.ranking tr[data-index="3"]').focus()
    on = opened.page.locator(".on")
    assert {each.get_attribute("data-index") for each in on.all()} == {"3"}
    assert opened.page.locator("svg .on text.name").text_content() == payloads.COMPANIES[3]
    opened.page.locator('svg g[data-index="0"] circle').hover()
    opened.page.locator('.ranking tr.on[data-index="0"]').wait_for()


def test_intervals_by_measurement_and_by_recipe_lie_where_their_numbers_say(show):
    payload = payloads.benchmark()
    payload["companies"][0].update(rank_low=1, rank_high=11, recipe_low=1, recipe_high=6)
    opened = show(benchmark_page(payload))
    boxes = opened.page.evaluate(
        """() => ["again", "varied"].map((name) => {
            const cell = document.querySelector(".twofold tbody tr .scale svg");
            const [all, one] = [cell, cell.querySelector(`.${name}`)].map((each) => each.getBoundingClientRect());
            return [(one.left - all.left) / all.width, (one.right - all.left) / all.width];
        })"""
    )
    assert boxes[0] == pytest.approx([0.03, 0.97], abs=0.03)
    assert boxes[1] == pytest.approx([0.03, 0.50], abs=0.01)
    opened.assert_clean()


def test_the_two_intervals_sort_by_their_width(show):
    opened = show(PAGES["benchmark"]())
    opened.page.locator(".twofold th button", has_text="Other recipes").click()
    cells = opened.page.locator(".twofold tbody td:nth-child(5)").all()
    widths = [int(cell.get_attribute("data-value")) for cell in cells]
    assert widths == sorted(widths)
    opened.page.locator('.twofold tr[data-index="2"]').hover()
    assert opened.page.locator("svg .on text.name").text_content() == payloads.COMPANIES[2]


def test_the_index_filters_and_sorts(show):
    payload = payloads.portal()
    opened = show(portal_page(payload))
    assert opened.status == "24 of 24 accounts"
    opened.hook("search").fill("health harrow")
    assert opened.status == "1 of 24 accounts"
    opened.hook("search").press("Escape")
    assert opened.status == "24 of 24 accounts"
    opened.page.locator("th button", has_text="Stakeholders").click()
    sizes = [int(text) for text in opened.page.locator('td[data-label="Stakeholders"]').all_inner_texts()]
    assert sizes == sorted((each["stakeholders"] for each in payload["accounts"]), reverse=True)


@pytest.mark.parametrize("kind", ["benchmark", "index", "triggers", "archetypes"])
def test_touch_targets_on_a_phone_are_large(show, kind):
    opened = show(PAGES[kind](), **PHONE)
    small = opened.page.evaluate(
        """() => [...document.querySelectorAll("button, input, a, summary")]
            .map(each => [each.textContent || each.dataset.hook, each.getBoundingClientRect()])
            .filter(([, area]) => area.width && area.height < 40).map(([name]) => name)"""
    )
    assert small == []
