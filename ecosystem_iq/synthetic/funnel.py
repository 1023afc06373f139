"""Patients on their way through care, and where each account loses them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.behaviour import STAGES
from ecosystem_iq.synthetic.draw import Array, Rng
from ecosystem_iq.synthetic.world import World

_PER_PERSON = 0.004
_SURE = 26.0  # precision with which an account follows its kind


def funnel(world: World) -> pd.DataFrame:
    """Seven stages, two years: fewer are lost this year where companies act."""
    rng = world.stream("funnel")
    lost = np.stack([rng.dirichlet(row * _SURE / max(world.noise, 0.05)) for row in world.behaviour("lost")])
    total = (world.behaviour("loss") * np.exp(0.06 * world.noise * rng.standard_normal(len(lost)))).clip(0.2, 0.85)
    better = 1 - 0.15 * _helped(world) * np.exp(0.1 * rng.standard_normal(len(lost)))
    people = (
        world.frames["accounts"]["population"].to_numpy() * _PER_PERSON * np.exp(0.15 * rng.standard_normal(len(lost)))
    )
    worth = _worth(world, rng)
    years = ((lost, total, people), (lost, total * better, people * 1.02))
    parts = [_year(period, *year) for period, year in zip(("2025", "2026"), years, strict=True)]
    return pd.concat(
        [part.assign(value_per_patient=np.repeat(worth, len(STAGES))) for part in parts], ignore_index=True
    )


def _helped(world: World) -> Array:
    """How much the companies in each account act, 0-1."""
    served, action = world.served, world.axis("action")
    total = np.zeros(len(world.frames["accounts"]))
    np.maximum.at(total, served["_account"].to_numpy(), action[served["_company"].to_numpy()])
    return total


def _worth(world: World, rng: Rng) -> Array:
    """Value of a patient: the account's potential over its patients, the same at every stage."""
    accounts = world.frames["accounts"]
    value = accounts["potential_value"].to_numpy() / (accounts["population"].to_numpy() * _PER_PERSON)
    result: Array = (value * np.exp(0.1 * rng.standard_normal(len(value)))).round(-1)
    return result


def _year(period: str, lost: Array, total: Array, people: Array) -> pd.DataFrame:
    """One row an account and stage."""
    left = people[:, None] * (1 - np.cumsum(lost * total[:, None], axis=1))
    enter = np.concatenate([people[:, None], left[:, :-1]], axis=1)
    count = len(people)
    return pd.DataFrame({
        "_account": np.repeat(np.arange(count), len(STAGES)),
        "stage": np.tile(np.array(STAGES, dtype=object), count),
        "period": period,
        "patients_in": enter.round().astype(int).ravel(),
        "patients_out": left.round().astype(int).ravel(),
    })  # fmt: skip
