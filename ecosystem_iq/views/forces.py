"""A force layout for many small networks and for large ones: ties pull, everybody pushes, all of it slowly cools.

Fruchterman & Reingold (1991) with a start near the slowest vibrations of the network, so that few rounds are enough and
nothing is tangled. Up to some hundred nodes every pair is reckoned; beyond, those far away push as one from the middle
of their cell.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Array = NDArray[np.float64]

_SMALL = 300
"""Nodes up to which every pair is reckoned."""

_ROUNDS = 50
_SMOOTHING = 24
_GRAVITY = 0.3
_HOT = 0.12
"""How far a node may move in the first round, in radii of the whole."""

_NEAREST = 1e-4
_TINY = 1e-12
_CELLS = 18
"""Cells of the grid, across and down."""


def spring(weights: csr_array, seed: int = 1) -> Array:
    """Positions of one network, the same for the same network.

    Parameters
    ----------
    weights : csr_array, shape (nodes, nodes)
        Symmetric, not negative.
    seed : int

    Returns
    -------
    ndarray, shape (nodes, 2)
        About the unit disc.
    """
    n = weights.shape[0]
    pull = _even(weights)
    position = _start(pull, seed)
    length = np.sqrt(np.pi / n)
    repel = _every_pair if n <= _SMALL else _by_cells
    tail = np.repeat(np.arange(n), np.diff(pull.indptr))
    for step in range(_ROUNDS):
        force = length**2 * repel(position) - _GRAVITY * position
        force += _pulled(position, pull, tail) / length
        size = np.hypot(force[:, 0], force[:, 1])
        most = _HOT * (1.0 - step / _ROUNDS) + 1e-3
        position = position + force * (np.minimum(size, most) / np.maximum(size, _TINY))[:, None]
    return position


def _even(weights: csr_array) -> csr_array:
    """Weights relative to the usual one, the strongest held back: one strong tie must not fold the map."""
    usual = float(np.median(weights.data)) if weights.nnz else 1.0
    strength = np.sqrt(np.clip(weights.data / max(usual, 1e-300), 0.0, 9.0))
    busy = np.diff(weights.indptr)
    tail = np.repeat(np.arange(weights.shape[0]), busy)
    # Ties between two people of many ties pull less, or the most connected all lie on each other.
    return csr_array((strength / np.sqrt(busy[tail] * busy[weights.indices]) ** 0.5, weights.indices, weights.indptr),
                     shape=weights.shape)  # fmt: skip


def _start(pull: csr_array, seed: int) -> Array:
    """Random places, smoothed along ties: near the two slowest vibrations of the network."""
    n = pull.shape[0]
    position = np.random.default_rng(seed).standard_normal((n, 2))
    scale = np.asarray(pull.sum(axis=1)).ravel()
    for _ in range(_SMOOTHING):
        around = (pull @ position) / np.where(scale > 0, scale, 1.0)[:, None]
        position = np.where((scale > 0)[:, None], 0.5 * (position + around), position)
        position -= position.mean(axis=0)
        across, down = position.T
        down = down - across * float(across @ down) / max(float(across @ across), _TINY)
        position = np.column_stack([across, down])
        position /= np.maximum(np.sqrt((position**2).mean(axis=0)), _TINY)
    spread = np.random.default_rng(seed + 1).standard_normal((n, 2))
    return np.asarray(0.6 * position + 0.05 * spread)


def _pulled(position: Array, pull: csr_array, tail: NDArray[np.int64]) -> Array:
    """Ties pull with the square of their length."""
    apart = position[pull.indices] - position[tail]
    strength = pull.data * np.hypot(apart[:, 0], apart[:, 1])
    return np.column_stack([np.bincount(tail, strength * apart[:, axis], len(position)) for axis in (0, 1)])


def _every_pair(position: Array) -> Array:
    """Sum over all others of direction / distance."""
    across, down = (np.subtract.outer(position[:, axis], position[:, axis]) for axis in (0, 1))
    push = 1.0 / np.maximum(across * across + down * down, _NEAREST)
    return np.column_stack([(across * push).sum(axis=1), (down * push).sum(axis=1)])


def _by_cells(position: Array) -> Array:
    """As above, those of one cell as if all stood in its middle; in the own cell, oneself left out."""
    low, extent = position.min(axis=0), np.maximum(np.ptp(position, axis=0), 1e-9)
    place = np.minimum((_CELLS * (position - low) / extent).astype(np.int64), _CELLS - 1)
    _, cell, count = np.unique(place[:, 0] * _CELLS + place[:, 1], return_inverse=True, return_counts=True)
    middle = np.column_stack([np.bincount(cell, position[:, axis]) / count for axis in (0, 1)])
    across, down = (position[:, [axis]] - middle[:, axis] for axis in (0, 1))
    distance = across * across + down * down
    own = np.arange(len(position)), cell
    weight = np.broadcast_to(count.astype(np.float64), distance.shape).copy()
    # A cell's own members are spread over it: they push as from half its width away.
    smear = 0.03 * float((extent / _CELLS) @ (extent / _CELLS))
    weight /= np.maximum(distance, _NEAREST)
    weight[own] = count[cell] / (distance[own] + smear)
    return np.column_stack([(across * weight).sum(axis=1), (down * weight).sum(axis=1)])
