"""The skeleton and its triangles."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_iq.network.kernels import triangles as module
from ecosystem_iq.network.kernels.triangles import skeleton, triangles


def random_matrix(n, density, seed):
    rng = np.random.default_rng(seed)
    values = rng.random((n, n)) * (rng.random((n, n)) < density)
    np.fill_diagonal(values, 0.0)
    return values


def listed(matrix):
    """Every triangle as it is listed, as the three nodes."""
    pairs = skeleton(csr_array(matrix))
    found = []
    for ab, ac, bc in triangles(pairs):
        np.testing.assert_array_equal(pairs.low[ab], pairs.low[ac])
        np.testing.assert_array_equal(pairs.high[ab], pairs.low[bc])
        np.testing.assert_array_equal(pairs.high[ac], pairs.high[bc])
        found += list(zip(pairs.low[ab].tolist(), pairs.low[bc].tolist(), pairs.high[bc].tolist(), strict=True))
    return found


def expected(matrix):
    tied = (matrix > 0) | (matrix.T > 0)
    return {
        frozenset(three)
        for three in itertools.combinations(range(len(matrix)), 3)
        if all(tied[i, j] for i, j in itertools.combinations(three, 2))
    }


@pytest.mark.parametrize("density", [0.02, 0.1, 0.4, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_every_triangle_is_listed_once(density, seed):
    matrix = random_matrix(25, density, seed)
    found = listed(matrix)
    assert len(found) == len({frozenset(three) for three in found})
    assert {frozenset(three) for three in found} == expected(matrix)


@pytest.mark.parametrize(("setting", "value"), [("_PORTION", 1), ("_PORTION", 7), ("_LARGEST_TABLE", 16)])
def test_portions_and_shared_cells_of_the_table_change_nothing(setting, value, monkeypatch):
    matrix = random_matrix(30, 0.25, 5)
    before = listed(matrix)
    monkeypatch.setattr(module, setting, value)
    assert listed(matrix) == before


def test_the_count_is_that_of_networkx_on_a_larger_graph_of_hubs():
    graph = nx.barabasi_albert_graph(1_500, 8, seed=1)
    assert len(listed(nx.to_scipy_sparse_array(graph))) == sum(nx.triangles(graph).values()) // 3


def test_the_skeleton_holds_both_arcs_of_every_pair():
    matrix = random_matrix(20, 0.3, 2)
    pairs = skeleton(csr_array(matrix))
    rebuilt = np.zeros_like(matrix)
    rebuilt[pairs.low, pairs.high] = pairs.up
    rebuilt[pairs.high, pairs.low] = pairs.down
    np.testing.assert_array_equal(rebuilt, matrix)
    assert len(pairs.low) == np.count_nonzero(np.triu(matrix + matrix.T))
    np.testing.assert_allclose(pairs.total(pairs.both), (matrix + matrix.T).sum(axis=1), rtol=1e-12)


def test_pairs_lead_to_the_node_with_more_ties():
    matrix = random_matrix(40, 0.2, 3)
    ties = np.count_nonzero(matrix, axis=0) + np.count_nonzero(matrix, axis=1)
    pairs = skeleton(csr_array(matrix))
    assert (ties[pairs.low] <= ties[pairs.high]).all()


def test_a_hub_starts_no_pair_of_a_large_star():
    n = 200_000
    spokes = csr_array((np.ones(n), (np.zeros(n, dtype=int), np.arange(1, n + 1))), shape=(n + 1, n + 1))
    pairs = skeleton(spokes)
    assert (pairs.high == 0).all()
    assert list(triangles(pairs)) == []


def test_stored_zeros_and_the_diagonal_are_no_arcs():
    values, tail, head = [0.5, 0.5, 0.0, 0.7, 0.0], [0, 1, 2, 1, 1], [1, 2, 0, 1, 0]
    pairs = skeleton(csr_array((values, (tail, head)), shape=(3, 3)))
    assert len(pairs.low) == 2
    assert pairs.both.tolist() == [0.5, 0.5]
    assert list(triangles(pairs)) == []


@pytest.mark.parametrize("n", [0, 1, 5])
def test_without_arcs_there_is_nothing(n):
    pairs = skeleton(csr_array((n, n)))
    assert pairs.total(pairs.both).tolist() == [0.0] * n
    assert list(triangles(pairs)) == []
