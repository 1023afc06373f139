"""What stakeholders want to get done, how important it is to them, and how well it is served, in two years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.behaviour import BEHAVIOURS
from ecosystem_iq.synthetic.draw import Array, Rng, chance, numbered
from ecosystem_iq.synthetic.statements import JOBS
from ecosystem_iq.synthetic.world import World

PERIODS = ("2025", "2026")
_ASKED = 6  # persons of a group who rate its jobs
_FEWEST = 3  # with fewer persons, a survey beyond the members is all there is
_SERVED, _WANTED = 6.6, 7.2


@dataclass(frozen=True)
class Needs:
    """Importance and satisfaction of each job in each account before anybody acts, 0-10."""

    importance: Array
    satisfaction: Array

    @property
    def gap(self) -> Array:
        """How far satisfaction falls short of importance."""
        result: Array = np.maximum(self.importance - self.satisfaction, 0)
        return result


def jobs() -> pd.DataFrame:
    """The list of jobs."""
    table = pd.DataFrame(JOBS, columns=["group", "category", "funnel_stage", "statement"])
    table["job_id"] = numbered("job", len(table), 2)
    return table


def needs(world: World) -> Needs:
    """How each account's behaviour leaves jobs unserved, with what differs between accounts of a kind."""
    rng = world.stream("job needs")
    table, accounts = jobs(), world.frames["accounts"]
    shape = (len(accounts), len(table))
    unmet = np.array([
        [BEHAVIOURS[name].unmet.get(category, 0.0) for category in table["category"]] for name in accounts["_shape"]
    ])  # fmt: skip
    codes = pd.factorize(table["category"])[0]
    local = 0.7 * world.noise * rng.standard_normal((len(accounts), codes.max() + 1))[:, codes]
    level = _SERVED - unmet + local + 0.35 * rng.standard_normal(shape)
    wanted = _WANTED + 0.3 * unmet + 0.4 * rng.standard_normal(shape)
    return Needs(wanted.clip(4, 9.6), level.clip(0.8, 9))


def ratings(world: World, start: Needs, closure: Array) -> pd.DataFrame:
    """Ratings of both years, of the reference and of what companies asked; ``closure`` is the share of gaps closed."""
    rng = world.stream("job_ratings")
    later = start.satisfaction + closure * start.gap + 0.05 * rng.standard_normal(closure.shape)
    levels = np.stack([start.satisfaction, later.clip(0, 10)])
    reference = [_respondents(world, start, levels, rng), _surveys(world, start, levels, rng)]
    held = _held(world, start, levels, world.stream("job_ratings held"))
    return pd.concat([*reference, held], ignore_index=True)


def _groups(world: World) -> pd.DataFrame:
    """Each account and group which has jobs, with the number of persons there who may be asked."""
    found = _able(world).groupby(["_account", "group"]).size().rename("count").reset_index()
    groups = pd.DataFrame({"group": sorted(set(jobs()["group"]))})
    every = pd.DataFrame({"_account": np.arange(len(world.frames["accounts"]))}).merge(groups, how="cross")
    return every.merge(found, how="left").fillna({"count": 0})


def _able(world: World) -> pd.DataFrame:
    """Persons at home in an account who may be asked."""
    special = world.frames["stakeholders"]["special_category"].notna().to_numpy()
    mine = world.members
    return pd.DataFrame(mine[mine["kind"].eq("person") & mine["_home"] & ~special[mine["_who"].to_numpy()]])


def _respondents(world: World, start: Needs, levels: Array, rng: Rng) -> pd.DataFrame:
    """The same persons rate the jobs of their group in both years, each in his or her own way."""
    able = _able(world)
    able = able.iloc[rng.permutation(len(able))]
    large = able.groupby(["_account", "group"])["_who"].transform("size") >= _FEWEST
    asked = able[large & (able.groupby(["_account", "group"]).cumcount() < _ASKED)][["_account", "_who", "group"]]
    asked = asked.assign(_mild=0.6 * world.noise * rng.standard_normal(len(asked)))
    asked = asked.merge(jobs().assign(_job=np.arange(len(JOBS))), on="group")
    always = 0.8 * world.noise * rng.standard_normal((2, len(asked)))  # what a person thinks of a job in both years
    table = _twice(asked)
    own = np.repeat(always, 2, axis=1) + 0.5 * world.noise * rng.standard_normal((2, len(table)))
    own += table["_mild"].to_numpy()
    values = _true(table, start, levels) + own
    table["importance"], table["satisfaction"] = values.round().clip(0, 10)
    table["scale"] = "0-10"
    return _named(table, world)


def _surveys(world: World, start: Needs, levels: Array, rng: Rng) -> pd.DataFrame:
    """One aggregate for each job of a group with too few members."""
    small = _groups(world)
    small = small[small["count"] < _FEWEST]
    table = _twice(small.merge(jobs().assign(_job=np.arange(len(JOBS))), on="group"))
    table["n"] = rng.integers(12, 41, len(table))
    _aggregate(table, _true(table, start, levels), world.noise, rng)
    return _named(table, world)


def _twice(table: pd.DataFrame) -> pd.DataFrame:
    """Each row for both periods."""
    return table.merge(pd.DataFrame({"period": PERIODS, "_year": [0, 1]}), how="cross")


def _true(table: pd.DataFrame, start: Needs, levels: Array) -> Array:
    """Importance and satisfaction behind each row."""
    account, job = table["_account"].to_numpy(), table["_job"].to_numpy()
    return np.stack([start.importance[account, job], levels[table["_year"].to_numpy(), account, job]])


def _aggregate(table: pd.DataFrame, values: Array, noise: float, rng: Rng) -> None:
    """Means of samples of ``n``, a quarter of them on a scale from 1 to 5."""
    spread = rng.uniform(1.0, 1.8, (2, len(table)))
    mean = (values + noise * spread / np.sqrt(table["n"].to_numpy()) * rng.standard_normal(spread.shape)).clip(0, 10)
    short = (table["_account"].to_numpy() + table["_job"].to_numpy()) % 4 == 0
    table["scale"] = np.where(short, "1-5", "0-10")
    table["importance"], table["satisfaction"] = np.where(short, 1 + 0.4 * mean, mean).round(2)
    table["sd_importance"], table["sd_satisfaction"] = np.where(short, 0.4 * spread, spread).round(2)


def _held(world: World, start: Needs, levels: Array, rng: Rng) -> pd.DataFrame:
    """What companies asked: all jobs of a group where they have insight, else one, or too few people."""
    pairs = world.served.merge(_groups(world)[["_account", "group"]], on="_account")
    knows = chance(rng, world.raw("R2")[pairs["_company"].to_numpy()] / 100, len(pairs))
    some = ~knows & chance(rng, 0.35, len(pairs))
    pairs["_asked"], pairs["n"] = np.where(knows, 3, np.where(some, 1, 0)), rng.integers(5, 19, len(pairs))
    pairs["period"] = np.where(chance(rng, 0.6, len(pairs)), *PERIODS[::-1])
    table = pairs.merge(jobs().assign(_job=np.arange(len(JOBS))), on="group")
    nth = table.groupby(["_company", "_account", "group"]).cumcount()
    table = table[nth < table["_asked"]].reset_index(drop=True)
    table["_year"] = table["period"].eq(PERIODS[1]).astype(int)
    _aggregate(table, _true(table, start, levels), 1.5 * world.noise, rng)
    table["holder"] = world.ids("companies")[table["_company"].to_numpy()]
    return _named(table, world)


def _named(table: pd.DataFrame, world: World) -> pd.DataFrame:
    """With ids in the place of positions."""
    table["account_id"] = world.ids("accounts")[table["_account"].to_numpy()]
    if "_who" in table:
        table["stakeholder_id"] = world.ids("stakeholders")[table["_who"].to_numpy()]
    hidden = [name for name in table.columns if str(name).startswith("_")]
    return table.drop(columns=[*hidden, "group", "category", "funnel_stage", "statement"])
