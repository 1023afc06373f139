"""The page of archetypes in a real browser."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import archetypes_page

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def opened(show):
    """Twenty-four accounts in eight groups."""
    return show(archetypes_page(payloads.archetypes()))


def values(opened, column, rows='[data-hook="account"]'):
    cells = opened.page.locator(f"{rows} > :nth-child({column})")
    texts = cells.evaluate_all("all => all.filter(cell => cell.offsetParent).map(cell => cell.dataset.value)")
    return [float(text) if text else None for text in texts]


def in_order(numbers, *, descending):
    known = [number for number in numbers if number is not None]
    # Missing values come last, whichever way the others go.
    return numbers == sorted(known, reverse=descending) + [None] * (len(numbers) - len(known))


def test_a_column_sorts_inside_groups_and_over_all_in_one_list(opened):
    head = opened.page.locator("th", has_text="Payer control")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    groups = opened.page.locator('[data-hook="group"]')
    for group in range(groups.count()):
        assert in_order(values(opened, 6, f'[data-hook="group"]:nth-of-type({group + 1}) > .account'), descending=True)
    assert not in_order(values(opened, 6), descending=True)
    opened.hook("grouping").click()
    assert in_order(values(opened, 6), descending=True)
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert in_order(values(opened, 6), descending=False)
    opened.hook("grouping").click()
    assert opened.page.locator('[data-hook="group-row"]:visible').count() == groups.count()


def test_details_stay_with_their_accounts(opened):
    opened.page.locator("th", has_text="Potential").get_by_role("button").click()
    opened.hook("grouping").click()
    pairs = opened.page.locator('[data-hook="account"]').evaluate_all(
        "rows => rows.map(row => [row.id, row.nextElementSibling.id])"
    )
    assert len(pairs) == 24
    assert all(detail == f"_why-{account}" for account, detail in pairs)


def test_reasons_unfold_one_by_one_and_all_together(opened):
    details = opened.page.locator('[data-hook="detail"]:visible')
    assert details.count() == 0
    why = opened.hook("why").nth(2)
    why.press("Enter")
    assert why.get_attribute("aria-expanded") == "true"
    assert details.locator("li").count() == 3
    opened.hook("reasons").click()
    assert details.count() == 24
    opened.hook("reasons").click()
    assert details.count() == 0


def test_searching_and_choosing_a_group_filter(opened):
    opened.hook("search").fill("cancer")
    assert opened.status == "4 of 24 accounts"
    opened.hook("search").press("Escape")
    blend = opened.page.locator('[data-group="group-blend"][data-hook="group-chip"]')
    blend.click()
    assert opened.status == "3 of 24 accounts"
    assert opened.page.locator('[data-hook="group-row"]:visible').count() == 1
    opened.hook("search").fill("nothing like it")
    opened.hook("clear").click()
    assert opened.status == "24 of 24 accounts"


def test_a_card_leads_to_its_accounts_even_when_they_were_filtered_away(opened):
    opened.page.locator('[data-group="group-blend"][data-hook="group-chip"]').click()
    opened.hook("grouping").click()
    opened.hook("visit").nth(2).click()
    opened.page.locator("#_group-3:visible").wait_for()
    assert opened.status == "24 of 24 accounts"


def test_numbers_are_told_on_hover_and_shown_on_demand(opened):
    cell = opened.page.locator('[data-hook="account"] .heat:has(.value)').first
    number = cell.locator(".value")
    opacity = "element => getComputedStyle(element).opacity"
    assert number.evaluate(opacity) == "0"
    cell.hover()
    assert number.evaluate(opacity) == "1"
    tip = opened.hook("tip")
    assert number.inner_text() in tip.inner_text()
    opened.page.mouse.move(5, 5)
    tip.wait_for(state="hidden")
    opened.hook("numbers").click()
    assert number.evaluate(opacity) == "1"


def test_arrow_keys_walk_over_the_cells_which_are_one_tab_stop(opened):
    assert opened.page.locator('[data-hook="cell"][tabindex="0"]').count() == 1
    opened.page.locator('[data-hook="cell"][tabindex="0"]').focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        opened.page.keyboard.press(key)
    place = "[document.activeElement.cellIndex, document.activeElement.parentElement.id]"
    column, row = opened.page.evaluate(place)
    assert column == 3 + 2
    assert row == opened.hook("account").nth(1).get_attribute("id")
    assert payloads.FEATURES[2][1] in opened.hook("tip").inner_text()
    assert opened.page.locator('[data-hook="cell"][tabindex="0"]').count() == 1
    opened.page.keyboard.press("Escape")
    assert not opened.hook("tip").is_visible()
    opened.page.keyboard.press("End")
    assert opened.page.evaluate(place)[0] == 3 + 15


def test_headings_lie_inside_the_card_and_are_not_covered(opened):
    covered = opened.page.evaluate(
        """() => {
            document.querySelector('[data-hook="matrix"]').scrollIntoView();
            return [...document.querySelectorAll('[data-hook="feature"] span')].filter((label) => {
                const area = label.getBoundingClientRect();
                const top = document.elementFromPoint(area.left + area.width / 2, area.top + area.height / 2);
                return label !== top && !label.parentElement.contains(top);
            }).map((label) => label.textContent);
        }"""
    )
    assert covered == []


def test_on_a_phone_names_stay_while_features_scroll(show):
    opened = show(archetypes_page(payloads.archetypes()), **PHONE)
    frame, name = opened.hook("frame"), opened.page.locator('[data-hook="account"] th').first
    before = name.bounding_box()["x"]
    frame.evaluate("frame => { frame.scrollLeft = 300; }")
    assert frame.evaluate("frame => frame.scrollLeft") == 300
    assert name.bounding_box()["x"] == pytest.approx(before, abs=17)  # the padding of the frame scrolls away
    assert opened.page.locator(".value").first.evaluate("element => getComputedStyle(element).opacity") == "1"


def test_without_a_script_reasons_and_numbers_are_there(chromium, tmp_path):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(archetypes_page(payloads.archetypes(4)).save(tmp_path / "page.html").as_uri())
    assert page.locator(".detail ol").last.is_visible()
    assert page.locator(".value").first.evaluate("element => getComputedStyle(element).opacity") == "1"
    assert not page.locator('[data-hook="search"]').is_visible()
    context.close()
