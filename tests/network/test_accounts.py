"""Every account as a whole: against networkx, on networks whose numbers are known, and on what is no network."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from ecosystems import accounts, ecosystem, members, people, shuffled, ties

from ecosystem_iq.archetypes import account_features
from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph, influence_graph
from ecosystem_iq.network.accounts import COLUMNS, OF_THE_GRAPH, account_measures, account_table, reasons
from ecosystem_iq.network.communities import account_communities
from ecosystem_iq.network.kernels.influence import influence_shares


def row(edges, ids=None, **more):
    """The numbers of one account."""
    source, target = zip(*edges, strict=True) if edges else ((), ())
    probability = more.pop("probability", 0.5)
    return account_measures(InfluenceGraph.from_edges(source, target, probability, ids=ids, **more)).iloc[0]


def random_graph(seed, n=25, sign=False):
    """A graph with arcs of probability 0 and people without ties, and networkx's view of it."""
    rng = np.random.default_rng(seed)
    names = [f"n{i:02d}" for i in range(n)]
    pairs = [(a, b) for a, b in itertools.permutations(names[: n - 3], 2) if rng.random() < rng.choice([0.03, 0.2])]
    chance = rng.random(len(pairs)) * (rng.random(len(pairs)) < 0.8)
    signs = np.where(rng.random(len(pairs)) < 0.2, -1, 1) if sign else np.ones(len(pairs))
    graph = InfluenceGraph.from_edges(*zip(*pairs, strict=True), chance, ids=names, sign=signs)
    other = nx.DiGraph()
    other.add_nodes_from(names)
    other.add_edges_from((*pair, {"sign": s}) for pair, p, s in zip(pairs, chance, signs, strict=True) if p > 0)
    return graph, other


@pytest.mark.parametrize("seed", range(8))
def test_counts_and_shares_are_those_of_networkx(seed):
    graph, other = random_graph(seed, sign=True)
    found = account_measures(graph).iloc[0]
    parts = sorted(map(len, nx.weakly_connected_components(other)), reverse=True)
    assert (found["stakeholders"], found["arcs"]) == (len(other), other.number_of_edges())
    assert found["density"] == pytest.approx(nx.density(other), rel=1e-12)
    assert found["reciprocity"] == pytest.approx(nx.reciprocity(other), rel=1e-12)
    assert (found["components"], found["largest_component"]) == (len(parts), parts[0] / len(other))
    out = np.array([d for _, d in other.out_degree])
    assert found["centralization"] == pytest.approx(np.sum(out.max() - out) / (len(out) - 1) ** 2, rel=1e-12)
    assert found["mean_branching"] == graph.branching[0]


@pytest.mark.parametrize("seed", range(8))
def test_modularity_is_that_of_networkx_on_ties_in_favour(seed):
    graph, other = random_graph(seed, sign=True)
    found = account_measures(graph).iloc[0]
    bound = nx.Graph()
    bound.add_nodes_from(other)
    bound.add_edges_from((a, b) for a, b, sign in other.edges(data="sign") if sign > 0)
    labels = account_communities(graph)
    sets = [set(graph.ids[labels == label]) for label in np.unique(labels)]
    assert found["modularity"] == pytest.approx(nx.community.modularity(bound, sets), abs=1e-12)
    assert found["communities"] == sum(len(one) > 1 for one in sets)
    theirs = nx.community.louvain_communities(bound, seed=seed)
    assert found["modularity"] > nx.community.modularity(bound, theirs) - 0.02
    excess = (found["modularity"] - found["modularity_expected"]) / (1 - found["modularity_expected"])
    assert found["fragmentation"] == pytest.approx(excess, rel=1e-12)


def test_the_graph_is_not_changed():
    graph, _ = random_graph(1)
    before = [array.copy() for array in (graph.matrix.data, graph.matrix.indices, graph.matrix.indptr)]
    account_measures(graph, exact=True, rewirings=1)
    for one, other in zip(before, (graph.matrix.data, graph.matrix.indices, graph.matrix.indptr), strict=True):
        np.testing.assert_array_equal(one, other)


def brute_gini(values):
    n = len(values)
    return np.abs(np.subtract.outer(values, values)).sum() / (2 * n * (n - 1) * np.mean(values))


@pytest.mark.parametrize("seed", range(3))
def test_influence_is_summed_up_by_hand(seed):
    graph, _ = random_graph(seed)
    found = account_measures(graph).iloc[0]
    share = influence_shares(graph.matrix, graph.account_code, graph.damping)
    n = len(share)
    assert found["influence_centralization"] == pytest.approx((n * share.max() - 1) / (n - 1), rel=1e-12)
    assert found["influence_gini"] == pytest.approx(brute_gini(share), rel=1e-10)


@pytest.mark.parametrize("n", [2, 3, 8])
def test_one_who_moves_all_others_is_full_centralization(n):
    assert row([("hub", f"leaf{i}") for i in range(n - 1)])["centralization"] == 1.0


def test_nobody_stands_out_on_a_cycle_or_among_equals():
    cycle = row([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    clique = row(list(itertools.permutations("abcd", 2)))
    for found in (cycle, clique):
        assert found["centralization"] == 0
        assert found["influence_centralization"] == pytest.approx(0, abs=1e-12)
        assert found["influence_gini"] == pytest.approx(0, abs=1e-12)
    assert (cycle["reciprocity"], clique["reciprocity"]) == (0, 1)
    assert (cycle["density"], clique["density"]) == (4 / 12, 1)


def test_cliques_and_a_bridge_are_two_communities_of_one_component():
    cliques = [pair for names in ("abcd", "wxyz") for pair in itertools.permutations(names, 2)]
    found = row([*cliques, ("d", "w")])
    assert (found["communities"], found["components"], found["largest_component"]) == (2, 1, 1.0)
    assert found["modularity"] == pytest.approx(24 / 26 - 2 * 0.25)
    assert found["fragmentation"] > 0.1


DEGENERATE = {
    "null": ([], None, {}),
    "one": ([], "a", {}),
    "no arc": ([], "abcd", {}),
    "one arc": ([("a", "b")], None, {}),
    "of no strength": ([("a", "b"), ("b", "c")], None, {"probability": 0.0}),
    "only against": ([("a", "b"), ("b", "c"), ("c", "d")], None, {"sign": [-1, -1, -1]}),
    "isolates": ([("a", "b")], "abcdef", {}),
    "star": ([("a", b) for b in "bcdef"], None, {}),
    "certain": ([("a", "b"), ("b", "a")], None, {"probability": 1.0}),
}
NO_ARC = {"reciprocity", "influence_centralization", "influence_gini"}
CHANCE = {"modularity_expected", "fragmentation"}
MISSING = {
    "null": {"density", "mean_branching", "centralization", "largest_component", "modularity", *NO_ARC, *CHANCE},
    "one": {"density", "centralization", "modularity", *NO_ARC, *CHANCE},
    "no arc": {"modularity", *NO_ARC, *CHANCE},
    "one arc": CHANCE,
    "of no strength": {"modularity", *NO_ARC, *CHANCE},
    "only against": {"modularity", *CHANCE},
    "isolates": CHANCE,
    "star": set(),
    "certain": CHANCE,
}


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("name", DEGENERATE)
def test_what_is_missing_is_known_and_has_a_reason(name, exact):
    edges, ids, more = DEGENERATE[name]
    source, target = zip(*edges, strict=True) if edges else ((), ())
    graph = InfluenceGraph.from_edges(source, target, **{"probability": 0.5, "ids": ids, **more})
    table = account_measures(graph, exact=exact, rewirings=2)
    assert table.columns.tolist() == ["account_id", *OF_THE_GRAPH]
    assert {column for column in OF_THE_GRAPH if table[column].isna().any()} == MISSING[name]
    assert not np.isinf(table[list(OF_THE_GRAPH)].to_numpy(dtype=float)).any()
    why = reasons(table)
    assert set(why["measure"]) == MISSING[name]
    assert why["reason"].str.len().gt(5).all()


@pytest.fixture(scope="module")
def world():
    """Three accounts: a town with an integrated group, one of two people, one without members."""
    rng = np.random.default_rng(4)
    names = [f"p{i:02d}" for i in range(14)]
    settings = ["primary", "secondary", None, "community"]
    persons = [{**r, "care_setting": settings[i % 4]} for i, r in enumerate(people(*names))]
    houses = people("h1", "h2", "h3", kind="organisation")
    pairs = [(a, b) for a, b in itertools.permutations(names, 2) if rng.random() < 0.2]
    rows = [{**ties(pair)[0], "strength": rng.random(), "account_id": "A"} for pair in pairs]
    return ecosystem(
        stakeholders=[*persons, *houses],
        accounts=[*accounts("A", anchor_id="h1"), *accounts("B", "C")],
        memberships=[*members("A", *names, "h1", "h2", "h3"), *members("B", "p00", "p01")],
        ties=[*rows, *ties(("h1", "h2"), kind="owns", account_id="A"), *ties(("p00", "p01"), account_id="B")],
    )


def test_the_table_adds_what_the_tables_say(world):
    table = account_table(world, influence_graph(world))
    assert tuple(table.columns) == COLUMNS
    assert table["account_id"].tolist() == ["A", "B", "C"]
    assert table["integration"].tolist()[0] == 2 / 3
    assert table["integration"].isna().tolist() == [False, True, True]
    assert 0 < table["cross_setting_share"].iloc[0] < 1
    why = reasons(table).set_index(["account_id", "measure"])["reason"]
    assert "anchor" in why["B", "integration"]
    assert "C" in why.index.get_level_values(0)
    assert set(why.index.get_level_values(0)) == {"B", "C"}


def test_the_features_of_archetypes_are_the_same_numbers(world):
    graph = influence_graph(world)
    table, features = account_table(world, graph), account_features(world, graph)
    same = {
        "influence_centralization": "raw_f1",
        "integration": "raw_f2",
        "cross_setting_share": "raw_f5",
        "fragmentation": "raw_f6",
    }
    for ours, theirs in same.items():
        assert table[ours].iloc[0] == pytest.approx(features[theirs].iloc[0], rel=1e-12)


@pytest.mark.parametrize("exact", [False, True])
def test_an_account_is_the_same_alone_and_among_others(world, exact):
    every = account_table(world, influence_graph(world), exact=exact, rewirings=5)
    for i, name in enumerate(every["account_id"]):
        one = account_table(world, influence_graph(world, accounts=[name]), exact=exact, rewirings=5)
        pd.testing.assert_frame_equal(one, every.iloc[[i]].reset_index(drop=True), check_exact=False, rtol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(world, seed):
    mixed = shuffled(world, seed)
    one = account_table(world, influence_graph(world), exact=True, rewirings=3).set_index("account_id")
    other = account_table(mixed, influence_graph(mixed), exact=True, rewirings=3).set_index("account_id")
    pd.testing.assert_frame_equal(one, other.loc[one.index], check_exact=False, rtol=1e-12)


def test_the_same_seed_gives_the_same_and_a_generator_will_do(world):
    graph = influence_graph(world)
    one, same, other = (account_table(world, graph, exact=True, rewirings=4, rng=seed) for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(one, same)
    assert one["modularity_expected"].iloc[0] != other["modularity_expected"].iloc[0]
    drawn = account_table(world, graph, exact=True, rewirings=4, rng=np.random.default_rng(7))
    pd.testing.assert_frame_equal(one, drawn)


def test_a_workspace_without_accounts_is_one():
    eco = ecosystem(stakeholders=people("a", "b", "c"), ties=ties("ab", "bc"))
    table = account_table(eco, influence_graph(eco))
    assert table["account_id"].tolist() == ["all"]
    assert table["components"].tolist() == [1]


def test_a_graph_of_something_else_and_no_rewirings_are_refused(world):
    graph = InfluenceGraph.from_edges("a", "b", 0.5)
    with pytest.raises(InputError, match="not made from this ecosystem"):
        account_table(world, graph)
    with pytest.raises(InputError, match="rewirings = 0"):
        account_measures(graph, exact=True, rewirings=0)
    account_measures(graph, rewirings=0)


def test_physicians_are_centralized_as_their_published_degrees_say(extra_data):
    named = pd.read_csv(extra_data / "data" / "medical_innovation" / "ties.csv", dtype=str)
    published = pd.read_csv(extra_data / "reference" / "network" / "medical_innovation_centrality.csv", dtype=str)
    found = row(list(zip(named["nominee"], named["nominator"], strict=True)), ids=list(published["node_id"]))
    degree = published["indegree"].astype(float)
    n = len(degree)
    assert (found["stakeholders"], found["arcs"]) == (n, 294)
    assert found["density"] == pytest.approx(294 / (n * (n - 1)), rel=1e-12)
    assert found["centralization"] == pytest.approx((degree.max() - degree).sum() / (n - 1) ** 2, rel=1e-12)
