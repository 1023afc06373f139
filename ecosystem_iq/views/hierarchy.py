"""Levels of an account, from who is above whom, and the order within a level in which few ties cross."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ecosystem_iq.views.frames import GAP, PADDING, TITLE, Frame, name_room

Array = NDArray[np.float64]
Nodes = NDArray[np.int64]

ABOVE = {"reports_to": "target", "member_of": "target", "owns": "source", "employs": "source"}
"""Which end of a tie, as it stands in the table, is above the other."""

_SWEEPS = 6
_WIDE = 1.4
_BAND = 30.0
"""Pixels between two bands."""


def levels(above: Nodes, below: Nodes, n: int) -> Nodes:
    """Level of each node by the longest way down to it, 0 at the top; -1 for those with nobody above or below.

    Parameters
    ----------
    above, below : ndarray of int, shape (ties,)
    n : int

    Returns
    -------
    ndarray of int, shape (n,)
        Nodes on a circle share a level.

    Examples
    --------
    >>> levels(np.array([0, 1, 0]), np.array([1, 2, 2]), 4).tolist()
    [0, 1, 2, -1]
    """
    arcs = csr_array((np.ones(len(above)), (above, below)), shape=(n, n))
    part = connected_components(arcs, directed=True, connection="strong")[1].astype(np.int64)
    upper, lower = part[above], part[below]
    real = upper != lower
    upper, lower = upper[real], lower[real]
    level = np.zeros(n, dtype=np.int64)
    for _ in range(n):
        deeper = level.copy()
        np.maximum.at(deeper, lower, level[upper] + 1)
        if (deeper == level).all():
            break
        level = deeper
    result = level[part]
    alone = np.ones(n, dtype=bool)
    alone[above] = alone[below] = False
    result[alone] = -1
    return result


def crossing_order(level: Nodes, ties: csr_array, start: Array) -> Array:
    """Place of each node from left to right in 0-1, near the middle of those it is tied with on other levels.

    Barycentres (Sugiyama, Tagawa & Toda 1981), all levels at once, from the places ``start``.
    """
    tail = np.repeat(np.arange(len(level)), np.diff(ties.indptr))
    other = np.flatnonzero(level[tail] != level[ties.indices])
    tail, head, weight = tail[other], ties.indices[other], ties.data[other]
    total = np.bincount(tail, weight, len(level))
    place = spread(level, start)
    for _ in range(_SWEEPS):
        pulled = np.bincount(tail, weight * place[head], len(level)) / np.where(total > 0, total, 1.0)
        place = spread(level, np.where(total > 0, 0.75 * pulled + 0.25 * place, place))
    return place


def spread(level: Nodes, place: Array) -> Array:
    """Places of each level spread evenly over 0-1 in their order."""
    order = np.lexsort((np.arange(len(level)), place, level))
    _, first, inverse, count = np.unique(level[order], return_index=True, return_inverse=True, return_counts=True)
    result = np.empty(len(level))
    result[order] = (np.arange(len(level)) - first[inverse] + 0.5) / count[inverse]
    return result


def banded(level: Nodes, place: Array, radius: Array, labels: list[str]) -> tuple[Array, list[Frame]]:
    """Levels as bands one below the other, nodes from left to right by place, in columns where a row is too long.

    Parameters
    ----------
    level : ndarray of int, shape (nodes,)
        0 at the top; an index into ``labels``.
    place, radius : ndarray, shape (nodes,)
    labels : list of str

    Returns
    -------
    position : ndarray, shape (nodes, 2)
    frames : list of Frame
        One a level with members.
    """
    used = [k for k in range(len(labels)) if (level == k).any()]
    members = [np.flatnonzero(level == k) for k in used]
    members = [inside[np.lexsort((inside, place[inside]))] for inside in members]
    name = name_room(len(level))
    room = _room(members, radius, name)
    blocks = [_columns(radius[inside], room, name) for inside in members]
    wide = max(block[1] for block in blocks) + 2 * PADDING
    position, frames, top = np.zeros((len(level), 2)), [], 0.0
    for inside, (placed, _, high), k in zip(members, blocks, used, strict=True):
        frame = Frame(labels[k], -wide / 2, top, wide, high + TITLE + 2 * PADDING)
        position[inside] = placed + np.array([0.0, top + TITLE + PADDING])
        frames.append(frame)
        top += frame.h + _BAND
    return position, frames


def _room(members: list[Nodes], radius: Array, name: float) -> float:
    """Width at which all bands together are about as wide as a screen."""
    longest = max(float((2 * radius[inside] + name + GAP).sum()) for inside in members)
    width = longest
    while width > 400.0:  # noqa: PLR2004 - narrower than any map
        high = sum(_columns(radius[inside], width, name)[2] + TITLE + 2 * PADDING + _BAND for inside in members)
        if width <= _WIDE * high:
            break
        width *= 0.9
    return width


def _columns(radius: Array, room: float, name: float) -> tuple[Array, float, float]:
    """Discs in columns, names to their right, as high as a width demands; with the width and height of all."""
    n, rows = len(radius), max(1, int(np.ceil((2 * radius + name + GAP).sum() / max(room, 1.0))))
    while True:
        first = np.arange(0, n, rows)
        wide = 2 * np.maximum.reduceat(radius, first)
        total = float((wide + name + GAP).sum() - GAP)
        if total <= room or len(first) == 1:
            break
        rows += 1
    column, row = np.arange(n) // rows, np.arange(n) % rows
    high = np.zeros(min(rows, n))
    np.maximum.at(high, row, 2 * radius)
    left = np.cumsum(wide + name + GAP) - wide - name - GAP - total / 2
    top = np.cumsum(high + GAP) - high - GAP
    return np.column_stack([(left + wide / 2)[column], (top + high / 2)[row]]), total, float((high + GAP).sum() - GAP)
