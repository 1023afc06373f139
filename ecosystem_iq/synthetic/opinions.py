"""Memberships of the reference map: role, stance and adaptability of each member in each account."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.accounts import shape_of
from ecosystem_iq.synthetic.draw import Array, Rng, blank, chance, days_before, iso, words
from ecosystem_iq.synthetic.proof import cite

_STANCES = np.array(["opponent", "non_supporter", "neutral", "supporter", "advocate"], dtype=object)
_ADAPTABILITY = ("innovator", "early_adopter", "early_majority", "late_majority", "laggard")
_CHANGED = "2025-10-01"


def memberships(
    members: pd.DataFrame, accounts: pd.DataFrame, evidence: pd.DataFrame, special: Array, rng: Rng
) -> pd.DataFrame:
    """Reference rows; where a stance has changed, the earlier row stays with its end."""
    table = members.copy()
    count, persons = len(table), table["kind"].eq("person").to_numpy()
    silent = special[table["_who"].to_numpy()]  # no opinion is kept about those with a special category
    stance = _stances(table, accounts, rng)
    known = np.where(persons, chance(rng, 0.78, count), chance(rng, 0.35, count)) | ~table["_home"].to_numpy()
    known &= ~np.isin(table["kind"], ["department", "organisation", "regulator"]) & ~silent
    table["_level"] = stance
    table["stance"] = blank(_STANCES[stance], ~known)
    table["decision_role"], table["role_slot"] = table["_role"], table["_slot"]
    judged = (
        2.2 * np.log1p(table["_pull"].to_numpy()) + 2.5 * table["_key"].to_numpy() + 1.1 * rng.standard_normal(count)
    )
    table["influence_judged"] = blank(judged.clip(0, 10).round(), silent | chance(rng, 0.3, count))
    table["interest"] = blank(rng.normal(5.5, 2.2, count).clip(0, 10).round(), chance(rng, 0.5, count))
    table["adaptability"] = blank(
        words(rng, _ADAPTABILITY, count, [3, 14, 34, 34, 16]), ~persons | silent | chance(rng, 0.35, count)
    )
    table["valid_from"] = iso(days_before(rng.integers(500, 1600, count)))
    table["as_of"] = iso(days_before(rng.integers(0, 250, count)))
    table["confidence"] = rng.choice([0.5, 0.6, 0.7, 0.8, 0.9], count)
    kinds = words(rng, ["observed", "nominated", "self_reported"], count)
    table["evidence_id"] = cite(evidence, table["_account"].to_numpy(), kinds, rng)
    return _with_history(table, known & chance(rng, 0.08, count), rng)


def _stances(table: pd.DataFrame, accounts: pd.DataFrame, rng: Rng) -> Array:
    """Stance from 0 to 4: climate of account and unit, what payers add, the person; two accounts, two stances."""
    account = table["_account"].to_numpy()
    units = rng.standard_normal(int(table["_unit"].max()) + 1)[table["_unit"].to_numpy()]
    payers = np.isin(table["group"], ["payer", "finance_procurement", "pharmacy"])
    mean = shape_of(accounts, "stance", account) + payers * shape_of(accounts, "payer_stance", account)
    level = (2 + mean + 0.4 * units + 0.85 * rng.standard_normal(len(table))).round().clip(0, 4).astype(int)
    home = pd.Series(level, index=table["_who"].to_numpy())[table["_home"].to_numpy()]
    there = home.loc[table["_who"]].to_numpy()
    same = ~table["_home"].to_numpy() & (level == there)
    result: Array = np.where(same, np.where(there < 2, there + 1, there - 1), level)  # noqa: PLR2004 - neutral
    return result


def _with_history(table: pd.DataFrame, changed: Array, rng: Rng) -> pd.DataFrame:
    """Rows which ended when a stance changed, mostly for the better."""
    before = table[changed].copy()
    step = np.where(chance(rng, 0.7, len(before)), -1, 1)
    level = before["_level"].to_numpy()
    earlier = np.where((level + step < 0) | (level + step > 4), level - step, level + step)  # noqa: PLR2004 - advocate
    before["stance"] = _STANCES[earlier]
    before["valid_to"] = _CHANGED
    before["as_of"] = before["valid_from"]
    table.loc[changed, "valid_from"] = _CHANGED
    table["as_of"] = table["as_of"].where(~changed | (table["as_of"] >= _CHANGED), _CHANGED)
    return pd.concat([table, before], ignore_index=True)
