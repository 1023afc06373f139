"""How far a stakeholder can be moved, whether now is the time, and whether anybody can act on it.

Each factor is a number which can be worked out by hand from the tables, and is shown beside the score it makes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.network.engagement import FORMAL_ROLES
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.triggers.windows import open_windows

STANCE = {"opponent": 0.1, "non_supporter": 0.4, "neutral": 0.8, "supporter": 1.0, "advocate": 1.0}
STANCE_UNKNOWN = 0.6
ADAPTABILITY = {
    "innovator": 1.0,
    "early_adopter": 0.95,
    "early_majority": 0.85,
    "late_majority": 0.7,
    "laggard": 0.6,
}
ADAPTABILITY_UNKNOWN = 0.8
IN_CONTACT = ("brief", "multiple", "in_depth")
WORTH_CONSIDERING = 10.0
UNSERVED = 12.0
DECIDES = ("decision_maker", "approver")


def factors(eco: Ecosystem, facts: pd.DataFrame, opportunities: pd.DataFrame | None) -> pd.DataFrame:
    """The three factors of every node, its type, and the event behind its timing.

    Parameters
    ----------
    eco : Ecosystem
        With all tables.
    facts : DataFrame
        One row a node.
    opportunities : DataFrame or None
        One row a job and account: ``account_id``, ``group``, ``quartile`` (lower quartile of opportunity, 0-20).

    Returns
    -------
    DataFrame
        ``movability`` (0.06-1), ``timing`` (.5-1), ``actionability`` (.2-1), ``type``, ``event``, ``window_start``,
        ``window_end``.
    """
    windows = open_windows(eco, facts, formal=facts["decision_role"].isin(FORMAL_ROLES))
    best = _best_opportunity(facts, opportunities)
    result = pd.DataFrame(index=facts.index)
    result["movability"] = movability(facts)
    result["timing"] = 0.5 + 0.5 * windows["chance"]
    result["actionability"] = 0.2 + 0.8 * _items(eco, facts, best).mean(axis=1)
    cases = [facts["decision_role"].isin(DECIDES), windows["named"], best >= UNSERVED]
    result["type"] = pd.Series(np.select(cases, ["decision", "timing", "job"], "diffusion"), index=facts.index)
    return result.join(windows[["event", "window_start", "window_end"]])


def movability(facts: pd.DataFrame) -> pd.Series:
    """Stance times adaptability; an unknown stance counts .6, unknown adaptability .8.

    Examples
    --------
    >>> seats = pd.DataFrame({"stance": ["opponent", None], "adaptability": ["laggard", None]})
    >>> movability(seats).round(3).tolist()
    [0.06, 0.48]
    """
    stance = facts["stance"].map(STANCE).astype(float).fillna(STANCE_UNKNOWN)
    return stance * facts["adaptability"].map(ADAPTABILITY).astype(float).fillna(ADAPTABILITY_UNKNOWN)


def _items(eco: Ecosystem, facts: pd.DataFrame, best: pd.Series) -> pd.DataFrame:
    """Five things which make somebody approachable, yes or no."""
    return pd.DataFrame(
        {
            "contact": facts["contact_depth"].isin(IN_CONTACT),
            "channel": facts["preferred_channels"].fillna("").str.strip() != "",
            "owner": facts["owner"].fillna("").str.strip() != "",
            "job": best >= WORTH_CONSIDERING,
            "initiative": _has_initiative(eco, facts),
        }
    )


def _best_opportunity(facts: pd.DataFrame, opportunities: pd.DataFrame | None) -> pd.Series:
    """Highest lower quartile of opportunity among the jobs of a node's group in its account; NaN without any."""
    if opportunities is None or opportunities.empty:
        return pd.Series(np.nan, index=facts.index)
    best = opportunities.groupby(["account_id", "group"])["quartile"].max().rename("best")
    return facts[["account_id", "group"]].join(best, on=["account_id", "group"])["best"]


def _has_initiative(eco: Ecosystem, facts: pd.DataFrame) -> pd.Series:
    """Whether an initiative which is not done names the account, or the stakeholder as a co-designer."""
    plan, own = eco.tables["plan"], eco.settings.own_company
    plan = plan[(plan["level"] == "initiative") & ((plan["company_id"] == own) if own else True)]
    if eco.as_of is not None:
        plan = plan[~(plan["done_on"] <= pd.Timestamp(eco.as_of))]
    designers = plan["co_designer_ids"].dropna().str.split("|").explode().str.strip()
    return facts["account_id"].isin(plan["account_id"].dropna()) | facts["stakeholder_id"].isin(designers)
