"""Normalizations by distance: from the worst value to a reference or target, and from zero to the largest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.normalization_scope import (
    EMPTY,
    ENDLESS,
    Line,
    Normalized,
    Period,
    Scope,
    linear,
    mean_of,
    scope,
)
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet
from ecosystem_iq.errors import InputError, did_you_mean


def distance_to_reference(
    sheet: Sheet,
    *,
    reference: str | None = None,
    cap: bool = False,
    over: str = "all",
    reference_period: Period | None = None,
) -> Normalized:
    """``(x - min) / (reference - min)``: 0 for the worst, 1 at the value of a named unit.

    Parameters
    ----------
    sheet : Sheet
    reference : str, optional
        Name of the unit, whose value is averaged where it has several rows; by default the best value.
    cap : bool
        True holds a score at 1.
    over, reference_period
        As of :func:`minmax`.

    Raises
    ------
    InputError
        When no unit has this name.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> distance_to_reference(sheet(np.array([[2.0], [4.0], [5.0]])), reference="1").values.ravel()
    array([0. , 1. , 1.5])
    """
    pools = scope(sheet, over, reference_period)
    aim = pools.highest if reference is None else _value_of(sheet, pools, reference)
    line = Line(
        pools.lowest,
        aim - pools.lowest,
        {
            EMPTY: pools.empty,
            "the reference has no value": np.isnan(aim) & ~pools.empty,
            "the reference is the worst value": aim <= pools.lowest,
        },
    )
    return linear(sheet, pools, line, (0.0, 1.0), _capped(pools, cap=cap or (reference is None and not pools.outside)))


def distance_to_target(
    sheet: Sheet, *, cap: bool = False, over: str = "all", reference_period: Period | None = None
) -> Normalized:
    """``(x - min) / (target - min)``: 0 for the worst, 1 at the target of the indicator.

    Where lower is better this is ``(max - x) / (max - target)``. Where even the worst value has reached the target
    there is no distance to measure by: NaN, with a reason.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> waste = replace(sheet(np.array([[-1.0], [1.0], [10.0]]), direction=np.array([-1])), target=np.array([0.0]))
    >>> distance_to_target(waste).values.ravel()
    array([1.1, 0.9, 0. ])
    """
    pools = scope(sheet, over, reference_period)
    aim = np.broadcast_to(sheet.target * sheet.direction, pools.lowest.shape)
    line = Line(
        pools.lowest,
        aim - pools.lowest,
        {
            EMPTY: pools.empty,
            "has no target": np.isnan(aim),
            "every value has reached the target": aim <= pools.lowest,
        },
    )
    return linear(sheet, pools, line, (0.0, 1.0), _capped(pools, cap=cap))


def fraction_of_max(
    sheet: Sheet, *, down: str = "ratio", over: str = "all", reference_period: Period | None = None
) -> Normalized:
    """``x / max``; where lower is better ``min / x``, so that the best value has 1 either way.

    A fraction needs a true zero: an indicator with negative values has no scores, nor one whose maximum is zero.

    Parameters
    ----------
    sheet : Sheet
    down : {"ratio", "complement"}
        Rule where lower is better: ``min / x``, which needs values above zero, or ``1 - x / max``, which does not; with
        the latter it is the worst value which is sure of its score, 0.
    over, reference_period
        As of :func:`minmax`.

    Notes
    -----
    Both rules for lower-is-better are the usual ones for costs in multiple attribute decision making (Hwang & Yoon
    1981, doi:10.1007/978-3-642-48318-9). Dividing the values with their sign turned by their maximum, as has been done,
    gives the *worst* value the highest score, without a limit.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> both = sheet(np.array([[2.0, 2.0], [8.0, 8.0]]), direction=np.array([1, -1]))
    >>> fraction_of_max(both).values
    array([[0.25, 1.  ],
           [1.  , 0.25]])
    >>> fraction_of_max(both, down="complement").values
    array([[0.25, 0.75],
           [1.  , 0.  ]])
    """
    inverse = (sheet.direction < 0) & (down == "ratio")
    with np.errstate(divide="ignore"):
        values = np.where(inverse, 1.0 / sheet.values, sheet.values)  # min / x is a fraction of the largest 1 / x
    turned = replace(sheet, values=values, direction=np.where(inverse, 1.0, sheet.direction))
    pools = scope(turned, over, reference_period)
    largest = np.where(turned.direction < 0, -pools.lowest, pools.highest)
    line = Line(np.where(turned.direction < 0, -largest, 0.0), largest, _no_fraction(sheet, pools, largest, inverse))
    shares = linear(turned, pools, line, (0.0, 1.0), ENDLESS)
    return Normalized(
        shares.values,
        np.where(inverse, shares.slope * values**2, shares.slope),
        np.where(pools.outside & (turned.direction < 0), -np.inf, 0.0),
        np.where(pools.outside & (turned.direction > 0), np.inf, 1.0),
        shares.reasons,
    )


def _no_fraction(
    sheet: Sheet, pools: Scope, largest: Array, inverse: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    """Where a fraction means nothing."""
    least = np.fmin.reduce(sheet.values, axis=0, initial=np.nan)
    return {
        EMPTY: pools.empty,
        "has values below zero": _in_all(pools, least < 0),
        "has a value of zero, and lower is better": _in_all(pools, inverse & (least == 0)),
        "the largest value is zero": (largest == 0) & (least >= 0),
    }


def _in_all(pools: Scope, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask of indicators, for every pool."""
    return np.broadcast_to(mask, pools.lowest.shape)


def _capped(pools: Scope, *, cap: bool) -> tuple[float, float]:
    """Ends of a distance from the worst value."""
    return -np.inf if pools.outside else 0.0, 1.0 if cap else np.inf


def _value_of(sheet: Sheet, pools: Scope, reference: str) -> Array:
    """The mean of a unit's values in every pool, shape (pools, indicators)."""
    mine = np.array([unit == reference for unit in sheet.units], dtype=bool)
    if not mine.any():
        raise InputError(f'The reference "{reference}" is not a unit. {did_you_mean(reference, sheet.units)}'.strip())
    return np.stack([mean_of(pools.values[rows[mine[rows]]]) for rows in pools.pools])
