"""Transforms which draw in a long tail: logarithms, Box-Cox, Yeo-Johnson; each with its slope.

Each takes values, shape (units, indicators), and returns the transformed values and their derivative with respect to
the values, in the same shape. All rise with the value. NaN stays NaN. A constant indicator has no tail: it is returned
as it is, with slope 1.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from ecosystem_iq.benchmark.steps.moments import extremes, shape
from ecosystem_iq.benchmark.steps.power import box_cox_exponent, power, yeo_johnson_exponent
from ecosystem_iq.benchmark.steps.sheet import Array

Pair = tuple[Array, Array]

EDGE = 0.01  # of the range, kept between the lowest value and the logarithm of nothing


def log(values: Array) -> Pair:
    """``ln(x − min + 0.01 range)``: does not depend on the unit.

    References
    ----------
    Becker, Caperna, Del Sorbo, Norlén, Papadimitriou & Saisana (2022), COINr. doi:10.21105/joss.04567

    Examples
    --------
    >>> treated, slope = log(np.array([[0.0], [1.0]]))
    >>> treated.round(3).tolist(), slope.round(3).tolist()
    ([[-4.605], [0.01]], [[100.0], [0.99]])
    """
    low, high = extremes(values)
    return _where_varied(values, _log(values - low + EDGE * (high - low)))


def log_plus(values: Array) -> Pair:
    """As :func:`log` where the skewness is positive, else its mirror image ``−ln(max + 0.01 range − x)``.

    Examples
    --------
    >>> log_plus(np.array([[0.0], [9.0], [10.0]]))[0].round(2).tolist()
    [[-2.31], [-0.1], [2.3]]
    """
    low, high = extremes(values)
    edge = EDGE * (high - low)
    right = shape(values)[0] > 0
    up, rise = _log(np.where(right, values - low, high - values) + edge)
    return _where_varied(values, (np.where(right, up, -up), rise))


def log_orig(values: Array) -> Pair:
    """``ln(x − min + 1)``: depends on the unit, for 1 does not change with it.

    Examples
    --------
    >>> log_orig(np.array([[5.0], [6.0]]))[0].round(3).tolist()
    [[0.0], [0.693]]
    """
    return _where_varied(values, _log(values - extremes(values)[0] + 1))


def log_gii(values: Array) -> Pair:
    """``ln((max − 1)(x − min) / (max − min) + 1)``, which runs from 0 to ln(max): the Global Innovation Index' own.

    It needs a maximum above 1, as a larger unit may give: with another, it would fall or stand still, and the
    indicator is returned as it is.

    Examples
    --------
    >>> log_gii(np.array([[0.0, 0.0], [50.0, 0.1], [100.0, 0.9]]))[0].round(3).tolist()
    [[0.0, 0.0], [3.922, 0.1], [4.605, 0.9]]
    """
    low, high = extremes(values)
    above = np.where(high > 1, high, np.nan)
    step = (above - 1) / np.where(high > low, high - low, 1.0)
    treated, slope = _log(step * (values - low) + 1)
    return _where_varied(values, (np.where(high > 1, treated, values), np.where(high > 1, slope * step, 1.0)))


def boxcox(values: Array, exponent: float | None = None) -> Pair:
    """``((x − min + 1)^λ − 1) / λ``; λ of highest normal likelihood for each indicator unless it is given.

    References
    ----------
    Box & Cox (1964). doi:10.1111/j.2517-6161.1964.tb00553.x

    Examples
    --------
    >>> boxcox(np.array([[0.0], [3.0]]), 0.5)[0].tolist()
    [[0.0], [2.0]]
    """
    shifted = values - extremes(values)[0] + 1
    chosen = box_cox_exponent(shifted) if exponent is None else np.full(values.shape[1], float(exponent))
    logs = np.log(shifted)
    return _where_varied(values, (power(logs, chosen), np.exp((chosen - 1) * logs)))


def yeo_johnson(values: Array) -> Pair:
    """Box-Cox of ``x + 1`` at and above zero, its mirror image with exponent 2 − λ below; λ of highest likelihood.

    References
    ----------
    Yeo & Johnson (2000). doi:10.1093/biomet/87.4.954

    Examples
    --------
    >>> yeo_johnson(np.array([[0.0], [1.0], [2.0], [30.0]]))[0].round(2).tolist()
    [[0.0], [0.59], [0.85], [1.68]]
    """
    chosen = yeo_johnson_exponent(values)
    exponent = np.where(values < 0, 2 - chosen, chosen)
    logs = np.log1p(np.abs(values))
    return _where_varied(values, (np.sign(values) * power(logs, exponent), np.exp((exponent - 1) * logs)))


def _log(argument: Array) -> Pair:
    with np.errstate(divide="ignore"):  # of a constant, which is put back
        return np.log(argument), 1 / argument


def _where_varied(values: Array, transformed: Pair) -> Pair:
    low, high = extremes(values)
    varied = high > low
    slope = np.where(varied, transformed[1], 1.0)
    return np.where(varied, transformed[0], values), np.where(np.isnan(values), np.nan, slope)


TRANSFORMS: MappingProxyType[str, Callable[[Array], Pair]] = MappingProxyType(
    {
        "log": log,
        "log_plus": log_plus,
        "log_orig": log_orig,
        "log_gii": log_gii,
        "boxcox": boxcox,
        "yeo_johnson": yeo_johnson,
    }
)
OTHER_NAMES = MappingProxyType(
    {
        "log_ct": "log",
        "log_ct_plus": "log_plus",
        "log_ct_orig": "log_orig",
        "box_cox": "boxcox",
        "yeojohnson": "yeo_johnson",
    }
)
