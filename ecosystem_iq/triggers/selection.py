"""The set of stakeholders which, moved first, moves most of what is not moved yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers.arguments import at_least, known_ids, node_values, nodes_of
from ecosystem_iq.triggers.cascades import Array, Seeds, gain_samples, mean_and_error, moved_after
from ecosystem_iq.triggers.greedy import Field, State, check_size, greedy
from ecosystem_iq.triggers.live_edges import LiveEdges, Nodes, channels_of, check_model, draw_live

CURVE = ("k", "stakeholder_id", "gain", "spread", "std_error")


@dataclass(frozen=True, eq=False)
class TriggerSet:
    """Stakeholders to engage, in the order of their gain.

    Attributes
    ----------
    stakeholders : tuple of str
    spread : float
        Stakeholders (or their value) which the set moves beyond those already covered, the set included. Estimated on
        samples which did not choose it: the choosing ones are optimistic.
    std_error : float
        Of that mean, from the number of simulations alone.
    curve : DataFrame
        ``k``, ``stakeholder_id``, ``gain``, and ``spread`` with ``std_error`` of the first k.
    """

    stakeholders: tuple[str, ...]
    spread: float
    std_error: float
    curve: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """The curve."""
        return self.curve

    def __repr__(self) -> str:
        return f"TriggerSet({len(self.stakeholders)} stakeholders, spread {self.spread:.4g} ± {self.std_error:.2g})"


def select_triggers(  # noqa: PLR0913 - one keyword a choice
    graph: InfluenceGraph,
    *,
    k: int,
    model: str = "ic",
    value: Mapping[str, float] | ArrayLike | None = None,
    candidates: pd.DataFrame | Iterable[str] | None = None,
    must: Iterable[str] = (),
    exclude: Iterable[str] = (),
    covered: Iterable[str] = (),
    simulations: int = 2_000,
    rng: int | np.random.Generator = 0,
) -> TriggerSet:
    """Choose k stakeholders who together move most.

    Parameters
    ----------
    graph : InfluenceGraph
    k : int
        Stakeholders to choose, at least 1. A person in several accounts is a seed in all of them and takes one place.
    model : {"ic", "lt"}
        Independent cascade or linear threshold.
    value : mapping of id to float, or array of shape (nodes,), optional
        Weight of each stakeholder, not negative; one whom a mapping leaves out weighs 0. Default: those of a table
        given as ``candidates``, else 1 each.
    candidates : iterable of str, or DataFrame, optional
        Who may be chosen; default everybody. From a table of :func:`trigger_candidates` come those who are eligible in
        all their accounts.
    must : iterable of str
        Chosen first, in this order; they count in k.
    exclude : iterable of str
        Never chosen, but may be moved.
    covered : iterable of str
        Moved already: neither they nor whomever they move counts, and they are not chosen.
    simulations : int
        Live-edge samples on which to choose, at least 2; as many fresh ones estimate the spread.
    rng : int or numpy.random.Generator

    Returns
    -------
    TriggerSet
        Fewer than k when there are not so many candidates.

    Raises
    ------
    InputError
        When an argument is not valid, a stakeholder in ``must`` may not be chosen, or the task is too large.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b", "d"], ["b", "c", "e"], 1.0)
    >>> chosen = select_triggers(graph, k=2)
    >>> chosen.stakeholders, chosen.spread
    (('a', 'd'), 5.0)
    """
    k, simulations = at_least(k, 1, "k"), at_least(simulations, 2, "simulations")
    if value is None and isinstance(candidates, pd.DataFrame):
        value = _values_of(graph, candidates)
    values = node_values(graph, value)
    first, others = _standing(graph, k, (candidates, must, exclude, covered))
    channels = channels_of(graph)
    check_size(channels, np.flatnonzero(np.isin(graph.ids, others)), simulations)
    streams = np.random.default_rng(rng).spawn(2)
    choosing, fresh = (draw_live(channels, simulations, check_model(model), stream) for stream in streams)
    known = nodes_of(graph, covered, "covered")
    order = [*first, *_chosen(graph, choosing, values, (first, others, k), known)]
    return _estimated(graph, fresh, values, order, known)


def _values_of(graph: InfluenceGraph, table: pd.DataFrame) -> Array:
    """Values of a table of candidates, node by node; 0 where it has none."""
    names = pd.MultiIndex.from_arrays([graph.account.astype(str), graph.ids.astype(str)])
    values = table.set_index(["account_id", "stakeholder_id"])["value"]
    return values.reindex(names).fillna(0.0).to_numpy(dtype=np.float64)


def _standing(graph: InfluenceGraph, k: int, lists: tuple[Any, ...]) -> tuple[list[str], list[str]]:
    """Who must be chosen, and who else may be (sorted)."""
    candidates, must, exclude, covered = lists
    allowed = set(graph.ids) if candidates is None else set(_eligible(graph, candidates))
    barred = {
        "it is to be excluded": set(known_ids(graph, exclude, "exclude")),
        "it is covered already": set(known_ids(graph, covered, "covered")),
    }
    first = known_ids(graph, must, "must")
    for name in first:
        why = [reason for reason, ids in barred.items() if name in ids]
        why += [] if name in allowed else ["it is not among the candidates"]
        if why:
            raise InputError(f'"{name}" must be chosen, but {why[0]}.')
    if len(first) > k:
        raise InputError(f"{len(first)} stakeholders must be chosen, but k is {k}.")
    return first, sorted(allowed.difference(first, *barred.values()))


def _eligible(graph: InfluenceGraph, candidates: Any) -> list[str]:
    if not isinstance(candidates, pd.DataFrame):
        return known_ids(graph, candidates, "candidates")
    refused = set(candidates.loc[~candidates["eligible"].astype(bool), "stakeholder_id"])
    return [name for name in known_ids(graph, candidates["stakeholder_id"], "candidates") if name not in refused]


def _chosen(
    graph: InfluenceGraph, live: LiveEdges, values: Array, who: tuple[list[str], list[str], int], known: Nodes
) -> list[str]:
    """Who is chosen beside those who must be, in order."""
    first, others, k = who
    if not others or k == len(first):
        return []
    node = np.flatnonzero(np.isin(graph.ids, others))
    candidate = np.searchsorted(others, graph.ids[node].astype(str))
    order = np.argsort(candidate, kind="stable")
    field = Field(node[order], candidate[order], np.zeros(len(others), dtype=np.int64), np.ones(len(others)))
    moved = moved_after(live, np.union1d(known, nodes_of(graph, first, "must")), live.nobody)
    winners = greedy(live, values, field, k - len(first), State(moved))
    return [others[int(winner[0])] for winner in winners]


def _estimated(graph: InfluenceGraph, live: LiveEdges, values: Array, order: list[str], known: Nodes) -> TriggerSet:
    """The curve of a set on samples which did not choose it."""
    moved = moved_after(live, known, live.nobody)
    total, rows = np.zeros(live.simulations), []
    for place, name in enumerate(order, start=1):
        nodes = nodes_of(graph, [name], "seed")
        gain = gain_samples(live, values, Seeds.by_account(live.channels, nodes), moved).sum(axis=0)
        moved = moved_after(live, nodes, moved)
        total += gain
        rows.append((place, name, float(gain.mean()), *mean_and_error(total)))
    curve = pd.DataFrame(rows, columns=list(CURVE)).astype({"k": "int64", "stakeholder_id": "str"})
    spread, error = mean_and_error(total)
    return TriggerSet(tuple(order), spread, error, curve)
