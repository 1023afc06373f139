"""Do scores go with something outside the index: correlations with intervals, freed from measurement error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

from ecosystem_iq.benchmark.analysis.association import Array
from ecosystem_iq.benchmark.analysis.correlation import adjusted, pairwise
from ecosystem_iq.errors import InputError

_FEWEST = 5
"""Units below which resampling says nothing."""

_NO_VARIATION = 1e-12
_COLUMNS = (
    "node", "criterion", "n", "correlation", "low", "high", "p", "p_adjusted", "reliability", "corrected",
    "corrected_low", "corrected_high",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Resampling:
    """How units are drawn again.

    Attributes
    ----------
    replicates : int
    level : float
        Of the interval: .9 is from 5 to 95 per cent.
    rng : numpy Generator
    """

    replicates: int = 2000
    level: float = 0.9
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))


@dataclass(frozen=True, eq=False)
class _Case:
    """A score and a criterion over the units which have both, and the score's error variance; read as ranks or not."""

    score: Array
    criterion: Array
    noise: Array | None
    ranked: bool

    def coefficient(self, rows: NDArray[np.intp]) -> Array:
        """Correlation over each set of units, shape (sets,)."""
        sides = self.score[rows], self.criterion[rows]
        return _rowwise(*(np.asarray(rankdata(side, axis=1), np.float64) if self.ranked else side for side in sides))

    def corrected(self, rows: NDArray[np.intp]) -> Array:
        """The same over the root of the reliability of the score, within [-1, 1]."""
        r = self.coefficient(rows)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = 1.0 / np.sqrt(np.maximum(self.reliability(rows), 0.0))
            if not self.ranked:
                return np.clip(r * scale, -1.0, 1.0)
            # Of a bivariate normal, a rank correlation and a correlation say the same in two ways.
            return 6.0 / np.pi * np.arcsin(np.clip(2.0 * np.sin(np.pi / 6.0 * r) * scale, -1.0, 1.0) / 2.0)

    def reliability(self, rows: NDArray[np.intp]) -> Array:
        """Share of the variance of the score between units which is not measurement error."""
        if self.noise is None:
            return np.full(len(rows), np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            error = self.noise[rows].mean(axis=1) / self.score[rows].var(axis=1, ddof=1)
        return np.asarray(1.0 - error)


def external_correlations(
    scores: pd.DataFrame,
    criteria: pd.DataFrame,
    draws: Mapping[str, Array] | None = None,
    *,
    kind: str = "pearson",
    resampling: Resampling | None = None,
) -> pd.DataFrame:
    """Correlation of scores with external criteria.

    Parameters
    ----------
    scores : DataFrame
        Units × nodes; NaN is missing.
    criteria : DataFrame
        External measures, joined to the scores by index.
    draws : mapping of str to ndarray, shape (draws, units), optional
        Draws of the scores of a node within their measurement error, in the order of ``scores``.
    kind : {"pearson", "spearman"}
    resampling : Resampling, optional

    Returns
    -------
    DataFrame
        node, criterion, n, correlation, low, high (bias-corrected and accelerated bootstrap interval over units), p,
        p_adjusted (Holm); reliability of the score, and corrected, corrected_low, corrected_high: the correlation
        with the score as it were without measurement error. These are missing without draws or where the error is
        as large as the differences between units; intervals are below five units.

    Raises
    ------
    InputError
        The kind is unknown, or draws do not match the scores.

    Notes
    -----
    Attenuation: Spearman 1904, doi:10.2307/1412159; for ranks the correction assumes a bivariate normal; error of
    the criterion is not corrected for. Intervals: Efron 1987, doi:10.1080/01621459.1987.10478410. The reliability is
    estimated anew in every bootstrap replicate.
    """
    if kind not in ("pearson", "spearman"):
        raise InputError(f'Correlation "{kind}" is unknown here: pearson, spearman.')
    draws, resampling = draws or {}, resampling or Resampling()
    criteria = criteria.reindex(scores.index)
    rows = [
        {"node": node, "criterion": name, **_estimate(_case(scores[node], criteria[name], draws, kind), resampling)}
        for node in scores.columns
        for name in criteria.columns
    ]
    found = pd.DataFrame(rows, columns=_COLUMNS)
    found["p_adjusted"] = adjusted(found["p"].to_numpy(np.float64))
    return found


def _case(score: pd.Series, criterion: pd.Series, draws: Mapping[str, Array], kind: str) -> _Case:
    x, y = score.to_numpy(np.float64), criterion.to_numpy(np.float64)
    both = ~(np.isnan(x) | np.isnan(y))
    drawn = draws.get(str(score.name))
    if drawn is not None and (drawn.ndim != 2 or drawn.shape[1] != x.size):  # noqa: PLR2004 - a table
        raise InputError(f"Draws of {score.name} have shape {drawn.shape}; the scores have {x.size} units.")
    noise = None if drawn is None or both.sum() <= 1 else _noise(drawn[:, both])
    return _Case(x[both], y[both], noise, kind == "spearman")


def _noise(drawn: Array) -> Array:
    """Error variance of each unit's score against the other units': what moves all of them alike is none."""
    units = drawn.shape[1]
    relative = drawn - drawn.mean(axis=1, keepdims=True)
    return np.asarray(relative.var(axis=0, ddof=1) * units / (units - 1))


def _estimate(case: _Case, resampling: Resampling) -> dict[str, float]:
    n = case.score.size
    everyone = np.arange(n)[None]
    found = pairwise(*(_column(case, side) for side in ("score", "criterion")))
    r, p = float(found.coefficient[0, 0]), float(found.p[0, 0])
    reliability = float(case.reliability(everyone)[0]) if n > 1 else float("nan")
    low = high = corrected = corrected_low = corrected_high = float("nan")
    again = resampling.rng.integers(0, n, (resampling.replicates, n)) if n else everyone
    enough = n >= _FEWEST and not np.isnan(r)
    if enough:
        low, high = _interval(case.coefficient(again), r, case.coefficient(_without_one(n)), resampling.level)
    if reliability > 0:
        corrected = float(case.corrected(everyone)[0])
    if enough and reliability > 0:
        left = case.corrected(_without_one(n))
        corrected_low, corrected_high = _interval(case.corrected(again), corrected, left, resampling.level)
    return {
        "n": n, "correlation": r, "low": low, "high": high, "p": p, "reliability": reliability,
        "corrected": corrected, "corrected_low": corrected_low, "corrected_high": corrected_high,
    }  # fmt: skip


def _column(case: _Case, side: str) -> Array:
    values: Array = getattr(case, side)
    return np.asarray(rankdata(values) if case.ranked else values, dtype=np.float64)[:, None]


def _without_one(n: int) -> NDArray[np.intp]:
    """All sets of units but one, shape (n, n - 1)."""
    return np.arange(n - 1) + (np.arange(n - 1) >= np.arange(n)[:, None])


def _interval(replicates: Array, point: float, left_out: Array, level: float) -> tuple[float, float]:
    """Bias-corrected and accelerated interval; replicates without variation are left out."""
    replicates = replicates[~np.isnan(replicates)]
    if not replicates.size or np.isnan(left_out).any():
        return float("nan"), float("nan")
    below = (np.mean(replicates < point) + np.mean(replicates <= point)) / 2
    bias = float(ndtri(np.clip(below, 1 / (replicates.size + 1), replicates.size / (replicates.size + 1))))
    change = left_out.mean() - left_out
    spread = float((change**2).sum() ** 1.5)
    bend = float((change**3).sum()) / (6 * spread) if spread > 0 else 0.0
    z = bias + ndtri(np.array([(1 - level) / 2, (1 + level) / 2]))
    low, high = np.quantile(replicates, ndtr(bias + z / (1 - bend * z)))
    return float(low), float(high)


def _rowwise(x: Array, y: Array) -> Array:
    a, b = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    spread = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    scale = np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    varied = spread > _NO_VARIATION * scale
    return np.clip(np.where(varied, (a * b).sum(axis=1) / np.where(varied, spread, 1.0), np.nan), -1.0, 1.0)
