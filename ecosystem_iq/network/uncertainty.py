"""How sure an influence rank is, given that some ties may not exist.

Each draw keeps a tie row with the probability of its confidence and counts it in full, with the same scale factor; the
whole influence calculation is then repeated on the drawn network.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.influence import steps_to_settle

LEVEL = 0.90
"""Coverage of every interval in this package."""

_TOLERANCE = 1e-10
_CELLS = 20_000_000


def draw_influence(graph: InfluenceGraph, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Influence shares on drawn networks.

    Parameters
    ----------
    graph : InfluenceGraph
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (nodes, draws)
        Each column sums to 1 in every account.
    """
    block = max(1, _CELLS // max(*graph.rows.shape, len(graph), 1))
    parts = [_draw(graph, min(block, draws - start), rng) for start in range(0, draws, block)]
    return np.hstack(parts)


def _draw(graph: InfluenceGraph, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draws over all ties of this map: what others hold changes nothing, nor which accounts are looked at."""
    used, column = np.unique(graph.rows.indices, return_inverse=True)
    ties = int(graph.tie_order.max(initial=-1)) + 1
    chance = rng.random((draws, ties))[:, graph.tie_order[used]]  # draw by draw: blocks change nothing
    exists = np.less(chance, graph.confidence[used]).T
    return _influence(graph, _arc_probabilities(graph, exists, column))


def _arc_probabilities(
    graph: InfluenceGraph, exists: NDArray[np.bool_], column: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Probability of each arc on each draw, shape (arcs, draws): certain ties instead of confident ones.

    ``column`` is the row of ``exists`` which belongs to each stored value of ``graph.rows``.
    """
    rows = graph.rows
    certain = np.minimum(np.abs(rows.data) / np.maximum(graph.confidence[rows.indices], 1e-12), 1.0 - 1e-12)
    there = exists.astype(float)
    sides = []
    for side in (1.0, -1.0):
        log_miss = np.where(np.sign(rows.data) == side, np.log1p(-certain), 0.0)
        by_arc = csr_array((log_miss, column, rows.indptr), shape=(rows.shape[0], len(there)))
        sides.append(-np.expm1(by_arc @ there))
    return np.asarray(np.maximum(*sides))


def _influence(graph: InfluenceGraph, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """The walk of :mod:`~ecosystem_iq.network.influence` on all draws side by side."""
    matrix, account = graph.matrix, graph.account_code
    n, draws = len(graph), probability.shape[1]
    into = _summed(probability, matrix.indices, n)
    step = graph.damping * probability / np.maximum(1.0, into)[matrix.indices]
    tail = np.repeat(np.arange(n), np.diff(matrix.indptr))
    even = (1.0 / np.bincount(account)[account])[:, None]
    member = csr_array((np.ones(n), (account, np.arange(n))))
    shares = np.broadcast_to(even, (n, draws))
    for _ in range(steps_to_settle(graph.damping, _TOLERANCE)):
        moved = _summed(step * shares[matrix.indices], tail, n)
        new = moved + (1.0 - np.asarray(member @ moved))[account] * even
        if np.abs(new - shares).max(initial=0.0) < _TOLERANCE:
            return new
        shares = new
    return shares


def _summed(values: NDArray[np.float64], group: NDArray[np.integer], n: int) -> NDArray[np.float64]:
    """Rows of ``values`` added up by group, shape (n, draws)."""
    gather = csr_array((np.ones(len(group)), (group, np.arange(len(group)))), shape=(n, len(group)))
    return np.asarray(gather @ values)
