"""What each layer of ties (advice, committees, co-authorship, …) adds, and what the map would be without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.influence import influence_shares
from ecosystem_iq.network.measures import rank_within

TOP = 10
COLUMNS = ("account_id", "layer", "arcs", "contribution", "kept_top10", "largest_fall", "fallen_id")


def layer_table(graph: InfluenceGraph) -> pd.DataFrame:
    """Contribution of each layer in each account, and how the ranking changes without it.

    Parameters
    ----------
    graph : InfluenceGraph

    Returns
    -------
    DataFrame
        One row an account and layer: ``account_id``, ``layer``, ``arcs`` (to which it contributes), ``contribution``
        (its share of the account's summed row probabilities), ``kept_top10`` (how many of the ten first stay among them
        without the layer), ``largest_fall`` and ``fallen_id`` (how many ranks whoever loses most loses, and who; 0 and
        NaN where nobody falls). Probabilities keep the scale factor of the whole map: a layer is taken out, nothing is
        put in its place.
    """
    rank = rank_within(influence_shares(graph.matrix, graph.account_code, graph.damping), graph.account_code)
    parts = [_without(graph, layer, rank) for layer in sorted({str(name) for name in graph.layer})]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return table.sort_values(["account_id", "contribution"], ascending=[True, False], ignore_index=True)


def drop_layer(graph: InfluenceGraph, layer: str) -> InfluenceGraph:
    """The graph without the ties of one layer; arcs which rested on them alone stay with probability 0."""
    rows = graph.rows
    kept = graph.layer[rows.indices] != layer
    data = np.where(kept, rows.data, 0.0)
    sides = []
    with np.errstate(divide="ignore"):
        for side in (1.0, -1.0):
            log_miss = np.where(np.sign(data) == side, np.log1p(-np.abs(data)), 0.0)
            total = csr_array((log_miss, rows.indices, rows.indptr), shape=rows.shape).sum(axis=1)
            sides.append(-np.expm1(np.asarray(total).ravel()))
    probability = np.maximum(*sides)
    matrix = csr_array((probability, graph.matrix.indices, graph.matrix.indptr), shape=graph.matrix.shape)
    sign = np.where(sides[0] >= sides[1], 1, -1).astype(np.int8)
    reduced = csr_array((data, rows.indices, rows.indptr), shape=rows.shape)
    moved = np.bincount(graph.account_code, weights=matrix.sum(axis=1), minlength=len(graph.account_ids))
    return replace(graph, matrix=matrix, sign=sign, rows=reduced, branching=moved / np.maximum(graph.sizes, 1))


def _without(graph: InfluenceGraph, layer: str, rank: NDArray[np.int64]) -> pd.DataFrame:
    """The rows of one layer, for every account in which it occurs."""
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    account = np.repeat(graph.account_code[tail], np.diff(graph.rows.indptr))
    here = graph.layer[graph.rows.indices] == layer
    weight = np.abs(graph.rows.data)
    n = len(graph.account_ids)
    total = np.bincount(account, weights=weight, minlength=n)
    own = np.bincount(account[here], weights=weight[here], minlength=n)
    other = drop_layer(graph, layer)
    after = rank_within(influence_shares(other.matrix, graph.account_code, graph.damping), graph.account_code)
    table = pd.DataFrame({"account": graph.account_code, "id": graph.ids, "before": rank, "fall": after - rank})
    table["kept"] = (table["before"] <= TOP) & (after <= TOP)
    kept = table.groupby("account")["kept"].sum()
    worst = table.loc[table.groupby("account")["fall"].idxmax()].set_index("account")
    worst = worst[worst["fall"] > 0]
    result = pd.DataFrame(
        {
            "account_id": graph.account_ids,
            "layer": layer,
            "arcs": np.bincount(account[here], minlength=n),
            "contribution": np.divide(own, total, out=np.zeros(n), where=total > 0),
            "kept_top10": kept.reindex(range(n)).fillna(0).astype(int).to_numpy(),
            "largest_fall": worst["fall"].reindex(range(n)).fillna(0).astype(int).to_numpy(),
            "fallen_id": worst["id"].reindex(range(n)).to_numpy(),
        }
    )
    return result[result["arcs"] > 0]
