"""All arrangements of one account: communities, groups, hierarchy, stance by influence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.schema import STANCES
from ecosystem_iq.views.frames import Frame, packed_frames
from ecosystem_iq.views.hierarchy import ABOVE, banded, crossing_order, levels
from ecosystem_iq.views.stances import STANCE_LABELS, stance_layout
from ecosystem_iq.views.words import human

Array = NDArray[np.float64]
Nodes = NDArray[np.int64]

_STEPS = (
    ("Decide", ("decision_maker", "approver")),
    ("Evaluate", ("evaluator", "gatekeeper")),
    ("Influence", ("influencer",)),
    ("Use and benefit", ("user", "beneficiary")),
)
_OUTSIDE = "No decision role known"
_MOST_LEVELS = 8
_STRUCTURED = 0.5
"""Share of an account which must be above or below somebody, before its ties make the hierarchy."""


def all_layouts(people: pd.DataFrame, ties: pd.DataFrame, matrix: csr_array, radius: Array) -> list[dict[str, Any]]:
    """Every arrangement which the data allow, communities first.

    Parameters
    ----------
    people : DataFrame
        Most influential first: ``group``, ``decision_role``, ``stance``, ``x``.
    ties : DataFrame
        ``first``, ``second`` (positions) and ``kind``, as they stand in the table: not turned.
    matrix : csr_array
        Influence between them.
    radius : ndarray

    Returns
    -------
    list of dict
        ``id``, ``label``; all but the first with ``x``, ``y`` in whole pixels, ``frames``, and maybe ``axes``.
    """
    layouts: list[dict[str, Any]] = [{"id": "communities", "label": "Communities"}]
    if len(people) == 0:
        return layouts
    code, groups = pd.factorize(people["group"], sort=True)
    labels = [human(group) for group in groups]
    layouts.append(_layout("groups", "By group", *packed_frames(code.astype(np.int64), labels, radius)))
    ranked = _hierarchy(people, ties)
    if ranked is not None:
        level, titles = ranked
        place = crossing_order(level, csr_array(matrix + matrix.T), people["x"].to_numpy())
        layouts.append(_layout("hierarchy", "By hierarchy", *banded(level, place, radius, titles)))
    stance = _stance(people)
    if (stance >= 0).any():
        made = _layout("stance", "Stance × influence", *stance_layout(stance, radius))
        ends = [STANCE_LABELS[0], STANCE_LABELS[2], STANCE_LABELS[-1]]
        layouts.append({**made, "axes": {"x": ends, "y": ["less influence", "more influence"]}})
    return layouts


def _layout(name: str, label: str, position: Array, frames: list[Frame]) -> dict[str, Any]:
    """One arrangement, the middle of its frames at 0."""
    middle = [
        (min(low) + max(high)) / 2
        for low, high in (
            ([f.x for f in frames], [f.x + f.w for f in frames]),
            ([f.y for f in frames], [f.y + f.h for f in frames]),
        )
    ]
    whole = np.round(position - middle).astype(np.int64)
    return {
        "id": name,
        "label": label,
        "x": whole[:, 0].tolist(),
        "y": whole[:, 1].tolist(),
        "frames": [frame.moved(-middle[0], -middle[1]).to_dict() for frame in frames],
    }


def _stance(people: pd.DataFrame) -> Nodes:
    known = people["stance"].map(dict(STANCES)).astype(float)
    return (known + 2).fillna(-1).to_numpy().astype(np.int64)


def _hierarchy(people: pd.DataFrame, ties: pd.DataFrame) -> tuple[Nodes, list[str]] | None:
    """Level of each stakeholder with the titles of all levels, by structure, else by decision role."""
    found = _by_structure(len(people), ties)
    return found if found is not None else _by_role(people["decision_role"])


def _by_structure(n: int, ties: pd.DataFrame) -> tuple[Nodes, list[str]] | None:
    rows = ties[ties["kind"].isin(list(ABOVE)) & (ties["first"] != ties["second"])]
    up = rows["kind"].map(ABOVE) == "target"
    above = rows["second"].where(up, rows["first"]).to_numpy().astype(np.int64)
    below = rows["first"].where(up, rows["second"]).to_numpy().astype(np.int64)
    if len(np.unique(np.r_[above, below])) < _STRUCTURED * n:
        return None
    level = np.minimum(levels(above, below, n), _MOST_LEVELS - 1)
    deepest = int(level.max(initial=-1))
    if deepest < 1:
        return None
    titles = ["Top", *(f"Level {k}" for k in range(2, deepest + 2)), "Outside the hierarchy"]
    return np.where(level < 0, deepest + 1, level), titles


def _by_role(role: pd.Series) -> tuple[Nodes, list[str]] | None:
    step = {word: k for k, (_, words) in enumerate(_STEPS) for word in words}
    level = role.map(step)
    if level.notna().sum() == 0:
        return None
    return level.fillna(len(_STEPS)).to_numpy().astype(np.int64), [*(title for title, _ in _STEPS), _OUTSIDE]
