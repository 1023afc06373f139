"""A normal law of all indicators together, estimated from units with missing values.

Everything here is in standard units: every column has mean 0 and standard deviation 1 over its present values. With
few units and many indicators a covariance is no estimate at all, so it is pulled toward independence,
``(1 - a) S + a I``: as if ``n a / (1 - a)`` further units had been seen on which no indicator tells of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.sheet import Array

Index = NDArray[np.intp]

_PACE = 0.01
_LEFT = 1e-4  # of a value, at least, when its unit has the highest leverage
_PULLS = (0.9, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001)
_TRIAL = 20  # rounds, at most, to try a pull


@dataclass(frozen=True, eq=False)
class Law:
    """Mean and covariance of the indicators.

    Attributes
    ----------
    mean : ndarray, shape (indicators,)
    covariance : ndarray, shape (indicators, indicators)
    shrinkage : float
        Share of the identity in the covariance.
    pace : int
        Rounds of estimation after which nothing moved by more than a hundredth of a standard deviation: the more is
        missing, the more.
    converged : bool
    """

    mean: Array
    covariance: Array
    shrinkage: float
    pace: int = 0
    converged: bool = False


@dataclass(frozen=True, eq=False)
class Gap:
    """The rows which miss the same number of values.

    Attributes
    ----------
    rows : ndarray of int, shape (rows,)
    columns : ndarray of int, shape (rows, missing)
    """

    rows: Index
    columns: Index


def gaps(missing: NDArray[np.bool_]) -> tuple[Gap, ...]:
    """Where values are missing, by the number of them in a row: what lets systems be solved many at a time."""
    counts = missing.sum(axis=1)
    found = []
    for count in np.unique(counts[counts > 0]):
        rows = np.flatnonzero(counts == count)
        found.append(Gap(rows, np.nonzero(missing[rows])[1].reshape(len(rows), int(count))))
    return tuple(found)


def expected_law(z: Array, pull: float, *, rounds: int = 500, tolerance: float = 1e-7) -> Law:
    """Mean and covariance by expectation-maximization.

    Parameters
    ----------
    z : ndarray, shape (units, indicators)
        In standard units; NaN is missing.
    pull : float
        Shrinkage of the covariance toward the identity; with 0 this is maximum likelihood.
    rounds : int, optional
        At most so many.
    tolerance : float, optional
        Largest change of a mean or covariance at which to stop.

    Raises
    ------
    numpy.linalg.LinAlgError
        When a covariance is singular, which ``pull`` above 0 rules out.

    References
    ----------
    .. [1] Dempster, Laird & Rubin (1977). Maximum Likelihood from Incomplete Data via the EM Algorithm. Journal of
       the Royal Statistical Society B 39(1), 1-38. doi:10.1111/j.2517-6161.1977.tb01600.x
    .. [2] Schafer (1997). Analysis of Incomplete Multivariate Data. doi:10.1201/9780367803025
    """
    holes = gaps(np.isnan(z))
    law = Law(np.zeros(z.shape[1]), np.eye(z.shape[1]), pull)
    for done in range(1, rounds + 1):
        mean, covariance = _maximize(z, holes, law)
        moved = max(np.abs(mean - law.mean).max(initial=0.0), np.abs(covariance - law.covariance).max(initial=0.0))
        settled = moved < tolerance or not holes
        law = Law(mean, covariance, pull, done if moved > _PACE else law.pace, converged=settled)
        if settled:
            break
    return law


def _maximize(z: Array, holes: tuple[Gap, ...], law: Law) -> tuple[Array, Array]:
    """One round: expected values and products under a law, and mean and covariance which fit them best."""
    width = z.shape[1]
    filled, scatter = z.copy(), np.zeros(width * width)
    precision = np.asarray(np.linalg.inv(law.covariance), dtype=np.float64)
    for gap, center, spread in conditional(z, holes, law.mean, precision):
        filled[gap.rows[:, None], gap.columns] = center
        flat = gap.columns[:, :, None] * width + gap.columns[:, None, :]
        scatter += np.bincount(flat.ravel(), spread.ravel(), minlength=width * width)
    mean = filled.mean(axis=0)
    around = filled - mean
    sample = (around.T @ around + scatter.reshape(width, width)) / len(z)
    pulled = (1.0 - law.shrinkage) * sample + law.shrinkage * np.eye(width)
    return mean, pulled


def conditional(z: Array, holes: tuple[Gap, ...], mean: Array, precision: Array) -> Iterator[tuple[Gap, Array, Array]]:
    """What missing values are expected to be, given the present ones of the same unit.

    Parameters
    ----------
    z : ndarray, shape (units, indicators)
    holes : tuple of Gap
    mean : ndarray, shape (..., indicators)
    precision : ndarray, shape (..., indicators, indicators)
        Inverse of the covariance; leading axes stand for laws.

    Yields
    ------
    gap : Gap
    center : ndarray, shape (..., rows, missing)
    spread : ndarray, shape (..., rows, missing, missing)
        Covariance of the missing values given the present ones.
    """
    around = np.where(np.isnan(z), 0.0, z - mean[..., None, :])
    pulled = around @ precision
    for gap in holes:
        rows, columns = gap.rows[:, None], gap.columns
        block = precision[..., columns[:, :, None], columns[:, None, :]]
        spread = np.asarray(np.linalg.inv(block), dtype=np.float64)
        moved = np.matmul(spread, pulled[..., rows, columns][..., None])[..., 0]
        yield gap, mean[..., columns] - moved, spread


def best_pull(z: Array) -> float:
    """The pull toward independence with which present values are predicted best from the others of their unit.

    Parameters
    ----------
    z : ndarray, shape (units, indicators)
        In standard units; NaN is missing.

    Returns
    -------
    float
        One of some values between 0.001 and 0.9; the larger one of two equally good.

    References
    ----------
    .. [1] Allen (1974). The Relationship between Variable Selection and Data Augmentation and a Method for
       Prediction. Technometrics 16(1), 125-127. doi:10.1080/00401706.1974.10489157
    """
    laws = (expected_law(z, pull, rounds=_TRIAL, tolerance=_PACE) for pull in _PULLS)
    return _PULLS[int(np.argmin([np.square(left_out(z, law)[0]).sum() for law in laws]))]


def misfit(z: Array, law: Law) -> Array:
    """By how much a law misses values it has not seen, as a multiple of the error it admits to, shape (indicators,).

    A law fitted to few units fits them too well: its own standard deviations are too small.
    """
    missed, variance = left_out(z, law)
    count = np.maximum((~np.isnan(z)).sum(axis=0), 1)
    return np.asarray(np.sqrt((missed**2 / variance).sum(axis=0) / count))


def left_out(z: Array, law: Law) -> tuple[Array, Array]:
    """What a law would have missed of each present value without the help of the value itself.

    As in ridge regression, this follows from the unit's leverage: ``e / (1 - h)``; exact for least squares.

    Parameters
    ----------
    z : ndarray, shape (units, indicators)
        In standard units; NaN is missing.
    law : Law

    Returns
    -------
    missed : ndarray, shape (units, indicators)
        0 where missing.
    variance : ndarray, shape (units, indicators)
        Of a value given the unit's other present ones, under the law; 1 where missing.
    """
    present = ~np.isnan(z)
    precision = np.asarray(np.linalg.inv(law.covariance), dtype=np.float64)
    filled = z.copy()
    certainty = np.repeat(np.diagonal(precision)[None], len(z), axis=0)  # 1 / variance given the others present
    for gap, center, spread in conditional(z, gaps(~present), law.mean, precision):
        filled[gap.rows[:, None], gap.columns] = center
        across = precision[gap.columns]
        certainty[gap.rows] -= (across * (spread @ across)).sum(axis=1)
    around = filled - law.mean
    pulled = around @ precision
    variance = 1.0 / np.where(present, certainty, 1.0)
    size = (around * pulled).sum(axis=1, keepdims=True)
    count = np.maximum(present.sum(axis=0), 1)
    leverage = ((1.0 - law.shrinkage) * (size - pulled**2 * variance) + 1.0) / count
    return np.where(present, pulled * variance / np.maximum(1.0 - leverage, _LEFT), 0.0), variance
