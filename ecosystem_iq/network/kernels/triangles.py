"""Closed triads: the one kernel behind constraint, effective size and brokerage.

Three stakeholders who all know each other are a triangle of the *skeleton*, the graph in which every two neighbors are
one pair, whichever way the arrows run. Each pair leads from the neighbor with fewer ties (``low``) to the one with more
(``high``), so even a hub with a hundred thousand ties starts only few pairs, and looking at all two pairs with the same
start costs at most ``pairs ** 1.5`` (a product of matrices costs the square of the hub's degree). They are looked
at in portions of bounded size: memory does not grow with the number of triangles.

References
----------
Chiba, N. & Nishizeki, T. (1985). Arboricity and subgraph listing algorithms. *SIAM Journal on Computing* 14, 210-223.
doi:10.1137/0214017
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

Positions: TypeAlias = NDArray[np.intp]
Numbers: TypeAlias = NDArray[np.float64] | NDArray[np.bool_]

_PORTION = 1 << 16
"""Wedges (two pairs with the same start) looked at in one go: what fits into the cache of a processor."""

_LARGEST_TABLE = 1 << 24
_GOLDEN = np.uint32(2654435769)
"""2 ** 32 over the golden ratio: multiples of it fall far apart (Knuth, TAOCP 3, 6.4)."""


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Pairs of neighbors, each once.

    Attributes
    ----------
    nodes : int
    low, high : ndarray of int, shape (pairs,)
        The two nodes of each pair; ``high`` has at least as many ties as ``low``.
    up, down : ndarray of float, shape (pairs,)
        Value of the arc from ``low`` to ``high``, and of that from ``high`` to ``low``; 0 where there is none.
    starts : ndarray of int, shape (nodes + 1,)
        Pairs are sorted by the place of ``low``, then of ``high``, when nodes are sorted by ties. Those of the node at
        place r are ``starts[r]:starts[r + 1]``.
    ends : ndarray of int, shape (pairs,)
        Place of ``high``.
    """

    nodes: int
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    up: NDArray[np.float64]
    down: NDArray[np.float64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @property
    def both(self) -> NDArray[np.float64]:
        """Value of the two arcs together, shape (pairs,)."""
        return self.up + self.down

    def total(self, values: Numbers) -> NDArray[np.float64]:
        """Values of pairs, summed over the pairs of each node, shape (nodes,)."""
        return self.total_of_ends(values, values)

    def total_of_ends(self, low: Numbers, high: Numbers) -> NDArray[np.float64]:
        """As :meth:`total`, with a value for either end of a pair."""
        ends = np.bincount(self.low, low, self.nodes), np.bincount(self.high, high, self.nodes)
        return np.add(*ends, dtype=np.float64)


def skeleton(matrix: csr_array) -> Skeleton:
    """The skeleton of a directed graph (kernel, no checks).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Non-negative; stored zeros and the diagonal are no arcs.

    Returns
    -------
    Skeleton

    Examples
    --------
    >>> pairs = skeleton(csr_array([[0, 0.5, 0], [0.25, 0, 0.5], [0, 0, 0]]))
    >>> pairs.low.tolist(), pairs.high.tolist(), pairs.both.tolist()
    ([2, 0], [1, 1], [0.5, 0.75])
    """
    n = matrix.shape[0]
    by_ties = np.argsort(np.diff(matrix.indptr) + np.bincount(matrix.indices, minlength=n), kind="stable")
    place = np.empty(n, dtype=np.int32)
    place[by_ties] = np.arange(n, dtype=np.int32)
    tail, head, value = np.repeat(place, np.diff(matrix.indptr)), place[matrix.indices], matrix.data
    there = (value > 0) & (tail != head)
    if not there.all():
        tail, head, value = tail[there], head[there], value[there]
    # One complex number a pair carries both arcs through the merge: the real part runs up, the imaginary one down.
    arcs = np.where(tail < head, 1.0, 1.0j) * value
    pairs = coo_array((arcs, (np.minimum(tail, head), np.maximum(tail, head))), shape=(n, n)).tocsr()
    low = np.repeat(by_ties.astype(np.int32), np.diff(pairs.indptr))
    high = by_ties.astype(np.int32)[pairs.indices]
    up, down = np.ascontiguousarray(pairs.data.real), np.ascontiguousarray(pairs.data.imag)
    return Skeleton(n, low, high, up, down, pairs.indptr, pairs.indices)


def triangles(pairs: Skeleton) -> Iterator[tuple[Positions, Positions, Positions]]:
    """All triangles, each once, in portions.

    Parameters
    ----------
    pairs : Skeleton

    Yields
    ------
    ab, ac, bc : ndarray of int, shape (triangles,)
        Positions among the pairs: ``low[ab]`` is a, ``low[bc]`` is b, ``high[bc]`` is c. Triangles without order are
        listed in the order of ``ab``, then ``ac``.

    Examples
    --------
    >>> pairs = skeleton(csr_array(np.ones((4, 4))))
    >>> [(pairs.low[ab].tolist(), pairs.high[bc].tolist()) for ab, _, bc in triangles(pairs)]
    [([0, 0, 0, 1], [2, 3, 3, 3])]
    """
    position = np.arange(len(pairs.ends), dtype=np.int32)
    partners = np.repeat(pairs.starts[1:], np.diff(pairs.starts)) - 1 - position
    before = np.r_[0, np.cumsum(partners, dtype=np.int64)]
    if before[-1] == 0:
        return
    third = _ThirdSides(pairs)
    cuts = np.searchsorted(before, np.arange(0, before[-1], _PORTION))
    for start, stop in zip(cuts, [*cuts[1:], len(position)], strict=True):
        of = np.repeat(np.arange(stop - start), partners[start:stop])  # gathering is quicker than repeating again
        skip = before[start:stop] - before[start] - position[start:stop] - 1
        ac = np.arange(len(of)) - skip.take(of)
        closed, bc = third.find(pairs.ends[start:stop].take(of), pairs.ends.take(ac))
        yield of.take(closed) + start, ac.take(closed), bc


class _ThirdSides:
    """Finds pairs by their two ends.

    A table by hash answers nearly all questions with one look, above all the frequent "there is no such pair"; only
    where two pairs share a cell is the other one searched for in its row.
    """

    def __init__(self, pairs: Skeleton) -> None:
        self.low = np.repeat(np.arange(pairs.nodes, dtype=np.int32), np.diff(pairs.starts))
        self.high = pairs.ends
        number = np.arange(1, len(self.low) + 1, dtype=np.int32)
        self.rows = csr_array((number, self.high, pairs.starts), shape=(pairs.nodes, pairs.nodes))
        self.mask = np.uint32(min(1 << (8 * len(number)).bit_length(), _LARGEST_TABLE) - 1)
        self.table = np.zeros(int(self.mask) + 1, dtype=np.int32)
        self.table[self._cell(self.low, self.high)] = number

    def find(self, low: NDArray[np.int32], high: NDArray[np.int32]) -> tuple[Positions, Positions]:
        """Which of the pairs asked for exist, and their positions."""
        number = self.table.take(self._cell(low, high))
        full = np.flatnonzero(number != 0)
        low, high, number = low.take(full), high.take(full), number.take(full)
        other = np.flatnonzero((self.low.take(number - 1) != low) | (self.high.take(number - 1) != high))
        if len(other):
            number[other] = self.rows[low[other], high[other]]
        exist = np.flatnonzero(number != 0)
        return full.take(exist), number.take(exist).astype(np.intp) - 1

    def _cell(self, low: NDArray[np.int32], high: NDArray[np.int32]) -> NDArray[np.uint32]:
        return (low.view(np.uint32) * _GOLDEN + high.view(np.uint32)) & self.mask
