"""The page of the benchmark: readiness against action, the ranking with its intervals, and the dimensions.

The scatter is drawn here, not in the browser: it prints, it can be read without scripts, and its labels are placed
once, away from points and from each other where there is room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from ecosystem_iq.pages import shell
from ecosystem_iq.pages.page import Page

WIDTH, HEIGHT, MARGIN = 720, 600, 58
_LETTER, _LINE = 6.6, 15  # a generous estimate of 12 px type, so that labels keep clear of each other in any font
_LONGEST = 26
_NEAR = 4  # places for a label beside its point; further ones get a line
_PLANE = 2  # axes which a scatter needs
_ALL_TICKS, _TICKS = 6, 4  # ranks up to which each is marked; at most so many steps beyond
_TOP = 4  # labels keep this far below the upper edge


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the plot."""

    x: float
    y: float
    w: float
    h: float

    def overlap(self, other: Box) -> float:
        """The area shared with another box."""
        wide = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        high = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return max(0.0, wide) * max(0.0, high)


@dataclass(frozen=True, slots=True)
class Point:
    """A company on the plot: its centre, whiskers and label, in plot units; a ``far`` label is tied by a line."""

    index: int
    x: float
    y: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    name: str
    label: tuple[float, float] = field(default=(0.0, 0.0))
    anchor: str = "start"
    far: bool = False


def benchmark_page(payload: Mapping[str, Any]) -> Page:
    """Make the benchmark page.

    Parameters
    ----------
    payload : mapping
        Of a benchmark page; scores from 0 to 100, missing ones null.

    Returns
    -------
    Page
    """
    ranked = [company for company in payload["companies"] if company["ranked"]]
    html = shell.render(
        "benchmark.html.j2",
        page=payload,
        assets=_assets(),
        ranked=ranked,
        unranked=[company for company in payload["companies"] if not company["ranked"]],
        points=scatter_points(ranked, [axis["id"] for axis in payload["axes"]]),
        plot={"width": WIDTH, "height": HEIGHT, "margin": MARGIN},
        dimensions=_in_axis_order(payload),
        last_rank=max((company["rank_high"] or company["rank"] for company in ranked), default=1),
        last_place=len(ranked),
        ticks=rank_ticks(len(ranked)),
    )
    return Page(html=html, title=payload["title"])


def rank_ticks(last: int) -> list[int]:
    """Ranks to mark on a scale from 1: round ones, and the last.

    Examples
    --------
    >>> rank_ticks(13), rank_ticks(3), rank_ticks(120)
    ([1, 5, 10, 13], [1, 2, 3], [1, 50, 120])
    """
    if last <= _ALL_TICKS:
        return list(range(1, last + 1))
    step = next(step * 10**power for power in range(9) for step in (1, 2, 5) if step * 10**power * _TICKS >= last)
    inner = [rank for rank in range(step, last, step) if last - rank >= step / 2]
    return [1, *(rank for rank in inner if rank > 1), last]


def scatter_points(companies: Sequence[Mapping[str, Any]], axes: Sequence[str]) -> list[Point]:
    """Where companies lie on the plot, labels placed; empty when there are not two axes.

    Companies without a score on either axis are left out.
    """
    if len(axes) != _PLANE:
        return []
    across, up = axes
    points = [
        _point(index, company, across, up)
        for index, company in enumerate(companies)
        if company[across] is not None and company[up] is not None
    ]
    return _with_labels(points)


def scale_x(score: float) -> float:
    """Plot abscissa of a score."""
    return round(MARGIN + score / 100 * (WIDTH - MARGIN - 14), 1)


def scale_y(score: float) -> float:
    """Plot ordinate of a score; high scores are at the top."""
    return round(HEIGHT - MARGIN - score / 100 * (HEIGHT - MARGIN - 14), 1)


def _point(index: int, company: Mapping[str, Any], across: str, up: str) -> Point:
    def interval(axis: str) -> tuple[float, float]:
        low, high = company[f"{axis}_low"], company[f"{axis}_high"]
        return (company[axis] if low is None else low, company[axis] if high is None else high)

    (left, right), (low, high) = interval(across), interval(up)
    name = company["name"]
    return Point(
        index=index,
        x=scale_x(company[across]),
        y=scale_y(company[up]),
        x_range=(scale_x(left), scale_x(right)),
        y_range=(scale_y(low), scale_y(high)),
        name=name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…",
    )


def _with_labels(points: Sequence[Point]) -> list[Point]:
    """Give each label, best rank first, the place which covers least."""
    taken = [Box(point.x - 8, point.y - 8, 16, 16) for point in points]
    whiskers = [box for point in points for box in _whisker_boxes(point)]
    placed = []
    for point in points:
        costs = [
            (_cost(box, taken, whiskers) + order, order, anchor, box)
            for order, (anchor, box) in enumerate(_places(point))
        ]
        _, order, anchor, box = min(costs, key=lambda each: each[:2])
        taken.append(box)
        x = {"start": box.x, "end": box.x + box.w, "middle": box.x + box.w / 2}[anchor]
        label = (round(x, 1), round(box.y + box.h - 4, 1))
        placed.append(replace(point, label=label, anchor=anchor, far=order >= _NEAR))
    return placed


def _places(point: Point) -> list[tuple[str, Box]]:
    """Candidate label boxes around a point, the usual ones first."""
    w = len(point.name) * _LETTER
    near = (("start", 9, -17), ("start", 9, 3), ("end", -9, -17), ("end", -9, 3))
    rows = (-36, 20, -54, 38)
    far = [(anchor, dx, dy) for dy in rows for anchor, dx in (("start", 16), ("end", -16))]
    shift = {"start": 0.0, "middle": -w / 2, "end": -w}
    return [(a, Box(point.x + dx + shift[a], point.y + dy, w, _LINE)) for a, dx, dy in (*near, *far)]


def _cost(box: Box, taken: Sequence[Box], whiskers: Sequence[Box]) -> float:
    """Area covered: other labels and points weigh most, whiskers little, leaving the plot is out of the question."""
    outside = box.x < MARGIN + 2 or box.x + box.w > WIDTH - 2 or box.y < _TOP or box.y + box.h > HEIGHT - MARGIN - 2
    covered = sum(box.overlap(other) for other in taken)
    crossed = sum(box.overlap(other) for other in whiskers)
    return 10_000 * outside + 3 * covered + 0.25 * crossed


def _whisker_boxes(point: Point) -> list[Box]:
    (left, right), (low, high) = point.x_range, point.y_range
    return [Box(left, point.y - 1, right - left, 2), Box(point.x - 1, high, 2, low - high)]


def _in_axis_order(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Dimensions grouped by axis, so that each axis has one heading above its columns."""
    order = {axis["id"]: position for position, axis in enumerate(payload["axes"])}
    return sorted(payload["dimensions"], key=lambda dimension: order.get(dimension["axis"], len(order)))


@lru_cache(maxsize=1)
def _assets() -> shell.Assets:
    return shell.load_assets(styles=("report.css", "heat.css", "benchmark.css"), scripts=("benchmark.js",))
