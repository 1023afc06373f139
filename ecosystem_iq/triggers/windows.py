"""Dated events which open a window for a decision."""

from __future__ import annotations

import pandas as pd

from ecosystem_iq.network.probability import BLANK
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.triggers.facts import KEY

DAYS = 180
_PENDING = ("watch", "open")
_SHOWN = ["event", "window_start", "window_end"]


def open_windows(eco: Ecosystem, facts: pd.DataFrame, formal: pd.Series) -> pd.DataFrame:
    """Chance of an open window for every node within 180 days, and the first of them.

    Parameters
    ----------
    eco : Ecosystem
        With all tables.
    facts : DataFrame
        One row a node.
    formal : Series of bool
        Nodes with a formal role in the decision: every event of their account concerns them. Others are concerned only
        by events which name them.

    Returns
    -------
    DataFrame
        ``chance`` (that at least one event happens: ``1 - prod(1 - p)``, an unknown p counting .5), ``named`` (an
        event names the stakeholder), ``event``, ``window_start``, ``window_end`` of the earliest, one which names the
        stakeholder first.
    """
    events = _pending(eco)
    by_name = _joined(events.dropna(subset=["stakeholder_id"]), KEY)
    by_account = _joined(events, ["account_id"])
    own, here = facts[KEY].join(by_name, on=KEY), facts[KEY].join(by_account, on="account_id")
    here = here.where(formal)
    named = own["chance"].notna()
    result = own[_SHOWN].where(named, here[_SHOWN])
    result["named"] = named
    result["chance"] = here["chance"].fillna(own["chance"]).fillna(0.0)
    return result


def _pending(eco: Ecosystem) -> pd.DataFrame:
    """Events of the reference map which may still happen within the horizon, earliest first."""
    events = eco.current("trigger_events")
    if eco.as_of is None:
        return events.iloc[:0].assign(event="", p=0.0)
    day = pd.Timestamp(eco.as_of)
    events = events[events["status"].isin(_PENDING) | events["status"].isna()]
    dated = events["window_start"].notna() | events["window_end"].notna()
    begins = events["window_start"].isna() | (events["window_start"] <= day + pd.Timedelta(days=DAYS))
    events = events[dated & begins & (events["window_end"].isna() | (events["window_end"] >= day))]
    events = events.assign(
        event=events["name"].fillna(events["kind"].str.replace("_", " ")).fillna("event"),
        p=events["probability"].fillna(BLANK),
        opens=events["window_start"].where(events["window_start"] > day, day),
    )
    return events.sort_values(["opens", "p", "trigger_id"], ascending=[True, False, True], kind="stable")


def _joined(events: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Chance of at least one of the events, and the earliest one, by key."""
    first = events.drop_duplicates(key).set_index(key)[_SHOWN]
    miss = (1.0 - events["p"]).groupby([events[name] for name in key]).prod()
    return first.assign(chance=(1.0 - miss).reindex(first.index))
