"""Indicators per head, per area, per GDP: values divided by a denominator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ecosystem_iq.benchmark.steps.registry import LARGEST
from ecosystem_iq.benchmark.steps.sheet import Array


def denominate(values: Array, denominators: Array, scale: Array) -> Array:
    """``x / (d / scale)``: patents per *thousand* inhabitants have d = population, scale = 1000.

    Parameters
    ----------
    values : ndarray, shape (units, indicators)
        In raw units; NaN stays NaN. Standard deviations are divided the same way.
    denominators : ndarray, shape (units, indicators)
        Of every cell; see :func:`denominator_matrix`. A missing denominator leaves nothing to compare: the result is
        missing. So does a denominator of 0, or as good as 0, for a ratio to nothing has no size.
    scale : ndarray, shape (indicators,)
        By how many units of the denominator the result counts; NaN for an indicator which has no denominator: its
        values are returned as they are.

    Returns
    -------
    ndarray, shape (units, indicators)

    Examples
    --------
    >>> values, people = np.array([[10.0, 7.0], [10.0, 7.0]]), np.array([[2000.0, np.nan], [0.0, np.nan]])
    >>> denominate(values, people, np.array([1000.0, np.nan])).tolist()
    [[5.0, 7.0], [nan, 7.0]]
    """
    divided = ~np.isnan(scale)
    divisor = np.where(divided, denominators / np.where(divided, scale, 1.0), 1.0)
    missing = divided & ~(np.abs(denominators) >= 1 / LARGEST)
    return np.asarray(np.where(missing, np.nan, values / np.where(missing, 1.0, divisor)))


def denominator_matrix(known: Mapping[str, Array], names: Sequence[str | None], units: int) -> Array:
    """The denominator of every cell, from the one which each indicator names.

    Parameters
    ----------
    known : mapping of str to ndarray, shape (units,)
        Denominators by name.
    names : sequence of str or None
        The denominator of every indicator; None for none.
    units : int
        Number of rows.

    Returns
    -------
    ndarray, shape (units, indicators)
        NaN down the column of an indicator without a denominator.

    Raises
    ------
    KeyError
        When an indicator names a denominator which is not known.

    Examples
    --------
    >>> denominator_matrix({"people": np.array([5.0, 6.0])}, [None, "people"], 2).tolist()
    [[nan, 5.0], [nan, 6.0]]
    """
    matrix = np.full((units, len(names)), np.nan)
    for column, name in enumerate(names):
        if name is not None:
            matrix[:, column] = known[name]
    return matrix
