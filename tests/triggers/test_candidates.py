"""Who may be engaged, at which value and cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ecosystems import accounts, companies, ecosystem, members, people, shuffled, ties

from ecosystem_iq.network import influence_graph
from ecosystem_iq.triggers import select_triggers, trigger_candidates

PREFIX = "decides, do not target: "


def table_of(**tables):
    eco = ecosystem(**tables)
    return trigger_candidates(eco, influence_graph(eco)).set_index(["account_id", "stakeholder_id"])


def committee(who, **more):
    return {"stakeholder_id": who, "name": who.upper(), "kind": "committee", **more}


def reasons(**tables):
    found = table_of(**tables)["reason"].droplevel(0).groupby(level=0).first()
    return {who: why.removeprefix(PREFIX) for who, why in found.items() if why}


def test_everybody_else_is_eligible_worth_one_and_costs_one():
    found = table_of(stakeholders=people("b", "a"), ties=ties("ab"))
    assert found.index.tolist() == [("all", "a"), ("all", "b")]
    assert found.to_dict("list") == {"value": [1, 1], "cost": [1, 1], "eligible": [True, True], "reason": ["", ""]}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"kind": "regulator", "group": "policy"}, "regulator"),
        ({"kind": "own_team"}, "own team"),
        ({"group": "own_company"}, "own team"),
        ({"declared_conflict": "yes"}, "declared conflict of interest"),
        ({"group": "policy"}, None),
        ({"declared_conflict": "no"}, None),
        ({"kind": "payer", "group": "payer"}, None),
    ],
)
def test_who_is_refused_for_what_they_are(more, reason):
    stakeholders = [*people("b"), {"stakeholder_id": "a", "name": "A", "kind": "person"} | more]
    assert reasons(stakeholders=stakeholders, ties=ties("ab")) == ({"a": reason} if reason else {})


@pytest.mark.parametrize(
    ("slot", "refused"),
    [
        ("formulary_chair", True),
        ("procurement", True),
        ("HTA reviewer", True),
        ("health-technology-assessment lead", True),
        ("Pharmacy & Therapeutics member", True),
        ("P&T", True),
        ("head of purchasing", True),
        ("clinical_lead", False),
        ("budget_holder", False),
        ("whatever", False),  # has the letters of hta, backwards and not
        ("pathways_and_theatre", False),
        (None, False),
    ],
)
def test_seats_in_a_formulary_hta_or_procurement_role(slot, refused):
    found = reasons(
        stakeholders=people("a", "b"), ties=ties("ab"), memberships=[{"stakeholder_id": "a", "role_slot": slot}]
    )
    assert found == ({"a": f"acts as {slot.replace('_', ' ')}"} if refused else {})


@pytest.mark.parametrize(
    ("which", "seat", "refused"),
    [
        ({"name": "Regional Formulary Committee"}, {}, True),
        ({"title": "HTA board"}, {}, True),
        ({"group": "pharmacy"}, {"decision_role": "approver"}, True),
        ({"group": "finance_procurement"}, {"decision_role": "decision_maker"}, True),
        ({"group": "payer"}, {"decision_role": "gatekeeper"}, True),
        ({"group": "pharmacy"}, {"decision_role": "evaluator"}, False),
        ({"group": "clinician", "name": "Tumour Board"}, {"decision_role": "approver"}, False),
        ({}, {"role_slot": "procurement"}, True),
        ({"kind": "department", "name": "Formulary office"}, {}, False),  # not a committee
    ],
)
def test_members_of_a_committee_which_decides_what_is_bought(which, seat, refused):
    board = committee("board") | which
    found = reasons(
        stakeholders=[
            *people("a", "b", "z"),
            board,
            {"stakeholder_id": "c", "name": "C", "kind": "person", "org_id": "board"},
        ],
        ties=[*ties("ab"), *ties("zb"), {"source": "a", "target": "board", "kind": "member_of"}],
        memberships=[{"stakeholder_id": "board"} | seat],
    )
    assert set(found) == ({"a", "c", "board"} if refused else set())
    if refused:
        assert found["a"] == f"member of {board['name']}"


def test_a_role_in_one_account_bars_the_person_from_all():
    eco = ecosystem(
        accounts=accounts("one", "two"),
        stakeholders=people("p", "x", "y"),
        memberships=[*members("one", "x"), *members("one", "p", role_slot="procurement"), *members("two", "p", "y")],
        ties=[*ties("px", account_id="one"), *ties("py", account_id="two")],
    )
    graph = influence_graph(eco)
    table = trigger_candidates(eco, graph).set_index(["account_id", "stakeholder_id"])
    assert not table.loc[[("one", "p"), ("two", "p")], "eligible"].any()
    assert "p" not in select_triggers(graph, k=9, candidates=table.reset_index()).stakeholders


def test_what_is_over_or_only_others_say_does_not_bar():
    old = {"stakeholder_id": "a", "role_slot": "procurement", "valid_to": "2026-01-01"}
    theirs = {"stakeholder_id": "b", "role_slot": "procurement", "holder": "co-2"}
    ours = {"stakeholder_id": "c", "role_slot": "procurement", "holder": "co-1"}
    found = reasons(
        stakeholders=people("a", "b", "c"),
        companies=companies("co-1", "co-2"),
        ties=ties("ab", "bc"),
        memberships=[old, theirs, ours],
        settings={"own_company": "co-1"},
    )
    assert found == {"c": "acts as procurement"}


def values(**tables):
    return table_of(ties=ties("ab"), **tables)["value"].droplevel(0).to_dict()


def test_the_first_kind_of_value_an_account_has_is_used_for_all_of_it():
    volume = [{**row, "patient_volume": v} for row, v in zip(people("a", "b"), (30, None), strict=True)]
    assert values(stakeholders=volume) == {"a": 30, "b": 0}
    potential = [{**row, "potential_value": v} for row, v in zip(volume, (None, 5e5), strict=True)]
    assert values(stakeholders=potential) == {"a": 0, "b": 5e5}
    assert values(stakeholders=[{**row, "potential_value": -3} for row in people("a", "b")]) == {"a": 1, "b": 1}


def test_shares_received_and_created_newest_of_each_type_reference_only():
    def share(who, kind, perspective, amount, **more):
        row = {"stakeholder_id": who, "value_type": kind, "perspective": perspective, "share": amount}
        return {**row, "as_of": "2026-01-01", **more}

    rows = [
        share("a", "clinical", "received", 0.9, as_of="2025-01-01"),
        share("a", "clinical", "received", 0.2),
        share("a", "clinical", "created", 0.1),
        share("a", "economic", "received", 0.05),
        share("a", "economic", "at_risk", 0.6),
        share("b", "clinical", "received", None),
        share("b", "clinical", "received", 0.7, holder="co-1"),
    ]
    stakeholders = people("a", "b", potential_value=8)
    found = values(stakeholders=stakeholders, values=rows, companies=companies("co-1"))
    assert found == {"a": pytest.approx(0.35), "b": 0.0}


def test_each_account_has_its_own_kind_of_value():
    found = table_of(
        accounts=accounts("one", "two"),
        stakeholders=[*people("a", patient_volume=9), *people("b", "c")],
        memberships=[*members("one", "a", "b"), *members("two", "b", "c")],
        ties=ties("ab", "bc"),
        values=[
            {
                "account_id": "two",
                "stakeholder_id": "c",
                "value_type": "clinical",
                "perspective": "received",
                "share": 1,
            }
        ],
    )["value"]
    assert found.to_dict() == {("one", "a"): 9, ("one", "b"): 0, ("two", "b"): 0, ("two", "c"): 1}


def test_cost_is_our_own_then_nobodys_then_one():
    rows = [
        {"stakeholder_id": "a", "engagement_cost": 4},
        {"stakeholder_id": "b", "engagement_cost": 5},
        {"stakeholder_id": "a", "engagement_cost": 2.5, "holder": "co-1"},
        {"stakeholder_id": "b", "holder": "co-1"},
        {"stakeholder_id": "c", "engagement_cost": 9, "holder": "co-2"},
    ]
    tables = {"stakeholders": people("a", "b", "c"), "ties": ties("ab", "bc"), "memberships": rows}
    tables["companies"] = companies("co-1", "co-2")
    assert table_of(**tables)["cost"].tolist() == [4, 5, 1]
    assert table_of(**tables, settings={"own_company": "co-1"})["cost"].tolist() == [2.5, 5, 1]


def test_tables_which_are_not_there_are_as_empty_ones():
    eco = ecosystem(stakeholders=people("a", "b"), ties=ties("ab"))
    graph = influence_graph(eco)
    bare = replace(eco, tables={k: v for k, v in eco.tables.items() if k not in ("values", "plan", "trigger_events")})
    np.testing.assert_array_equal(trigger_candidates(bare, graph)["value"], [1.0, 1.0])


def test_rows_are_the_nodes_of_the_graph_whatever_the_order_of_the_tables():
    eco = ecosystem(
        stakeholders=[*people(*"abcdef"), committee("x", name="HTA panel"), committee("y", name="Formulary panel")],
        ties=[*ties("ab", "cd", "ef"), *({"source": "a", "target": t, "kind": "member_of"} for t in "xy")],
    )
    first = trigger_candidates(eco, influence_graph(eco))
    mixed = shuffled(eco, 3)
    assert trigger_candidates(mixed, influence_graph(mixed)).equals(first)
