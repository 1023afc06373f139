"""Ways in which the scores below a node become its score: kernels, without checks.

All take ``scores`` and ``weights`` which can be broadcast against each other, shape (..., units, children): NaN is
missing, and weights are spread over what is present. All are NaN where nothing of positive weight is present.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.registry import Method, Registry, number, numbers, word

Array = NDArray[np.float64]


def weighted_sum(values: Array | NDArray[np.bool_], weights: Array) -> Array:
    """``sum(values * weights)`` over the children, shape (..., units).

    Weights which are the same for all units make it a product of matrices: ten thousand sets of weights on the same
    scores cost a hundredth of the sums one by one.
    """
    values = np.asarray(values, dtype=np.float64)
    if weights.ndim == 1 or weights.shape[-2] == 1:
        of_children = weights if weights.ndim == 1 else weights[..., 0, :]
        if values.ndim == 2 and of_children.ndim <= 2:  # noqa: PLR2004 - one table, one or many sets of weights
            return np.asarray(of_children @ values.T)
        return np.asarray((values @ of_children[..., None])[..., 0])
    return np.asarray(np.einsum("...uc,...uc->...u", *np.broadcast_arrays(values, weights)))


def _mean_of(values: Array, present: NDArray[np.bool_], weights: Array) -> Array:
    """Weighted mean over what is present."""
    total = weighted_sum(present, weights)
    summed = weighted_sum(np.where(present, values, 0.0), weights)
    return np.asarray(np.divide(summed, total, out=np.full(total.shape, np.nan), where=total > 0))


def arithmetic(scores: Array, weights: Array) -> Array:
    """``sum(w x) / sum(w)``: strength in one makes up for weakness in another."""
    return _mean_of(scores, ~np.isnan(scores), weights)


def power(scores: Array, weights: Array, *, exponent: float) -> Array:
    """``(sum(w x^p) / sum(w)) ^ (1/p)``: the further p is below 1, the less strength makes up for weakness.

    NaN where a score is negative. For p <= 0, one score of zero makes a zero; p = 0 is the geometric mean.
    """
    if exponent == 0:
        return geometric(scores, weights)
    present = ~np.isnan(scores)
    with np.errstate(divide="ignore", invalid="ignore"):
        raised = np.power(scores, exponent)
    at_zero, negative = present & (scores == 0), present & (scores < 0)
    finite = np.where(np.isfinite(raised), raised, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.power(_mean_of(finite, present, weights), 1.0 / exponent)
    if exponent < 0:
        mean = _where_any(at_zero, weights, mean, 0.0)
    return _where_any(negative, weights, mean, np.nan)


def geometric(scores: Array, weights: Array, *, zeros: str = "zero", floor: float = 1.0) -> Array:
    """``exp(sum(w ln x) / sum(w))``: a tenth less counts the same wherever one stands.

    Parameters
    ----------
    scores, weights : ndarray
    zeros : {"zero", "floor"}
        *zero*: one score of zero makes a zero, as the formula has it; *floor*: scores below ``floor`` count as it.
    floor : float
        Above 0.

    Returns
    -------
    ndarray, shape (..., units)
        NaN where a score is negative (and not floored).
    """
    present = ~np.isnan(scores)
    if zeros == "floor":
        scores = np.where(present, np.maximum(scores, floor), np.nan)
    at_zero, negative = present & (scores == 0), present & (scores < 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.where(at_zero | negative, 1.0, scores))
    mean = np.exp(_mean_of(logs, present, weights))
    return _where_any(negative, weights, _where_any(at_zero, weights, mean, 0.0), np.nan)


def harmonic(scores: Array, weights: Array) -> Array:
    """``sum(w) / sum(w / x)``; one score of zero makes a zero, a negative one NaN."""
    return power(scores, weights, exponent=-1.0)


def _where_any(bad: NDArray[np.bool_], weights: Array, values: Array, replacement: float) -> Array:
    """Replaced where a bad score has weight."""
    if not bad.any():
        return values
    return np.where(weighted_sum(bad, weights) > 0, replacement, values)


def minimum(scores: Array, weights: Array) -> Array:
    """The weakest counts; weights only say who takes part."""
    taking = ~np.isnan(scores) & (weights > 0)
    lowest = np.where(taking, scores, np.inf).min(axis=-1)
    return np.where(taking.any(axis=-1), lowest, np.nan)


def ordered(scores: Array, weights: Array, *, order: Array | None = None, orness: float = 0.5) -> Array:
    """Ordered weighted average: weights belong to places, from the best score to the worst.

    Parameters
    ----------
    scores, weights : ndarray
        ``weights`` only say who takes part.
    order : sequence of float, optional
        One weight a place, from the best; where a score is missing they are stretched over the rest.
    orness : float, in (0, 1)
        Without ``order``: place r of n weighs ``(r/n)^a - ((r-1)/n)^a`` with ``a = (1 - orness) / orness``: .5 is the
        mean, towards 0 the weakest counts, towards 1 the strongest.

    References
    ----------
    Yager, R. R. (1988). On ordered weighted averaging aggregation operators in multicriteria decisionmaking. *IEEE
    Transactions on Systems, Man, and Cybernetics* 18, 183-190. doi:10.1109/21.87068
    Yager, R. R. (1996). Quantifier guided aggregation using OWA operators. *International Journal of Intelligent
    Systems* 11, 49-73. doi:10.1002/(SICI)1098-111X(199601)11:1<49::AID-INT3>3.0.CO;2-Z
    """
    taking = ~np.isnan(scores) & (weights > 0)
    down = -np.sort(np.where(taking, -scores, np.inf), axis=-1)
    count = taking.sum(axis=-1, keepdims=True)
    place = np.minimum(np.arange(scores.shape[-1] + 1), count) / np.maximum(count, 1)
    if order is None:
        reached = place ** ((1.0 - orness) / orness)
    else:
        given = np.asarray(order, dtype=np.float64)
        reached = np.interp(place, np.linspace(0, 1, len(given) + 1), np.r_[0.0, np.cumsum(given / given.sum())])
    share = np.diff(reached, axis=-1)
    total = np.where(share > 0, share * np.where(np.isfinite(down), down, 0.0), 0.0).sum(axis=-1)
    return np.where(count[..., 0] > 0, total, np.nan)


def mazziotta_pareto(scores: Array, weights: Array, *, penalty: str = "downward") -> Array:
    """Mean less (or plus) standard deviation times coefficient of variation: imbalance costs.

    Parameters
    ----------
    scores, weights : ndarray
        Scores as z-scores with mean 100 and standard deviation 10, or between 70 and 130 for the adjusted index.
        Equal weights in the source; others weigh mean and standard deviation.
    penalty : {"downward", "upward"}
        *downward* where more is better (development), *upward* where more is worse (poverty).

    References
    ----------
    Mazziotta, M. & Pareto, A. (2016). On a generalized non-compensatory composite index for measuring socio-economic
    phenomena. *Social Indicators Research* 127, 983-1003. doi:10.1007/s11205-015-0998-2
    """
    mean = arithmetic(scores, weights)
    spread = np.sqrt(arithmetic((scores - mean[..., None]) ** 2, weights))
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = np.where(spread > 0, spread * spread / mean, 0.0)
    return np.asarray(mean - cost if penalty == "downward" else mean + cost)


def copeland(scores: Array, weights: Array) -> Array:
    """Pairs won less pairs lost, by the weight of the children on which a unit is better.

    A child counts in a pair when both units have a score there, and the weights of a pair are scaled to 1: a missing
    score favors nobody. Ties on a child count half for each, and a pair within 1e-12 of a half is drawn.

    Returns
    -------
    ndarray, shape (..., units)
        From ``1 - units`` to ``units - 1``; NaN for a unit without any score of positive weight.

    References
    ----------
    Munda, G. & Nardo, M. (2009). Noncompensatory/nonlinear composite indicators for ranking countries: a defensible
    setting. *Applied Economics* 41, 1513-1523. doi:10.1080/00036840601019364
    """
    scores, weights = np.broadcast_arrays(scores, weights)
    whole = np.empty(scores.shape[:-1])
    for at in np.ndindex(scores.shape[:-2]):
        whole[at] = _copeland(scores[at], weights[at])
    return whole


def _copeland(scores: Array, weights: Array) -> Array:
    units = len(scores)
    ahead = np.zeros((units, units))
    for x, w in zip(scores.T, weights.T, strict=True):  # one table of pairs a child: their number is small
        there = ~np.isnan(x)
        both = there[:, None] & there
        pair = np.minimum(w[:, None], w)  # the same for all units, except where a child does not apply to one
        ahead += np.where(both, pair * np.sign(x[:, None] - x), 0.0)
    known = ((~np.isnan(scores)) & (weights > 0)).any(axis=1)
    scale = np.abs(ahead).max(initial=1.0)
    won = np.where(np.abs(ahead) > 1e-12 * scale, np.sign(ahead), 0.0)
    return np.where(known, won.sum(axis=1), np.nan)


REGISTRY = Registry(
    "aggregation",
    {
        "arithmetic": Method(arithmetic),
        "geometric": Method(geometric, {"zeros": word("zero", "floor"), "floor": number(1.0, 1e-12)}),
        "harmonic": Method(harmonic),
        "minimum": Method(minimum),
        "power": Method(power, {"exponent": number(0.5, -100.0, 100.0)}),
        "ordered": Method(ordered, {"order": numbers(), "orness": number(0.5, 0.001, 0.999)}),
        "mazziotta_pareto": Method(mazziotta_pareto, {"penalty": word("downward", "upward")}),
        "copeland": Method(copeland),
    },
    {
        "a_amean": "arithmetic", "amean": "arithmetic", "mean": "arithmetic", "a_gmean": "geometric",
        "gmean": "geometric", "a_hmean": "harmonic", "hmean": "harmonic", "a_genmean": "power", "genmean": "power",
        "owa": "ordered", "mpi": "mazziotta_pareto", "ampi": "mazziotta_pareto", "a_copeland": "copeland",
        "min": "minimum",
    },
)  # fmt: skip
"""Functions of scores and weights, and their parameters."""

Aggregator = Callable[..., Array]
