"""Missing values are filled from what is known of other units, other indicators or other periods.

A filled value is a guess: every method says how far off it may be, so that the measurement interval of a score knows
which of its values were observed and which were not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.imputation_models import imputations, multiple, regression
from ecosystem_iq.benchmark.steps.imputed import Imputed, fill
from ecosystem_iq.benchmark.steps.nearest_units import knn
from ecosystem_iq.benchmark.steps.panel import constant, latest, linear
from ecosystem_iq.benchmark.steps.registry import Method, Parameter, Registry, flag, number, text, whole, word
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet
from ecosystem_iq.errors import InputError, did_you_mean

__all__ = [
    "REGISTRY",
    "Imputed",
    "constant",
    "group_mean",
    "group_median",
    "imputations",
    "knn",
    "latest",
    "linear",
    "mean",
    "median",
    "multiple",
    "none",
    "regression",
    "row_mean",
    "row_median",
]

Codes = NDArray[np.intp]
Statistic = Literal["mean", "median"]

# The variance of a sample's mean, and of its median under a normal law, in units of variance / n.
_CENTER_VARIANCE = {"mean": 1.0, "median": np.pi / 2.0}


def none(sheet: Sheet) -> Imputed:
    """Fill nothing: missing stays missing."""
    return fill(sheet, np.array(np.nan), np.array(np.nan))


def mean(sheet: Sheet, *, group: str | None = None, over: str = "period") -> Imputed:
    """The mean of the indicator's present values.

    Parameters
    ----------
    sheet : Sheet
    group : str, optional
        Name of a grouping: as :func:`group_mean`.
    over : {"period", "all"}
        In a panel: take the mean within the period, or over all rows.

    Returns
    -------
    Imputed
        The error of a guess is the spread of the present values, and that of their mean: ``s sqrt(1 + 1/n)``. An
        indicator without any present value stays missing; with a single one, the error is NaN.

    References
    ----------
    .. [1] OECD & JRC (2008). Handbook on Constructing Composite Indicators. doi:10.1787/9789264043466-en

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> mean(sheet(np.array([[1.0], [3.0], [np.nan]]))).values.tolist()
    [[1.0], [3.0], [2.0]]
    """
    return _centers(sheet, _codes(sheet, _grouping(sheet, group) if group else None, over), "mean")


def median(sheet: Sheet, *, group: str | None = None, over: str = "period") -> Imputed:
    """The median of the indicator's present values; parameters and errors as in :func:`mean`.

    The error of a guess is ``s sqrt(1 + pi/(2n))``, with s about the mean: under a normal law, a median wavers more
    than a mean.
    """
    return _centers(sheet, _codes(sheet, _grouping(sheet, group) if group else None, over), "median")


def group_mean(sheet: Sheet, *, group: str | None = None, over: str = "period") -> Imputed:
    """The mean of the present values in the unit's group.

    Parameters
    ----------
    sheet : Sheet
    group : str, optional
        Name of the grouping; may be left out when the sheet has just one.
    over : {"period", "all"}
        In a panel: take the mean of the group within the period, or over all its rows.

    Returns
    -------
    Imputed
        A unit without a group stays as it is, and so does one whose group has no present value. The error is
        ``s sqrt(1 + 1/n)`` of the group; of a group with a single value, s is taken over all groups together.

    Raises
    ------
    InputError
        When the sheet has no such grouping.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> size = np.array(["small", "small", "large", "large"], dtype=object)
    >>> four = replace(sheet(np.array([[1.0], [np.nan], [9.0], [np.nan]])), groups={"size": size})
    >>> group_mean(four, group="size").values.ravel().tolist()
    [1.0, 1.0, 9.0, 9.0]
    """
    return _centers(sheet, _codes(sheet, _grouping(sheet, group), over), "mean")


def group_median(sheet: Sheet, *, group: str | None = None, over: str = "period") -> Imputed:
    """The median of the present values in the unit's group; all else as in :func:`group_mean`."""
    return _centers(sheet, _codes(sheet, _grouping(sheet, group), over), "median")


def row_mean(sheet: Sheet, *, within: Mapping[str, str] | None = None, over: str = "period") -> Imputed:
    """Where the unit stands on its other indicators, on average.

    Each indicator is turned to "higher is better" and scaled to 0-1 over its present values; the mean of the unit's
    positions is scaled back to the missing indicator's unit.

    Parameters
    ----------
    sheet : Sheet
    within : mapping of str to str, optional
        Indicator → node: only indicators of the same node are looked at; one not named makes a node of its own.
    over : {"period", "all"}
        In a panel: scale within the period, or over all rows.

    Returns
    -------
    Imputed
        NaN stays where the unit has nothing to go by. The error is the root mean square, per indicator, of what the
        same rule misses on present values.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> row_mean(sheet(np.array([[0.0, 10.0, 0.0], [8.0, 30.0, 4.0], [2.0, 15.0, np.nan]]))).values[2].tolist()
    [2.0, 15.0, 1.0]
    """
    return _positions(sheet, "mean", within, over)


def row_median(sheet: Sheet, *, within: Mapping[str, str] | None = None, over: str = "period") -> Imputed:
    """The median of the unit's positions on its other indicators; all else as in :func:`row_mean`."""
    return _positions(sheet, "median", within, over)


def _grouping(sheet: Sheet, group: str | None) -> str:
    """The grouping meant; without a name, the only one there is."""
    known = tuple(sheet.groups)
    if group is None and len(known) == 1:
        return known[0]
    if group is not None and group in known:
        return group
    what = "Imputation by group needs its name" if group is None else f'The grouping "{group}" is unknown'
    hint = did_you_mean(str(group), known) or f"Known: {', '.join(known) or 'none'}."
    raise InputError(f"{what}. {hint}")


def _codes(sheet: Sheet, group: str | None, over: str) -> Codes:
    """Which rows belong together, as numbers from 0, shape (rows,); -1 for a row without a group."""
    codes = np.zeros(len(sheet.units), dtype=np.intp)
    if group is not None:
        codes = pd.factorize(sheet.groups[group])[0].astype(np.intp)
    if sheet.period is None or over == "all":
        return codes
    period = pd.factorize(sheet.period)[0]
    return np.where(codes < 0, -1, codes + (codes.max(initial=0) + 1) * period)


def _per_row(values: Array, codes: Codes, statistics: tuple[str, ...]) -> tuple[Array, ...]:
    """Statistics of the present values of the rows' groups, each of shape (rows, indicators)."""
    inverse = np.unique(codes, return_inverse=True)[1]
    groups = pd.DataFrame(values).groupby(inverse)
    nowhere = (codes < 0)[:, None]
    tables = (getattr(groups, name)().to_numpy(dtype=np.float64) for name in statistics)
    return tuple(np.where(nowhere, np.nan, table[inverse]) for table in tables)


def _centers(sheet: Sheet, codes: Codes, statistic: Statistic) -> Imputed:
    guess, spread, count = _per_row(sheet.values, codes, (statistic, "std", "count"))
    spread = np.where(np.isnan(spread), _pooled_spread(sheet.values, codes), spread)
    return fill(sheet, guess, spread * np.sqrt(1.0 + _CENTER_VARIANCE[statistic] / np.fmax(count, 1.0)))


def _pooled_spread(values: Array, codes: Codes) -> Array:
    """Standard deviation of all rows' present values; NaN for an indicator with fewer than two."""
    return pd.DataFrame(values[codes >= 0]).std().to_numpy(dtype=np.float64)


def _positions(sheet: Sheet, statistic: Statistic, within: Mapping[str, str] | None, over: str) -> Imputed:
    values = np.asarray(sheet.values)
    better = values * sheet.direction
    low, high = _per_row(better, _codes(sheet, None, over), ("min", "max"))
    width = high - low
    position = np.divide(better - low, width, out=np.full_like(better, np.nan), where=width > 0)
    expected = np.full_like(better, np.nan)
    for columns in _nodes(sheet, within):
        expected[:, columns] = _of_others(position[:, columns], statistic)
    missed = pd.DataFrame((position - expected) ** 2).mean().to_numpy(dtype=np.float64)
    guess = (low + np.where(width > 0, expected * width, 0.0)) * sheet.direction
    return fill(sheet, guess, np.where(width > 0, np.sqrt(missed) * width, 0.0))


def _nodes(sheet: Sheet, within: Mapping[str, str] | None) -> list[Codes]:
    """Positions of the indicators of each node."""
    if within is None:
        return [np.arange(len(sheet.indicators))]
    names = [within.get(indicator, f"\0{indicator}") for indicator in sheet.indicators]
    codes = pd.factorize(np.array(names, dtype=object))[0]
    return [np.flatnonzero(codes == code) for code in range(codes.max(initial=-1) + 1)]


def _of_others(position: Array, statistic: Statistic) -> Array:
    """The statistic of the other present values of the same row, for every cell; NaN where there is none."""
    present = ~np.isnan(position)
    others = present.sum(axis=1, keepdims=True) - present
    if statistic == "mean":
        known = np.where(present, position, 0.0)
        total = known.sum(axis=1, keepdims=True) - known
        return np.where(others > 0, total / np.maximum(others, 1), np.nan)
    return np.where(others > 0, _median_of_others(position, others), np.nan)


def _median_of_others(position: Array, others: NDArray[np.intp]) -> Array:
    order = np.argsort(position, axis=1)  # missing last
    rank = np.argsort(order, axis=1)
    ordered = np.take_along_axis(position, order, axis=1)

    def at(place: NDArray[np.intp]) -> Array:
        """What stands at a place of the ordered row once the cell itself is taken out."""
        shifted = np.clip(place + (rank <= place), 0, position.shape[1] - 1)
        return np.take_along_axis(ordered, shifted, axis=1)

    return (at((others - 1) // 2) + at(others // 2)) / 2.0


_OVER = {"over": word("period", "all")}
_GROUP = {"group": text(None), **_OVER}
_ROW = {
    "within": Parameter(
        None,
        "a table: indicator to node",
        lambda value: value is None or (isinstance(value, Mapping) and all(isinstance(v, str) for v in value.values())),
    ),
    **_OVER,
}
_MODEL = {"shrinkage": number(None, 0.0, 0.99), "inside": flag(default=True)}

REGISTRY = Registry(
    "imputation",
    {
        "none": Method(none),
        "mean": Method(mean, _GROUP),
        "median": Method(median, _GROUP),
        "group_mean": Method(group_mean, _GROUP),
        "group_median": Method(group_median, _GROUP),
        "row_mean": Method(row_mean, _ROW),
        "row_median": Method(row_median, _ROW),
        "knn": Method(
            knn, {"k": whole(5, 1), "weights": word("uniform", "distance"), "scale": word("sd", "range", "none")}
        ),
        "regression": Method(regression, _MODEL),
        "multiple": Method(multiple, {"draws": whole(20, 2), "seed": whole(0), **_MODEL}),
        "latest": Method(latest, {"max_age": whole(None, 1)}),
        "linear": Method(linear),
        "constant": Method(constant),
    },
    aliases={
        "i_mean": "mean",
        "i_median": "median",
        "i_mean_grp": "group_mean",
        "i_median_grp": "group_median",
        "mean_group": "group_mean",
        "group": "group_mean",
        "grouped_mean": "group_mean",
        "median_group": "group_median",
        "mean_row": "row_mean",
        "median_row": "row_median",
        "nearest_neighbors": "knn",
        "nearest_neighbours": "knn",
        "k_nearest_neighbors": "knn",
        "k_nearest_neighbours": "knn",
        "em": "regression",
        "multiple_imputation": "multiple",
        "mi": "multiple",
        "locf": "latest",
        "impute_panel": "latest",
        "linear_constant": "linear",
    },
)
