"""Structural holes: whether a stakeholder stands between people who do not know each other.

Who has neighbors without ties among them hears different news first and can choose what to pass on; who sits in a dense
circle hears everything twice. *Effective size* is the number of neighbors less what they repeat of each other;
*constraint* is how much a stakeholder's time and energy lead back to the same neighbors. Much influence with a small
constraint is a broker worth winning.

Both look at the skeleton: weights are ``a_ij + a_ji`` and the direction of arrows plays no part, nor does the sign of a
tie. In an unweighted graph a tie in both directions weighs 2, one in a single direction 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network.kernels.small_accounts import Block, blocks
from ecosystem_iq.network.kernels.triangles import Skeleton, skeleton, triangles


def constraint(matrix: csr_array, account: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
    """Burt's constraint of every node (kernel, no checks).

    ``sum_j (p_ij + sum_q p_iq p_qj) ** 2`` over the neighbors j of i, where ``p_ij`` is the share of j in the weights
    of i.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        ``matrix[i, j]`` is the probability that i moves j; stored zeros are no arcs.
    account : ndarray of int, shape (nodes,), optional
        Rising number of the account of every node, none of whose arcs leave it. Small accounts are then looked at many
        at a time, which takes half as long.

    Returns
    -------
    ndarray, shape (nodes,)
        Above 0; small for a broker, 1 for whoever has a single neighbor, a little more in a small closed circle (1.125
        in a triangle). NaN for a node without ties: it has no time and energy to spend.

    References
    ----------
    Burt, R. S. (1992). *Structural Holes: The Social Structure of Competition*. Harvard University Press. Formula as
    in Burt, R. S. (2004). Structural holes and good ideas. *American Journal of Sociology* 110, 349-399.
    doi:10.1086/421787

    Examples
    --------
    >>> star = csr_array([[0, 0.5, 0.5, 0.5], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    >>> constraint(star).round(3).tolist()
    [0.333, 1.0, 1.0, 1.0]
    """
    if account is None:
        return _listed(matrix)
    found = np.empty(matrix.shape[0])
    left = np.ones(len(found), dtype=bool)
    for block in blocks(matrix, account):
        found[block.nodes] = _tabled(block)
        left[block.nodes] = False
    if left.any():
        found[left] = _listed(matrix if left.all() else matrix[left][:, left])
    return found


def _listed(matrix: csr_array) -> NDArray[np.float64]:
    """Constraint from a list of all triangles."""
    pairs = skeleton(matrix)
    both = pairs.both
    total = pairs.total(both)
    of_low, of_high = both / total[pairs.low], both / total[pairs.high]
    through = np.zeros(len(both))  # sum_q w_iq w_qj / total_q is the same seen from i and from j
    for ab, ac, bc in triangles(pairs):
        np.add.at(through, ab, both.take(ac) * of_high.take(bc))
        np.add.at(through, ac, both.take(ab) * of_low.take(bc))
        np.add.at(through, bc, both.take(ab) * of_low.take(ac))
    bound = both + through
    found = pairs.total_of_ends((bound / total[pairs.low]) ** 2, (bound / total[pairs.high]) ** 2)
    return np.where(total > 0, found, np.nan)


def _tabled(block: Block) -> NDArray[np.float64]:
    """Constraint from the shares of everybody with everybody."""
    total = block.sums()
    share = block.table(block.value / total[block.tail], block.value / total[block.head])
    bound = share @ share
    bound += share
    bound *= share > 0
    found = block.of_nodes(np.einsum("aij,aij->ai", bound, bound))
    return np.where(total > 0, found, np.nan)


def effective_size(matrix: csr_array) -> NDArray[np.float64]:
    """Neighbors of every node, less what they repeat of each other (kernel, no checks).

    ``sum_j (1 - sum_q p_iq m_jq)`` over the neighbors j of i, where ``p_iq`` is the share of q in the weights of i and
    ``m_jq`` the weight of j and q relative to the largest of j.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        ``matrix[i, j]`` is the probability that i moves j; stored zeros are no arcs.

    Returns
    -------
    ndarray, shape (nodes,)
        From 1 to the number of neighbors, which it is when none of them have ties to each other; NaN for a node
        without ties, as in :func:`constraint`.

    References
    ----------
    Burt, R. S. (1992). *Structural Holes: The Social Structure of Competition*. Harvard University Press.

    Examples
    --------
    >>> triangle_and_tail = csr_array([[0, 1, 1, 1], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    >>> effective_size(triangle_and_tail).round(3).tolist()
    [2.333, 1.0, 1.0, 1.0]
    """
    pairs = skeleton(matrix)
    both = pairs.both
    total = pairs.total(both)
    neighbors = pairs.total(np.ones_like(both))
    repeated = np.zeros(pairs.nodes)
    np.divide(_repeated(pairs, both), total, out=repeated, where=total > 0)
    return np.where(total > 0, neighbors - repeated, np.nan)


def _repeated(pairs: Skeleton, both: NDArray[np.float64]) -> NDArray[np.float64]:
    """``sum_j sum_q w_iq m_jq`` of every node i: each triangle has two ordered (j, q) for each of its corners."""
    n = pairs.nodes
    largest = np.zeros(n)
    np.maximum.at(largest, pairs.low, both)
    np.maximum.at(largest, pairs.high, both)
    of_low, of_high = both / largest[pairs.low], both / largest[pairs.high]
    repeated = np.zeros(n)
    for ab, ac, bc in triangles(pairs):
        np.add.at(repeated, pairs.low[ab], both[ac] * of_low[bc] + both[ab] * of_high[bc])
        np.add.at(repeated, pairs.low[bc], both[bc] * of_low[ac] + both[ab] * of_high[ac])
        np.add.at(repeated, pairs.high[bc], both[bc] * of_low[ab] + both[ac] * of_high[ab])
    return repeated
