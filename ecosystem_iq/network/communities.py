"""Communities by the Leiden algorithm, the same for the same seed.

Two questions, two functions: :func:`communities` of one network, and :func:`account_communities` of every account of a
map by itself. The algorithm weighs each tie against all ties of the network it is given, so accounts which are put into
one call change each other's groups.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.per_account import ratio, tally

_ITERATIONS = 10
_SAFE = 1e100
"""Weights between 1 / this and this keep their squares inside the range of floating-point numbers."""


def communities(matrix: csr_array, *, seed: int = 0) -> NDArray[np.int64]:
    """Community of every node of one network, numbered by size, largest 0.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Weights; direction is ignored (``A + A'``). Those which are not above 0, or not finite, are no ties.
    seed : int

    Returns
    -------
    ndarray of int, shape (nodes,)
        A node without ties is a community of its own; ties in size go to the community of the lowest node.

    References
    ----------
    Traag, V., Waltman, L. & van Eck, N. J. (2019). From Louvain to Leiden. *Scientific Reports* 9, 5233.
    doi:10.1038/s41598-019-41695-z

    Examples
    --------
    >>> two_pairs = csr_array(([1.0, 1.0], ([0, 2], [1, 3])), shape=(5, 5))
    >>> communities(two_pairs).tolist()
    [0, 0, 1, 1, 2]
    """
    both = _undirected(matrix)
    return _leiden(both.indptr, both.indices, both.data, seed)


def account_communities(graph: InfluenceGraph, *, weighted: bool = False, seed: int = 0) -> NDArray[np.int64]:
    """Community of every stakeholder, each account by itself.

    Parameters
    ----------
    graph : InfluenceGraph
    weighted : bool
        False: a tie counts once, whatever its direction and probability, as in the modularity of an account and its
        expectation by chance. True: by probability, both directions added.
    seed : int

    Returns
    -------
    ndarray of int, shape (nodes,)
        Numbered within the account, largest 0; a stakeholder without ties is a community of its own. Ties against do
        not bind a group and are left out. No other account changes the numbers of an account.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges("acab", "bdbc", 0.5, account="xxyy")
    >>> account_communities(graph).tolist()
    [0, 0, 1, 1, 0, 0, 0]
    """
    both = _undirected(_supporting(graph) if weighted else bonds(graph))
    ends = np.r_[0, np.cumsum(graph.sizes)]
    found = np.zeros(len(graph), dtype=np.int64)
    for low, high in pairwise(ends.tolist()):
        inside = slice(both.indptr[low], both.indptr[high])
        starts = both.indptr[low : high + 1] - both.indptr[low]
        found[low:high] = _leiden(starts, both.indices[inside] - low, both.data[inside], seed)
    return found


def bonds(graph: InfluenceGraph) -> csr_array:
    """Who is tied with whom, as a symmetric matrix of ones without diagonal, shape (nodes, nodes).

    Ties against do not bind and are left out, as are those of probability 0.
    """
    both = _undirected(_supporting(graph))
    both.data[:] = 1.0
    return both


def modularity(
    adjacency: csr_array, labels: NDArray[np.int64], sizes: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Modularity of a partition of undirected networks without weights (kernel, no checks).

    Parameters
    ----------
    adjacency : csr_array of 0 and 1, shape (nodes, nodes)
        Symmetric, without diagonal and without stored zeros; block-diagonal by account.
    labels : ndarray of int, shape (nodes,)
        Community of each node, numbered from 0 within each account.
    sizes : ndarray of int, shape (accounts,), optional
        Nodes in each account, one account after the other; default one account.

    Returns
    -------
    ndarray, shape (accounts,)
        In [-.5, 1]; NaN where nobody is tied.

    References
    ----------
    Newman, M. E. J. (2006). Modularity and community structure in networks. *PNAS* 103, 8577-8582.
    doi:10.1073/pnas.0601602103

    Examples
    --------
    >>> pairs = csr_array((np.ones(4), ([0, 1, 2, 3], [1, 0, 3, 2])))
    >>> modularity(pairs, np.array([0, 0, 1, 1])).tolist()
    [0.5]
    """
    degree = np.diff(adjacency.indptr)
    sizes = np.array([len(degree)]) if sizes is None else sizes
    count = len(sizes)
    account = np.repeat(np.arange(count), sizes)
    group = np.repeat(np.cumsum(sizes) - sizes, sizes) + labels  # an account's communities fit among its nodes
    twice = tally(account, degree, count)
    within = np.equal(group.repeat(degree), group[adjacency.indices])
    expected = tally(account, tally(group, degree, len(group)) ** 2, count)
    return ratio(tally(account.repeat(degree), within, count), twice) - ratio(expected, twice**2)


def _supporting(graph: InfluenceGraph) -> csr_array:
    """The matrix without ties against."""
    data = np.where(graph.sign > 0, graph.matrix.data, 0.0)
    return csr_array((data, graph.matrix.indices, graph.matrix.indptr), shape=graph.matrix.shape)


def _undirected(matrix: csr_array) -> csr_array:
    """``A + A'`` of the weights which are ties, without the diagonal, sorted."""
    tails = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    fine = np.isfinite(matrix.data) & (matrix.data > 0) & (matrix.indices != tails)
    data = _in_range(np.where(fine, matrix.data, 0.0))
    arcs = csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
    both = csr_array(arcs + arcs.T)
    both.eliminate_zeros()
    both.sort_indices()
    return both


def _in_range(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights, times a power of two where their squares would overflow or vanish: the library panics on those."""
    largest = weights.max(initial=0.0)
    if 1.0 / _SAFE <= largest <= _SAFE or largest == 0:
        return weights
    return np.ldexp(weights, -int(np.frexp(largest)[1]))


def _leiden(
    starts: NDArray[np.integer], indices: NDArray[np.integer], weights: NDArray[np.float64], seed: int
) -> NDArray[np.int64]:
    """Communities of one undirected network in CSR form."""
    n = len(starts) - 1
    if len(indices) == 0:  # the library panics on a graph without edges
        return np.arange(n)
    import graspologic_native

    _, found = graspologic_native.leiden_csr(
        starts.astype(np.int64), indices.astype(np.int32), _in_range(weights), n, iterations=_ITERATIONS, seed=seed
    )
    labels = np.arange(n) + n  # nodes the library leaves out stay alone
    labels[list(found.keys())] = list(found.values())
    return _by_size(labels)


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    _, first, inverse, counts = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -counts))
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    return number[inverse]
