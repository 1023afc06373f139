"""Indicators computed from what companies did, by hand on a small ecosystem."""

from __future__ import annotations

import pandas as pd
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, members, people, ties
from scipy.stats import beta

from ecosystem_iq.benchmark.indicators.action import (
    channel_fit,
    co_creation_rate,
    influence_weighted_engagement,
    milestone_reliability,
)
from ecosystem_iq.benchmark.uncertainty import jeffreys_variance
from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.network.engagement import contact_shares, key_stakeholders

NAMES = [f"{account}{k}" for account in "AB" for k in range(6)]


def engaged(served, contacts=("A0",), **account):
    """A2 of company x: accounts A and B, each a chain of six whose first two are key."""
    named = [row | {key: column[row["account_id"]] for key, column in account.items()} for row in accounts("A", "B")]
    rows = [{**ties("ab")[0], "source": f"{a}{k}", "target": f"{a}{k + 1}"} for a in "AB" for k in range(5)]
    eco = ecosystem(
        stakeholders=people(*NAMES),
        accounts=named,
        memberships=[*members("A", *NAMES[:6]), *members("B", *NAMES[6:])],
        ties=rows,
        companies=companies("x"),
        company_accounts=[{"company_id": "x", **row} for row in served],
        interactions=[
            {"interaction_id": name, "company_id": "x", "date": TODAY, "direction": "inbound", "stakeholder_id": name}
            for name in contacts
        ],
    )  # fmt: skip
    measures = measure(influence_graph(eco), draws=0)
    facts = {"contact_shares": contact_shares(eco, key_stakeholders(eco, measures))}
    keys = key_stakeholders(eco, measures).set_index("stakeholder_id")["weight"]
    assert sorted(keys.index) == ["A0", "A1", "B0", "B1"]
    found = influence_weighted_engagement(eco, facts).iloc[0]
    return found, {a: keys[f"{a}0"] / (keys[f"{a}0"] + keys[f"{a}1"]) for a in "AB"}, keys


def test_in_one_account_it_is_the_share_of_weight():
    found, part, keys = engaged([{"account_id": "A"}])
    assert found["value"] == pytest.approx(100 * part["A"])
    assert (found["indicator_id"], found["state"], found["method"], found["n"]) == ("A2", "scored", "computed", 2)
    assert found["numerator"] == pytest.approx(keys["A0"])
    n = (keys["A0"] + keys["A1"]) ** 2 / (keys["A0"] ** 2 + keys["A1"] ** 2)
    a, b = part["A"] * n + 0.5, (1 - part["A"]) * n + 0.5
    assert found["se"] == pytest.approx(100 * (a * b / ((a + b) ** 2 * (a + b + 1))) ** 0.5)


def test_accounts_weigh_as_much_as_their_potential():
    served = [{"account_id": "A", "potential_value": 300}, {"account_id": "B", "potential_value": 100}]
    found, part, _ = engaged(served)
    assert found["value"] == pytest.approx(100 * 0.75 * part["A"])
    assert engaged(served, ["A0", "A1", "B0", "B1"])[0]["value"] == pytest.approx(100)


def test_a_potential_which_is_not_known_for_all_accounts_is_not_used():
    served = [{"account_id": "A", "potential_value": 300}, {"account_id": "B"}]
    assert engaged(served)[0]["value"] == pytest.approx(50 * engaged(served)[1]["A"])
    with_accounts, part, _ = engaged(served, potential_value={"A": 10, "B": 40})
    assert with_accounts["value"] == pytest.approx(20 * part["A"])
    half, part, _ = engaged(served, potential_value={"A": 10, "B": None})
    assert half["value"] == pytest.approx(50 * part["A"])


def test_the_companys_own_potential_goes_before_the_accounts():
    served = [{"account_id": "A", "potential_value": 300}, {"account_id": "B", "potential_value": 100}]
    found, part, _ = engaged(served, potential_value={"A": 1, "B": 1000})
    assert found["value"] == pytest.approx(75 * part["A"])


def test_errors_of_accounts_add_up_by_their_squared_parts():
    one = engaged([{"account_id": "A"}])[0]["se"]
    other = engaged([{"account_id": "B"}])[0]["se"]
    both = engaged([{"account_id": "A"}, {"account_id": "B"}])[0]["se"]
    assert both == pytest.approx(((0.5 * one) ** 2 + (0.5 * other) ** 2) ** 0.5)


def test_without_facts_it_is_not_computed():
    assert influence_weighted_engagement(ecosystem(), {}).empty
    assert influence_weighted_engagement(ecosystem(), {"contact_shares": pd.DataFrame()}).empty


def test_variance_of_a_proportion_is_that_of_its_beta():
    share, n = pd.Series([0.0, 0.3, 1.0]), pd.Series([4.0, 9.5, 2.0])
    expected = [beta(s * m + 0.5, (1 - s) * m + 0.5).var() for s, m in zip(share, n, strict=True)]
    assert jeffreys_variance(share, n).tolist() == pytest.approx(expected)


# ------------------------------------------------------------------------------------------------ A1


def initiative(name, company="x", **more):
    row = {"item_id": name, "company_id": company, "level": "initiative", "statement": name, "start": "2026-01-01"}
    return row | more


def below(parent, name, level="tactic", company="x"):
    return {"item_id": name, "company_id": company, "level": level, "statement": name, "parent_id": parent}


def designed(item, *days, who="p", company="x", mode="co_design"):
    """One contact a day about an item."""
    return [
        {
            "company_id": company,
            "date": day,
            "stakeholder_id": who,
            "mode": mode,
            "item_id": item,
            "direction": "two_way",
        }
        for day in days
    ]


DAYS = ("2026-02-01", "2026-03-01")
GROUPS = {"p": "clinician", "q": None, "own": "own_company", "team": None}


def co_created(plan, log=(), **more):
    """A1 by company."""
    everybody = [
        {
            **row,
            "group": GROUPS[row["stakeholder_id"]],
            "kind": "own_team" if row["stakeholder_id"] == "team" else "person",
        }
        for row in people(*GROUPS)
    ]
    rows = [row | {"interaction_id": f"i{k}"} for k, row in enumerate(log)]
    eco = ecosystem(stakeholders=everybody, companies=companies("x", "y"), plan=plan, interactions=rows, **more)
    found = co_creation_rate(eco, {})
    return found.set_index("company_id") if len(found) else found


def test_co_creation_by_hand_counts_without_budgets():
    found = co_created([initiative("a"), initiative("b"), initiative("c")], designed("a", *DAYS)).loc["x"]
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == (pytest.approx(100 / 3), 1, 3, 3)
    assert (found["indicator_id"], found["state"], found["method"]) == ("A1", "scored", "computed")
    assert found["se"] == pytest.approx(100 * beta(1.5, 2.5).std())


@pytest.mark.parametrize(
    ("budgets", "currencies", "value"),
    [
        ((300, 100), ("EUR", "EUR"), 75),
        ((300, 100), (None, None), 75),
        ((300, None), ("EUR", "EUR"), 50),
        ((300, 0), ("EUR", "EUR"), 50),
        ((300, 100), ("EUR", "USD"), 50),
        ((300, 100), ("EUR", None), 50),
    ],
)
def test_budgets_weigh_when_every_live_initiative_has_one_in_one_currency(budgets, currencies, value):
    plan = [initiative(n, budget=b, currency=c) for n, b, c in zip("ab", budgets, currencies, strict=True)]
    done = initiative("old", done_on="2026-02-01")  # without budget, but over
    found = co_created([*plan, done], designed("a", *DAYS)).loc["x"]
    assert found["value"] == pytest.approx(value)
    weights = pd.Series([value, 100.0 - value])
    n = 100.0**2 / (weights**2).sum()
    assert found["se"] == pytest.approx(
        100 * jeffreys_variance(pd.Series([value / 100]), pd.Series([n])).iloc[0] ** 0.5
    )


def test_one_company_without_budgets_does_not_change_another():
    plan = [initiative("a", budget=300), initiative("b", budget=100), initiative("c", "y"), initiative("d", "y")]
    log = [*designed("a", *DAYS), *designed("d", *DAYS, company="y")]
    assert co_created(plan, log)["value"].to_dict() == {"x": 75, "y": 50}


@pytest.mark.parametrize(
    ("dates", "live"),
    [
        ({"start": TODAY}, True),
        ({"start": "2026-07-01"}, False),
        ({"start": None}, False),
        ({"done_on": TODAY}, False),
        ({"done_on": "2026-07-01"}, True),
    ],
)
def test_an_initiative_is_live_from_its_start_until_it_is_done(dates, live):
    assert len(co_created([initiative("a", **dates)])) == live


@pytest.mark.parametrize(
    ("log", "value"),
    [
        (designed("a", *DAYS), 100),
        (designed("a", DAYS[0], DAYS[0]), 0),
        (designed("a", DAYS[0]), 0),
        (designed("a", DAYS[0], "2026-07-01"), 0),
        (designed("a", DAYS[0], TODAY), 100),
        (designed("a", *DAYS, mode="consult"), 0),
        (designed("a", *DAYS, who="own"), 0),
        (designed("a", *DAYS, who="team"), 0),
        (designed("a", *DAYS, who="q"), 100),
        (designed("a", DAYS[0]) + designed("a", DAYS[1], who="own"), 0),
        (designed("a", DAYS[0]) + designed("a", DAYS[1], who="q"), 100),
        (designed("a", *DAYS, company="y"), 0),
        (designed(None, *DAYS), 0),
        ([], 0),
    ],
    ids=["two days", "one day twice", "once", "tomorrow", "today", "consulted", "own company", "own team",
         "group unknown", "one of them own", "with two people", "by another company", "about nothing", "no log"],
)  # fmt: skip
def test_co_design_is_two_days_with_outsiders(log, value):
    found = co_created([initiative("a")], log).loc["x"]
    assert found["value"] == value
    assert found["se"] > 0


def test_what_is_below_an_initiative_counts_for_it_and_what_is_above_does_not():
    plan = [
        {"item_id": "top", "company_id": "x", "level": "imperative", "statement": "top"},
        initiative("a", parent_id="top"), below("a", "t1"), below("t1", "m1", "milestone"), below("a", "t2"),
        initiative("b", parent_id="a"), below("b", "t3"),
    ]  # fmt: skip
    assert co_created(plan, designed("t2", DAYS[0]) + designed("m1", DAYS[1])).loc["x", "value"] == 50
    assert co_created(plan, designed("t3", *DAYS)).loc["x", "value"] == 50  # for b, the nearest one above, only
    assert co_created(plan, designed("top", *DAYS)).loc["x", "value"] == 0


def test_without_plan_day_or_live_initiative_it_is_not_computed():
    assert co_created([]).empty
    assert co_created([initiative("a", done_on="2026-02-01")], designed("a", *DAYS)).empty
    assert co_created([initiative("a")], as_of=None).empty


# ------------------------------------------------------------------------------------------------ A3


def reliability(*milestones):
    rows = [
        {"item_id": f"m{k}", "company_id": "x", "level": "milestone", "statement": "m"} | row
        for k, row in enumerate(milestones)
    ]
    found = milestone_reliability(ecosystem(companies=companies("x", "y"), plan=rows), {})
    return found.set_index("company_id") if len(found) else found


def due(original, done=None, **more):
    return {"due_original": original, "done_on": done, **more}


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2025-06-30", False), ("2025-07-01", True), (TODAY, True), ("2026-07-01", False), (None, False)],
)
def test_the_window_is_the_last_twelve_months(day, counts):
    assert len(reliability(due(day, "2025-01-01"))) == counts


def test_reliability_by_hand():
    found = reliability(
        due("2026-03-01", "2026-03-01"),
        due("2026-03-01", "2025-01-01"),
        due("2026-03-01", "2026-03-02"),
        due("2026-03-01"),
        due("2026-03-01", "2026-05-01", due="2026-06-01"),  # moved, and late by the first date
        due("2027-01-01", "2026-01-01", due="2026-02-01"),
        due("2026-03-01", "2026-01-01", level="tactic"),
    ).loc["x"]
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == (40, 2, 5, 5)
    assert (found["indicator_id"], found["method"]) == ("A3", "computed")
    assert found["se"] == pytest.approx(100 * beta(2.5, 3.5).std())


@pytest.mark.parametrize(("done", "value"), [("2026-03-01", 100), (None, 0)])
def test_one_milestone_is_not_sure(done, value):
    found = reliability(due("2026-03-01", done)).loc["x"]
    assert found["value"] == value
    assert found["se"] == pytest.approx(100 * beta(1.5, 0.5).std())


def test_companies_have_their_own_milestones_and_without_any_due_there_is_no_value():
    rows = due("2026-03-01", "2026-03-01"), due("2026-03-01", company_id="y")
    assert reliability(*rows)["value"].to_dict() == {"x": 100, "y": 0}
    assert reliability().empty
    assert reliability(due("2020-01-01", "2020-01-01")).empty


# ------------------------------------------------------------------------------------------------ A5

LIKES = {
    "likes": {"preferred_channels": "email|face_to_face", "avoided_channels": "phone"},
    "avoids": {"avoided_channels": "phone|event"},
    "silent": {},
}


def fit(*contacts, **more):
    """A5 of contacts (person, channel), by company."""
    rows = [
        {"interaction_id": f"i{k}", "company_id": "x", "date": TODAY, "direction": "outbound", "stakeholder_id": who,
         "channel": channel} | extra
        for k, (who, channel, extra) in enumerate((*contact, {})[:3] for contact in contacts)
    ]  # fmt: skip
    everybody = [row | LIKES[row["stakeholder_id"]] for row in people(*LIKES)]
    found = channel_fit(ecosystem(stakeholders=everybody, companies=companies("x", "y"), interactions=rows, **more), {})
    return found.set_index("company_id") if len(found) else found


@pytest.mark.parametrize(
    ("who", "channel", "value"),
    [("likes", "email", 100), ("likes", "face_to_face", 100), ("likes", "web", 50), ("likes", "phone", 0),
     ("avoids", "phone", 0), ("avoids", "email", 50)],
)  # fmt: skip
def test_a_contact_is_in_a_preferred_channel_or_not_or_in_an_avoided_one(who, channel, value):
    found = fit((who, channel)).loc["x"]
    assert found["value"] == value
    assert found["se"] == 50


def test_channel_fit_by_hand():
    found = fit(
        ("likes", "email"), ("likes", "email"), ("likes", "web"), ("avoids", "event"), ("avoids", "web"),
        ("silent", "email"), ("likes", None), ("likes", "phone", {"direction": "inbound"}),
        ("likes", "phone", {"direction": "two_way"}), ("likes", "phone", {"direction": None}),
    ).loc["x"]  # fmt: skip
    assert (found["value"], found["n"], found["numerator"], found["denominator"]) == (60, 5, 300, 5)
    spread = ((40**2) * 2 + (10**2) * 2 + 60**2) / 5
    assert found["se"] == pytest.approx(((spread + 50**2 / 5) / 5) ** 0.5)
    assert (found["indicator_id"], found["state"], found["method"]) == ("A5", "scored", "computed")


@pytest.mark.parametrize(
    ("day", "counts"), [("2025-06-30", False), ("2025-07-01", True), (TODAY, True), ("2026-07-01", False)]
)
def test_contacts_of_the_last_twelve_months_count(day, counts):
    assert len(fit(("likes", "email", {"date": day}))) == counts


def test_a_channel_is_a_whole_word():
    assert fit(("likes", "mail")).loc["x", "value"] == 50


def test_contacts_which_are_all_alike_are_not_sure_but_many_are_surer():
    few, many = (fit(*[("likes", "email")] * n).loc["x", "se"] for n in (2, 20))
    assert 0 < many < few < 50


def test_companies_have_their_own_contacts():
    found = fit(("likes", "email"), ("likes", "phone", {"company_id": "y"}), ("avoids", "web", {"company_id": "y"}))
    assert found["value"].to_dict() == {"x": 100, "y": 25}
    assert found["denominator"].to_dict() == {"x": 1, "y": 2}


def test_without_contacts_preferences_or_day_it_is_not_computed():
    assert fit().empty
    assert fit(("silent", "email")).empty
    assert fit(("likes", "email"), as_of=None).empty
