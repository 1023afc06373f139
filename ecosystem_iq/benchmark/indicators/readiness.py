"""Indicators of readiness, from what a company holds against the reference map.

Key stakeholders, their weights and every denominator come from the reference, never from the company's own map: else
whoever knows three people would know everybody. A company without any row of its own has no map to judge (it is not
assessed, and the assessors' score stands); one which has a map somewhere scores 0 in the accounts it left blank.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

import pandas as pd

from ecosystem_iq.benchmark.indicators.rollup import effective, roll_up
from ecosystem_iq.files import read_builtin
from ecosystem_iq.network.engagement import served_accounts
from ecosystem_iq.tables import Ecosystem

Facts = Mapping[str, pd.DataFrame]

REFERENCE = ""
_ARC = ["account_id", "mover", "moved"]
_CELL = ["company_id", "account_id"]


def influence_map_accuracy(eco: Ecosystem, facts: Facts) -> pd.DataFrame:
    """R3: F1 of a company's influence arcs among key stakeholders against the reference, 0-1.

    A reference arc weighs its strength; an arc which the reference does not have weighs the account's mean strength.
    """
    keys, arcs = facts.get("keys"), facts.get("arcs")
    if keys is None or arcs is None or arcs.empty:
        return pd.DataFrame()
    among = _among(arcs, keys)
    reference = among[among["holder"] == REFERENCE]
    served = _with_map(eco, arcs.loc[arcs["holder"] != REFERENCE, "holder"])
    if reference.empty or served.empty:
        return pd.DataFrame()
    theirs = among.rename(columns={"holder": "company_id"}).merge(served, on=_CELL)
    theirs = theirs.merge(reference[[*_ARC, "strength"]], on=_ARC, how="left", suffixes=("", "_true"))
    cells = served.join(_truth(reference), on="account_id", how="inner").join(_held(theirs), on=_CELL).fillna(0.0)
    held = cells["hit"] + cells["extra"] * cells["mean"]
    cells = cells.assign(numerator=2.0 * cells["hit"], denominator=held + cells["total"])
    return roll_up(cells, eco, scale=1.0).assign(indicator_id="R3")


def _truth(reference: pd.DataFrame) -> pd.DataFrame:
    """Strength of the reference arcs by account: in all, on average, and how many they count for."""
    strength, account = reference["strength"], reference["account_id"]
    groups = strength.groupby(account)
    return pd.DataFrame(
        {
            "total": groups.sum(),
            "mean": groups.mean(),
            "n": groups.size(),
            "n_effective": effective(strength, [account]),
        }
    )


def _held(arcs: pd.DataFrame) -> pd.DataFrame:
    """What a company holds in each account: reference strength which is there, and arcs which are not."""
    by = [arcs[name] for name in _CELL]
    hit = arcs["strength_true"].fillna(0.0).groupby(by).sum()
    return pd.DataFrame({"hit": hit, "extra": arcs["strength_true"].isna().groupby(by).sum()})


def decision_chain_completeness(eco: Ecosystem, facts: Facts) -> pd.DataFrame:  # noqa: ARG001 - one signature for all
    """R4: decision slots whose holder on the company's map is the reference holder, in %.

    Slots come from a template for the kind of account; slots which the reference itself leaves open are not asked for.
    """
    members = eco.valid("memberships")
    held = members.loc[members["role_slot"].notna(), ["holder", "account_id", "stakeholder_id", "role_slot"]]
    held = held.assign(holder=held["holder"].fillna(REFERENCE)).drop_duplicates()
    reference = held[held["holder"] == REFERENCE].merge(_slots(eco), on=["account_id", "role_slot"])
    served = _with_map(eco, members["holder"].dropna())
    if reference.empty or served.empty:
        return pd.DataFrame()
    asked = served.merge(reference[["account_id", "role_slot", "stakeholder_id"]], on="account_id")
    theirs = held.rename(columns={"holder": "company_id"}).assign(right=True)
    cell = ["company_id", "account_id", "role_slot"]
    answers = asked.merge(theirs, on=[*cell, "stakeholder_id"], how="left")
    right = answers["right"].notna().groupby([answers[name] for name in cell]).any().rename("right").reset_index()
    shares = right.groupby(_CELL)["right"].agg(numerator="sum", denominator="size").reset_index()
    shares = shares.assign(n=shares["denominator"], n_effective=shares["denominator"].astype(float))
    return roll_up(shares, eco).assign(indicator_id="R4")


def _among(arcs: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """Arcs with both ends among the key stakeholders of their account."""
    key = pd.MultiIndex.from_frame(keys[["account_id", "stakeholder_id"]])
    ends = [pd.MultiIndex.from_frame(arcs[["account_id", end]]).isin(key) for end in ("mover", "moved")]
    return arcs[ends[0] & ends[1]]


def _with_map(eco: Ecosystem, holders: pd.Series) -> pd.DataFrame:
    """Accounts served by the companies which hold a map of their own."""
    served = served_accounts(eco)
    return served[served["company_id"].isin(set(holders))].reset_index(drop=True)


@cache
def _templates() -> dict[str, list[str]]:
    return tomllib.loads(read_builtin("role_slots.toml"))


def _slots(eco: Ecosystem) -> pd.DataFrame:
    """Slots which each account has by its kind."""
    accounts = eco.tables["accounts"]
    templates = _templates()
    rows = [
        (account, slot)
        for account, kind in zip(accounts["account_id"], accounts["kind"], strict=True)
        for slot in templates.get(kind, templates["default"])
    ]
    return pd.DataFrame(rows, columns=["account_id", "role_slot"])
