"""Stance from left to right, influence from bottom to top."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.views.frames import GAP, PADDING, TITLE, Frame, name_room

Array = NDArray[np.float64]
Nodes = NDArray[np.int64]

STANCE_LABELS = ("Opponent", "Non-supporter", "Neutral", "Supporter", "Advocate")
UNKNOWN = "Stance unknown"

_NARROWEST = 150.0
_BETWEEN = 16.0
_APART = 60.0
"""Pixels between the column of those whose stance is unknown and the scale."""

_WIDE, _NARROWER = 1.25, 0.0028
"""Width for each unit of height; and how much less for each pixel of room which names have: fewer then share a row."""

_LEAST = 1 / 9
"""Share of the width which an empty column has for its title."""

_FEWEST_ROWS, _MOST_ROWS = 1, 400


def stance_layout(stance: Nodes, radius: Array) -> tuple[Array, list[Frame]]:
    """A column for each stance, those unknown apart on the left; the most influential at the top.

    Parameters
    ----------
    stance : ndarray of int, shape (nodes,)
        0 opponent … 4 advocate, -1 unknown. Nodes are in the order of influence, most first.
    radius : ndarray, shape (nodes,)

    Returns
    -------
    position : ndarray, shape (nodes, 2)
    frames : list of Frame
        One a column; that of unknown stance only where there is anybody.
    """
    rows = min(
        sorted({round(r) for r in np.geomspace(_FEWEST_ROWS, min(_MOST_ROWS, len(stance)), 40)}),
        key=lambda count: abs(np.log(_shape(stance, radius, count))),
    )
    row, cell = _cells(stance, len(stance), rows)
    high, wide = _sizes(row, stance, cell, radius)
    top = np.cumsum(high + GAP) - high - GAP + TITLE + PADDING
    left = np.cumsum(wide + _BETWEEN) - wide - _BETWEEN
    left[1:] += (_APART - _BETWEEN) if (stance < 0).any() else -(wide[0] + _BETWEEN)
    down = (top + high / 2)[row] + _slope(row, rows)
    position = np.column_stack(
        [(left + wide / 2)[stance + 1] + _within(cell, radius, wide[stance + 1] - 2 * PADDING), down]
    )
    bottom = top[-1] + high[-1] + PADDING
    labels = (UNKNOWN, *STANCE_LABELS)
    shown = range(0 if (stance < 0).any() else 1, len(labels))
    return position, [Frame(labels[k], float(left[k]), 0.0, float(wide[k]), float(bottom)) for k in shown]


def _cells(stance: Nodes, n: int, rows: int) -> tuple[Nodes, Nodes]:
    """Row of each node by its place in the order, and its cell of row and stance."""
    row = np.arange(n) * rows // n
    return row, row * (len(STANCE_LABELS) + 1) + stance + 1


def _shape(stance: Nodes, radius: Array, rows: int) -> float:
    """Width for each unit of height, in units of what is wanted."""
    row, cell = _cells(stance, len(stance), rows)
    high, wide = _sizes(row, stance, cell, radius)
    wanted = _WIDE - _NARROWER * name_room(len(stance))
    return float((wide + _BETWEEN).sum() / ((high + GAP).sum() + TITLE + PADDING) / wanted)


def _sizes(row: Nodes, stance: Nodes, cell: Nodes, radius: Array) -> tuple[Array, Array]:
    """Height of each row, width of each column (that of unknown first)."""
    columns = len(STANCE_LABELS) + 1
    high = np.zeros(row[-1] + 1)
    np.maximum.at(high, row, 2 * radius)
    need = np.bincount(cell, 2 * radius + name_room(len(radius)) + GAP, len(high) * columns).reshape(-1, columns)
    wide = np.maximum(need.max(axis=0) + 2 * PADDING - GAP, _NARROWEST)
    wide = np.maximum(wide, _LEAST * wide.sum())
    if not (stance < 0).any():
        wide[0] = 0.0
    return high, wide


def _slope(row: Nodes, rows: int) -> Array:
    """Pixels below the middle of the row: within it, too, whoever is less influential stands a little lower."""
    first = np.searchsorted(row, np.arange(rows))
    count = np.bincount(row, minlength=rows)
    share = (np.arange(len(row)) - first[row]) / np.maximum(count[row] - 1, 1)
    return np.asarray(np.where(count[row] > 1, share - 0.5, 0.0) * GAP * 0.8)


def _within(cell: Nodes, radius: Array, inner: Array) -> Array:
    """Pixels from the middle of the cell: the first in the middle, the others in turn to its right and left.

    They share the width of their column, ``inner``, evenly.
    """
    room = name_room(len(cell))
    order = np.argsort(cell, kind="stable")
    _, first, inverse = np.unique(cell[order], return_index=True, return_inverse=True)
    k = np.arange(len(cell)) - first[inverse]
    turn = np.where(k % 2 == 1, (k + 1) // 2, -(k // 2))
    seat = np.lexsort((turn, inverse))
    count = np.diff(np.r_[first, len(cell)])
    wide = (2 * radius + room + GAP)[order][seat]
    spare = (inner + GAP)[order][first] - np.add.reduceat(wide, first) if len(first) else np.zeros(0)
    cells = inverse[seat]
    wide = wide + np.maximum(spare, 0.0)[cells] / count[cells]
    ends = np.cumsum(wide)
    begin = np.r_[0.0, ends][first]
    total = np.add.reduceat(wide, first) if len(first) else np.zeros(0)
    result = np.empty(len(cell))
    result[order[seat]] = ends - (wide + room) / 2 - begin[cells] - total[cells] / 2
    return result
