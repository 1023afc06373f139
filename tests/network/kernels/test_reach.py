from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.sparse import block_diag, csr_array

from ecosystem_iq.network.kernels import reach
from ecosystem_iq.network.kernels.reach import cost, reach_1, reach_2


def random_matrix(n, density, seed):
    rng = np.random.default_rng(seed)
    return rng.random((n, n)) * ((rng.random((n, n)) < density) & ~np.eye(n, dtype=bool))


def enumerated(matrix, steps):
    """Every set of arcs which may be live, with its probability, and who is reached along it."""
    tail, head = np.nonzero(matrix)
    n, expected = len(matrix), np.zeros(len(matrix))
    for live in itertools.product([False, True], repeat=len(tail)):
        chance = np.where(live, matrix[tail, head], 1 - matrix[tail, head]).prod()
        there = np.eye(n, dtype=int)
        there[tail, head] += np.array(live, dtype=int)
        expected += chance * (np.linalg.matrix_power(there, steps) > 0).sum(axis=1)
    return expected


def by_formula(matrix):
    n, result = len(matrix), np.ones(len(matrix))
    for i, j in itertools.permutations(range(n), 2):
        result[i] += 1 - (1 - matrix[i, j]) * np.prod([1 - matrix[i, q] * matrix[q, j] for q in range(n)])
    return result


@pytest.mark.parametrize("seed", range(8))
def test_they_are_exact(seed):
    matrix = random_matrix(5, 0.4, seed)
    np.testing.assert_allclose(reach_1(csr_array(matrix)), enumerated(matrix, 1), rtol=1e-12)
    np.testing.assert_allclose(reach_2(csr_array(matrix)), enumerated(matrix, 2), rtol=1e-12)


@pytest.mark.parametrize("cells", [1, 30, 1 << 16])
@pytest.mark.parametrize("seed", range(4))
def test_blocks_change_nothing(seed, cells, monkeypatch):
    monkeypatch.setattr(reach, "_EXPECTED_CELLS", cells)
    monkeypatch.setattr(reach, "_COUNTED_CELLS", cells)
    monkeypatch.setattr(reach, "_WORDS_A_PATH", 0)
    matrix = random_matrix(30, 0.1 + 0.2 * seed, seed)
    np.testing.assert_allclose(reach_2(csr_array(matrix)), by_formula(matrix), rtol=1e-12)
    np.testing.assert_array_equal(reach_2(csr_array(np.ceil(matrix))), by_formula(np.ceil(matrix)))


@pytest.mark.parametrize("seed", range(4))
def test_with_certain_ties_it_is_a_count(seed):
    there = random_matrix(40, 0.05 * (seed + 1), seed) > 0
    two = ((there @ there) | there | np.eye(40, dtype=bool)).sum(axis=1)
    assert reach_2(csr_array(there.astype(float))).tolist() == two.tolist()
    assert reach_1(csr_array(there.astype(float))).tolist() == (1 + there.sum(axis=1)).tolist()


@pytest.mark.parametrize("words_a_path", [0, np.inf])
@pytest.mark.parametrize("arcs", [0, 1, 60, 400, 2000])
def test_both_ways_to_count_agree(arcs, words_a_path, monkeypatch):
    """Pieces of 1 to 200 nodes, which do not stand side by side: some fill a word of bits exactly, some begin one."""
    monkeypatch.setattr(reach, "_WORDS_A_PATH", words_a_path)
    rng = np.random.default_rng(arcs)
    piece = rng.permutation(np.repeat(np.arange(8), [1, 1, 3, 63, 64, 65, 128, 200]))
    there = np.zeros((len(piece), len(piece)), dtype=bool)
    there[tuple(rng.integers(0, len(piece), (2, 12 * arcs)))] = True
    there &= (piece[:, None] == piece) & ~np.eye(len(piece), dtype=bool)
    cycle = np.argsort(piece, kind="stable")
    there[cycle[:-1], cycle[1:]] |= (piece[cycle[:-1]] == piece[cycle[1:]]) & (arcs > 0)
    two = ((there.astype(int) @ there) > 0) | there | np.eye(len(piece), dtype=bool)
    assert reach_2(csr_array(there.astype(float))).tolist() == two.sum(axis=1).tolist()


def test_a_count_does_not_depend_on_the_order_of_arcs():
    there = csr_array((random_matrix(90, 0.2, 5) > 0).astype(float))
    turned = np.concatenate([row[::-1] for row in np.split(there.indices, there.indptr[1:-1])])
    same = csr_array((there.data, turned, there.indptr), shape=there.shape)
    assert reach_2(same).tolist() == reach_2(there).tolist()


def test_a_certain_tie_among_others_is_certain():
    matrix = np.array([[0, 1.0, 0.3, 0.2], [0, 0, 1.0, 0], [0, 0, 0, 1.0], [0, 0, 0, 0]])
    assert reach_2(csr_array(matrix)).tolist() == pytest.approx([1 + 1 + 1 + (1 - 0.8 * 0.7), 3, 2, 1], abs=1e-15)


def test_a_way_back_moves_nobody_else():
    both = csr_array([[0.0, 1.0], [1.0, 0.0]])
    assert reach_2(both).tolist() == [2.0, 2.0]
    assert reach_2(csr_array(both * 0.5)).tolist() == [1.5, 1.5]


def test_faint_ties_keep_their_digits():
    matrix = csr_array([[0.0, 1e-12, 0.0], [0.0, 0.0, 1e-6], [0.0, 0.0, 0.0]])
    assert (reach_2(matrix) - 1)[1] == pytest.approx(1e-6, rel=1e-9)


def test_arcs_of_no_probability_add_nothing():
    matrix = csr_array(([0.0, 1.0, 0.0], ([0, 1, 2], [1, 2, 0])), shape=(3, 3))
    assert reach_1(matrix).tolist() == [1.0, 2.0, 1.0]
    assert reach_2(matrix).tolist() == [1.0, 2.0, 1.0]


@pytest.mark.parametrize("n", [0, 1, 4])
def test_without_arcs_everybody_reaches_but_himself(n):
    for measured in (reach_1, reach_2):
        assert measured(csr_array((n, n))).tolist() == [1.0] * n
    assert cost(csr_array((n, n))) == 0


def test_shapes_by_hand():
    star, cycle = np.zeros((4, 4)), np.roll(np.eye(4), 1, axis=1)
    star[0, 1:] = 0.5
    assert reach_2(csr_array(star)).tolist() == pytest.approx([2.5, 1, 1, 1], abs=1e-15)
    assert reach_2(csr_array(star.T)).tolist() == pytest.approx([1, 1.5, 1.5, 1.5], abs=1e-15)
    assert reach_2(csr_array(cycle * 0.5)).tolist() == pytest.approx([1.75] * 4, abs=1e-15)


def test_one_step_never_reaches_more_than_two_nor_two_more_than_all():
    matrix = csr_array(random_matrix(50, 0.3, 1))
    one, two = reach_1(matrix), reach_2(matrix)
    assert (one <= two + 1e-12).all()
    assert (two <= 50).all()


def test_all_accounts_in_one_pass_equal_each_alone():
    matrices = [random_matrix(n, 0.3, n) for n in (1, 2, 9, 30)]
    together = reach_2(csr_array(block_diag(matrices)))
    np.testing.assert_allclose(together, np.concatenate([reach_2(csr_array(m)) for m in matrices]), rtol=1e-13)


def test_cost_counts_paths_of_one_arc_or_two():
    there = (random_matrix(30, 0.2, 0) > 0).astype(float)
    assert cost(csr_array(there)) == there.sum() + (there @ there).sum()
