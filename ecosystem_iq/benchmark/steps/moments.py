"""Shape and coverage of indicators: skewness, kurtosis, quantiles, ties, and a table of statistics."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.sheet import Array, Sheet

Positions = NDArray[np.intp]

SKEW = 2.0
KURTOSIS = 3.5


def shape(values: Array) -> tuple[Array, Array]:
    """Sample-adjusted skewness G1 and excess kurtosis G2 of every column.

    With g1 = m3 / m2^1.5 and g2 = m4 / m2² − 3 from central moments, G1 = g1 √(n(n − 1)) / (n − 2) and
    G2 = ((n + 1) g2 + 6)(n − 1) / ((n − 2)(n − 3)): those of spreadsheets and statistics packages.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
        NaN is left out.

    Returns
    -------
    skewness, kurtosis : ndarray, shape (indicators,)
        Without unit; NaN for a constant, and below three (skewness) or four values (kurtosis).

    References
    ----------
    Joanes & Gill (1998), Comparing measures of sample skewness and kurtosis. doi:10.1111/1467-9884.00122

    Examples
    --------
    >>> skew, kurtosis = shape(np.array([[1.0], [2.0], [3.0], [10.0]]))
    >>> skew.round(3).item(), kurtosis.round(3).item()
    (1.764, 3.228)
    """
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    low, high = extremes(values)
    constant = ~(high > low)
    spread = np.where(constant, 1.0, high - low)
    size = np.maximum(count, 1)
    # From the minimum, in units of the range: neither a large offset nor a large unit can overflow or cancel.
    apart = np.where(there, (values - low) / spread, 0.0)
    apart = np.where(there, apart - apart.sum(axis=0) / size, 0.0)
    square = apart * apart
    second = np.where(constant, np.nan, square.sum(axis=0) / size)
    return adjusted(second, (square * apart).sum(axis=0) / size, (square * square).sum(axis=0) / size, count)


def adjusted(second: Array, third: Array, fourth: Array, count: Positions) -> tuple[Array, Array]:
    """G1 and G2 from central moments (divisor n) of ``count`` values; NaN where the variance is 0 or NaN."""
    n = count.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        skew = third / second**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        kurtosis = ((n + 1) * (fourth / second**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    varied = second > 0
    return np.where(varied & (count > 2), skew, np.nan), np.where(varied & (count > 3), kurtosis, np.nan)  # noqa: PLR2004


def passes(skew: Array, kurtosis: Array, limits: tuple[float, float] = (SKEW, KURTOSIS)) -> NDArray[np.bool_]:
    """Whether ``|skewness|`` or kurtosis is below its limit; what cannot be judged (NaN) passes.

    Examples
    --------
    >>> passes(np.array([2.5, 2.5, np.nan]), np.array([3.0, 4.0, np.nan])).tolist()
    [True, False, True]
    """
    return ~((np.abs(skew) >= limits[0]) & (kurtosis >= limits[1]))


def extremes(values: Array) -> tuple[Array, Array]:
    """Smallest and largest value of every column, NaN left out; NaN for an empty column."""
    return np.fmin.reduce(values, axis=0, initial=np.nan), np.fmax.reduce(values, axis=0, initial=np.nan)


def quantile(ordered: Array, share: float) -> Array:
    """A quantile of every column by linear interpolation (type 7, the default of NumPy and R).

    Parameters
    ----------
    ordered : ndarray, shape (units, indicators)
        Ascending down every column, NaN last.
    share : float
        In [0, 1].

    Returns
    -------
    ndarray, shape (indicators,)
        NaN for an empty column.

    Examples
    --------
    >>> quantile(np.array([[1.0], [2.0], [4.0], [np.nan]]), 0.75).item()
    3.0
    """
    count = (~np.isnan(ordered)).sum(axis=0)
    at = np.maximum(count - 1, 0) * share
    below = at.astype(np.intp)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    left, right = (np.take_along_axis(ordered, rows[None], axis=0)[0] for rows in (below, above))
    return np.asarray(left + (at - below) * (right - left))


def first_of_ties(ordered: Array) -> Positions:
    """For every position of ascending columns, the first position which holds the same value."""
    row = np.arange(len(ordered))[:, None]
    starts = np.ones(ordered.shape, dtype=bool)
    starts[1:] = ordered[1:] != ordered[:-1]  # a missing value is tied with nothing
    return np.maximum.accumulate(np.where(starts, row, 0), axis=0)


def indicator_statistics(
    sheet: Sheet,
    *,
    availability: float = 0.65,
    nonzero: float = 0.5,
    unique: float = 0.5,
    limits: tuple[float, float] = (SKEW, KURTOSIS),
) -> pd.DataFrame:
    """What each indicator is like: location, spread, shape, coverage, ties, and what is conspicuous about it.

    Parameters
    ----------
    sheet : Sheet
    availability, nonzero, unique : float
        A share strictly below is flagged.
    limits : tuple of float
        ``|skewness|`` and excess kurtosis which only an indicator with outliers reaches both.

    Returns
    -------
    DataFrame, one row an indicator
        ``indicator_id``; ``min``, ``max``, ``mean``, ``median``, ``sd`` (divisor n − 1) in raw units; ``skewness``,
        ``kurtosis``; the counts ``available``, ``nonzero``, ``unique``, ``most_frequent`` (positions of the most
        frequent value); ``availability`` (share of units) and ``nonzero_share``, ``unique_share``,
        ``most_frequent_share`` (shares of present values); the flags ``low_availability``, ``low_nonzero``,
        ``low_unique``, ``outliers``. NaN where there is nothing to tell from.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> table = indicator_statistics(sheet(np.array([[1.0], [1.0], [np.nan], [4.0]])))
    >>> table[["mean", "median", "available", "most_frequent"]].to_numpy().tolist()
    [[2.0, 1.0, 3.0, 2.0]]
    """
    table = pd.DataFrame({"indicator_id": sheet.indicators, **_location(sheet.values), **_coverage(sheet.values)})
    table["low_availability"] = table["availability"] < availability
    table["low_nonzero"] = table["nonzero_share"] < nonzero
    table["low_unique"] = table["unique_share"] < unique
    table["outliers"] = ~passes(table["skewness"].to_numpy(), table["kurtosis"].to_numpy(), limits)
    return table


def _location(values: Array) -> dict[str, Array]:
    low, high = extremes(values)
    count = (~np.isnan(values)).sum(axis=0).astype(np.float64)
    mean = _ratio(np.nansum(values, axis=0), count)
    spread = np.sqrt(_ratio(np.nansum((values - mean) ** 2, axis=0), count - 1))
    skew, kurtosis = shape(values)
    return {
        "min": low,
        "max": high,
        "mean": mean,
        "median": quantile(np.sort(values, axis=0), 0.5),
        "sd": spread,
        "skewness": skew,
        "kurtosis": kurtosis,
    }


def _coverage(values: Array) -> dict[str, Array | Positions]:
    ordered = np.sort(values, axis=0)
    there = ~np.isnan(ordered)
    row = np.arange(len(values))[:, None]
    first = first_of_ties(ordered)
    counts = {
        "available": there.sum(axis=0),
        "nonzero": (there & (ordered != 0)).sum(axis=0),
        "unique": (there & (first == row)).sum(axis=0),
        "most_frequent": np.where(there, row - first + 1, 0).max(axis=0, initial=0),
    }
    shares = {f"{name}_share": _ratio(counts[name], counts["available"]) for name in list(counts)[1:]}
    everyone = np.full(values.shape[1], len(values))
    return {**counts, "availability": _ratio(counts["available"], everyone), **shares}


def _ratio(part: Array | Positions, whole: Array | Positions) -> Array:
    """``part / whole``, NaN where the whole is not positive."""
    whole = whole.astype(np.float64)
    none = np.full(whole.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=none, where=whole > 0))
