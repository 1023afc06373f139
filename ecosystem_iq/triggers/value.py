"""What moving a stakeholder is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.tables import Ecosystem

_COUNTED = ("received", "created")
_NEWEST = ["account_id", "stakeholder_id", "value_type", "perspective"]


def stakeholder_value(eco: Ecosystem, graph: InfluenceGraph) -> NDArray[np.float64]:
    """Value of each node, of one kind in each account.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph

    Returns
    -------
    ndarray, shape (nodes,)
        The share of value received and created where the account has any, else the potential value, else the patient
        volume, else 1 for everybody. Blank and negative count 0.
    """
    people = eco.tables["stakeholders"].set_index("stakeholder_id").reindex(graph.ids)
    kinds = [
        _shares(eco, graph),
        people["potential_value"].to_numpy(dtype=np.float64),
        people["patient_volume"].to_numpy(dtype=np.float64),
    ]
    value, open_ = np.ones(len(graph)), np.ones(len(graph.account_ids), dtype=bool)
    for kind in kinds:
        amount = np.maximum(np.nan_to_num(kind), 0.0)
        known = np.bincount(graph.account_code, weights=amount, minlength=len(open_)) > 0
        value = np.where((open_ & known)[graph.account_code], amount, value)
        open_ &= ~known
    return value


def _shares(eco: Ecosystem, graph: InfluenceGraph) -> NDArray[np.float64]:
    """Share of value received and created, newest figure of each type; rows without an account hold in all."""
    rows = eco.current("values")
    rows = rows[rows["perspective"].isin(_COUNTED) & rows["share"].notna()]
    rows = rows.sort_values("as_of", kind="stable", na_position="first").drop_duplicates(_NEWEST, keep="last")
    named = rows[rows["account_id"].notna()].groupby(["account_id", "stakeholder_id"])["share"].sum()
    anywhere = rows[rows["account_id"].isna()].groupby("stakeholder_id")["share"].sum()
    nodes = pd.MultiIndex.from_arrays([graph.account.astype(str), graph.ids.astype(str)])
    here = named.reindex(nodes).to_numpy(dtype=np.float64)
    return np.where(np.isnan(here), anywhere.reindex(graph.ids).to_numpy(dtype=np.float64), here)
