"""Features of an account which come from its people and their ties: f1 to f6, f12 and f14."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ecosystem_iq import schema
from ecosystem_iq.archetypes.inputs import Array, Inputs, newest, ratio, rows, tally
from ecosystem_iq.network.probability import BLANK

STRUCTURE = ("owns", "employs", "member_of")
PAYING = ("payer", "finance_procurement", "pharmacy")
CLINICAL = ("clinician", "research_academia")
DIGITAL = ("email", "webinar", "web", "mobile", "social", "portal", "remote_call")
LEAST_KNOWN = 0.5
"""Share of influence whose group must be known before groups are added up."""


def centralisation(inputs: Inputs) -> Array:
    """f1: ``(n * max p - 1) / (n - 1)`` of the influence shares p: 0 all alike, 1 one person decides all."""
    n = inputs.graph.sizes.astype(float)
    largest = np.zeros(len(n))
    np.maximum.at(largest, inputs.graph.account_code, inputs.nodes["influence"].to_numpy())
    return np.where(n > 1, (n * largest - 1.0) / np.maximum(n - 1.0, 1.0), np.nan)


def integration(inputs: Inputs) -> Array:
    """f2: organisations which ownership and membership join to the anchor ÷ organisations with a membership.

    Paths run over stakeholders which are no persons; the anchor itself counts. NaN without an anchor, or under two
    organisations.
    """
    nodes, size = inputs.nodes, len(inputs.nodes)
    tails, heads = _structural(inputs)
    links = coo_array((np.ones(len(tails)), (tails, heads)), shape=(size, size))
    part = connected_components(links, directed=False)[1]
    anchor = inputs.place(pd.Series(inputs.accounts.index), inputs.accounts["anchor_id"])
    reached = np.where(anchor >= 0, part[anchor] if size else -1, -1)[nodes["code"]] == part
    members = rows(inputs.eco, "memberships")
    counted = np.zeros(size, dtype=bool)
    counted[_inside(inputs.place(members["account_id"], members["stakeholder_id"]))] = True
    if inputs.eco.tables["accounts"].empty:
        counted[:] = True  # everybody is a member of the one account
    counted &= (nodes["kind"] == "organisation").to_numpy()
    total = inputs.sums(counted.astype(float))
    share = ratio(inputs.sums((counted & reached).astype(float)), total)
    return np.where((anchor >= 0) & (total > 1), share, np.nan)


def held_by(inputs: Inputs, groups: tuple[str, ...]) -> Array:
    """f3, f4: influence held by some groups; NaN where the group of less than half the influence is known."""
    share = inputs.nodes["influence"].to_numpy()
    known = inputs.sums(share * inputs.nodes["group"].notna().to_numpy())
    held = inputs.sums(share * inputs.nodes["group"].isin(groups).to_numpy())
    return np.where(known >= LEAST_KNOWN, held, np.nan)


def cross_setting(inputs: Inputs) -> Array:
    """f5: strength of ties between different care settings ÷ of all ties where both are known.

    Ties of kinds which carry no influence (owns, funds, …) are left out.
    """
    graph = inputs.graph
    tails = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    arcs = np.repeat(np.arange(graph.matrix.nnz), np.diff(graph.rows.indptr))
    setting = inputs.nodes["care_setting"].astype(object).to_numpy()
    strength = inputs.eco.tables["ties"]["strength"].fillna(BLANK).to_numpy()
    one, other = setting[tails[arcs]], setting[graph.matrix.indices[arcs]]
    ties = pd.DataFrame({"code": graph.account_code[tails[arcs]], "row": graph.rows.indices})
    ties["strength"] = strength[ties["row"]] * (pd.notna(one) & pd.notna(other))
    ties["across"] = ties["strength"] * np.not_equal(one, other)
    ties = ties.drop_duplicates(["code", "row"])  # a mutual tie is two arcs
    count = len(graph.account_ids)
    code = ties["code"].to_numpy()
    across, known = (tally(code, ties[name].to_numpy(), count) for name in ("across", "strength"))
    return ratio(across, known)


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


def _structural(inputs: Inputs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both ends, as nodes, of the ties which bind organisations, in every account which they are in."""
    ties = inputs.eco.current("ties")
    ties = ties.loc[ties["kind"].isin(STRUCTURE), ["source", "target", "account_id"]]
    nodes = inputs.nodes.loc[inputs.nodes["kind"] != "person", ["account_id", "stakeholder_id"]]
    nodes = nodes.set_axis(["account", "source"], axis=1)
    pairs = ties.merge(nodes, on="source")
    pairs = pairs[pairs["account_id"].isna() | (pairs["account_id"] == pairs["account"])]
    tails, heads = (inputs.place(pairs["account"], pairs[end]) for end in ("source", "target"))
    person = (inputs.nodes["kind"] == "person").to_numpy()
    fine = heads >= 0
    fine[fine] = ~person[heads[fine]]
    return tails[fine], heads[fine]


def _inside(places: NDArray[np.int64]) -> NDArray[np.int64]:
    return places[places >= 0]
