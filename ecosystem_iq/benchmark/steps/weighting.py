"""Weights of the children of one node: given, equal, or taken from what the scores themselves show.

Every method is a function ``f(scores, nominal, **parameters)`` of the children's scores, shape (units, children), NaN
where missing, and the weights of the framework, shape (children,). It gives weights of shape (children,), at least 0
and with sum 1 (:func:`given`: as they are), or, where each unit has its own, (units, children). A child whose nominal
weight is 0 is shown and not counted: it gets 0 from every method and is no part of the calculation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.correlation_weights import Level, optimize_correlations
from ecosystem_iq.benchmark.steps.envelopment import benefit_of_the_doubt
from ecosystem_iq.benchmark.steps.principal_weights import first_loadings, squared_loading_weights
from ecosystem_iq.benchmark.steps.registry import Method, Registry, number, word
from ecosystem_iq.errors import InputError

Array = NDArray[np.float64]

_UNITS = 2  # the fewest which differ
_BEST = 100.0  # what the best unit scores under its own weights


def given(scores: Array, nominal: Array) -> Array:
    """The nominal weights, as they are."""
    del scores
    return np.asarray(nominal, dtype=np.float64)


def equal(scores: Array, nominal: Array) -> Array:
    """The same weight for every child which counts.

    Examples
    --------
    >>> equal(np.ones((2, 3)), np.array([5.0, 0.0, 1.0])).tolist()
    [0.5, 0.0, 0.5]
    """
    return _among_counted(scores, nominal, lambda counted, _: np.ones(counted.shape[1]))


def std(scores: Array, nominal: Array) -> Array:
    """Weights proportional to the standard deviation: what tells units apart counts more.

    Raises
    ------
    InputError
        A child with less than two scores.

    Examples
    --------
    >>> std(np.array([[0.0, 0.0], [1.0, 3.0]]), np.ones(2)).round(9).tolist()
    [0.25, 0.75]
    """
    return _among_counted(scores, nominal, lambda counted, _: _spread(counted))


def entropy(scores: Array, nominal: Array) -> Array:
    """Weights proportional to 1 - entropy of the units' shares in a child's total, which is 0 where all are equal.

    Raises
    ------
    InputError
        A score below 0, a child without a positive one, or with less than two.

    References
    ----------
    Shannon (1948), A mathematical theory of communication, doi:10.1002/j.1538-7305.1948.tb01338.x; as weights: Hwang &
    Yoon (1981), Multiple Attribute Decision Making, doi:10.1007/978-3-642-48318-9.

    Examples
    --------
    >>> entropy(np.array([[1.0, 0.0], [1.0, 1.0]]), np.ones(2)).round(9).tolist()
    [0.0, 1.0]
    """
    return _among_counted(scores, nominal, lambda counted, _: _divergence(counted))


def critic(scores: Array, nominal: Array) -> Array:
    """Weights proportional to standard deviation times conflict, the sum of 1 - correlation with the other children.

    Correlations are of the units which have both scores; one which is undefined counts as no correlation.

    Raises
    ------
    InputError
        A child with less than two scores.

    References
    ----------
    Diakoulaki, Mavrotas & Papayannakis (1995), Determining objective weights in multiple criteria problems: the CRITIC
    method, Computers & Operations Research 22(7), 763-770, doi:10.1016/0305-0548(94)00059-H.

    Examples
    --------
    >>> critic(np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]), np.ones(3)).tolist()
    [0.25, 0.25, 0.5]
    """

    def information(counted: Array, _: Array) -> Array:
        return np.asarray(_spread(counted) * (1 - _pairwise_correlation(counted)).sum(axis=1))

    return _among_counted(scores, nominal, information)


def pca(scores: Array, nominal: Array, *, variant: str = "squared") -> Array:
    """Weights from principal components of the standardized children, over units which have all scores.

    Parameters
    ----------
    scores, nominal : ndarray
    variant : {"squared", "loading"}
        *squared*: squared loadings of rotated components times their share of variance, as the OECD/JRC Handbook does
        it. *loading*: the loadings on the first component, its sign such that their sum is positive; one which is
        negative all the same, of a child which runs against the others, gives weight 0.

    Raises
    ------
    InputError
        Less than three units which have all scores.

    References
    ----------
    OECD, European Union & JRC (2008), Handbook on Constructing Composite Indicators, doi:10.1787/9789264043466-en.

    Examples
    --------
    >>> scores = np.array([[0.0, 0.0, 9.0], [1.0, 1.0, 4.0], [2.0, 2.0, 2.0], [3.0, 3.0, 1.0]])
    >>> pca(scores, np.ones(3), variant="loading").round(3).tolist()
    [0.5, 0.5, 0.0]
    """

    def components(counted: Array, _: Array) -> Array:
        if variant == "squared":
            return squared_loading_weights(counted)
        return np.clip(first_loadings(counted), 0.0, None)

    return _among_counted(scores, nominal, components)


def correlation(scores: Array, nominal: Array, *, aim: str = "balance", low: float = 0.0, high: float = 1.0) -> Array:
    """Weights under which what a child counts in its node is what its nominal weight says it should.

    Parameters
    ----------
    scores, nominal : ndarray
        The nominal weights are the target.
    aim : {"balance", "influence", "infomax"}
        As in :func:`~ecosystem_iq.benchmark.steps.correlation_weights.optimize_correlations`.
    low, high : float
        Lowest and highest weight of a child.

    Raises
    ------
    InputError
        A child without variance, or bounds which no weights with sum 1 satisfy.

    Examples
    --------
    >>> scores = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 9.0], [3.0, 4.0]])
    >>> correlation(scores, np.ones(2)).round(3).tolist()
    [0.758, 0.242]
    """

    def optimal(counted: Array, target: Array) -> Array:
        level = Level(counted, np.zeros(len(target), dtype=np.intp), np.ones(1))
        return optimize_correlations(level, aim, target=target, bounds=(low, high)).weights

    return _among_counted(scores, nominal, optimal)


def doubt(scores: Array, nominal: Array, **limits: Any) -> Array:
    """Weights of each unit's own choice, in which it looks best: benefit of the doubt.

    Parameters
    ----------
    scores, nominal : ndarray
        Scores are at least 0.
    **limits
        ``low`` and ``high``, bounds on the share of a child (default 0 and 1); ``on``, what the bounds are about:
        "shares" of the unit's score (default) or of its "weights"; ``order``: "none" (default), or "nominal", by which
        of two children the one with the higher nominal weight has no smaller share.

    Returns
    -------
    ndarray, shape (units, children)
        Multipliers: a unit's score is ``sum(weights * scores)``, 100 for the best. They do not sum to 1 and are not to
        be rescaled; 0 where the score is missing.

    Raises
    ------
    InputError
        As :func:`~ecosystem_iq.benchmark.steps.envelopment.benefit_of_the_doubt`.

    Examples
    --------
    >>> scores = np.array([[80.0, 20.0], [40.0, 40.0], [20.0, 20.0]])
    >>> (doubt(scores, np.ones(2)) * scores).sum(axis=1).round(6).tolist()
    [100.0, 100.0, 50.0]
    """
    nominal = np.asarray(nominal, dtype=np.float64)
    counted = np.flatnonzero(nominal > 0)
    weights = np.zeros_like(scores)
    ordered: list[tuple[int, int]] = []
    if limits.pop("order", "none") == "nominal":
        ordered = [(int(i), int(k)) for i, k in np.argwhere(nominal[counted][:, None] > nominal[counted])]
    if len(counted):
        best = benefit_of_the_doubt(scores[:, counted], order=ordered, **limits)
        weights[:, counted] = _BEST * best.weights
    return weights


def _among_counted(scores: Array, nominal: Array, importance: Callable[[Array, Array], Array]) -> Array:
    """Importance of the children whose nominal weight is not 0, as shares; equal where it is 0 for all of them."""
    nominal = np.asarray(nominal, dtype=np.float64)
    counted = np.flatnonzero(nominal > 0)
    weights = np.zeros(len(nominal))
    if len(counted) == 1:
        weights[counted] = 1.0
    elif len(counted):
        raw = importance(scores[:, counted], nominal[counted])
        total = raw.sum()
        weights[counted] = raw / total if total > 0 else 1 / len(counted)
    return weights


def _spread(scores: Array) -> Array:
    """Standard deviation (divisor n - 1) of every column over what is present."""
    few = np.flatnonzero((~np.isnan(scores)).sum(axis=0) < _UNITS)
    if len(few):
        raise InputError(f"Weights from the spread of scores need two units; children {few.tolist()} have less.")
    return np.asarray(np.nanstd(scores, axis=0, ddof=1))


def _divergence(scores: Array) -> Array:
    present = ~np.isnan(scores)
    totals = np.nansum(scores, axis=0)
    if (scores < 0).any() or (totals <= 0).any() or (present.sum(axis=0) < _UNITS).any():
        raise InputError("Entropy weights need scores of at least 0, a positive one, and two units in every child.")
    share = np.where(present, scores, 0.0) / totals
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    return np.asarray(np.clip(1 + (share * logs).sum(axis=0) / np.log(present.sum(axis=0)), 0.0, None))


def _pairwise_correlation(scores: Array) -> Array:
    """Pearson correlations over the units which have both; 0 where undefined, 1 on the diagonal."""
    there = (~np.isnan(scores)).astype(np.float64)
    # Centered first: sums of products of raw values would lose digits.
    x = np.where(there > 0, scores - np.nanmean(scores, axis=0), 0.0)
    n, sums, squares = there.T @ there, x.T @ there, (x**2).T @ there
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = squares - sums**2 / n
        r = (x.T @ x - sums * sums.T / n) / np.sqrt(np.clip(variance * variance.T, 0.0, None))
    r = np.clip(np.nan_to_num(r, posinf=0.0, neginf=0.0), -1.0, 1.0)
    np.fill_diagonal(r, 1.0)
    return np.asarray(r)


REGISTRY = Registry(
    "weights",
    {
        "given": Method(given),
        "equal": Method(equal),
        "pca": Method(pca, {"variant": word("squared", "loading")}),
        "entropy": Method(entropy),
        "critic": Method(critic),
        "std": Method(std),
        "correlation": Method(
            correlation,
            {"aim": word("balance", "influence", "infomax"), "low": number(0.0, 0, 1), "high": number(1.0, 0, 1)},
        ),
        "benefit_of_the_doubt": Method(
            doubt,
            {
                "low": number(0.0, 0, 1),
                "high": number(1.0, 0, 1),
                "on": word("shares", "weights"),
                "order": word("none", "nominal"),
            },
        ),
    },
    aliases={
        "none": "given",
        "nominal": "given",
        "original": "given",
        "principal_components": "pca",
        "standard_deviation": "std",
        "sd": "std",
        "optimized": "correlation",
        "correlations": "correlation",
        "opt": "correlation",
        "bod": "benefit_of_the_doubt",
        "dea": "benefit_of_the_doubt",
        "envelopment": "benefit_of_the_doubt",
    },
)

MULTIPLIERS = frozenset({"benefit_of_the_doubt"})
"""Methods whose weights are multipliers, one row a unit: the node is sum(weights * scores), nothing is rescaled."""
