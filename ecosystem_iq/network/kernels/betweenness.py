"""Betweenness: on how many shortest paths of influence a stakeholder stands between two others.

Brandes' two passes, for a block of sources at once. Forwards, the number of shortest paths to everybody; backwards, how
much of what arrives goes through each. Both follow *tight* arcs only, ``d[u] + length == d[v]``, a twentieth of all
arcs in a typical map; lengths are never negative or 0, so that these never form a cycle. Where all arcs are equally
long, whole columns go step by step instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network.kernels.distances import TIE, Block, connected_pieces

LARGEST = 2_000_000_000
"""``distances.cost`` up to which betweenness takes about two minutes; beyond, measure brokerage."""


def betweenness(lengths: csr_array) -> NDArray[np.float64]:
    """How many shortest paths lead through every node (kernel, no checks).

    Parameters
    ----------
    lengths : csr_array, shape (nodes, nodes)
        From :func:`~ecosystem_iq.network.kernels.distances.lengths`; no path leads from one account to another.

    Returns
    -------
    ndarray, shape (nodes,)
        Over all ordered pairs of others, the share of their shortest paths on which the node is; directed, not
        normalized. Paths are equally long up to a relative 1e-12, step by step. 0 at an end, without ties, and in
        accounts of one or two. NaN for who is between a pair with more than 1e308 shortest paths.

    References
    ----------
    Brandes, U. (2001). A faster algorithm for betweenness centrality. *Journal of Mathematical Sociology* 25, 163-177.
    doi:10.1080/0022250X.2001.9990249

    Examples
    --------
    >>> chain = csr_array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    >>> betweenness(chain).tolist()
    [0.0, 1.0, 0.0]
    """
    total = np.zeros(lengths.shape[0])
    for pieces in connected_pieces(lengths):
        for block in pieces.blocks():
            through = _by_steps(block) if block.even else None
            if through is None:
                through = _by_distance(block)
            through[block.row, block.column] = 0.0  # a path does not lead through its own source
            total[pieces.nodes[: len(through)]] += through.sum(axis=1)
    return total


def _by_steps(block: Block) -> NDArray[np.float64] | None:
    """Dependence of each source on each node, shape (rows, width); None where paths have too many steps."""
    found = block.steps()
    if found is None:
        return None
    step, paths = found
    arcs = csr_array((np.ones(block.lengths.nnz), block.lengths.indices, block.lengths.indptr), block.lengths.shape)
    share = np.divide(1.0, paths, out=np.zeros(block.shape), where=paths > 0)
    onwards = np.zeros(block.shape)
    for depth in range(int(step.max()), 0, -1):
        arriving = np.where(step == depth, share + onwards, 0.0)
        onwards += np.where(step == depth - 1, arcs @ arriving, 0.0)
    return onwards * paths


def _by_distance(block: Block) -> NDArray[np.float64]:
    """As :func:`_by_steps`, for arcs of any length. A cell (row, column) is a node as seen from one source."""
    arcs = _tight(block)
    source = block.row * block.width + block.column
    paths = np.zeros(block.shape[0] * block.width)
    paths[source] = 1.0
    rounds = _count(arcs, source, paths)
    share = np.divide(1.0, paths, out=np.zeros(len(paths)), where=paths != 0)
    onwards = np.zeros(len(paths))
    for cells, starts, heads in reversed(rounds):
        onwards[cells] = np.add.reduceat(share[heads] + onwards[heads], starts)
    return np.multiply(onwards, paths, out=np.zeros(len(paths)), where=onwards != 0).reshape(block.shape)


def _tight(block: Block) -> csr_array:
    """Arcs between cells which are part of a shortest path."""
    far = block.distances()
    lengths, width = block.lengths, block.width
    tail = np.repeat(np.arange(len(far), dtype=np.int32), np.diff(lengths.indptr))
    bound = np.where(np.isinf(far), -1.0, far * (1 + TIE))  # who is not reached has no shortest path
    through = far[tail]
    through += lengths.data[:, None]
    hit = np.flatnonzero(through <= bound[lengths.indices])
    arc, column = hit // width, hit % width
    before, after = tail[arc] * width + column, lengths.indices[arc] * width + column
    forwards = far.ravel()[before] < far.ravel()[after]  # a tie of 1e-9 after a long way is within the tolerance
    before, after = before[forwards], after[forwards]
    return csr_array((np.ones(len(before), np.int8), (before, after)), shape=(far.size, far.size))


def _count(
    arcs: csr_array, front: NDArray[np.int64], paths: NDArray[np.float64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]]:
    """Add up the paths to each cell, a cell being passed on when all paths to it are known.

    Returns the rounds: cells, where the arcs of each begin among the heads, and these.
    """
    waiting = np.bincount(arcs.indices, minlength=len(paths))
    out = np.diff(arcs.indptr)
    claim = np.empty(len(paths), dtype=np.int64)
    rounds = []
    while (front := front[out[front] > 0]).size:
        count = out[front]
        ends = np.cumsum(count)
        heads = arcs.indices[np.repeat(arcs.indptr[front] - (ends - count), count) + np.arange(ends[-1])]
        with np.errstate(over="ignore"):
            np.add.at(paths, heads, np.repeat(paths[front], count))
        np.subtract.at(waiting, heads, 1)
        rounds.append((front, ends - count, heads))
        ready = heads[waiting[heads] == 0].astype(np.int64)
        claim[ready] = np.arange(len(ready))  # a cell several arcs lead to is passed on once
        front = ready[claim[ready] == np.arange(len(ready))]
    paths[np.isinf(paths)] = np.nan  # too many to count
    return rounds
