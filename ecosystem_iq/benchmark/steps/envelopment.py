"""Benefit of the doubt: each unit is scored with the weights in which it looks best.

It is data envelopment with one input of 1: weights are free except that nobody may score above 1 with them, so a score
below 1 means that some other unit does better even with the weights chosen by the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecosystem_iq.errors import InputError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_TOLERANCE = 1e-9
_INFEASIBLE = 2  # how linprog says it


@dataclass(frozen=True, eq=False)
class Envelopment:
    """Scores and the weights behind them.

    Attributes
    ----------
    scores : ndarray, shape (units,)
        0 to 1, 1 for units which no other outdoes; NaN where everything is missing.
    weights : ndarray, shape (units, indicators)
        Multipliers: ``sum(weights * values)`` is the score; 0 where the value is missing. A unit with score 1 may have
        several sets of them, of which this is one.
    shares : ndarray, shape (units, indicators)
        Of every indicator in the unit's score: sum 1; NaN where the score is 0 or NaN.
    """

    scores: Array
    weights: Array
    shares: Array


def benefit_of_the_doubt(
    values: Array,
    *,
    low: ArrayLike = 0.0,
    high: ArrayLike = 1.0,
    order: Sequence[tuple[int, int]] = (),
    on: str = "shares",
) -> Envelopment:
    """Scores under each unit's best weights, with bounds on what an indicator may hold of them.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
        At least 0, higher is better, in any unit. NaN is missing: the indicator plays no part in the unit's weights,
        and is not held against others by a unit which lacks it.
    low, high : array_like, scalar or shape (indicators,)
        Bounds on the share of an indicator in the unit's score or weights. Where the upper bounds of the indicators
        present sum to less than 1, they are raised in proportion.
    order : sequence of pairs of int
        (i, k): the share of indicator i is at least that of k, where both are present. Passed on through indicators
        which are missing.
    on : {"shares", "weights"}
        What bounds and order are about: *shares* of the score, weight times value, which do not depend on the unit of
        measurement; or *weights*, for values on one scale, as shares in their sum.

    Returns
    -------
    Envelopment
        Under bounds on shares a unit whose value is 0 where the lower bound is positive scores 0: keep values away
        from 0, or put the bounds on weights.

    Raises
    ------
    InputError
        A value below 0 or infinite, bounds outside 0 to 1, or bounds and order which no shares satisfy.

    References
    ----------
    Melyn & Moesen (1991); Cherchye, Moesen, Rogge & Van Puyenbroeck (2007), An introduction to 'benefit of the doubt'
    composite indicators, Social Indicators Research 82, 111-145, doi:10.1007/s11205-006-9029-7.

    Examples
    --------
    >>> values = np.array([[8.0, 2.0], [4.0, 4.0], [2.0, 2.0]])
    >>> benefit_of_the_doubt(values).scores.round(6).tolist()
    [1.0, 1.0, 0.5]
    """
    values = np.asarray(values, dtype=np.float64)
    lowest, highest, above = _checked(values, low, high, order)
    if on not in {"shares", "weights"}:
        raise InputError(f"Bounds are on shares or on weights; found {on!r}.")
    present = ~np.isnan(values)
    filled = np.where(present, values, 0.0)
    largest = filled.max(axis=0, initial=0.0)
    scale = np.where(largest > 0, largest, 1.0)
    scaled = filled / scale
    peers = undominated(scaled)
    weights = np.zeros_like(values)
    for unit in np.flatnonzero(present.any(axis=1)):
        at = np.flatnonzero(present[unit])
        limits = _share_rows(lowest[at], highest[at], above[np.ix_(at, at)])
        held = scaled[unit, at] if on == "shares" else filled[unit].max() / scale[at]
        weights[unit, at] = _best_weights(scaled[unit, at], peers[:, at], held, limits)
    scores = np.where(present.any(axis=1), np.minimum((weights * scaled).sum(axis=1), 1.0), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(scores[:, None] > 0, weights * scaled / scores[:, None], np.nan)
    return Envelopment(scores, weights / scale, part)


def _checked(
    values: Array, low: ArrayLike, high: ArrayLike, order: Sequence[tuple[int, int]]
) -> tuple[Array, Array, Mask]:
    """Bounds by indicator, and which indicator's share is above which, in every consequence."""
    if (values < 0).any() or np.isinf(values).any():
        raise InputError("Benefit of the doubt needs finite values of at least 0: normalize them to a range first.")
    count = values.shape[1]
    lowest, highest = (np.broadcast_to(np.asarray(bound, dtype=np.float64), count) for bound in (low, high))
    above = np.zeros((count, count), dtype=bool)
    for more, less in order:
        if not (0 <= more < count and 0 <= less < count):
            raise InputError(f"The order names indicators by position, 0 to {count - 1}; found {(more, less)}.")
        above[more, less] = more != less
    for between in range(count):
        above |= above[:, between, None] & above[None, between]
    if (lowest < 0).any() or (highest > 1).any() or (lowest > highest).any():
        raise InputError(f"Bounds on shares must be between 0 and 1, the lower one first; found {low!r} and {high!r}.")
    if count and not _feasible(lowest, highest, above):
        raise InputError("No shares with sum 1 satisfy the bounds and the order: widen the bounds.")
    return lowest, highest, above


def _feasible(lowest: Array, highest: Array, above: Mask) -> bool:
    # Under "i at least k" the smallest shares are raised to those below them, the largest lowered to those above.
    reach = above | np.eye(len(lowest), dtype=bool)
    smallest = np.where(reach, lowest[None, :], 0.0).max(axis=1)
    largest = np.where(reach, highest[:, None], 1.0).min(axis=0)
    fits = bool((smallest <= largest + _TOLERANCE).all())
    return fits and float(smallest.sum()) <= 1 + _TOLERANCE and float(largest.sum()) >= 1 - _TOLERANCE


def undominated(values: Array) -> Array:
    """Rows which no other is at least as good as everywhere: the only ones that bind weights which are not negative."""
    rows = np.unique(values, axis=0)
    rows = rows[np.argsort(-rows.sum(axis=1), kind="stable")]
    kept = np.ones(len(rows), dtype=bool)
    for i in range(len(rows)):
        if kept[i]:
            kept[i + 1 :] &= ~(rows[i + 1 :] <= rows[i]).all(axis=1)
    return rows[kept]


def _share_rows(lowest: Array, highest: Array, above: Mask) -> Array:
    """Rows r of "r · held at most 0" which say what shares of what is held may be; shape (rows, indicators)."""
    largest = np.where(above | np.eye(len(highest), dtype=bool), highest[:, None], 1.0).min(axis=0)
    if 0 < largest.sum() < 1:
        highest = np.minimum(highest / largest.sum(), 1.0)
    one = np.eye(len(lowest))
    more, less = np.nonzero(above)
    bounded, limited = lowest > 0, highest < 1
    return np.vstack(
        [
            lowest[bounded, None] - one[bounded],
            one[limited] - highest[limited, None],
            one[less] - one[more],
        ]
    )


def _best_weights(own: Array, peers: Array, held: Array, limits: Array) -> Array:
    """Weights of the highest score of one unit which leave no peer above 1 and no row of limits above 0.

    The ratio is turned around: the unit's own score is held at 1, and the best score of a peer made as low as can be.
    The unknowns, weights times ``held``, are then shares or close to it, however different the values are.
    """
    from scipy.optimize import linprog

    at = np.flatnonzero(held > 0)
    if not own.any():
        return np.zeros_like(own)
    rows = np.vstack([peers[:, at] / held[at], limits[:, at]])
    best = np.concatenate([np.full(len(peers), -1.0), np.zeros(len(limits))])
    # Presolve finds nothing to leave out, the dominated peers being gone, and takes longer than the solution.
    found = linprog(
        np.append(np.zeros(len(at)), 1.0),
        A_ub=np.column_stack([rows, best]),
        b_ub=np.zeros(len(rows)),
        A_eq=np.append(own[at] / held[at], 0.0)[None],
        b_eq=[1.0],
        method="highs-ds",
        options={"presolve": False},
    )
    weights = np.zeros_like(own)
    if found.status == _INFEASIBLE:  # a share is demanded of a value of 0: only no weights at all give one
        return weights
    if found.status != 0 or found.x is None:
        raise InputError(f"The best weights of a unit could not be found: {found.message}")
    weights[at] = np.clip(found.x[:-1], 0.0, None) / held[at] / found.x[-1]
    return weights
