"""Where each stakeholder stands on the map: communities as islands, the same for the same graph.

Three steps: communities (with the loners as one more) become circles, placed by their mutual influence and moved apart;
inside each, a force layout; last, nodes which overlap are pushed apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.views.forces import spring
from ecosystem_iq.views.spacing import push_apart, spread_circles, sunflower

Array = NDArray[np.float64]

SMALLEST, LARGEST = 5.0, 26.0
"""Radius of the least and the most influential stakeholder, pixels."""

MARGIN = 8.0
"""Pixels between two symbols."""

_ROOM = 30.0
"""Radius of the circle of one node, pixels; a community of n takes room for n of them."""

_GAP = 70.0


def island_layout(matrix: csr_array, community: NDArray[np.int64], radius: Array) -> Array:
    """Positions of all nodes.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Weights; direction is ignored.
    community : ndarray of int, shape (nodes,)
        0, 1, 2, …
    radius : ndarray, shape (nodes,)
        Drawn radius of each node, pixels.

    Returns
    -------
    ndarray, shape (nodes, 2)
        Whole pixels, centred on 0.
    """
    n = matrix.shape[0]
    if n == 0:
        return np.zeros((0, 2))
    weights = csr_array(matrix + matrix.T)
    sizes = np.bincount(community)
    extent = _ROOM * np.sqrt(sizes) * 1.15
    centre = spread_circles(_quotient(weights, community, extent), extent + _GAP / 2)
    order = np.argsort(community, kind="stable")
    sorted_weights = csr_array(weights[order][:, order])
    position = np.empty((n, 2))
    for label, end in enumerate(np.cumsum(sizes)):
        inside = slice(end - sizes[label], end)
        position[order[inside]] = centre[label] + extent[label] * _inner(csr_array(sorted_weights[inside, inside]))
    return centred(push_apart(position, radius + MARGIN / 2))


def centred(position: Array) -> Array:
    """Positions moved so that the middle of all is 0, in whole pixels, without negative zeros."""
    if len(position) == 0:
        return position
    middle = (position.min(axis=0) + position.max(axis=0)) / 2
    return np.asarray(np.round(position - middle) + 0.0)


def radii(influence: Array) -> Array:
    """Drawn radius of each stakeholder, pixels: area in proportion to influence above the least.

    Parameters
    ----------
    influence : ndarray, shape (nodes,)

    Returns
    -------
    ndarray, shape (nodes,)
        From ``SMALLEST`` to ``LARGEST``; all smallest where nobody stands out.
    """
    if len(influence) == 0:
        return influence
    low, high = influence.min(), influence.max()
    share = (influence - low) / (high - low) if high > low else np.zeros_like(influence)
    return np.round(SMALLEST + (LARGEST - SMALLEST) * np.sqrt(share), 1)


def _quotient(weights: csr_array, community: NDArray[np.int64], extent: Array) -> Array:
    """First positions of the communities, by the influence between them."""
    k = len(extent)
    member = csr_array((np.ones(len(community)), (community, np.arange(len(community)))), shape=(k, len(community)))
    between = csr_array(member @ weights @ member.T)
    tail = np.repeat(np.arange(k), np.diff(between.indptr))
    between.data[tail == between.indices] = 0.0
    between.eliminate_zeros()
    return np.asarray(spring(between) * np.sqrt((extent**2).sum()) * 1.2)


def _inner(weights: csr_array) -> Array:
    """Positions inside one community, in the unit disc, spread evenly from the middle."""
    size = weights.shape[0]
    if size == 1:
        return np.zeros((1, 2))
    if weights.nnz == 0:
        return sunflower(size)
    placed = spring(weights)
    placed = placed - placed.mean(axis=0)
    distance = np.hypot(*placed.T)
    order = distance.argsort(kind="stable").argsort(kind="stable")
    wanted = np.sqrt((order + 0.5) / size)  # as many nodes on each ring as it has room for
    stretched = placed / np.where(distance > 0, distance, 1.0)[:, None] * wanted[:, None]
    return np.asarray(0.35 * placed / max(distance.max(), 1e-9) + 0.65 * stretched)
