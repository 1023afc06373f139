"""Networks by chance: ends of ties are swapped, and everybody keeps the number of ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Edges = NDArray[np.int64]


def rewire(edges: Edges, n: int, sweeps: int, rng: np.random.Generator) -> Edges:
    """Swap ends of pairs of edges; every degree stays, no edge doubles, none is a loop (kernel, no checks).

    Parameters
    ----------
    edges : ndarray of int, shape (edges, 2)
        Each edge of a simple undirected network once.
    n : int
        Nodes.
    sweeps : int
        In each, all edges are put into pairs at random and every pair tries one swap.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (edges, 2)

    Notes
    -----
    All swaps of a sweep happen at once. Of swaps which want the same place, or a place which is taken when the sweep
    begins, none happens, and neither does that of the pair which holds the place: so each sweep is as likely as its
    reverse, and in the long run all networks with these degrees are equally likely.

    References
    ----------
    Fosdick, B. K., Larremore, D. B., Nishimura, J. & Ugander, J. (2018). Configuring random graph models with fixed
    degree sequences. *SIAM Review* 60, 315-355. doi:10.1137/16M1087175

    Examples
    --------
    >>> path = np.array([[0, 1], [1, 2], [2, 3]])
    >>> np.bincount(rewire(path, 4, 10, np.random.default_rng(0)).ravel()).tolist()
    [1, 2, 2, 1]
    """
    edges = edges.copy()
    for _ in range(sweeps):
        _sweep(edges, n, rng)
    return edges


def _sweep(edges: Edges, n: int, rng: np.random.Generator) -> None:
    """One swap tried by each of a random set of disjoint pairs, in place."""
    pairs = len(edges) // 2
    first, second = rng.permutation(len(edges))[: 2 * pairs].reshape(2, pairs)
    flip = rng.random(pairs) < 0.5  # noqa: PLR2004 - a coin: which ends change places
    (a, b), (c, d) = edges[first].T, edges[second].T
    c, d = np.where(flip, d, c), np.where(flip, c, d)
    wanted = np.r_[_place(a, d, n), _place(c, b, n)]
    fine = (a != d) & (c != b)
    fine &= ~_blocked(wanted, _place(edges[:, 0], edges[:, 1], n), np.r_[first, second])
    edges[first[fine]] = np.column_stack([a, d])[fine]
    edges[second[fine]] = np.column_stack([c, b])[fine]


def _blocked(wanted: Edges, taken: Edges, owner: Edges) -> NDArray[np.bool_]:
    """Pairs which want a taken place or one that others want too, and pairs whose place is wanted."""
    pairs = len(wanted) // 2
    pair_of = np.full(len(taken), pairs)  # the edge left over has no pair
    pair_of[owner] = np.tile(np.arange(pairs), 2)
    order = np.argsort(taken)
    at = order[np.minimum(np.searchsorted(taken, wanted, sorter=order), len(taken) - 1)] if pairs else order[:0]
    hit = np.flatnonzero(taken[at] == wanted)
    by_place = np.argsort(wanted)
    same = np.flatnonzero(np.diff(wanted[by_place]) == 0)
    rivals = np.r_[by_place[same], by_place[same + 1]]
    blocked = np.zeros(pairs + 1, dtype=bool)
    blocked[np.r_[hit, rivals] % max(pairs, 1)] = True
    blocked[pair_of[at[hit]]] = True
    return blocked[:pairs]


def _place(one: Edges, other: Edges, n: int) -> Edges:
    """One number for a pair of nodes, whichever comes first."""
    return np.minimum(one, other) * n + np.maximum(one, other)
