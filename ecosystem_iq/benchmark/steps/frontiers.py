"""Benefit of the doubt along a direction, and against samples of peers.

Both are frontiers next to that of :mod:`~ecosystem_iq.benchmark.steps.envelopment`: the first says in which proportion
indicators are to be raised, the second keeps a single unit, of outstanding or wrong values, from setting the scale.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.envelopment import Envelopment, undominated
from ecosystem_iq.errors import InputError

Array = NDArray[np.float64]

_TOLERANCE = 1e-10
_PATIENCE = 20  # turns a variable, before the rule which never goes in circles takes over


def directional_doubt(values: Array, direction: Array) -> Envelopment:
    """Scores by how many steps along a direction a unit is from the frontier.

    Unit c could be raised to ``y_c + b g`` before it left what mixtures of the units reach, and its score is
    ``1 / (1 + b)``. Along its own values that is the benefit of the doubt; along one direction for all, strength in
    what the direction leaves out cannot make up for weakness in what it holds.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
        At least 0, higher is better. NaN is missing: the indicator plays no part in the unit's score, and is not held
        against others by a unit which lacks it.
    direction : ndarray, shape (indicators,) or (units, indicators)
        At least 0, in the units of measurement of the indicators: twice as long, and steps are half as many.

    Returns
    -------
    Envelopment
        ``weights`` are scaled for ``sum(weights * values)`` to be the score; 0 where the unit has nothing above 0 in
        what its frontier is made of. NaN where everything is missing, or the direction is 0 in all that is present.

    Raises
    ------
    InputError
        A value or a direction below 0 or infinite.

    References
    ----------
    Fusco, E. (2015). Enhancing non-compensatory composite indicators: a directional proposal. *European Journal of
    Operational Research* 242, 620-630. doi:10.1016/j.ejor.2014.10.017
    Chambers, R. G., Chung, Y. & Färe, R. (1998). Profit, directional distance functions, and Nerlovian efficiency.
    *Journal of Optimization Theory and Applications* 98, 351-364. doi:10.1023/A:1022637501082

    Examples
    --------
    >>> values = np.array([[8.0, 2.0], [4.0, 4.0], [2.0, 2.0]])
    >>> directional_doubt(values, np.array([4.0, 4.0])).scores.round(6).tolist()
    [1.0, 1.0, 0.666667]
    """
    values = _checked(values, "values")
    direction = np.broadcast_to(_checked(direction, "a direction"), values.shape)
    present = ~np.isnan(values)
    scaled, scale = _scaled(values)
    toward = direction / scale
    peers = undominated(scaled)
    weights, scores = np.zeros(values.shape), np.full(len(values), np.nan)
    for unit in np.flatnonzero((present & (direction > 0)).any(axis=1)):
        at = np.flatnonzero(present[unit])
        prices, steps = _prices(scaled[unit, at], peers[:, at], toward[unit, at])
        scores[unit] = 1.0 / (1.0 + steps)
        own = prices @ scaled[unit, at]
        weights[unit, at] = prices * (scores[unit] / own if own > _TOLERANCE else 0.0)
    return Envelopment(scores, weights / scale, _shares(weights, scaled))


def robust_doubt(values: Array, *, peers: int = 30, samples: int = 200, seed: int = 0) -> Envelopment:
    """Mean of the benefit of the doubt against samples of peers: order-m.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
        At least 0, higher is better. NaN is missing, as in :func:`directional_doubt`.
    peers : int
        Units in a sample, drawn with replacement: the more, the closer to the benefit of the doubt against all.
    samples : int
        Their number; the same ones for all units.
    seed : int

    Returns
    -------
    Envelopment
        ``scores`` above 1 are of units which are better than the best of so many peers, on average. In a sample where
        nobody has anything above 0 in an indicator, it plays no part. NaN where everything is missing, or nothing could
        be compared.

    Raises
    ------
    InputError
        A value below 0 or infinite, or less than one peer or sample.

    References
    ----------
    Cazals, C., Florens, J.-P. & Simar, L. (2002). Nonparametric frontier estimation: a robust approach. *Journal of
    Econometrics* 106, 1-25. doi:10.1016/S0304-4076(01)00080-X
    Vidoli, F. & Mazziotta, C. (2013). Robust weighted composite indicators by means of frontier methods with an
    application to European infrastructure endowment. *Statistica Applicata* 23, 259-282.

    Examples
    --------
    >>> values = np.array([[8.0, 2.0], [4.0, 4.0], [2.0, 2.0]])
    >>> robust_doubt(values, peers=1000, samples=3).scores.round(6).tolist()
    [1.0, 1.0, 0.5]
    """
    if peers < 1 or samples < 1:
        raise InputError(f"Order-m scores need at least one peer and one sample; found {peers} and {samples}.")
    values = _checked(values, "values")
    scaled, scale = _scaled(values)
    drawn = np.random.default_rng(seed).integers(max(len(values), 1), size=(samples, peers))
    tables = _distinct(drawn, scaled)
    weights, scores = np.zeros(values.shape), np.full(len(values), np.nan)
    for unit in np.flatnonzero(~np.isnan(values).all(axis=1)):
        found = _against(scaled[unit], tables)
        if len(found):
            weights[unit] = found.mean(axis=0)
            scores[unit] = weights[unit] @ scaled[unit]
    return Envelopment(scores, weights / scale, _shares(weights, scaled))


def _checked(values: Array, what: str) -> Array:
    values = np.asarray(values, dtype=np.float64)
    if (values < 0).any() or np.isinf(values).any():
        raise InputError(f"Benefit of the doubt needs {what} of at least 0, and finite: normalize to a range first.")
    return values


def _scaled(values: Array) -> tuple[Array, Array]:
    """Values with 0 for what is missing, in shares of the largest of an indicator; and those, 1 where there is none."""
    filled = np.nan_to_num(values)
    largest = filled.max(axis=0, initial=0.0)
    scale = np.where(largest > 0, largest, 1.0)
    return filled / scale, scale


def _shares(weights: Array, values: Array) -> Array:
    """Of every indicator in the sum of weights times values; NaN where that is 0."""
    part = weights * values
    total = part.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(part, total, out=np.full(part.shape, np.nan), where=total > 0))


def _prices(own: Array, peers: Array, toward: Array) -> tuple[Array, float]:
    """Weights at which a unit is least behind the best peer, worth 1 along the direction, and how far it is behind."""
    from scipy.optimize import linprog

    long = toward.max()
    found = linprog(
        np.append(-own, 1.0),
        A_ub=np.column_stack([peers, np.full(len(peers), -1.0)]),
        b_ub=np.zeros(len(peers)),
        A_eq=np.append(toward / long, 0.0)[None],
        b_eq=[1.0],
        method="highs-ds",
    )
    if found.status != 0 or found.x is None or found.fun is None:
        raise InputError(f"The steps of a unit to the frontier could not be found: {found.message}")
    return np.clip(found.x[:-1], 0.0, None), max(float(found.fun), 0.0) / float(long)


def _distinct(drawn: NDArray[np.intp], values: Array) -> Array:
    """Values of the units of each sample, shape (samples, peers, indicators); 0 for who is drawn again."""
    ordered = np.sort(drawn, axis=1)
    again = np.zeros(drawn.shape, dtype=bool)
    again[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    return np.where(again[..., None], 0.0, values[ordered])


def _against(own: Array, samples: Array) -> Array:
    """Best weights of a unit against each sample in which it can be compared, shape (samples, indicators)."""
    best = samples.max(axis=1)
    reward = np.divide(own, best, out=np.zeros(best.shape), where=best > 0)
    largest = reward.max(axis=1)
    comparable = largest > 0
    best, reward = np.where(best > 0, best, 1.0)[comparable], reward[comparable] / largest[comparable, None]
    return np.asarray(highest(reward, samples[comparable] / best[:, None]) / best)


def highest(rewards: Array, rows: Array) -> Array:
    """The ``x >= 0`` with the largest ``rewards · x`` for which no row exceeds 1: many small programs at once.

    Parameters
    ----------
    rewards : ndarray, shape (programs, variables)
        At least 0.
    rows : ndarray, shape (programs, rows, variables)
        At least 0, of the order of 1; a variable with a reward is in one of them.

    Returns
    -------
    ndarray, shape (programs, variables)

    Notes
    -----
    The simplex method on condensed tables, by the steepest reward, and by Bland's rule where that takes long: a
    thousand programs of five variables and thirty rows take hundredths of a second, one at a time seconds.

    Examples
    --------
    >>> highest(np.array([[1.0, 1.0]]), np.array([[[1.0, 0.5], [0.5, 1.0]]])).round(6).tolist()
    [[0.666667, 0.666667]]
    """
    programs, count, variables = rows.shape
    table = np.ones((programs, count + 1, variables + 1))
    table[:, :-1, :-1], table[:, -1, :-1], table[:, -1, -1] = rows, -rewards, 0.0
    free = np.tile(np.arange(variables), (programs, 1))  # the variable of each column, 0 for now
    held = np.tile(np.arange(variables, variables + count), (programs, 1))  # of each row; from here on, what rows leave
    turn, at = 0, np.arange(programs)
    while len(at := at[(table[at, -1, :-1] < -_TOLERANCE).any(axis=1)]):
        column, row = _pivots(table[at], free[at], held[at], by_order=turn > _PATIENCE * (variables + 1))
        table[at] = _exchanged(table[at], row, column)
        free[at, column], held[at, row] = held[at, row], free[at, column]
        turn += 1
    found = np.zeros((programs, variables + count))
    np.put_along_axis(found, held, table[:, :-1, -1], axis=1)
    return np.clip(found[:, :variables], 0.0, None)


def _pivots(
    table: Array, free: NDArray[np.intp], held: NDArray[np.intp], *, by_order: bool
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which column takes the place of which row."""
    last = np.iinfo(np.intp).max
    cost = table[:, -1, :-1]
    column = np.where(cost < -_TOLERANCE, free, last).argmin(axis=1) if by_order else cost.argmin(axis=1)
    into = np.take_along_axis(table[:, :-1], column[:, None, None], axis=2)[..., 0]
    ratio = np.divide(table[:, :-1, -1], into, out=np.full(into.shape, np.inf), where=into > _TOLERANCE)
    tied = ratio <= ratio.min(axis=1, keepdims=True) + _TOLERANCE
    # Of rows which tie, Bland's rule takes the first; otherwise the largest divisor loses the fewest digits.
    row = np.where(tied, held, last).argmin(axis=1) if by_order else np.where(tied, into, -np.inf).argmax(axis=1)
    return column, row


def _exchanged(table: Array, row: NDArray[np.intp], column: NDArray[np.intp]) -> Array:
    each = np.arange(len(table))
    across, down, pivot = table[each, row], table[each, :, column], table[each, row, column][:, None]
    across = across / pivot
    table = table - down[:, :, None] * across[:, None]
    table[each, :, column] = -down / pivot
    table[each, row] = across
    table[each, row, column] = 1.0 / pivot[:, 0]
    return table
