"""What an element is said to weigh, and how much it really moves its node."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.benchmark.analysis.association import Array
from ecosystem_iq.benchmark.analysis.correlation import pairwise
from ecosystem_iq.benchmark.analysis.spline import conditional_mean
from ecosystem_iq.benchmark.analysis.tree import held, members
from ecosystem_iq.benchmark.framework import Framework

_FEWEST = 8
"""Units below which a curve cannot be told from a line."""


def effective_weights(framework: Framework) -> pd.DataFrame:
    """Weight of every element within its node, and down from the composite.

    Parameters
    ----------
    framework : Framework
        The tree.

    Returns
    -------
    DataFrame
        id, node ("" for the composite), weight, share (of the weights within the node), effective (the product of
        shares up to the composite). The indicators' effective weights sum to 1.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.framework import load_framework
    >>> found = effective_weights(load_framework()).set_index("id")
    >>> float(found.loc["eiq", "effective"])
    1.0
    """
    root = framework.nodes[-1]
    effective = {root.id: 1.0}
    rows = [(root.id, "", root.weight, 1.0, 1.0)]
    for node in reversed(framework.nodes):
        below = members(framework, node.id)
        total = sum(below.values())
        for name, weight in below.items():
            share = weight / total if total else float("nan")
            effective[name] = share * effective[node.id]
            rows.append((name, node.id, weight, share, effective[name]))
    return pd.DataFrame(rows, columns=["id", "node", "weight", "share", "effective"])


def correlation_ratio(x: Array, y: Array) -> Array:
    """Share of the variance of y which goes with x in any shape: V(E[y | x]) / V(y).

    Parameters
    ----------
    x : ndarray, shape (units,)
    y : ndarray, shape (units,) or (units, outputs)
        Units with a NaN anywhere are left out.

    Returns
    -------
    ndarray, shape () or (outputs,)
        Between the squared correlation and 1; the main effect or first-order index. NaN below eight units or
        without variation.

    Notes
    -----
    Paruolo, Saisana & Saltelli 2013, doi:10.1111/j.1467-985X.2012.01059.x. E[y | x] is a penalized spline, so the
    ratio is a measure of fit: with few units, it lies a little above that of the population.

    Examples
    --------
    >>> x = np.linspace(-1.0, 1.0, 101)
    >>> float(correlation_ratio(x, x**2).round(3))
    1.0
    """
    outputs = y if y.ndim > 1 else y[:, None]
    rows = ~(np.isnan(x) | np.isnan(outputs).any(axis=1))
    outputs, shape = outputs[rows], y.shape[1:]
    result = np.full(outputs.shape[1], np.nan)
    if rows.sum() < _FEWEST or np.ptp(x[rows]) == 0:
        return result.reshape(shape)
    varied = np.ptp(outputs, axis=0) > 0
    fit = conditional_mean(x[rows], outputs[:, varied])
    result[varied] = np.clip(fit.var(axis=0) / outputs[:, varied].var(axis=0), 0.0, 1.0)
    return result.reshape(shape)


def importance(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Stated against realized importance of every element in its node and in the composite.

    Parameters
    ----------
    scores : DataFrame
        Units × indicators and nodes; elements and nodes without a column are left out.
    framework : Framework
        The tree.

    Returns
    -------
    DataFrame
        node, element, share (of the weights within the node), effective (weight in the composite), correlation
        (with the node), correlation_ratio (with the node), realized (its share in the sum of ratios of the node),
        gap (realized - share), composite_ratio (correlation ratio with the composite).
    """
    weights = effective_weights(framework).set_index("id")
    found = pd.concat([_node_importance(scores, framework, node.id) for node in framework.nodes], ignore_index=True)
    found.insert(2, "share", found["element"].map(weights["share"]))
    found.insert(3, "effective", found["element"].map(weights["effective"]))
    realized = found["correlation_ratio"] / found.groupby("node")["correlation_ratio"].transform("sum")
    found.insert(6, "realized", realized)
    found.insert(7, "gap", realized - found["share"])
    return found


def _node_importance(scores: pd.DataFrame, framework: Framework, node: str) -> pd.DataFrame:
    names = held(scores, framework, node) if node in scores.columns else []
    values = scores[names].to_numpy(np.float64)
    mark, top = (_column(scores, name) for name in (node, framework.nodes[-1].id))
    return pd.DataFrame(
        {
            "node": node,
            "element": pd.Series(names, dtype=object),
            "correlation": pairwise(values, mark[:, None]).coefficient[:, 0],
            "correlation_ratio": np.array([correlation_ratio(column, mark) for column in values.T], dtype=np.float64),
            "composite_ratio": np.array([correlation_ratio(column, top) for column in values.T], dtype=np.float64),
        }
    )


def _column(scores: pd.DataFrame, name: str) -> Array:
    return scores[name].to_numpy(np.float64) if name in scores.columns else np.full(len(scores), np.nan)
