"""Modularity, and what chance gives."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_iq.archetypes.modularity import describe, fragmentation, modularity, null_modularity
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.communities import communities


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


def test_modularity_is_that_of_networkx():
    graph = nx.karate_club_graph()
    adjacency = csr_array((nx.to_scipy_sparse_array(graph, weight=None) > 0).astype(float))
    labels = communities(adjacency)
    sets = [set(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    assert modularity(adjacency, labels) == pytest.approx(nx.community.modularity(graph, sets, weight=None))


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
    adjacency = csr_array(nx.to_scipy_sparse_array(graph, weight=None).astype(float))
    _, *place = describe(adjacency)
    sample = [rewired(graph, seed) for seed in range(12)]
    found = [describe(csr_array(nx.to_scipy_sparse_array(one, weight=None).astype(float)))[0] for one in sample]
    assert null_modularity(np.array([place]))[0] == pytest.approx(np.mean(found), abs=0.03)


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
