"""Triggers are chosen on the map, which shows tie strengths only; here they are judged by the true probabilities.

The rivals choose as many from the same people: those who may be engaged and are not committed already. There are three
yardsticks: *value*, what a choice moves beyond the committed when everybody chosen is won over (the reach which the
list shows); *likely value*, the same when each is won over with its own chance (what the list maximises); and *heads*,
plain stakeholders, the seeds included (what ``select_triggers`` maximises).
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers import estimate_spread, select_triggers, trigger_candidates
from ecosystem_iq.triggers.factors import factors
from ecosystem_iq.triggers.facts import node_facts

RIVALS = ("pagerank", "ties", "random")
SIMULATIONS = 2_000


@pytest.fixture(scope="module")
def people(demo):
    """Every stakeholder of every account: may it be chosen, what it is worth, and what rivals go by."""
    graph, eco = demo.graph, demo.ecosystem
    facts = node_facts(eco, graph)
    chances = factors(eco, facts, demo.opportunities)
    table = trigger_candidates(eco, graph)
    table["committed"] = (facts["stance"] == "advocate").to_numpy()
    table["chance"] = (chances["movability"] * chances["timing"] * chances["actionability"]).to_numpy()
    table["weight"] = table["value"] / table.groupby("account_id")["value"].transform("mean")
    table["ties"] = np.diff(graph.matrix.indptr) + np.bincount(graph.matrix.indices, minlength=len(graph))
    table["pagerank"] = _pagerank(graph)
    table["random"] = np.random.default_rng(0).random(len(table))
    return table


def _pagerank(graph):
    """PageRank of the reversed map, in which whoever moves many is pointed at by many; each account for itself."""
    arcs = graph.matrix.tocoo()
    reverse = nx.DiGraph()
    reverse.add_nodes_from(range(len(graph)))
    reverse.add_weighted_edges_from(zip(arcs.col.tolist(), arcs.row.tolist(), arcs.data.tolist(), strict=True))
    found = {}
    for code in range(len(graph.account_ids)):
        found |= nx.pagerank(reverse.subgraph(np.flatnonzero(graph.account_code == code).tolist()))
    return [found[node] for node in range(len(graph))]


@pytest.fixture(scope="module")
def choices(demo, people):
    """Who is chosen in each account by each method."""
    found = {}
    table = demo.triggers.table
    for account, everybody in people.groupby("account_id"):
        able = everybody[everybody["eligible"] & ~everybody["committed"]]
        ours = table.loc[table["account_id"] == account, "stakeholder_id"].tolist()
        assert set(ours) <= set(able["stakeholder_id"])
        found[account] = {"triggers": ours} | {
            rival: able.sort_values([rival, "stakeholder_id"], ascending=[False, True])["stakeholder_id"][: len(ours)]
            .tolist()
            for rival in RIVALS
        }  # fmt: skip
        found[account]["select"] = _selected(demo.graph, account, able["stakeholder_id"], len(ours))
    return found


def _selected(graph, account, able, k):
    """What ``select_triggers`` chooses on the map of one account."""
    arcs, ids = graph.matrix.tocoo(), graph.ids
    inside = graph.account[arcs.row] == account
    ends = (ids[arcs.row[inside]], ids[arcs.col[inside]])
    own = InfluenceGraph.from_edges(*ends, arcs.data[inside], sign=graph.sign[inside])
    tied = [name for name in able if name in set(own.ids)]
    return list(select_triggers(own, k=k, candidates=tied, simulations=1_000).stakeholders)


@pytest.fixture(scope="module")
def worlds(people, truth):
    """The true graph of each account; whoever is won over by chance is moved by a stand-in ``@id`` of no value."""
    ties, found = truth("ties_true"), {}
    for account, everybody in people.groupby("account_id"):
        true, names = ties[ties["account_id"] == account], everybody["stakeholder_id"]
        found[account] = InfluenceGraph.from_edges(
            [*true["source"], *("@" + names)], [*true["target"], *names], [*true["probability"], *everybody["chance"]]
        )
    return found


@pytest.fixture(scope="module")
def judged(people, choices, worlds):
    """Mean and standard error of every choice by every yardstick."""
    rows = []
    for number, (account, everybody) in enumerate(people.groupby("account_id")):
        names = everybody["stakeholder_id"]
        heads, values = dict.fromkeys(names, 1.0), dict(zip(names, everybody["weight"], strict=True))
        committed = names[everybody["committed"]].tolist()

        def spread(seeds, value, world=worlds[account], stream=number):
            if not seeds:
                return np.zeros(2)
            found = estimate_spread(world, seeds, simulations=SIMULATIONS, value=value, rng=stream)
            return np.array([found.mean, found.std_error])

        base, base_error = spread(committed, values)
        for method, chosen in choices[account].items():
            rows.append((account, method, "heads", *spread(chosen, heads)))
            for yardstick, seeds in (("value", chosen), ("likely value", [f"@{name}" for name in chosen])):
                mean, error = spread(committed + seeds, values)
                rows.append((account, method, yardstick, mean - base, np.hypot(error, base_error)))
    return pd.DataFrame(rows, columns=["account_id", "method", "yardstick", "mean", "error"])


def margin(judged, ours, other, yardstick):
    """Account by account: how much better ours is, and the standard error of that."""
    one, two = (
        judged[(judged["method"] == method) & (judged["yardstick"] == yardstick)].set_index("account_id")
        for method in (ours, other)
    )
    return one["mean"] - two["mean"], np.hypot(one["error"], two["error"])


def in_standard_errors(judged, ours, other, yardstick):
    """By how many standard errors ours is better in all accounts together."""
    better, error = margin(judged, ours, other, yardstick)
    return better.sum() / np.sqrt((error**2).sum())


@pytest.mark.parametrize("rival", RIVALS)
@pytest.mark.parametrize("yardstick", ["value", "likely value"])
def test_the_list_moves_more_than_simpler_choices(judged, yardstick, rival):
    assert in_standard_errors(judged, "triggers", rival, yardstick) > 2


@pytest.mark.parametrize("rival", RIVALS)
def test_most_accounts_gain_and_hardly_any_lose(judged, rival):
    better, error = margin(judged, "triggers", rival, "likely value")
    assert (better > 2 * error).sum() >= len(better) / 2
    assert (better < -2 * error).sum() <= 2


@pytest.mark.parametrize("rival", RIVALS)
def test_the_plain_choice_moves_more_stakeholders(judged, rival):
    assert in_standard_errors(judged, "select", rival, "heads") > 2


@pytest.mark.parametrize(
    "rival",
    [
        pytest.param(
            "pagerank",
            marks=pytest.mark.xfail(
                strict=True,
                reason="696 against 713 of 1,568 stakeholders (standard error of the difference 1): the list weighs "
                "them by value and by the chance to win each over; by heads, select_triggers moves 752",
            ),
        ),
        "ties",
        "random",
    ],
)
def test_the_list_counted_by_heads(judged, rival):
    assert in_standard_errors(judged, "triggers", rival, "heads") > 2


def test_the_yardstick_can_tell(judged):
    """The opposite: a choice which ignores the map is far behind, by every yardstick."""
    for yardstick in ("heads", "value", "likely value"):
        assert in_standard_errors(judged, "random", "ties", yardstick) < -2


def test_planted_triggers_are_found_more_often_than_by_ties(choices, truth):
    planted = truth("triggers_true")
    found = {
        method: sum(
            who in choices[account][method]
            for account, who in planted[["account_id", "stakeholder_id"]].itertuples(index=False)
        )
        for method in ("triggers", *RIVALS)
    }
    assert found["triggers"] > found["ties"]
    assert found["triggers"] >= 1.5 * found["random"]
    assert found["triggers"] >= 0.3 * len(planted)
