"""Missing values are taken from the units most like the one which misses them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem_iq.benchmark.steps.imputed import Imputed, fill
from ecosystem_iq.benchmark.steps.joint_normal import Index
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet

_RELATIVE_ROUNDING = 1e-12  # a squared distance smaller than this, next to the squares it comes from, is 0


def knn(sheet: Sheet, *, k: int = 5, weights: str = "uniform", scale: str = "sd") -> Imputed:
    """The mean of the nearest units for which the value is present.

    Parameters
    ----------
    sheet : Sheet
        The rows of a panel are taken together: another period of the same unit is a neighbor too.
    k : int, optional
        How many neighbors; units as far away as the last of them count as well, so that the order of rows is
        irrelevant.
    weights : {"uniform", "distance"}
        Whether a neighbor counts by the inverse of its distance.
    scale : {"sd", "range", "none"}
        What indicators are divided by before distances are taken.

    Returns
    -------
    Imputed
        The distance is Euclidean over the indicators present for both units, scaled up for the others. A unit without
        any in common with another takes the mean; an indicator without present values stays missing. The error is
        the root mean square of what the same rule misses on the indicator's present values, each left out in turn.

    References
    ----------
    .. [1] Troyanskaya et al. (2001). Missing value estimation methods for DNA microarrays. Bioinformatics 17(6),
       520-525. doi:10.1093/bioinformatics/17.6.520

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> three = sheet(np.array([[1.0, 10.0], [2.0, 20.0], [1.1, np.nan]]))
    >>> knn(three, k=1).values[2].tolist()
    [1.1, 10.0]
    """
    values = np.asarray(sheet.values)
    pairs = _pairs(values / _scale(values, scale))
    guess, error = np.full_like(values, np.nan), np.full_like(values, np.nan)
    for column in np.flatnonzero(np.isnan(values).any(axis=0)):
        known = values[:, column]
        donors = np.flatnonzero(~np.isnan(known))
        if len(donors) == 0:
            continue
        rule = _Rule(known[donors], k, by_distance=weights == "distance")
        takers = np.flatnonzero(np.isnan(known))
        guess[takers, column] = rule.predict(pairs.to(donors, takers))
        missed = rule.predict(pairs.between(int(column), donors)) - known[donors]
        error[:, column] = np.sqrt((missed**2).mean()) if len(donors) > 1 else np.nan
    return fill(sheet, guess, error)


def _scale(values: Array, scale: str) -> Array:
    """What to divide each column by, shape (indicators,); 1 where it does not vary."""
    frame = pd.DataFrame(values)
    if scale == "none":
        return np.ones(values.shape[1])
    width = (frame.std() if scale == "sd" else frame.max() - frame.min()).to_numpy(dtype=np.float64)
    return np.asarray(np.where(width > 0, width, 1.0))


@dataclass(frozen=True, eq=False)
class _Pairs:
    """What lies between any two rows.

    Attributes
    ----------
    z : ndarray, shape (rows, indicators)
    square : ndarray, shape (rows, rows)
        Sum of squared differences over the indicators present in both.
    common : ndarray, shape (rows, rows)
        Number of these indicators.
    """

    z: Array
    square: Array
    common: Array

    def to(self, donors: Index, takers: Index) -> Array:
        """Squared distances of some rows to others, shape (takers, donors)."""
        at = np.ix_(takers, donors)
        return _mean_square(self.square[at], self.common[at])

    def between(self, column: int, donors: Index) -> Array:
        """Squared distances between some rows, a column present in all left out; infinite to oneself.

        What a value would be predicted from must not know the value.
        """
        known = self.z[donors, column]
        at = np.ix_(donors, donors)
        away = _mean_square(self.square[at] - (known[:, None] - known) ** 2, self.common[at] - 1.0)
        np.fill_diagonal(away, np.inf)
        return away


def _mean_square(square: Array, common: Array) -> Array:
    """Over the indicators in common; infinite without any. Rounding leaves no square below 0."""
    away = np.maximum(square, 0.0) / np.maximum(common, 1.0)
    away[common <= 0] = np.inf
    return np.asarray(away)


def _pairs(z: Array) -> _Pairs:
    there = (~np.isnan(z)).astype(np.float64)
    known = np.where(np.isnan(z), 0.0, z - np.nan_to_num(pd.DataFrame(z).mean().to_numpy()))
    size = known**2 @ there.T
    size = size + size.T
    square = size - 2.0 * known @ known.T
    return _Pairs(z, np.where(square > _RELATIVE_ROUNDING * size, square, 0.0), there @ there.T)


@dataclass(frozen=True, eq=False)
class _Rule:
    """What neighbors say: their values, how many of them count, and how."""

    known: Array
    k: int
    by_distance: bool

    def predict(self, away: Array) -> Array:
        """Weighted means of the nearest, shape (rows,), from squared distances; the mean of all without any."""
        last = min(self.k, len(self.known)) - 1
        # Equal distances differ by rounding, and what is infinitely far away is no neighbor.
        within = np.partition(away, last, axis=1)[:, [last]] * (1.0 + 1e-9)
        weight = (away <= np.minimum(within, np.finfo(np.float64).max)).astype(np.float64)
        if self.by_distance:
            twin = (away <= 0.0).any(axis=1, keepdims=True)  # settles it alone
            weight *= np.where(twin, away <= 0.0, 1.0 / np.sqrt(np.where(away > 0.0, away, 1.0)))
        total = weight.sum(axis=1)
        mean = weight @ self.known / np.where(total > 0.0, total, 1.0)
        return np.asarray(np.where(total > 0.0, mean, self.known.mean()))
