"""Missing values are predicted from the unit's other indicators, under a joint normal law of all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem_iq.benchmark.steps.imputed import Imputed, fill
from ecosystem_iq.benchmark.steps.joint_normal import Law, best_pull, conditional, expected_law, gaps, misfit
from ecosystem_iq.benchmark.steps.posterior import draw
from ecosystem_iq.benchmark.steps.sheet import Array, Sheet
from ecosystem_iq.errors import InputError

_SINGULAR = 1e-9  # the least variance, in standard units, of any mixture of indicators


def regression(sheet: Sheet, *, shrinkage: float | None = None, inside: bool = True) -> Imputed:
    """What is expected of the value given the unit's present ones, under a joint normal law of all indicators.

    Every missing value is regressed on just the indicators its unit has; mean and covariance are estimated by
    expectation-maximization, the covariance pulled toward independence.

    Parameters
    ----------
    sheet : Sheet
        The rows of a panel are taken together.
    shrinkage : float, optional
        Share of independence in the covariance, in [0, 0.99]; by default the one which predicts present values best,
        each left out in turn. 0 is maximum likelihood, which needs many more units than indicators.
    inside : bool, optional
        Keep guesses within the range of the indicator's present values.

    Returns
    -------
    Imputed
        The error is the standard deviation of the value given the present ones, times what the law misses on present
        values left out. An indicator without present values stays missing; with one, the error is NaN.

    Raises
    ------
    InputError
        When indicators are linearly dependent and ``shrinkage`` is 0.

    References
    ----------
    .. [1] Dempster, Laird & Rubin (1977). doi:10.1111/j.2517-6161.1977.tb01600.x
    .. [2] Allen (1974). doi:10.1080/00401706.1974.10489157

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> x = np.arange(12.0)
    >>> line = np.column_stack([x, 2 * x + np.tile([0.1, -0.1], 6)])
    >>> line[5, 1] = np.nan
    >>> regression(sheet(line)).values[5].round(0).tolist()
    [5.0, 10.0]
    """
    model = _fit(sheet, shrinkage)
    guess = model.raw(model.center, inside=inside)
    return fill(sheet, guess, np.sqrt(model.variance) * model.spread, model.notes)


def multiple(
    sheet: Sheet, *, draws: int = 20, seed: int = 0, shrinkage: float | None = None, inside: bool = True
) -> Imputed:
    """The mean of many imputations under laws which are themselves drawn from what the data leave possible.

    Parameters
    ----------
    sheet : Sheet
    draws : int, optional
        Number of imputations.
    seed : int, optional
    shrinkage, inside
        As in :func:`regression`.

    Returns
    -------
    Imputed
        The squared error is the mean variance of a value given its law, and the variance between laws: the spread of
        an infinite number of imputations, without the noise of their number; at least that of :func:`regression`.

    Raises
    ------
    InputError
        As :func:`regression`.

    References
    ----------
    .. [1] Rubin (1987). Multiple Imputation for Nonresponse in Surveys. doi:10.1002/9780470316696
    """
    model = _fit(sheet, shrinkage)
    drawn = draw(model.z, model.law, draws, np.random.default_rng(seed))
    variance = np.maximum(drawn.variance, model.variance)
    return fill(sheet, model.raw(drawn.center, inside=inside), np.sqrt(variance) * model.spread, model.notes)


def imputations(
    sheet: Sheet, m: int, rng: np.random.Generator | int, *, shrinkage: float | None = None, inside: bool = True
) -> Array:
    """Completed values, many times over, as different from one another as the data leave open.

    Parameters
    ----------
    sheet : Sheet
        The rows of a panel are taken together.
    m : int
        Number of imputations.
    rng : numpy.random.Generator or int
    shrinkage, inside
        As in :func:`regression`.

    Returns
    -------
    ndarray, shape (m, units, indicators)
        Present values are the same in all; an indicator without present values stays missing. Where draws lie closer
        together than :func:`regression` says values may be off, they are spread out about their mean.

    Raises
    ------
    InputError
        As :func:`regression`.

    References
    ----------
    .. [1] Rubin (1987). Multiple Imputation for Nonresponse in Surveys. doi:10.1002/9780470316696
    .. [2] Schafer (1997). Analysis of Incomplete Multivariate Data. doi:10.1201/9780367803025

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> three = sheet(np.array([[1.0, 2.0], [2.0, np.nan], [3.0, 4.0]]))
    >>> imputations(three, 100, 1).shape
    (100, 3, 2)
    """
    model = _fit(sheet, shrinkage)
    drawn = draw(model.z, model.law, m, np.random.default_rng(rng))
    center = drawn.center
    known = drawn.variance > 0
    wider = np.sqrt(np.maximum(model.variance / np.where(known, drawn.variance, 1.0), 1.0))
    raw = model.raw(center + wider * np.subtract(drawn.values, center), inside=inside)
    values = np.asarray(sheet.values)
    return np.asarray(np.where(np.isnan(values), raw, values))


@dataclass(frozen=True, eq=False)
class _Model:
    """A sheet in standard units and the law fitted to it.

    Attributes
    ----------
    z : ndarray, shape (units, indicators)
    law : Law
    center, variance : ndarray, shape (units, indicators)
        What is expected of missing values, in standard units, and the variance of what it misses; the value itself and
        0 where present.
    mean, spread, low, high : ndarray, shape (indicators,)
        Of the present values, in raw units.
    """

    z: Array
    law: Law
    center: Array
    variance: Array
    mean: Array
    spread: Array
    low: Array
    high: Array

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the fit."""
        said = "Imputation did not settle: too few values are present for the law of the indicators to be known."
        return () if self.law.converged else (said,)

    def raw(self, z: Array, *, inside: bool) -> Array:
        """Back in raw units; an indicator with a single value has no spread to go by."""
        values = self.mean + z * np.nan_to_num(self.spread)
        return np.clip(values, self.low, self.high) if inside else values


def _fit(sheet: Sheet, pull: float | None) -> _Model:
    values = np.asarray(sheet.values)
    frame = pd.DataFrame(values)
    mean, spread, low, high = (
        getattr(frame, name)().to_numpy(dtype=np.float64) for name in ("mean", "std", "min", "max")
    )
    z = (values - mean) / np.where(spread > 0, spread, 1.0)
    try:
        law = expected_law(z, best_pull(z) if pull is None else pull)
        singular = bool(np.linalg.eigvalsh(law.covariance)[0] < _SINGULAR)
    except np.linalg.LinAlgError:
        singular = True
    if singular:
        raise InputError(
            "Imputation by regression: indicators depend on each other linearly, or there are too few units for "
            "their number; give a shrinkage above 0, or leave it out."
        )
    return _Model(z, law, *_expected(z, law), mean, spread, low, high)


def _expected(z: Array, law: Law) -> tuple[Array, Array]:
    """Missing values given the present ones, and the variances of their errors out of sample."""
    center, variance = z.copy(), np.zeros_like(z)
    precision = np.asarray(np.linalg.inv(law.covariance), dtype=np.float64)
    for gap, expected, spread in conditional(z, gaps(np.isnan(z)), law.mean, precision):
        center[gap.rows[:, None], gap.columns] = expected
        variance[gap.rows[:, None], gap.columns] = np.diagonal(spread, axis1=-2, axis2=-1)
    return center, variance * misfit(z, law) ** 2
