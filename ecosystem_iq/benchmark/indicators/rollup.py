"""From account to company: the mean over the accounts a company serves, weighted by their potential."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.benchmark.uncertainty import jeffreys_variance
from ecosystem_iq.tables import Ecosystem

PERCENT = 100.0


def roll_up(shares: pd.DataFrame, eco: Ecosystem, *, scale: float = PERCENT) -> pd.DataFrame:
    """One value a company from one share an account.

    Parameters
    ----------
    shares : DataFrame
        ``company_id``, ``account_id``, ``numerator``, ``denominator``, ``n``, ``n_effective``; the share of an account
        is numerator / denominator, with the sampling error of ``n_effective`` equal cases.
    eco : Ecosystem
    scale : float
        What a share of 1 is called: 100 for indicators in %.

    Returns
    -------
    DataFrame
        ``company_id``, ``value``, ``se``, ``numerator``, ``denominator``, ``n``, with state ``scored`` and method
        ``computed``. The standard error is that of independent proportions under Jeffreys' prior.

    References
    ----------
    Brown, L., Cai, T. & DasGupta, A. (2001). Interval estimation for a binomial proportion. *Statistical Science* 16,
    101-133. doi:10.1214/ss/1009213286
    """
    shares = shares[shares["denominator"] > 0].merge(potential(eco), on=["company_id", "account_id"], how="left")
    if shares.empty:
        return pd.DataFrame()
    part = shares["potential"].fillna(1.0)
    part = part / part.groupby(shares["company_id"]).transform("sum")
    share = shares["numerator"] / shares["denominator"]
    shares["value"] = scale * share * part
    shares["variance"] = (scale * part) ** 2 * jeffreys_variance(share, shares["n_effective"])
    columns = ["value", "variance", "numerator", "denominator", "n"]
    result = shares.groupby("company_id", sort=True)[columns].sum().reset_index()
    result["se"] = np.sqrt(result.pop("variance"))
    return result.assign(state="scored", method="computed")


def effective(weights: pd.Series, by: list[pd.Series]) -> pd.Series:
    """Cases of equal weight which would carry the same sampling error, by group.

    References
    ----------
    Kish, L. (1965). *Survey Sampling*. Wiley.
    """
    total = weights.groupby(by).sum()
    return total**2 / (weights**2).groupby(by).sum()


def potential(eco: Ecosystem) -> pd.DataFrame:
    """Weight of each account for a company: its own potential there, else the account's, else 1."""
    own = eco.tables["company_accounts"][["company_id", "account_id", "potential_value"]]
    accounts = eco.tables["accounts"][["account_id", "potential_value", "currency"]]
    accounts = accounts.rename(columns={"potential_value": "whole"})
    table = own.merge(accounts, on="account_id", how="left")
    currencies = table["currency"].fillna("").groupby(table["company_id"]).transform("nunique")
    table["whole"] = table["whole"].where(currencies == 1)
    for column in ("potential_value", "whole"):  # one unit for all accounts of a company, or equal weights
        complete = table.groupby("company_id")[column].transform(lambda values: values.gt(0).all())
        table[column] = table[column].where(complete)
    table["potential"] = table["potential_value"].fillna(table["whole"]).fillna(1.0)
    return table[["company_id", "account_id", "potential"]]
