"""Which units and which indicators have enough data to take part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.registry import Method, Parameter, Registry, number
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet

DATA = 2 / 3
NONZERO = 0.05


@dataclass(frozen=True, eq=False)
class Screening:
    """Who takes part, and why.

    Attributes
    ----------
    kept_units : ndarray of bool, shape (units,)
    kept_indicators : ndarray of bool, shape (indicators,)
    units, indicators : DataFrame
        One row each: ``unit`` or ``indicator_id``; the counts ``missing``, ``zeros``, ``missing_or_zero``;
        ``availability``, the share of values present; ``nonzero_share`` of the present ones (NaN when none is);
        ``low_data``, ``low_nonzero``: strictly below the threshold; ``kept``.
    """

    kept_units: NDArray[np.bool_]
    kept_indicators: NDArray[np.bool_]
    units: pd.DataFrame
    indicators: pd.DataFrame


def by_missing(
    sheet: Sheet, *, units: float = DATA, indicators: float = 0.0, force: Mapping[str, bool] | None = None
) -> Screening:
    """Leave out units and indicators with too few values.

    Both are judged on the sheet as it is given, so that the order of the two does not matter.

    Parameters
    ----------
    sheet : Sheet
        A zero is a value.
    units, indicators : float
        Least share of values present, in [0, 1]; strictly below, a row or column is left out.
    force : mapping of str to bool, optional
        Units which are kept (True) or left out (False) whatever their data.

    Returns
    -------
    Screening

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> by_missing(sheet(np.array([[1.0, 2.0], [3.0, np.nan]]))).kept_units.tolist()
    [True, False]
    """
    return _screening(sheet, (units, NONZERO, indicators), ("low_data",), force)


def by_zeros(
    sheet: Sheet, *, nonzero: float = NONZERO, indicators: float = 0.0, force: Mapping[str, bool] | None = None
) -> Screening:
    """Leave out units whose present values are nearly all zero: zeros are often missing values in disguise.

    Parameters
    ----------
    sheet : Sheet
    nonzero : float
        Least share of values other than zero among the present ones of a unit, in [0, 1].
    indicators, force
        As in :func:`by_missing`.

    Returns
    -------
    Screening

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> by_zeros(sheet(np.array([[1.0, 0.0], [0.0, 0.0]]))).kept_units.tolist()
    [True, False]
    """
    return _screening(sheet, (DATA, nonzero, indicators), ("low_nonzero",), force)


def by_missing_and_zeros(
    sheet: Sheet,
    *,
    units: float = DATA,
    nonzero: float = NONZERO,
    indicators: float = 0.0,
    force: Mapping[str, bool] | None = None,
) -> Screening:
    """Leave out what either :func:`by_missing` or :func:`by_zeros` leaves out.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> by_missing_and_zeros(sheet(np.array([[1.0, np.nan], [0.0, 0.0], [1.0, 2.0]]))).kept_units.tolist()
    [False, False, True]
    """
    return _screening(sheet, (units, nonzero, indicators), ("low_data", "low_nonzero"), force)


def none(sheet: Sheet) -> Screening:
    """Everyone takes part; the tables say what there is."""
    return _screening(sheet, (0.0, 0.0, 0.0), (), None)


def node_availability(values: Array, nodes: Mapping[str, Sequence[int]]) -> pd.DataFrame:
    """Share of values present at each node of a hierarchy.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
    nodes : mapping of str to sequence of int
        Positions of the indicators below each node.

    Returns
    -------
    DataFrame, shape (units, nodes), in [0, 1]
        NaN for a node without indicators.

    Examples
    --------
    >>> node_availability(np.array([[1.0, np.nan]]), {"index": [0, 1], "pillar": [1]}).to_numpy().tolist()
    [[0.5, 0.0]]
    """
    there = ~np.isnan(values)
    return pd.DataFrame({name: _share(there[:, list(at)].sum(axis=1), len(at)) for name, at in nodes.items()})


def _screening(
    sheet: Sheet, thresholds: tuple[float, float, float], rules: tuple[str, ...], force: Mapping[str, bool] | None
) -> Screening:
    data, nonzero, columns = thresholds
    units = _coverage(sheet.values, "unit", sheet.units, (data, nonzero))
    indicators = _coverage(np.transpose(sheet.values), "indicator_id", sheet.indicators, (columns, nonzero))
    kept = ~np.logical_or.reduce([units[rule] for rule in rules], axis=0, initial=False)
    named = dict(force or {})
    units["kept"] = [named.get(name, own) for name, own in zip(sheet.units, kept, strict=True)] if named else kept
    indicators["kept"] = ~indicators["low_data"]
    return Screening(units["kept"].to_numpy(dtype=bool), indicators["kept"].to_numpy(dtype=bool), units, indicators)


def _coverage(values: Array, key: str, names: Sequence[str], least: tuple[float, float]) -> pd.DataFrame:
    """Counts and shares by row."""
    missing, zeros = np.isnan(values).sum(axis=1), (values == 0).sum(axis=1)
    present = values.shape[1] - missing
    availability, nonzero = 1 - _share(missing, values.shape[1]), 1 - _share(zeros, present)
    return pd.DataFrame(
        {
            key: names,
            "missing": missing,
            "zeros": zeros,
            "missing_or_zero": missing + zeros,
            "availability": availability,
            "nonzero_share": nonzero,
            "low_data": availability < least[0],
            "low_nonzero": nonzero < least[1],
        }
    )


def _share(part: NDArray[np.intp], whole: NDArray[np.intp] | int) -> Array:
    """``part / whole``, NaN where there is no whole."""
    base = np.broadcast_to(np.asarray(whole, dtype=np.float64), part.shape)
    none_ = np.full(part.shape, np.nan)
    return np.asarray(np.divide(part, base, out=none_, where=base > 0))


def _names_to_flags(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and all(isinstance(name, str) and isinstance(kept, bool) for name, kept in value.items())
    )


_FORCE = Parameter(None, "a table of units, each true (kept) or false (left out)", _names_to_flags)
_UNITS, _NONZERO, _INDICATORS = number(DATA, 0, 1), number(NONZERO, 0, 1), number(0.0, 0, 1)

REGISTRY = Registry(
    "screening",
    {
        "missing": Method(by_missing, {"units": _UNITS, "indicators": _INDICATORS, "force": _FORCE}),
        "zeros": Method(by_zeros, {"nonzero": _NONZERO, "indicators": _INDICATORS, "force": _FORCE}),
        "missing_and_zeros": Method(
            by_missing_and_zeros,
            {"units": _UNITS, "nonzero": _NONZERO, "indicators": _INDICATORS, "force": _FORCE},
        ),
        "none": Method(none),
    },
    aliases={
        "by_missing": "missing",
        "byna": "missing",
        "by_zeros": "zeros",
        "byzeros": "zeros",
        "bynaandzeros": "missing_and_zeros",
        "both": "missing_and_zeros",
    },
)
