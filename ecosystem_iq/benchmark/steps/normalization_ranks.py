"""Normalizations by rank: what is kept of the values is their order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.normalization_scope import EMPTY, Normalized, Period, Scope, ends, scope
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet


def rank(sheet: Sheet, *, ties: str = "min", over: str = "all", reference_period: Period | None = None) -> Normalized:
    """1 for the worst value, and so on upwards.

    Parameters
    ----------
    sheet : Sheet
    ties : {"min", "average"}
        The rank equal values share.
    over, reference_period
        As of :func:`minmax`. Of a fixed period a rank is 1 + how many of its values are lower, up to n + 1.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> rank(sheet(np.array([[7.0], [5.0], [7.0], [9.0], [np.nan]]))).values.ravel()
    array([ 2.,  1.,  2.,  4., nan])
    """
    pools = scope(sheet, over, reference_period)
    return _ranked(sheet, pools, ranks(sheet, pools), ties, first=1)


def borda(sheet: Sheet, *, ties: str = "min", over: str = "all", reference_period: Period | None = None) -> Normalized:
    """How many values are lower: :func:`rank` less 1.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> borda(sheet(np.array([[7.0], [5.0], [7.0], [9.0]]))).values.ravel()
    array([1., 0., 1., 3.])
    """
    pools = scope(sheet, over, reference_period)
    return _ranked(sheet, pools, ranks(sheet, pools), ties, first=0)


def percentile(
    sheet: Sheet,
    *,
    range: tuple[float, float] = (0.0, 1.0),  # noqa: A002 - as it stands in a file
    ties: str = "min",
    over: str = "all",
    reference_period: Period | None = None,
) -> Normalized:
    """``(rank - 1) / (n - 1)`` onto a range, n counting the values present; past a fixed period's best it is the end.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> percentile(sheet(np.array([[7.0], [5.0], [8.0], [9.0], [np.nan]])), range=(0, 90)).values.ravel()
    array([30.,  0., 60., 90., nan])
    """
    pools = scope(sheet, over, reference_period)
    found = ranks(sheet, pools)
    low, high = range
    single = found.count == 1
    step = np.where(found.count > 1, (high - low) / np.maximum(found.count - 1, 1), np.nan)[pools.of]
    scores = np.clip(low + step * (_tied(found, ties) - 1), low, high)
    return Normalized(
        scores,
        np.where(np.isnan(scores), np.nan, step * found.slope),
        *ends(sheet, low, high),
        pools.reasons(sheet, {EMPTY: pools.empty, "has one value only": single}),
    )


@dataclass(frozen=True, eq=False)
class Ranks:
    """Ascending ranks of rows among their pools.

    Attributes
    ----------
    low, high : ndarray, shape (units, indicators)
        Lowest and highest rank of a value's ties; NaN where missing.
    slope : ndarray, shape (units, indicators)
        Ranks for one unit of value: see :func:`ranks`.
    count : ndarray, shape (pools, indicators)
        Values present.
    """

    low: Array
    high: Array
    slope: Array
    count: NDArray[np.intp]


def ranks(sheet: Sheet, where: Scope) -> Ranks:
    """Ranks within pools: 1 for the worst.

    A rank moves in jumps. Its slope is therefore a difference quotient of the line through (value, mid-rank of its
    ties), over one standard deviation of measurement to either side; where nothing is known of the measurement, from
    the next lower to the next higher value; and within the pool's range always.
    """
    shape = where.values.shape
    low, high, slope = (np.full(shape, np.nan) for _ in range(3))
    count = where.statistic(lambda values: (~np.isnan(values)).sum(axis=0)).astype(np.intp)
    for k, rows in enumerate(where.pools):
        members = np.flatnonzero(where.of == k)
        pool = np.sort(where.values[rows], axis=0)  # NaN last
        order = members[np.argsort(where.values[members], axis=0)]  # a search for sorted values is several times faster
        present = (~np.isnan(where.values[members])).sum(axis=0)
        for at in np.flatnonzero(count[k]):
            column = pool[: count[k, at], at]
            cells = order[: present[at], at], at
            value = where.values[cells]
            below, upto = (np.searchsorted(column, value, side) for side in ("left", "right"))
            low[cells] = below + 1
            high[cells] = np.maximum(upto, below + 1)
            slope[cells] = _quotients(column, value, sheet.sd[cells])
    return Ranks(low, high, slope, count)


def _quotients(pool: Array, value: Array, sd: Array) -> Array:
    """Ranks for one unit of value, of values among a sorted pool."""
    distinct, first, ties = np.unique(pool, return_index=True, return_counts=True)
    middle = first + (ties + 1) / 2
    last = len(distinct) - 1
    before = distinct[np.maximum(np.searchsorted(distinct, value) - 1, 0)]
    after = distinct[np.minimum(np.searchsorted(distinct, value, "right"), last)]
    start = np.where(sd > 0, np.maximum(value - sd, distinct[0]), before)
    end = np.where(sd > 0, np.minimum(value + sd, distinct[last]), after)
    rise = np.interp(end, distinct, middle) - np.interp(start, distinct, middle)
    quotient: Array = np.divide(rise, end - start, out=np.zeros_like(value), where=end > start)
    return quotient


def _tied(found: Ranks, ties: str) -> Array:
    return found.low if ties == "min" else (found.low + found.high) / 2


def _ranked(sheet: Sheet, pools: Scope, found: Ranks, ties: str, *, first: int) -> Normalized:
    most = np.maximum(found.count.max(axis=0), 1) + int(pools.outside)
    return Normalized(
        _tied(found, ties) - (1 - first),
        found.slope,
        np.full(len(most), float(first)),
        most - (1.0 - first),
        pools.reasons(sheet, {EMPTY: pools.empty}),
    )
