"""Many small accounts at a time, each as a full table of everybody with everybody.

An account of sixty stakeholders has 3,600 pairs, most of them without a tie. Still, multiplying five hundred such
tables is quicker than finding the few triangles in them: processors like regular work. Where accounts are large or
their ties few, the table would be mostly zeros, and the list of ties is better; :func:`blocks` yields only the accounts
which gain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

_CELLS = 1 << 17
"""Of the tables of one block: what fits into the cache of a processor."""

_LARGEST = 128
_CELLS_PER_ARC = 20
"""Zeros which are cheaper to multiply than one arc is to look up."""


@dataclass(frozen=True, eq=False)
class Block:
    """Some small accounts, one after the other.

    Attributes
    ----------
    nodes : slice
        Their nodes in the whole network.
    account, place : ndarray of int, shape (nodes,)
        Of every node: number of its account in the block, and its own there.
    tail, head : ndarray of int, shape (arcs,)
        Ends of the arcs, counted from the first node of the block.
    value : ndarray of float, shape (arcs,)
    shape : tuple of int
        Accounts, and stakeholders of the largest of them.
    """

    nodes: slice
    account: NDArray[np.int64]
    place: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    value: NDArray[np.float64]
    shape: tuple[int, int]

    def sums(self) -> NDArray[np.float64]:
        """Values of all arcs of a node, in and out, shape (nodes,)."""
        n = len(self.account)
        return np.asarray(np.bincount(self.tail, self.value, n) + np.bincount(self.head, self.value, n))

    def table(self, there: NDArray[np.float64], back: NDArray[np.float64]) -> NDArray[np.float64]:
        """Tables, shape (accounts, size, size), of ``there`` from tail to head and ``back`` from head to tail."""
        accounts, size = self.shape
        row = (self.account * size + self.place) * size
        cell = np.concatenate([row[self.tail] + self.place[self.head], row[self.head] + self.place[self.tail]])
        both = np.concatenate([there, back])
        return np.asarray(np.bincount(cell, both, accounts * size * size), float).reshape(accounts, size, size)

    def of_nodes(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers of the rows of tables, shape (accounts, size), by node."""
        return rows[self.account, self.place]


def blocks(matrix: csr_array, account: NDArray[np.int64]) -> Iterator[Block]:
    """Accounts whose tables are worth filling in, in blocks of neighboring accounts.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        No arc leaves an account.
    account : ndarray of int, shape (nodes,)
        Number of the account of every node, rising.

    Yields
    ------
    Block

    Examples
    --------
    >>> two_pairs = csr_array([[0, 1.0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1.0], [0, 0, 0, 0]])
    >>> [(block.nodes, block.shape) for block in blocks(two_pairs, np.array([0, 0, 1, 1]))]
    [(slice(0, 4, None), (2, 2))]
    """
    start = np.flatnonzero(np.r_[True, account[1:] != account[:-1]]) if len(account) else np.zeros(0, dtype=np.intp)
    size = np.diff(np.r_[start, len(account)])
    several = max(1, _CELLS // max(int(np.square(size[size <= _LARGEST]).max(initial=1)), 1))
    for first in range(0, len(size), several):
        sizes = size[first : first + several]
        begin, end = int(start[first]), int(start[first] + sizes.sum())
        largest, arcs = int(sizes.max()), int(matrix.indptr[end] - matrix.indptr[begin])
        if largest <= _LARGEST and len(sizes) * largest**2 <= _CELLS_PER_ARC * arcs:
            yield _block(matrix, slice(begin, end), sizes)


def _block(matrix: csr_array, nodes: slice, sizes: NDArray[np.intp]) -> Block:
    bounds = matrix.indptr[nodes.start : nodes.stop + 1]
    arcs = slice(bounds[0], bounds[-1])
    account = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(account)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    tail = np.repeat(np.arange(len(account)), np.diff(bounds))
    head = matrix.indices[arcs] - nodes.start
    return Block(nodes, account, place, tail, head, matrix.data[arcs], (len(sizes), int(sizes.max())))
