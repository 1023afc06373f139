"""Measures of stakeholders as one table: value, interval, rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.missing import AUTO, Unasked
from ecosystem_iq.network.registry import MEASURES, Arrows
from ecosystem_iq.network.uncertainty import LEVEL, draw_influence

UNDEFINED = ("account_id", "measure", "reason", "n")
_RELATIVE_TIE = 1e-12
_LAST = -1e300
"""Stands for a value which is missing when values are ordered."""
LARGEST_DRAWN = 200_000
"""Arcs above which intervals are left out (NaN): ask for them account by account."""


@dataclass(frozen=True, eq=False)
class Measures:
    """Measures of every stakeholder in every account.

    Attributes
    ----------
    table : DataFrame
        ``account_id``, ``stakeholder_id``, each measure with ``<name>_low`` and ``<name>_high`` (NaN where no interval
        is made), then ``rank`` within the account by the first measure, with ``rank_low`` and ``rank_high``, and
        ``p_top10``, the probability of being among the ten first.
    names : tuple of str
    undefined : DataFrame
        ``account_id``, ``measure``, ``reason``, ``n``: how many stakeholders of an account have no value, and why.
    """

    table: pd.DataFrame
    names: tuple[str, ...]
    undefined: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNDEFINED)))

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        return f"Measures({', '.join(self.names)}; {len(self.table):,} rows)"


def measure(  # noqa: PLR0913 - choices, all but the graph with a default
    graph: InfluenceGraph,
    names: Iterable[str] = ("influence",),
    *,
    weighted: bool = True,
    draws: int = 200,
    unasked: Unasked = AUTO,
    rng: int | np.random.Generator = 0,
) -> Measures:
    """Measure every stakeholder of every account in one pass.

    Parameters
    ----------
    graph : InfluenceGraph
    names : iterable of str
        Of :data:`~ecosystem_iq.network.registry.MEASURES`: ``influence``, ``out_strength``, ``in_strength``, ``katz``,
        ``harmonic``, ``betweenness``, ``pagerank``, ``eigenvector``, ``hub``, ``authority``, ``reach_1``, ``reach_2``,
        ``constraint``, ``effective_size``, ``brokerage``, ``coreness``, ``participation``, ``ei_index``,
        ``articulation``; the first gives the rank.
    weighted : bool
        False: every arc is 1 and one step long.
    draws : int
        Drawn networks behind the 90 % intervals of influence; 0 makes none.
    unasked : ndarray of bool, "auto" or None
        Who was never asked whom they listen to: intervals include what they might have said
        (:mod:`~ecosystem_iq.network.missing`). "auto" tells it from the arcs, None fills nothing in.
    rng : int or numpy.random.Generator

    Returns
    -------
    Measures
        Sorted by account, then rank. Ranks are 1 for the highest; equals share the smaller rank, and whoever has no
        value (NaN) comes last.

    Raises
    ------
    InputError
        When a name is unknown, there is none, or a measure would take hours on a graph of this size.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.5)
    >>> measure(graph).table["stakeholder_id"].tolist()
    ['a', 'b', 'c']
    """
    asked = _asked(names)
    arrows = Arrows(graph, weighted)
    for name in asked:
        MEASURES[name].refuse_too_large(name, arrows)
    table = pd.DataFrame({"account_id": graph.account, "stakeholder_id": graph.ids}, dtype="str")
    drawn = _drawn(graph, draws if weighted else 0, unasked, rng) if "influence" in asked else None
    for name in asked:
        table[name] = MEASURES[name].compute(arrows)
        low, high = _interval(table[name], drawn if name == "influence" else None)
        table[f"{name}_low"], table[f"{name}_high"] = low, high
    table["rank"] = rank_within(table[asked[0]].to_numpy(), graph.account_code)
    table = table.assign(**_rank_interval(table["rank"], drawn if asked[0] == "influence" else None, graph))
    undefined = _undefined(table, asked)
    return Measures(
        table.iloc[np.lexsort((np.arange(len(table)), table["rank"], graph.account_code))], asked, undefined
    )


def _asked(names: Iterable[str]) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys([names] if isinstance(names, str) else names))
    if not asked:
        raise InputError(f"Name at least one measure of {', '.join(MEASURES)}.")
    for name in asked:
        if name not in MEASURES:
            raise InputError(f'There is no measure "{name}". {did_you_mean(name, MEASURES)}'.strip())
    return asked


def _undefined(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Values which are missing, counted by account and measure, each with its reason."""
    counts = table[list(names)].isna().groupby(table["account_id"]).sum()
    found = counts.reset_index().melt("account_id", var_name="measure", value_name="n").sort_values("account_id")
    found = found[found["n"] > 0].assign(reason=lambda rows: [MEASURES[name].undefined for name in rows["measure"]])
    return found[list(UNDEFINED)].reset_index(drop=True)


def rank_within(values: NDArray[np.float64], group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank within each group, 1 for the highest; values equal to a relative 1e-12 share the smaller rank, NaN the last.

    Examples
    --------
    >>> rank_within(np.array([0.5, 0.3, 0.5, 0.2]), np.array([0, 0, 0, 1])).tolist()
    [1, 3, 1, 1]
    """
    if len(values) == 0:
        return np.zeros(0, dtype=np.int64)
    values = np.where(np.isnan(values), _LAST, values)
    order = np.lexsort((np.arange(len(values)), -values, group))
    ordered, groups = values[order], group[order]
    starts = np.r_[True, groups[1:] != groups[:-1]]
    gap = np.r_[True, ordered[:-1] - ordered[1:] > _RELATIVE_TIE * np.abs(ordered[:-1])]
    position = np.arange(len(values))
    begin = np.maximum.accumulate(np.where(starts, position, 0))
    block = np.maximum.accumulate(np.where(starts | gap, position, 0))
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = block - begin + 1
    return ranks


def _drawn(
    graph: InfluenceGraph, draws: int, unasked: Unasked, rng: int | np.random.Generator
) -> NDArray[np.float64] | None:
    if draws <= 0 or not 0 < graph.matrix.nnz <= LARGEST_DRAWN:
        return None
    return draw_influence(graph, draws, np.random.default_rng(rng), unasked=unasked)


def _interval(point: pd.Series, drawn: NDArray[np.float64] | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds which always hold the point itself."""
    if drawn is None:
        return np.full(len(point), np.nan), np.full(len(point), np.nan)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    return np.minimum(low, point.to_numpy()), np.maximum(high, point.to_numpy())


def _rank_interval(rank: pd.Series, drawn: NDArray[np.float64] | None, graph: InfluenceGraph) -> dict[str, pd.Series]:
    if drawn is None:
        blank = pd.Series(np.nan, index=rank.index)
        return {"rank_low": blank, "rank_high": blank, "p_top10": blank}
    ranks = np.column_stack([rank_within(drawn[:, d], graph.account_code) for d in range(drawn.shape[1])])
    tail = (1 - LEVEL) / 2
    low = np.quantile(ranks, tail, axis=1, method="lower")
    high = np.quantile(ranks, 1 - tail, axis=1, method="higher")
    return {
        "rank_low": pd.Series(np.minimum(low, rank), index=rank.index),
        "rank_high": pd.Series(np.maximum(high, rank), index=rank.index),
        "p_top10": pd.Series((ranks <= 10).mean(axis=1), index=rank.index),  # noqa: PLR2004 - "the ten first"
    }
