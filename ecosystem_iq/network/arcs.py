"""Who believes that who moves whom: the arcs of the reference map and of every company's map, side by side."""

from __future__ import annotations

import pandas as pd

from ecosystem_iq.network.probability import BLANK
from ecosystem_iq.network.tie_kinds import BACKWARD, BOTH, DEFAULT, FORWARD, NONE, tie_kinds
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.tables import Ecosystem

REFERENCE = ""
"""Holder of the reference map in these tables."""


def held_arcs(eco: Ecosystem) -> pd.DataFrame:
    """Arcs of influence by holder and account, whatever their layer.

    Parameters
    ----------
    eco : Ecosystem

    Returns
    -------
    DataFrame
        ``holder`` ("" for the reference), ``account_id``, ``mover``, ``moved``, ``strength`` (the largest of the rows
        behind the arc, .5 where blank). A tie without an account counts in each account of which the reference has both
        ends as members.
    """
    ties = eco.valid("ties")
    kind = ties["kind"].fillna(DEFAULT)
    arcs = tie_kinds()["arcs"].loc[kind].set_axis(ties.index)
    ties = ties.assign(
        arcs=arcs.mask(ties["direction"].isin(["undirected", "mutual"]) & (arcs != NONE), BOTH),
        strength=ties["strength"].fillna(BLANK),
        holder=ties["holder"].fillna(REFERENCE),
    )
    ties = _placed(ties[ties["arcs"] != NONE], eco)
    forward = ties[ties["arcs"].isin([FORWARD, BOTH])].rename(columns={"source": "mover", "target": "moved"})
    backward = ties[ties["arcs"].isin([BACKWARD, BOTH])].rename(columns={"target": "mover", "source": "moved"})
    columns = ["holder", "account_id", "mover", "moved"]
    both = pd.concat([forward[[*columns, "strength"]], backward[[*columns, "strength"]]])
    return pd.DataFrame(both.groupby(columns, sort=True)["strength"].max().reset_index())


def _placed(ties: pd.DataFrame, eco: Ecosystem) -> pd.DataFrame:
    """Ties with their account; those which name none once for each account both ends belong to."""
    if eco.tables["accounts"].empty:
        return ties.assign(account_id=SINGLE_ACCOUNT)
    members = eco.current("memberships")[["account_id", "stakeholder_id"]].drop_duplicates()
    blank = ties[ties["account_id"].isna()].drop(columns="account_id")
    ends = blank.merge(members, left_on="source", right_on="stakeholder_id").drop(columns="stakeholder_id")
    ends = ends.merge(members, left_on=["account_id", "target"], right_on=["account_id", "stakeholder_id"])
    return pd.concat([ties[ties["account_id"].notna()], ends.drop(columns="stakeholder_id")])
