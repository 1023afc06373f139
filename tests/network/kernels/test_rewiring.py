"""Rewiring keeps what it must keep, and every network with the same degrees is equally likely."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components
from scipy.stats import chisquare

from ecosystem_iq.network.kernels.rewiring import rewire


def edges_of(graph):
    return np.array(graph.edges, dtype=np.int64).reshape(-1, 2)


@pytest.mark.parametrize(
    "graph",
    [
        nx.gnm_random_graph(40, 90, seed=1),
        nx.barabasi_albert_graph(60, 2, seed=2),
        nx.complete_graph(6),
        nx.star_graph(7),
        nx.path_graph(2),
        nx.empty_graph(3),
        nx.complete_bipartite_graph(3, 4),
    ],
)
def test_degrees_stay_and_networks_stay_simple(graph):
    before = edges_of(graph)
    after = rewire(before, len(graph), 25, np.random.default_rng(0))
    np.testing.assert_array_equal(np.bincount(after.ravel(), minlength=len(graph)), [d for _, d in graph.degree])
    assert (after[:, 0] != after[:, 1]).all()
    assert len({frozenset(edge) for edge in after.tolist()}) == len(before)
    np.testing.assert_array_equal(before, edges_of(graph))  # the input is not changed


def test_a_random_network_changes_and_the_same_seed_gives_the_same():
    edges = edges_of(nx.gnm_random_graph(40, 90, seed=1))
    one, two, other = (rewire(edges, 40, 10, np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, two)
    as_sets = [{frozenset(edge) for edge in found.tolist()} for found in (edges, one, other)]
    assert len(as_sets[0] & as_sets[1]) < 45
    assert as_sets[1] != as_sets[2]


@pytest.mark.parametrize("degrees", [(2, 2, 2, 1, 1), (3, 3, 2, 2, 2), (3, 2, 2, 2, 2, 1), (1, 1, 1, 1, 1, 1)])
def test_every_network_with_these_degrees_is_equally_likely(degrees):
    n, ties = len(degrees), sum(degrees) // 2
    every = [
        frozenset(chosen)
        for chosen in itertools.combinations(itertools.combinations(range(n), 2), ties)
        if tuple(np.bincount(np.array(chosen).ravel(), minlength=n)) == degrees
    ]
    index = {network: i for i, network in enumerate(every)}
    rng = np.random.default_rng(1)
    moves = np.zeros((len(every), len(every)))
    for network, _ in itertools.product(every, range(300)):  # from each as often; so each must be reached as often
        edges = rewire(np.array(sorted(network), dtype=np.int64), n, 1, rng)
        moves[index[network], index[frozenset((min(e), max(e)) for e in edges.tolist())]] += 1
    assert chisquare(moves.sum(axis=0)).pvalue > 0.001
    assert connected_components(moves > 0, connection="strong")[0] == 1
    there, back = moves[np.triu_indices(len(every), 1)], moves.T[np.triu_indices(len(every), 1)]
    assert (np.abs(there - back) <= 4.5 * np.sqrt(there + back + 1)).all()
