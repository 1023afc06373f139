"""What companies know: copies of the reference map in the accounts they serve, with rows dropped, stale and wrong.

The share which is there and right follows what is true of the company, not the other way round: indicators of
readiness are to be found by comparing these rows with the reference.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.contacts import company_side
from ecosystem_iq.synthetic.draw import AS_OF, Array, Rng, blank, chance, days_before, iso, steady, words
from ecosystem_iq.synthetic.hidden import MOVING
from ecosystem_iq.synthetic.proof import cite
from ecosystem_iq.synthetic.world import World

_STANCES = np.array(["opponent", "non_supporter", "neutral", "supporter", "advocate"], dtype=object)
_ROLES = ("decision_maker", "approver", "evaluator", "influencer", "gatekeeper", "user")
_SURE = ("observed", "documented")
_UNSURE = ("nominated", "self_reported", "inferred")
_MOST_WRONG = 1.2
_TARGETS = 20


def ties(world: World) -> pd.DataFrame:
    """Ties among those who matter, as each company has them."""
    rng = world.stream("ties held")
    pairs = _among_key(world)
    company = pairs["_company"].to_numpy()
    kept, wrong = _shares(world)
    here = chance(rng, kept[company], len(pairs))
    stale = ~here & chance(rng, 0.12, len(pairs))
    proven = chance(rng, (world.raw("R5") / 100 / kept).clip(0, 0.97)[company], len(pairs))
    copies = _dated(pairs.assign(_stale=stale, _proven=proven)[here | stale], rng)
    table = pd.concat([copies, _wrong(world, copies, wrong, rng)], ignore_index=True)
    error = 0.12 * world.noise * rng.standard_normal(len(table))
    strength = ((table["strength"].astype(float).fillna(0.5) + error).clip(0.05, 1) * 20).round() / 20
    table["strength"] = strength.astype(object)
    table["confidence"] = (
        (0.55 + 0.25 * table["_proven"] + 0.08 * rng.standard_normal(len(table))).clip(0.2, 0.98).round(2)
    )
    table["evidence_id"] = cite(
        world.frames["evidence"], table["_account"].to_numpy(), table["evidence_kind"].to_numpy(), rng
    )
    table["holder"] = world.ids("companies")[table["_company"].to_numpy()]
    key = ["holder", "_source", "_target", "kind", "layer", "_account", "valid_from"]
    return table.drop_duplicates(key).sort_values("_company", kind="stable")


def _shares(world: World) -> tuple[Array, Array]:
    """Share of ties kept, and wrong ties for each one kept, such that both accuracy and proof come out as they are."""
    accuracy = world.raw("R3").clip(0.05, 0.88)
    kept = np.maximum(accuracy / (2 - 1.3 * accuracy), world.raw("R5") / 100 / 0.92).clip(0.05, 0.97)
    wrong = (2 / accuracy - 1 / kept - 1).clip(0.02, _MOST_WRONG)
    return kept, wrong


def _among_key(world: World) -> pd.DataFrame:
    """Current ties among those who matter, once for each company which serves the account."""
    ties_, members = world.frames["ties"], world.members
    key = pd.MultiIndex.from_frame(members.loc[world.hidden.key, ["_account", "_who"]])
    live = ties_[ties_["kind"].isin(MOVING) & ties_["valid_to"].isna()]
    for end in ("_source", "_target"):
        live = live[pd.MultiIndex.from_frame(live[["_account", end]]).isin(key)]
    columns = ["_source", "_target", "_account", "kind", "layer", "strength", "sign", "direction", "valid_from"]
    return world.served[["_company", "_account"]].merge(live[columns], on="_account", sort=False)


def _dated(table: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Evidence and dates: stale rows have ended, or were confirmed long ago."""
    count, proven, stale = len(table), table["_proven"].to_numpy(), table["_stale"].to_numpy()
    sources = 1 + rng.poisson(0.8, count)
    table = table.assign(n_sources=np.where(proven, sources, 1))
    sure, unsure = words(rng, _SURE, count), words(rng, _UNSURE, count)
    table["evidence_kind"] = np.where(proven & ((sources == 1) | chance(rng, 0.5, count)), sure, unsure)
    ago = np.where(stale, rng.integers(760, 1100, count), np.minimum(rng.exponential(150, count), 700).astype(int))
    begun = table["valid_from"].to_numpy().astype("datetime64[D]")
    confirmed = np.maximum(days_before(ago), begun)
    ended = np.minimum(confirmed + rng.integers(1, 3, count).astype("timedelta64[D]"), AS_OF - 1)
    table["last_confirmed"], table["valid_to"] = iso(confirmed), blank(iso(ended), ~stale)
    return pd.DataFrame(table[~stale | (ended > begun)])


def _wrong(world: World, copies: pd.DataFrame, wrong: Array, rng: Rng) -> pd.DataFrame:
    """Influence which is not there: somebody is taken to move another than he or she does."""
    base = copies[~copies["_stale"]]
    base = base[chance(rng, (wrong[base["_company"].to_numpy()] * 1.06).clip(0, 1), len(base))]
    again = base[chance(rng, (wrong[base["_company"].to_numpy()] - 1).clip(0, 1), len(base))]
    table = pd.concat([base, again], ignore_index=True)
    pools = {str(key): rows["_who"].to_numpy() for key, rows in world.members[world.hidden.key].groupby("_account")}
    share = rng.random((2, len(table)))
    for column, draw in (("_source", share[0]), ("_target", share[1])):
        pool = [pools[str(account)] for account in table["_account"]]
        table[column] = [who[int(at * len(who))] for who, at in zip(pool, draw, strict=True)]
    table["kind"], table["direction"], table["sign"] = "influences", "directed", None
    table["layer"], table["_proven"] = "clinical", False
    table["evidence_kind"], table["n_sources"] = words(rng, _UNSURE, len(table)), 1
    live = world.frames["ties"]
    known = pd.MultiIndex.from_frame(live[["_account", "_source", "_target"]])
    real = pd.MultiIndex.from_frame(table[["_account", "_source", "_target"]]).isin(known)
    return table[~real & (table["_source"] != table["_target"])]


def memberships(world: World, met: pd.DataFrame, own: int) -> pd.DataFrame:
    """Roles, slots and stances as each company has them, beside what it keeps about those it meets.

    The company ``own`` keeps everybody it meets; the others those who matter, and their targets.
    """
    known = _known(world)
    parts = []
    for company in range(len(world.truth)):
        stream = world.stream(f"company side {company}")
        side = company_side(met, company, world.frames["interactions"], stream).drop(columns=["group", "kind"])
        side = _targets(world, side, company, everybody=company == own)
        mine = known[known["_company"] == company].drop(columns="_company")
        parts.append(_held(side.merge(mine, on=["_account", "_who"], how="outer"), world, company))
    return pd.concat(parts, ignore_index=True)


def _held(table: pd.DataFrame, world: World, company: int) -> pd.DataFrame:
    """The rows of one holder: those never met have the date of what is known of them, or of last year's list."""
    table["as_of"] = table["as_of"].where(table["as_of"].notna(), table.pop("_as_of"))
    table["as_of"] = table["as_of"].fillna("2025-06-30")
    table["valid_from"] = "2025-01-01"
    table["holder"] = world.ids("companies")[company]
    hidden = [name for name in table.columns if str(name).startswith("_") and name not in ("_account", "_who")]
    return table.drop(columns=hidden)


def _known(world: World) -> pd.DataFrame:
    """Roles, slots and stances of those who matter: right, wrong, or missing."""
    rng = world.stream("memberships held")
    pairs = world.pairs(world.hidden.key | world.members["_slot"].notna().to_numpy())
    company, count = pairs["_company"].to_numpy(), len(pairs)
    right = world.axis("readiness")[company]
    role = np.where(chance(rng, 0.35 + 0.6 * right, count), pairs["_role"], words(rng, _ROLES, count))
    pairs["decision_role"] = blank(role, ~chance(rng, 0.4 + 0.6 * right, count))
    pairs["stance"] = _stances(world, pairs, right, rng)
    age = np.where(
        chance(rng, 0.15 + 0.5 * (1 - right), count), rng.integers(366, 900, count), rng.integers(0, 350, count)
    )
    pairs["_as_of"] = iso(days_before(np.minimum(age, 540)))
    pairs["confidence"] = rng.choice([0.5, 0.6, 0.7, 0.8], count)
    kinds = words(rng, ["observed", "nominated", "self_reported"], count)
    pairs["evidence_id"] = cite(world.frames["evidence"], pairs["_account"].to_numpy(), kinds, rng)
    pairs["role_slot"] = _slots(world, pairs, rng)
    kept = chance(rng, 0.35 + 0.6 * right, count) | pairs["role_slot"].notna().to_numpy()
    columns = ["decision_role", "role_slot", "stance", "_as_of", "confidence", "evidence_id"]
    return pairs.loc[kept, ["_company", "_account", "_who", *columns]]


def _slots(world: World, pairs: pd.DataFrame, rng: Rng) -> Array:
    """Who holds which seat: the holder, or else somebody else, or nobody."""
    right = chance(rng, world.raw("R4")[pairs["_company"].to_numpy()] / 100, len(pairs))
    slot = pairs["_slot"].to_numpy(dtype=object)
    result = blank(slot, ~right)
    codes = pairs.groupby(["_company", "_account"]).ngroup().to_numpy()
    cells = {code: np.flatnonzero(codes == code) for code in np.unique(codes)}
    free = pairs["_slot"].isna().to_numpy()
    lost = np.flatnonzero(pairs["_slot"].notna().to_numpy() & ~right & chance(rng, 0.6, len(pairs)))
    at = rng.random(len(lost))
    for row, draw in zip(lost, at, strict=True):
        cell = cells[codes[row]]
        others = cell[free[cell]]
        if len(others):
            result[others[int(draw * len(others))]] = slot[row]
    return result


def _stances(world: World, pairs: pd.DataFrame, right: Array, rng: Rng) -> Array:
    """The stance of the reference, or a step beside it; never about those of whom none may be held."""
    reference = world.frames["memberships"]
    level = pd.Series(_STANCES).reset_index().set_index(0)["index"]
    current = reference[reference["valid_to"].isna()].set_index(["_account", "_who"])["stance"].map(level)
    true = current.reindex(pd.MultiIndex.from_frame(pairs[["_account", "_who"]])).to_numpy(dtype=float)
    step = np.where(chance(rng, 0.35 + 0.6 * right, len(pairs)), 0, rng.choice([-1, 1], len(pairs)))
    unknown = np.isnan(true) | ~chance(rng, 0.4 + 0.6 * right, len(pairs))
    return blank(_STANCES[(np.nan_to_num(true) + step).clip(0, 4).astype(int)], unknown)


def _targets(world: World, side: pd.DataFrame, company: int, *, everybody: bool) -> pd.DataFrame:
    """Whom a company targets, in part those with most influence, in part anybody; and its notes on those it meets."""
    rng, members = world.stream(f"targets {company}"), world.members
    accounts = world.served.loc[world.served["_company"].eq(company), "_account"]
    able = np.flatnonzero(members["_account"].isin(accounts) & members["kind"].eq("person"))
    count = min(_TARGETS, len(able))
    best = able[np.argsort(-world.hidden.influence[able], kind="stable")]
    sees = steady(rng, np.full(count, world.raw("R6")[company]), np.zeros(count))
    chosen = np.unique(np.where(sees, best[:count], rng.choice(able, count, replace=False)))
    targets = members.loc[chosen, ["_account", "_who"]].assign(_wanted=True)
    if not everybody:
        kept = pd.concat([members.loc[world.hidden.key, ["_account", "_who"]], targets[["_account", "_who"]]])
        side = side.merge(kept.drop_duplicates())
    table = side.merge(targets, on=["_account", "_who"], how="outer")
    table["is_target"] = np.where(table.pop("_wanted").notna(), "yes", "no")
    shared = chance(rng, world.raw("R13")[company], len(table))
    table["functions"] = np.where(shared, "sales|account_management|access", table["functions"])
    return table
