"""Who receives, creates and risks value: of the reference, and as far as companies have written it down."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import Array, Rng, blank, chance, days_before, iso, words
from ecosystem_iq.synthetic.proof import cite
from ecosystem_iq.synthetic.world import World

_TYPES = {
    "clinician": "clinical",
    "pharmacy": "clinical",
    "nursing": "operational",
    "executive": "strategic",
    "finance_procurement": "economic",
    "payer": "economic",
    "policy": "reputational",
    "patient_public": "patient_experience",
    "research_academia": "reputational",
    "digital_it": "operational",
    "quality_pathway": "operational",
}
_USED = 0.98  # of each account's value: the rest is with nobody we know


def values(world: World) -> pd.DataFrame:
    """Values of the reference, then those which companies hold."""
    rng = world.stream("values")
    worth = _worth(world, rng)
    reference = _reference(world, worth, rng)
    held = _held(world, worth, world.stream("values held"))
    table = pd.concat([reference, held], ignore_index=True)
    group = world.members["group"].to_numpy()[table["_node"].to_numpy()]
    table["value_type"] = [_TYPES.get(name, "operational") for name in group]
    return table


def _worth(world: World, rng: Rng) -> Array:
    """Each member's share of the value of the account: with few, or spread, as the account behaves."""
    account, pull = world.members["_account"].to_numpy(), world.members["_pull"].to_numpy()
    local = np.exp(0.12 * world.noise * rng.standard_normal(len(world.frames["accounts"])))
    spread = (world.behaviour("concentration") * local)[account]
    level = np.exp(spread * rng.standard_normal(len(account))) * pull ** world.behaviour("by_pull")[account]
    return _USED * _shared(level, account)


def _shared(level: Array, account: Array) -> Array:
    """Levels as shares of their account."""
    result: Array = level / np.bincount(account, weights=level)[account]
    return result


def _reference(world: World, worth: Array, rng: Rng) -> pd.DataFrame:
    """What members receive; what half of them create; what a fifth of them stand to lose; some of it for last year."""
    count, account = len(worth), world.members["_account"].to_numpy()
    parts = []
    for perspective, share in (("received", 1.0), ("created", 0.5), ("at_risk", 0.2)):
        some = chance(rng, share, count)
        level = np.where(some, worth * np.exp(0.4 * rng.standard_normal(count)), 0)
        part = pd.DataFrame({"_node": np.arange(count), "share": _USED * _shared(level, account)})
        parts.append(part[some].assign(perspective=perspective, _ago=rng.integers(0, 170, int(some.sum()))))
    new = pd.concat(parts, ignore_index=True)
    old = new[new["perspective"].eq("received") & chance(rng, 0.15, len(new))].copy()
    old["_ago"] += 365
    old["share"] *= rng.uniform(0.6, 1.0, len(old))
    return _described(pd.concat([new, old], ignore_index=True), world, 0.8, rng)


def _held(world: World, worth: Array, rng: Rng) -> pd.DataFrame:
    """Records of those who matter: good ones where the company understands value, else some without proof or stale."""
    pairs = world.pairs(world.hidden.key)
    knows = chance(rng, world.raw("R1")[pairs["_company"].to_numpy()] / 100, len(pairs))
    kept = knows | chance(rng, 0.3, len(pairs))
    stale = ~knows & chance(rng, 0.5, len(pairs))
    pairs["_ago"] = np.where(stale, rng.integers(760, 1100, len(pairs)), rng.integers(20, 650, len(pairs)))
    error = np.exp(0.35 * world.noise * rng.standard_normal(len(pairs)))
    pairs["share"] = (worth[pairs["_node"].to_numpy()] * error).clip(0, 0.6)
    pairs["perspective"] = "received"
    pairs["holder"] = world.ids("companies")[pairs["_company"].to_numpy()]
    table = _described(pairs, world, 1.0, rng)
    table["evidence_id"] = blank(table["evidence_id"].to_numpy(), ~knows & ~stale)
    columns = ["holder", "_node", "_account", "_who", "perspective", "as_of", "amount", "currency", "share"]
    return table.loc[kept, [*columns, "evidence_id"]]


def _described(table: pd.DataFrame, world: World, proven: float, rng: Rng) -> pd.DataFrame:
    """Rounded shares, some amounts, dates and evidence."""
    node, count = table["_node"].to_numpy(), len(table)
    account = world.members["_account"].to_numpy()[node]
    table["_account"], table["_who"] = account, world.members["_who"].to_numpy()[node]
    amount = table["share"].to_numpy() * world.frames["accounts"]["potential_value"].to_numpy()[account]
    unknown = ~chance(rng, 0.3, count)
    table["amount"] = np.where(unknown, np.nan, amount.round(-2))
    table["currency"] = blank(np.full(count, "EUR", dtype=object), unknown)
    table["share"] = table["share"].round(5)
    table["as_of"] = iso(days_before(table["_ago"].to_numpy()))
    kinds = words(rng, ["observed", "nominated", "inferred"], count)
    proof = cite(world.frames["evidence"], account, kinds, rng)
    table["evidence_id"] = blank(proof, ~chance(rng, proven, count))
    return table
