"""How fragmented an account is: modularity beyond what chance gives to a network of its size and density.

Raw modularity measures density above all: a sparse random network has a high one. The expectation under chance, Q0, is
the mean over networks rewired with every degree kept. It comes from a shipped table over the number of tied
stakeholders, their mean degree and the dispersion of degree (sd / mean), made by ``scripts/calibrate_archetypes.py``;
or, exact for an account, from rewirings of its own network.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.sparse import csr_array

from ecosystem_iq.files import read_builtin
from ecosystem_iq.network.communities import account_communities, bonds, communities, modularity
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.per_account import tally
from ecosystem_iq.network.kernels.rewiring import rewire

TABLE = "modularity_null.csv"
AXES = ("n", "degree", "dispersion")
FEWEST = 4
"""Tied stakeholders below which chance says nothing."""

_FORGET, _APART = 20, 6
"""Sweeps after which a rewired network has forgotten the first one, and between two which are looked at."""


@dataclass(frozen=True, eq=False)
class Partition:
    """The communities of every account, and how much they say.

    Attributes
    ----------
    labels : ndarray of int, shape (nodes,)
        Community of each stakeholder within the account, largest 0.
    count : ndarray of int, shape (accounts,)
        Communities of two or more.
    modularity : ndarray, shape (accounts,)
        NaN where nobody is tied.
    expected : ndarray, shape (accounts,)
        By chance; NaN where fewer than four stakeholders are tied.
    """

    labels: NDArray[np.int64]
    count: NDArray[np.int64]
    modularity: NDArray[np.float64]
    expected: NDArray[np.float64]

    @property
    def fragmentation(self) -> NDArray[np.float64]:
        """``(Q - Q0) / (1 - Q0)``: 0 is chance, 1 is separate groups, shape (accounts,)."""
        return np.asarray((self.modularity - self.expected) / (1.0 - self.expected))


def partition(
    graph: InfluenceGraph, *, exact: bool = False, rewirings: int = 50, rng: int | np.random.Generator = 0
) -> Partition:
    """Communities of every account, with their modularity and that of chance.

    Parameters
    ----------
    graph : InfluenceGraph
        Ties count once, whatever their direction and probability; ties against do not bind a group and are left out.
    exact : bool
        Expectation from rewirings of each account instead of the shipped table; slow for many or large accounts.
    rewirings : int
        How many, 1 or more; only with ``exact``.
    rng : int or numpy.random.Generator
        Only with ``exact``. The draws of an account do not depend on the others.

    Returns
    -------
    Partition
    """
    adjacency, labels = bonds(graph), account_communities(graph)
    starts = np.cumsum(graph.sizes) - graph.sizes
    members = np.bincount(starts[graph.account_code] + labels, minlength=len(graph))
    count = tally(graph.account_code, members > 1, len(graph.account_ids)).astype(np.int64)
    points = places(adjacency, graph.sizes)
    expected = _rewired(graph, adjacency, points, rewirings, rng) if exact else null_modularity(points)
    return Partition(labels, count, modularity(adjacency, labels, graph.sizes), expected)


def fragmentation(graph: InfluenceGraph) -> NDArray[np.float64]:
    """``(Q - Q0) / (1 - Q0)`` of every account: 0 is chance, 1 is separate groups.

    Parameters
    ----------
    graph : InfluenceGraph

    Returns
    -------
    ndarray, shape (accounts,)
        NaN where fewer than four stakeholders are tied. See :func:`partition`.
    """
    return partition(graph).fragmentation


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
    scaled = _scaled(np.where(known.reshape(-1, 1), points, 10.0))
    inside = np.clip(scaled, [axis[0] for axis in table.grid], [axis[-1] for axis in table.grid])
    return np.where(known, table(inside), np.nan)


def rewired_modularity(
    adjacency: csr_array, rewirings: int, rng: np.random.Generator, *, seed: int = 0
) -> NDArray[np.float64]:
    """Modularity of the Leiden communities of rewired networks, every degree kept (kernel, no checks).

    Parameters
    ----------
    adjacency : csr_array of 0 and 1, shape (nodes, nodes)
        One undirected network with ties, symmetric and without diagonal.
    rewirings : int
    rng : numpy.random.Generator
    seed : int
        Of Leiden.

    Returns
    -------
    ndarray, shape (rewirings,)
    """
    n = adjacency.shape[0]
    tails = np.repeat(np.arange(n), np.diff(adjacency.indptr))
    once = tails < adjacency.indices
    edges = np.column_stack([tails[once], adjacency.indices[once]]).astype(np.int64)
    found = np.empty(rewirings)
    for i in range(rewirings):
        edges = rewire(edges, n, _APART if i else _FORGET, rng)
        ends = np.vstack([edges, edges[:, ::-1]])
        other = csr_array((np.ones(len(ends)), tuple(ends.T)), shape=(n, n))
        found[i] = modularity(other, communities(other, seed=seed))[0]
    return found


def places(adjacency: csr_array, sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Tied nodes, mean degree and dispersion of undirected networks of ones, shape (accounts, 3) (kernel).

    Parameters
    ----------
    adjacency : csr_array, shape (nodes, nodes)
        Block-diagonal by account.
    sizes : ndarray of int, shape (accounts,)
        Nodes in each account, one account after the other.

    Returns
    -------
    ndarray, shape (accounts, 3)
        NaN where fewer than four nodes are tied.
    """
    degree = np.diff(adjacency.indptr)
    account = np.repeat(np.arange(len(sizes)), sizes)[degree > 0]
    degree = degree[degree > 0]
    tied = np.bincount(account, minlength=len(sizes)).astype(np.float64)
    tied[tied < FEWEST] = np.nan
    mean = tally(account, degree, len(sizes)) / tied
    spread = np.sqrt(tally(account, (degree - mean[account]) ** 2, len(sizes)) / tied)
    return np.column_stack([tied, mean, spread / mean])


def _rewired(
    graph: InfluenceGraph,
    adjacency: csr_array,
    points: NDArray[np.float64],
    rewirings: int,
    rng: int | np.random.Generator,
) -> NDArray[np.float64]:
    """Mean over rewirings of each account; its draws follow from its id, not from its place among the others."""
    base = int(np.random.default_rng(rng).integers(2**63))
    ends = np.r_[0, np.cumsum(graph.sizes)]
    expected = np.full(len(graph.account_ids), np.nan)
    for i in np.flatnonzero(np.isfinite(points[:, 0])):
        own = csr_array(adjacency[ends[i] : ends[i + 1], ends[i] : ends[i + 1]])
        draws = np.random.default_rng([base, int.from_bytes(graph.account_ids[i].encode(), "big")])
        expected[i] = rewired_modularity(own, rewirings, draws).mean()
    return expected


def _scaled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Size and degree by logarithm."""
    return np.column_stack([np.log(points[:, 0]), np.log(points[:, 1]), points[:, 2]])


@cache
def _null_table() -> RegularGridInterpolator:
    text = read_builtin(TABLE)
    table = pd.read_csv(io.StringIO(text), comment="#").sort_values(list(AXES))
    axes = [np.unique(table[name]) for name in AXES]
    values = table["modularity"].to_numpy().reshape([len(axis) for axis in axes])
    return RegularGridInterpolator((np.log(axes[0]), np.log(axes[1]), axes[2]), values)
