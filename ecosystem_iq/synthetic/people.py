"""Who there is in each account: organisations and their departments, committees, payers, and people in units.

Columns which begin with ``_`` steer later draws (positions, pull on others, head of a unit); they are never written.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic import names
from ecosystem_iq.synthetic.accounts import shape_of
from ecosystem_iq.synthetic.describe import described
from ecosystem_iq.synthetic.draw import Array, Rng, chance, numbered, words
from ecosystem_iq.synthetic.shapes import BASE_GROUPS, BASE_PULL, SHAPES, Shape

_CORE = 2 * ["executive", "pharmacy", "finance_procurement"] + 3 * ["clinician"]
_CORE += ["payer", "nursing", "digital_it", "quality_pathway", "patient_public"]  # without whom no account decides
_HQ = ("executive", "finance_procurement", "digital_it", "quality_pathway", "policy")
_PREFIX = {
    "organisation": "org",
    "department": "dep",
    "committee": "com",
    "payer": "pay",
    "patient_group": "pat",
    "programme": "prg",
    "regulator": "reg",
    "person": "per",
}


def stakeholders(accounts_: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Everybody in every account once, with hidden columns for their place in it."""
    parts, offset = [], 0
    for account, (shape, size) in enumerate(zip(accounts_["_shape"], accounts_["_size"], strict=True)):
        part = _one_account(SHAPES[shape], int(size), rng)
        part["_account"] = account
        part[["_unit", "_site"]] += offset
        offset += len(part)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table["_pull"] *= _hub_factor(table, accounts_)
    table["_head"] = _heads(table, rng)
    chief = table["_head"] & table["group"].eq("executive") & table["care_setting"].eq("cross_setting")
    table.loc[chief, "_pull"] *= shape_of(accounts_, "chief", table.loc[chief, "_account"].to_numpy())
    table["stakeholder_id"] = _ids(table["kind"].to_numpy())
    return described(table, accounts_, rng)


def _one_account(shape: Shape, size: int, rng: Rng) -> pd.DataFrame:
    """Skeleton of one account: who there is, in which unit, at which site. Row 0 is the anchor."""
    nodes = _organisations(shape, size, rng)
    people = max(size - len(nodes), len(_CORE))
    weights = {**BASE_GROUPS, **shape.groups}
    drawn = words(rng, list(weights), people - len(_CORE), list(weights.values()))
    persons = pd.DataFrame({"kind": "person", "group": np.concatenate([np.array(_CORE, dtype=object), drawn])})
    persons["_unit"] = _units(nodes, persons["group"].to_numpy(), rng)
    table = pd.concat([nodes, persons], ignore_index=True)
    table["_site"] = table["_unit"].to_numpy()[table["_unit"].to_numpy()]  # a department's unit is its site
    table["care_setting"] = table["care_setting"].to_numpy()[table["_site"].to_numpy()]
    pull = {**BASE_PULL, **shape.pull}
    table["_pull"] = table["group"].map(pull).fillna(1.0) * np.exp(shape.spread * rng.standard_normal(len(table)))
    return table


def _organisations(shape: Shape, size: int, rng: Rng) -> pd.DataFrame:
    """The anchor, its sites, their departments, committees, payers, patient groups and programmes."""
    counts = {
        "organisation": 1 + max(2, round(size * shape.sites)),
        "department": max(2, round(size * 0.07)),
        "committee": 1 + size // 50,
        "payer": max(1, round(size * shape.payers)),
        "patient_group": 1 + size // 120,
        "programme": size // 70,
        "regulator": size // 130,
    }
    table = pd.DataFrame({"kind": np.repeat(np.array(list(counts), dtype=object), list(counts.values()))})
    table["group"] = table["kind"].map(
        {
            "department": "clinician",
            "payer": "payer",
            "patient_group": "patient_public",
            "programme": "policy",
            "regulator": "policy",
        }
    )
    committees = table["kind"].eq("committee").to_numpy()
    table.loc[committees, "group"] = [
        names.COMMITTEES[k % len(names.COMMITTEES)][1] for k in range(counts["committee"])
    ]
    table["group"] = table["group"].fillna("other")
    unit = np.arange(len(table))
    departments = table["kind"].eq("department").to_numpy()
    unit[departments] = 1 + np.arange(counts["department"]) % (counts["organisation"] - 1)
    unit[committees] = 0
    table["_unit"] = unit
    table["care_setting"] = _settings(shape, table["kind"].to_numpy(), rng)
    return table


def _settings(shape: Shape, kinds: Array, rng: Rng) -> Array:
    """Where care is given: drawn for sites, given for payers and head offices."""
    setting = words(rng, list(shape.settings), len(kinds), list(shape.settings.values()))
    sites = np.flatnonzero(kinds == "organisation")
    setting[sites[1 : 1 + len(shape.settings)]] = list(shape.settings)[: len(sites) - 1]  # every setting occurs
    setting[0] = "cross_setting"
    setting[kinds == "payer"] = "payer_admin"
    setting[np.isin(kinds, ["patient_group", "programme", "regulator"])] = "cross_setting"
    return setting


def _units(nodes: pd.DataFrame, groups: Array, rng: Rng) -> Array:
    """Each person's unit: a department or site, head office, a payer, or the patient group."""
    kinds = nodes["kind"].to_numpy()
    clinical = np.flatnonzero((kinds == "department") | (kinds == "organisation"))[1:]
    unit = clinical[rng.integers(0, len(clinical), len(groups))]
    unit = np.where(np.isin(groups, _HQ) & chance(rng, 0.8, len(groups)), 0, unit)
    for group, kind in (("payer", "payer"), ("patient_public", "patient_group")):
        homes = np.flatnonzero(kinds == kind)
        unit = np.where(groups == group, homes[rng.integers(0, len(homes), len(groups))], unit)
    return unit


def _hub_factor(table: pd.DataFrame, accounts_: pd.DataFrame) -> Array:
    """What the two strongest clinicians of an account have on top of their pull."""
    clinical = table[table["kind"].eq("person") & table["group"].isin(["clinician", "research_academia"])]
    rank = clinical.groupby("_account")["_pull"].rank(ascending=False, method="first")
    hubs = rank.index[rank.to_numpy() <= 2]  # noqa: PLR2004 - two, as said above
    factor = np.ones(len(table))
    boost = np.array([SHAPES[name].hubs for name in accounts_["_shape"]])
    factor[hubs] = boost[table["_account"].to_numpy()[hubs]]
    return factor


def _heads(table: pd.DataFrame, rng: Rng) -> Array:
    """Who leads each unit: often, not always, who moves most; head office has a chief executive."""
    chief = table["group"].eq("executive") & table["care_setting"].eq("cross_setting")
    seniority = table["_pull"].to_numpy() * np.where(chief, 10, 1) * np.exp(0.8 * rng.standard_normal(len(table)))
    persons = table["kind"].eq("person").to_numpy()
    leader = pd.Series(np.where(persons, seniority, -1.0)).groupby(table["_unit"].to_numpy()).idxmax()
    head = np.zeros(len(table), dtype=bool)
    head[leader.to_numpy()] = True
    return head & persons


def _ids(kinds: Array) -> Array:
    """One number a stakeholder, with a prefix which says what it is."""
    ids = numbered("", len(kinds), 5)
    return np.array([_PREFIX[kind] for kind in kinds], dtype=object) + ids
