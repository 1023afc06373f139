"""Value by hand: figures, concentration, what a set can reach; triggers and archetypes use the same numbers."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from ecosystems import accounts, companies, ecosystem, members, people, shuffled, ties

from ecosystem_iq.archetypes import account_features
from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph, influence_graph
from ecosystem_iq.network.value import (
    gini,
    hhi,
    reached,
    stakeholder_value,
    top_share,
    value_concentration,
    value_table,
    value_within_reach,
)
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.triggers import estimate_spread

COLUMNS = [
    "account_id", "stakeholder_id", "value_type", "perspective", "share", "share_as_of", "amount", "currency",
    "amount_as_of",
]  # fmt: skip


def value(who, *, kind="clinical", perspective="received", account="A", **more):
    return {
        "account_id": account,
        "stakeholder_id": who,
        "value_type": kind,
        "perspective": perspective,
        "as_of": "2026-01-01",
        **more,
    }


def valued(*rows, where="AB", who="abc", **more):
    """Everybody in every account, with these values."""
    tables = {
        "stakeholders": people(*who),
        "accounts": accounts(*where),
        "memberships": [row for account in where for row in members(account, *who)],
        "ties": ties("ab", account_id=where[0]) if where else ties("ab"),
        "companies": companies("x"),
        "values": rows,
    }
    return ecosystem(**{**tables, **more})


def table_of(eco, **options):
    return value_table(eco, influence_graph(eco), **options)


def concentration(eco, **options):
    return value_concentration(eco, influence_graph(eco), **options).set_index("account_id")


# ------------------------------------------------------------------------------------------------ the table


def test_the_newest_share_and_the_newest_amount_each_with_its_date():
    found = table_of(
        valued(
            value("a", share=0.5, as_of="2025-01-01", amount=70, currency="EUR"),
            value("a", share=0.3, as_of="2025-06-01"),
            value("a", amount=90, currency="USD", as_of="2024-01-01"),
        )
    )
    assert list(found) == COLUMNS
    row = found.iloc[0]
    assert len(found) == 1
    assert (row["share"], row["amount"], row["currency"]) == (0.3, 70, "EUR")
    assert (row["share_as_of"].date(), row["amount_as_of"].date()) == (dt.date(2025, 6, 1), dt.date(2025, 1, 1))


def test_what_is_dated_after_today_does_not_count_yet():
    rows = [value("a", share=0.5), value("a", share=0.9, as_of="2026-07-01"), value("b", share=1, as_of="2027-01-01")]
    assert table_of(valued(*rows))["share"].tolist() == [0.5]
    assert table_of(valued(*rows, as_of=None))["share"].tolist() == [0.9, 1]


def test_types_and_perspectives_stay_apart_in_the_order_of_the_graph():
    rows = [
        value("b", share=0.1),
        value("a", share=0.2, perspective="created"),
        value("a", share=0.3),
        value("a", share=0.4, kind="economic"),
        value("a", share=0.5, account="B"),
    ]
    for eco in (valued(*rows, where="BA"), shuffled(valued(*rows, where="BA"), 2, ["values"])):
        found = table_of(eco)
        assert found["share"].tolist() == [0.5, 0.2, 0.3, 0.4, 0.1]
        assert found["account_id"].tolist() == ["B", "A", "A", "A", "A"]


def test_a_row_without_account_holds_where_there_is_none_of_its_own():
    rows = [
        value("a", share=0.2, account=None, as_of="2026-05-01"),
        value("a", share=0.7),
        value("a", share=0.1, account=None, kind="economic"),
    ]
    found = table_of(valued(*rows)).set_index(["account_id", "value_type"])["share"].to_dict()
    assert found == {("A", "clinical"): 0.7, ("A", "economic"): 0.1, ("B", "clinical"): 0.2, ("B", "economic"): 0.1}
    assert table_of(valued(*rows[:1], where=()))["account_id"].tolist() == ["all"]


def test_those_who_are_not_in_the_account_have_no_row():
    eco = valued(value("c", share=0.2), memberships=members("A", "a", "b") + members("B", "c"))
    assert table_of(eco).empty


def test_what_a_company_holds_is_not_the_reference():
    eco = valued(value("a", share=0.2), value("a", share=0.9, holder="x"))
    assert table_of(eco)["share"].tolist() == [0.2]
    assert table_of(eco, holder="x")["share"].tolist() == [0.9]
    with pytest.raises(InputError, match='no company "y"'):
        table_of(eco, holder="y")


@pytest.mark.parametrize("rows", [[], [value("a")]], ids=["no rows", "no figure"])
def test_without_a_figure_there_is_an_empty_table_with_the_columns(rows):
    found = table_of(valued(*rows))
    assert found.empty
    assert list(found) == COLUMNS


# ------------------------------------------------------------------------------------------------ concentration


def brute_gini(held):
    n, total = len(held), sum(held)
    return sum(abs(x - y) for x in held for y in held) / (2 * n * total) * n / (n - 1)


def test_gini_is_the_mean_difference_in_every_account():
    rng = np.random.default_rng(1)
    for _ in range(20):
        sizes = rng.integers(2, 12, 4)
        account = rng.permutation(np.repeat(np.arange(4), sizes))
        held = rng.integers(0, 4, len(account)) * rng.random()
        held[np.unique(account, return_index=True)[1]] += 1.0
        found = gini(held, account, 5)
        assert found[:4].tolist() == pytest.approx([brute_gini(held[account == k].tolist()) for k in range(4)])
        assert np.isnan(found[4])


def test_concentration_by_hand():
    eco = valued(
        value("a", share=0.4),
        value("a", share=0.2, perspective="created"),
        value("b", share=0.3),
        value("b", share=0.9, perspective="at_risk"),
        value("c", share=0.0),
        value("d", share=0.1, kind="economic"),
        value("a", share=1.0, account="B"),
        who="abcde",
    )
    found = concentration(eco)
    row = found.loc["A"]
    assert row[["unit", "currency", "n", "known", "reason"]].tolist() == ["share", "", 5, 4, ""]
    assert row["total"] == pytest.approx(1.0)
    assert row["gini"] == pytest.approx(brute_gini([0.6, 0.3, 0, 0.1, 0]))
    assert row["hhi"] == pytest.approx(0.36 + 0.09 + 0.01)
    assert row["top3"] == pytest.approx(1.0)
    assert found.loc["B", ["gini", "hhi", "top3"]].tolist() == pytest.approx([1, 1, 1])
    risk = concentration(eco, perspectives="at_risk").loc["A"]
    assert (risk["total"], risk["gini"], risk["known"]) == (0.9, pytest.approx(1), 1)


def test_the_three_largest():
    held = np.array([5.0, 1, 2, 2, 3, 7])
    account = np.array([0, 0, 0, 0, 0, 1])
    assert top_share(held, account, 2).tolist() == pytest.approx([10 / 13, 1])
    assert hhi(np.ones(4), np.zeros(4, int), 1).tolist() == [0.25]


def test_archetypes_and_this_table_say_the_same():
    rng = np.random.default_rng(0)
    rows = [
        value(who, share=share, account=account, kind=kind, perspective=perspective)
        for account, who, kind in itertools.product("AB", "abcdef", ("clinical", "economic"))
        for perspective, share in (("received", rng.random() / 9), ("at_risk", rng.random() / 9))
        if rng.random() < 0.7
    ]
    eco = valued(*rows, who="abcdefgh")
    graph = influence_graph(eco)
    raw = account_features(eco, graph)["raw_f7"]
    np.testing.assert_array_equal(raw, value_concentration(eco, graph)["gini"])


def test_amounts_are_added_in_one_currency_only():
    eco = valued(
        value("a", amount=30, currency="EUR", share=0.9),
        value("b", amount=10, currency="EUR"),
        value("c", amount=-50, currency="EUR"),
        value("a", amount=30, currency="USD", account="B"),
        value("b", amount=30, currency="EUR", account="B"),
    )
    found = concentration(eco, unit="amount")
    assert found["currency"].tolist() == ["EUR", "EUR, USD"]
    assert found.loc["A", ["total", "hhi", "gini"]].tolist() == pytest.approx([40, 10 / 16, brute_gini([30, 10, 0])])
    assert found.loc["B", ["total", "gini", "hhi", "top3"]].isna().all()
    assert found.loc["B", "reason"] == "several currencies: EUR, USD"
    assert concentration(eco).loc["A", "total"] == pytest.approx(0.9)


def test_an_amount_without_currency_is_not_added_to_one_with():
    bare = [value("a", amount=3), value("b", amount=1)]
    assert concentration(valued(*bare), unit="amount").loc["A", "hhi"] == pytest.approx(10 / 16)
    mixed = concentration(valued(*bare, value("c", amount=1, currency="EUR")), unit="amount").loc["A"]
    assert np.isnan(mixed["hhi"])
    assert mixed["reason"] == "several currencies: EUR, unknown"


def test_nothing_known_nothing_said():
    found = concentration(valued(value("a", share=0.0), where="AB"))
    assert found["reason"].tolist() == ["no share of value above 0 is known"] * 2
    assert found["known"].tolist() == [1, 0]
    assert found[["gini", "hhi", "top3"]].isna().all(axis=None)
    assert found["total"].tolist() == pytest.approx([0, np.nan], nan_ok=True)


def test_a_single_member_has_no_gini():
    eco = valued(value("a", share=0.5), memberships=members("A", "a"), ties=[], where="A")
    row = concentration(eco).loc["A"]
    assert (row["n"], row["hhi"], row["top3"], row["reason"]) == (1, 1, 1, "a single member")
    assert np.isnan(row["gini"])


def test_unknown_words_are_refused_with_the_nearest():
    with pytest.raises(InputError, match=r'no unit of value "shares".*share'):
        concentration(valued(), unit="shares")
    with pytest.raises(InputError, match=r'no perspective "recieved".*received'):
        concentration(valued(), perspectives=["recieved"])


# ------------------------------------------------------------------------------------------------ value of a node


def test_value_is_of_one_kind_in_each_account():
    eco = valued(value("a", share=0.4), stakeholders=people("a", "b", patient_volume=9) + people("c"))
    assert stakeholder_value(eco, influence_graph(eco)).tolist() == [0.4, 0, 0, 9, 9, 0]


# ------------------------------------------------------------------------------------------------ reach


def within(graph, kept, seeds, steps):
    """Nodes within some steps of the seeds on one outcome."""
    drawn = nx.DiGraph(kept)
    drawn.add_nodes_from(range(len(graph)))
    return set().union(*(nx.single_source_shortest_path_length(drawn, seed, cutoff=steps) for seed in seeds))


def enumerated(graph, seeds, steps):
    """Probability of each node by going through every outcome."""
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    arcs = [
        (int(i), int(j), p)
        for i, j, p, sign in zip(tail, graph.matrix.indices, graph.matrix.data, graph.sign, strict=True)
        if sign > 0
    ]
    chance = np.zeros(len(graph))
    for outcome in itertools.product([False, True], repeat=len(arcs)):
        odds = np.prod([p if kept else 1 - p for kept, (_, _, p) in zip(outcome, arcs, strict=True)])
        there = within(graph, [arc[:2] for kept, arc in zip(outcome, arcs, strict=True) if kept], seeds, steps)
        chance[list(there)] += odds
    return chance


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_reach_is_that_of_every_outcome(seed, steps, size):
    rng = np.random.default_rng(seed)
    pairs = list(itertools.permutations(range(6), 2))
    chosen = [pairs[i] for i in rng.choice(len(pairs), 10, replace=False)]
    chance = rng.uniform(0.1, 1.0, 10)
    chance[0], sign = 1.0, np.where(np.arange(10) < 9, 1, -1)
    source, target = ([chr(97 + pair[end]) for pair in chosen] for end in (0, 1))
    graph = InfluenceGraph.from_edges(source, target, chance, ids="abcdef", sign=sign)
    seeds = np.arange(6) < size
    found = reached(graph.matrix, graph.sign, seeds, steps)
    np.testing.assert_allclose(found, enumerated(graph, range(size), steps), atol=1e-12)


def test_one_seed_by_its_formula():
    graph = InfluenceGraph.from_edges("iiqr", ["v", "q", "v", "v"], [0.2, 0.5, 0.4, 0.9])
    found = value_within_reach(Ecosystem({}, None), graph, ["i"])
    at_v = 1 - (1 - 0.2) * (1 - 0.5 * 0.4)
    assert found.iloc[0][["n", "held", "account_total", "basis"]].tolist() == [1, 1, 4, "one each"]
    assert found["reached"].tolist() == pytest.approx([0.5 + at_v])
    assert found["share"].tolist() == pytest.approx([(1 + 0.5 + at_v) / 4])


def test_reach_of_value_by_hand_in_every_account():
    eco = valued(
        value("a", share=0.2), value("b", share=0.5), value("c", share=0.1), value("c", share=0.7, account="B")
    )
    eco = replace(eco, tables={**eco.tables, "ties": valued(ties=ties("ab", "bc", account_id="A")).tables["ties"]})
    graph = influence_graph(eco)
    p = graph.matrix.data
    one, two = (value_within_reach(eco, graph, ["a"], steps=steps).set_index("account_id") for steps in (1, 2))
    assert one.loc["A", "reached"] == pytest.approx(p[0] * 0.5)
    assert two.loc["A", "reached"] == pytest.approx(p[0] * 0.5 + p[0] * p[1] * 0.1)
    assert two.loc["A", "total"] == pytest.approx(two.loc["A", "held"] + two.loc["A", "reached"])
    assert two.loc["A", "share"] == pytest.approx(two.loc["A", "total"] / 0.8)
    assert two.loc["B", ["held", "reached", "share"]].tolist() == [0, 0, 0]
    assert two["basis"].tolist() == ["share", "share"]


def test_short_cascades_agree_with_simulation_and_seeds_are_counted_once():
    graph = InfluenceGraph.from_edges("aabd", "bcdc", [0.5, 0.3, 0.6, 0.4], ids="abcde")
    found = value_within_reach(Ecosystem({}, None), graph, ["a", "d"])  # no path is longer than two steps
    spread = estimate_spread(graph, ["a", "d"], simulations=40_000, value=np.ones(5))
    assert found["total"].iloc[0] == pytest.approx(spread.mean, abs=5 * spread.std_error)
    everybody = value_within_reach(Ecosystem({}, None), graph, graph.ids)
    assert everybody[["held", "reached", "share"]].to_numpy().tolist() == [[5, 0, 1]]


def test_ties_against_reach_nobody():
    graph = InfluenceGraph.from_edges("ab", "bc", [0.5, 1.0], sign=[-1, 1])
    assert value_within_reach(Ecosystem({}, None), graph, ["a"])["reached"].tolist() == [0]


def test_only_accounts_with_somebody_of_the_set_are_shown():
    graph = InfluenceGraph.from_edges("ab", "bc", 0.5, account=["B", "A"])
    found = value_within_reach(Ecosystem({}, None), graph, ["a"])
    assert found["account_id"].tolist() == ["B"]
    assert value_within_reach(Ecosystem({}, None), graph, []).empty


@pytest.mark.parametrize("steps", [0, 3, 1.5, None])
def test_longer_cascades_are_left_to_simulation(steps):
    graph = InfluenceGraph.from_edges("a", "b", 0.5)
    with pytest.raises(InputError, match="estimate_spread"):
        value_within_reach(Ecosystem({}, None), graph, ["a"], steps=steps)


def test_an_unknown_stakeholder_is_named():
    with pytest.raises(InputError, match='"z"'):
        value_within_reach(Ecosystem({}, None), InfluenceGraph.from_edges("a", "b", 0.5), ["z"])


@pytest.mark.parametrize("graph", [
    InfluenceGraph.from_edges([], [], 0.5), InfluenceGraph.from_edges([], [], 0.5, ids="a"),
    InfluenceGraph.from_edges("ab", "bc", 0.0), InfluenceGraph.from_edges("abc", "bca", 1.0),
], ids=["null", "one node", "of no strength", "certain"])  # fmt: skip
def test_at_the_edges_of_what_there_is(graph):
    eco = Ecosystem({}, None)
    assert value_table(eco, graph).empty
    assert value_concentration(eco, graph)["reason"].tolist() == ["no share of value above 0 is known"]
    found = value_within_reach(eco, graph, list(graph.ids[:1]))
    assert len(found) == min(len(graph), 1)
    assert found["share"].between(0, 1).all()
