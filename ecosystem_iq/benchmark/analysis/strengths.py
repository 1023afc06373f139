"""Where a unit stands out from its peers, for better and for worse."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from ecosystem_iq.benchmark.analysis.association import Array
from ecosystem_iq.errors import InputError, did_you_mean


def ranks(values: Array) -> Array:
    """Rank of every unit in every column: 1 for the highest, equals share the smaller rank, NaN stays NaN.

    Parameters
    ----------
    values : ndarray, shape (units, elements)

    Examples
    --------
    >>> ranks(np.array([[2.0], [3.0], [np.nan], [3.0]])).ravel().tolist()
    [3.0, 1.0, nan, 1.0]
    """
    return np.asarray(rankdata(-values, "min", axis=0, nan_policy="omit"), dtype=np.float64)


def standings(values: pd.DataFrame, direction: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Rank of every unit on every element, in long form.

    Parameters
    ----------
    values : DataFrame
        Units × elements, indexed by unit; NaN is missing.
    direction : mapping of str to float, optional
        -1 for an element where lower is better; 1 by default.

    Returns
    -------
    DataFrame
        unit, element, value, rank, of (units with a value), percentile (share of the other units which are worse,
        equals counted half; NaN for a single unit). Missing values have no row.
    """
    sign = np.array([(direction or {}).get(name, 1.0) for name in values.columns])
    better = values.to_numpy(np.float64) * sign
    rank, of = ranks(better), (~np.isnan(better)).sum(axis=0)
    middle = np.asarray(rankdata(better, axis=0, nan_policy="omit"), dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        percentile = np.where(of > 1, (middle - 1.0) / (of - 1.0), np.nan)
    unit, element = np.nonzero(~np.isnan(better))
    return pd.DataFrame(
        {
            "unit": values.index.to_numpy()[unit],
            "element": values.columns.to_numpy()[element],
            "value": values.to_numpy(np.float64)[unit, element],
            "rank": rank[unit, element].astype(np.int64),
            "of": of[element],
            "percentile": percentile[unit, element],
        }
    )


def strengths(
    values: pd.DataFrame, unit: str, direction: Mapping[str, float] | None = None, *, best: int = 5, worst: int = 5
) -> pd.DataFrame:
    """The elements on which a unit ranks highest and lowest among its peers.

    Parameters
    ----------
    values : DataFrame
        Units × elements, indexed by unit; NaN is missing.
    unit : str
        Whom to describe.
    direction : mapping of str to float, optional
        As :func:`standings`.
    best, worst : int
        How many of each; fewer where there are fewer.

    Returns
    -------
    DataFrame
        kind ("strength" or "weakness"), element, value, rank, of, percentile; the best first in each part, equals in
        the order of the columns. Being last, alone or with others, is no strength and being first no weakness; no
        element is both.

    Raises
    ------
    InputError
        The unit is unknown.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [3.0, 1, 2], "b": [1.0, 3, 2]}, index=["x", "y", "z"])
    >>> strengths(frame, "x", best=1, worst=1)[["kind", "element", "rank"]].values.tolist()
    [['strength', 'a', 1], ['weakness', 'b', 3]]
    """
    if unit not in values.index:
        raise InputError(f'Unit "{unit}" is unknown. {did_you_mean(unit, map(str, values.index))}'.strip())
    every = standings(values, direction)
    last = every.groupby("element")["rank"].transform("max")
    own = every.assign(last=every["rank"] == last)[every["unit"] == unit].sort_values("rank", kind="stable")
    above = own[~own["last"]].head(best)
    below = own[(own["rank"] > 1) & ~own["element"].isin(above["element"])].tail(worst)
    parts = [above.assign(kind="strength"), below.assign(kind="weakness")]
    return pd.concat(parts, ignore_index=True)[["kind", "element", "value", "rank", "of", "percentile"]]
