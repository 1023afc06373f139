"""What normalizations share: the rows their statistics come from, lines from value to score, and what they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.registry import Parameter, word
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet
from ecosystem_iq.errors import InputError, did_you_mean

Period = str | int | date
OVER: Mapping[str, Parameter] = {
    "over": word("all", "period"),
    "reference_period": Parameter(
        None,
        "a period: its name or number",
        lambda value: value is None or (isinstance(value, str | int | date) and not isinstance(value, bool)),
    ),
}
"""What a file may say of the rows a method's statistics come from."""


@dataclass(frozen=True, eq=False)
class Scope:
    """Values after direction, and the pool of rows behind the statistics of every row.

    Attributes
    ----------
    values : ndarray, shape (units, indicators)
        Times direction: higher is better.
    pools : tuple of ndarray of int
        Rows of every pool.
    names : tuple of str
        Period of every pool; empty where the pool is not one period.
    of : ndarray of int, shape (units,)
        Position of every row's pool.
    outside : bool
        Whether rows lie outside their own pool, so that a value can pass the pool's extremes.
    """

    values: Array
    pools: tuple[NDArray[np.intp], ...]
    names: tuple[str, ...]
    of: NDArray[np.intp]
    outside: bool

    def statistic(self, function: Callable[[Array], Array]) -> Array:
        """``function`` of the rows of every pool, shape (pools, indicators)."""
        return np.stack([function(self.values[rows]) for rows in self.pools])

    @cached_property
    def lowest(self) -> Array:
        """Worst present value, shape (pools, indicators); NaN where there is none."""
        return self.statistic(lambda values: np.fmin.reduce(values, axis=0, initial=np.nan))

    @cached_property
    def highest(self) -> Array:
        """Best present value, shape (pools, indicators); NaN where there is none."""
        return self.statistic(lambda values: np.fmax.reduce(values, axis=0, initial=np.nan))

    @cached_property
    def empty(self) -> NDArray[np.bool_]:
        """Where nothing is present, shape (pools, indicators)."""
        return np.isnan(self.lowest)

    def reasons(self, sheet: Sheet, faults: Mapping[str, NDArray[np.bool_]]) -> dict[str, str]:
        """Why indicators have no scores, from masks of shape (pools, indicators); periods named unless it is all."""
        found: dict[str, list[str]] = {}
        for text, mask in faults.items():
            for at in np.flatnonzero(mask.any(axis=0)):
                periods = [name for name, hit in zip(self.names, mask[:, at], strict=True) if hit]
                where = "" if mask[:, at].all() else f" in {', '.join(periods)}"
                found.setdefault(sheet.indicators[at], []).append(text + where)
        return {indicator: "; ".join(texts) for indicator, texts in found.items()}


def scope(sheet: Sheet, over: str = "all", reference_period: Period | None = None) -> Scope:
    """The pools of a sheet.

    Parameters
    ----------
    sheet : Sheet
    over : {"all", "period"}
        One pool of all rows, or one a period. A sheet without periods is one pool either way.
    reference_period : str, int or date, optional
        One pool of this period's rows, for the rows of all periods: what ``over`` says is then moot.

    Raises
    ------
    InputError
        When the sheet has no row of ``reference_period``.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> panel = replace(sheet(np.array([[1.0], [2.0], [7.0]])), period=np.array([2023, 2023, 2024]))
    >>> scope(panel, "period").highest
    array([[2.],
           [7.]])
    >>> scope(panel, reference_period=2023).highest
    array([[2.]])
    """
    values = sheet.values * sheet.direction
    if reference_period is not None:
        pool, name = _rows_of(sheet, reference_period), str(reference_period)
    elif over == "period" and sheet.period is not None:
        periods, of = np.unique(_written(sheet), return_inverse=True)
        pools = tuple(np.flatnonzero(of == at) for at in range(len(periods)))
        return Scope(values, pools, tuple(map(str, periods)), of.astype(np.intp), outside=False)
    else:
        pool, name = np.arange(len(values)), ""
    outside = len(pool) < len(values)
    return Scope(values, (pool,), (name,), np.zeros(len(values), dtype=np.intp), outside)


def _rows_of(sheet: Sheet, reference_period: Period) -> NDArray[np.intp]:
    """Rows of a period, at least one."""
    written = _written(sheet)
    rows = np.flatnonzero(written == str(reference_period))
    if not len(rows):
        known = tuple(map(str, np.unique(written)))
        hint = did_you_mean(str(reference_period), known) or f"Known: {', '.join(known) or 'none'}."
        raise InputError(f'No row is of the reference period "{reference_period}". {hint}')
    return rows


def _written(sheet: Sheet) -> NDArray[np.str_]:
    """Periods as they are written: a file says 2023 where a table has 2023.0 or "2023"."""
    if sheet.period is None:
        return np.array([], dtype=str)
    days = sheet.period.astype("datetime64[D]") if sheet.period.dtype.kind == "M" else sheet.period
    return np.array([f"{p:.0f}" if isinstance(p, float) and p.is_integer() else str(p) for p in days.tolist()])


EMPTY = "has no value"
ENDLESS = (-np.inf, np.inf)


@dataclass(frozen=True, eq=False)
class Normalized:
    """Scores, and how they hang on the values they were made of.

    Attributes
    ----------
    values : ndarray, shape (units, indicators)
        Scores; NaN where the value is missing or the indicator has no scale.
    slope : ndarray, shape (units, indicators)
        Points of score for one unit of value, never negative, at fixed statistics; NaN where the score is. Past
        clipped ends it is the same as before them: a value past a goalpost is no more certain than one before it.
    low, high : ndarray, shape (indicators,)
        Ends of the scale; infinite where there is none.
    reasons : mapping of str to str
        Of an indicator which has no scale (in some period): why.
    """

    values: Array
    slope: Array
    low: Array
    high: Array
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Line:
    """``(x - zero) / span`` by pool and indicator, with what makes it impossible."""

    zero: Array
    span: Array
    faults: Mapping[str, NDArray[np.bool_]]


def linear(
    sheet: Sheet, pools: Scope, line: Line, range_: tuple[float, float], bounds: tuple[float, float]
) -> Normalized:
    """Every linear method: the share of a line's span onto a range, within bounds."""
    first, last = range_
    span = np.where(any_of(line.faults), np.nan, line.span)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        share = (pools.values - line.zero[pools.of]) / span[pools.of]
        steep = abs(last - first) / span
    scores = np.clip(first + (last - first) * share, *bounds)
    slope = np.where(np.isnan(scores), np.nan, steep[pools.of])
    return Normalized(scores, slope, *ends(sheet, *bounds), pools.reasons(sheet, line.faults))


def any_of(faults: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Where any of the masks holds."""
    return np.asarray(np.logical_or.reduce(list(faults.values())))


def ends(sheet: Sheet, low: float, high: float) -> tuple[Array, Array]:
    """The same ends of the scale for every indicator."""
    count = len(sheet.indicators)
    return np.full(count, low), np.full(count, high)


def mean_of(values: Array) -> Array:
    """By column over what is present; NaN where nothing is."""
    present = ~np.isnan(values)
    count = present.sum(axis=0)
    total = np.where(present, values, 0.0).sum(axis=0)
    mean: Array = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return mean
