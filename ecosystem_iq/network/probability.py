"""From what is known of a tie to the probability that it moves somebody.

One row of the tie table gives ``x = a * strength * recency * confidence``; an arc joins its rows as
``p = 1 - prod(1 - f * x)``, where one factor ``f`` an account brings the mean branching (the number of stakeholders
whom an average stakeholder moves directly) to a stated value. The factor never lifts a row above certainty, so a sparse
account may stay below the target; what was reached is reported. A probability is an assumption, not a forecast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

BLANK = 0.5
"""Strength, confidence and recency of a row which does not say."""

DAYS_PER_MONTH = 365.2425 / 12
_ITERATIONS = 60


def recency(last_confirmed: pd.Series, as_of: pd.Timestamp | None, half_life_months: float) -> NDArray[np.float64]:
    """Weight of a row by its age: 1 when confirmed today, half after each half-life, .5 when unknown.

    Parameters
    ----------
    last_confirmed : Series of datetime64
    as_of : Timestamp or None
        None gives .5 throughout.
    half_life_months : float

    Returns
    -------
    ndarray
        Values in (0, 1]; dates after ``as_of`` count as today.
    """
    if as_of is None:
        return np.full(len(last_confirmed), BLANK)
    days = (as_of - last_confirmed).dt.days.to_numpy(dtype=float, na_value=np.nan)
    months = np.maximum(days, 0.0) / DAYS_PER_MONTH
    return np.where(np.isnan(months), BLANK, 0.5 ** (np.nan_to_num(months) / half_life_months))


@dataclass(frozen=True)
class Rows:
    """Rows of the tie table as arc contributions.

    Attributes
    ----------
    arc : ndarray of int, shape (rows,)
        Arc of each row, ``0 .. arcs - 1``.
    x : ndarray of float, shape (rows,)
        ``a * strength * recency * confidence`` before scaling.
    positive : ndarray of bool, shape (rows,)
    account : ndarray of int, shape (arcs,)
    """

    arc: NDArray[np.int64]
    x: NDArray[np.float64]
    positive: NDArray[np.bool_]
    account: NDArray[np.int64]


def join(rows: Rows, factor: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Probability and sign of each arc: of its two one-sided probabilities, the larger one.

    Parameters
    ----------
    rows : Rows
    factor : ndarray, shape (accounts,)

    Returns
    -------
    probability : ndarray, shape (arcs,), in [0, 1]
    sign : ndarray of +1 and -1, shape (arcs,)
    """
    scaled = np.minimum(rows.x * factor[rows.account[rows.arc]], 1.0)
    with np.errstate(divide="ignore"):  # a certain row: log 0, and so p = 1
        log_miss = np.log1p(-scaled)
    sides = [
        -np.expm1(np.bincount(rows.arc[side], weights=log_miss[side], minlength=len(rows.account)))
        for side in (rows.positive, ~rows.positive)
    ]
    return np.maximum(*sides), np.where(sides[0] >= sides[1], 1, -1).astype(np.int8)


def branching(probability: NDArray[np.float64], rows: Rows, sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean number of stakeholders whom a stakeholder moves directly, by account."""
    total = np.bincount(rows.account, weights=probability, minlength=len(sizes))
    return total / np.maximum(sizes, 1)


def scale(rows: Rows, sizes: NDArray[np.int64], target: float) -> NDArray[np.float64]:
    """The factor of each account which brings its mean branching to ``target``.

    Parameters
    ----------
    rows : Rows
    sizes : ndarray of int, shape (accounts,)
        Stakeholders in each account.
    target : float

    Returns
    -------
    ndarray, shape (accounts,)
        Found by bisection over all accounts at once; at most ``1 / max(x)`` of the account, 1 where it has no arc.
        Ties for and against count alike: both move somebody.
    """
    most = np.zeros(len(sizes))
    np.maximum.at(most, rows.account[rows.arc], rows.x)
    high = np.divide(1.0, most, out=np.ones(len(sizes)), where=most > 0)
    low = np.zeros(len(sizes))
    reached = branching(join(rows, high)[0], rows, sizes)
    out_of_reach = reached <= target
    top = high.copy()
    for _ in range(_ITERATIONS):
        middle = (low + high) / 2
        below = branching(join(rows, middle)[0], rows, sizes) < target
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(out_of_reach, top, (low + high) / 2)
