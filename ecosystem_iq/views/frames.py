"""Rectangles for groups of stakeholders, and how their members are set inside, like words of a paragraph."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ASPECT = 1.3
"""Width of a layout for each unit of its height: that of the map beside its legend and its panel."""

GAP = 22.0
"""Pixels between two symbols."""

TITLE = 30.0
"""Pixels kept free at the top of a frame for its title."""

PADDING = 20.0
BETWEEN = 26.0

_NARROWEST, _LOWEST = 190.0, 90.0
_SHARED, _LONGEST = 26_000.0, 130.0
_GROWTH = 1.06


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled rectangle; ``x`` and ``y`` are its top left corner."""

    label: str
    x: float
    y: float
    w: float
    h: float

    def moved(self, across: float, down: float) -> Frame:
        """The same frame elsewhere."""
        return Frame(self.label, self.x + across, self.y + down, self.w, self.h)

    def to_dict(self) -> dict[str, str | int]:
        """As pages read it, in whole pixels."""
        return {"label": self.label, "x": round(self.x), "y": round(self.y), "w": round(self.w), "h": round(self.h)}


def name_room(count: int) -> float:
    """Pixels to the right of each symbol for a name: much in a small account, none where names would not fit anyway.

    Examples
    --------
    >>> name_room(30), name_room(500), name_room(5_000)
    (130.0, 30.0, 0.0)
    """
    return float(np.clip(_SHARED / max(count, 1) - GAP, 0.0, _LONGEST))


def packed_frames(code: NDArray[np.int64], labels: list[str], radius: Array) -> tuple[Array, list[Frame]]:
    """A frame for each group, side by side without gaps, the largest first, and the members inside.

    Parameters
    ----------
    code : ndarray of int, shape (nodes,)
        Group of each node; within a group, nodes are set in their order.
    labels : list of str
        Of the groups.
    radius : ndarray, shape (nodes,)

    Returns
    -------
    position : ndarray, shape (nodes, 2)
    frames : list of Frame
        Of the groups with members, by code.
    """
    members = [inside for inside in (np.flatnonzero(code == group) for group in range(len(labels))) if len(inside)]
    room = name_room(len(code))
    need = np.array([_need(radius[inside], room) for inside in members])
    position = np.zeros((len(code), 2))
    while True:
        frames = _tiled(need)
        small = None
        for k, inside in enumerate(members):
            placed = _set_inside(frames[k], radius[inside], room)
            if placed is None:
                small = k
                break
            position[inside] = placed
        if small is None:
            return position, [replace(frame, label=labels[code[inside[0]]])
                              for frame, inside in zip(frames, members, strict=True)]  # fmt: skip
        need[small] *= _GROWTH  # its frame came out too flat or too narrow: only this one grows


def _tiled(need: Array) -> list[Frame]:
    """Frames of these areas without their gaps, which together fill a rectangle of the shape of a screen."""
    order = np.lexsort((np.arange(len(need)), -need))
    area = float(need.sum())
    boxes = squarified(need[order].tolist(), (area * ASPECT) ** 0.5, (area / ASPECT) ** 0.5)
    half = BETWEEN / 2
    frames = [Frame("", x + half, y + half, w - BETWEEN, h - BETWEEN) for x, y, w, h in boxes]
    return [frames[k] for k in np.argsort(order, kind="stable")]


def _need(radius: Array, room: float) -> float:
    """Area which the frame of these members needs, gaps and title included, in square pixels."""
    inside = float(((2 * radius + GAP) * (2 * radius + GAP + room)).sum())
    width = max(float((inside * ASPECT) ** 0.5), _NARROWEST)
    height = max(inside / width + TITLE, _LOWEST)
    return (width + 2 * PADDING + BETWEEN) * (height + 2 * PADDING + BETWEEN)


def _set_inside(frame: Frame, radius: Array, room: float) -> Array | None:
    """Members in lines, each line in the middle; None when the frame is too small."""
    width, height = frame.w - 2 * PADDING, frame.h - 2 * PADDING - TITLE
    if frame.w < _NARROWEST or width < 2 * radius.max() + room:
        return None
    placed, lines = lines_of(radius, width, room)
    if lines > height:
        return None
    spare = width / 2 + (placed[:, 0] - radius).min()  # goes to the names, as far as there is room for any
    across = frame.x + frame.w / 2 - 0.85 * spare * room / _LONGEST
    return np.asarray(placed + np.array([across, frame.y + TITLE + PADDING + (height - lines) / 2]))


def lines_of(radius: Array, width: float, room: float = 0.0) -> tuple[Array, float]:
    """Discs in lines of at most a width, each line centred on 0; and the height of all. To the right of each is room.

    Examples
    --------
    >>> lines_of(np.array([10.0, 10.0, 10.0]), 62.0)[0].tolist()
    [[-21.0, 10.0], [21.0, 10.0], [0.0, 52.0]]
    """
    cell = 2 * radius + room + GAP
    ends = np.cumsum(cell)
    line = np.zeros(len(radius), dtype=np.int64)
    start, number = 0, 0
    while start < len(radius):
        begun = ends[start - 1] if start else 0.0
        end = max(int(np.searchsorted(ends, begun + width + GAP + 1e-9, side="right")), start + 1)
        line[start:end] = number
        start, number = end, number + 1
    first = np.searchsorted(line, np.arange(number))
    high = 2 * np.maximum.reduceat(radius, first)
    top = np.r_[0.0, np.cumsum(high + GAP)]
    begun = np.r_[0.0, ends][first]
    long = np.add.reduceat(cell, first) - GAP
    across = ends - radius - room - GAP - begun[line] - long[line] / 2
    return np.column_stack([across, (top[:-1] + high / 2)[line]]), float(top[-1] - GAP)


def squarified(areas: list[float], width: float, height: float) -> list[tuple[float, float, float, float]]:
    """Rectangles of these areas which fill a rectangle, as square as can be (Bruls, Huizing & van Wijk 2000).

    Parameters
    ----------
    areas : list of float
        Largest first; their sum is ``width * height``.
    width, height : float

    Returns
    -------
    list of (x, y, width, height)

    Examples
    --------
    >>> squarified([4.0, 2.0], 3.0, 2.0)
    [(0.0, 0.0, 2.0, 2.0), (2.0, 0.0, 1.0, 2.0)]
    """
    boxes: list[tuple[float, float, float, float]] = []
    x, y = 0.0, 0.0
    while len(boxes) < len(areas):
        side = min(width, height)
        row = _row(areas[len(boxes) :], side)
        thick = sum(row) / side
        along = 0.0
        for area in row:
            long = area / thick
            boxes.append((x, y + along, thick, long) if width >= height else (x + along, y, long, thick))
            along += long
        if width >= height:
            x, width = x + thick, width - thick
        else:
            y, height = y + thick, height - thick
    return boxes


def _row(areas: list[float], side: float) -> list[float]:
    """The first areas, as many as make their rectangles along a side most square."""
    row = areas[:1]
    for area in areas[1:]:
        if _worst([*row, area], side) > _worst(row, side):
            break
        row = [*row, area]
    return row


def _worst(row: list[float], side: float) -> float:
    """The longest shape among rectangles which share a side."""
    thick = sum(row) / side
    return max(max(area / thick**2, thick**2 / area) for area in row)
