"""Features of an account which come from its values, jobs, patients and commerce: f7 to f11, f13, f15 and f16."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ecosystem_iq.archetypes.inputs import Array, Inputs, newest, rows
from ecosystem_iq.network.kernels.per_account import ratio, tally
from ecosystem_iq.network.value import gini

SYSTEM_JOBS = ("economic", "system", "operational")
UPSTREAM = ("awareness", "diagnosis")
DOWNSTREAM = ("access", "initiation", "adherence")
ENGAGED = ("multiple", "in_depth")
NOT_A_DEPTH = "unknown"
_SERVED, _RANGE = 5.0, 10.0
"""Opportunity which counts 0, and how much more counts 1."""


def value_concentration(inputs: Inputs) -> Array:
    """f7: Gini of received and created value over members, zeros included, times n / (n - 1); NaN without any value."""
    values = rows(inputs.eco, "values")
    if inputs.eco.as_of is not None:
        values = values[~(values["as_of"] > pd.Timestamp(inputs.eco.as_of))]
    values = newest(values, ["account_id", "stakeholder_id", "value_type", "perspective"], "as_of")
    values = values[values["perspective"].isin(["received", "created"]) & (values["share"] > 0)]
    place = inputs.place(values["account_id"], values["stakeholder_id"])
    inside = place >= 0
    held = tally(place[inside], values["share"].to_numpy()[inside], len(inputs.nodes))
    return gini(held, inputs.graph.account_code, len(inputs.graph.account_ids))


def unmet_jobs(inputs: Inputs, opportunities: pd.DataFrame) -> Array:
    """f8: mean of ``clip((lower quartile of opportunity - 5) / 10, 0, 1)`` over jobs, by importance."""
    jobs = opportunities[opportunities["quartile"].notna() & opportunities["importance"].notna()]
    unmet = ((jobs["quartile"].astype(float) - _SERVED) / _RANGE).clip(0.0, 1.0)
    weight = jobs["importance"].astype(float)
    return ratio(inputs.total(jobs["account_id"], unmet * weight), inputs.total(jobs["account_id"], weight))


def system_jobs(inputs: Inputs, opportunities: pd.DataFrame) -> Array:
    """f9: share of the opportunity which lies in economic, system and operational jobs (of jobs with a category)."""
    jobs = opportunities[opportunities["category"].notna() & opportunities["opportunity"].notna()]
    value = jobs["opportunity"].astype(float)
    system = value * jobs["category"].isin(SYSTEM_JOBS)
    return ratio(inputs.total(jobs["account_id"], system), inputs.total(jobs["account_id"], value))


def leaks(inputs: Inputs) -> Mapping[str, Array]:
    """f10, f11: share of the value of patients lost in awareness and diagnosis; in access, initiation and adherence.

    The newest period of each stage counts. A patient is worth 1 where no stage of the account has a value; a stage
    without one among others which have takes their mean. Gains count as no loss.
    """
    funnel = newest(rows(inputs.eco, "funnel"), ["account_id", "stage"], "period")
    worth = funnel["value_per_patient"].astype(float)
    usual = worth.groupby(funnel["account_id"]).transform("mean").fillna(1.0)
    lost = (funnel["patients_in"] - funnel["patients_out"]).astype(float).clip(lower=0.0) * worth.fillna(usual)
    total = inputs.total(funnel["account_id"], lost)
    return {
        name: ratio(inputs.total(funnel["account_id"], lost * funnel["stage"].isin(stages)), total)
        for name, stages in (("f10", UPSTREAM), ("f11", DOWNSTREAM))
    }


def engagement(inputs: Inputs) -> Array:
    """f13: weight of key stakeholders met several times or in depth ÷ of all; NaN where no contact depth is known."""
    depths = _depths(inputs)
    known = inputs.total(depths["account_id"], pd.Series(1.0, index=depths.index)) > 0
    pairs = inputs.keys.merge(depths, on=["account_id", "stakeholder_id"], how="left")
    engaged = pairs["weight"] * pairs["contact_depth"].isin(ENGAGED)
    share = ratio(inputs.total(pairs["account_id"], engaged), inputs.total(pairs["account_id"], pairs["weight"]))
    return np.where(known, share, np.nan)


def _depths(inputs: Inputs) -> pd.DataFrame:
    """Known contact depths: those of the own company, else those of rows without a holder."""
    own = inputs.eco.settings.own_company
    sources = [rows(inputs.eco, "memberships")]
    if own:
        sources.append(rows(inputs.eco, "memberships", own))
    key = ["account_id", "stakeholder_id"]
    known = [frame[frame["contact_depth"].notna() & (frame["contact_depth"] != NOT_A_DEPTH)] for frame in sources]
    current = [newest(frame, key, "valid_from")[[*key, "contact_depth"]] for frame in known]
    return pd.concat(current, ignore_index=True).drop_duplicates(key, keep="last")


def potential(inputs: Inputs, currencies: Mapping[str, float]) -> Array:
    """f15: base-10 logarithm of the account's potential, in the first currency; NaN in a currency nobody listed."""
    rate = inputs.accounts["currency"].map(dict(currencies)).astype(float).to_numpy()
    value = inputs.accounts["potential_value"].astype(float).to_numpy() / rate
    return np.log10(value, out=np.full(len(value), np.nan), where=value > 0)


def competition(inputs: Inputs) -> Array:
    """f16: competition in the own company's row, else 1 - its own share, else NaN."""
    table = inputs.eco.tables["company_accounts"]
    table = table[table["company_id"] == inputs.eco.settings.own_company]
    if inputs.eco.as_of is not None:
        day = pd.Timestamp(inputs.eco.as_of)
        table = table[~(table["since"] > day) & ~(table["until"] <= day)]
    rivals = table["competition"].fillna(1.0 - table["own_share"])
    by_account = pd.Series(rivals.to_numpy(), index=table["account_id"]).reindex(inputs.accounts.index)
    return by_account.to_numpy(dtype=float)
