"""Reach: how many stakeholders are moved within one step, or two, when one starts.

An independent cascade gives every arc one chance. Within two steps, i moves j directly or through any q who moves j;
these paths share no arc, so that the chance of none is the product of the chances of each failing, and the expected
number is exact. With every probability 1 it is the plain count of Borgatti's m-reach. Who starts counts.

Only arcs for something lead further: leave out those against before you call.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array

LARGEST = 3_000_000_000
"""``cost`` up to which reach in two steps takes about two minutes; beyond, look at accounts, or at one step."""

_CELLS = 1 << 16


def reach_1(matrix: csr_array) -> NDArray[np.float64]:
    """Expected number of stakeholders moved within one step of each, itself included (kernel, no checks).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        ``matrix[i, j]`` is the probability in [0, 1] that i moves j; no self-ties.

    Returns
    -------
    ndarray, shape (nodes,)
        1 plus the sum over j of p(i, j): from 1 to the size of the account.

    References
    ----------
    Borgatti, S. P. (2006). Identifying sets of key players in a social network. *Computational & Mathematical
    Organization Theory* 12, 21-34. doi:10.1007/s10588-006-7084-x

    Examples
    --------
    >>> reach_1(csr_array([[0.0, 0.5, 0.0], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]])).tolist()
    [1.5, 1.5, 1.0]
    """
    return 1.0 + np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def reach_2(matrix: csr_array) -> NDArray[np.float64]:
    """Expected number of stakeholders moved within two steps of each, itself included (kernel, no checks).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        ``matrix[i, j]`` is the probability in [0, 1] that i moves j; no self-ties.

    Returns
    -------
    ndarray, shape (nodes,)
        1 plus the sum over j of 1 - (1 - p(i, j)) * product over q of (1 - p(i, q) p(q, j)): from 1 to the size of the
        account, and a whole number where every probability is 0 or 1.

    Notes
    -----
    The work is the number of paths of two arcs: over all stakeholders, arcs in times arcs out.

    References
    ----------
    As for :func:`reach_1`. Kempe, D., Kleinberg, J. & Tardos, É. (2003). Maximizing the spread of influence through a
    social network. *KDD '03*, 137-146. doi:10.1145/956750.956769

    Examples
    --------
    >>> reach_2(csr_array([[0.0, 0.5, 0.0], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]])).tolist()
    [1.75, 1.5, 1.0]
    """
    certain = bool((matrix.data == 1).all())
    first = csr_array(matrix + eye_array(matrix.shape[0], format="csr"))  # who starts moves itself, then all the others
    reached = np.empty(matrix.shape[0])
    for begin, end in _blocks(first, matrix):
        rows = first[begin:end]
        reached[begin:end] = _counted(rows, matrix, begin) if certain else _expected(rows, matrix, begin)
    return 1.0 + reached


def cost(matrix: csr_array) -> int:
    """Work which reach in two steps takes: the number of paths of one arc or two. Compare it with ``LARGEST``.

    Examples
    --------
    >>> cost(csr_array([[0.0, 0.5, 0.0], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]]))
    3
    """
    return matrix.nnz + int(np.diff(matrix.indptr).astype(np.int64)[matrix.indices].sum())


def _blocks(first: csr_array, matrix: csr_array) -> Iterator[tuple[int, int]]:
    """First row of each block and the one after its last: a bounded number of paths, or a single row."""
    paths = np.r_[0, np.cumsum(np.diff(matrix.indptr).astype(np.int64)[first.indices])][first.indptr]
    begin, last = 0, len(paths) - 1
    most = max(_CELLS, last)  # each block also takes a few passes over all nodes
    while begin < last:
        end = max(int(np.searchsorted(paths, paths[begin] + most, side="right")) - 1, begin + 1)
        yield begin, end
        begin = end


def _counted(rows: csr_array, matrix: csr_array, begin: int) -> NDArray[np.float64]:
    """Number of others within two steps of each row, the first of which is node ``begin``."""
    there = [csr_array((np.ones(a.nnz, dtype=bool), a.indices, a.indptr), shape=a.shape) for a in (rows, matrix)]
    found = csr_array(there[0] @ there[1])
    return 1.0 * np.diff(found.indptr) - found.diagonal(begin)


def _expected(rows: csr_array, matrix: csr_array, begin: int) -> NDArray[np.float64]:
    """Expected number of others moved within two steps of each row, the first of which is node ``begin``."""
    count = np.diff(matrix.indptr)[rows.indices]
    ends = np.cumsum(count, dtype=count.dtype)
    second = np.repeat(matrix.indptr[rows.indices] - (ends - count), count)
    second += np.arange(len(second), dtype=second.dtype)
    failing = np.repeat(-rows.data, count)
    failing *= matrix.data[second]
    with np.errstate(divide="ignore"):
        np.log1p(failing, out=failing)  # -inf where a path is certain
    # Times an indicator: those to the same node are added up in linear time, and never sorted.
    each = np.arange(len(failing) + 1, dtype=np.int32)
    by_path = csr_array((failing, each[:-1], np.r_[0, ends][rows.indptr]), shape=(rows.shape[0], len(failing)))
    to = csr_array((np.ones(len(failing)), matrix.indices[second], each), shape=(len(failing), matrix.shape[0]))
    none = csr_array(by_path @ to)
    row = np.repeat(np.arange(rows.shape[0]), np.diff(none.indptr))
    moved = np.where(none.indices == row + begin, 0.0, -np.expm1(none.data))  # a way back moves nobody else
    return np.asarray(np.bincount(row, weights=moved, minlength=rows.shape[0]), dtype=np.float64)
