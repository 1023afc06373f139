"""Influence: direction, strength, restart within the account, and three independent ways to the same numbers."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from ecosystems import accounts, ecosystem, members, people, ties
from scipy.sparse import block_diag, csr_array

from ecosystem_iq.network import InfluenceGraph, influence_graph, to_networkx
from ecosystem_iq.network.kernels.influence import influence_shares, steps_to_settle, transition


def shares(graph, damping=0.85):
    return dict(zip(graph.ids, influence_shares(graph.matrix, graph.account_code, damping), strict=True))


def random_matrix(n, density, seed, top=1.0):
    rng = np.random.default_rng(seed)
    matrix = rng.random((n, n)) * top * (rng.random((n, n)) < density)
    np.fill_diagonal(matrix, 0)
    return matrix


def solved(matrix, account, damping):
    """Influence by solving the linear system densely, account by account."""
    result = np.zeros(len(matrix))
    for code in np.unique(account):
        inside = account == code
        a, n = matrix[np.ix_(inside, inside)], inside.sum()
        step = damping * a / np.maximum(1.0, a.sum(axis=0))
        restart = np.outer(np.full(n, 1 / n), 1.0 - step.sum(axis=0))
        # s = (step + restart) s with sum(s) = 1: replace one equation by the sum
        system = np.vstack([(step + restart - np.eye(n))[:-1], np.ones(n)])
        result[inside] = np.linalg.solve(system, np.r_[np.zeros(n - 1), 1.0])
    return result


def test_on_a_chain_the_source_comes_first():
    found = shares(InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.9))
    assert found["a"] > found["b"] > found["c"]


def test_who_moves_many_is_more_influential_than_who_is_moved_by_many():
    out, into = ["hub"] * 5, ["sink"] * 5
    graph = InfluenceGraph.from_edges([*out, *"abcde"], [*"abcde", *into], 0.7)
    found = shares(graph)
    assert max(found, key=found.get) == "hub"
    assert min(found, key=found.get) == "sink"


def test_a_faint_tie_is_worth_less_than_a_strong_one():
    found = shares(InfluenceGraph.from_edges(["faint", "strong"], ["x", "y"], [0.01, 0.9]))
    assert found["strong"] > 1.5 * found["faint"]
    assert found["faint"] == pytest.approx(found["x"], rel=0.02)  # as good as no tie


def test_by_hand_on_one_arc():
    found = shares(InfluenceGraph.from_edges(["a"], ["b"], 0.6))
    # b restarts with 1 - .85 * .6 = .49, a always: b = (1 - .51 b) / 2, a = b + .51 b
    b = 0.5 / (1 + 0.51 / 2)
    assert found == {"a": pytest.approx(1 - b, rel=1e-13), "b": pytest.approx(b, rel=1e-13)}


@pytest.mark.parametrize("damping", [0.0, 0.3, 0.85, 0.99, 0.999])
@pytest.mark.parametrize("seed", range(4))
def test_it_solves_the_linear_system(seed, damping):
    matrix = random_matrix(40, 0.15 + 0.2 * seed, seed, top=(0.1, 0.5, 1.0, 1.0)[seed])
    account = np.zeros(40, np.int64)
    found = influence_shares(csr_array(matrix), account, damping)
    np.testing.assert_allclose(found, solved(matrix, account, damping), rtol=0, atol=1e-12)
    assert found.sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_pagerank_on_reversed_arrows_where_everybody_is_moved_for_certain(seed):
    matrix = random_matrix(30, 0.4, seed)
    assert (matrix.sum(axis=0) >= 1).all()
    found = influence_shares(csr_array(matrix), np.zeros(30, np.int64), 0.85)
    graph = nx.from_numpy_array(matrix.T, create_using=nx.DiGraph)
    ranks = nx.pagerank(graph, alpha=0.85, tol=1e-15, max_iter=10_000)
    np.testing.assert_allclose(found, [ranks[i] for i in range(30)], rtol=0, atol=1e-9)


def test_it_is_not_pagerank_where_ties_are_faint():
    matrix = random_matrix(30, 0.1, 0, top=0.2)
    found = influence_shares(csr_array(matrix), np.zeros(30, np.int64), 0.85)
    ranks = nx.pagerank(nx.from_numpy_array(matrix.T, create_using=nx.DiGraph), alpha=0.85)
    assert np.abs(found - [ranks[i] for i in range(30)]).max() > 0.01


def test_all_accounts_in_one_pass_equal_each_alone():
    matrices = [random_matrix(n, 0.3, n) for n in (1, 2, 7, 20)]
    account = np.repeat(np.arange(4), [1, 2, 7, 20])
    together = influence_shares(csr_array(block_diag(matrices)), account, 0.85)
    alone = [influence_shares(csr_array(m), np.zeros(len(m), np.int64), 0.85) for m in matrices]
    np.testing.assert_allclose(together, np.concatenate(alone), rtol=0, atol=1e-13)
    np.testing.assert_allclose(np.bincount(account, weights=together), np.ones(4), atol=1e-13)


def test_accounts_need_not_stand_side_by_side():
    rng = np.random.default_rng(0)
    matrix, account = block_diag([rng.random((n, n)) for n in (1, 5, 9)]).toarray(), np.repeat([0, 2, 3], [1, 5, 9])
    order = rng.permutation(len(account))
    mixed = influence_shares(csr_array(matrix[np.ix_(order, order)]), account[order])
    np.testing.assert_allclose(mixed, influence_shares(csr_array(matrix), account)[order], rtol=1e-12)


def test_without_anybody_there_are_no_shares():
    assert len(influence_shares(csr_array((0, 0)), np.zeros(0, dtype=np.int64))) == 0


def test_an_unrelated_account_changes_nothing():
    def graph(*names):
        return influence_graph(
            ecosystem(
                stakeholders=people(*"abcd"),
                accounts=accounts(*names),
                memberships=[row for name in names for row in members(name, *"abcd")],
                ties=[
                    *ties("ab", "bc", account_id="A"),
                    *ties(*(("dc", "ca") if "B" in names else ()), account_id="B"),
                ],
            )
        )

    one, two = graph("A"), graph("A", "B")
    first = influence_shares(one.matrix, one.account_code)
    np.testing.assert_array_equal(first, influence_shares(two.matrix, two.account_code)[:4])


def test_without_arcs_everybody_is_equal():
    np.testing.assert_array_equal(influence_shares(csr_array((4, 4)), np.array([0, 0, 0, 1])), [1 / 3, 1 / 3, 1 / 3, 1])


def test_on_a_cycle_everybody_is_equal():
    graph = InfluenceGraph.from_edges("abcd", "bcda", 0.7)
    np.testing.assert_allclose(list(shares(graph).values()), np.full(4, 0.25), rtol=1e-12)


def test_negative_ties_count_by_their_absolute_value():
    signs = [1, -1, -1]
    plain = InfluenceGraph.from_edges("aab", "bcc", [0.5, 0.4, 0.3])
    mixed = InfluenceGraph.from_edges("aab", "bcc", [0.5, 0.4, 0.3], sign=signs)
    assert shares(plain) == shares(mixed)
    assert mixed.sign.tolist() == signs


def test_more_strength_never_means_less_influence_of_its_source():
    matrix = random_matrix(12, 0.3, 9, top=0.6)
    i, j = next(zip(*np.nonzero(matrix), strict=True))
    found = []
    for strength in np.linspace(0, 1, 6):
        matrix[i, j] = strength
        found.append(influence_shares(csr_array(matrix), np.zeros(12, np.int64))[i])
    assert (np.diff(found) >= -1e-15).all()
    assert found[-1] > found[0]


def test_steps_from_a_node_never_exceed_the_damping():
    step = transition(csr_array(random_matrix(25, 0.5, 2)), 0.85)
    into = np.asarray(step.sum(axis=0)).ravel()
    assert into.max() == pytest.approx(0.85)
    faint = transition(csr_array(random_matrix(25, 0.05, 2, top=0.1)), 0.85)
    np.testing.assert_allclose(faint.toarray(), 0.85 * random_matrix(25, 0.05, 2, top=0.1))


def test_steps_to_settle_grow_with_damping():
    assert steps_to_settle(0.0, 1e-14) == 1
    assert 0.999 ** steps_to_settle(0.999, 1e-14) <= 1e-14


def test_networkx_agrees_on_who_moves_whom():
    graph = InfluenceGraph.from_edges("ab", "bc", 0.5)
    assert list(to_networkx(graph).successors("a")) == ["b"]
