"""Who sits in which account, and in which role: some people sit in two."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.accounts import shape_of
from ecosystem_iq.synthetic.draw import Array, Rng, chance, mates

_ROLES = {  # (group, rank by pull in the account): decision role, slot in the decision chain
    ("executive", 1): ("approver", None),
    ("executive", 2): ("approver", None),
    ("finance_procurement", 1): ("approver", "budget_holder"),
    ("finance_procurement", 2): ("gatekeeper", "procurement"),
    ("pharmacy", 1): ("approver", "formulary_chair"),
    ("pharmacy", 2): ("gatekeeper", None),
    ("payer", 1): ("approver", None),
    ("payer", 2): ("gatekeeper", None),
    ("clinician", 1): ("evaluator", "clinical_lead"),
    ("digital_it", 1): ("gatekeeper", "it_data"),
    ("quality_pathway", 1): ("evaluator", "pathway_owner"),
    ("patient_public", 1): ("influencer", "patient_voice"),
}
_USUAL = {
    "clinician": "user",
    "nursing": "user",
    "pharmacy": "evaluator",
    "executive": "influencer",
    "finance_procurement": "evaluator",
    "payer": "evaluator",
    "policy": "influencer",
    "patient_public": "beneficiary",
    "research_academia": "influencer",
    "quality_pathway": "evaluator",
}
_NODES = {
    "committee": "evaluator",
    "payer": "gatekeeper",
    "patient_group": "beneficiary",
    "department": "user",
    "regulator": "gatekeeper",
}


def members(table: pd.DataFrame, accounts_: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """One row a stakeholder and account: everybody at home, and a few dozen persons in the next account too."""
    home = table[["kind", "group", "_account", "_unit", "_site", "_pull", "_head", "care_setting"]].copy()
    home["_who"] = np.arange(len(table))
    home["_home"] = True
    count = len(accounts_)
    if count > 1:
        home = pd.concat([home, _guests(table, home, count, rng)], ignore_index=True)
    return _with_roles(home.sort_values(["_account", "_who"], ignore_index=True), accounts_)


def _guests(table: pd.DataFrame, home: pd.DataFrame, count: int, rng: Rng) -> pd.DataFrame:
    """Clinicians and researchers who also sit in another account, in a unit there."""
    able = (
        home["group"].isin(["clinician", "research_academia"])
        & home["kind"].eq("person")
        & table["special_category"].isna()
    )
    chosen = np.flatnonzero(able & chance(rng, 0.08, len(home)))
    guests = home.iloc[chosen].copy()
    guests["_account"] = (guests["_account"].to_numpy() + rng.integers(1, count, len(chosen))) % count
    hosts = home.index.to_numpy()[home["kind"].eq("person") & home["group"].eq("clinician")]
    colleague = hosts[
        mates(rng, home["_account"].to_numpy()[hosts], _positions(home, hosts, guests["_account"].to_numpy()))
    ]
    guests[["_unit", "_site", "care_setting"]] = home.loc[colleague, ["_unit", "_site", "care_setting"]].to_numpy()
    guests["_head"], guests["_home"] = False, False
    guests["_pull"] *= 0.7
    return guests.astype(home.dtypes)


def _positions(home: pd.DataFrame, hosts: Array, account: Array) -> Array:
    """For each account some position in ``hosts`` which lies in it."""
    first = pd.Series(np.arange(len(hosts))).groupby(home["_account"].to_numpy()[hosts]).first()
    return first.loc[account].to_numpy()


def _with_roles(table: pd.DataFrame, accounts_: pd.DataFrame) -> pd.DataFrame:
    """Add ``_role``, ``_slot`` and ``_key``: one decision maker an account, few who approve or keep the gate."""
    weight = table["_pull"] * np.where(table["_head"], 4.0, 1.0)
    groups = [table["_account"], table["kind"], table["group"]]
    rank = weight.groupby(groups).rank(ascending=False, method="first").astype(int)
    decider = shape_of(accounts_, "decider", table["_account"].to_numpy())
    found = [
        _role(kind, group, place, group == boss)
        for kind, group, place, boss in zip(table["kind"], table["group"], rank, decider, strict=True)
    ]
    table["_role"] = [role for role, _ in found]
    table["_slot"] = pd.Series([slot for _, slot in found], dtype=object)
    overall = table.groupby("_account")["_pull"].rank(pct=True).to_numpy()
    top = table["kind"].eq("person").to_numpy() & (overall > 0.85)  # noqa: PLR2004 - the upper part of the account
    table["_key"] = table["_role"].isin(["decision_maker", "approver", "gatekeeper"]).to_numpy() | top
    table.loc[top & table["_role"].eq("user").to_numpy(), "_role"] = "influencer"
    return table


def _role(kind: str, group: str, rank: int, decides: bool) -> tuple[str, str | None]:  # noqa: FBT001 - a case of two
    """Role and slot of one member."""
    if kind != "person":
        formulary = kind == "committee" and group == "pharmacy"
        return ("approver" if formulary else _NODES.get(kind, "none"), None)
    if decides and rank == 1:
        return ("decision_maker", "final_approver")
    return _ROLES.get((group, rank), (_USUAL.get(group, "none"), None))
