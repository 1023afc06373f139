"""Measures by which moving those who move others counts more: Katz, PageRank, eigenvector, hubs, authorities.

All reward the sender: they are what others compute on the reversed arrows. Ties against count by their absolute value,
and an arc of probability 0 is none. But for PageRank they rest on the largest eigenvalue of each account
(:mod:`~ecosystem_iq.network.kernels.perron`), and multiplying all probabilities by a number changes nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from ecosystem_iq.network.kernels.influence import influence_shares
from ecosystem_iq.network.kernels.perron import (
    EQUAL,
    Parts,
    account_maxima,
    present_arcs,
    scale_rows,
    strong_parts,
    tails,
    to_largest,
    walks,
)

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def katz(matrix: csr_array, account: Ints, attenuation: float = 0.85) -> Array:
    """Everybody a node moves over walks of any length, each step worth ``alpha`` (kernel, no checks).

    Solves ``x = alpha A x + 1`` in each account.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Block-diagonal by account; ``matrix[i, j]`` is the probability that i moves j.
    account : ndarray of int, shape (nodes,)
    attenuation : float
        In [0, 1). ``alpha`` is this share of the largest value for which walks stay finite: attenuation / radius of
        the account. Without a cycle any value would do; there the largest out-strength stands in for the radius, so
        that what is passed on at a step never grows.

    Returns
    -------
    ndarray, shape (nodes,)
        In [0, 1], the largest of each account 1. All 1 in an account without arcs. Multiplying all probabilities by a
        number changes nothing.

    References
    ----------
    Katz, L. (1953). A new status index derived from sociometric analysis. *Psychometrika* 18, 39-43.
    doi:10.1007/BF02289026

    Examples
    --------
    >>> path = csr_array([[0.0, 0.4, 0.0], [0.0, 0.0, 0.4], [0.0, 0.0, 0.0]])
    >>> katz(path, np.zeros(3, dtype=np.int64)).round(3).tolist()
    [1.0, 0.719, 0.389]
    """
    if len(account) == 0:
        return np.zeros(0)
    arcs = present_arcs(matrix)
    radius = account_maxima(strong_parts(arcs, account).node_radius, account)
    strength = account_maxima(np.asarray(arcs.sum(axis=1), dtype=np.float64).ravel(), account)
    bound = np.where(radius > 0, radius, strength)
    alpha = np.divide(attenuation, bound, out=np.zeros(len(bound)), where=bound > 0)
    return walks(scale_rows(arcs, alpha[account]), np.ones(len(account)), account)


def pagerank(matrix: csr_array, account: Ints, damping: float = 0.85) -> Array:
    """PageRank on the reversed arrows, summing to 1 in each account (kernel, no checks).

    Unlike :mod:`~ecosystem_iq.network.kernels.influence`, whoever is moved at all passes everything on, however faint
    the ties.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Block-diagonal by account; ``matrix[i, j]`` is the probability that i moves j.
    account : ndarray of int, shape (nodes,)
    damping : float
        In [0, 1).

    Returns
    -------
    ndarray, shape (nodes,)
        What nobody moves restarts anywhere in the account. All equal in an account without arcs.

    References
    ----------
    Brin, S. & Page, L. (1998). The anatomy of a large-scale hypertextual web search engine. *Computer Networks* 30,
    107-117. doi:10.1016/S0169-7552(98)00110-X

    Examples
    --------
    >>> path = csr_array([[0.0, 0.4, 0.0], [0.0, 0.0, 0.4], [0.0, 0.0, 0.0]])
    >>> pagerank(path, np.zeros(3, dtype=np.int64)).round(3).tolist()
    [0.474, 0.341, 0.184]
    """
    arcs = present_arcs(matrix)
    into = np.asarray(arcs.sum(axis=0)).ravel()
    shared = csr_array((arcs.data / into[arcs.indices], arcs.indices, arcs.indptr), shape=arcs.shape)
    return influence_shares(shared, account, damping)


def eigenvector(matrix: csr_array, account: Ints) -> Array:
    """Eigenvector centrality: proportional to what those one moves have of it (kernel, no checks).

    Solves ``radius x = A x`` in each account, with the largest eigenvalue.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Block-diagonal by account; ``matrix[i, j]`` is the probability that i moves j.
    account : ndarray of int, shape (nodes,)

    Returns
    -------
    ndarray, shape (nodes,)
        In [0, 1], the largest of each account 1. Above 0 are the strongest part of the account in which influence
        returns (its dominant strongly connected component) and all who move it. Of parts equally strong (1e-10) each
        enters with its own largest 1, but for those moved by another: there no other solution exists. NaN in an account
        without a cycle of influence, in which the definition has none but 0.

    References
    ----------
    Bonacich, P. (1972). Factoring and weighting approaches to status scores and clique identification. *Journal of
    Mathematical Sociology* 2, 113-120. doi:10.1080/0022250X.1972.9989806

    Examples
    --------
    >>> pair_and_fan = csr_array([[0.0, 0.5, 0.0], [0.5, 0.0, 0.0], [0.25, 0.0, 0.0]])
    >>> eigenvector(pair_and_fan, np.zeros(3, dtype=np.int64)).round(6).tolist()
    [1.0, 1.0, 0.5]
    """
    if len(account) == 0:
        return np.zeros(0)
    arcs = present_arcs(matrix)
    parts = strong_parts(arcs, account)
    radius = account_maxima(parts.node_radius, account)[account]
    strongest = (radius > 0) & (parts.node_radius >= radius * (1 - EQUAL))
    first = strongest & ~_below(arcs, strongest, parts.label)
    step = np.divide(1.0, radius, out=np.zeros(len(account)), where=~strongest & (radius > 0))
    found = walks(scale_rows(arcs, step), np.where(first, parts.vector, 0.0), account)
    return np.where(radius > 0, found, np.nan)


def hubs(matrix: csr_array, account: Ints) -> Array:
    """Hub score of HITS: moves those whom many hubs move (kernel, no checks).

    Proportional to ``A A' h`` in each account, with the largest eigenvalue.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Block-diagonal by account; ``matrix[i, j]`` is the probability that i moves j.
    account : ndarray of int, shape (nodes,)

    Returns
    -------
    ndarray, shape (nodes,)
        In [0, 1], the largest of each account 1; all 0 in an account without arcs. Where parts of an account are
        equally strong (1e-10), the limit of the iteration which starts with everybody equal.

    References
    ----------
    Kleinberg, J. M. (1999). Authoritative sources in a hyperlinked environment. *Journal of the ACM* 46, 604-632.
    doi:10.1145/324133.324140

    Examples
    --------
    >>> star = csr_array([[0.0, 0.5, 0.5], [0.0, 0.0, 0.0], [0.0, 0.1, 0.0]])
    >>> hubs(star, np.zeros(3, dtype=np.int64)).round(3).tolist()
    [1.0, 0.0, 0.101]
    """
    n = len(account)
    if n == 0:
        return np.zeros(0)
    arcs = present_arcs(matrix)
    ends = np.r_[tails(arcs), arcs.indices + n], np.r_[arcs.indices + n, tails(arcs)]  # everybody twice: moving, moved
    both = csr_array((np.r_[arcs.data, arcs.data], ends), shape=(2 * n, 2 * n))
    parts = Parts.of(both, connected_components(both, directed=False)[1], np.r_[account, account])
    mine, label = parts.node_radius[:n], parts.label[:n]
    strongest = mine >= account_maxima(mine, account)[account] * (1 - EQUAL)
    score = np.where(strongest & (mine > 0), parts.vector[:n], 0.0)
    share = np.bincount(label, weights=score, minlength=len(parts.radius))
    square = np.bincount(label, weights=score**2, minlength=len(parts.radius))
    start = np.divide(share, square, out=np.zeros(len(share)), where=square > 0)  # the even vector's part along it
    return to_largest(score * start[label], account)


def authorities(matrix: csr_array, account: Ints) -> Array:
    """Authority score of HITS: moved by those who move many authorities (kernel, no checks).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Block-diagonal by account; ``matrix[i, j]`` is the probability that i moves j.
    account : ndarray of int, shape (nodes,)

    Returns
    -------
    ndarray, shape (nodes,)
        As for :func:`hubs`, whose scores these are on the reversed arrows.

    Examples
    --------
    >>> star = csr_array([[0.0, 0.5, 0.5], [0.0, 0.0, 0.0], [0.0, 0.1, 0.0]])
    >>> authorities(star, np.zeros(3, dtype=np.int64)).round(3).tolist()
    [0.0, 1.0, 0.98]
    """
    return hubs(csr_array(matrix.T), account)


def _below(arcs: csr_array, strongest: NDArray[np.bool_], label: Ints) -> NDArray[np.bool_]:
    """Who is moved, over any number of steps, by a strongest part to which they do not belong."""
    n = len(label)
    tail = tails(arcs)
    left = np.unique(arcs.indices[strongest[tail] & (label[tail] != label[arcs.indices])])
    ends = (np.r_[tail, np.full(len(left), n)], np.r_[arcs.indices, left])
    reached = np.zeros(n + 1, dtype=bool)
    with_source = csr_array((np.ones(len(ends[0])), ends), shape=(n + 1, n + 1))
    reached[breadth_first_order(with_source, n, return_predecessors=False)] = True
    return reached[:n]
