"""Colours, shapes and dashes: every meaning is carried twice, so none depends on colour vision.

Groups have a fixed pair of colour and shape (built on the Okabe-Ito set), the same on every page; layers come from
the user's data and take theirs in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """How a group is drawn: a colour and a shape, in the words of pyvis."""

    color: str
    shape: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a layer is drawn: a colour and a dash pattern in pixels (empty: solid)."""

    color: str
    dash: tuple[int, ...]


GROUPS: dict[str, Mark] = {
    "clinician": Mark("#0072b2", "dot"),
    "pharmacy": Mark("#009e73", "square"),
    "nursing": Mark("#2a9d9d", "triangleDown"),
    "executive": Mark("#aa3377", "triangle"),
    "finance_procurement": Mark("#b45f06", "square"),
    "payer": Mark("#d55e00", "diamond"),
    "policy": Mark("#7b62b8", "diamond"),
    "patient_public": Mark("#c99700", "star"),
    "research_academia": Mark("#56a3d9", "hexagon"),
    "digital_it": Mark("#5f6fc9", "triangleDown"),
    "quality_pathway": Mark("#cc6699", "star"),
    "supplier": Mark("#8c6d31", "triangle"),
    "own_company": Mark("#e07b39", "hexagon"),
    "other": Mark("#8a919c", "dot"),
}
"""The mark of each word in the stakeholders' ``group`` column."""

_SPARE_COLORS = ("#0072b2", "#009e73", "#d55e00", "#aa3377", "#56a3d9", "#c99700", "#7b62b8")
_SPARE_SHAPES = ("square", "diamond", "star", "hexagon", "triangleDown", "triangle", "dot")

_STROKE_COLORS = ("#0072b2", "#aa3377", "#009e73", "#c99700", "#7b62b8", "#3f97d6", "#8c6d31")
_DASHES: tuple[tuple[int, ...], ...] = ((), (8, 4), (), (3, 3), (10, 3, 2, 3), (6, 3), (12, 4))
_STRUCTURE_COLOR = "#7b8694"
_STRUCTURE_DASH = (2, 4)

COMMUNITIES = (
    "#3f6ea8", "#a8673f", "#4f8a4a", "#7b5aa6", "#a08a2c", "#2f8f8b", "#b0506a", "#5a6b7d", "#8f6f9c", "#6f8f2f"
)  # fmt: skip
"""Hues of the tinted islands behind communities, in order."""

SCALES: dict[str, tuple[str, ...]] = {
    "diverging": ("#b35806", "#eda04a", "#cdc6b4", "#74a9cf", "#1f66ad"),
    "diverging_dark": ("#e07b14", "#f7c07a", "#a39c8b", "#9fcbe8", "#4a9be0"),
    "sequential": ("#c3d6e6", "#93bbd8", "#5a98c4", "#2a72a8", "#0d4577"),
    "sequential_dark": ("#45617c", "#4079a8", "#4d9bd4", "#8ac4ee", "#dbf0ff"),
    "categories": ("#0072b2", "#d55e00", "#009e73", "#aa3377", "#c99700", "#56a3d9", "#7b62b8", "#8c6d31", "#cc6699",
                   "#2a9d9d"),
    "unknown": ("#9aa2ad", "#76818f"),
}  # fmt: skip
"""Colours of values, by theme where they differ: against ↔ for, little → much, kinds, not known (light, dark)."""


def group_marks(group_ids: Iterable[str]) -> list[Mark]:
    """The mark of each group; words without a fixed mark get pairs in the order of their appearance.

    Examples
    --------
    >>> group_marks(["payer", "clinician"])[0]
    Mark(color='#d55e00', shape='diamond')
    """
    marks, spare = [], 0
    for group in group_ids:
        mark = GROUPS.get(group)
        if mark is None:
            mark = Mark(_SPARE_COLORS[spare % 7], _SPARE_SHAPES[(spare + spare // 7) % 7])
            spare += 1
        marks.append(mark)
    return marks


def layer_strokes(structural: Iterable[bool]) -> list[Stroke]:
    """The stroke of each layer; layers which carry no influence are all dotted grey.

    Examples
    --------
    >>> [stroke.dash for stroke in layer_strokes([False, False, True])]
    [(), (8, 4), (2, 4)]
    """
    strokes, used = [], 0
    for is_structure in structural:
        if is_structure:
            strokes.append(Stroke(_STRUCTURE_COLOR, _STRUCTURE_DASH))
        else:
            strokes.append(Stroke(_STROKE_COLORS[used % 7], _DASHES[(used + used // 7) % 7]))
            used += 1
    return strokes
