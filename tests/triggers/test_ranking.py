"""Trigger points of whole accounts: the score and its parts, who never appears, and what the comparison says."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, members, people, shuffled, ties
from triggers.enumeration import exact_spread

import ecosystem_iq.triggers as room
from ecosystem_iq.errors import InputError
from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.tables import load
from ecosystem_iq.triggers import rank_triggers, trigger_candidates
from ecosystem_iq.triggers.ranking import COLUMNS
from ecosystem_iq.triggers.reasons import CONCERN


def ranked(eco, **options):
    graph = influence_graph(eco)
    return rank_triggers(eco, graph, measure(graph, draws=0), options.pop("opportunities", None), **options)


def star_tables(**more):
    """Account acc: a moves c, d, e; b moves f and g; h is alone. Every tie is sure and passes half of the time."""
    return {
        "accounts": accounts("acc"),
        "stakeholders": people(*"abcdefgh"),
        "memberships": members("acc", *"abcdefgh"),
        "ties": ties("ac", "ad", "ae", "bf", "bg", account_id="acc"),
        **more,
    }


def star(seats=(), **more):
    known = {row["stakeholder_id"] for row in seats}
    rest = members("acc", *(name for name in "abcdefgh" if name not in known))
    rows = [*({"account_id": "acc"} | row for row in seats), *rest]
    settings = {"mean_branching": 5 * 0.5 / 8} | more.pop("settings", {})
    return ecosystem(**star_tables(memberships=rows, settings=settings, **more))


def rows(triggers):
    return triggers.table.set_index("stakeholder_id")


def test_the_order_and_the_numbers_by_hand():
    found = ranked(star(), k=3, simulations=4_000)
    table = rows(found)
    assert found.table.columns.tolist() == COLUMNS
    assert table.index.tolist()[:2] == ["a", "b"]
    assert table["rank"].tolist() == [1, 2, 3]
    assert abs(table.loc["a", "reach"] - 2.5) < 4 * table.loc["a", "reach_se"]
    assert abs(table.loc["b", "reach"] - 2.0) < 4 * table.loc["b", "reach_se"]
    assert table.loc["a", "reach_share"] == pytest.approx(table.loc["a", "reach"] / 8)
    assert table["movability"].tolist() == [pytest.approx(0.48)] * 3
    assert table["timing"].tolist() == [0.5] * 3
    assert table["actionability"].tolist() == [0.2] * 3
    assert table.loc["a", "reason"] == "moves 1.5 others; stance unknown; contact unknown"
    assert found.to_frame() is found.table


def test_the_score_is_the_product_of_what_is_printed():
    eco = star(
        [
            {"stakeholder_id": "a", "stance": "neutral", "adaptability": "laggard"},
            {"stakeholder_id": "b", "stance": "supporter", "contact_depth": "in_depth", "owner": "Kim"},
            {"stakeholder_id": "c", "decision_role": "approver"},
        ],
        trigger_events=[{"trigger_id": "t", "account_id": "acc", "window_start": "2026-09-01", "probability": 0.5}],
    )
    table = ranked(eco, k=8).table
    product = table["reach"] * table["movability"] * table["timing"] * table["actionability"]
    np.testing.assert_allclose(table["score"], product, rtol=1e-12)
    assert table["score"].is_monotonic_decreasing
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    assert len(table) == 8


def test_one_who_can_be_moved_comes_before_one_who_moves_more():
    eco = star([{"stakeholder_id": "a", "stance": "opponent"}, {"stakeholder_id": "b", "stance": "supporter"}])
    table = rows(ranked(eco, k=8))
    assert table.index[0] == "b"
    assert table.loc["a", "reach"] > table.loc["b", "reach"]
    assert table.loc["a", "rank"] > 1


def test_for_an_opponent_only_evidence_is_suggested():
    table = rows(ranked(star([{"stakeholder_id": "a", "stance": "opponent"}]), k=8))
    assert CONCERN == "understand the concern and offer evidence"
    assert f"opponent: {CONCERN}" in table.loc["a", "reason"]
    assert not table.drop("a")["reason"].str.contains(CONCERN).any()


def test_a_reason_says_what_is_known():
    eco = star(
        [
            {
                "stakeholder_id": "a",
                "stance": "supporter",
                "decision_role": "decision_maker",
                "contact_depth": "no_contact",
            }
        ],
        trigger_events=[
            {
                "trigger_id": "t",
                "account_id": "acc",
                "kind": "formulary_review",
                "window_start": "2026-09-01",
                "window_end": "2026-10-15",
            }
        ],
    )
    table = rows(ranked(eco, k=1, simulations=20_000))
    assert table.loc["a", "reason"] == (
        "moves 1.5 others; decision maker; supporter; formulary review from 2026-09-01 to 2026-10-15; "
        "nobody in contact yet"
    )
    assert table.loc["a", "type"] == "decision"
    assert table.loc["a", "window_end"] == pd.Timestamp("2026-10-15")


def test_advocates_are_covered_with_all_they_move():
    advocate = star([{"stakeholder_id": "a", "stance": "advocate"}])
    table = rows(ranked(advocate, k=8, simulations=4_000))
    assert "a" not in table.index
    assert abs(table.loc["c", "reach"] - 0.5) < 4 * table.loc["c", "reach_se"]  # half of the time a moved c already
    assert table.loc["b", "rank"] == 1
    named = rows(ranked(star(), k=8, covered=["a"], simulations=4_000))
    assert named["reach"].to_dict() == table["reach"].to_dict()
    assert "a" in rows(ranked(advocate, k=8, covered=[])).index


def test_overlap_counts_once_as_far_as_the_first_is_won_over():
    twins = star_tables(
        ties=ties("ac", "ad", "ae", "bc", "bd", "be", account_id="acc"),
        settings={"mean_branching": 6 * 1.0 / 8},
    )
    surely = [
        {"account_id": "acc", "stakeholder_id": who, "stance": "supporter", "adaptability": "innovator"} for who in "ab"
    ]
    eco = ecosystem(**twins | {"memberships": [*surely, *members("acc", *"cdefgh")]})
    table = rows(ranked(eco, k=2, simulations=20_000))
    assert table.index.tolist() == ["a", "b"]
    chance = 1.0 * 0.5 * 0.2
    assert table.loc["a", "reach"] == 4.0
    assert table.loc["b", "reach"] == pytest.approx(1.0 + 3.0 * (1.0 - chance), abs=4 * table.loc["b", "reach_se"])


def test_scores_add_up_to_what_the_list_is_likely_to_move():
    found = ranked(star(), k=4, simulations=40_000)
    judged = found.comparison.set_index("method").loc["triggers"]
    total, error = found.table["score"].sum(), judged["likely_reach_se"]
    assert abs(judged["likely_reach"] - total) < 4 * error
    names = found.table["stakeholder_id"].tolist()
    exact = exact_spread(influence_graph(star()), names)
    assert abs(judged["reach"] - exact) < 4 * judged["reach_se"] + 1e-9
    assert found.comparison.columns.tolist() == [
        "account_id",
        "method",
        "reach",
        "reach_se",
        "likely_reach",
        "likely_reach_se",
    ]
    assert found.comparison["method"].tolist() == ["triggers", "influence", "ties", "random"]


def test_a_rule_which_chooses_the_same_gets_the_same():
    judged = ranked(star(), k=2).comparison.set_index("method")
    assert judged.loc["ties", "likely_reach"] == judged.loc["triggers", "likely_reach"]
    assert judged.loc["random", "reach"] < judged.loc["triggers", "reach"]


def test_value_moves_the_choice_and_is_said():
    stakeholders = people(*"abcdefgh", patient_volume=1)
    stakeholders[5]["patient_volume"] = 100
    found = ranked(star(stakeholders=stakeholders), k=8, simulations=4_000)
    table = rows(found)
    assert table.index.tolist()[:2] == ["f", "b"]
    assert table.loc["b", "reason"].startswith("moves 3.")
    assert "others (weighted by value)" in table.loc["b", "reason"]
    mean = 107 / 8
    assert abs(table.loc["f", "reach"] - 100 / mean) < 4 * table.loc["f", "reach_se"] + 1e-9


REFUSED = {
    "a": "member of F",
    "b": "acts as procurement",
    "c": "declared conflict of interest",
    "d": "regulator",
    "e": "own team",
    "f": "formulary, HTA or procurement committee",
}


def test_who_may_not_be_a_seed_is_never_ranked_and_always_named():
    kinds = {"c": {"declared_conflict": "yes"}, "d": {"kind": "regulator"}, "e": {"kind": "own_team"}}
    kinds["f"] = {"kind": "committee", "title": "Formulary committee"}
    stakeholders = [row | kinds.get(row["stakeholder_id"], {}) for row in people(*"abcdefgh")]
    arcs = [*ties("ac", "ad", "ae", "bf", "bg", account_id="acc"), *ties("af", account_id="acc", kind="member_of")]
    eco = star([{"stakeholder_id": "b", "role_slot": "procurement"}], stakeholders=stakeholders, ties=arcs)
    found = ranked(eco, k=8)
    assert set(found.table["stakeholder_id"]) == {"g", "h"}
    refused = found.refused.set_index("stakeholder_id")["reason"].to_dict()
    assert refused == {who: f"decides, do not target: {why}" for who, why in REFUSED.items()}
    assert found.refused["account_id"].unique().tolist() == ["acc"]


def test_ties_against_are_no_reach():
    against = star(
        ties=[*ties("ac", "ad", "ae", account_id="acc", sign="negative"), *ties("bf", "bg", account_id="acc")]
    )
    table = rows(ranked(against, k=8))
    assert table.loc["a", "reach"] == 1.0
    assert table.index[0] == "b"


def many():
    """Three accounts of their own, one too small, one without ties."""
    names = ["one", "two", "small", "bare"]
    inside = {"one": "abcdef", "two": "aghijk", "small": "xyz", "bare": "pqrs"}
    return ecosystem(
        accounts=accounts(*names),
        stakeholders=people(*sorted(set("".join(inside.values())))),
        memberships=[row for name, letters in inside.items() for row in members(name, *letters)],
        ties=[
            *ties("ab", "ac", "cd", "ef", account_id="one"),
            *ties("ag", "gh", "hi", "jk", account_id="two"),
            *ties("xy", "yz", account_id="small"),
        ],
    )


def test_each_account_has_its_own_list():
    found = ranked(many(), k=3)
    assert found.table["account_id"].tolist() == ["one"] * 3 + ["two"] * 3 + ["bare"] * 3
    assert found.table["rank"].tolist() == [1, 2, 3, 1, 2, 3, 1, 1, 1]
    assert {"one", "two"} == set(found.table.loc[found.table["stakeholder_id"] == "a", "account_id"])
    assert found.table.loc[found.table["account_id"] == "bare", "reach"].tolist() == [1.0] * 3
    assert found.skipped.to_dict("list") == {
        "account_id": ["small"],
        "reason": ["too small: 3 of at least 4 stakeholders"],
    }
    assert set(found.comparison["account_id"]) == {"one", "two", "bare"}


def test_an_account_is_ranked_alike_whichever_others_there_are():
    eco = many()
    whole = ranked(eco, k=3)
    graph = influence_graph(eco, accounts=["two"])
    alone = rank_triggers(eco, graph, measure(graph, draws=0), k=3)
    for part in ("table", "comparison"):
        before = getattr(whole, part)
        before = before[before["account_id"] == "two"].reset_index(drop=True)
        pd.testing.assert_frame_equal(before, getattr(alone, part), rtol=1e-12)


def test_the_order_of_rows_changes_nothing_and_the_seed_does():
    eco = many()
    first, again, mixed, other = ranked(eco), ranked(eco), ranked(shuffled(eco, 1)), ranked(eco, rng=1)
    for part in ("table", "refused", "comparison", "skipped"):
        pd.testing.assert_frame_equal(getattr(first, part), getattr(again, part), check_exact=True)
    key = ["account_id", "stakeholder_id"]
    ordered = [found.table.sort_values(key, ignore_index=True) for found in (first, mixed)]
    pd.testing.assert_frame_equal(*ordered, check_exact=True)  # accounts come in the order of their table
    assert first.table["reach"].tolist() != other.table["reach"].tolist()


def test_nobody_left():
    everybody = star([{"stakeholder_id": who, "stance": "advocate"} for who in "abcdefgh"])
    found = ranked(everybody)
    assert len(found.table) == len(found.comparison) == 0
    assert found.table.columns.tolist() == COLUMNS
    assert found.skipped["reason"].tolist() == ["nobody who may be engaged would move anybody new"]


def test_whoever_adds_nothing_is_not_listed():
    sure = star([{"stakeholder_id": "a", "stance": "advocate"}], settings={"mean_branching": 5 / 8})
    assert set(ranked(sure, k=8).table["stakeholder_id"]) == set("bfgh")  # c, d and e are moved already, surely


def test_tables_which_are_not_there_are_as_empty_ones():
    eco = star()
    bare = replace(eco, tables={name: eco.tables[name] for name in ("stakeholders", "ties", "accounts", "memberships")})
    graph = influence_graph(eco)
    measures = measure(graph, draws=0)
    pd.testing.assert_frame_equal(rank_triggers(bare, graph, measures).table, rank_triggers(eco, graph, measures).table)


def test_linear_threshold_is_the_other_model():
    found = ranked(star(), k=1, model="lt", simulations=4_000)
    assert abs(found.table["reach"].iloc[0] - 2.5) < 4 * found.table["reach_se"].iloc[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 0}, "k = 0"),
        ({"simulations": 1}, "simulations = 1"),
        ({"model": "x"}, 'no model "x"'),
        ({"covered": ["zz"]}, r'no stakeholder "zz" in this graph \(covered\)'),
    ],
)
def test_wrong_arguments_are_named(change, message):
    with pytest.raises(InputError, match=message):
        ranked(star(), **change)


def test_no_module_of_this_room_reads_transfers():
    for path in Path(room.__file__).parent.glob("*.py"):
        assert not re.search("transfers", path.read_text(encoding="utf-8")), path.name


def test_transfers_change_nothing():
    paid = [{"company_id": "co-1", "stakeholder_id": who, "amount": 9e6, "currency": "EUR"} for who in "ab"]
    plain, with_them = (ranked(star(companies=companies("co-1"), **more)) for more in ({}, {"transfers": paid}))
    pd.testing.assert_frame_equal(plain.table, with_them.table)


@pytest.fixture(scope="module")
def demo(root):
    eco = load(root / "data" / "demo")
    graph = influence_graph(eco)
    return eco, graph, measure(graph, draws=0)


def test_the_demo(demo):
    eco, graph, measures = demo
    found = rank_triggers(eco, graph, measures)
    candidates = trigger_candidates(eco, graph)
    table = found.table
    assert table["account_id"].nunique() == len(graph.account_ids)
    assert table.groupby("account_id").size().between(1, 10).all()
    refused = set(candidates.loc[~candidates["eligible"], "stakeholder_id"])
    assert refused
    assert not refused & set(table["stakeholder_id"])
    assert refused == set(found.refused["stakeholder_id"])
    assert table[["movability", "timing", "actionability", "reach_share"]].max().max() <= 1.0
    judged = found.comparison.pivot(index="account_id", columns="method", values="likely_reach")
    for rule in ("influence", "ties", "random"):
        assert judged["triggers"].sum() > 1.1 * judged[rule].sum()
        assert (judged["triggers"] > 0.9 * judged[rule]).all()
    assert found.comparison["reach_se"].max() < 0.1 * found.comparison["reach"].max()


def test_dates_of_windows_are_dates(demo):
    eco, graph, measures = demo
    event = {"trigger_id": "t", "account_id": graph.account_ids[0], "window_start": dt.date(2026, 9, 1)}
    small = ecosystem(trigger_events=[event], as_of=TODAY).tables["trigger_events"]
    found = rank_triggers(
        replace(eco, tables={**eco.tables, "trigger_events": small}), graph, measures, simulations=100
    )
    assert str(found.table["window_start"].dtype).startswith("datetime64")
    none = rank_triggers(
        replace(eco, tables={**eco.tables, "trigger_events": small[:0]}), graph, measures, simulations=100
    )
    assert str(none.table["window_start"].dtype).startswith("datetime64")
