"""Influence as people judge it, blended with influence as the network computes it, on ranks.

The two are not on one scale, so only their order is mixed: each becomes a percentile within the account, and the blend
is ranked again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ecosystem_iq.network.measures import Measures, rank_within
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.tables import Ecosystem


def blend_judged(eco: Ecosystem, measures: Measures, weight: float | None = None) -> Measures:
    """Measures with ranks which heed ``influence_judged`` of the reference memberships.

    Parameters
    ----------
    eco : Ecosystem
    measures : Measures
    weight : float, optional
        Weight of the judged percentile, 0-1; default ``judged_weight`` of the settings (0: nothing changes).

    Returns
    -------
    Measures
        With columns ``judged`` (0-10, NaN where nobody judged) and a new ``rank``, sorted by it. Stakeholders nobody
        judged keep their computed percentile. Rank intervals, which are of the computed ranks, become NaN.
    """
    share = eco.settings.judged_weight if weight is None else weight
    if share <= 0.0:
        return measures
    members = eco.current("memberships").sort_values("valid_from", na_position="first")
    judged = members.assign(account_id=members["account_id"].fillna(SINGLE_ACCOUNT)).drop_duplicates(
        ["account_id", "stakeholder_id"], keep="last"
    )[["account_id", "stakeholder_id", "influence_judged"]]
    table = measures.table.merge(judged, on=["account_id", "stakeholder_id"], how="left")
    account = table.groupby("account_id", sort=False)
    computed = account["rank"].rank(ascending=False, pct=True)
    opinion = account["influence_judged"].rank(pct=True)
    mixed = ((1.0 - share) * computed + share * opinion).fillna(computed)
    code = pd.factorize(table["account_id"])[0]
    table = table.rename(columns={"influence_judged": "judged"}).assign(
        rank=rank_within(mixed.to_numpy(), code), rank_low=np.nan, rank_high=np.nan, p_top10=np.nan
    )
    order = np.lexsort((np.arange(len(table)), table["rank"], code))
    return replace(measures, table=table.iloc[order].reset_index(drop=True))
