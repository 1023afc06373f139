"""What contacts were about: the initiative they belong to, the job, the event they answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import Array, chance
from ecosystem_iq.synthetic.jobs import jobs
from ecosystem_iq.synthetic.plans import Planned
from ecosystem_iq.synthetic.world import World

_ANSWERED = 60
_SPREAD = 0.35


def linked(world: World, planned: Planned, events: pd.DataFrame) -> pd.DataFrame:
    """The log with the three columns added; nothing else changes."""
    log = world.frames["interactions"]
    item = pd.Series(planned.contacts, dtype=object).reindex(log.index)
    return log.assign(item_id=item, job_id=_jobs(world, planned, item), trigger_id=_answers(world, events))


def _jobs(world: World, planned: Planned, item: pd.Series) -> Array:
    """A job of the initiative; else, more often where contacts lead to action, one of the stakeholder's group."""
    rng, log, table = world.stream("contacts' jobs"), world.frames["interactions"], jobs()
    of_item = {row["item_id"]: str(row.get("job_ids") or "").split("|") for row in planned.rows}
    of_group = {str(group): list(rows["job_id"]) for group, rows in table.groupby("group")}
    about = 0.1 + 0.5 * world.score("A8")[log["_company"].to_numpy()]
    told = chance(rng, about, len(log)) & log["direction"].ne("outbound").to_numpy()
    draw = rng.random(len(log))
    result = np.full(len(log), None, dtype=object)
    for row in np.flatnonzero(told | item.notna().to_numpy()):
        choices = of_item.get(item.iloc[row]) or of_group.get(str(log["group"].iloc[row]), [])
        result[row] = (choices[int(draw[row] * len(choices))] or None) if choices else None
    return result


def _answers(world: World, events: pd.DataFrame) -> Array:
    """Contacts which answer an event: as soon after it as the company is quick, if it has any contact then."""
    rng = world.stream("contacts' events")
    pairs = world.served.merge(events[events["_fired"]], on="_account", sort=False)
    usual = world.raw("A4")[pairs["_company"].to_numpy()]
    wait = usual * np.exp(_SPREAD * world.noise * rng.standard_normal(len(pairs)))
    wait = np.where(chance(rng, 0.95, len(pairs)), wait, np.inf)
    return _answered(world, pairs.assign(_wait=wait))


def _answered(world: World, pairs: pd.DataFrame) -> Array:
    """The event which each contact answers: no contact answers two."""
    log = world.frames["interactions"]
    days = log["date"].to_numpy().astype("datetime64[D]")
    fired = pairs["fired_on"].to_numpy().astype("datetime64[D]")
    cells = {str(key): rows.index.to_numpy() for key, rows in log.groupby(["_company", "_account"])}
    result, free = np.full(len(log), None, dtype=object), np.ones(len(log), dtype=bool)
    for nth, key in enumerate(zip(pairs["_company"], pairs["_account"], strict=True)):
        rows = cells.get(str(key), np.array([], dtype=int))
        row = _nearest(days, rows[free[rows]], fired[nth], float(pairs["_wait"].iloc[nth]))
        if row is not None:
            result[row], free[row] = pairs["trigger_id"].iloc[nth], False
    return result


def _nearest(days: Array, rows: Array, fired: np.datetime64, wait: float) -> int | None:
    """The contact nearest to the day of the answer, on or after the event."""
    after = rows[days[rows] >= fired]
    if not np.isfinite(wait) or not len(after):
        return None
    lag = (days[after] - fired).astype(int)
    best = int(np.argmin(np.abs(lag - wait)))
    return int(after[best]) if lag[best] <= _ANSWERED else None
