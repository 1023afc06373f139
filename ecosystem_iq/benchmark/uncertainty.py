"""Measurement uncertainty: every score as if it had been measured again.

``sd² = se² + s_r² / raters + ((1 - confidence) * 25)²`` on the 0-100 scale: sampling, raters, evidence. Draws come from
a Beta distribution with the score as mean and that standard deviation, so that no draw leaves the scale.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEVEL = 0.90
EVIDENCE_SPREAD = 25.0
NOT_ASSESSED = (40.0, 25.0)
"""Mean and standard deviation of a score which nobody assessed."""

_SHRINK = 4.0
_FROM_THE_END = 0.7
_PROPORTIONS = {"share": 1.0, "%": 100.0}
"""Units of proportions, and what they call a whole."""


def jeffreys_variance(share: pd.Series, n: pd.Series) -> pd.Series:
    """Variance of a proportion under Jeffreys' Beta(x + .5, n - x + .5).

    Examples
    --------
    >>> round(float(jeffreys_variance(pd.Series([0.0]), pd.Series([9.0])).iloc[0]), 6)
    0.004318
    """
    a, b = share * n + 0.5, (1.0 - share) * n + 0.5
    return a * b / ((a + b) ** 2 * (a + b + 1.0))


def sampling_errors(cells: pd.DataFrame, units: Mapping[str, str]) -> pd.Series:
    """Standard error of each raw value: as given, else of a proportion of n cases, else unknown.

    Parameters
    ----------
    cells : DataFrame
        One row a company and indicator with ``indicator_id value n se``.
    units : mapping of str to str
        Unit of each indicator; ``share`` and ``%`` are proportions.

    Returns
    -------
    Series
        In raw units; NaN where nothing is known of it.
    """
    whole = cells["indicator_id"].map(units).map(_PROPORTIONS)
    share = (cells["value"] / whole).where(cells["n"] >= 1)
    share = share.where(share.between(0.0, 1.0))
    return cells["se"].fillna(whole * np.sqrt(jeffreys_variance(share, cells["n"])))


def standard_deviations(cells: pd.DataFrame, slope: pd.Series, rater_sd: float) -> pd.Series:
    """Standard deviation of each score on the 0-100 scale.

    Parameters
    ----------
    cells : DataFrame
        One row a company and indicator with ``indicator_id se method confidence raters rater_variance rater_df``.
    slope : Series
        Points for one raw unit, by row.
    rater_sd : float
        Used where no cell has two raters.

    Returns
    -------
    Series
        Raters and evidence count for assessed values only: the error of computed ones is in their ``se``.
    """
    assessed = cells["method"] != "computed"
    between = _rater_variance(cells, slope, rater_sd) / cells["raters"].fillna(1.0).clip(lower=1.0)
    doubt = ((1.0 - cells["confidence"].fillna(1.0)) * EVIDENCE_SPREAD) ** 2
    rated = assessed & (cells["method"] == "assessor")
    variance = (cells["se"].fillna(0.0) * slope) ** 2 + between.where(rated, 0.0) + doubt.where(assessed, 0.0)
    return variance**0.5


def _rater_variance(cells: pd.DataFrame, slope: pd.Series, rater_sd: float) -> pd.Series:
    """Variance between raters: pooled over the framework, shrunk to the indicator's own by n / (n + 4)."""
    df = cells["rater_df"].fillna(0.0)
    squares = (cells["rater_variance"] * slope**2).fillna(0.0) * df
    pooled = squares.sum() / df.sum() if df.sum() > 0 else rater_sd**2
    own_df = df.groupby(cells["indicator_id"]).transform("sum")
    own = squares.groupby(cells["indicator_id"]).transform("sum") / own_df.where(own_df > 0)
    share = own_df / (own_df + _SHRINK)
    return (share * own).fillna(0.0) + (1.0 - share) * pooled


def draw_scores(mean: Array, sd: Array, draws: int, rng: np.random.Generator) -> Array:
    """Scores measured again.

    Parameters
    ----------
    mean, sd : ndarray, shape (companies, indicators)
        On the 0-100 scale; NaN gives NaN; ``sd`` 0 gives the mean itself.
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (draws, companies, indicators), in [0, 100]
        Beta with the mean and the standard deviation, which is kept below the largest feasible one. The mean is kept
        half a point, and .7 standard deviations, from the ends of the scale: a Beta closer to an end than that piles up
        there, and 31 of 31 would look surer than it is (with it, Jeffreys' interval comes out).
    """
    s = sd / 100.0
    edge = np.clip(_FROM_THE_END * s, 0.005, 0.5)
    m = np.clip(mean / 100.0, edge, 1.0 - edge)
    s = np.minimum(s, 0.98 * np.sqrt(m * (1.0 - m)))
    random = (s > 0) & ~np.isnan(m)
    with np.errstate(divide="ignore", invalid="ignore"):
        k = np.where(random, m * (1.0 - m) / s**2 - 1.0, 1.0)
    a, b = np.where(random, m * k, 1.0), np.where(random, (1.0 - m) * k, 1.0)
    drawn = 100.0 * rng.beta(a, b, size=(draws, *mean.shape))
    return np.where(random, drawn, mean)


def interval(drawn: Array, point: Array) -> tuple[Array, Array]:
    """90 % interval over draws (first axis), widened to hold the point itself; NaN where the point is NaN."""
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return np.fmin(low, point) + 0.0 * point, np.fmax(high, point) + 0.0 * point
