"""How units moved over the periods of a panel: growth, change by regression, and whether it is more than noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr

from ecosystem_iq.benchmark.analysis.association import Array

_LINE = 3
"""Points from which a line is fitted; two are joined."""


def growth_rate(values: Array, periods: Array) -> Array:
    """Compound growth a period from the first value present to the last.

    Parameters
    ----------
    values : ndarray, shape (..., periods)
        NaN is missing.
    periods : ndarray, shape (periods,)
        Rising.

    Returns
    -------
    ndarray, shape (...)
        (last / first)^(1 / time) - 1, as a share: .02 is two per cent; 0 where both are equal. NaN below two values,
        and where one of them is not positive, as growth then has no meaning.

    Examples
    --------
    >>> growth_rate(np.array([100.0, np.nan, 121.0]), np.array([2020.0, 2021.0, 2022.0])).round(6).item()
    0.1
    """
    first, last = _ends(values)
    start, end = _at(values, first), _at(values, last)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        rate = np.where((start > 0) & (end > 0), end / start, np.nan) ** (1.0 / (periods[last] - periods[first])) - 1.0
    return np.where(last > first, np.where(start == end, 0.0, rate), np.nan)


def percent_change(values: Array, periods: Array, per: float = 1.0) -> Array:
    """Change in ``per`` periods as a percentage of where the series began.

    Parameters
    ----------
    values : ndarray, shape (..., periods)
        NaN is missing.
    periods : ndarray, shape (periods,)
        Rising.
    per : float
        10 for the change a decade, with years as periods.

    Returns
    -------
    ndarray, shape (...)
        From three values on, the slope of the least-squares line over its value at the first period present; of two,
        their difference over the first; 0 where all are equal. A negative start counts by its size, so that a rise is
        positive. NaN below two values or where the start is 0.

    Examples
    --------
    >>> percent_change(np.array([10.0, 11.0, 12.0]), np.array([1.0, 2.0, 3.0])).round(6).item()
    10.0
    """
    slope, start, _ = _line(values, periods)
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.where(start == 0, np.nan, slope * per / np.abs(start) * 100.0)
    return np.where(slope == 0, 0.0, change)


def trends(panel: pd.DataFrame, *, unit: str = "unit", period: str = "period", per: float = 1.0) -> pd.DataFrame:
    """Trend of every unit on every element of a panel.

    Parameters
    ----------
    panel : DataFrame
        One row a unit and period; every column but ``unit`` and ``period`` is an element.
    unit, period : str
        Names of these columns; periods are numbers.
    per : float
        Periods which ``percent_change`` refers to.

    Returns
    -------
    DataFrame
        unit, element, n (values present), first_period, last_period, first, last, change, growth_rate,
        percent_change, slope (a period), p (that the slope is 0; from three values on).
    """
    elements = [name for name in panel.columns if name not in (unit, period)]
    wide = panel.pivot(index=unit, columns=period, values=elements)
    times = np.sort(panel[period].unique()) if len(panel) else np.zeros(1)
    periods = times.astype(np.float64)
    columns = pd.MultiIndex.from_product([elements, times])
    values = wide.reindex(columns=columns).to_numpy(np.float64).reshape(len(wide), len(elements), periods.size)
    units = np.repeat(wide.index.to_numpy(), len(elements))
    names = np.tile(np.array(elements, dtype=object), len(wide))
    found = {name: part.ravel() for name, part in _trend(values, periods, per).items()}
    return pd.DataFrame({"unit": units, "element": names, **found})


def _trend(values: Array, periods: Array, per: float) -> dict[str, NDArray[np.generic]]:
    first, last = _ends(values)
    n = (~np.isnan(values)).sum(axis=-1)
    slope, _, p = _line(values, periods)
    start, end = _at(values, first), _at(values, last)
    return {
        "n": n,
        "first_period": np.where(n > 0, periods[first], np.nan),
        "last_period": np.where(n > 0, periods[last], np.nan),
        "first": start,
        "last": end,
        "change": np.where(n > 1, end - start, np.nan),
        "growth_rate": growth_rate(values, periods),
        "percent_change": percent_change(values, periods, per),
        "slope": slope,
        "p": p,
    }


def _ends(values: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Position of the first and the last value present; both 0 where there is none."""
    here = ~np.isnan(values)
    last = values.shape[-1] - 1 - here[..., ::-1].argmax(axis=-1)
    return here.argmax(axis=-1), np.where(here.any(axis=-1), last, 0)


def _at(values: Array, position: NDArray[np.intp]) -> Array:
    return np.take_along_axis(values, position[..., None], axis=-1)[..., 0]


def _line(values: Array, periods: Array) -> tuple[Array, Array, Array]:
    """Slope, value of the line at the first period present, and p value of the slope."""
    here = ~np.isnan(values)
    n = here.sum(axis=-1)
    safe = np.maximum(n, 1)
    at = np.where(here, periods, 0.0)
    time = np.where(here, periods - (at.sum(axis=-1) / safe)[..., None], 0.0)
    mean = np.where(here, values, 0.0).sum(axis=-1) / safe
    deviation = np.where(here, values - mean[..., None], 0.0)
    spread = (time**2).sum(axis=-1)
    level = _at(values, _ends(values)[0])
    flat = np.where(here, values == level[..., None], True).all(axis=-1)  # noqa: FBT003 - a missing value is no change
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(flat, 0.0, (time * deviation).sum(axis=-1) / spread)
        rest = ((deviation - slope[..., None] * time) ** 2).sum(axis=-1)
        t = np.abs(slope) / np.sqrt(rest / (n - 2.0) / spread)
        p = np.where(n >= _LINE, np.where(flat, 1.0, 2.0 * stdtr(np.maximum(n - 2.0, 1.0), -t)), np.nan)
    start = np.where(n >= _LINE, mean + slope * _at(time, _ends(values)[0]), level)
    return np.where(n > 1, slope, np.nan), start, p
