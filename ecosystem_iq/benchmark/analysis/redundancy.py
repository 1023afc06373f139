"""Elements which say what others already say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ecosystem_iq.benchmark.analysis.association import Array
from ecosystem_iq.benchmark.analysis.components import complete
from ecosystem_iq.benchmark.analysis.correlation import correlations, pairwise
from ecosystem_iq.benchmark.analysis.tree import held
from ecosystem_iq.benchmark.framework import Framework

REDUNDANT = 0.92
"""Correlation above which two elements are taken to say the same: a rule of audits of composite indicators."""

_RANK = 1e-12


def variance_inflation(values: Array) -> Array:
    """Variance inflation factor of every item.

    Parameters
    ----------
    values : ndarray, shape (units, items)
        Units with a NaN are left out.

    Returns
    -------
    ndarray, shape (items,)
        1 / (1 - R²) of each item on all others: 1 when unrelated, inf when it follows from them exactly; NaN without
        variation, or with no more complete units than items.

    Examples
    --------
    >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> variance_inflation(x).round(6).tolist()
    [1.0, 1.0]
    """
    rows = complete(values)
    n, items = rows.shape
    result = np.full(items, np.nan)
    varied = np.ptp(rows, axis=0) > 0 if n else np.zeros(items, bool)
    if n <= varied.sum() or not varied.any():
        return result
    roots, axes = np.linalg.eigh(pairwise(rows[:, varied]).coefficient)
    void = roots <= _RANK * roots[-1]
    inflation = (axes[:, ~void] ** 2 / roots[~void]).sum(axis=1)
    # An item with a part in the null space is a combination of others.
    result[varied] = np.where((axes[:, void] ** 2).sum(axis=1) > _RANK, np.inf, inflation)
    return result


def redundant_pairs(scores: pd.DataFrame, *, threshold: float = REDUNDANT, kind: str = "pearson") -> pd.DataFrame:
    """Pairs of elements, anywhere in the tree, whose correlation is above a threshold in absolute value.

    Parameters
    ----------
    scores : DataFrame
        Units × elements of one level.
    threshold : float
    kind : {"pearson", "spearman", "kendall"}

    Returns
    -------
    DataFrame
        first, second, n, correlation, cluster: elements linked by such pairs share a number, from 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [2.0, 4, 6, 8.5], "c": [1.0, 0, 0, 1]})
    >>> redundant_pairs(frame)[["first", "second", "cluster"]].values.tolist()
    [['a', 'b', 0]]
    """
    pairs = correlations(scores, kind=kind, adjust="none")
    pairs = pairs.loc[pairs["correlation"].abs() > threshold, ["first", "second", "n", "correlation"]]
    pairs = pairs.reset_index(drop=True)
    names = pd.Index(pd.unique(pd.concat([pairs["first"], pairs["second"]])))
    ends = names.get_indexer(pairs["first"]), names.get_indexer(pairs["second"])
    links = coo_array((np.ones(len(pairs)), ends), shape=(len(names), len(names)))
    cluster = connected_components(links, directed=False)[1] if len(names) else np.empty(0, dtype=np.int64)
    return pairs.assign(cluster=np.asarray(cluster, dtype=np.int64)[ends[0]])


def redundancy(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """How far each element of a node is said by its siblings.

    Parameters
    ----------
    scores : DataFrame
        Units × indicators and nodes; an element without a column is left out.
    framework : Framework
        The tree.

    Returns
    -------
    DataFrame
        node, element, vif, explained (R² on the siblings, 1 - 1 / vif), nearest (the sibling of the largest absolute
        correlation), correlation (with it).
    """
    parts = [_node_redundancy(scores, node.id, held(scores, framework, node.id)) for node in framework.nodes]
    return pd.concat(parts, ignore_index=True)


def _node_redundancy(scores: pd.DataFrame, node: str, names: list[str]) -> pd.DataFrame:
    values = scores[names].to_numpy(np.float64)
    inflation = variance_inflation(values)
    r = pairwise(values).coefficient
    np.fill_diagonal(r, np.nan)
    strength = np.where(np.isnan(r), -1.0, np.abs(r))
    nearest = strength.argmax(axis=1) if names else np.empty(0, dtype=np.intp)
    rows = np.arange(len(names))
    known = strength[rows, nearest] >= 0
    return pd.DataFrame(
        {
            "node": node,
            "element": pd.Series(names, dtype=object),
            "vif": inflation,
            "explained": 1.0 - 1.0 / inflation,
            "nearest": np.where(known, np.array(names, dtype=object)[nearest], ""),
            "correlation": r[rows, nearest],
        }
    )
