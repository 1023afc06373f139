"""Small accounts at a time give what each gives by itself, and large ones are left to the other way."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import block_diag, csr_array

from ecosystem_iq.network.kernels import small_accounts
from ecosystem_iq.network.kernels.small_accounts import blocks
from ecosystem_iq.network.kernels.structural_holes import constraint


def account_matrix(size: int, arcs: int, rng: np.random.Generator) -> csr_array:
    matrix = np.zeros((size, size))
    ends = rng.integers(0, size, (2, arcs))
    matrix[ends[0], ends[1]] = rng.uniform(0.05, 0.9, arcs)
    np.fill_diagonal(matrix, 0.0)
    return csr_array(matrix)


def joined(sizes: list[int], arcs: list[int]) -> tuple[csr_array, np.ndarray]:
    rng = np.random.default_rng(5)
    parts = [account_matrix(n, a, rng) for n, a in zip(sizes, arcs, strict=True)]
    return csr_array(block_diag(parts, format="csr")), np.repeat(np.arange(len(sizes)), sizes)


def test_constraint_is_that_of_networkx() -> None:
    matrix, account = joined([12, 1, 30, 7, 2], [60, 1, 200, 20, 2])
    expected = nx.constraint(nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph), weight="weight")
    np.testing.assert_allclose(constraint(matrix, account), [expected[i] for i in range(len(account))], rtol=1e-12)
    assert sum(len(block.account) for block in blocks(matrix, account)) == len(account)


@pytest.mark.parametrize("cells", [1, 600, 1 << 17])
def test_blocks_of_any_size_give_the_same(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_accounts, "_CELLS", cells)
    matrix, account = joined([20, 15, 5, 24], [90, 60, 12, 100])
    np.testing.assert_allclose(constraint(matrix, account), constraint(matrix), rtol=1e-12)


def test_large_and_sparse_accounts_are_left_out() -> None:
    matrix, account = joined([300, 10, 120], [2_000, 40, 30])
    np.testing.assert_allclose(constraint(matrix, account), constraint(matrix), rtol=1e-12)
    assert list(blocks(*joined([300], [2_000]))) == []
    assert list(blocks(*joined([120], [30]))) == []


def test_nobody_at_all() -> None:
    assert constraint(csr_array((0, 0)), np.zeros(0, dtype=np.int64)).shape == (0,)
    assert np.isnan(constraint(csr_array((3, 3)), np.array([0, 0, 1]))).all()
