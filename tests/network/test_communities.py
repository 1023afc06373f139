"""Communities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_iq.network.communities import communities


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
