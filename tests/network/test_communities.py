"""Communities."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.communities import account_communities, bonds, communities, modularity


def planted(sizes, inside=0.5, between=0.01, seed=0):
    rng = np.random.default_rng(seed)
    block = np.repeat(np.arange(len(sizes)), sizes)
    same = block[:, None] == block
    matrix = rng.random(same.shape) * (rng.random(same.shape) < np.where(same, inside, between))
    np.fill_diagonal(matrix, 0)
    return csr_array(matrix), block


def same_partition(one, other):
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


@pytest.mark.parametrize("seed", range(3))
def test_planted_blocks_are_recovered(seed):
    matrix, block = planted([30, 20, 12], seed=seed)
    found = communities(matrix)
    assert same_partition(found, block)


def test_labels_are_numbered_by_size():
    found = communities(planted([8, 30, 15])[0])
    counts = np.bincount(found)
    assert counts.tolist() == sorted(counts, reverse=True)
    assert len(counts) == 3


def test_equal_sizes_are_numbered_by_the_lowest_node():
    matrix, block = planted([12, 12])
    assert communities(matrix).tolist() == block.tolist()


def test_the_same_for_the_same_graph():
    matrix, _ = planted([20, 20, 20], inside=0.25, between=0.08)
    np.testing.assert_array_equal(communities(matrix), communities(csr_array(matrix.copy())))


def test_direction_does_not_matter():
    matrix, _ = planted([15, 15])
    np.testing.assert_array_equal(communities(matrix), communities(csr_array(matrix.T)))


@pytest.mark.parametrize("n", [0, 1, 4])
def test_without_edges_everybody_is_alone(n):
    assert communities(csr_array((n, n))).tolist() == list(range(n))


def test_ties_of_weight_zero_or_to_oneself_are_no_edges():
    zeros = csr_array((np.zeros(2), ([0, 1], [1, 2])), shape=(3, 3))
    assert communities(zeros).tolist() == [0, 1, 2]
    assert communities(csr_array(np.eye(3))).tolist() == [0, 1, 2]


def test_isolates_stay_alone_after_the_rest():
    matrix = np.zeros((5, 5))
    matrix[1, 3] = matrix[3, 4] = 0.5
    assert communities(csr_array(matrix)).tolist() == [1, 0, 2, 0, 0]


def test_the_input_is_not_changed():
    matrix, _ = planted([6, 6])
    before = matrix.toarray()
    communities(matrix)
    np.testing.assert_array_equal(matrix.toarray(), before)


@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e-300, 1e-200, 1e-12, 1e200, 1e308])
def test_a_common_scale_of_the_weights_changes_nothing(scale):
    matrix = np.kron(np.eye(2), np.ones((4, 4)))
    matrix[3, 4] = 1.0
    np.fill_diagonal(matrix, 0)
    assert communities(csr_array(matrix * scale)).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("no_tie", [0.0, -1.0, np.nan, np.inf, -np.inf, 1e-310])
def test_what_is_no_tie_is_left_out(no_tie):
    matrix = np.zeros((5, 5))
    matrix[0, 1] = matrix[2, 3] = 0.5
    matrix[1, 2] = no_tie
    assert communities(csr_array(matrix)).tolist() == [0, 0, 1, 1, 2]


def accounts(seed=0, count=6):
    """Accounts of different size: of their own blocks, of two, and of people without ties."""
    rng = np.random.default_rng(seed)
    rows = []
    for account in range(count):
        n = (2, 40, 7, 25, 12, 4)[account % 6]
        pairs = rng.integers(n, size=(3 * n, 2))
        rows += [(f"p{a:02d}", f"p{b:02d}", f"acc{account}") for a, b in pairs if a != b]
    chance = rng.random(len(rows)) * (rng.random(len(rows)) < 0.9)
    sign = np.where(rng.random(len(rows)) < 0.9, 1, -1)
    source, target, account = zip(*rows, strict=True)
    return source, target, chance, sign, account


@pytest.mark.parametrize("weighted", [False, True])
def test_an_account_is_grouped_as_if_it_were_alone(weighted):
    source, target, chance, sign, account = accounts()
    graph = InfluenceGraph.from_edges(source, target, chance, sign=sign, account=account)
    found = account_communities(graph, weighted=weighted)
    for name in graph.account_ids:
        own = [i for i, where in enumerate(account) if where == name]
        ends = [source[i] for i in own], [target[i] for i in own]
        alone = InfluenceGraph.from_edges(*ends, chance[own], sign=sign[own])
        one = found[graph.account == name]
        np.testing.assert_array_equal(one, account_communities(alone, weighted=weighted))
        assert sorted(set(one.tolist())) == list(range(one.max() + 1))


def test_weighted_communities_are_those_of_the_ties_in_favour():
    source, target, chance, sign, _ = accounts(seed=1, count=2)
    graph = InfluenceGraph.from_edges(source, target, chance, sign=sign)
    supporting = graph.matrix.copy()
    supporting.data[graph.sign < 0] = 0.0
    np.testing.assert_array_equal(account_communities(graph, weighted=True), communities(supporting))
    np.testing.assert_array_equal(account_communities(graph), communities(bonds(graph)))


def test_bonds_count_a_tie_once_and_leave_out_those_against():
    graph = InfluenceGraph.from_edges("abcad", "babdc", [0.1, 0.9, 0.5, 0.0, 0.3], sign=[1, 1, 1, 1, -1])
    expected = np.zeros((4, 4))
    expected[[0, 1, 1, 2], [1, 0, 2, 1]] = 1
    np.testing.assert_array_equal(bonds(graph).toarray(), expected)
    assert bonds(graph).nnz == 4


@pytest.mark.parametrize("seed", range(5))
def test_modularity_is_that_of_networkx_in_every_account(seed):
    graph = InfluenceGraph.from_edges(*accounts(seed)[:3], account=accounts(seed)[4])
    adjacency, labels = bonds(graph), account_communities(graph)
    found = modularity(adjacency, labels, graph.sizes)
    for code in range(len(graph.account_ids)):
        here = np.flatnonzero(graph.account_code == code)
        one = nx.from_scipy_sparse_array(adjacency[here][:, here])
        sets = [set(np.flatnonzero(labels[here] == label)) for label in np.unique(labels[here])]
        assert found[code] == pytest.approx(nx.community.modularity(one, sets), abs=1e-12)


def test_modularity_of_the_karate_club_is_near_the_best_known():
    graph = nx.karate_club_graph()
    adjacency = csr_array((nx.to_scipy_sparse_array(graph, weight=None) > 0).astype(float))
    assert modularity(adjacency, communities(adjacency))[0] == pytest.approx(0.4198, abs=0.0005)


def test_modularity_without_ties_is_missing():
    graph = InfluenceGraph.from_edges([], [], 0.5, ids="ab")
    assert np.isnan(modularity(bonds(graph), account_communities(graph), graph.sizes)).tolist() == [True]
