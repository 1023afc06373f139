"""What assessors gave each company: raw values, two years, evidence, samples, gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import Array, Rng, chance, iso
from ecosystem_iq.synthetic.truth import Indicator, indicators

THIS_YEAR = 2026
_TWICE = ("R1", "R4", "R10", "R13", "A1", "A6", "A11", "A12")
_SAMPLED = {"R11": 60, "A3": 24, "A4": 9, "A7": 45, "A8": 80, "A9": 70}  # usual sample sizes
_SURVEYS = ("R11", "A7", "A8", "A9")
_GRADE_SD = {"A": 2.0, "B": 5.0, "C": 9.0, "D": 14.0}
_ALONE = ("value", "co_design")  # two indicators each: without one, the dimension could not be scored


def scores(truth: pd.DataFrame, evidence: pd.DataFrame, noise: float, rng: Rng) -> pd.DataFrame:
    """Assessors' scores in raw units, for last year and this year; one or two raters, evidence, samples, gaps."""
    entries = indicators()
    plan = pd.DataFrame([
        (year, company, position, rater)
        for year in (THIS_YEAR - 1, THIS_YEAR)
        for company in range(len(truth))
        for position, entry in enumerate(entries)
        for rater in range(1 + (entry.id in _TWICE))
    ], columns=["_year", "_company", "_indicator", "_nth"])  # fmt: skip
    _raters(plan, rng)
    _proof(plan, evidence, rng)
    plan["_score"] = _seen(plan, truth, noise, rng)
    table = _raw(plan, entries, noise, rng)
    return _superseded(_gaps(table, entries, rng), rng)


def _raters(plan: pd.DataFrame, rng: Rng) -> None:
    """Four assessors; each company has a first and a second one a year."""
    companies_ = int(plan["_company"].max()) + 1
    first = rng.integers(0, 4, (2, companies_))
    who = (first[plan["_year"] - THIS_YEAR + 1, plan["_company"]] + plan["_nth"]) % 4
    plan["rater"] = np.array([f"assessor-{k}" for k in range(1, 5)], dtype=object)[who]
    plan["_rater"] = who
    month = np.where(plan["_year"] == THIS_YEAR, np.datetime64("2026-06-01"), np.datetime64("2025-06-01"))
    plan["as_of"] = iso(month.astype("datetime64[D]") + rng.integers(0, 25, len(plan)).astype("timedelta64[D]"))


def _proof(plan: pd.DataFrame, evidence: pd.DataFrame, rng: Rng) -> None:
    """The evidence a score rests on: the same one for both raters."""
    own = evidence[evidence["_company"].notna()]
    pools = dict(iter(own.groupby(["_company", "_year"])))
    cells = plan.groupby(["_year", "_company", "_indicator"], sort=True).ngroup().to_numpy()
    choice = rng.random(int(cells.max()) + 1)[cells]
    ids, grades = [], []
    for company, year, share in zip(plan["_company"], plan["_year"], choice, strict=True):
        pool = pools[float(company), float(year)]
        row = int(share * len(pool))
        ids.append(pool["evidence_id"].iloc[row])
        grades.append(pool["grade"].iloc[row])
    plan["evidence_id"], plan["_grade"], plan["_cell"] = ids, grades, cells


def _seen(plan: pd.DataFrame, truth: pd.DataFrame, noise: float, rng: Rng) -> Array:
    """What raters see: the truth (a little lower last year), the error of the evidence, and their own."""
    level = truth.to_numpy()[plan["_company"], plan["_indicator"]]
    growth = rng.normal([2.5, 4.0], 2.0, (len(truth), 2))
    action = np.array([entry.axis == "action" for entry in indicators()])[plan["_indicator"]].astype(int)
    level = level - np.where(plan["_year"] < THIS_YEAR, growth[plan["_company"], action], 0)
    cells = plan["_cell"].to_numpy()
    misled = rng.standard_normal(int(cells.max()) + 1)[cells] * plan["_grade"].map(_GRADE_SD).to_numpy(dtype=float)
    lenient = 2.0 * rng.standard_normal(4)[plan["_rater"]]
    own = 5.0 * rng.standard_normal(len(plan))
    result: Array = (level + noise * (misled + lenient + own)).clip(0, 100)
    return result


def _raw(plan: pd.DataFrame, entries: list[Indicator], noise: float, rng: Rng) -> pd.DataFrame:
    """Raw values, with sampling error where an indicator is a sample."""
    count, position = len(plan), plan["_indicator"].to_numpy()
    usual = np.array([_SAMPLED.get(entry.id, 0) for entry in entries])[position]
    size = np.maximum(5, np.rint(usual * np.exp(0.3 * rng.standard_normal(count)))).astype(int)
    error = np.where(usual > 0, 45 / np.sqrt(size), 0.0)  # in points: 45 is near the sd of a share
    score = (plan["_score"].to_numpy() + noise * error * rng.standard_normal(count)).clip(0, 100)
    low, high = (np.array([getattr(entry, end) for entry in entries])[position] for end in ("low", "high"))
    down = np.array([entry.down for entry in entries])[position]
    value = low + np.where(down, 100 - score, score) / 100 * (high - low)
    level = np.array([entry.id == "R10" for entry in entries])[position]
    value = np.where(level, value.round(), np.where(high > 5, value.round(1), value.round(3)))  # noqa: PLR2004 - percent, days
    ids = np.array([entry.id for entry in entries], dtype=object)[position]
    plan["indicator_id"], plan["value"] = ids, value
    plan["period"] = plan["_year"].astype(str)
    plan["state"] = "scored"
    plan["method"] = np.where(np.isin(ids, _SURVEYS), "survey", "assessor")
    plan["n"] = pd.array(np.where(usual > 0, size, np.nan), dtype="Int64")
    plan["se"] = np.where(usual > 0, (error / 100 * (high - low)).round(4), np.nan)
    return plan


def _gaps(table: pd.DataFrame, entries: list[Indicator], rng: Rng) -> pd.DataFrame:
    """At most one indicator a company which was not disclosed, not assessed or does not apply, this year."""
    able = [k for k, entry in enumerate(entries) if entry.dimension not in _ALONE and entry.id not in _TWICE]
    companies_ = int(table["_company"].max()) + 1
    missing = chance(rng, 0.75, companies_)
    where = rng.choice(able, companies_)
    states = np.array(
        ["not_disclosed", "not_assessed", "not_applicable", "not_disclosed", "not_assessed"], dtype=object
    )
    hit = table["_year"].eq(THIS_YEAR) & missing[table["_company"]] & (table["_indicator"] == where[table["_company"]])
    table.loc[hit, "state"] = states[table.loc[hit, "_company"] % len(states)]
    table.loc[hit, ["value", "se"]] = np.nan
    table.loc[hit, "n"] = pd.NA
    table.loc[hit, "evidence_id"] = None
    return table


def _superseded(table: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """A few scores which were given, answered by the company, and given again: both rows stay."""
    new = table[table["_year"].eq(THIS_YEAR) & table["value"].notna() & chance(rng, 0.015, len(table))]
    old = new.copy()
    old["as_of"] = "2026-05-04"
    old["value"] = (old["value"] * 0.9).round(3)
    old["comment"] = "superseded after the company's reply"
    return pd.concat([table, old], ignore_index=True)
