"""How far stakeholders are from each other, along the arrows.

An arc of probability p is ``max(-ln p, 1e-9)`` long, so that the shortest path is the one most likely to carry
influence all the way, and of two which are certain the one with fewer steps. Without weights every arc is 1 long.

All pairs of a large map do not fit into memory, nor are most of them connected. So the map is cut into its weakly
connected pieces, and one column holds the distances from one source in *every* piece: many small accounts go through
side by side, and a large one in blocks of columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

LARGEST = 4_000_000_000
"""``cost`` up to which harmonic closeness takes about two minutes; beyond, measure reach in two steps."""

TIE = 1e-12
"""Two lengths are equal when they differ by less than this part of them."""

_SHORTEST = 1e-9
_CELLS = 1 << 20
_DEEP = 32


def lengths(matrix: csr_array, *, weighted: bool = True) -> csr_array:
    """Length of every arc (kernel, no checks).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        ``matrix[i, j]`` is the probability in [0, 1] that i moves j.
    weighted : bool
        False: every arc is 1 long.

    Returns
    -------
    csr_array, shape (nodes, nodes)
        ``max(-ln p, 1e-9)`` for each arc with p > 0; arcs of probability 0 are not stored.

    Examples
    --------
    >>> lengths(csr_array([[0.0, 1.0], [0.5, 0.0]])).toarray().round(3).tolist()
    [[0.0, 0.0], [0.693, 0.0]]
    """
    present = matrix.data > 0
    indptr = np.r_[0, np.cumsum(present)][matrix.indptr].astype(np.int32)
    chance = matrix.data[present]
    far = np.maximum(-np.log(chance), _SHORTEST) if weighted else np.ones(len(chance))
    return csr_array((far, matrix.indices[present].astype(np.int32), indptr), shape=matrix.shape)


def harmonic(lengths: csr_array, account: NDArray[np.int64]) -> NDArray[np.float64]:
    """Harmonic closeness of every node to those whom it moves, however many steps away (kernel, no checks).

    Parameters
    ----------
    lengths : csr_array, shape (nodes, nodes)
        Block-diagonal by account.
    account : ndarray of int, shape (nodes,)

    Returns
    -------
    ndarray, shape (nodes,)
        Mean of 1 / distance over all others in the account, 0 for those who cannot be reached; so 0 for who reaches
        nobody, and in [0, 1] without weights. NaN in an account of one: there are no others.

    References
    ----------
    Marchiori, M. & Latora, V. (2000). Harmony in the small-world. *Physica A* 285, 539-546.
    doi:10.1016/S0378-4371(00)00311-3

    Examples
    --------
    >>> chain = csr_array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    >>> harmonic(chain, np.zeros(3, np.int64)).tolist()
    [0.75, 0.5, 0.0]
    """
    total = np.zeros(lengths.shape[0])
    for pieces in connected_pieces(lengths):
        for block in pieces.blocks():
            near = 1.0 / _from_sources(block)
            total[pieces.nodes[block.row]] = np.add.reduceat(near, block.first, axis=0)[block.piece, block.column]
    others = np.bincount(account)[account] - 1
    mean: NDArray[np.float64] = np.divide(total, others, out=np.full(len(total), np.nan), where=others > 0)
    return mean


def cost(lengths: csr_array) -> int:
    """Work which all shortest paths take: over connected pieces, stakeholders who move somebody times arcs.

    Compare it with ``LARGEST`` here and in :mod:`~ecosystem_iq.network.kernels.betweenness`.

    Examples
    --------
    >>> cost(csr_array([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))
    6
    """
    piece = connected_components(lengths, connection="weak")[1]
    out = np.diff(lengths.indptr)
    return int(np.bincount(piece, weights=out) @ np.bincount(piece, weights=out > 0))


@dataclass(frozen=True, eq=False)
class Block:
    """One column of sources or more: in each, one source of every piece which has so many.

    Attributes
    ----------
    lengths : csr_array, shape (rows, rows)
    even : bool
        Whether all arcs of a piece are equally long.
    first : ndarray of int, shape (pieces,)
        Row at which each piece begins.
    piece, row, column : ndarray of int, shape (sources,)
        Piece, row and column of each source.
    width : int
        Columns.
    """

    lengths: csr_array
    even: bool
    first: NDArray[np.int64]
    piece: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    width: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.lengths.shape[0], self.width

    def distances(self) -> NDArray[np.float64]:
        """From the source of each column to each row, shape (rows, width); inf where there is no path."""
        if len(self.first) == 1:
            return np.ascontiguousarray(dijkstra(self.lengths, indices=self.row).T)
        by_column = self.row[np.argsort(self.column, kind="stable")]
        ends = np.cumsum(np.bincount(self.column))
        far = np.empty(self.shape)
        for column, sources in enumerate(np.split(by_column, ends[:-1])):  # one in each piece at once: they never meet
            far[:, column] = dijkstra(self.lengths, indices=sources, min_only=True)
        return far

    def steps(self) -> tuple[NDArray[np.int16], NDArray[np.float64]] | None:
        """Steps from the source of each column to each row (-1: no path), and how many paths have so few.

        None when somebody is so many steps away that going step by step through whole columns does not pay.
        """
        back = csr_array((np.ones(self.lengths.nnz), self.lengths.indices, self.lengths.indptr), self.lengths.shape).T
        step = np.full(self.shape, -1, dtype=np.int16)
        front = np.zeros(self.shape)
        step[self.row, self.column], front[self.row, self.column] = 0, 1.0
        paths = front.copy()
        for depth in range(1, _DEEP):
            front = np.asarray(back @ front)
            front[step >= 0] = 0.0
            new = front > 0
            if not new.any():
                return step, paths
            step[new] = depth
            paths += front
        return None


@dataclass(frozen=True, eq=False)
class Pieces:
    """Weakly connected pieces, those with most sources first, and in each its sources (who move somebody) first.

    Attributes
    ----------
    nodes : ndarray of int, shape (rows,)
        Node of each row.
    lengths : csr_array, shape (rows, rows)
    first : ndarray of int, shape (pieces + 1,)
        Row at which each piece begins.
    sources : ndarray of int, shape (pieces,)
    even : bool
        Whether all arcs of a piece are equally long.
    """

    nodes: NDArray[np.int64]
    lengths: csr_array
    first: NDArray[np.int64]
    sources: NDArray[np.int64]
    even: bool

    def blocks(self) -> Iterator[Block]:
        """All sources, in blocks of bounded memory."""
        begin, most = 0, int(self.sources.max(initial=0))
        while begin < most:
            pieces = int(np.searchsorted(-self.sources, -begin))
            rows = int(self.first[pieces])
            width = min(max(1, _CELLS // int(self.lengths.indptr[rows])), most - begin)
            yield self._block(begin, width, pieces)
            begin += width

    def _block(self, begin: int, width: int, pieces: int) -> Block:
        rows = int(self.first[pieces])
        arcs = int(self.lengths.indptr[rows])
        leading = csr_array(
            (self.lengths.data[:arcs], self.lengths.indices[:arcs], self.lengths.indptr[: rows + 1]), shape=(rows, rows)
        )
        count = np.minimum(self.sources[:pieces] - begin, width)
        piece = np.repeat(np.arange(pieces), count)
        column = np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
        row = self.first[piece] + begin + column
        return Block(leading, self.even, self.first[:pieces], piece, row, column, width)


def connected_pieces(lengths: csr_array) -> list[Pieces]:
    """The pieces whose arcs are all equally long, and the others; nodes without arcs are in neither."""
    count, piece = connected_components(lengths, connection="weak")
    tail = np.repeat(np.arange(lengths.shape[0]), np.diff(lengths.indptr))
    longest, shortest = np.zeros(count), np.full(count, np.inf)
    np.maximum.at(longest, piece[tail], lengths.data)
    np.minimum.at(shortest, piece[tail], lengths.data)
    even = longest <= shortest * (1 + TIE)
    return [
        _pieces(lengths, piece, chosen, even=bool(even[chosen].all()))
        for chosen in ((longest > 0) & even, (longest > 0) & ~even)
        if chosen.any()
    ]


def _pieces(lengths: csr_array, piece: NDArray[np.int32], chosen: NDArray[np.bool_], *, even: bool) -> Pieces:
    moves = np.diff(lengths.indptr) > 0
    sources = np.bincount(piece, weights=moves).astype(np.int64)
    place = np.argsort(np.argsort(-sources, kind="stable"), kind="stable")
    nodes = np.flatnonzero(chosen[piece])
    nodes = nodes[np.lexsort((~moves[nodes], place[piece[nodes]]))]
    first = np.flatnonzero(np.diff(piece[nodes], prepend=-1, append=-1))
    return Pieces(nodes, lengths[nodes][:, nodes], first, sources[piece[nodes[first[:-1]]]], even)


def _from_sources(block: Block) -> NDArray[np.float64]:
    """Distances in which a source is infinitely far from itself: it is no other."""
    found = block.steps() if block.even else None
    if found is None:
        far = block.distances()
    else:
        arc = block.lengths.data[block.lengths.indptr[block.first]]  # a piece begins with one who moves somebody
        long = np.repeat(arc, np.diff(block.first, append=block.shape[0]))
        far = np.where(found[0] < 0, np.inf, found[0] * long[:, None])
    far[block.row, block.column] = np.inf
    return far
