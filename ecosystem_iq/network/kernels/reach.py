"""Reach: how many stakeholders are moved within one step, or two, when one starts.

An independent cascade gives every arc one chance. Within two steps, i moves j directly or through any q who moves j;
these paths share no arc, so that the chance of none is the product of the chances of each failing, and the expected
number is exact. With every probability 1 it is the plain count of Borgatti's m-reach. Who starts counts.

Only arcs for something lead further: leave out those against before you call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array
from scipy.sparse.csgraph import connected_components

LARGEST = 1_600_000_000
"""``cost`` up to which reach in two steps takes about two minutes; beyond, look at accounts, or at one step."""

_EXPECTED_CELLS, _COUNTED_CELLS = 1 << 15, 1 << 20
"""Paths in a block, for either way: what the first looks up stays in the cache; the second does not unfold paths."""

_WORDS_A_PATH = 2.0
"""Words of 64 stakeholders which are joined in the time in which one path is followed."""


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
    if certain and (sets := _Sets.of(matrix)).work < _WORDS_A_PATH * cost(matrix):
        return sets.counts()
    first = csr_array(matrix + eye_array(matrix.shape[0], format="csr"))  # who starts moves itself, then all the others
    reached = np.empty(matrix.shape[0])
    for begin, end in _blocks(first, matrix, _COUNTED_CELLS if certain else _EXPECTED_CELLS):
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


def _blocks(first: csr_array, matrix: csr_array, cells: int) -> Iterator[tuple[int, int]]:
    """First row of each block and the one after its last: a bounded number of paths, or a single row."""
    paths = np.r_[0, np.cumsum(np.diff(matrix.indptr).astype(np.int64)[first.indices])][first.indptr]
    begin, last = 0, len(paths) - 1
    most = max(cells, last)  # each block also takes a few passes over all nodes
    while begin < last:
        end = max(int(np.searchsorted(paths, paths[begin] + most, side="right")) - 1, begin + 1)
        yield begin, end
        begin = end


@dataclass(frozen=True, eq=False)
class _Sets:
    """Whom each node moves in one step, itself included, as bits: the set of two steps is theirs joined.

    Nodes stand by connected piece, the largest first, and have a bit each within their piece. So a word of 64 concerns
    a first part of all nodes, and of their arcs: those in pieces which are large enough.

    Attributes
    ----------
    indptr, indices : ndarray of int
        The arcs, in that order.
    bit : ndarray of int, shape (nodes,)
        Which of its piece each node is, from 0.
    active : ndarray of int, shape (words,)
        Nodes to which each word matters.
    order : ndarray of int, shape (nodes,)
        Which node stands where.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    bit: NDArray[np.int64]
    active: NDArray[np.int64]
    order: NDArray[np.int64]

    @classmethod
    def of(cls, matrix: csr_array) -> _Sets:
        pieces, piece = connected_components(matrix, connection="weak")
        size = np.bincount(piece, minlength=pieces)
        order = np.lexsort((piece, -size[piece]))
        begin = np.flatnonzero(np.diff(piece[order], prepend=-1))
        size = np.diff(begin, append=len(order))
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        arcs = matrix[order]
        most = -(-int(size.max(initial=0)) // 64)
        pieces_of_word = np.searchsorted(-size, -64 * np.arange(most), side="left")  # those of more than 64 k
        active = np.r_[begin, len(order)][pieces_of_word]
        bit = np.arange(len(order)) - np.repeat(begin, size)
        return cls(arcs.indptr.astype(np.int64), place[arcs.indices], bit, active, order)

    @property
    def work(self) -> int:
        """Words to be joined."""
        return int((self.indptr[self.active] + self.active).sum())

    def counts(self) -> NDArray[np.float64]:
        """Number within two steps of each node, itself included."""
        many = np.arange(len(self.bit), dtype=np.int32)
        tail, head = np.r_[many, np.repeat(many, np.diff(self.indptr))], np.r_[many, self.indices]
        word, bits = self.bit[head] >> 6, np.uint64(1) << (self.bit[head] & 63).astype(np.uint64)
        by_word = np.argsort(word, kind="stable")
        tail, bits, cut = tail[by_word], bits[by_word], np.searchsorted(word[by_word], np.arange(len(self.active) + 1))
        rows = np.flatnonzero(np.diff(self.indptr))  # reduceat cannot do without arcs
        begin, last = self.indptr[rows], np.searchsorted(rows, self.active)
        count = np.zeros(len(self.bit), dtype=np.int64)
        for k, (nodes, some) in enumerate(zip(self.active.tolist(), last.tolist(), strict=True)):
            here, one = slice(cut[k], cut[k + 1]), np.zeros(nodes, dtype=np.uint64)
            np.add.at(one, tail[here], bits[here])  # no two of a node are the same: a sum is a union, and quicker
            two = one.copy()
            two[rows[:some]] |= np.bitwise_or.reduceat(one[self.indices[: self.indptr[nodes]]], begin[:some])
            count[:nodes] += np.bitwise_count(two)
        reached = np.empty(len(count))
        reached[self.order] = count
        return reached


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
