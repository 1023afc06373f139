"""The largest eigenvalue of each part, and sums of walks."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import block_diag, csr_array

from ecosystem_iq.network.kernels import perron
from ecosystem_iq.network.kernels.perron import present_arcs, strong_parts, walks


def random_map(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 30))
    there = (rng.random((n, n)) < rng.uniform(0, 5 / n)) & ~np.eye(n, dtype=bool)
    return csr_array(there * rng.uniform(0.01, 1, (n, n)))


def one(n):
    return np.zeros(n, dtype=np.int64)


def ring(weights):
    n = len(weights)
    return csr_array((weights, (np.arange(n), (np.arange(n) + 1) % n)), shape=(n, n))


def both_ways(graph, n):
    matrix = nx.to_scipy_sparse_array(graph, nodelist=range(n), dtype=float)
    return csr_array(matrix)


def arcs(count, n, rng):
    tail, head = rng.integers(0, n, (2, count))
    apart = tail != head
    return csr_array((rng.uniform(0.01, 1, apart.sum()), (tail[apart], head[apart])), shape=(n, n))


def assert_settled(matrix, parts, tolerance=1e-12):
    """The strongest part of the one account is an eigenvector, entry by entry, which is what Collatz's bounds ask."""
    part = parts.label == np.argmax(parts.radius)
    block, x = csr_array(matrix[part][:, part]), parts.vector[part]
    np.testing.assert_allclose(block @ x, parts.radius.max() * x, rtol=tolerance)
    assert x.max() == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(200))
def test_the_radius_is_the_largest_eigenvalue(seed):
    matrix = random_map(seed)
    dense = matrix.toarray()
    graph = nx.from_numpy_array(dense, create_using=nx.DiGraph)
    blocks = [dense[np.ix_(list(part), list(part))] for part in nx.strongly_connected_components(graph)]
    expected = max(np.abs(np.linalg.eigvals(block)).max() for block in blocks)
    parts = strong_parts(matrix, one(len(dense)))
    assert parts.radius.max() == pytest.approx(expected, rel=1e-11, abs=0.0 if expected == 0 else None)
    if expected > 0:
        assert_settled(matrix, parts)


@pytest.mark.parametrize("n", [2, 3, 50, 300, 3000])
def test_uneven_rings(n):
    weights = np.random.default_rng(n).uniform(0.01, 1, n)
    parts = strong_parts(ring(weights), one(n))
    assert parts.radius[0] == pytest.approx(np.exp(np.log(weights).mean()), rel=1e-12)
    assert_settled(ring(weights), parts)


@pytest.mark.parametrize("n", [2, 3, 60, 400, 4000])
def test_long_paths_and_back(n):
    parts = strong_parts(both_ways(nx.path_graph(n), n), one(n))
    assert parts.radius[0] == pytest.approx(2 * np.cos(np.pi / (n + 1)), rel=1e-13)
    expected = np.sin(np.pi * np.arange(1, n + 1) / (n + 1))
    np.testing.assert_allclose(parts.vector, expected / expected.max(), rtol=1e-8)


def test_two_sides_which_swing():
    n = 12
    parts = strong_parts(both_ways(nx.complete_bipartite_graph(3, 9), n), one(n))
    assert parts.radius[0] == pytest.approx(np.sqrt(27), rel=1e-13)
    np.testing.assert_allclose(parts.vector, [1] * 3 + [np.sqrt(3) / 3] * 9, rtol=1e-12)


@pytest.mark.parametrize("direct", [0.0, np.inf])
@pytest.mark.parametrize("bridge", [1e-2, 1e-6, 1e-12])
def test_two_crowds_which_hardly_know_each_other(bridge, direct, monkeypatch):
    """By Arnoldi's method where solving equations is dear, and by Noda's where it is cheap."""
    monkeypatch.setattr(perron, "_QUICKLY_FACTORED", direct)
    rng = np.random.default_rng(3)
    dense = block_diag([arcs(1500, 150, rng), arcs(1500, 150, rng)]).toarray()
    dense[0, 200] = dense[201, 1] = bridge
    matrix = csr_array(dense)
    parts = strong_parts(matrix, one(300))
    assert parts.radius.max() == pytest.approx(np.abs(np.linalg.eigvals(dense)).max(), rel=1e-11)
    assert_settled(matrix, parts, 1e-10)


def test_a_part_too_large_to_be_factored_is_still_found(monkeypatch):
    monkeypatch.setattr(perron, "_QUICKLY_FACTORED", 0.0)
    monkeypatch.setattr(perron, "_LARGEST_FACTORED", 0.0)
    n = 60
    parts = strong_parts(both_ways(nx.path_graph(n), n), one(n))
    assert parts.radius[0] == pytest.approx(2 * np.cos(np.pi / (n + 1)), rel=1e-11)


def test_without_cycle_the_radius_is_exactly_zero():
    triangle = csr_array(np.triu(np.ones((20, 20)), 1))
    parts = strong_parts(triangle, one(20))
    assert (parts.radius == 0).all()
    assert (parts.vector == 1).all()


def test_walks_from_a_fixed_start():
    step = csr_array([[0.0, 0.5, 0.0], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]])
    assert walks(step, np.array([0.0, 0.0, 1.0]), one(3)).tolist() == [0.25, 0.5, 1.0]


@pytest.mark.parametrize("limit", [0.0, np.inf])
@pytest.mark.parametrize("ratio", [0.5, 0.99, 0.999])
def test_walks_which_hardly_fade(ratio, limit, monkeypatch):
    monkeypatch.setattr(perron, "_LARGEST_FACTORED", limit)
    matrix = arcs(200, 40, np.random.default_rng(5))
    step = csr_array(matrix * (ratio / np.abs(np.linalg.eigvals(matrix.toarray())).max()))
    expected = np.linalg.solve(np.eye(40) - step.toarray(), np.ones(40))
    np.testing.assert_allclose(walks(step, np.ones(40), one(40)), expected / expected.max(), rtol=1e-10)


def test_walks_too_many_to_be_counted():
    n = 600
    doubling = csr_array((np.full(n - 1, 1e3), (np.arange(n - 1), np.arange(1, n))), shape=(n, n))
    found = walks(doubling, np.ones(n), one(n))
    assert found[0] == 1.0
    np.testing.assert_allclose(found[:50], 1e-3 ** np.arange(50), rtol=1e-11)


def test_present_arcs_drops_what_has_no_probability():
    matrix = csr_array(([0.0, 0.4, 0.0, 0.2], ([0, 1, 1, 2], [1, 0, 2, 1])), shape=(3, 3))
    assert present_arcs(matrix).nnz == 2
    np.testing.assert_array_equal(present_arcs(matrix).toarray(), matrix.toarray())
