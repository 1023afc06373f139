"""What users give to the functions of this room, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network import InfluenceGraph


def known_ids(graph: InfluenceGraph, ids: Iterable[str], what: str) -> list[str]:
    """The ids, once each, when all are stakeholders of the graph.

    Raises
    ------
    InputError
        Names the first which is not, and the nearest which is.
    """
    asked = [ids] if isinstance(ids, str) else list(dict.fromkeys(ids))
    known = set(graph.ids)
    unknown = [name for name in asked if name not in known]
    if unknown:
        near = did_you_mean(unknown[0], known)
        raise InputError(f'There is no stakeholder "{unknown[0]}" in this graph ({what}). {near}'.strip())
    return asked


def nodes_of(graph: InfluenceGraph, ids: Iterable[str], what: str) -> NDArray[np.int64]:
    """Nodes of stakeholders, in all their accounts, ascending."""
    return np.flatnonzero(np.isin(graph.ids.astype(str), np.array(known_ids(graph, ids, what), dtype=str)))


def node_values(graph: InfluenceGraph, value: Mapping[str, float] | ArrayLike | None) -> NDArray[np.float64]:
    """Value of each node, shape (nodes,): 1 when none are given.

    Raises
    ------
    InputError
        When there is not one for each node, an id is unknown, or one is negative, infinite or missing.
    """
    if value is None:
        return np.ones(len(graph))
    if isinstance(value, (Mapping, pd.Series)):
        table: dict[Any, float] = dict(value.items())
        known_ids(graph, table, "value")
        values = np.array([table.get(name, 0.0) for name in graph.ids], dtype=np.float64)
    else:
        values = np.asarray(value, dtype=np.float64)
    if values.shape != (len(graph),):
        raise InputError(f"There are {len(graph):,} nodes and {values.size:,} values. Give one a node, or a mapping.")
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        raise InputError(f'The value of "{graph.ids[wrong[0]]}" is {values[wrong[0]]:g}. Give 0 or more.')
    return values


def at_least(number: object, least: int, what: str) -> int:
    """The number, when it is whole and large enough.

    Raises
    ------
    InputError
    """
    if type(number) is bool or not isinstance(number, Integral) or number < least:
        raise InputError(f"{what} = {number!r} is not a whole number of at least {least}.")
    return int(number)
