"""Who funds whom, and who bears risk for whom.

Ties of the kinds *funds* and *bears_risk_for* say along which lines value and risk run. They carry no influence, and no
amount: their strength is relative (0-1), so flows can be compared and added up within an account, but are no money.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.probability import BLANK
from ecosystem_iq.network.tie_kinds import DEFAULT
from ecosystem_iq.network.ties import ties_in_accounts
from ecosystem_iq.network.value import node_of, with_tables
from ecosystem_iq.tables import Ecosystem

FLOWS = {"funds": "funds", "bears_risk_for": "risk"}
"""Kinds of tie along which something flows, and how the flow is called."""


def value_flows(eco: Ecosystem, graph: InfluenceGraph, *, holder: str | None = None) -> pd.DataFrame:
    """Who funds whom, and who bears risk for whom.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
        Says which accounts and who is in them.
    holder : str, optional
        Company whose ties are used; default the reference.

    Returns
    -------
    DataFrame
        One row a tie and account: ``account_id``, ``source`` funds (or bears risk for) ``target``, ``kind``, ``layer``,
        ``strength`` and ``confidence`` (.5 where blank), ``flow = strength * confidence``. All three are relative, 0-1.
        A mutual tie makes a row in each direction.
    """
    ties = ties_in_accounts(with_tables(eco, "ties", "accounts", "memberships"), holder, list(graph.account_ids))
    ties = ties[ties["kind"].fillna(DEFAULT).isin(FLOWS)]
    both = ties[ties["direction"].isin(["undirected", "mutual"])]
    back = both.assign(source=both["target"], target=both["source"])
    ties = pd.concat([ties, back]).drop(columns="account_id").rename(columns={"account": "account_id"})
    ties = ties.assign(strength=ties["strength"].fillna(BLANK), confidence=ties["confidence"].fillna(BLANK))
    ties["flow"] = ties["strength"] * ties["confidence"]
    tail, head = (node_of(graph, ties, end) for end in ("source", "target"))
    order = np.lexsort((ties["layer"], ties["kind"], head, tail))
    columns = ["account_id", "source", "target", "kind", "layer", "strength", "confidence", "flow"]
    return ties[columns].iloc[order[(tail[order] >= 0) & (head[order] >= 0)]].reset_index(drop=True)


def flow_totals(flows: pd.DataFrame, graph: InfluenceGraph) -> pd.DataFrame:
    """What each stakeholder gives and gets along the flows.

    Parameters
    ----------
    flows : DataFrame
        Of :func:`value_flows`, or some of its rows.
    graph : InfluenceGraph

    Returns
    -------
    DataFrame
        One row a node, in the order of the graph: ``account_id``, ``stakeholder_id``, ``funds_out`` (it funds others),
        ``funds_in``, ``risk_out`` (it bears risk for others), ``risk_in`` (others bear risk for it): sums of ``flow``,
        0 where there is none. They compare stakeholders of one account; they are no money.
    """
    table = pd.DataFrame({"account_id": graph.account, "stakeholder_id": graph.ids}, dtype="str")
    ends = {"out": node_of(graph, flows, "source"), "in": node_of(graph, flows, "target")}
    for kind, name in FLOWS.items():
        weight = flows["flow"].to_numpy(dtype=float) * (flows["kind"] == kind).to_numpy()
        for side, node in ends.items():
            table[f"{name}_{side}"] = np.bincount(node, weights=weight, minlength=len(graph))
    return table
