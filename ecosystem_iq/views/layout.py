"""Where each stakeholder stands on the map: communities as islands, the same for the same graph.

Three steps: communities (with the loners as one more) become circles, placed by their mutual influence and moved apart;
inside each, a force layout; last, nodes which overlap are pushed apart.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

Array = NDArray[np.float64]

SMALLEST, LARGEST = 5.0, 26.0
"""Radius of the least and the most influential stakeholder, pixels."""

_ROOM = 30.0
"""Radius of the circle of one node, pixels; a community of n takes room for n of them."""

_GAP = 70.0
_MARGIN = 8.0
_ROUNDS = 300
_PULL = np.array([0.02, 0.028])
"""Share of the way to the middle which a community moves each round, across and down."""


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
        Pixels, centred on 0; rounded to a tenth.
    """
    n = matrix.shape[0]
    if n == 0:
        return np.zeros((0, 2))
    weights = csr_array(matrix + matrix.T)
    sizes = np.bincount(community)
    extent = _ROOM * np.sqrt(sizes) * 1.15
    centre = _spread_circles(_quotient(weights, community, extent), extent + _GAP / 2)
    position = np.empty((n, 2))
    for label, size in enumerate(sizes):
        inside = np.flatnonzero(community == label)
        position[inside] = centre[label] + extent[label] * _inner(csr_array(weights[inside][:, inside]), size)
    position = _push_apart(position, radius + _MARGIN / 2)
    middle = (position.min(axis=0) + position.max(axis=0)) / 2
    return np.asarray(np.round(position - middle, 1) + 0.0)


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
    between = (member @ weights @ member.T).toarray()
    np.fill_diagonal(between, 0.0)
    top = between.max(initial=0.0)
    graph = nx.from_numpy_array(between / top if top > 0 else between)
    placed = _spring(graph)
    return np.asarray(placed * np.sqrt((extent**2).sum()) * 1.2)


def _inner(weights: csr_array, size: int) -> Array:
    """Positions inside one community, in the unit disc, spread evenly from the middle."""
    if size == 1:
        return np.zeros((1, 2))
    if weights.nnz == 0:
        return _sunflower(size)
    placed = _spring(nx.from_scipy_sparse_array(weights))
    placed = placed - placed.mean(axis=0)
    distance = np.hypot(*placed.T)
    order = distance.argsort(kind="stable").argsort(kind="stable")
    wanted = np.sqrt((order + 0.5) / size)  # as many nodes on each ring as it has room for
    stretched = placed / np.where(distance > 0, distance, 1.0)[:, None] * wanted[:, None]
    return np.asarray(0.35 * placed / max(distance.max(), 1e-9) + 0.65 * stretched)


def _spring(graph: nx.Graph) -> Array:
    """Fruchterman-Reingold positions, the same for the same graph."""
    placed = nx.spring_layout(graph, seed=1, iterations=80, method="force")
    return np.asarray([placed[node] for node in graph], dtype=np.float64)


def _sunflower(size: int) -> Array:
    """Points spread evenly over the unit disc (Vogel 1979)."""
    k = np.arange(size)
    angle = k * np.pi * (3.0 - np.sqrt(5.0))
    return np.asarray(np.sqrt((k + 0.5) / size)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))


def _spread_circles(centre: Array, radius: Array) -> Array:
    """Move circles apart until none overlap, pulling all of them gently together; wide rather than high."""
    centre = _lying(centre)
    for step in range(_ROUNDS):
        centre = centre - _PULL * (1.0 - step / _ROUNDS) * centre
        apart = centre[:, None] - centre[None]
        distance = np.hypot(apart[..., 0], apart[..., 1])
        np.fill_diagonal(distance, np.inf)
        overlap = np.maximum(0.0, radius[:, None] + radius[None] - distance)
        if step > _ROUNDS // 2 and overlap.max(initial=0.0) <= 0.0:
            break
        unit = apart / np.maximum(distance, 1e-9)[..., None]
        same = distance < 1e-6  # noqa: PLR2004 - two circles in one place: part them sideways
        unit[same] = (
            np.array([1.0, 0.0])
            * np.sign(np.subtract.outer(np.arange(len(radius)), np.arange(len(radius))))[same][:, None]
        )
        centre = centre + 0.5 * (overlap[..., None] * unit).sum(axis=1)
    return centre


def _lying(centre: Array) -> Array:
    """Turned so that the longest extent is from left to right, as screens are."""
    if len(centre) < 2:  # noqa: PLR2004 - one circle has no extent
        return centre
    centre = centre - centre.mean(axis=0)
    axes = np.linalg.svd(centre, full_matrices=True)[2]
    sign = np.sign(axes[[0, 1], np.abs(axes).argmax(axis=1)])  # a decomposition may turn its axes round: these may not
    return np.asarray(centre @ (axes * sign[:, None]).T, dtype=np.float64)


def _push_apart(position: Array, radius: Array) -> Array:
    """Move nodes apart until no two discs overlap (or the rounds are over)."""
    position = position.copy()
    for _ in range(_ROUNDS):
        pairs = cKDTree(position).query_pairs(2 * radius.max(), output_type="ndarray")
        if len(pairs) == 0:
            break
        first, second = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].T
        apart = position[first] - position[second]
        distance = np.hypot(*apart.T)
        overlap = radius[first] + radius[second] - distance
        hit = overlap > 1e-9  # noqa: PLR2004 - a hair is no overlap
        if not hit.any():
            break
        angle = first[hit] * 2.399963  # two nodes in one place part in a direction of their own
        sideways = np.column_stack([np.cos(angle), np.sin(angle)])
        near = distance[hit] < 1e-9  # noqa: PLR2004
        unit = np.where(near[:, None], sideways, apart[hit] / np.maximum(distance[hit], 1e-9)[:, None])
        shift = 0.5 * overlap[hit][:, None] * unit
        np.add.at(position, first[hit], shift)
        np.add.at(position, second[hit], -shift)
    return position
