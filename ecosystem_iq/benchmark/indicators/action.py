"""Indicators of action, from what a company did."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ecosystem_iq.tables import Ecosystem


def influence_weighted_engagement(eco: Ecosystem, facts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A2: influence share of key stakeholders with a two-way or inbound contact in 180 days, in %.

    Accounts of a company are averaged by potential value. The standard error is that of a proportion with as many
    equally weighted stakeholders as would carry the same error (Kish's effective size), by Jeffreys' prior.

    References
    ----------
    Kish, L. (1965). *Survey Sampling*. Wiley. Brown, L., Cai, T. & DasGupta, A. (2001). Interval estimation for a
    binomial proportion. *Statistical Science* 16, 101-133. doi:10.1214/ss/1009213286
    """
    shares = facts.get("contact_shares")
    if shares is None or shares.empty:
        return pd.DataFrame()
    shares = shares.merge(_potential(eco), on=["company_id", "account_id"], how="left")
    total = shares.groupby("company_id")["potential"].transform("sum")
    shares["part"] = shares["potential"] / total
    share = shares["numerator"] / shares["denominator"]
    shares["value"] = 100.0 * share * shares["part"]
    shares["variance"] = (100.0 * shares["part"]) ** 2 * jeffreys_variance(share, shares["n_effective"])
    groups = shares.groupby("company_id", sort=True)
    result = groups.agg(
        value=("value", "sum"),
        variance=("variance", "sum"),
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        n=("n", "sum"),
    ).reset_index()
    result["se"] = np.sqrt(result.pop("variance"))
    return result.assign(indicator_id="A2", state="scored", method="computed")


def jeffreys_variance(share: pd.Series, n: pd.Series) -> pd.Series:
    """Variance of a proportion under Jeffreys' Beta(x + .5, n - x + .5).

    Examples
    --------
    >>> round(float(jeffreys_variance(pd.Series([0.0]), pd.Series([9.0])).iloc[0]), 6)
    0.004318
    """
    a, b = share * n + 0.5, (1.0 - share) * n + 0.5
    return a * b / ((a + b) ** 2 * (a + b + 1.0))


def _potential(eco: Ecosystem) -> pd.DataFrame:
    """Weight of each account for a company: its own potential there, else the account's, else 1."""
    own = eco.tables["company_accounts"][["company_id", "account_id", "potential_value"]]
    accounts = eco.tables["accounts"][["account_id", "potential_value"]].rename(columns={"potential_value": "whole"})
    table = own.merge(accounts, on="account_id", how="left")
    for column in ("potential_value", "whole"):  # one unit for all accounts of a company, or equal weights
        complete = table.groupby("company_id")[column].transform(lambda values: values.gt(0).all())
        table[column] = table[column].where(complete)
    table["potential"] = table["potential_value"].fillna(table["whole"]).fillna(1.0)
    return table[["company_id", "account_id", "potential"]]
