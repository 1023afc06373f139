"""Draws of missing values which also know that the law behind them is only estimated.

Data augmentation: in turn, missing values are drawn under a law, and a law is drawn given the completed values. The
prior of the covariance is the inverse Wishart law whose weight equals the pull toward independence of
:mod:`~ecosystem_iq.benchmark.steps.joint_normal`, so that both agree on what to expect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem_iq.benchmark.steps.joint_normal import Gap, Law, conditional, gaps
from ecosystem_iq.benchmark.steps.sheet import Array

_CELLS = 8_000_000  # numbers held at a time
_SHORTEST, _LONGEST = 5, 100  # rounds of a chain


@dataclass(frozen=True, eq=False)
class Draws:
    """Completed values, and what they are spread about.

    Attributes
    ----------
    values : ndarray, shape (draws, units, indicators)
    center, variance : ndarray, shape (units, indicators)
        Mean and variance of a missing value over all laws, free of the noise of single draws; the value itself and 0
        where present.
    """

    values: Array
    center: Array
    variance: Array


@dataclass(frozen=True, eq=False)
class _Block:
    """Some draws, with mean and variance of every value under its law, all of shape (draws, units, indicators)."""

    values: Array
    center: Array
    variance: Array


def draw(z: Array, law: Law, draws: int, rng: np.random.Generator) -> Draws:
    """Independent draws, each the end of a chain of its own which starts from the estimated law.

    A chain forgets its start as fast as estimation settles, so that is how long it runs.

    Parameters
    ----------
    z : ndarray, shape (units, indicators)
        In standard units; NaN is missing.
    law : Law
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    Draws

    References
    ----------
    .. [1] Tanner & Wong (1987). The Calculation of Posterior Distributions by Data Augmentation. Journal of the
       American Statistical Association 82(398), 528-540. doi:10.1080/01621459.1987.10478458
    .. [2] Schafer (1997). Analysis of Incomplete Multivariate Data. doi:10.1201/9780367803025
    """
    blocks = [_chains(z, law, size, rng) for size in _sizes(z, draws)]
    center = np.concatenate([block.center for block in blocks])
    within = np.sum([block.variance.sum(axis=0) for block in blocks], axis=0) / draws
    between = center.var(axis=0, ddof=1) * (1.0 + 1.0 / draws) if draws > 1 else 0.0
    return Draws(np.concatenate([block.values for block in blocks]), center.mean(axis=0), within + between)


def _sizes(z: Array, draws: int) -> list[int]:
    """How many chains to run at a time."""
    solved = sum(gap.columns.size * gap.columns.shape[1] for gap in gaps(np.isnan(z)))
    block = max(1, _CELLS // max(1, 3 * z.size + 3 * z.shape[1] ** 2 + solved))
    return [min(block, draws - start) for start in range(0, draws, block)]


def _chains(z: Array, law: Law, count: int, rng: np.random.Generator) -> _Block:
    holes = gaps(np.isnan(z))
    precision = np.broadcast_to(np.linalg.inv(law.covariance), (count, *law.covariance.shape))
    mean = np.broadcast_to(law.mean, (count, len(law.mean)))
    drawn = _draw_values(z, holes, mean, precision, rng)
    for _ in range(min(max(law.pace, _SHORTEST), _LONGEST) if holes else 0):
        mean, precision = _draw_law(drawn.values, law.shrinkage, rng)
        drawn = _draw_values(z, holes, mean, precision, rng)
    return drawn


def _draw_values(z: Array, holes: tuple[Gap, ...], mean: Array, precision: Array, rng: np.random.Generator) -> _Block:
    values = np.repeat(z[None], len(mean), axis=0)
    expected, variance = values.copy(), np.zeros_like(values)
    for gap, center, spread in conditional(z, holes, mean, precision):
        at = (slice(None), gap.rows[:, None], gap.columns)
        noise = np.matmul(np.linalg.cholesky(spread), rng.standard_normal(center.shape)[..., None])[..., 0]
        values[at] = center + noise
        expected[at] = center
        variance[at] = np.diagonal(spread, axis1=-2, axis2=-1)
    return _Block(values, expected, variance)


def _draw_law(values: Array, pull: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Mean and precision given completed values, shapes (draws, indicators) and (draws, indicators, indicators).

    With prior ``IW(k + p + 1, k I)``, k = n a / (1 - a), the covariance is expected to be ``(1 - a) S + a I``, times
    ``(n + k) / (n + k - 1)`` for the mean.
    """
    _, n, width = values.shape
    weight = n * pull / (1.0 - pull)
    center = values.mean(axis=1)
    around = values - center[:, None, :]
    scale = around.swapaxes(1, 2) @ around + weight * np.eye(width)
    root = np.linalg.inv(np.linalg.cholesky(scale)).swapaxes(1, 2) @ _bartlett(
        len(values), width, n + weight + width, rng
    )
    noise = rng.standard_normal((len(values), width, 1)) / np.sqrt(n)
    mean = center + np.linalg.solve(root.swapaxes(1, 2), noise)[..., 0]
    return mean, root @ root.swapaxes(1, 2)


def _bartlett(count: int, width: int, freedom: float, rng: np.random.Generator) -> Array:
    """Roots of Wishart draws about the identity, shape (count, width, width): lower triangles."""
    root = np.tril(rng.standard_normal((count, width, width)), -1)
    at = np.arange(width)
    root[:, at, at] = np.sqrt(rng.chisquare(freedom - at, size=(count, width)))
    return root
