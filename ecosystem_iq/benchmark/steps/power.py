"""Power transforms of highest normal likelihood, for all indicators at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import elementwise

from ecosystem_iq.benchmark.steps.moments import Positions, extremes
from ecosystem_iq.benchmark.steps.sheet import Array

_NEAR_ZERO = 1e-5  # below this exponent, the derivative is taken from its series
_REACH = 200.0  # of exponent times logarithm: the square of a transformed value stays below 1e308
_APART = 15.0  # of a negative one, which squeezes high values together: at most
_DIGITS = 1e10  # of which a transformed value keeps enough to tell neighbors apart


def power(logs: Array, exponent: Array) -> Array:
    """``(z^λ − 1) / λ`` from ln z; ln z where λ = 0."""
    flat = exponent == 0
    return np.asarray(np.where(flat, logs, np.expm1(exponent * logs) / np.where(flat, 1.0, exponent)))


def box_cox_exponent(values: Array) -> Array:
    """The exponent λ which makes ``z^λ`` most normal.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
        Positive; NaN is left out.

    Returns
    -------
    ndarray, shape (indicators,)
        1 for an indicator with fewer than two different values.

    Examples
    --------
    >>> box_cox_exponent(np.exp([[-1.0], [0.0], [1.0]])).round(6).item()
    0.0
    """
    logs = np.log(values)
    return _highest(logs, np.ones_like(logs))


def yeo_johnson_exponent(values: Array) -> Array:
    """The exponent λ which makes the Yeo-Johnson transform most normal.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
        NaN is left out.

    Returns
    -------
    ndarray, shape (indicators,)
        1 for an indicator with fewer than two different values.

    Examples
    --------
    >>> yeo_johnson_exponent(np.array([[-2.0], [-1.0], [0.0], [1.0], [2.0]])).round(6).item()
    1.0
    """
    negative = (values < 0) | (extremes(values)[1] <= 0)  # zero goes with either side: with that of all others
    return _highest(np.log1p(np.abs(values)), np.where(negative, -1.0, 1.0))


def _highest(logs: Array, side: Array) -> Array:
    """Where the derivative of the log-likelihood is zero: it falls throughout, so there is one such place.

    References
    ----------
    Kouider & Chen (1995), Concavity of Box-Cox log-likelihood function. Statistics & Probability Letters 25, 171-175.
    """
    low, high = extremes(side * logs)
    chosen = np.flatnonzero(high > low)
    exponent = np.ones(logs.shape[1])
    left, right = _bounds(low[chosen], high[chosen])
    slope = _likelihood_slope(np.where((low < 0) & (high > 0), logs, _centered(logs)), side)
    falls, rises = slope(left, chosen) <= 0, slope(right, chosen) >= 0
    exponent[chosen] = np.where(falls, left, right)
    inside = ~falls & ~rises
    found = elementwise.find_root(slope, (left[inside], right[inside]), args=(chosen[inside],))
    exponent[chosen[inside]] = found.x
    return exponent


def _bounds(low: Array, high: Array) -> tuple[Array, Array]:
    """Exponents with which values stay apart and within what a number can hold, from the lowest and highest logarithm.

    They matter to indicators far from zero next to their range, which hardly any exponent bends.
    """
    below, above = (np.maximum(logs, 1e-9) for logs in (-low, high))
    apart = np.clip(np.log(_DIGITS * (high - low)), 0.0, _APART)
    return np.maximum(-apart / above, 2 - _REACH / below), np.minimum(_REACH / above, 2 + apart / below)


def _likelihood_slope(logs: Array, side: Array) -> Callable[[Array, Positions], Array]:
    """The derivative of the log-likelihood of chosen indicators, divided by their number of values."""
    there = ~np.isnan(logs)
    logs, count = np.where(there, logs, 0.0), np.maximum(there.sum(axis=0), 1)
    jacobian = (side * logs).sum(axis=0) / count

    def slope(exponent: Array, chosen: Positions) -> Array:
        column = chosen.astype(np.intp)
        sign, weight = side[:, column], there[:, column] / count[column]
        actual = np.where(sign < 0, 2 - exponent, exponent)
        treated = power(logs[:, column], actual)
        change = _power_slope(logs[:, column], actual, treated)
        treated = sign * treated
        treated = treated - (weight * treated).sum(axis=0)
        covariance = (weight * treated * change).sum(axis=0)
        return np.asarray(jacobian[column] - covariance / (weight * treated * treated).sum(axis=0))

    return slope


def _power_slope(logs: Array, exponent: Array, treated: Array) -> Array:
    """The derivative of :func:`power` with respect to the exponent."""
    near = np.abs(exponent) < _NEAR_ZERO
    series = logs**2 * (0.5 + exponent * logs * (1 / 3 + exponent * logs / 8))
    exact = (np.exp(exponent * logs) * logs - treated) / np.where(near, 1.0, exponent)
    return np.asarray(np.where(near, series, exact))


def _centered(logs: Array) -> Array:
    """Logarithms of values divided by their geometric mean, which leaves the exponent unchanged."""
    count = np.maximum((~np.isnan(logs)).sum(axis=0), 1)
    return np.asarray(logs - np.nansum(logs, axis=0) / count)
