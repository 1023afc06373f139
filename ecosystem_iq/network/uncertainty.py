"""How sure an influence rank is, given that some ties may not exist and that some stakeholders were never asked.

Each draw keeps a tie row with the probability of its confidence and counts it in full, with the same scale factor;
whoever was never asked whom they listen to gets the incoming arcs of a random donor
(:mod:`~ecosystem_iq.network.missing`); the whole influence calculation is then repeated on the drawn network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.influence import steps_to_settle
from ecosystem_iq.network.missing import AUTO, HotDeck, Imputed, Unasked

LEVEL = 0.90
"""Coverage of every interval in this package."""

_TOLERANCE = 1e-10
_CELLS = 2_000_000
"""Arcs (or ties) times draws at a time: some 150 MB, and quicker than more."""


def draw_influence(
    graph: InfluenceGraph, draws: int, rng: np.random.Generator, *, unasked: Unasked = AUTO
) -> NDArray[np.float64]:
    """Influence shares on drawn networks.

    Parameters
    ----------
    graph : InfluenceGraph
    draws : int
    rng : numpy.random.Generator
    unasked : ndarray of bool, "auto" or None
        Stakeholders whose incoming arcs are unknown, shape (nodes,); default those who move others while no arc comes
        in; None takes the map as complete.

    Returns
    -------
    ndarray, shape (nodes, draws)
        Each column sums to 1 in every account.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a"] * 6, list("bcdefg"), 0.5)
    >>> drawn = draw_influence(graph, 50, np.random.default_rng(0))
    >>> bool(np.ptp(drawn[0]) > 0)  # nobody knows whom a listens to
    True
    >>> float(np.ptp(draw_influence(graph, 50, np.random.default_rng(0), unasked=None)[0]))
    0.0
    """
    return np.hstack([drawn.influence for drawn in drawn_networks(graph, draws, rng, unasked=unasked)])


@dataclass(frozen=True, eq=False)
class Drawn:
    """Some drawn networks.

    Attributes
    ----------
    exists : ndarray of bool, shape (draws, used ties)
        Which rows of the tie table are kept, in the order of :func:`used_ties`.
    probability : ndarray of float, shape (draws, arcs)
        Of each known arc.
    imputed : Imputed
        Arcs in the place of unknown ones.
    influence : ndarray of float, shape (nodes, draws)
    """

    exists: NDArray[np.bool_]
    probability: NDArray[np.float64]
    imputed: Imputed
    influence: NDArray[np.float64]


def used_ties(graph: InfluenceGraph) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the tie table behind any arc, and which of them belongs to each stored value of ``graph.rows``."""
    used, column = np.unique(graph.rows.indices, return_inverse=True)
    return used.astype(np.int64), column.astype(np.int64)


def drawn_networks(
    graph: InfluenceGraph, draws: int, rng: np.random.Generator, *, unasked: Unasked = AUTO
) -> Iterator[Drawn]:
    """Drawn networks, as many at a time as fit into bounded memory; parameters as in :func:`draw_influence`."""
    deck = HotDeck.of(graph, unasked, rng)
    ties = int(graph.tie_order.max(initial=-1)) + 1
    widest = max(graph.rows.nnz, graph.matrix.nnz, ties, len(graph), int(deck.arcs_a_draw), 1)
    block = max(1, _CELLS // widest)
    for start in range(0, draws, block):
        yield _draw(graph, min(block, draws - start), rng, deck)


def _draw(graph: InfluenceGraph, draws: int, rng: np.random.Generator, deck: HotDeck) -> Drawn:
    """Draws over all ties of this map: what others hold changes nothing, nor which accounts are looked at."""
    used, column = used_ties(graph)
    ties = int(graph.tie_order.max(initial=-1)) + 1
    chance = rng.random((draws, ties))[:, graph.tie_order[used]]  # draw by draw: blocks change nothing
    exists = np.less(chance, graph.confidence[used])
    probability = _arc_probabilities(graph, exists, column)
    imputed = deck.draw(probability)
    return Drawn(exists, probability, imputed, _influence(graph, probability, imputed))


def certain_probability(graph: InfluenceGraph) -> NDArray[np.float64]:
    """Probability of each stored value of ``graph.rows`` when the tie is known to exist."""
    own = np.abs(graph.rows.data) / np.maximum(graph.confidence[graph.rows.indices], 1e-12)
    return np.asarray(np.minimum(own, 1.0 - 1e-12))


def _arc_probabilities(
    graph: InfluenceGraph, exists: NDArray[np.bool_], column: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Probability of each arc on each draw, shape (draws, arcs): certain ties instead of confident ones."""
    rows, certain = graph.rows, certain_probability(graph)
    if not len(certain):
        return np.zeros((len(exists), rows.shape[0]))
    first = rows.indptr[:-1]
    probability = exists[:, column[first]] * certain[first]
    several = np.flatnonzero(np.diff(rows.indptr) != 1)  # most arcs rest on one row and need no more
    if len(several):
        there = exists.T.astype(np.float64)
        probability[:, several] = np.maximum(
            *(
                _joined(graph, np.where(np.sign(rows.data) == side, certain, 0.0), column, several, there)
                for side in (1, -1)
            )
        )
    return np.asarray(probability)


def _joined(
    graph: InfluenceGraph,
    certain: NDArray[np.float64],
    column: NDArray[np.int64],
    arcs: NDArray[np.int64],
    there: NDArray[np.float64],
) -> NDArray[np.float64]:
    """``1 - prod(1 - p)`` over the existing rows of some arcs, shape (draws, arcs)."""
    log_miss = csr_array((np.log1p(-certain), column, graph.rows.indptr), shape=(graph.rows.shape[0], len(there)))
    return np.asarray(-np.expm1(log_miss[arcs] @ there)).T


def _influence(graph: InfluenceGraph, probability: NDArray[np.float64], imputed: Imputed) -> NDArray[np.float64]:
    """The walk of :mod:`~ecosystem_iq.network.kernels.influence` on all draws at once, shape (nodes, draws)."""
    draws, n = len(probability), len(graph)
    steps = _stacked(graph, probability)
    if len(imputed.draw):
        cells = (imputed.draw * n + imputed.source, imputed.draw * n + imputed.target)
        steps = csr_array(steps + coo_array((imputed.probability, cells), shape=steps.shape).tocsr())
    into = np.bincount(steps.indices, weights=steps.data, minlength=n * draws)
    steps.data *= (graph.damping / np.maximum(1.0, into))[steps.indices]
    code = graph.account_code + len(graph.account_ids) * np.arange(draws)[:, None]
    shares = _walk(steps, code.ravel(), np.tile(1.0 / graph.sizes[graph.account_code], draws), graph.damping)
    return shares.reshape(draws, n).T


def _walk(
    steps: csr_array, account: NDArray[np.int64], even: NDArray[np.float64], damping: float
) -> NDArray[np.float64]:
    """Shares which a step of the walk leaves as they are; the nodes of an account stand side by side."""
    begin = np.flatnonzero(np.diff(account, prepend=-1))
    shares = even
    if not len(begin):
        return shares
    for _ in range(steps_to_settle(damping, _TOLERANCE)):
        moved = steps @ shares
        restarted = np.repeat(1.0 - np.add.reduceat(moved, begin), np.diff(begin, append=len(account)))
        new = moved + restarted * even
        change = np.abs(new - shares).max()
        shares = new
        if change <= _TOLERANCE:
            break
    return shares


def _stacked(graph: InfluenceGraph, probability: NDArray[np.float64]) -> csr_array:
    """All draws as one block-diagonal matrix: node i of draw d is row ``d * nodes + i``."""
    (draws, arcs), n = probability.shape, len(graph)
    draw = np.arange(draws, dtype=np.int32)[:, None]
    indices = (graph.matrix.indices + n * draw).ravel()
    indptr = np.append((graph.matrix.indptr[:-1] + arcs * draw).ravel(), draws * arcs).astype(np.int32)
    return csr_array((probability.ravel(), indices, indptr), shape=(n * draws, n * draws))
