"""Mixing: whether ties stay within a group or community, or lead out of it.

Both measures look at ties without direction: the weight between i and j is ``a_ij + a_ji`` (in an unweighted graph 2
for a tie in both directions), and ties against count like ties for. Stored zeros are no ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array


def participation(matrix: csr_array, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """How evenly the ties of every node are spread over communities (kernel, no checks).

    ``1 - sum_s (k_is / k_i) ** 2``, where ``k_is`` is the weight of i's ties into community s.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        ``matrix[i, j]`` is the probability that i moves j.
    labels : ndarray of int, shape (nodes,)
        Community of each node, numbered from 0, as :func:`~ecosystem_iq.network.communities.communities` gives them.

    Returns
    -------
    ndarray, shape (nodes,)
        In [0, 1): 0 when all ties lead into one community (the own or another), near 1 when they are spread evenly over
        many. NaN for a node without ties.

    References
    ----------
    Guimerà, R. & Amaral, L. A. N. (2005). Functional cartography of complex metabolic networks. *Nature* 433, 895-900.
    doi:10.1038/nature03288

    Examples
    --------
    >>> path = csr_array([[0, 0.5, 0], [0, 0, 0.5], [0, 0, 0]])
    >>> participation(path, np.array([0, 1, 2])).tolist()
    [0.0, 0.5, 0.0]
    """
    n = len(labels)
    member = csr_array((np.ones(n), labels, np.arange(n + 1)), shape=(n, int(labels.max(initial=0)) + 1))
    into = csr_array(matrix @ member + matrix.T @ member)
    total = np.asarray(into.sum(axis=1)).ravel()
    row = np.repeat(np.arange(n), np.diff(into.indptr))
    tied = total[row] > 0
    share = into.data[tied] / total[row[tied]]
    spread = np.maximum(1.0 - np.bincount(row[tied], share**2, n), 0.0)  # shares may sum to a rounding above 1
    return np.where(total > 0, spread, np.nan)


def ei_index(matrix: csr_array, groups: NDArray[Any]) -> NDArray[np.float64]:
    """Krackhardt and Stern's E-I index of every node (kernel, no checks).

    ``(E - I) / (E + I)``, where E is the weight of ties to other groups and I of those within the own.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        ``matrix[i, j]`` is the probability that i moves j.
    groups : ndarray of str, shape (nodes,)
        Group of each node, "" where unknown. Ties to or from somebody of unknown group count as neither.

    Returns
    -------
    ndarray, shape (nodes,)
        In [-1, 1]: -1 when all ties stay within the group, 1 when all lead out of it. NaN for a node of unknown group,
        or without ties to anybody whose group is known.

    References
    ----------
    Krackhardt, D. & Stern, R. N. (1988). Informal networks and organizational crises: an experimental simulation.
    *Social Psychology Quarterly* 51, 123-140. doi:10.2307/2786835

    Examples
    --------
    >>> star = csr_array([[0, 0.5, 0.5, 0.5], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    >>> ei_index(star, np.array(["payer", "payer", "nurse", ""])).tolist()
    [0.0, -1.0, 1.0, nan]
    """
    return _balance(*_out_and_in(matrix, groups))


def account_ei_index(
    matrix: csr_array, groups: NDArray[Any], account: NDArray[np.int64], accounts: int = 0
) -> NDArray[np.float64]:
    """E-I index of every account: that of all its ties together (kernel, no checks).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Block-diagonal by account.
    groups : ndarray of str, shape (nodes,)
        Group of each node, "" where unknown, as in :func:`ei_index`.
    account : ndarray of int, shape (nodes,)
    accounts : int
        How many there are, when the last may be empty.

    Returns
    -------
    ndarray, shape (accounts,)
        In [-1, 1]; NaN for an account without ties between stakeholders whose groups are known. It depends on the sizes
        of groups: among many small ones even chance leads out.

    Examples
    --------
    >>> path = csr_array([[0, 0.5, 0], [0, 0, 0.5], [0, 0, 0]])
    >>> account_ei_index(path, np.array(["payer", "payer", "nurse"]), np.zeros(3, dtype=np.int64)).tolist()
    [0.0]
    """
    external, internal = _out_and_in(matrix, groups)
    return _balance(_summed(account, external, accounts), _summed(account, internal, accounts))


def _out_and_in(matrix: csr_array, groups: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weight of each node's ties to other groups, and within its own; shapes (nodes,)."""
    n = len(groups)
    code = pd.factorize(groups)[0]
    known = groups != ""
    tail, head = np.repeat(np.arange(n), np.diff(matrix.indptr)), matrix.indices
    inside, counted = code[tail] == code[head], known[tail] & known[head]
    sums = []
    for kind in (counted & ~inside, counted & inside):
        weight = np.where(kind, matrix.data, 0.0)
        sums.append(_summed(tail, weight, n) + _summed(head, weight, n))
    return sums[0], sums[1]


def _balance(external: NDArray[np.float64], internal: NDArray[np.float64]) -> NDArray[np.float64]:
    total = external + internal
    balance = np.full(len(total), np.nan)
    np.divide(external - internal, total, out=balance, where=total > 0)
    return balance


def _summed(group: NDArray[np.integer], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.bincount(group, values, count).astype(np.float64)
