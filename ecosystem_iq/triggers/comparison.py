"""Whether the choice beats what anybody would do without it: the most influential, the best connected, or chance.

Every rule chooses from the same candidates, as many of them, and is judged on the same fresh samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ecosystem_iq.network import InfluenceGraph, Measures
from ecosystem_iq.triggers.cascades import Array, Seeds, gain_means, gain_samples
from ecosystem_iq.triggers.live_edges import Bits, LiveEdges, Nodes, account_streams

RANDOM_SETS = 50
METHODS = ("triggers", "influence", "ties", "random")
COLUMNS = ("account_id", "method", "reach", "reach_se", "likely_reach", "likely_reach_se")


@dataclass(frozen=True, eq=False)
class Judge:
    """Fresh samples, what counts on them, and who may be chosen.

    Attributes
    ----------
    live : LiveEdges
    value : ndarray of float, shape (nodes,)
    moved : ndarray of uint64, shape (nodes, words)
        Who is moved already.
    standing : ndarray of int
        Nodes which may be chosen, ascending.
    won : ndarray of uint64, shape (nodes, words)
        Samples on which each node would be won over.
    """

    live: LiveEdges
    value: Array
    moved: Bits
    standing: Nodes
    won: Bits


def compare_choices(
    graph: InfluenceGraph, measures: Measures, judge: Judge, chosen: Nodes, rng: np.random.Generator
) -> pd.DataFrame:
    """Expected reach of the choice and of simpler rules, account by account.

    Parameters
    ----------
    graph : InfluenceGraph
    measures : Measures
        With ``influence``.
    judge : Judge
    chosen : ndarray of int
        Nodes of the choice.
    rng : numpy.random.Generator

    Returns
    -------
    DataFrame
        ``account_id``, ``method`` (triggers, influence, ties, random), ``reach`` (when everybody chosen is won over)
        and ``likely_reach`` (when each is with its own chance), both with standard errors ``…_se``. Of random sets the
        mean of 50, with the error of that mean.
    """
    places = np.bincount(graph.account_code[chosen], minlength=len(graph.account_ids))
    account = np.flatnonzero(places)
    sets = {
        "triggers": chosen,
        "influence": _top(graph, judge.standing, _influence(graph, measures, judge.standing), places),
        "ties": _top(graph, judge.standing, _ties(graph, judge.standing), places),
    }
    drawn = _random_sets(graph, judge.standing, places, rng)
    names = np.array(graph.account_ids, dtype=object)[account]
    table = pd.concat(
        [
            *(_judged(judge, [nodes]).assign(account_id=names, method=method) for method, nodes in sets.items()),
            _judged(judge, drawn).assign(account_id=names, method="random"),
        ]
    )
    table = table.assign(code=np.tile(account, len(METHODS))).sort_values("code", kind="stable", ignore_index=True)
    return table[list(COLUMNS)].astype({"account_id": "str", "method": "str"})


def _judged(judge: Judge, sets: list[Nodes]) -> pd.DataFrame:
    """Reach of one set, or mean reach of many, one row an account."""
    estimate = _of_one if len(sets) == 1 else _of_many
    result = {}
    for name, start in (("reach", None), ("likely_reach", judge.won)):
        result[name], result[f"{name}_se"] = estimate(judge, sets, start)
    return pd.DataFrame(result)


def _of_one(judge: Judge, sets: list[Nodes], won: Bits | None) -> tuple[Array, Array]:
    """Mean over the samples, and its error, for the nodes of each account."""
    seeds = replace(Seeds.by_account(judge.live.channels, sets[0]), won=won)
    samples = gain_samples(judge.live, judge.value, seeds, judge.moved)
    return samples.mean(axis=1), samples.std(axis=1, ddof=1) / np.sqrt(samples.shape[1])


def _of_many(judge: Judge, sets: list[Nodes], won: Bits | None) -> tuple[Array, Array]:
    """Mean over the sets, and its error, for each account."""
    seeds = [Seeds.by_account(judge.live.channels, nodes) for nodes in sets]
    accounts = seeds[0].groups
    group = np.concatenate([one.group + place * accounts for place, one in enumerate(seeds)])
    both = Seeds(group, np.concatenate([one.node for one in seeds]), won)
    means = gain_means(judge.live, judge.value, both, judge.moved).reshape(len(sets), accounts)
    return means.mean(axis=0), means.std(axis=0, ddof=1) / np.sqrt(len(sets))


def _random_sets(graph: InfluenceGraph, standing: Nodes, places: Nodes, rng: np.random.Generator) -> list[Nodes]:
    """Sets at random, with a stream for each account."""
    code = graph.account_code[standing]
    drawn = [
        own.random((RANDOM_SETS, count))
        for own, count in zip(
            account_streams(graph, rng), np.bincount(code, minlength=len(graph.account_ids)), strict=True
        )
    ]
    return [_top(graph, standing, draw, places) for draw in np.hstack(drawn)]


def _top(graph: InfluenceGraph, standing: Nodes, merit: Array, places: Nodes) -> Nodes:
    """The first of each account by merit, as many as it has places; among equals the first id."""
    code = graph.account_code[standing]
    order = np.lexsort((np.arange(len(standing)), -merit, code))
    place = np.arange(len(order)) - np.searchsorted(code[order], code[order])
    return np.sort(standing[order[place < places[code[order]]]])


def _influence(graph: InfluenceGraph, measures: Measures, standing: Nodes) -> Array:
    nodes = pd.MultiIndex.from_arrays([graph.account[standing].astype(str), graph.ids[standing].astype(str)])
    table = measures.table.set_index(["account_id", "stakeholder_id"])["influence"]
    return table.reindex(nodes).fillna(0.0).to_numpy(dtype=np.float64)


def _ties(graph: InfluenceGraph, standing: Nodes) -> Array:
    """Arcs out of and into each of these nodes."""
    into = np.bincount(graph.matrix.indices, minlength=len(graph))
    return (np.diff(graph.matrix.indptr) + into)[standing].astype(np.float64)
