"""Constraint and effective size."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import block_diag, csr_array

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.kernels.structural_holes import constraint, effective_size

BOTH = pytest.mark.parametrize("measure", [constraint, effective_size])


def random_matrix(n, density, seed):
    rng = np.random.default_rng(seed)
    values = (0.05 + 0.95 * rng.random((n, n))) * (rng.random((n, n)) < density)
    np.fill_diagonal(values, 0.0)
    return csr_array(values)


def by_networkx(measure, graph, weight):
    """Node by node: the fast path of effective size in networkx 3.6 divides by the maximum of the wrong node."""
    nodes = list(graph)
    found = {constraint: nx.constraint, effective_size: nx.effective_size}[measure](graph, nodes=nodes, weight=weight)
    return [found[node] for node in nodes]


def undirected(edges, n):
    matrix = np.zeros((n, n))
    for i, j in edges:
        matrix[i, j] = matrix[j, i] = 1.0
    return csr_array(matrix)


@BOTH
@pytest.mark.parametrize(("n", "density"), [(30, 0.03), (30, 0.1), (18, 0.3), (10, 0.9)])
@pytest.mark.parametrize("seed", range(2))
def test_directed_weighted_graphs_agree_with_networkx(measure, n, density, seed):
    matrix = random_matrix(n, density, seed)
    graph = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)
    found = measure(matrix)
    # networkx calls a node without arcs out isolated when it is asked node by node; one tie of any direction is enough.
    tied = np.array([graph.out_degree(node) > 0 for node in graph])
    np.testing.assert_allclose(found[tied], np.array(by_networkx(measure, graph, "weight"))[tied], rtol=1e-9)
    assert np.isnan(found).tolist() == [graph.degree(node) == 0 for node in graph]


@BOTH
@pytest.mark.parametrize("seed", range(3))
def test_unweighted_graphs_agree_with_networkx(measure, seed):
    matrix = random_matrix(30, 0.1, seed)
    ones = csr_array((np.ones_like(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
    graph = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)
    tied = np.array([graph.out_degree(node) > 0 for node in graph])
    np.testing.assert_allclose(
        measure(ones)[tied], np.array(by_networkx(measure, graph, None))[tied], rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("seed", range(3))
def test_constraint_agrees_with_networkx_on_every_node_of_a_graph_with_hubs(seed):
    graph = nx.gnm_random_graph(10, 0, seed=seed)
    graph = nx.DiGraph(nx.disjoint_union(graph, nx.barabasi_albert_graph(300, 5, seed=seed)))
    rng = np.random.default_rng(seed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = rng.random()
    found = nx.constraint(graph, weight="weight")
    np.testing.assert_allclose(constraint(csr_array(nx.to_scipy_sparse_array(graph))), list(found.values()), rtol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_effective_size_without_direction_is_the_formula_of_borgatti(seed):
    graph = nx.gnp_random_graph(40, 0.15, seed=seed)
    np.testing.assert_allclose(
        effective_size(csr_array(nx.to_scipy_sparse_array(graph, dtype=float))),
        list(nx.effective_size(graph, nodes=list(graph)).values()),
        rtol=1e-9,
    )


@pytest.mark.parametrize(("layer", "level"), [("collaboration", 3), ("dissemination", 1)])
def test_constraint_agrees_with_igraph(layer, level, extra_data):
    folder = extra_data / "data" / "tobacco_control_indiana"
    nodes, ties = (pd.read_csv(folder / f"{name}.csv") for name in ("nodes", "ties"))
    ties = ties[(ties["relation"] == layer) & (ties["level"] >= level)]
    ends = [[*ties["source"], *ties["target"]], [*ties["target"], *ties["source"]]]
    graph = InfluenceGraph.from_edges(*ends, 1.0, ids=nodes["node_id"])
    published = pd.read_csv(extra_data / "reference" / "network" / f"tobacco_{layer}_centrality.csv")
    published = published.set_index("node_id").loc[list(graph.ids), "constraint"]
    np.testing.assert_allclose(constraint(graph.matrix), published, rtol=0, atol=1e-9)
    half = csr_array(graph.matrix * 0.5)
    np.testing.assert_allclose(constraint(half), published, rtol=0, atol=1e-9)


def test_known_values():
    star = undirected([(0, leaf) for leaf in range(1, 6)], 6)
    np.testing.assert_allclose(constraint(star), [0.2, 1, 1, 1, 1, 1])
    np.testing.assert_allclose(effective_size(star), [5, 1, 1, 1, 1, 1])
    triangle = undirected(itertools.combinations(range(3), 2), 3)
    np.testing.assert_allclose(constraint(triangle), 1.125)
    np.testing.assert_allclose(effective_size(triangle), 1.0)
    clique = undirected(itertools.combinations(range(5), 2), 5)
    np.testing.assert_allclose(constraint(clique), 4 * (1 / 4 + 3 / 16) ** 2)
    np.testing.assert_allclose(effective_size(clique), 1.0)
    cycle = undirected([(0, 1), (1, 2), (2, 3), (3, 0)], 4)
    np.testing.assert_allclose(constraint(cycle), 0.5)
    np.testing.assert_allclose(effective_size(cycle), 2.0)


def test_the_bridge_between_two_circles_is_least_constrained():
    circles = [*itertools.combinations(range(4), 2), *itertools.combinations(range(5, 9), 2), (0, 4), (4, 5)]
    matrix = undirected(circles, 9)
    assert np.argmin(constraint(matrix)) == 4
    assert np.argmax(effective_size(matrix) / np.asarray((matrix > 0).sum(axis=1))) == 4


@BOTH
def test_direction_and_scale_change_nothing(measure):
    matrix = random_matrix(30, 0.15, 7)
    np.testing.assert_allclose(measure(csr_array(matrix.T)), measure(matrix), rtol=1e-12)
    np.testing.assert_allclose(measure(csr_array(matrix * 1e-9)), measure(matrix), rtol=1e-9)


def test_effective_size_is_between_one_and_the_number_of_neighbors():
    matrix = random_matrix(60, 0.2, 1)
    neighbors = np.asarray((matrix + matrix.T > 0).sum(axis=1))
    found = effective_size(matrix)
    assert (found >= 1 - 1e-12).all()
    assert (found <= neighbors).all()


@BOTH
def test_several_accounts_are_each_alone(measure):
    parts = [random_matrix(12, 0.3, 0), random_matrix(25, 0.2, 1), csr_array((1, 1)), random_matrix(4, 0.9, 2)]
    together = measure(csr_array(block_diag(parts, format="csr")))
    np.testing.assert_allclose(together, np.concatenate([measure(part) for part in parts]), rtol=1e-12)


@BOTH
@pytest.mark.parametrize("n", [0, 1, 4])
def test_without_ties_there_is_no_value(measure, n):
    found = measure(csr_array((n, n)))
    assert found.shape == (n,)
    assert np.isnan(found).all()


@BOTH
def test_ties_of_probability_zero_are_none(measure):
    values = csr_array(([0.0, 0.5, 0.0], ([0, 1, 3], [1, 2, 1])), shape=(4, 4))
    np.testing.assert_array_equal(measure(values), [np.nan, 1.0, 1.0, np.nan])
