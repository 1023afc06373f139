"""Power, legitimacy, urgency, the grid and advocacy, by hand."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from ecosystems import TODAY, accounts, ecosystem, members, people, shuffled, ties

from ecosystem_iq.archetypes import account_features
from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph, influence_graph, measure
from ecosystem_iq.network.attributes import ROLE_POWER, percentile
from ecosystem_iq.network.engagement import key_stakeholders
from ecosystem_iq.network.judged import blend_judged
from ecosystem_iq.network.salience import ATTRIBUTES, CLASSES, advocacy, power_interest, salience, salience_class
from ecosystem_iq.tables import Ecosystem

CHAIN = ("ab", "bc", "cd", "de")  # a moves b moves c …: the rank is the letter's place
ONE_JOB = {
    "jobs": [{"job_id": "j", "statement": "do j", "group": "pharmacy"}],
    "job_ratings": [
        {
            "job_id": "j",
            "account_id": "A",
            "period": "2026",
            "scale": "top2_pct",
            "importance": 100,
            "satisfaction": 0,
            "n": 1e6,
        }
    ],
}


def account(seats=None, **more):
    """Five people in a chain of influence, with what is true of some of their seats."""
    rows = [members("A", name, **(seats or {}).get(name, {}))[0] for name in "abcde"]
    tables = {"stakeholders": people(*"abcde"), "accounts": accounts("A"), "memberships": rows, "ties": ties(*CHAIN)}
    return ecosystem(**{**tables, **more})


def of(function, eco, *extra, draws=0, **options):
    return function(eco, measure(influence_graph(eco), draws=draws), *extra, **options).set_index("stakeholder_id")


def event(who, p, opens=0, **more):
    """A pending event which opens in some days and stays open for ten."""
    start, end = (TODAY + dt.timedelta(days=opens + days) for days in (0, 10))
    return {
        "trigger_id": f"t-{who}-{p}-{opens}",
        "account_id": "A",
        "stakeholder_id": who,
        "probability": p,
        "window_start": start,
        "window_end": end,
        "status": "watch",
        **more,
    }


# ------------------------------------------------------------------------------------------------ power


def test_power_is_the_mean_of_the_place_and_the_role():
    found = of(salience, account({"a": {"decision_role": "user"}, "e": {"decision_role": "decision_maker"}}))
    assert found["power"].to_dict() == {"a": (1 + 0.2) / 2, "b": 0.75, "c": 0.5, "d": 0.25, "e": 0.5}


@pytest.mark.parametrize("role", ROLE_POWER)
def test_every_role_has_its_power(role):
    assert of(salience, account({"c": {"decision_role": role}})).loc["c", "power"] == (0.5 + ROLE_POWER[role]) / 2


def test_equals_share_the_middle_of_their_places():
    table = pd.DataFrame({"account_id": [*"AAAA", *"BB", "C"], "rank": [1, 2, 2, 4, 1, 1, 1]})
    assert percentile(table, "rank").tolist() == pytest.approx([1, 0.5, 0.5, 0, *[np.nan] * 3], nan_ok=True)


def test_where_nobody_moves_anybody_power_is_that_of_the_role_or_unknown():
    found = of(salience, account({"a": {"decision_role": "approver"}}, ties=[]))
    assert found.loc["a", "power"] == 0.9
    assert np.isnan(found.loc["b", "power"])
    assert found.loc["b", "reason"].startswith("power: no ranking and no decision role; legitimacy")


def test_a_blended_ranking_is_heeded():
    eco = account({"e": {"influence_judged": 9}, "a": {"influence_judged": 1}})
    ranked = blend_judged(eco, measure(influence_graph(eco), draws=0), 1.0)
    assert salience(eco, ranked).set_index("stakeholder_id").loc["e", "power"] > 0.9


# ------------------------------------------------------------------------------------------------ legitimacy


@pytest.mark.parametrize(
    ("seat", "expected"),
    [({"decision_role": "gatekeeper"}, 1), ({"decision_role": "user"}, 0.4), ({"decision_role": "none"}, 0),
     ({"decision_role": "user", "role_slot": "budget_holder"}, 1), ({}, np.nan)],
)  # fmt: skip
def test_legitimacy_is_the_strongest_ground(seat, expected):
    assert of(salience, account({"b": seat})).loc["b", "legitimacy"] == pytest.approx(expected, nan_ok=True)


def test_offices_have_legitimacy_of_their_own():
    kinds = {"a": "regulator", "b": "payer", "c": "committee", "d": "patient_group", "e": "organisation"}
    eco = account(stakeholders=[{**row, "kind": kinds[row["stakeholder_id"]]} for row in people(*"abcde")])
    assert of(salience, eco)["legitimacy"].tolist() == pytest.approx([1, 1, 1, 0.7, np.nan], nan_ok=True)


def test_members_of_a_committee_by_a_tie_or_as_their_organisation():
    rows = [*people("a", "b", "c"), *people("d", kind="committee"), *people("e", org_id="d")]
    eco = account(stakeholders=rows, ties=[*ties(*CHAIN), *ties("bd", kind="member_of"), *ties("bc", kind="member_of")])
    found = of(salience, eco)["legitimacy"]
    assert found[["b", "e"]].tolist() == [0.7, 0.7]
    assert found[["a", "c"]].isna().all()


def test_each_person_who_names_somebody_counts_once():
    nominated = {"evidence_kind": "nominated"}
    named = [
        *ties("ab", "ac", **nominated),
        *ties("ab", layer="twice", **nominated),
        *ties("da", kind="reports_to", **nominated),  # d names a as the one it heeds
        *ties("eb", kind="collaborates", **nominated),  # says nothing of who leads
        *ties("cd", sign="negative", **nominated),
        *ties("de"),
    ]
    found = of(salience, account(ties=named))["legitimacy"]
    assert found["a"] == pytest.approx(3 / 5)
    assert found[["b", "c", "d", "e"]].isna().all()


# ------------------------------------------------------------------------------------------------ urgency


def urgency(eco):
    return of(salience, eco)["urgency"]


def test_urgency_is_the_mean_of_time_and_claim():
    seats = {name: {"interest": 6} for name in "abcde"}
    events = [event("a", 0.8), event("a", 0.5), event("b", 0.6, opens=45), event("c", None, opens=90)]
    found = urgency(account(seats, trigger_events=events))
    times = {"a": 1 - 0.2 * 0.5, "b": 0.6 * 0.75, "c": 0.5 * 0.5, "d": 0, "e": 0}
    assert found.to_dict() == pytest.approx({who: (time + 0.6) / 2 for who, time in times.items()})


@pytest.mark.parametrize(
    ("more", "counts"),
    [({}, True), ({"status": None}, True), ({"status": "open"}, True), ({"status": "fired"}, False),
     ({"window_end": "2026-06-29", "window_start": "2026-06-01"}, False), ({"window_start": None}, True),
     ({"window_start": "2026-06-01", "window_end": None}, True), ({"window_start": None, "window_end": None}, False),
     ({"window_start": "2026-12-27", "window_end": None}, False)],
)  # fmt: skip
def test_only_pending_events_with_a_window_count(more, counts):
    found = urgency(account({"a": {"interest": 0}}, trigger_events=[event("a", 1.0, **more)]))
    assert found["a"] == pytest.approx(0.5 if counts else 0)


def test_jobs_of_the_group_make_a_claim():
    rows = [*people("a", "b", group="pharmacy"), *people("c", "d", "e")]
    seats = {"b": {"interest": 4}, "c": {"interest": 4}}
    found = urgency(account(seats, stakeholders=rows, trigger_events=[event("e", 1.0)], **ONE_JOB))
    assert found[["a", "b", "c"]].tolist() == pytest.approx([0.5, (1 + 0.4) / 4, 0.2])


def test_both_time_and_claim_are_needed():
    claim = {"a": {"interest": 9}}
    found = of(salience, account(claim))
    assert found.loc["a", ["urgency", "reason"]].isna().tolist() == [True, False]
    assert "urgency: no trigger events in the account" in found.loc["a", "reason"]
    timed = of(salience, account(claim, trigger_events=[event("b", 1.0)]))
    assert timed.loc["a", "urgency"] == 0.45
    assert "urgency: neither interest nor rated jobs of the group" in timed.loc["b", "reason"]
    assert np.isnan(urgency(account(claim, trigger_events=[event("b", 1.0)], as_of=None))["a"])


# ------------------------------------------------------------------------------------------------ the classes


def test_the_eight_classes():
    table = [[0.5 if present else 0.49 for present in key] for key in CLASSES]
    assert salience_class(np.array(table)).tolist() == list(CLASSES.values())
    assert len(set(CLASSES.values())) == 8
    assert salience_class(np.array(table), 0.4).tolist() == ["definitive"] * 8
    assert salience_class(np.empty((0, 3))).tolist() == []


def test_a_class_needs_all_three_and_the_score_is_their_geometric_mean():
    seats = {"a": {"decision_role": "approver", "interest": 8}, "d": {"decision_role": "user", "interest": 2}}
    found = of(salience, account(seats, trigger_events=[event("a", 1.0)]))
    row = found.loc["a"]
    assert row[[*ATTRIBUTES]].tolist() == pytest.approx([0.95, 1, 0.9])
    assert row["score"] == pytest.approx((0.95 * 0.9) ** (1 / 3))
    assert found["salience"].to_dict() == {"a": "definitive", "b": "", "c": "", "d": "non-stakeholder", "e": ""}
    assert found.loc["a", ["known", "reason"]].tolist() == ["influence|decision_role|events|interest", ""]
    assert np.isnan(found.loc["b", "score"])
    assert found.loc["b", "known"] == "influence|events"
    assert of(salience, account(seats, trigger_events=[event("a", 1.0)]), cut=0.92).loc["a", "salience"] == "dominant"


def test_surely_so_when_the_interval_of_the_rank_stays_on_one_side():
    seats = {name: {"decision_role": "evaluator", "interest": 5} for name in "abcde"}
    eco = account(seats, trigger_events=[event("a", 1.0)])
    ranked = measure(influence_graph(eco), draws=0)
    table = ranked.table.assign(rank_low=[1.0, 1, 2, 4, 5], rank_high=[2.0, 4, 3, 5, 5])
    found = salience(eco, replace(ranked, table=table)).set_index("stakeholder_id")["sure"]
    assert found.to_dict() == {"a": True, "b": False, "c": True, "d": True, "e": True}
    assert salience(eco, ranked)["sure"].isna().all()
    unknown = account(trigger_events=[event("a", 1.0)])
    assert of(salience, unknown, draws=20)["sure"].isna().all()


def test_every_account_is_judged_on_its_own():
    seats = {"a": {"decision_role": "approver", "interest": 8}}
    alone = account(seats, trigger_events=[event("a", 0.5)], **ONE_JOB)
    other = {"accounts": accounts("A", "B"), "ties": [*ties(*CHAIN, account_id="A"), *ties("ba", account_id="B")]}
    rows = [*alone.tables["memberships"].to_dict("records"), *members("B", "a", "b", interest=1)]
    both = account(trigger_events=[event("a", 0.5)], memberships=rows, **other, **ONE_JOB)
    one, two = (salience(eco, measure(influence_graph(eco), draws=0)) for eco in (alone, both))
    pd.testing.assert_frame_equal(one, two[two["account_id"] == "A"].reset_index(drop=True))


def test_the_order_of_the_rows_changes_nothing():
    eco = account({"a": {"decision_role": "user", "interest": 3}}, trigger_events=[event("a", 0.5), event("b", 0.2)])
    pd.testing.assert_frame_equal(of(salience, eco), of(salience, shuffled(eco, 4)))


def test_the_newest_seat_of_the_reference_counts():
    rows = [
        *members("A", "a", decision_role="user", valid_from="2024-01-01"),
        *members("A", "a", decision_role="approver", valid_from="2025-01-01"),
        *members("A", "b", "c", "d", "e"),
    ]
    assert of(salience, account(memberships=rows)).loc["a", "legitimacy"] == 1


@pytest.mark.parametrize("cut", [-0.1, 1.1, np.nan])
def test_a_cut_outside_the_scale_is_refused(cut):
    with pytest.raises(InputError, match="cut"):
        of(salience, account(), cut=cut)


def test_influence_must_have_been_measured():
    eco = account()
    for names in (["out_strength"], ["out_strength", "influence"]):  # ranks are by the first
        with pytest.raises(InputError, match="influence"):
            salience(eco, measure(influence_graph(eco), names, draws=0))


GRAPHS = {
    "null": InfluenceGraph.from_edges([], [], 0.5),
    "one node": InfluenceGraph.from_edges([], [], 0.5, ids="a"),
    "no edge": InfluenceGraph.from_edges([], [], 0.5, ids="abc"),
    "cycle": InfluenceGraph.from_edges("abc", "bca", 0.5),
}


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_without_tables_nothing_is_made_up(graph):
    eco, ranked = Ecosystem({}, None), measure(graph, draws=0)
    found = salience(eco, ranked)
    assert found[["legitimacy", "urgency", "score"]].isna().all(axis=None)
    assert set(found["salience"]) <= {""}
    assert len(found) == len(graph)
    assert set(power_interest(eco, ranked)["quadrant"]) <= {""}
    keys = pd.DataFrame({"account_id": [], "stakeholder_id": []}, dtype="str")
    stands = advocacy(eco, ranked, keys)
    assert stands["advocacy"].isna().all()
    assert (stands["unknown"] == 1).all()


# ------------------------------------------------------------------------------------------------ the grid


def test_the_four_quadrants():
    seats = {who: {"interest": interest} for who, interest in zip("abde", (5, 4.9, 10, 0), strict=True)}
    found = of(power_interest, account(seats))
    assert found["quadrant"].to_dict() == {
        "a": "manage closely", "b": "keep satisfied", "c": "", "d": "keep informed", "e": "monitor",
    }  # fmt: skip
    assert found.loc["c", "reason"] == "interest unknown"
    assert found.loc["a", ["power", "interest", "reason"]].tolist() == [1, 0.5, ""]
    assert of(power_interest, account(seats), cut=0.8)["quadrant"].tolist()[:2] == ["keep satisfied", "monitor"]


def test_power_as_people_judge_it():
    seats = {"a": {"interest": 9, "influence_judged": 2}, "b": {"interest": 9}, "e": {"influence_judged": 7}}
    found = of(power_interest, account(seats), judged=True)
    assert found["power"].tolist() == pytest.approx([0.2, np.nan, np.nan, np.nan, 0.7], nan_ok=True)
    assert found["quadrant"].tolist() == ["keep informed", "", "", "", ""]
    assert found["reason"].tolist() == [
        "", "power unknown", *["power unknown; interest unknown"] * 2, "interest unknown",
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ advocacy


STANCES = {"a": "advocate", "b": "non_supporter", "c": "neutral", "d": "supporter"}


def stands(eco):
    ranked = measure(influence_graph(eco), draws=0)
    keys = key_stakeholders(eco, ranked)
    weight = ranked.table.set_index("stakeholder_id")["influence"]
    return advocacy(eco, ranked, keys).set_index("scope"), weight, keys["stakeholder_id"].tolist()


def test_advocacy_by_hand():
    eco = account({who: {"stance": stance} for who, stance in STANCES.items()})
    found, w, _ = stands(eco)
    row = found.loc["members"]
    known = 2 * w["a"] - w["b"] + w["d"]
    assert row["advocacy"] == pytest.approx(known / (1 - w["e"]))
    assert row["lowest"] == pytest.approx(known - 2 * w["e"])
    assert row["highest"] == pytest.approx(known + 2 * w["e"])
    shares = row[["supporters", "neutral", "opponents", "unknown"]].tolist()
    assert shares == pytest.approx([w["a"] + w["d"], w["c"], w["b"], w["e"]])
    assert sum(shares) == pytest.approx(1)
    assert row[["n", "n_known"]].tolist() == [5, 4]


def test_bounds_are_those_of_every_completion():
    eco = account({"a": {"stance": "supporter"}, "b": {"stance": "opponent"}, "c": {"stance": "neutral"}})
    found, w, _ = stands(eco)
    every = [w["a"] - 2 * w["b"] + d * w["d"] + e * w["e"] for d, e in itertools.product((-2, -1, 0, 1, 2), repeat=2)]
    assert found.loc["members", ["lowest", "highest"]].tolist() == pytest.approx([min(every), max(every)])


def test_key_stakeholders_apart():
    seats = {"a": {"stance": "advocate"}, "d": {"decision_role": "approver", "stance": "opponent"}}
    eco = account(seats)
    found, w, keys = stands(eco)
    assert sorted(keys) == ["a", "d"]
    row = found.loc["key"]
    assert row["advocacy"] == pytest.approx((2 * w["a"] - 2 * w["d"]) / (w["a"] + w["d"]))
    assert row[["lowest", "highest"]].tolist() == pytest.approx([row["advocacy"]] * 2)
    assert row["supporters"] == pytest.approx(w["a"] / (w["a"] + w["d"]))


def test_archetypes_and_this_table_say_the_same():
    seats = {who: {"stance": stance} for who, stance in STANCES.items()}
    eco = account(seats | {"e": {"decision_role": "approver", "stance": "opponent"}})
    graph = influence_graph(eco)
    ranked = measure(graph, draws=0)
    keys = key_stakeholders(eco, ranked)
    found = advocacy(eco, ranked, keys).set_index("scope")
    raw = account_features(eco, graph, measures=ranked, keys=keys)["raw_f12"]
    assert found.loc["key", "advocacy"] == pytest.approx(raw.iloc[0], rel=1e-12)


def test_no_stance_known():
    found, _, _ = stands(account())
    assert found["advocacy"].isna().all()
    assert found[["lowest", "highest", "unknown"]].to_numpy().tolist() == [[-2, 2, 1]] * 2


def test_two_rows_an_account_in_the_order_of_the_measures():
    rows = [row for name in "BA" for row in members(name, "a", "b", stance="advocate")]
    eco = ecosystem(stakeholders=people("a", "b"), accounts=accounts("B", "A"), memberships=rows, ties=ties("ab"))
    found, _, _ = stands(eco)
    assert found["account_id"].tolist() == ["B", "B", "A", "A"]
    assert (found["advocacy"] == 2).all()
