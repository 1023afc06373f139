"""Winsorizing by skewness and kurtosis, on sorted columns: a round costs the same for ten units and for a million."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.moments import Positions, adjusted, extremes, first_of_ties, passes, quantile, shape
from ecosystem_iq.benchmark.steps.sheet import Array


class Rule(NamedTuple):
    """When an indicator is treated: |skewness| and kurtosis reach both limits, or it is forced."""

    skew: float = 2.0
    kurtosis: float = 3.5
    force: bool = False


class Winsorized(NamedTuple):
    """What was done: values between ``low`` and ``high`` were kept, those beyond moved there.

    Attributes
    ----------
    low, high : ndarray, shape (indicators,)
        NaN for an empty indicator.
    points : ndarray of int, shape (indicators,)
        Number of values moved.
    skew, kurtosis : ndarray, shape (indicators,)
        After it.
    """

    low: Array
    high: Array
    points: Positions
    skew: Array
    kurtosis: Array


class _Columns(NamedTuple):
    """Sorted columns with what their moments are made of."""

    ordered: Array
    first: Positions
    last: Positions
    present: Positions
    deviation: Array  # from the median, in units of the largest
    sums: Array  # of powers 1 to 4, counted from the middle outwards, shape (4, units + 1, indicators)


def winsorize_columns(values: Array, most: float, rule: Rule) -> Winsorized:
    """Move the most extreme values to the next ones until an indicator passes.

    While an indicator fails (or is forced) and fewer than ``most`` of its values were moved, all values tied at the
    maximum (at the minimum where the skewness is negative) move to the next value; so ties may carry the number past
    ``most``. A move which would leave one value only is not made.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
        NaN is left out.
    most : float
        Number of values which may be moved.
    rule : Rule
        Where it forces, every indicator is winsorized until ``most``, or one round where that is infinite.

    Returns
    -------
    Winsorized

    Examples
    --------
    >>> values = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [50.0]])
    >>> winsorize_columns(values, np.inf, Rule()).high.item()
    5.0
    """
    skew, kurtosis = shape(values)
    chosen = np.flatnonzero(~passes(skew, kurtosis, rule[:2]) | rule.force)
    low, high = extremes(values)
    points = np.zeros(values.shape[1], dtype=np.intp)
    if len(chosen) and most > 0:
        columns = _columns(values[:, chosen])
        bottom, top = _rounds(columns, most, rule)
        here = np.arange(len(chosen))
        low[chosen], high[chosen] = columns.ordered[bottom, here], columns.ordered[top, here]
        points[chosen] = bottom + columns.present - 1 - top
        skew[chosen], kurtosis[chosen] = _shape(columns, here, bottom, top)
    return Winsorized(low, high, points, skew, kurtosis)


def _rounds(columns: _Columns, most: float, rule: Rule) -> tuple[Positions, Positions]:
    """The lowest and the highest position kept in each column."""
    bottom = np.zeros_like(columns.present)
    top = np.maximum(columns.present - 1, 0)
    least = (most if np.isfinite(most) else 1) if rule.force else 0
    open_ = np.arange(len(top))
    while True:
        skew, kurtosis = _shape(columns, open_, bottom[open_], top[open_])
        moved = bottom[open_] + columns.present[open_] - 1 - top[open_]
        upper = skew >= 0
        next_top = np.where(upper, columns.first[top[open_], open_] - 1, top[open_])
        next_bottom = np.where(upper, bottom[open_], columns.last[bottom[open_], open_] + 1)
        wanted = ~passes(skew, kurtosis, rule[:2]) | (moved < least)
        # Two different values must stay, and an empty column has none: positions below 0 are never looked up.
        safe = np.maximum(next_top, 0), np.minimum(next_bottom, len(columns.ordered) - 1)
        varied = columns.ordered[safe[0], open_] > columns.ordered[safe[1], open_]
        go = wanted & (moved < most) & (next_top > next_bottom) & varied
        if not go.any():
            return bottom, top
        open_ = open_[go]
        top[open_], bottom[open_] = next_top[go], next_bottom[go]


def _columns(values: Array) -> _Columns:
    ordered = np.sort(values, axis=0)
    count = (~np.isnan(ordered)).sum(axis=0)
    first = first_of_ties(ordered)
    last = len(ordered) - 1 - first_of_ties(ordered[::-1])[::-1]
    apart = ordered - quantile(ordered, 0.5)
    size = np.fmax.reduce(np.abs(apart), axis=0, initial=0.0)
    deviation = np.where(np.isnan(apart), 0.0, apart / np.where(size > 0, size, 1.0))
    return _Columns(ordered, first, last, count, deviation, _sums(deviation, count))


def _sums(deviation: Array, count: Positions) -> Array:
    """Sums of powers up to each position, counted from the middle outwards.

    Values far out are added last, so that leaving them out takes nothing from the precision of what remains.
    """
    square = deviation * deviation
    powers = np.stack([deviation, square, square * deviation, square * square])
    upper = np.arange(len(deviation))[:, None] >= count // 2
    sums = np.zeros((4, len(deviation) + 1, deviation.shape[1]))
    sums[:, 1:] = np.cumsum(np.where(upper, powers, 0.0), axis=1)
    sums[:, :-1] -= np.cumsum(np.where(upper, 0.0, powers)[:, ::-1], axis=1)[:, ::-1]
    return sums


def _shape(columns: _Columns, chosen: Positions, bottom: Positions, top: Positions) -> tuple[Array, Array]:
    """Skewness and kurtosis of chosen columns with what is below ``bottom`` and above ``top`` moved there."""
    count = columns.present[chosen]
    n = np.maximum(count, 1)
    degree = np.arange(1, 5)[:, None]
    ends = columns.deviation[bottom, chosen] ** degree * bottom
    ends += columns.deviation[top, chosen] ** degree * (count - 1 - top)
    inside = columns.sums[:, top + 1, chosen] - columns.sums[:, bottom, chosen]
    mean, second, third, fourth = (inside + ends) / n
    square = mean * mean
    varied = columns.ordered[top, chosen] > columns.ordered[bottom, chosen]
    variance = np.where(varied, second - square, np.nan)
    return adjusted(
        variance,
        third - 3 * mean * second + 2 * mean * square,
        fourth - 4 * mean * third + 6 * square * second - 3 * square * square,
        count,
    )


def beyond(values: Array, low: Array, high: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which values lie below ``low``, and which above ``high``; NaN lies nowhere."""
    return values < low, values > high
