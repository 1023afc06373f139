"""Indicators of action, from what a company did."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.indicators.rollup import effective, roll_up
from ecosystem_iq.benchmark.uncertainty import jeffreys_variance
from ecosystem_iq.tables import Ecosystem

Facts = Mapping[str, pd.DataFrame]

_MOST_LEVELS = 8
_CO_DESIGN_DAYS = 2
_LARGEST_SD = 50.0
"""Of values between 0 and 100."""


def influence_weighted_engagement(eco: Ecosystem, facts: Facts) -> pd.DataFrame:
    """A2: influence share of key stakeholders with a two-way or inbound contact in 180 days, in %."""
    shares = facts.get("contact_shares")
    if shares is None or shares.empty:
        return pd.DataFrame()
    return roll_up(shares, eco).assign(indicator_id="A2")


def co_creation_rate(eco: Ecosystem, facts: Facts) -> pd.DataFrame:  # noqa: ARG001 - one signature for all
    """A1: share of the budget of live initiatives which were designed with people outside the company, in %.

    Live: started and not done. Designed together: co-design contacts on at least two days, about the initiative or
    anything below it, with stakeholders outside the company's own group. Without a budget for every live initiative of
    a company, its initiatives count alike.
    """
    plan, day = eco.tables["plan"], _today(eco)
    if plan.empty or day is None:
        return pd.DataFrame()
    live = plan[(plan["level"] == "initiative") & (plan["start"] <= day) & ~(plan["done_on"] <= day)]
    log = eco.tables["interactions"]
    log = log[(log["mode"] == "co_design") & (log["date"] <= day) & ~log["stakeholder_id"].isin(_own_people(eco))]
    log = log.assign(initiative=log["item_id"].map(_initiative_of(plan)))
    log = log[log["company_id"] == log["initiative"].map(plan.set_index("item_id")["company_id"])]
    days = log.groupby("initiative")["date"].nunique()
    together = live["item_id"].map(days).fillna(0) >= _CO_DESIGN_DAYS
    return _weighted_share(live, together, _budget(live)).assign(indicator_id="A1")


def milestone_reliability(eco: Ecosystem, facts: Facts) -> pd.DataFrame:  # noqa: ARG001 - one signature for all
    """A3: milestones due in the last 12 months (by their original date) which were done by then, in %."""
    plan, day = eco.tables["plan"], _today(eco)
    if plan.empty or day is None:
        return pd.DataFrame()
    recent = (plan["due_original"] <= day) & (plan["due_original"] > day - pd.DateOffset(months=12))
    due = plan[(plan["level"] == "milestone") & recent]
    in_time = due["done_on"] <= due["due_original"]
    return _weighted_share(due, in_time, pd.Series(1.0, due.index)).assign(indicator_id="A3")


def channel_fit(eco: Ecosystem, facts: Facts) -> pd.DataFrame:  # noqa: ARG001 - one signature for all
    """A5: outbound contacts of the last 12 months in a preferred channel (1), not avoided (1/2), avoided (0), in %.

    Only contacts with stakeholders who state a preference count. The standard error is as if one more contact had been
    the largest distance off: a single contact, or a few alike, are not sure.
    """
    log, day = eco.tables["interactions"], _today(eco)
    if log.empty or day is None:
        return pd.DataFrame()
    log = log[(log["date"] <= day) & (log["date"] > day - pd.DateOffset(months=12)) & (log["direction"] == "outbound")]
    people = eco.tables["stakeholders"].set_index("stakeholder_id")[["preferred_channels", "avoided_channels"]]
    log = log[log["channel"].notna()].join(people, on="stakeholder_id")
    log = log[log["preferred_channels"].notna() | log["avoided_channels"].notna()]
    fit = 100.0 * _fit(log)
    groups = fit.groupby(log["company_id"], sort=True)
    result = groups.agg(value="mean", n="size", numerator="sum")
    result["se"] = np.sqrt((groups.var(ddof=0) + _LARGEST_SD**2 / result["n"]) / result["n"])
    result["denominator"] = result["n"]
    return result.reset_index().assign(state="scored", method="computed", indicator_id="A5")


def _today(eco: Ecosystem) -> pd.Timestamp | None:
    return None if eco.as_of is None else pd.Timestamp(eco.as_of)


def _own_people(eco: Ecosystem) -> pd.Series:
    """Stakeholders who are no outsiders: the company's own group and teams."""
    people = eco.tables["stakeholders"]
    return people.loc[(people["group"] == "own_company") | (people["kind"] == "own_team"), "stakeholder_id"]


def _initiative_of(plan: pd.DataFrame) -> pd.Series:
    """The initiative which each item of a plan belongs to: itself, or the nearest one above it."""
    parent = plan.set_index("item_id")["parent_id"]
    level = plan.set_index("item_id")["level"]
    here = pd.Series(plan["item_id"].to_numpy(), index=plan["item_id"])
    for _ in range(_MOST_LEVELS):
        above = here.map(level) != "initiative"
        here = here.where(~above, here.map(parent))
    return here.dropna()


def _budget(items: pd.DataFrame) -> pd.Series:
    """Budget of each item; 1 for all items of a company of which one has none."""
    complete = items["budget"].gt(0).groupby(items["company_id"]).transform("all")
    one_currency = items["currency"].fillna("").groupby(items["company_id"]).transform("nunique") == 1
    return items["budget"].where(complete & one_currency, 1.0)


def _weighted_share(items: pd.DataFrame, hit: pd.Series, weight: pd.Series) -> pd.DataFrame:
    """Weighted share of items by company, in %, with its standard error."""
    if items.empty:
        return pd.DataFrame()
    company = [items["company_id"]]
    result = pd.DataFrame(
        {
            "numerator": (weight * hit).groupby(company).sum(),
            "denominator": weight.groupby(company).sum(),
            "n": weight.groupby(company).size(),
        }
    )
    share = result["numerator"] / result["denominator"]
    result["value"] = 100.0 * share
    result["se"] = 100.0 * np.sqrt(jeffreys_variance(share, effective(weight, company)))
    return result.reset_index().assign(state="scored", method="computed")


def _fit(log: pd.DataFrame) -> pd.Series:
    """1, 1/2 or 0 for each contact."""
    channel = "|" + log["channel"] + "|"
    liked = _holds(log["preferred_channels"], channel)
    disliked = _holds(log["avoided_channels"], channel)
    return pd.Series(np.select([liked, disliked], [1.0, 0.0], default=0.5), index=log.index)


def _holds(lists: pd.Series, item: pd.Series) -> NDArray[np.bool_]:
    """Whether each list (``a|b``) holds the item (``|a|``) beside it."""
    pairs = zip(item, lists.fillna(""), strict=True)
    return np.fromiter((one in f"|{many}|" for one, many in pairs), dtype=np.bool_, count=len(item))
