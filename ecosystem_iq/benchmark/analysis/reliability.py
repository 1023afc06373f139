"""Do the elements of a node measure one thing: alpha, item-rest correlation, sampling adequacy, sphericity."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2

from ecosystem_iq.benchmark.analysis.association import Array
from ecosystem_iq.benchmark.analysis.components import complete, principal_components
from ecosystem_iq.benchmark.analysis.correlation import pairwise
from ecosystem_iq.benchmark.analysis.tree import held
from ecosystem_iq.benchmark.framework import Framework

_SINGULAR = 1e-12
_PAIR = 2


def covariances(values: Array) -> Array:
    """Covariances (divisor n - 1) of columns over the units which have both.

    Parameters
    ----------
    values : ndarray, shape (units, items)
        NaN is missing.

    Returns
    -------
    ndarray, shape (items, items)
        NaN below two common units.
    """
    here = ~np.isnan(values)
    mask = here.astype(np.float64)
    count = np.maximum(mask.sum(axis=0), 1)
    centered = np.where(here, values - np.where(here, values, 0.0).sum(axis=0) / count, 0.0)
    n, sums = mask.T @ mask, centered.T @ mask
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (centered.T @ centered - sums * sums.T / n) / (n - 1.0)
    found[n <= 1] = np.nan
    return found


def cronbach(values: Array) -> float:
    """Cronbach's alpha.

    Parameters
    ----------
    values : ndarray, shape (units, items)
        NaN is missing; covariances are over pairwise complete units.

    Returns
    -------
    float
        k² c / S, with c the mean covariance of two items and S the sum of all; negative where items conflict. NaN
        below two items or without variation.

    Notes
    -----
    Cronbach 1951, doi:10.1007/BF02310555.

    Examples
    --------
    >>> round(cronbach(np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 5.0]])), 3)
    0.857
    """
    return _alpha(covariances(values))


def _alpha(covariance: Array) -> float:
    k = covariance.shape[0]
    total = float(covariance.sum())
    if k <= 1 or not total:
        return float("nan")
    return float(k / (k - 1) * (1.0 - np.trace(covariance) / total))


def item_rest(values: Array) -> Array:
    """Correlation of each item with the mean of the other items, shape (items,).

    A unit takes part where it has the item and at least one other; the mean is over those it has. NaN below two
    items, three units or without variation.
    """
    filled = np.nan_to_num(values)
    here = ~np.isnan(values)
    others = here.sum(axis=1, keepdims=True) - here
    rest = np.where(others > 0, (filled.sum(axis=1, keepdims=True) - filled) / np.maximum(others, 1), np.nan)
    both = here & ~np.isnan(rest)
    paired = [pairwise(values[rows][:, [at]], rest[rows][:, [at]]).coefficient for at, rows in enumerate(both.T)]
    return np.array(paired).reshape(-1)


def sampling_adequacy(values: Array) -> tuple[float, Array]:
    """Kaiser-Meyer-Olkin measure of a set of items, and of each item.

    Parameters
    ----------
    values : ndarray, shape (units, items)
        Units with a NaN are left out.

    Returns
    -------
    overall : float
    each : ndarray, shape (items,)
        Squared correlations as a share of these and the squared partial correlations given all other items: below
        .5 the items have little in common. NaN where the correlation matrix cannot be inverted.

    Notes
    -----
    Kaiser 1974, doi:10.1007/BF02291575.
    """
    r = pairwise(complete(values)).coefficient
    if r.shape[0] <= 1 or not _invertible(r):
        return float("nan"), np.full(r.shape[0], np.nan)
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diag(inverse))
    own, partial = r**2, (inverse / np.outer(scale, scale)) ** 2
    np.fill_diagonal(own, 0.0)
    np.fill_diagonal(partial, 0.0)
    each = own.sum(axis=0) / (own.sum(axis=0) + partial.sum(axis=0))
    return float(own.sum() / (own.sum() + partial.sum())), each


def _invertible(r: Array) -> bool:
    return bool(np.isfinite(r).all() and np.linalg.eigvalsh(r)[0] > _SINGULAR)


def sphericity(values: Array) -> tuple[float, int, float]:
    """Bartlett's test that items are uncorrelated.

    Parameters
    ----------
    values : ndarray, shape (units, items)
        Units with a NaN are left out.

    Returns
    -------
    statistic : float
    freedom : int
    p : float
        From the chi-squared distribution; NaN where the correlation matrix cannot be inverted.

    Notes
    -----
    Bartlett 1951, doi:10.1093/biomet/38.3-4.337.
    """
    rows = complete(values)
    n, k = rows.shape
    freedom = k * (k - 1) // 2
    r = pairwise(rows).coefficient
    if k <= 1 or not _invertible(r):
        return float("nan"), freedom, float("nan")
    statistic = -(n - 1 - (2 * k + 5) / 6) * float(np.linalg.slogdet(r)[1])
    return statistic, freedom, float(chi2.sf(statistic, freedom))


def reliability(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Coherence of every node, from the elements directly below it.

    Parameters
    ----------
    scores : DataFrame
        Units × indicators and nodes, all with "more is better"; an element without a column is left out.
    framework : Framework
        The tree.

    Returns
    -------
    DataFrame
        One row a node: node, items, complete_units, alpha, standardized_alpha, spearman_brown (of two items),
        mean_correlation, lowest_correlation, kmo, bartlett, bartlett_p, first_share (of the variance, by the first
        component), strong_components (eigenvalue above 1). Missing where a figure has no meaning.
    """
    rows = [
        {"node": node.id, **_coherence(scores[held(scores, framework, node.id)].to_numpy(np.float64))}
        for node in framework.nodes
    ]
    return pd.DataFrame(rows)


def _coherence(values: Array) -> dict[str, float]:
    r = pairwise(values).coefficient
    between = r[np.triu_indices_from(r, 1)]
    statistic, _, p = sphericity(values)
    found = principal_components(values)
    mean = float(between.mean()) if between.size else float("nan")
    return {
        "items": values.shape[1],
        "complete_units": found.n,
        "alpha": cronbach(values),
        "standardized_alpha": _alpha(r),
        "spearman_brown": 2 * mean / (1 + mean) if values.shape[1] == _PAIR and mean > -1 else float("nan"),
        "mean_correlation": mean,
        "lowest_correlation": float(between.min()) if between.size else float("nan"),
        "kmo": sampling_adequacy(values)[0],
        "bartlett": statistic,
        "bartlett_p": p,
        "first_share": float(found.share[0]) if found.share.size else float("nan"),
        "strong_components": int(np.sum(found.sd**2 > 1)),
    }


def item_reliability(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """What each element does to the coherence of its node.

    Parameters
    ----------
    scores, framework
        As :func:`reliability`.

    Returns
    -------
    DataFrame
        node, element, item_rest (correlation with the mean of the others), alpha_without, kmo.
    """
    parts = [_items(scores, node.id, held(scores, framework, node.id)) for node in framework.nodes]
    return pd.concat(parts, ignore_index=True)


def _items(scores: pd.DataFrame, node: str, names: list[str]) -> pd.DataFrame:
    values = scores[names].to_numpy(np.float64)
    covariance = covariances(values)
    kept = [np.delete(np.arange(len(names)), at) for at in range(len(names))]
    return pd.DataFrame(
        {
            "node": node,
            "element": names,
            "item_rest": item_rest(values),
            "alpha_without": [_alpha(covariance[np.ix_(rest, rest)]) for rest in kept],
            "kmo": sampling_adequacy(values)[1],
        }
    )
