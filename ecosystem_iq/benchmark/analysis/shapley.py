"""Shapley values: what each of several changes adds to an outcome, whichever of the others came first."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

EVALUATIONS = 16_384
"""Coalitions which are looked at in one decomposition."""


def shapley_values(outcome: Callable[[Mask], Array], players: int, *, evaluations: int = EVALUATIONS) -> Array:
    """Parts of ``outcome(all) - outcome(none)`` which add up to it exactly.

    Parameters
    ----------
    outcome : function
        Of coalitions, bool of shape (coalitions, players): their outcomes, shape (coalitions, ...).
    players : int
    evaluations : int
        With up to this many coalitions in all, the values are exact. With more, they are the mean over as many orders
        as this allows, each taken forth and back, the same in every run: they still add up, players who add nothing
        still get 0, and undoing all changes still changes the signs only.

    Returns
    -------
    ndarray, shape (players, ...)

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. *Contributions to the Theory of Games* II, 307-317.
    doi:10.1515/9781400881970-018; orders forth and back: Mitchell, R., Cooper, J., Frank, E. & Holmes, G. (2022).
    Sampling permutations for Shapley value estimation. *Journal of Machine Learning Research* 23(43), 1-46.

    Examples
    --------
    >>> shapley_values(lambda taken: 6.0 * taken.all(axis=1), 2).tolist()
    [3.0, 3.0]
    """
    if players == 0:
        return np.zeros((0, *outcome(np.zeros((1, 0), dtype=bool)).shape[1:]))
    if 2**players <= max(evaluations, 2):
        return _over_coalitions(outcome, players)
    return _over_orders(outcome, players, max(1, evaluations // (2 * (players + 1))))


def _over_coalitions(outcome: Callable[[Mask], Array], players: int) -> Array:
    taken = (np.arange(2**players)[:, None] >> np.arange(players) & 1).astype(bool)
    size = taken.sum(axis=1)
    # Of all orders, the share in which exactly `before` given players come before a given one.
    share = np.array([factorial(k) * factorial(players - k - 1) / factorial(players) for k in range(players)])
    joined = np.where(taken, share[size - 1][:, None], -share[np.minimum(size, players - 1)][:, None])
    return np.asarray(np.tensordot(joined.T, outcome(taken), axes=1))


def _over_orders(outcome: Callable[[Mask], Array], players: int, pairs: int) -> Array:
    rng = np.random.default_rng(0)
    forth = rng.permuted(np.tile(np.arange(players), (pairs, 1)), axis=1)
    orders = np.concatenate([forth, forth[:, ::-1]])
    place = np.argsort(orders, axis=1)
    taken = place[:, None, :] < np.arange(players + 1)[:, None]
    found = outcome(taken.reshape(-1, players))
    steps = np.diff(found.reshape(len(orders), players + 1, *found.shape[1:]), axis=1)
    each = np.take_along_axis(steps, place.reshape(*place.shape, *(1 for _ in found.shape[1:])), axis=1)
    return np.asarray(each.mean(axis=0))
