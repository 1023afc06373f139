"""Participation coefficient and E-I index."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import block_diag, csr_array

from ecosystem_iq.network.kernels.mixing import account_ei_index, ei_index, participation


def random_matrix(n, density, seed):
    rng = np.random.default_rng(seed)
    values = rng.random((n, n)) * (rng.random((n, n)) < density)
    np.fill_diagonal(values, 0.0)
    return values


def labels_of(n, many, seed):
    return np.random.default_rng(seed).integers(0, many, n)


@pytest.mark.parametrize("seed", range(4))
def test_participation_is_its_formula(seed):
    matrix, label = random_matrix(30, 0.08, seed), labels_of(30, 4, seed)
    both = matrix + matrix.T
    total = both.sum(axis=1)
    with np.errstate(invalid="ignore"):
        wanted = 1 - sum((both[:, label == s].sum(axis=1) / total) ** 2 for s in range(4))
    np.testing.assert_allclose(participation(csr_array(matrix), label), wanted, rtol=1e-9, atol=1e-12)


def test_participation_of_a_stakeholder_between_four_communities():
    star = csr_array((np.ones(4), ([0, 0, 0, 0], [1, 2, 3, 4])), shape=(5, 5))
    assert participation(star, np.arange(5)).tolist() == [0.75, 0.0, 0.0, 0.0, 0.0]
    assert participation(star, np.zeros(5, dtype=np.int64)).tolist() == [0.0] * 5


@pytest.mark.parametrize("seed", range(4))
def test_ei_index_is_its_formula(seed):
    matrix, group = random_matrix(30, 0.08, seed), np.array(["", "a", "b", "c"], dtype=object)[labels_of(30, 4, seed)]
    found = ei_index(csr_array(matrix), group)
    both = matrix + matrix.T
    for node in range(30):
        known = group != ""
        inside = both[node][known & (group == group[node])].sum()
        outside = both[node][known & (group != group[node])].sum()
        if group[node] == "" or inside + outside == 0:
            assert np.isnan(found[node])
        else:
            assert found[node] == pytest.approx((outside - inside) / (outside + inside), rel=1e-9, abs=1e-12)


def test_the_index_of_an_account_is_that_of_all_its_ties():
    matrix = csr_array((np.ones(4), ([0, 1, 2, 4], [1, 2, 0, 5])), shape=(7, 7))
    group = np.array(["a", "a", "b", "b", "a", "a", "a"], dtype=object)
    account = np.array([0, 0, 0, 0, 1, 1, 2])
    np.testing.assert_allclose(account_ei_index(matrix, group, account), [1 / 3, -1.0, np.nan])
    np.testing.assert_allclose(account_ei_index(matrix, group, account, 4), [1 / 3, -1.0, np.nan, np.nan])


def test_ties_inside_and_outside_are_the_two_ends_of_the_scale():
    matrix = csr_array((np.full(2, 0.5), ([0, 2], [1, 3])), shape=(4, 4))
    assert ei_index(matrix, np.array(["a", "a", "a", "b"], dtype=object)).tolist() == [-1.0, -1.0, 1.0, 1.0]


def test_direction_and_scale_change_nothing():
    matrix, label = csr_array(random_matrix(30, 0.1, 1)), labels_of(30, 3, 1)
    group = label.astype(str).astype(object)
    for other in (csr_array(matrix.T), csr_array(matrix * 1e-6)):
        np.testing.assert_allclose(participation(other, label), participation(matrix, label), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(ei_index(other, group), ei_index(matrix, group), rtol=1e-9, atol=1e-12)


def test_several_accounts_are_each_alone():
    parts = [csr_array(random_matrix(n, 0.3, n)) for n in (8, 1, 15)]
    together = csr_array(block_diag(parts, format="csr"))
    labels = [labels_of(part.shape[0], 3, 0) for part in parts]
    groups = [label.astype(str).astype(object) for label in labels]
    np.testing.assert_allclose(
        participation(together, np.concatenate(labels)),
        np.concatenate([participation(*pair) for pair in zip(parts, labels, strict=True)]),
    )
    np.testing.assert_allclose(
        ei_index(together, np.concatenate(groups)),
        np.concatenate([ei_index(*pair) for pair in zip(parts, groups, strict=True)]),
    )
    account = np.repeat(np.arange(3), [8, 1, 15])
    alone = [
        account_ei_index(part, group, np.zeros(len(group), dtype=int))[0]
        for part, group in zip(parts, groups, strict=True)
    ]
    np.testing.assert_allclose(account_ei_index(together, np.concatenate(groups), account), alone)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_without_ties_there_is_no_value(n):
    empty, group = csr_array((n, n)), np.full(n, "a", dtype=object)
    nodes = np.zeros(n, dtype=np.int64)
    assert np.isnan(participation(empty, nodes)).all()
    assert np.isnan(ei_index(empty, group)).all()
    assert np.isnan(account_ei_index(empty, group, nodes, 1)).tolist() == [True]


def test_ties_of_probability_zero_are_none():
    zeros = csr_array((np.zeros(2), ([0, 1], [1, 2])), shape=(3, 3))
    assert np.isnan(participation(zeros, np.array([0, 1, 2]))).all()
    assert np.isnan(ei_index(zeros, np.array(["a", "b", "b"], dtype=object))).all()
