"""How companies are set up (teams, agreement of their people) and what came of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import Array, chance, words
from ecosystem_iq.synthetic.statements import OUTCOMES, PERSONAS
from ecosystem_iq.synthetic.world import World

_PERIODS = ("2025", "2026")
_FUNCTIONS = ("sales", "medical", "access", "patient_services", "marketing", "account_management", "finance")


def teams(world: World) -> pd.DataFrame:
    """Teams in a share of the accounts, with the rights which the company gives away."""
    rng = world.stream("teams")
    pairs = world.served.sample(frac=1.0, random_state=np.random.default_rng(rng.integers(2**32)))
    company = pairs["_company"].to_numpy()
    place = pairs.groupby("_company").cumcount().to_numpy() + 0.5
    whole = np.sqrt(world.raw("A11"))[company]  # autonomy is rights x coverage: half of it is each
    has = place / pairs.groupby("_company")["_account"].transform("size").to_numpy() < whole
    personas = pd.DataFrame(PERSONAS, columns=["persona", "role", "layer", "_medical"])
    table = pairs[has].sort_values(["_company", "_account"]).merge(personas, how="cross")
    table = table[chance(rng, 0.45, len(table)) | table["persona"].eq("ecosystem_lead")]
    table = table.merge(pd.DataFrame({"period": _PERIODS, "_last": [1, 0]}), how="cross")
    table = pd.DataFrame(table)
    table["fte"] = np.exp(rng.normal(-0.4, 0.5, len(table))).clip(0.1, 3).round(1)
    table["sourcing"] = words(rng, ["internal", "external"], len(table), [5, 1])
    _rights(world, table)
    return table


def _rights(world: World, table: pd.DataFrame) -> None:
    """Rights, days to approval, local decisions, pay for outcomes: less of all last year."""
    rng, count = world.stream("teams' rights"), len(table)
    company = table["_company"].to_numpy()
    less = np.where(table["_last"].eq(1), 0.85, 1.0)
    level = 3 * np.sqrt(world.raw("A11"))[company] * less
    for name in ("decision_right", "people_right", "reward_right"):
        table[name] = np.floor(level + rng.random(count)).clip(0, 3).astype(int)
    near = world.raw("A12")[company] * less
    share = (1.1 * np.sqrt(near) * np.exp(0.1 * rng.standard_normal(count))).clip(0.05, 0.98)
    table["local_decision_share"] = share.round(2)
    table["approval_days"] = (5 * share / near * np.exp(0.1 * rng.standard_normal(count))).clip(1, 60).round()
    pay = (world.raw("A13")[company] / 100 * less + 0.05 * world.noise * rng.standard_normal(count)).clip(0, 0.8)
    table["outcome_pay_share"] = np.where(table["_medical"], 0.0, pay).round(2)


def pulse(world: World) -> pd.DataFrame:
    """Agreement with two statements, by function and year."""
    rng, count = world.stream("pulse"), len(world.truth)
    table = pd.DataFrame({"_company": np.arange(count)}).merge(pd.DataFrame({"function": _FUNCTIONS}), how="cross")
    table = table.merge(pd.DataFrame({"period": _PERIODS, "_last": [1, 0]}), how="cross")
    table["_own"] = 0.05 * world.noise * rng.standard_normal(len(table))
    table = table.merge(pd.DataFrame({"item_id": ["purpose", "strategy"]}), how="cross")
    table["n"] = rng.integers(24, 120, len(table))
    wide = 1.5 * np.sqrt((0.05 * world.noise) ** 2 + 0.2 / 140)  # what the spread of functions takes away again
    mean = world.raw("R11")[table["_company"].to_numpy()] + wide - 0.04 * table["_last"] + table["_own"]
    table["top2_share"] = (rng.binomial(table["n"], mean.clip(0.02, 0.98)) / table["n"]).round(3)
    return table


def outcomes(world: World) -> pd.DataFrame:
    """Trust of stakeholders, and results which follow what a company does, or do not."""
    rng, count = world.stream("outcomes"), len(world.truth)
    parts = [_trust(world)]
    for metric, block, unit, low, high, follows, attribution, lag in OUTCOMES:
        level = world.score(follows) if follows else rng.random(count)
        for nth, period in enumerate(_PERIODS):
            seen = (level - 0.05 * (1 - nth) + 0.07 * world.noise * rng.standard_normal(count)).clip(0, 1)
            value = low + seen * (high - low)
            parts.append(
                pd.DataFrame(
                    {
                        "_company": np.arange(count),
                        "metric": metric,
                        "period": period,
                        "block": block,
                        "value": value.round(2),
                        "unit": unit,
                        "n": rng.integers(40, 160, count),
                        "se": round(abs(high - low) * 0.05, 3),
                        "baseline": round(low + 0.3 * (high - low), 2),
                        "peer_value": np.median(value).round(2),
                        "attribution": attribution,
                        "expected_lag_months": lag,
                    }
                )
            )
    table = pd.concat(parts, ignore_index=True)
    table["evidence_id"] = _files(world, table)
    return table


def _trust(world: World) -> pd.DataFrame:
    """The trust index of both years, as surveys would find it."""
    rng, count = world.stream("trust"), len(world.truth)
    parts = []
    for nth, period in enumerate(_PERIODS):
        n = rng.integers(50, 140, count)
        se = 18 / np.sqrt(n)
        value = world.raw("A9") - 1.5 * (1 - nth) + world.noise * se * rng.standard_normal(count)
        parts.append(
            pd.DataFrame(
                {
                    "_company": np.arange(count),
                    "metric": "trust_index",
                    "period": period,
                    "block": "engagement",
                    "value": value.clip(0, 100).round(1),
                    "unit": "index",
                    "n": n,
                    "se": se.round(2),
                    "baseline": 55.0,
                    "peer_value": np.median(value).round(1),
                    "attribution": "contributory",
                    "expected_lag_months": 6,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _files(world: World, table: pd.DataFrame) -> Array:
    """A piece of the company's own evidence of that year."""
    own = world.frames["evidence"].dropna(subset=["_company"])
    first = own.drop_duplicates(["_company", "_year"]).set_index(["_company", "_year"])["evidence_id"]
    keys = [table["_company"].astype(float), table["period"].astype(float)]
    result: Array = first.reindex(pd.MultiIndex.from_arrays(keys)).to_numpy(dtype=object)
    return result
