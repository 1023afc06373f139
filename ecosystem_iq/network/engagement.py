"""Key stakeholders, their weights, and who is in contact with them.

Both come from the **reference map** always: a company's own map would let the company which knows three people reach
100 %.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.network.arcs import held_arcs
from ecosystem_iq.network.measures import Measures
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.tables import Ecosystem

FORMAL_ROLES = ("decision_maker", "approver", "gatekeeper")
TOP_SHARE = 0.2
MOST_SHARE = 0.5
FEWEST = 3
CONTACT_DAYS = 180
REPLIES = ("two_way", "inbound")


def key_stakeholders(eco: Ecosystem, measures: Measures) -> pd.DataFrame:
    """The key stakeholders K of every account, with their weight w.

    Parameters
    ----------
    eco : Ecosystem
    measures : Measures
        Of the reference graph, with ``influence``.

    Returns
    -------
    DataFrame
        One row a key stakeholder: ``account_id``, ``stakeholder_id``, ``weight`` (influence share over *all* members,
        so that the weights of K sum to less than 1). K holds decision makers, approvers, gatekeepers and the top fifth
        by influence, but at most half of the members (at least three); formal roles come first.
    """
    table = measures.table[["account_id", "stakeholder_id", "influence", "rank"]]
    members = eco.current("memberships")
    members = members.assign(account_id=members["account_id"].fillna(SINGLE_ACCOUNT))
    formal = members.loc[
        members["decision_role"].isin(FORMAL_ROLES), ["account_id", "stakeholder_id"]
    ].drop_duplicates()
    table = table.merge(formal.assign(formal=True), on=["account_id", "stakeholder_id"], how="left")
    table["formal"] = table["formal"].notna()
    size = table.groupby("account_id")["rank"].transform("size")
    key = table[table["formal"] | (table["rank"] <= np.ceil(TOP_SHARE * size))].copy()
    key["most"] = np.maximum(FEWEST, np.floor(MOST_SHARE * size[key.index]))
    key = key.sort_values(["account_id", "formal", "rank", "stakeholder_id"], ascending=[True, False, True, True])
    key = key[key.groupby("account_id").cumcount() < key["most"]]
    key = key.rename(columns={"influence": "weight"})
    return pd.DataFrame(key[["account_id", "stakeholder_id", "weight"]]).reset_index(drop=True)


def contact_shares(eco: Ecosystem, keys: pd.DataFrame) -> pd.DataFrame:
    """Weight of the key stakeholders with whom each company is in two-way contact, account by account.

    Parameters
    ----------
    eco : Ecosystem
    keys : DataFrame
        Of :func:`key_stakeholders`.

    Returns
    -------
    DataFrame
        One row a company and account it serves: ``company_id``, ``account_id``, ``numerator`` (weight of K with a
        two-way or inbound contact in the last 180 days), ``denominator`` (weight of K), ``n`` (stakeholders in K),
        ``n_effective`` (equally weighted stakeholders which would carry the same sampling error). Companies without any
        row in the contact log are left out: no log is not the same as no contact.
    """
    log = eco.tables["interactions"]
    served = served_accounts(eco)
    served = served[served["company_id"].isin(log["company_id"])]
    pairs = served.merge(keys, on="account_id")
    pairs["hit"] = pairs["weight"].where(_reached(pairs, _recent_replies(eco, log)), 0.0)
    pairs["square"] = pairs["weight"] ** 2
    groups = pairs.groupby(["company_id", "account_id"], sort=True)
    result = groups.agg(
        numerator=("hit", "sum"), denominator=("weight", "sum"), n=("weight", "size"), square=("square", "sum")
    )
    result["n_effective"] = result["denominator"] ** 2 / result["square"]
    return pd.DataFrame(result.drop(columns="square").reset_index())


def company_facts(eco: Ecosystem, measures: Measures) -> dict[str, pd.DataFrame]:
    """What the reference map says about companies, as plain tables for the benchmark.

    Parameters
    ----------
    eco : Ecosystem
    measures : Measures
        Of the reference graph, with ``influence``.

    Returns
    -------
    dict of str to DataFrame
        ``keys`` (of :func:`key_stakeholders`), ``arcs`` (of :func:`~ecosystem_iq.network.arcs.held_arcs`) and
        ``contact_shares`` (of :func:`contact_shares`).
    """
    keys = key_stakeholders(eco, measures)
    return {"keys": keys, "arcs": held_arcs(eco), "contact_shares": contact_shares(eco, keys)}


def served_accounts(eco: Ecosystem) -> pd.DataFrame:
    """Accounts which each company serves now: ``company_id``, ``account_id``."""
    rows = eco.tables["company_accounts"]
    if eco.as_of is not None:
        day = pd.Timestamp(eco.as_of)
        rows = rows[(rows["since"].isna() | (rows["since"] <= day)) & (rows["until"].isna() | (rows["until"] > day))]
    return rows[["company_id", "account_id"]]


def _recent_replies(eco: Ecosystem, log: pd.DataFrame) -> pd.DataFrame:
    """Company, stakeholder and account (or none) of each contact which the stakeholder took part in."""
    day = pd.Timestamp(eco.as_of) if eco.as_of is not None else log["date"].max()
    recent = (log["date"] <= day) & (log["date"] > day - pd.Timedelta(days=CONTACT_DAYS))
    return log.loc[recent & log["direction"].isin(REPLIES), ["company_id", "stakeholder_id", "account_id"]]


def _reached(pairs: pd.DataFrame, replies: pd.DataFrame) -> pd.Series:
    """Whether a pair had a contact in its account; a contact which names no account counts in all of them."""
    named = pd.MultiIndex.from_frame(replies[["company_id", "stakeholder_id", "account_id"]].dropna())
    anywhere = pd.MultiIndex.from_frame(replies.loc[replies["account_id"].isna(), ["company_id", "stakeholder_id"]])
    here = pd.MultiIndex.from_frame(pairs[["company_id", "stakeholder_id", "account_id"]]).isin(named)
    return pd.Series(
        here | pd.MultiIndex.from_frame(pairs[["company_id", "stakeholder_id"]]).isin(anywhere), index=pairs.index
    )
