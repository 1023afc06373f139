"""The panel of a stakeholder and the start: what is known is said once, long lists are short until asked for."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
OPTIONAL = (
    "measures", "facets", "layouts", "triggers", "jobs", "values", "what_if", "covered", "notes", "before", "collapsed",
)  # fmt: skip
OPTIONAL_COLUMNS = (
    "influence_low", "influence_high", "brokerage", "reach", "opportunity", "care_setting", "last_contact", "contacts",
    "advice", "value", "at_risk", "change", "rank_before", "stance_before",
)  # fmt: skip


@pytest.fixture(scope="module")
def account():
    payload = payloads.account(60)
    nodes = payload["nodes"]
    nodes["name"] = [f"Person {i:03d}" for i in range(60)]
    nodes["influence"] = [0.2, *[0.8 / 59] * 59]
    nodes["influence_low"], nodes["influence_high"] = [0.15] * 60, [0.25] * 60
    nodes["stance"][0], nodes["contact"][0] = 1, "Regular"
    nodes["last_contact"][0], nodes["contacts"][0] = "2026-05-01", 4
    return payload


@pytest.fixture(scope="module")
def page(account):
    return account_page(account)


def focus(opened, i):
    """Name number i is "Person i", which begins no other name."""
    opened.find(f"Person {i:03d}")
    assert opened.hook("details").get_attribute("data-node") == str(i)


def headings(opened):
    return [each.lower() for each in opened.page.locator('[data-hook="details"] h2').all_inner_texts()]


def parts(account, i):
    """The stakeholder's ties by the list in which they stand."""
    ties = account["ties"]
    found = {"moves": [], "moved": [], "mutual": [], "structure": []}
    for t, (source, target) in enumerate(zip(ties["source"], ties["target"], strict=True)):
        if i not in (source, target):
            continue
        direction = "moves" if source == i else "moved"
        found["structure" if ties["structure"][t] else "mutual" if ties["mutual"][t] else direction].append(t)
    return found


# --- who they are ------------------------------------------------------------------------------------------------


def test_influence_and_rank_stand_with_their_intervals(show, account, page):
    opened = show(page)
    focus(opened, 0)
    influence, rank = opened.hook("figure-influence"), opened.hook("figure-rank")
    assert influence.locator("dd").inner_text() == "20\u00a0%"
    assert "90\u00a0%: 15–25\u00a0%" in influence.inner_text()
    low, high = account["nodes"]["rank_low"][0], account["nodes"]["rank_high"][0]
    assert rank.locator("dd").inner_text() == "1"
    assert f"90\u00a0%: {low}–{high}" in rank.inner_text()
    assert "100th percentile" in opened.hook("details").inner_text()


def test_facts_say_stance_and_contacts(show, page):
    opened = show(page)
    focus(opened, 0)
    text = opened.hook("details").inner_text()
    assert "Supporter" in text
    assert "2026-05-01 · 4 in 12 months" in text


def test_a_measure_is_explained_on_demand_and_stays_explained(show, account, page):
    opened = show(page)
    focus(opened, 0)
    meaning = next(measure["meaning"] for measure in account["measures"] if measure["id"] == "brokerage")
    about = opened.hook("about-brokerage")
    assert str(account["nodes"]["brokerage"][0]) in about.inner_text()
    assert opened.page.get_by_text(meaning).is_hidden()
    about.focus()
    opened.page.keyboard.press("Enter")
    assert opened.page.get_by_text(meaning).is_visible()
    focus(opened, 5)
    assert opened.page.get_by_text(meaning).is_visible()


def test_a_measure_without_a_value_is_not_listed(show, account, page):
    opened = show(page)
    for i in (account["nodes"]["opportunity"].index(None), account["nodes"]["opportunity"].index(13.2)):
        focus(opened, i)
        known = account["nodes"]["opportunity"][i] is not None
        assert opened.hook("about-opportunity").count() == int(known)


# --- value, jobs, notes ------------------------------------------------------------------------------------------


def test_value_records_give_share_or_amount(show, account, page):
    opened = show(page)
    focus(opened, 3)
    text = opened.hook("values").inner_text()
    assert "Receives" in text
    assert "12\u00a0%" in text
    assert account["values"]["3"][1]["amount"] in text
    focus(opened, 40)
    assert opened.hook("values").count() == 0


def test_jobs_are_those_of_the_group_with_interval_and_sample(show, account, page):
    opened = show(page)
    nodes = account["nodes"]
    i = next(i for i in range(60) if nodes["group"][i] == 1)
    jobs = account["jobs"][account["groups"][1]["id"]]
    focus(opened, i)
    rows = opened.hook("jobs").locator("li").all_inner_texts()
    assert len(rows) == len(jobs) == 3
    for row, job in zip(rows, jobs, strict=True):
        assert job["statement"] in row
        assert f"90\u00a0%: {job['low']:.1f}–{job['high']:.1f}" in row
        assert f"n\u00a0=\u00a0{job['n']} · {job['form']}" in row
        assert ("strong" in row) == bool(job["band"])
    focus(opened, next(i for i in range(60) if nodes["group"][i] > 3))
    assert opened.hook("jobs").count() == 0


def test_a_job_bar_runs_from_0_to_20(show, account, page):
    opened = show(page)
    focus(opened, next(i for i in range(60) if account["nodes"]["group"][i] == 0))
    job = account["jobs"][account["groups"][0]["id"]][0]
    style = opened.page.locator(".job-bar .band").first.evaluate("each => [each.style.left, each.style.width]")
    left, width = (float(value.rstrip("%")) for value in style)
    assert left == pytest.approx(5 * job["low"], abs=0.01)
    assert left + width == pytest.approx(5 * job["high"], abs=0.01)


def test_notes_stand_with_whom_they_are_about(show, page):
    opened = show(page)
    text = opened.hook("fold-notes").inner_text()
    assert "The merger is planned for autumn." in text
    assert "Prefers short papers." in text
    opened.hook("note").click()
    assert opened.hook("details").get_attribute("data-node") == "0"
    assert "Prefers short papers." in opened.hook("person-notes").inner_text()
    assert "merger" not in opened.hook("details").inner_text()
    focus(opened, 1)
    assert opened.hook("person-notes").count() == 0


# --- ties --------------------------------------------------------------------------------------------------------


def test_a_tie_tells_what_is_known_of_it_and_leads_to_its_other_end(show, account, page):
    opened = show(page)
    ties = account["ties"]
    some = [t for t in range(len(ties["kind"])) if ties["note"][t] and ties["evidence"][t] and ties["confirmed"][t]]
    t = next(t for t in some if ties["confidence"][t] is not None)
    i = ties["source"][t]
    focus(opened, i)
    for button in opened.page.locator('[data-hook^="more-ties-"]').all()[::-1]:
        button.click()
    row = opened.page.locator(f'[data-tie="{t}"]')
    text = row.inner_text()
    for said in (ties["note"][t], ties["evidence"][t], f"confirmed {ties['confirmed'][t]}", ties["kind"][t]):
        assert said in text
    assert f"confidence {ties['confidence'][t]:.0%}".replace("%", "\u00a0%") in text
    row.press("Enter")
    assert opened.hook("details").get_attribute("data-node") == str(ties["target"][t])


# --- as a whole --------------------------------------------------------------------------------------------------


def test_sections_stand_in_their_order(show, page):
    opened = show(page)
    focus(opened, 0)
    told = [heading.split(" (")[0] for heading in headings(opened)]
    order = ["measures", "value", "jobs", "notes", "ties"]
    places = [next((k for k, each in enumerate(told) if each.startswith(word)), None) for word in order]
    known = [place for place in places if place is not None]
    assert known == sorted(known)
    assert places[-1] == len(told) - 1


def test_what_is_missing_leaves_no_trace(show):
    payload = payloads.account(24)
    payload["nodes"]["name"] = [f"Person {i:03d}" for i in range(24)]
    for key in OPTIONAL:
        payload[key] = None
    for column in OPTIONAL_COLUMNS:
        del payload["nodes"][column]
    for column in ("since", "until", "note", "change"):
        del payload["ties"][column]
    opened = show(account_page(payload))
    for i in (0, 5, 23):
        focus(opened, i)
        text = opened.hook("details").inner_text()
        assert not {"null", "undefined", "NaN"} & set(text.split())
        assert all(each.startswith("ties") for each in headings(opened))
    opened.assert_clean()


def test_a_folded_section_stays_folded(show, page):
    opened = show(page)
    opened.hook("summary-findings").click()
    assert opened.page.locator(".findings li").first.is_hidden()
    focus(opened, 0)
    opened.page.keyboard.press("Escape")
    assert opened.page.locator(".findings li").first.is_hidden()


def test_what_opens_in_the_panel_is_large_enough_for_a_finger(show, page):
    opened = show(page, **PHONE)
    focus(opened, 0)
    small = opened.page.evaluate(
        """() => [...document.querySelectorAll(".panel button, .panel summary")]
            .map(each => [each.textContent, each.getBoundingClientRect()])
            .filter(([, area]) => area.width && area.height < 40).map(([name]) => name)"""
    )
    assert small == []


def test_a_long_list_shows_eight_and_all_when_asked(show):
    payload = payloads.account(60)
    ties = payload["ties"]
    ends = [(s, t) for s, t in zip(ties["source"], ties["target"], strict=True) if 0 not in (s, t)]
    kept = [k for k, pair in enumerate(zip(ties["source"], ties["target"], strict=True)) if pair in set(ends)]
    payload["ties"] = {name: [column[k] for k in kept] for name, column in ties.items()}
    payload["ties"]["source"][:12], payload["ties"]["target"][:12] = [0] * 12, list(range(1, 13))
    for name in ("mutual", "structure"):
        payload["ties"][name][:12] = [False] * 12
    opened = show(account_page(payload))
    opened.find(payload["nodes"]["name"][0])
    rows = opened.hook("ties-moves").locator("li")
    assert rows.count() == 8
    opened.hook("more-ties-moves").press("Enter")
    assert rows.count() == 12
    assert opened.hook("more-ties-moves").count() == 0
    opened.assert_clean()
