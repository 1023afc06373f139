"""Coefficients of association between columns with gaps: Pearson, Spearman, Kendall's tau-b."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr
from scipy.stats import rankdata

Array = NDArray[np.float64]
Triple = tuple[Array, Array, Array]

FEWEST = 3
"""Units below which no correlation is given: any two points lie on a line."""

_NO_VARIATION = 1e-12
_SIGNS_AT_ONCE = 1_000_000


def pearson(x: Array, y: Array) -> Triple:
    """Product-moment coefficients, their p values, and the number of units behind each; shapes (i, j)."""
    here, there = (~np.isnan(side) for side in (x, y))
    mask_x, mask_y = here.astype(np.float64), there.astype(np.float64)
    a, b = standardized(x), standardized(y)
    n = mask_x.T @ mask_y
    with np.errstate(invalid="ignore", divide="ignore"):
        sum_x, sum_y = a.T @ mask_y, mask_x.T @ b
        covariance = a.T @ b - sum_x * sum_y / n
        var_x = (a * a).T @ mask_y - sum_x**2 / n
        var_y = mask_x.T @ (b * b) - sum_y**2 / n
        r = np.clip(covariance / np.sqrt(var_x * var_y), -1.0, 1.0)
    r[(n < FEWEST) | (var_x <= _NO_VARIATION * n) | (var_y <= _NO_VARIATION * n)] = np.nan
    return r, student_p(r, n), n


def standardized(x: Array) -> Array:
    """Columns with mean 0 and standard deviation 1 over the units present; 0 where missing or without variation."""
    here = ~np.isnan(x)
    n = np.maximum(here.sum(axis=0), 1)
    filled = np.where(here, x, 0.0)
    centered = np.where(here, filled - filled.sum(axis=0) / n, 0.0)
    spread = np.sqrt((centered**2).sum(axis=0) / n)
    low, high = (
        np.where(here, x, np.inf).min(axis=0, initial=np.inf),
        np.where(here, x, -np.inf).max(axis=0, initial=-np.inf),
    )
    return np.where(high > low, centered / np.where(spread > 0, spread, 1.0), 0.0)


def student_p(r: Array, n: Array) -> Array:
    """Two-sided p values of correlations under Student's t with n - 2 degrees of freedom."""
    freedom = n - 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt(freedom / ((1.0 - r) * (1.0 + r)))
        return np.where(freedom > 0, 2.0 * stdtr(freedom, -t), np.nan)


def spearman(x: Array, y: Array) -> Triple:
    """Coefficients of the average ranks; a pair with gaps is ranked anew over the units which have both."""
    if not (np.isnan(x).any() or np.isnan(y).any()):
        return pearson(average_ranks(x), average_ranks(y))
    return _by_column(x, y, lambda a, b: _columnwise(average_ranks(a), average_ranks(b)))


def average_ranks(x: Array) -> Array:
    """Ranks of every column, 1 for the smallest, equals sharing their mean; NaN stays NaN."""
    return np.asarray(rankdata(x, axis=0, nan_policy="omit"), dtype=np.float64)


def _by_column(x: Array, y: Array, each: Callable[[Array, Array], Triple]) -> Triple:
    """A coefficient of each column of x, once a column of y and only where both are present, with that column."""
    gone = np.isnan(y)
    found = [
        each(np.where(gone, np.nan, column[:, None]), np.where(np.isnan(column)[:, None], np.nan, y)) for column in x.T
    ]
    shape = (x.shape[1], y.shape[1])
    coefficient, p, n = (np.array([triple[part] for triple in found]).reshape(shape) for part in range(3))
    return coefficient, p, n


def _columnwise(a: Array, b: Array) -> Triple:
    """Pearson's coefficient of each column of a with the same column of b, which have the same gaps."""
    n = (~np.isnan(a)).sum(axis=0).astype(np.float64)
    a, b = standardized(a), standardized(b)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.clip((a * b).sum(axis=0) / n, -1.0, 1.0)
    r[(n < FEWEST) | ~a.any(axis=0) | ~b.any(axis=0)] = np.nan
    return r, student_p(r, n), n


def kendall(x: Array, y: Array) -> Triple:
    """Tau-b, its p values by the normal approximation with ties, and the number of units; shapes (i, j)."""
    surplus, untied_x, untied_y = _compared(x, y)
    n = (~np.isnan(x)).astype(np.float64).T @ (~np.isnan(y)).astype(np.float64)
    known = (n >= FEWEST) & (untied_x > 0) & (untied_y > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        tau = np.where(known, surplus / np.sqrt(untied_x * untied_y), np.nan)
        z = np.where(known, surplus / np.sqrt(_surplus_variance(x, y, n)), np.nan)
    return tau, 2.0 * ndtr(-np.abs(z)), n


def _compared(x: Array, y: Array) -> Triple:
    """Of the pairs of units with both values: concordant less discordant ones, those untied in x, those untied in y."""
    shape = (x.shape[1], y.shape[1])
    surplus, untied_x, untied_y = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for first, second in _blocks(x.shape[0], sum(shape)):
        a, here = _signs(x, first, second)
        b, there = (a, here) if y is x else _signs(y, first, second)
        surplus += a.T @ b
        untied_x += np.abs(a).T @ there
        untied_y += here.T @ np.abs(b)
    return surplus, untied_x, untied_y


def _signs(x: Array, first: NDArray[np.intp], second: NDArray[np.intp]) -> tuple[NDArray[np.float32], ...]:
    """Which unit of each pair is higher, 0 where equal or unknown; and where it is known."""
    # A block is small enough for sums of signs to stay exact in single precision.
    sign = np.sign(x[first] - x[second]).astype(np.float32)
    here = ~np.isnan(sign)
    sign[~here] = 0.0
    return sign, here.astype(np.float32)


def _blocks(units: int, columns: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """All pairs of units, in parts small enough to hold a sign of each column."""
    first, second = np.triu_indices(units, 1)
    parts = max(1, -(-first.size * columns // _SIGNS_AT_ONCE))
    return list(zip(np.array_split(first, parts), np.array_split(second, parts), strict=True))


def _surplus_variance(x: Array, y: Array, n: Array) -> Array:
    """Variance of concordant less discordant pairs without association (Kendall 1970, chapter 4)."""
    ties_x, ties_y = _ties_among_both(x, y), _ties_among_both(y, x).transpose(0, 2, 1)
    pairs = n * (n - 1.0)
    linear = (pairs * (2.0 * n + 5.0) - ties_x[2] - ties_y[2]) / 18.0
    crossed: Array = ties_x[0] * ties_y[0] / (2.0 * pairs) + ties_x[1] * ties_y[1] / (9.0 * pairs * (n - 2.0))
    return np.asarray(linear + crossed)


def _ties_among_both(x: Array, y: Array) -> Array:
    """Sums over ties of each column of x, among the units which a column of y has too; shape (3, i, j)."""
    gone, whole = np.isnan(y), _ties(x)
    found = np.repeat(whole[:, :, None], y.shape[1], axis=2)
    for at in np.flatnonzero(whole[0]) if gone.any() else ():
        found[:, at] = _ties(np.where(gone, np.nan, x[:, [at]]))
    return found


def _ties(a: Array) -> Array:
    """Sums over groups of t equals, one a column: t(t-1), t(t-1)(t-2), t(t-1)(2t+5)."""
    ordered, place = np.sort(a, axis=0), np.arange(a.shape[0])[:, None]
    start = np.ones(a.shape, dtype=bool)
    start[1:] = ordered[1:] != ordered[:-1]  # NaN differs from itself: no ties among missing values
    k = place - np.maximum.accumulate(np.where(start, place, 0), axis=0)
    # A group grows one by one: each sum is that of its steps, by how many equals are there already.
    steps: Array = np.stack([2.0 * k, 3.0 * k * (k - 1.0), 6.0 * k * (k + 2.0)])
    return np.asarray(steps.sum(axis=1))
