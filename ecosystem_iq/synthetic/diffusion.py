"""An innovation on its way through the true ties, who was in contact meanwhile, and transfers of value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import AS_OF, Array, chance, iso, words
from ecosystem_iq.synthetic.world import World

INNOVATION = "Lumivar companion test (fictional)"
_BEGIN = np.datetime64("2024-01-01")
_NEVER = 10_000


def adoptions(world: World) -> pd.DataFrame:
    """Who adopted when: a few by themselves, the rest because somebody moved them; some are lost from sight."""
    rng = world.stream("adoptions")
    people = _people(world)
    day = _days(world)
    end = np.where(chance(rng, 0.15, len(people)), rng.integers(400, 880, len(people)), (AS_OF - _BEGIN).astype(int))
    mine = day[people["_who"].to_numpy()]
    adopted = np.where(mine <= end, mine, 0)
    dates = np.where(mine <= end, _BEGIN + adopted.astype("timedelta64[D]"), np.datetime64("NaT"))
    people["adopted_on"] = iso(dates.astype("datetime64[D]"))
    people["observed_from"] = str(_BEGIN)
    people["observed_to"] = iso(_BEGIN + end.astype("timedelta64[D]"))
    people["innovation"] = INNOVATION
    return people


def _people(world: World) -> pd.DataFrame:
    """Persons who might adopt, at home."""
    members = world.members
    fits = members["group"].isin(["clinician", "research_academia", "pharmacy", "nursing", "quality_pathway"])
    return members.loc[fits & members["kind"].eq("person") & members["_home"], ["_who", "_account"]].reset_index(
        drop=True
    )


def _days(world: World) -> Array:
    """The day on which each stakeholder adopts: the earliest of those who move him or her, plus a delay."""
    rng, arcs, who = world.stream("cascade"), world.hidden.arcs, world.members["_who"].to_numpy()
    count = len(world.frames["stakeholders"])
    contacts = np.bincount(world.frames["interactions"]["_who"], minlength=count)
    alone = rng.exponential(1.0, count) / (0.00003 + 0.00003 * np.log1p(contacts))
    first = np.where(chance(rng, 0.012, count), rng.integers(0, 90, count), alone)
    day = np.minimum(first, _NEVER)
    works = chance(rng, arcs["probability"].to_numpy(), len(arcs))
    tail, head = who[arcs["_from"].to_numpy()[works]], who[arcs["_to"].to_numpy()[works]]
    delay = 5 + rng.exponential(70.0, len(tail))
    for _ in range(80):
        before = day.copy()
        np.minimum.at(day, head, day[tail] + delay)
        if np.array_equal(before, day):
            break
    return np.floor(day).astype(int)


def exposures(world: World) -> pd.DataFrame:
    """Contacts of all companies with each person, by half-year."""
    log = world.frames["interactions"]
    persons = world.frames["stakeholders"]["kind"].eq("person").to_numpy()
    log = log[persons[log["_who"].to_numpy()]]
    half = log["date"].str[:4] + np.where(log["date"].str[5:7].astype(int) > 6, "H2", "H1")  # noqa: PLR2004 - June
    table = log.assign(period=half).groupby(["_who", "period"]).size().rename("value").reset_index()
    return pd.DataFrame(table).assign(innovation=INNOVATION, covariate="contacts")


def transfers(world: World) -> pd.DataFrame:
    """Transfers of value, drawn without regard to anything else."""
    rng, count = world.stream("transfers"), 12 * len(world.truth)
    able = _people(world)["_who"].to_numpy()
    table = pd.DataFrame({
        "_company": rng.integers(0, len(world.truth), count),
        "_who": able[rng.integers(0, len(able), count)],
        "period": words(rng, ["2025", "2026"], count),
        "nature": words(rng, ["educational meeting", "travel and lodging", "research support"], count),
        "amount": np.exp(rng.normal(5.0, 1.0, count)).round(2),
        "currency": "EUR",
        "count": rng.integers(1, 5, count),
    })  # fmt: skip
    return table.drop_duplicates(["_company", "_who", "period", "nature"]).sort_values(["_company", "_who"])
