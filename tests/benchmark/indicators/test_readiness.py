"""Readiness indicators by hand: what a company holds against the reference map."""

from __future__ import annotations

import pandas as pd
import pytest
from ecosystems import accounts, companies, ecosystem, members, people, ties

from ecosystem_iq.assessment import assess
from ecosystem_iq.benchmark.indicators.readiness import decision_chain_completeness, influence_map_accuracy
from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.network.engagement import company_facts

NAMES = "abcdefgh"
REFERENCE = [
    *ties("ab", strength=0.8), *ties("bc", strength=0.4), *ties("ac", strength=0.6),
    *ties("ad", "ae", "af", "bg", "bh", strength=1.0),
]  # fmt: skip
MEAN = (0.8 + 0.4 + 0.6) / 3  # of the three arcs among a, b, c


def town(*held, served=("x",), where="A", **more):
    """Account A (and B alike) whose key stakeholders are a, b and c; companies hold the ties ``held``."""
    roles = {name: "approver" if name in "abc" else "user" for name in NAMES}
    rows = [
        {"account_id": account, "stakeholder_id": name, "decision_role": role}
        for account in where
        for name, role in roles.items()
    ]
    tables = {
        "stakeholders": people(*NAMES), "accounts": accounts(*where), "memberships": rows,
        "ties": [row | {"account_id": a} for a in where for row in REFERENCE] + list(held),
        "companies": companies("x", "y"),
        "company_accounts": [{"company_id": c, "account_id": a} for c in served for a in where],
    }  # fmt: skip
    return ecosystem(**tables | more)


def holds(*pairs, holder="x", account_id="A", **more):
    return ties(*pairs, holder=holder, account_id=account_id, **more)


def accuracy(*arguments, **more):
    """R3 by company."""
    eco = town(*arguments, **more)
    facts = company_facts(eco, measure(influence_graph(eco), draws=0))
    assert set(facts["keys"]["stakeholder_id"]) == set("abc")
    found = influence_map_accuracy(eco, facts)
    assert found.empty or set(found["indicator_id"]) == {"R3"}
    return found.set_index("company_id") if len(found) else found


def f1(hit, extra, total=1.8):
    return 2 * hit / (hit + extra * MEAN + total)


# ------------------------------------------------------------------------------------------------ R3


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        (("ab", "bc", "ac"), 1),
        (("ab",), f1(0.8, 0)),
        (("ab", "bc"), f1(1.2, 0)),
        (("ab", "ba"), f1(0.8, 1)),
        (("ab", "ba", "cb", "ca"), f1(0.8, 3)),
        (("ba",), 0),
        (("ab", "ad", "de"), f1(0.8, 0)),  # beyond the key stakeholders nothing is asked
    ],
)
def test_accuracy_by_hand(pairs, value):
    found = accuracy(*holds(*pairs)).loc["x"]
    assert found["value"] == pytest.approx(value)
    assert (found["n"], found["state"], found["method"]) == (3, "scored", "computed")
    assert found["se"] > 0


def test_its_strength_on_the_companys_map_does_not_matter_and_its_kind_neither():
    weak = accuracy(*holds("ab", strength=0.05))
    other = accuracy(*holds("ba", kind="reports_to"), *holds("ab", kind="advises"))
    assert weak["value"].tolist() == other["value"].tolist() == [pytest.approx(f1(0.8, 0))]


def test_precision_and_recall_count_alike():
    whole = accuracy(*holds("ab", "bc", "ac", "ba", "cb", "ca")).loc["x", "value"]
    assert whole == pytest.approx(2 / 3)  # who draws every arc finds all three, and three which are not


def test_who_maps_three_people_is_not_perfect():
    found = accuracy(*holds("ab"))
    theirs = members("A", "a", "b", holder="x", decision_role="approver")
    eco = town(*holds("ab"))
    rows = [*eco.tables["memberships"].to_dict("records"), *theirs]
    assert accuracy(*holds("ab"), memberships=rows).equals(found)
    assert found.loc["x", "value"] < 0.7


def test_an_account_left_blank_counts_zero():
    found = accuracy(*holds("ab", "bc", "ac"), where="AB").loc["x"]
    assert found["value"] == pytest.approx(0.5)
    assert found["n"] == 6


def test_accounts_weigh_by_their_potential():
    served = [{"company_id": "x", "account_id": a, "potential_value": v} for a, v in zip("AB", (300, 100), strict=True)]
    assert accuracy(*holds("ab", "bc", "ac"), where="AB", company_accounts=served).loc["x", "value"] == 0.75


def test_a_company_without_a_row_is_left_out():
    assert accuracy(*holds("ab"), served=("x", "y")).index.tolist() == ["x"]
    assert accuracy(served=("x", "y")).empty


def test_a_map_which_holds_no_key_stakeholder_is_a_map():
    assert accuracy(*holds("de", "fg")).loc["x", "value"] == 0


def test_two_companies_with_different_maps_of_one_account_differ():
    found = accuracy(*holds("ab", "bc"), *holds("ab", "ca", holder="y"), served=("x", "y"))["value"]
    assert found["x"] == pytest.approx(f1(1.2, 0))
    assert found["y"] == pytest.approx(f1(0.8, 1))


def test_what_one_company_holds_changes_nothing_for_another():
    alone = accuracy(*holds("ab", "bc"))
    together = accuracy(*holds("ab", "bc"), *holds("ba", "ca", holder="y"), served=("x", "y"))
    pd.testing.assert_series_equal(alone.loc["x"], together.loc["x"])


def test_an_account_served_no_more_is_not_asked_for():
    served = [
        {"company_id": "x", "account_id": "A"},
        {"company_id": "x", "account_id": "B", "until": "2026-01-01"},
    ]
    assert accuracy(*holds("ab", "bc", "ac"), where="AB", company_accounts=served).loc["x", "value"] == 1


def test_without_a_reference_or_facts_it_is_not_computed():
    eco = town(*holds("ab"))
    assert influence_map_accuracy(eco, {}).empty
    own = town(ties=holds("ab"))
    facts = company_facts(own, measure(influence_graph(own), draws=0))
    assert influence_map_accuracy(own, facts).empty


# ------------------------------------------------------------------------------------------------ R4

SLOTS = {
    "clinical_lead": "a", "formulary_chair": "b", "budget_holder": "c", "procurement": "d",
    "pathway_owner": "e", "it_data": "f", "patient_voice": "g", "final_approver": "h",
}  # fmt: skip


def slots(account="A", holder=None, **who):
    return [
        {"account_id": account, "stakeholder_id": name, "role_slot": slot, "holder": holder}
        for slot, name in who.items()
    ]


def chain(*rows, kinds=None, served=("x",), reference=SLOTS, **more):
    """R4 by company, in account A (and others by kind) whose slots are SLOTS."""
    kinds = kinds or {"A": None}
    eco = ecosystem(
        stakeholders=people(*NAMES), companies=companies("x", "y"),
        accounts=[row | {"kind": kinds[row["account_id"]]} for row in accounts(*kinds)],
        company_accounts=[{"company_id": c, "account_id": a} for c in served for a in kinds],
        memberships=[*(row for a in kinds for row in slots(a, **reference)), *rows], **more,
    )  # fmt: skip
    found = decision_chain_completeness(eco, {})
    return found.set_index("company_id") if len(found) else found


def knows(*names, **more):
    return slots(holder="x", **{name: SLOTS[name] for name in names}, **more)


def test_slots_by_hand():
    found = chain(*knows("clinical_lead", "budget_holder"), *slots(holder="x", procurement="e")).loc["x"]
    assert (found["value"], found["numerator"], found["denominator"], found["n"]) == (25, 2, 8, 8)
    assert (found["indicator_id"], found["state"], found["method"]) == ("R4", "scored", "computed")
    a, b = 2.5, 6.5
    assert found["se"] == pytest.approx(100 * (a * b / (81 * 10)) ** 0.5)


def test_the_whole_chain_is_everything():
    found = chain(*knows(*SLOTS)).loc["x"]
    assert found["value"] == 100
    assert found["se"] > 0


@pytest.mark.parametrize(
    ("kind", "asked"), [(None, 8), ("idn", 8), ("other", 8), ("regional_payer", 6), ("clinic_chain", 5)]
)
def test_slots_are_those_of_the_kind_of_account(kind, asked):
    found = chain(*knows("budget_holder", "procurement", "pathway_owner"), kinds={"A": kind}).loc["x"]
    right = {"regional_payer": 2, "clinic_chain": 2}.get(kind, 3)
    assert (found["n"], found["value"]) == (asked, pytest.approx(100 * right / asked))


def test_slots_which_the_reference_leaves_open_are_not_asked_for():
    reference = {"clinical_lead": "a", "budget_holder": "c"}
    rows = [*knows("clinical_lead"), *slots(holder="x", it_data="f")]
    found = chain(*rows, reference=reference).loc["x"]
    assert (found["value"], found["n"]) == (50, 2)


def test_of_two_who_share_a_slot_one_is_enough():
    both = slots(final_approver="a", clinical_lead="b") + slots(final_approver="c")
    found = chain(*both, *slots(holder="x", final_approver="c"), reference={}).loc["x"]
    assert (found["value"], found["n"]) == (50, 2)


def test_a_company_is_right_only_in_the_account_it_knows():
    found = chain(*knows(*SLOTS), kinds={"A": "idn", "B": "clinic_chain"}).loc["x"]
    assert (found["value"], found["n"]) == (50, 13)


def test_a_company_which_holds_nothing_is_left_out():
    assert chain(*knows("it_data"), served=("x", "y")).index.tolist() == ["x"]
    assert chain(served=("x", "y")).empty


def test_members_without_slots_are_a_map_which_knows_none():
    found = chain(*members("A", "a", holder="x", stance="supporter")).loc["x"]
    assert found["value"] == 0
    assert found["se"] > 0


def test_companies_with_different_maps_differ():
    mine, theirs = knows("it_data"), slots(holder="y", it_data="f", procurement="d")
    assert chain(*mine, *theirs, served=("x", "y"))["value"].to_dict() == {"x": 12.5, "y": 25}


def test_what_a_company_held_once_does_not_count():
    past = {"valid_from": "2024-01-01", "valid_to": "2025-01-01"}
    rows = [*(row | past for row in knows("clinical_lead")), *knows("it_data")]
    assert chain(*rows).loc["x", "value"] == 12.5


def test_without_a_reference_it_is_not_computed():
    assert chain(*knows("it_data"), reference={}).empty
    assert decision_chain_completeness(ecosystem(), {}).empty


# ------------------------------------------------------------------------------------------------ in a benchmark


def test_different_maps_of_one_account_give_different_readiness():
    """The same accounts, the same assessors' scores: only what they hold differs."""
    scores = [
        {"company_id": c, "indicator_id": f"{axis}{k}", "period": "2026", "rater": "r", "value": 3}
        for c in "xy"
        for axis in "RA"
        for k in range(1, 14)
    ]
    held = [*holds("ab", "bc", "ac"), *holds("ba", holder="y")]
    base = town(*held, served=("x", "y"))
    reference = [row | {"role_slot": slot} for row, slot in zip(
        base.tables["memberships"].drop(columns="role_slot").to_dict("records"), SLOTS, strict=True)]  # fmt: skip
    rows = [*reference, *knows(*SLOTS), *slots(holder="y", it_data="a")]
    eco = town(*held, served=("x", "y"), memberships=rows, scores=scores)
    found = assess(eco, draws=100)
    computed = found.indicators[found.indicators["method"] == "computed"].set_index(["indicator_id", "company_id"])
    assert computed["value"].to_dict() == {("R3", "x"): 1, ("R3", "y"): 0, ("R4", "x"): 100, ("R4", "y"): 0}
    table = found.scorecard.table.set_index("company_id")
    assert table.loc["x", "readiness"] > table.loc["y", "readiness"]
    assert table.loc["x", "action"] == table.loc["y", "action"]
