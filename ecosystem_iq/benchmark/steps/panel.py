"""Missing values of a panel are filled from the unit's own past and future.

How far off such a value may be follows from how far the indicator usually moves in a period: between known values it
is taken to wander like a random walk whose variance per period is that of its observed changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.imputed import Imputed, fill
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet
from ecosystem_iq.errors import InputError

Index = NDArray[np.intp]

_DAY = 86_400e9  # nanoseconds


@dataclass(frozen=True, eq=False)
class _Cube:
    """Periods × units × indicators, with the neighbors in time of every cell.

    Attributes
    ----------
    values, sd : ndarray, shape (periods, units, indicators)
        A period a unit has no row for is missing.
    time : ndarray, shape (periods, 1, 1)
        When: the periods themselves where they are numbers, days where they are dates, else 0, 1, 2, …
    before, after : ndarray of int, shape (periods, units, indicators)
        The last present period up to this one (-1: none), and the first from this one on (periods: none).
    rows : tuple of ndarray of int
        Period and unit of every row of the sheet.
    """

    values: Array
    sd: Array
    time: Array
    before: Index
    after: Index
    rows: tuple[Index, Index]

    @property
    def place(self) -> Index:
        """Position of the period, shape (periods, 1, 1)."""
        return np.arange(len(self.values))[:, None, None]


def latest(sheet: Sheet, *, max_age: int | None = None) -> Imputed:
    """The unit's last present value before.

    Parameters
    ----------
    sheet : Sheet
        With a period for every row.
    max_age : int, optional
        At most so many periods back, counted among those in the sheet. No limit by default.

    Returns
    -------
    Imputed
        With ``age``, in periods. A value with none before stays missing. The squared error is that of the value used,
        and the variance of the indicator's changes for the time between; NaN when no unit has two present values.

    Raises
    ------
    InputError
        When rows have no period, or a unit has two rows for one.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> two = replace(sheet(np.array([[4.0], [np.nan]])), units=("A", "A"), period=np.array([2024, 2025]))
    >>> latest(two).values.ravel().tolist(), latest(two).age.ravel().tolist()
    ([4.0, 4.0], [0.0, 1.0])
    """
    cube = _cube(sheet)
    known = cube.before >= 0
    if max_age is not None:
        known = known & (cube.place - cube.before <= max_age)
    return _from_one(sheet, cube, np.where(known, cube.before, -1))


def constant(sheet: Sheet) -> Imputed:
    """The unit's last present value before; where there is none, its first one after.

    Returns and raises as :func:`latest`; only a unit without any value on the indicator stays missing.
    """
    cube = _cube(sheet)
    return _from_one(sheet, cube, _nearest_known(cube))


def linear(sheet: Sheet) -> Imputed:
    """On the straight line between the unit's values before and after; flat beyond the first and the last.

    Time counts as it is where periods are numbers or dates: 2021 lies nearer to 2020 than to 2025. A single value is
    taken for all periods.

    Returns
    -------
    Imputed
        ``age`` is the distance to the nearer value, in periods. Between two values the squared error is that of a
        Brownian bridge, ``v (t - t0)(t1 - t) / (t1 - t0)`` with v the variance of a change per unit of time, besides
        the errors of the two values; beyond them as in :func:`latest`.

    Raises
    ------
    InputError
        As :func:`latest`.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> years = np.array([2020, 2021, 2025])
    >>> three = replace(sheet(np.array([[0.0], [np.nan], [10.0]])), units=("A",) * 3, period=years)
    >>> linear(three).values.ravel().tolist()
    [0.0, 2.0, 10.0]
    """
    cube = _cube(sheet)
    inside = (cube.before >= 0) & (cube.after < len(cube.values))
    one = _nearest_known(cube)
    before, after = np.where(inside, cube.before, one), np.where(inside, cube.after, one)
    start, end = _at(cube.time, before), _at(cube.time, after)
    share = np.divide(cube.time - start, end - start, out=np.zeros_like(cube.values), where=end > start)
    guess = (1.0 - share) * _at(cube.values, before) + share * _at(cube.values, after)
    moved = np.where(end > start, (cube.time - start) * (1.0 - share), np.abs(cube.time - start))
    square = ((1.0 - share) * _at(cube.sd, before)) ** 2 + (share * _at(cube.sd, after)) ** 2
    age = np.minimum(np.abs(cube.place - before), np.abs(after - cube.place))
    return _imputed(sheet, cube, guess, square + _change(cube) * moved, age)


def _cube(sheet: Sheet) -> _Cube:
    if sheet.period is None:
        raise InputError("Imputation over time needs a period for every row; the sheet has none.")
    unit, units = pd.factorize(np.array(sheet.units, dtype=object))
    periods, period = np.unique(sheet.period, return_inverse=True)
    _check_single(sheet, unit, period)
    values = np.full((len(periods), len(units), len(sheet.indicators)), np.nan)
    sd = np.zeros_like(values)
    values[period, unit] = np.asarray(sheet.values)
    sd[period, unit] = sheet.sd
    present = ~np.isnan(values)
    place = np.arange(len(periods))[:, None, None]
    before = np.maximum.accumulate(np.where(present, place, -1), axis=0)
    after = np.minimum.accumulate(np.where(present, place, len(periods))[::-1], axis=0)[::-1]
    return _Cube(values, sd, _time(periods)[:, None, None], before, after, (period, unit))


def _check_single(sheet: Sheet, unit: Index, period: Index) -> None:
    twice = pd.DataFrame({"unit": unit, "period": period}).duplicated().to_numpy()
    if twice.any():
        row = int(np.flatnonzero(twice)[0])
        when = np.asarray(sheet.period)[row]
        raise InputError(f"A unit has one row a period; {sheet.units[row]} has more than one for {when}.")


def _time(periods: NDArray[np.generic]) -> Array:
    """When the periods are: numbers as they are, dates in days from the first, anything else by position."""
    if np.issubdtype(periods.dtype, np.datetime64):
        moment = periods.astype("datetime64[ns]").astype(np.float64)
        return np.asarray((moment - moment[0]) / _DAY)
    if np.issubdtype(periods.dtype, np.number):
        return periods.astype(np.float64)
    return np.arange(len(periods), dtype=np.float64)


def _nearest_known(cube: _Cube) -> Index:
    """The last present period up to this one, else the first after it; -1 when there is none."""
    later = np.where(cube.after < len(cube.values), cube.after, -1)
    return np.where(cube.before >= 0, cube.before, later)


def _at(values: Array, period: Index) -> Array:
    """Values at a period of each cell; NaN where there is none."""
    wide = np.broadcast_to(values, period.shape)
    return np.where(period >= 0, np.take_along_axis(wide, np.maximum(period, 0), axis=0), np.nan)


def _change(cube: _Cube) -> Array:
    """Variance of a change per unit of time, pooled over units, shape (indicators,); NaN where none is seen."""
    last = np.vstack([np.full((1, *cube.before.shape[1:]), -1), cube.before[:-1]])
    moved = cube.values - _at(cube.values, last)  # noqa: PD011 -- an array's, no frame's
    step = moved**2 / (cube.time - _at(cube.time, last))
    seen = ~np.isnan(step)
    count = seen.sum(axis=(0, 1))
    total = np.where(seen, step, 0.0).sum(axis=(0, 1))
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _from_one(sheet: Sheet, cube: _Cube, source: Index) -> Imputed:
    """Take the value of another period as it is."""
    away = np.abs(cube.time - _at(cube.time, source))
    square = _at(cube.sd, source) ** 2 + _change(cube) * away
    return _imputed(sheet, cube, _at(cube.values, source), square, np.abs(cube.place - source))


def _imputed(sheet: Sheet, cube: _Cube, guess: Array, square: Array, age: Index) -> Imputed:
    """Back from the cube to the rows of the sheet."""
    result = fill(sheet, guess[cube.rows], np.sqrt(square[cube.rows]))
    ages = np.where(np.isnan(result.values), np.nan, np.where(result.filled, age[cube.rows], 0.0))
    return Imputed(result.values, result.sd, result.filled, ages)
