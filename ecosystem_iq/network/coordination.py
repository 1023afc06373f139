"""How far the organisations and the care settings of an account are joined: one value an account, from the tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.per_account import ratio, tally
from ecosystem_iq.network.probability import BLANK
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.tables import Ecosystem

STRUCTURE = ("owns", "employs", "member_of")
"""Kinds of tie which bind organisations."""


def integration(eco: Ecosystem, graph: InfluenceGraph) -> NDArray[np.float64]:
    """Organisations which ownership and membership join to the anchor ÷ organisations with a membership.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
        Made from ``eco``.

    Returns
    -------
    ndarray, shape (accounts,)
        In [0, 1]. Paths run over stakeholders which are no persons; the anchor itself counts. NaN without an anchor,
        or under two organisations.
    """
    nodes = _nodes(eco, graph)
    size, count = len(nodes), len(graph.account_ids)
    tails, heads = _structural(eco, nodes)
    links = coo_array((np.ones(len(tails)), (tails, heads)), shape=(size, size))
    part = connected_components(links, directed=False)[1]
    anchor = _anchors(eco, graph, nodes)
    reached = np.where(anchor >= 0, part[anchor] if size else -1, -1)[graph.account_code] == part
    counted = _members(eco, nodes) & (nodes["kind"] == "organisation").to_numpy()
    total = tally(graph.account_code, counted, count)
    share = ratio(tally(graph.account_code, counted & reached, count), total)
    return np.where((anchor >= 0) & (total > 1), share, np.nan)


def cross_setting_share(eco: Ecosystem, graph: InfluenceGraph) -> NDArray[np.float64]:
    """Strength of ties between different care settings ÷ of all ties where both are known.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
        Made from ``eco``.

    Returns
    -------
    ndarray, shape (accounts,)
        In [0, 1]. Ties of kinds which carry no influence (owns, funds, …) are left out. NaN without a tie of which
        both settings are known.
    """
    tails = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    arcs = np.repeat(np.arange(graph.matrix.nnz), np.diff(graph.rows.indptr))
    setting = _nodes(eco, graph)["care_setting"].astype(object).to_numpy()
    strength = eco.tables["ties"]["strength"].fillna(BLANK).to_numpy()
    one, other = setting[tails[arcs]], setting[graph.matrix.indices[arcs]]
    ties = pd.DataFrame({"account": graph.account_code[tails[arcs]], "row": graph.rows.indices})
    ties["strength"] = strength[ties["row"]] * (pd.notna(one) & pd.notna(other))
    ties["across"] = ties["strength"] * np.not_equal(one, other)
    ties = ties.drop_duplicates(["account", "row"])  # a mutual tie is two arcs
    account, count = ties["account"].to_numpy(), len(graph.account_ids)
    across, known = (tally(account, ties[name].to_numpy(), count) for name in ("across", "strength"))
    return ratio(across, known)


def _nodes(eco: Ecosystem, graph: InfluenceGraph) -> pd.DataFrame:
    """One row a node: ``account``, ``id``, ``kind``, ``care_setting``."""
    nodes = pd.DataFrame({"account": graph.account, "id": graph.ids}, dtype="str")
    known = eco.tables["stakeholders"].set_index("stakeholder_id")[["kind", "care_setting"]]
    return nodes.join(known, on="id")


def _place(nodes: pd.DataFrame, account: pd.Series, stakeholder: pd.Series) -> NDArray[np.int64]:
    """Node of each pair, -1 where there is none."""
    index = pd.MultiIndex.from_frame(nodes[["account", "id"]])
    return index.get_indexer(pd.MultiIndex.from_arrays([account, stakeholder])).astype(np.int64)


def _anchors(eco: Ecosystem, graph: InfluenceGraph, nodes: pd.DataFrame) -> NDArray[np.int64]:
    """Node of the anchor of each account, -1 where there is none."""
    names = pd.Series(graph.account_ids, dtype="str")
    anchors = eco.tables["accounts"].set_index("account_id")["anchor_id"].reindex(names)
    return _place(nodes, names, anchors.reset_index(drop=True))


def _members(eco: Ecosystem, nodes: pd.DataFrame) -> NDArray[np.bool_]:
    """Nodes which a membership of the reference map makes part of the account; all of them without accounts."""
    if eco.tables["accounts"].empty:
        return np.ones(len(nodes), dtype=bool)
    rows = eco.current("memberships")
    found = _place(nodes, rows["account_id"].fillna(SINGLE_ACCOUNT), rows["stakeholder_id"])
    member = np.zeros(len(nodes), dtype=bool)
    member[found[found >= 0]] = True
    return member


def _structural(eco: Ecosystem, nodes: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both ends, as nodes, of the ties which bind organisations, in every account which they are in."""
    ties = eco.current("ties")
    ties = ties.loc[ties["kind"].isin(STRUCTURE), ["source", "target", "account_id"]]
    person = (nodes["kind"] == "person").to_numpy()
    pairs = ties.merge(nodes.loc[~person, ["account", "id"]], left_on="source", right_on="id")
    pairs = pairs[pairs["account_id"].isna() | (pairs["account_id"] == pairs["account"])]
    tails, heads = (_place(nodes, pairs["account"], pairs[end]) for end in ("source", "target"))
    fine = heads >= 0
    fine[fine] = ~person[heads[fine]]
    return tails[fine], heads[fine]
