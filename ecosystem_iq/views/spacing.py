"""Keeping things apart on a map: discs, and circles around groups of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Array = NDArray[np.float64]

_ROUNDS = 300
_FRESH = 8
"""Rounds after which neighbours are looked up again; until then, only those which were near are moved apart."""

_NEAR = 10.0
_HAIR = 0.5
"""Pixels of a margin which may be lost: nobody sees them, and the last of them take most of the time."""

_PULL = np.array([0.02, 0.028])
"""Share of the way to the middle which a circle moves each round, across and down."""

_GOLDEN = np.pi * (3.0 - np.sqrt(5.0))
_TINY = 1e-9


def sunflower(size: int) -> Array:
    """Points spread evenly over the unit disc, from the middle out (Vogel 1979).

    Examples
    --------
    >>> sunflower(1).round(1).tolist()
    [[0.7, 0.0]]
    """
    k = np.arange(size)
    return np.asarray(np.sqrt((k + 0.5) / size)[:, None] * np.column_stack([np.cos(k * _GOLDEN), np.sin(k * _GOLDEN)]))


def push_apart(position: Array, radius: Array) -> Array:
    """Move discs apart until no two overlap by more than half a pixel (or the rounds are over)."""
    position = position.copy()
    first, second = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for step in range(_ROUNDS):
        if step % _FRESH == 0:
            first, second = _near(position, radius)
        apart = position[first] - position[second]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        overlap = radius[first] + radius[second] - distance
        hit = overlap > _HAIR
        if not hit.any():
            if step % _FRESH == 0:
                break
            first = first[:0]
            second = second[:0]
            continue
        moved = 0.5 * (overlap[hit] + _HAIR / 2)[:, None] * _unit(apart[hit], distance[hit], first[hit])
        for axis in (0, 1):
            position[:, axis] += np.bincount(first[hit], moved[:, axis], len(position))
            position[:, axis] -= np.bincount(second[hit], moved[:, axis], len(position))
    return position


def _near(position: Array, radius: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of discs which overlap or nearly do, in one order whatever the tree's."""
    most = 2.0 * radius.max(initial=0.0) + _NEAR
    first, second = cKDTree(position).query_pairs(most, output_type="ndarray").T
    apart = position[first] - position[second]
    close = np.hypot(apart[:, 0], apart[:, 1]) < radius[first] + radius[second] + _NEAR
    order = np.argsort(first[close] * len(position) + second[close], kind="stable")
    return first[close][order].astype(np.int64), second[close][order].astype(np.int64)


def _unit(apart: Array, distance: Array, first: NDArray[np.int64]) -> Array:
    """Direction in which each pair parts; two in one place part in a direction of their own."""
    sideways = np.column_stack([np.cos(first * _GOLDEN), np.sin(first * _GOLDEN)])
    return np.where((distance < _TINY)[:, None], sideways, apart / np.maximum(distance, _TINY)[:, None])


def spread_circles(centre: Array, radius: Array) -> Array:
    """Move circles apart until none overlap, pulling all of them gently together; wide rather than high."""
    centre = _lying(centre)
    first, second = np.triu_indices(len(radius), 1)
    reach = radius[first] + radius[second]
    for step in range(_ROUNDS):
        centre = centre - _PULL * (1.0 - step / _ROUNDS) * centre
        apart = centre[first] - centre[second]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        hit = np.flatnonzero(distance < reach)
        if step > _ROUNDS // 2 and len(hit) == 0:
            break
        overlap = 0.5 * (reach[hit] - distance[hit])
        moved = overlap[:, None] * _unit(apart[hit], distance[hit], first[hit])
        for axis in (0, 1):
            centre[:, axis] += np.bincount(first[hit], moved[:, axis], len(radius))
            centre[:, axis] -= np.bincount(second[hit], moved[:, axis], len(radius))
    return centre


def _lying(centre: Array) -> Array:
    """Turned so that the longest extent is from left to right, as screens are."""
    if len(centre) < 2:  # noqa: PLR2004 - one circle has no extent
        return centre
    centre = centre - centre.mean(axis=0)
    axes = np.linalg.svd(centre, full_matrices=False)[2]
    sign = np.sign(axes[[0, 1], np.abs(axes).argmax(axis=1)])  # a decomposition may turn its axes round: these may not
    return np.asarray(centre @ (axes * sign[:, None]).T, dtype=np.float64)
