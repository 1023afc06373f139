"""How fragmented an account is: modularity beyond what chance gives to a network of its size and density.

Raw modularity measures density above all: a sparse random network has a high one. The expectation under chance, Q0, is
the mean over networks rewired with every degree kept. It comes from a shipped table over the number of tied
stakeholders, their mean degree and the dispersion of degree (sd / mean), made by ``scripts/calibrate_archetypes.py``.
"""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.sparse import csr_array

from ecosystem_iq.files import read_builtin
from ecosystem_iq.network.communities import communities
from ecosystem_iq.network.graph import InfluenceGraph

TABLE = "modularity_null.csv"
AXES = ("n", "degree", "dispersion")
FEWEST = 4


def fragmentation(graph: InfluenceGraph) -> NDArray[np.float64]:
    """``(Q - Q0) / (1 - Q0)`` of every account: 0 is chance, 1 is separate groups.

    Parameters
    ----------
    graph : InfluenceGraph

    Returns
    -------
    ndarray, shape (accounts,)
        NaN where fewer than four stakeholders are tied. Ties count once, whatever their direction and probability;
        ties against do not bind a group and are left out.
    """
    positive = graph.matrix.copy()
    positive.data = ((graph.sign > 0) & (graph.matrix.data > 0)).astype(float)
    ends = np.r_[0, np.cumsum(graph.sizes)]
    found = [_one(csr_array(positive[low:high, low:high])) for low, high in pairwise(ends)]
    raw = np.array(found).reshape(-1, 1 + len(AXES))
    expected = null_modularity(raw[:, 1:])
    return np.asarray((raw[:, 0] - expected) / (1.0 - expected))


def null_modularity(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Modularity by chance at points (n, mean degree, dispersion); outside the table its edge holds.

    Examples
    --------
    >>> sparse, dense = null_modularity(np.array([[60, 3.0, 0.5], [60, 12.0, 0.5]]))
    >>> bool(sparse > dense > 0)
    True
    """
    table = _null_table()
    known = np.asarray(np.isfinite(points).all(axis=1))
    places = _scaled(np.where(known.reshape(-1, 1), points, 10.0))
    inside = np.clip(places, [axis[0] for axis in table.grid], [axis[-1] for axis in table.grid])
    return np.where(known, table(inside), np.nan)


def modularity(adjacency: csr_array, labels: NDArray[np.int64]) -> float:
    """Modularity of a partition of an undirected network without weights (kernel).

    Parameters
    ----------
    adjacency : csr_array of 0 and 1, symmetric, without diagonal
    labels : ndarray of int, shape (nodes,)

    References
    ----------
    Newman, M. E. J. (2006). Modularity and community structure in networks. *PNAS* 103, 8577-8582.
    doi:10.1073/pnas.0601602103
    """
    degree = np.diff(adjacency.indptr)
    twice = degree.sum()
    tails = np.repeat(np.arange(len(degree)), degree)
    within = np.count_nonzero(np.equal(labels[tails], labels[adjacency.indices])) / twice
    return float(within - np.sum((np.bincount(labels, weights=degree) / twice) ** 2))


def describe(adjacency: csr_array) -> tuple[float, float, float, float]:
    """Modularity of the Leiden partition, tied nodes, mean degree and dispersion of an undirected 0/1 network."""
    degree = np.diff(adjacency.indptr)
    tied = degree[degree > 0]
    if len(tied) < FEWEST:
        return (np.nan,) * 4
    found = modularity(adjacency, communities(adjacency))
    return found, float(len(tied)), float(tied.mean()), float(tied.std() / tied.mean())


def _one(arcs: csr_array) -> tuple[float, float, float, float]:
    both = csr_array(arcs + arcs.T)
    both.setdiag(0.0)
    both.eliminate_zeros()
    both.data[:] = 1.0
    both.sort_indices()
    return describe(both)


def _scaled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Size and degree by logarithm."""
    return np.column_stack([np.log(points[:, 0]), np.log(points[:, 1]), points[:, 2]])


@cache
def _null_table() -> RegularGridInterpolator:
    text = read_builtin("archetypes", TABLE)
    table = pd.read_csv(io.StringIO(text), comment="#").sort_values(list(AXES))
    axes = [np.unique(table[name]) for name in AXES]
    values = table["modularity"].to_numpy().reshape([len(axis) for axis in axes])
    return RegularGridInterpolator((np.log(axes[0]), np.log(axes[1]), axes[2]), values)
