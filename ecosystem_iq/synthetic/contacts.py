"""What companies do in accounts: the interaction log, and what one company keeps about the members it meets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.accounts import shape_of
from ecosystem_iq.synthetic.draw import Array, Rng, blank, chance, days_before, iso, numbered, words

DAYS = 545
RECENT = 170
OFTEN = 4
_CHANNELS = ("face_to_face", "remote_call", "phone", "email", "webinar", "event", "portal", "congress")
_FUNCTIONS = {
    "clinician": "medical",
    "research_academia": "medical",
    "nursing": "patient_services",
    "patient_public": "patient_services",
    "pharmacy": "access",
    "payer": "access",
    "finance_procurement": "access",
    "policy": "access",
    "executive": "account_management",
    "quality_pathway": "account_management",
    "digital_it": "account_management",
}


def relations(
    served: pd.DataFrame, members: pd.DataFrame, accounts: pd.DataFrame, truth: pd.DataFrame, rng: Rng
) -> pd.DataFrame:
    """One row for each member a company meets: two-way or not, and how often.

    The company's true engagement decides whether those who matter answer; where it is low, contact is broad and
    one-way.
    """
    pairs = served[["_company", "_account", "_entrenched"]].merge(members, on="_account", sort=False)
    count, company = len(pairs), pairs["_company"].to_numpy()
    engaged = 0.10 + 0.70 * truth["A2"].to_numpy()[company] / 100  # share of key members, as goalposted
    openness = shape_of(accounts, "openness", pairs["_account"].to_numpy())
    openness = np.where(pairs["_entrenched"], np.maximum(openness, 1.1), openness)
    weight = np.where(pairs["_key"], 1.0, 0.22) * np.where(pairs["kind"].isin(["organisation", "department"]), 0.5, 1.0)
    two_way = chance(rng, (engaged * openness * weight).clip(0.01, 0.97), count)
    broad = (0.42 - 0.3 * truth["A2"].to_numpy()[company] / 100) * np.where(pairs["kind"].eq("person"), 1.0, 0.3)
    one_way = ~two_way & chance(rng, broad, count)
    pairs["_two_way"] = two_way
    pairs["_times"] = np.where(two_way, 2 + rng.poisson(2.0, count), np.where(one_way, 1 + rng.poisson(1.0, count), 0))
    return pairs[pairs["_times"] > 0].reset_index(drop=True)


def interactions(met: pd.DataFrame, stakeholders: pd.DataFrame, truth: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """The log of 18 months."""
    table = met.loc[met.index.repeat(met["_times"])].reset_index(drop=True)
    count = len(table)
    latest = ~met.index.repeat(met["_times"]).duplicated()
    two_way = table["_two_way"].to_numpy()
    ago = np.where(latest & two_way, rng.integers(0, RECENT, count), rng.integers(0, DAYS, count))
    answered = two_way & (latest | chance(rng, 0.6, count))
    answered |= ~two_way & (ago > 2 * RECENT) & chance(rng, 0.1, count)  # some have fallen silent
    table["direction"] = np.where(answered, words(rng, ["two_way", "inbound"], count, [4, 1]), "outbound")
    table["_ago"] = ago
    usual = np.array([_FUNCTIONS.get(group, "other") for group in table["group"]], dtype=object)
    table["function"] = np.where(chance(rng, np.where(answered, 0.1, 0.45), count), "sales", usual)
    table["channel"] = _channel(table, stakeholders, truth, rng)
    table["mode"] = _mode(table, truth, answered, rng)
    _rated(table, truth, answered, rng)
    side = {"medical": "medical", "sales": "commercial"}
    table["visibility"] = table["function"].map(side).fillna("all")
    table = table.sort_values(["_ago", "_company"], ascending=[False, True], kind="stable", ignore_index=True)
    table["date"] = iso(days_before(table["_ago"].to_numpy()))
    table["interaction_id"] = numbered("int", count, 5)
    return table


def _channel(table: pd.DataFrame, stakeholders: pd.DataFrame, truth: pd.DataFrame, rng: Rng) -> Array:
    """The channel which a person prefers, as often as the company heeds it; otherwise any."""
    count, who = len(table), table["_who"].to_numpy()
    fit = 0.30 + 0.65 * truth["A5"].to_numpy()[table["_company"]] / 100
    liked = np.where(
        chance(rng, 0.6, count), stakeholders["_first"].to_numpy()[who], stakeholders["_second"].to_numpy()[who]
    )
    channel = np.where(chance(rng, 2 * fit - 0.75, count), liked, words(rng, _CHANNELS, count))
    result: Array = np.where(table["kind"].eq("committee"), "committee", channel)
    return result


def _mode(table: pd.DataFrame, truth: pd.DataFrame, answered: Array, rng: Rng) -> Array:
    """Co-design belongs to those who act."""
    count = len(table)
    together = answered & chance(rng, 0.4 * (truth["A1"].to_numpy()[table["_company"]] / 100) ** 2, count)
    spoken = np.where(
        answered, words(rng, ["consult", "deliver"], count, [3, 2]), words(rng, ["inform", "deliver"], count, [3, 2])
    )
    result: Array = np.where(together, "co_design", spoken)
    return result


def _rated(table: pd.DataFrame, truth: pd.DataFrame, answered: Array, rng: Rng) -> None:
    """Some who answered say whether it was relevant and whether they acted on it."""
    count = len(table)
    rated = answered & chance(rng, 0.25, count)
    good = (0.05 + 0.45 * truth["A8"].to_numpy()[table["_company"]] / 100) ** 0.5
    relevant, acted = chance(rng, good, count), chance(rng, good, count)
    table["relevant"] = blank(np.where(relevant, "yes", "no"), ~rated)
    table["acted"] = blank(np.where(relevant & acted, "yes", "no"), ~rated)
    table["rated_by"] = blank(words(rng, ["stakeholder", "rep"], count, [4, 1]), ~rated)
    mood = (rng.normal(0.1, 0.35, count) + 0.3 * relevant).clip(-1, 1).round(1)
    table["sentiment"] = blank(mood + 0.0, ~rated)


def company_side(met: pd.DataFrame, own: int, log: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """What one company keeps about the members it meets: depth, level, goal, owner, targets."""
    mine = met[met["_company"] == own].reset_index(drop=True)
    last = log[log["_company"] == own].groupby(["_account", "_who"])["date"].max()
    count = len(mine)
    often = mine["_two_way"] & (mine["_times"] >= OFTEN)
    mine["contact_depth"] = np.where(mine["_two_way"], np.where(often, "in_depth", "multiple"), "brief")
    ladder = np.array(["vendor", "credible_source", "problem_solver", "trusted_advisor"], dtype=object)
    level = mine["_two_way"].to_numpy().astype(int) + rng.integers(0, 2, count) + often.to_numpy()
    mine["relationship_level"] = ladder[level]
    mine["relationship_goal"] = ladder[np.minimum(level + rng.integers(0, 2, count), 3)]
    wanted = np.where(mine["_key"], 0.45, 0.06) * np.where(mine["kind"].eq("person"), 1, 0)
    mine["is_target"] = np.where(chance(rng, wanted, count), "yes", "no")
    mine["engagement_cost"] = np.exp(rng.normal(1.2, 0.6, count)).round(1)
    mine["functions"] = [_FUNCTIONS.get(group, "other") for group in mine["group"]]
    mine["systems"] = words(rng, ["crm", "crm|email", "crm|event_log"], count)
    mine["as_of"] = last.loc[list(zip(mine["_account"], mine["_who"], strict=True))].to_numpy()
    mine["owner"] = words(rng, _OWNERS, count)
    mine["valid_from"] = "2025-01-01"
    return mine


_OWNERS = ("Noémie Strandholm", "Idris Calderante", "Petra Zielinowa", "Rohan Haverstane", "Lucía Fuentealma")
