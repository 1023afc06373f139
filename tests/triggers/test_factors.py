"""Movability, timing and actionability: each number by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, members, people, ties

from ecosystem_iq.network import influence_graph
from ecosystem_iq.triggers.factors import factors, movability
from ecosystem_iq.triggers.facts import completed, node_facts


def after(days):
    return TODAY + dt.timedelta(days=days)


def found(opportunities=None, **tables):
    """Factors by stakeholder."""
    eco = completed(ecosystem(**tables))
    facts = node_facts(eco, influence_graph(eco))
    return factors(eco, facts, opportunities).set_index(facts["stakeholder_id"])


def one_account(events=(), seats=(), **tables):
    """Account acc of a, b, c; a moves b."""
    chosen = {row["stakeholder_id"] for row in seats}
    rest = members("acc", *(name for name in "abc" if name not in chosen))
    tables = {"stakeholders": people(*"abc")} | tables
    return {
        "accounts": accounts("acc"),
        "memberships": [*({"account_id": "acc"} | row for row in seats), *rest],
        "ties": ties("ab", account_id="acc"),
        "trigger_events": [{"trigger_id": f"t{i}", "account_id": "acc"} | event for i, event in enumerate(events)],
        **tables,
    }


STANCES = {"opponent": 0.1, "non_supporter": 0.4, "neutral": 0.8, "supporter": 1.0, "advocate": 1.0, None: 0.6}
KINDS = {
    "innovator": 1.0,
    "early_adopter": 0.95,
    "early_majority": 0.85,
    "late_majority": 0.7,
    "laggard": 0.6,
    None: 0.8,
}


@pytest.mark.parametrize(("stance", "factor"), STANCES.items())
@pytest.mark.parametrize(("kind", "other"), KINDS.items())
def test_movability_is_stance_times_adaptability(stance, factor, kind, other):
    seats = pd.DataFrame({"stance": [stance], "adaptability": [kind]}, dtype="str")
    assert movability(seats).tolist() == [pytest.approx(factor * other)]


def test_movability_comes_from_the_newest_seat_of_the_reference():
    seats = [
        {"stakeholder_id": "a", "stance": "opponent", "valid_from": "2024-01-01"},
        {"stakeholder_id": "a", "stance": "supporter", "adaptability": "laggard", "valid_from": "2025-01-01"},
        {"stakeholder_id": "a", "stance": "neutral", "holder": "co-1"},
        {"stakeholder_id": "b", "stance": "advocate", "valid_to": "2025-01-01"},
    ]
    table = found(**one_account(seats=seats, companies=companies("co-1"), settings={"own_company": "co-1"}))
    assert table["movability"].to_dict() == {"a": 0.6, "b": pytest.approx(0.48), "c": pytest.approx(0.48)}


@pytest.mark.parametrize(
    ("event", "chance"),
    [
        ({"window_start": after(10), "window_end": after(40), "status": "open", "probability": 0.6}, 0.6),
        ({"window_start": after(10), "window_end": after(40), "status": "watch", "probability": 0.6}, 0.6),
        ({"window_start": after(10), "window_end": after(40), "probability": 0.6}, 0.6),
        ({"window_start": after(10), "window_end": after(40), "status": "open"}, 0.5),
        ({"window_start": after(180), "window_end": after(300), "status": "open", "probability": 0.6}, 0.6),
        ({"window_start": after(181), "window_end": after(300), "status": "open", "probability": 0.6}, 0.0),
        ({"window_start": after(-90), "window_end": after(0), "status": "open", "probability": 0.6}, 0.6),
        ({"window_start": after(-90), "window_end": after(-1), "status": "open", "probability": 0.6}, 0.0),
        ({"window_start": after(-90), "status": "open", "probability": 0.6}, 0.6),
        ({"window_end": after(5), "status": "open", "probability": 0.6}, 0.6),
        ({"status": "open", "probability": 0.6}, 0.0),
        *(
            ({"window_start": after(10), "window_end": after(40), "status": word, "probability": 0.6}, 0.0)
            for word in ("acted", "fired", "missed", "expired")
        ),
        ({"window_start": after(10), "status": "open", "probability": 0.6, "holder": "co-1"}, 0.0),
    ],
)
def test_timing_is_a_half_and_half_the_chance_of_a_window(event, chance):
    table = found(**one_account([{"stakeholder_id": "a"} | event], companies=companies("co-1")))
    assert table["timing"].to_dict() == {"a": pytest.approx(0.5 + 0.5 * chance), "b": 0.5, "c": 0.5}


def test_chances_join_and_events_of_the_account_concern_those_who_decide():
    events = [
        {"stakeholder_id": "a", "window_start": after(90), "probability": 0.5, "name": "Own review"},
        {"stakeholder_id": "a", "window_start": after(30), "probability": 0.2, "kind": "leadership_change"},
        {"window_start": after(60), "window_end": after(70), "probability": 0.3, "kind": "formulary_review"},
    ]
    seats = [{"stakeholder_id": "b", "decision_role": "approver"}, {"stakeholder_id": "c", "decision_role": "user"}]
    table = found(**one_account(events, seats))
    chance = {"a": 1 - 0.5 * 0.8, "b": 1 - 0.5 * 0.8 * 0.7, "c": 0.0}
    assert table["timing"].to_dict() == {who: pytest.approx(0.5 + 0.5 * p) for who, p in chance.items()}
    assert table["event"].fillna("").to_dict() == {"a": "leadership change", "b": "leadership change", "c": ""}
    assert table.loc["a", "window_start"] == pd.Timestamp(after(30))
    assert pd.isna(table.loc["a", "window_end"])


def test_one_who_decides_and_is_named_sees_the_own_event_first_and_all_in_the_chance():
    events = [
        {"window_start": after(5), "probability": 0.5, "name": "Early"},
        {"stakeholder_id": "a", "window_start": after(50), "probability": 0.2, "name": "Late"},
    ]
    table = found(**one_account(events, [{"stakeholder_id": "a", "decision_role": "gatekeeper"}]))
    assert table.loc["a", "timing"] == pytest.approx(0.5 + 0.5 * 0.6)
    assert table.loc["a", "event"] == "Late"


def test_without_a_date_nothing_is_known_of_timing():
    tables = one_account([{"stakeholder_id": "a", "window_start": after(5), "status": "open"}])
    assert found(as_of=None, **tables)["timing"].tolist() == [0.5] * 3


CONTACT = [("unknown", 0), ("no_contact", 0), (None, 0), ("brief", 1), ("multiple", 1), ("in_depth", 1)]


@pytest.mark.parametrize(("depth", "yes"), CONTACT)
def test_contact_depth(depth, yes):
    table = found(**one_account(seats=[{"stakeholder_id": "a", "contact_depth": depth}]))
    assert table["actionability"].tolist() == [pytest.approx(0.2 + 0.16 * yes), 0.2, 0.2]


def opportunity(quartile, **more):
    return pd.DataFrame([{"account_id": "acc", "group": "clinician", "quartile": quartile} | more])


def test_each_of_the_five_items_counts_one_fifth():
    seats = [{"stakeholder_id": "a", "contact_depth": "brief", "owner": "Kim"}]
    stakeholders = people("a", "b", "c", group="clinician")
    assert found(**one_account(seats=seats))["actionability"]["a"] == pytest.approx(0.2 + 0.8 * 2 / 5)
    stakeholders[0]["preferred_channels"] = "email|webinar"
    plan = [{"item_id": "i", "company_id": "co-1", "level": "initiative", "statement": "x", "co_designer_ids": "z|a"}]
    more = {"stakeholders": stakeholders, "plan": plan, "companies": companies("co-1")}
    table = found(opportunity(10.0), **one_account(seats=seats, **more))
    assert table["actionability"].to_dict() == {"a": 1.0, "b": pytest.approx(0.36), "c": pytest.approx(0.36)}
    assert found(opportunity(9.99), **one_account(seats=seats, **more))["actionability"]["a"] == pytest.approx(0.84)


@pytest.mark.parametrize(
    ("item", "yes"),
    [
        ({"account_id": "acc"}, 1),
        ({"account_id": "acc", "level": "tactic"}, 0),
        ({"account_id": "acc", "company_id": "co-2"}, 0),
        ({"account_id": "acc", "done_on": after(-1)}, 0),
        ({"account_id": "acc", "done_on": after(9)}, 1),
        ({"co_designer_ids": "x"}, 0),
        ({}, 0),
    ],
)
def test_an_initiative_which_is_not_done_and_is_ours(item, yes):
    plan = [{"item_id": "i", "company_id": "co-1", "level": "initiative", "statement": "x"} | item]
    tables = one_account(plan=plan, companies=companies("co-1", "co-2"), settings={"own_company": "co-1"})
    assert found(**tables)["actionability"]["a"] == pytest.approx(0.2 + 0.16 * yes)


def test_company_columns_are_our_own_before_nobodys():
    seats = [
        {"stakeholder_id": "a", "contact_depth": "in_depth", "owner": "Nobody's"},
        {"stakeholder_id": "a", "contact_depth": "no_contact", "holder": "co-1"},
        {"stakeholder_id": "b", "contact_depth": "in_depth", "holder": "co-2"},
    ]
    tables = one_account(seats=seats, companies=companies("co-1", "co-2"), settings={"own_company": "co-1"})
    eco = ecosystem(**tables)
    facts = node_facts(eco, influence_graph(eco)).set_index("stakeholder_id")
    assert facts["contact_depth"].fillna("").to_dict() == {"a": "no_contact", "b": "", "c": ""}
    assert facts.loc["a", "owner"] == "Nobody's"


@pytest.mark.parametrize(
    ("role", "named", "quartile", "kind"),
    [
        ("decision_maker", True, 13.0, "decision"),
        ("approver", False, 0.0, "decision"),
        ("gatekeeper", True, 13.0, "timing"),
        ("user", False, 12.0, "job"),
        ("user", False, 11.9, "diffusion"),
        (None, False, float("nan"), "diffusion"),
    ],
)
def test_the_type_says_what_makes_it_one(role, named, quartile, kind):
    event = {"window_start": after(1), "stakeholder_id": "a" if named else "b"}
    tables = one_account([event], [{"stakeholder_id": "a", "decision_role": role}])
    tables["stakeholders"] = people(*"abc", group="clinician")
    assert found(opportunity(quartile), **tables)["type"]["a"] == kind


def test_jobs_of_another_group_or_account_do_not_count():
    tables = one_account(stakeholders=people(*"abc", group="nursing"))
    for jobs in (
        opportunity(19.0),
        opportunity(19.0, account_id="x", group="nursing"),
        opportunity(19.0).iloc[:0],
        None,
    ):
        table = found(jobs, **tables)
        assert table["actionability"].tolist() == [0.2] * 3
        assert table["type"].tolist() == ["diffusion"] * 3
    assert found(opportunity(19.0, group="nursing"), **tables)["type"].tolist() == ["job"] * 3
