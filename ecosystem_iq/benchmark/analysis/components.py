"""Principal components of the elements of a node, with a sign that does not depend on the machine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem_iq.benchmark.analysis.association import Array
from ecosystem_iq.benchmark.analysis.tree import held
from ecosystem_iq.benchmark.framework import Framework

_NO_VARIATION = 1e-12


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of standardized columns.

    Attributes
    ----------
    loadings : ndarray, shape (items, components)
        Unit vectors; the loadings of a component sum to something positive. NaN for an item without variation.
    sd : ndarray, shape (components,)
        Standard deviation of each component, the largest first; its square is the eigenvalue.
    share : ndarray, shape (components,)
        Of the variance.
    n : int
        Complete units.
    """

    loadings: Array
    sd: Array
    share: Array
    n: int


def complete(values: Array) -> Array:
    """Rows without a gap."""
    return values[~np.isnan(values).any(axis=1)]


def principal_components(values: Array) -> Components:
    """Principal components of the correlation matrix over complete units.

    Parameters
    ----------
    values : ndarray, shape (units, items)
        Units with a NaN are left out.

    Returns
    -------
    Components
        As many as min(complete units, items with variation); none below two units.

    Notes
    -----
    The sign of a component is arbitrary. Here its loadings sum to a positive number; where the sum is 0, the first
    loading other than 0 is positive.

    Examples
    --------
    >>> x = np.array([[1.0, -1.0], [2.0, -2.0], [3.0, -3.5]])
    >>> principal_components(x).share.round(3).tolist()
    [0.997, 0.003]
    """
    rows = complete(values)
    n, items = rows.shape
    spread = rows.std(axis=0, ddof=1) if n > 1 else np.zeros(items)
    varied = spread > _NO_VARIATION * np.abs(rows).max(axis=0, initial=0.0)
    if n <= 1 or not varied.any():
        return Components(np.full((items, 0), np.nan), np.empty(0), np.empty(0), n)
    standard = (rows[:, varied] - rows[:, varied].mean(axis=0)) / spread[varied]
    _, singular, axes = np.linalg.svd(standard, full_matrices=False)
    sd = singular / np.sqrt(n - 1)
    loadings = np.full((items, sd.size), np.nan)
    loadings[varied] = _with_sign(axes.T)
    return Components(loadings, sd, sd**2 / np.sum(sd**2), n)


def _with_sign(loadings: Array) -> Array:
    total = loadings.sum(axis=0)
    leading = np.take_along_axis(loadings, (np.abs(loadings) > _NO_VARIATION).argmax(axis=0)[None], axis=0)[0]
    return loadings * np.where(np.where(np.abs(total) > _NO_VARIATION, total, leading) < 0, -1.0, 1.0)


def components(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Principal components of every node from the elements directly below it.

    Parameters
    ----------
    scores : DataFrame
        Units × indicators and nodes; an element without a column is left out.
    framework : Framework
        The tree.

    Returns
    -------
    DataFrame
        node, element, component (from 1), loading, sd, share, n. Nodes with fewer than two elements are left out.
    """
    parts = [_by_element(scores, node.id, held(scores, framework, node.id)) for node in framework.nodes]
    found = pd.concat(parts, ignore_index=True)
    # The number of elements of the node, not of components: items alike leave one component, which counts.
    return found[found.groupby("node")["element"].transform("nunique") > 1].reset_index(drop=True)


def _by_element(scores: pd.DataFrame, node: str, names: list[str]) -> pd.DataFrame:
    found = principal_components(scores[names].to_numpy(np.float64))
    item, component = (at.ravel() for at in np.indices(found.loadings.shape))
    return pd.DataFrame(
        {
            "node": node,
            "element": np.array(names, dtype=object)[item],
            "component": component + 1,
            "loading": found.loadings[item, component],
            "sd": found.sd[component],
            "share": found.share[component],
            "n": found.n,
        }
    )
