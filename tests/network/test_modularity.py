"""Modularity, and what chance gives."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.communities import bonds, communities, modularity
from ecosystem_iq.network.modularity import fragmentation, null_modularity, partition, places, rewired_modularity


def matrix(graph):
    """Ones in both directions, with sorted rows."""
    found = csr_array(nx.to_scipy_sparse_array(graph, weight=None).astype(float))
    found.sort_indices()
    return found


def found_modularity(adjacency):
    return modularity(adjacency, communities(adjacency))[0]


def undirected(graph):
    """Both directions of every edge."""
    edges = [(f"n{a:03d}", f"n{b:03d}") for a, b in graph.edges if a != b]
    pairs = [*edges, *((b, a) for a, b in edges)]
    ids = [f"n{node:03d}" for node in graph.nodes]
    return InfluenceGraph.from_edges([a for a, _ in pairs], [b for _, b in pairs], 0.3, ids=ids)


def rewired(graph, seed):
    copy = graph.copy()
    nx.double_edge_swap(copy, nswap=4 * graph.number_of_edges(), max_tries=10**6, seed=seed)
    return copy


@pytest.mark.parametrize(
    "graph",
    [
        nx.gnm_random_graph(60, 180, seed=1),
        nx.gnm_random_graph(120, 700, seed=2),
        nx.barabasi_albert_graph(90, 3, seed=3),
        nx.connected_watts_strogatz_graph(50, 6, 0.2, seed=4),
    ],
)
def test_the_table_gives_what_rewiring_gives(graph):
    place = places(matrix(graph), np.array([len(graph)]))
    found = [found_modularity(matrix(rewired(graph, seed))) for seed in range(12)]
    assert null_modularity(place)[0] == pytest.approx(np.mean(found), abs=0.03)


@pytest.mark.parametrize("seed", range(3))
def test_our_rewirings_give_what_those_of_networkx_give(seed):
    graph = nx.barabasi_albert_graph(40, 3, seed=seed)
    theirs = np.array([found_modularity(matrix(rewired(graph, copy))) for copy in range(60)])
    ours = rewired_modularity(matrix(graph), 60, np.random.default_rng(seed))
    error = np.hypot(ours.std(), theirs.std()) / np.sqrt(60)
    assert abs(ours.mean() - theirs.mean()) < 3.5 * error


def test_random_networks_are_not_fragmented_whatever_their_density():
    for edges in (90, 180, 400):
        found = [fragmentation(undirected(nx.gnm_random_graph(60, edges, seed=seed)))[0] for seed in range(5)]
        assert abs(np.mean(found)) < 0.05


def test_separate_groups_are_fragmented():
    cliques = nx.disjoint_union_all([nx.complete_graph(10)] * 5)
    assert fragmentation(undirected(cliques))[0] > 0.6


def test_a_star_is_not_fragmented():
    assert fragmentation(undirected(nx.star_graph(59)))[0] <= 0


def test_ties_against_do_not_bind():
    ids = list("abcdefgh")
    inside = [(a, b) for group in ("abcd", "efgh") for a in group for b in group if a < b]
    between = [("a", "e"), ("b", "f"), ("c", "g"), ("d", "h")]
    pairs = [*inside, *between]
    ends = [p[0] for p in pairs], [p[1] for p in pairs]
    for_all = fragmentation(InfluenceGraph.from_edges(*ends, 0.5, ids=ids))[0]
    against = [1] * len(inside) + [-1] * len(between)
    assert fragmentation(InfluenceGraph.from_edges(*ends, 0.5, ids=ids, sign=against))[0] > for_all


def test_each_account_is_its_own_network():
    one = undirected(nx.connected_watts_strogatz_graph(40, 6, 0.1, seed=1))
    source, target = one.matrix.nonzero()
    names = [(one.ids[i], one.ids[j]) for i, j in zip(source, target, strict=True)]
    source, target = [a for a, _ in names] * 2, [b for _, b in names] * 2
    both = InfluenceGraph.from_edges(source, target, 0.3, account=["x"] * len(names) + ["y"] * len(names))
    np.testing.assert_allclose(fragmentation(both), fragmentation(one)[0])


def test_too_few_tied_are_missing():
    assert np.isnan(fragmentation(InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.5, ids="abcdef"))[0])


def test_outside_the_table_its_edge_holds():
    inside, outside = null_modularity(np.array([[400, 4.0, 3.0], [10_000, 4.0, 30.0]]))
    assert inside == outside


def test_places_are_those_of_the_tied():
    networks = [nx.star_graph(5), nx.empty_graph(3), nx.disjoint_union(nx.path_graph(4), nx.empty_graph(2))]
    sizes = np.array([len(graph) for graph in networks])
    found = places(matrix(nx.disjoint_union_all(networks)), sizes)
    for row, graph in zip(found, networks, strict=True):
        degree = np.array([d for _, d in graph.degree if d])
        expected = [len(degree), degree.mean(), degree.std() / degree.mean()] if len(degree) else [np.nan] * 3
        np.testing.assert_allclose(row, expected, rtol=1e-12)


def test_exact_expectation_is_near_the_table_and_the_same_for_the_same_seed():
    graph = undirected(nx.gnm_random_graph(60, 180, seed=1))
    table, exact = partition(graph).expected, partition(graph, exact=True, rng=3).expected
    assert exact[0] == pytest.approx(table[0], abs=0.02)
    assert exact[0] != table[0]
    assert exact == partition(graph, exact=True, rng=3).expected
    assert exact != partition(graph, exact=True, rng=4).expected


def test_nothing_of_a_star_can_be_swapped_so_it_is_what_chance_gives():
    found = partition(undirected(nx.star_graph(9)), exact=True, rewirings=3)
    assert found.expected == pytest.approx(found.modularity, abs=1e-15)
    assert found.fragmentation == pytest.approx([0], abs=1e-14)


def test_communities_of_one_do_not_count():
    graph = undirected(nx.disjoint_union_all([nx.complete_graph(4), nx.complete_graph(3), nx.empty_graph(2)]))
    found = partition(graph)
    assert found.labels.tolist() == [0, 0, 0, 0, 1, 1, 1, 2, 3]
    assert found.count.tolist() == [2]
    assert found.modularity == modularity(bonds(graph), found.labels)


def test_modularity_below_four_tied_is_known_but_not_what_chance_gives():
    found = partition(InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.5, ids="abcdef"))
    assert found.modularity.tolist() == [0.0]
    assert np.isnan(found.expected[0])
