"""Judged influence blended with the computed one, by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from ecosystems import accounts, companies, ecosystem, members, people, shuffled, ties

from ecosystem_iq.network import influence_graph, measure
from ecosystem_iq.network.judged import blend_judged

CHAIN = "abcd"  # a moves b moves c moves d: the computed rank is the order


def town(judged, rows=(), **more):
    """A chain of four whose influence some people judged."""
    known = [
        {"account_id": "A", "stakeholder_id": name, "influence_judged": judged.get(name)} | dict(more) for name in CHAIN
    ]
    return ecosystem(
        stakeholders=people(*CHAIN), accounts=accounts("A"), memberships=[*known, *rows],
        ties=ties("ab", "bc", "cd"), companies=companies("x"),
    )  # fmt: skip


def blended(judged, weight=None, rows=(), **settings):
    eco = town(judged, rows)
    if settings:
        eco = ecosystem(settings=settings, **eco.tables)
    return blend_judged(eco, measure(influence_graph(eco), draws=20), weight).table


def ranks(*arguments, **more):
    return blended(*arguments, **more).set_index("stakeholder_id")["rank"].to_dict()


ALL = {"a": 1, "b": 4, "c": 9, "d": 6}


@pytest.mark.parametrize("weight", [0.0, None])
def test_without_weight_nothing_changes(weight):
    eco = town(ALL)
    measures = measure(influence_graph(eco), draws=20)
    assert blend_judged(eco, measures, weight) is measures


def test_with_all_the_weight_the_judgement_ranks():
    table = blended(ALL, 1.0)
    assert table["stakeholder_id"].tolist() == ["c", "d", "b", "a"]
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["judged"].tolist() == [9, 6, 4, 1]


def test_half_and_half_by_hand():
    # Computed percentiles a 1, b .75, c .5, d .25; judged a .25, b .5, c 1, d .75.
    assert ranks(ALL, 0.5) == {"c": 1, "a": 2, "b": 2, "d": 4}
    assert ranks(ALL, 0.4) == {"a": 1, "c": 1, "b": 3, "d": 4}


def test_equals_share_the_smaller_rank():
    assert ranks(dict.fromkeys(CHAIN, 5), 1.0) == dict.fromkeys(CHAIN, 1)
    assert ranks({"a": 2, "b": 7, "c": 7, "d": 1}, 1.0) == {"b": 1, "c": 1, "a": 3, "d": 4}


def test_whom_nobody_judged_keeps_the_computed_percentile():
    # Judged alone: d 1, c .5 of two; not judged: a 1, b .75.
    assert ranks({"c": 3, "d": 8}, 1.0) == {"a": 1, "d": 1, "b": 3, "c": 4}


def test_without_any_judgement_the_computed_ranks_stay():
    assert ranks({}, 1.0) == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_the_weight_of_the_settings_is_the_default():
    assert ranks(ALL, judged_weight=1.0) == ranks(ALL, 1.0)
    assert ranks(ALL, 0.0, judged_weight=1.0) == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_measures_stay_and_intervals_of_ranks_go():
    eco = town(ALL)
    measures = measure(influence_graph(eco), draws=20)
    found = blend_judged(eco, measures, 0.7)
    key = ["account_id", "stakeholder_id"]
    same = ["influence", "influence_low", "influence_high"]
    pd.testing.assert_frame_equal(
        found.table.set_index(key)[same].sort_index(), measures.table.set_index(key)[same].sort_index()
    )
    assert found.table[["rank_low", "rank_high", "p_top10"]].isna().all(axis=None)
    assert found.names == measures.names


def test_what_a_company_judges_and_what_was_judged_once_do_not_count():
    theirs = members("A", "a", influence_judged=10, holder="x")
    past = members("A", "a", influence_judged=10, valid_from="2020-01-01", valid_to="2021-01-01")
    assert ranks(ALL, 1.0, rows=[*theirs, *past]) == ranks(ALL, 1.0)


def test_of_two_judgements_the_later_membership_counts_in_any_order_of_rows():
    later = members("A", "a", influence_judged=10, valid_from="2025-01-01")
    eco = town(ALL, later)
    for mixed in (eco, *(shuffled(eco, seed, ["memberships"]) for seed in range(4))):
        table = blend_judged(mixed, measure(influence_graph(mixed), draws=0), 1.0).table
        assert table["stakeholder_id"].tolist() == ["a", "c", "d", "b"]


def test_each_account_is_ranked_by_itself_and_one_without_accounts_too():
    both = ecosystem(
        stakeholders=people(*CHAIN), accounts=accounts("A", "B"), ties=ties("ab", "bc", "cd"),
        memberships=[*members("A", *CHAIN), *(row | {"influence_judged": ALL[row["stakeholder_id"]]}
                                               for row in members("B", *CHAIN))],
    )  # fmt: skip
    table = blend_judged(both, measure(influence_graph(both), draws=0), 1.0).table
    assert table["account_id"].tolist() == ["A"] * 4 + ["B"] * 4
    assert table["stakeholder_id"].tolist() == [*"abcd", *"cdba"]
    rows = [{"stakeholder_id": name, "influence_judged": value} for name, value in ALL.items()]
    single = ecosystem(stakeholders=people(*CHAIN), ties=ties("ab", "bc", "cd"), memberships=rows)
    table = blend_judged(single, measure(influence_graph(single), draws=0), 1.0).table
    assert table["stakeholder_id"].tolist() == [*"cdba"]
