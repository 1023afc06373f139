"""Features of an account which come from its people and their ties: f1 to f6, f12 and f14."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.archetypes.inputs import Array, Inputs, newest, rows
from ecosystem_iq.network import coordination
from ecosystem_iq.network.accounts import influence_centralization
from ecosystem_iq.network.kernels.per_account import ratio, tally

PAYING = ("payer", "finance_procurement", "pharmacy")
CLINICAL = ("clinician", "research_academia")
DIGITAL = ("email", "webinar", "web", "mobile", "social", "portal", "remote_call")
LEAST_KNOWN = 0.5
"""Share of influence whose group must be known before groups are added up."""


def centralisation(inputs: Inputs) -> Array:
    """f1: ``(n * max p - 1) / (n - 1)`` of the influence shares p: 0 all alike, 1 one person decides all."""
    return influence_centralization(inputs.nodes["influence"].to_numpy(), inputs.graph)


def integration(inputs: Inputs) -> Array:
    """f2: see :func:`~ecosystem_iq.network.coordination.integration`."""
    return coordination.integration(inputs.eco, inputs.graph)


def held_by(inputs: Inputs, groups: tuple[str, ...]) -> Array:
    """f3, f4: influence held by some groups; NaN where the group of less than half the influence is known."""
    share = inputs.nodes["influence"].to_numpy()
    known = inputs.sums(share * inputs.nodes["group"].notna().to_numpy())
    held = inputs.sums(share * inputs.nodes["group"].isin(groups).to_numpy())
    return np.where(known >= LEAST_KNOWN, held, np.nan)


def cross_setting(inputs: Inputs) -> Array:
    """f5: see :func:`~ecosystem_iq.network.coordination.cross_setting_share`."""
    return coordination.cross_setting_share(inputs.eco, inputs.graph)


def advocacy(inputs: Inputs) -> Array:
    """f12: stance of the key stakeholders (-2 to 2) by weight, over those whose stance is known."""
    members = newest(rows(inputs.eco, "memberships"), ["account_id", "stakeholder_id"], "valid_from")
    pairs = inputs.keys.merge(members[["account_id", "stakeholder_id", "stance"]], on=["account_id", "stakeholder_id"])
    pairs = pairs[pairs["stance"].notna()]
    stance = pairs["stance"].map(schema.STANCES).astype(float)
    return mean_over_keys(inputs, pairs, stance)


def mean_over_keys(inputs: Inputs, pairs: pd.DataFrame, value: pd.Series) -> Array:
    """Mean of a value over key stakeholders, by weight."""
    account, weight = pairs["account_id"], pairs["weight"]
    return ratio(inputs.total(account, weight * value), inputs.total(account, weight))


def digital_affinity(inputs: Inputs) -> Array:
    """f14: share of digital channels among all preferences which are stated."""
    channels = inputs.nodes[["code", "preferred_channels"]].dropna()
    each = channels.assign(channel=channels["preferred_channels"].str.split("|")).explode("channel")
    digital = each["channel"].isin(DIGITAL).to_numpy().astype(np.float64)
    code, count = each["code"].to_numpy(), len(inputs.graph.account_ids)
    return ratio(tally(code, digital, count), tally(code, np.ones(len(code)), count))
