"""What the features of an account are made from, aligned once: nodes, their influence, key stakeholders, accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.per_account import tally
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.tables import Ecosystem

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything of one ecosystem which several features need.

    Attributes
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
    nodes : DataFrame
        One row a node of the graph, in its order: ``account_id``, ``stakeholder_id``, ``code`` of the account,
        ``influence``, and what ``stakeholders`` says.
    keys : DataFrame
        Key stakeholders: ``account_id stakeholder_id weight``.
    accounts : DataFrame
        The accounts table, indexed by account id, in the order of the graph; blank where there is no such row.
    """

    eco: Ecosystem
    graph: InfluenceGraph
    nodes: pd.DataFrame
    keys: pd.DataFrame
    accounts: pd.DataFrame

    def sums(self, values: Array) -> Array:
        """Sum over the nodes of each account."""
        return tally(self.graph.account_code, values, len(self.graph.account_ids))

    def codes(self, account_ids: pd.Series) -> NDArray[np.int64]:
        """Code of each account id, -1 for accounts which are not in the graph."""
        return pd.Index(self.graph.account_ids).get_indexer(pd.Index(account_ids)).astype(np.int64)

    def place(self, account_ids: pd.Series, stakeholder_ids: pd.Series) -> NDArray[np.int64]:
        """Node of each pair, -1 where there is none."""
        index = pd.MultiIndex.from_frame(self.nodes[["account_id", "stakeholder_id"]])
        return index.get_indexer(pd.MultiIndex.from_arrays([account_ids, stakeholder_ids])).astype(np.int64)

    def total(self, account_ids: pd.Series, values: pd.Series) -> Array:
        """Sum of a column by account; accounts which are not in the graph are left out."""
        codes = self.codes(account_ids)
        inside = codes >= 0
        return tally(codes[inside], values.to_numpy(dtype=float)[inside], len(self.graph.account_ids))


def gather(eco: Ecosystem, graph: InfluenceGraph, influence: pd.DataFrame, keys: pd.DataFrame) -> Inputs:
    """Align tables, graph and measures.

    Raises
    ------
    InputError
        When the graph was not made from this ecosystem.
    """
    if graph.rows.shape[1] != len(eco.tables["ties"]):
        raise InputError("The graph was not made from this ecosystem: make it by influence_graph(eco).")
    nodes = pd.DataFrame({"account_id": graph.account, "stakeholder_id": graph.ids}, dtype="str")
    nodes["code"] = graph.account_code
    share = influence.set_index(["account_id", "stakeholder_id"])["influence"]
    nodes["influence"] = share.reindex(pd.MultiIndex.from_frame(nodes[["account_id", "stakeholder_id"]])).to_numpy()
    columns = ["stakeholder_id", "kind", "group", "care_setting", "preferred_channels"]
    nodes = nodes.merge(eco.tables["stakeholders"][columns], on="stakeholder_id", how="left")
    accounts = eco.tables["accounts"].set_index("account_id").reindex(pd.Index(graph.account_ids, dtype="str"))
    return Inputs(eco, graph, nodes, keys, accounts)


def rows(eco: Ecosystem, table: str, holder: str | None = None) -> pd.DataFrame:
    """Rows of a table which hold now, with the account filled where a workspace names none; none if it is not read."""
    if table not in eco.tables:
        return pd.DataFrame(columns=list(schema.table(table).names))
    frame = eco.current(table, holder)
    return frame.assign(account_id=frame["account_id"].fillna(SINGLE_ACCOUNT))


def newest(frame: pd.DataFrame, key: list[str], by: str) -> pd.DataFrame:
    """The last row of each key by a column; blank comes first."""
    return frame.sort_values(by, na_position="first", kind="stable").drop_duplicates(key, keep="last")
