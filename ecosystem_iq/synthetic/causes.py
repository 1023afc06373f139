"""The tables which follow from the map, the log and what is true of companies; and that truth, for tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic import diffusion, events, funnel, holders, jobs, links, organisation, plans, shifts, worth
from ecosystem_iq.synthetic.truth import indicators
from ecosystem_iq.synthetic.world import World


def own_company(world: World) -> int:
    """The company which looks at the demo: of those which are aware and do not act, the one in most accounts."""
    aware = np.array(world.truth.attrs["kind"]) == "aware"
    count = np.bincount(world.served["_company"], minlength=len(aware))
    return int(np.argmax(np.where(aware | ~aware.any(), count, -1)))


def described(world: World) -> dict[str, pd.DataFrame]:
    """All further tables, and the rows and columns which they add to earlier ones."""
    start = jobs.needs(world)
    planned = plans.plans(world, start)
    plan = pd.DataFrame(planned.rows)
    happened = events.events(world)
    return {
        "jobs": jobs.jobs(),
        "job_ratings": jobs.ratings(world, start, planned.closure(world)),
        "plan": plan,
        "trigger_events": pd.concat([happened, events.foreseen(world, happened, plan)], ignore_index=True),
        "interactions": links.linked(world, planned, happened),
        "values": worth.values(world),
        "funnel": funnel.funnel(world),
        "teams": organisation.teams(world),
        "pulse": organisation.pulse(world),
        "outcomes": organisation.outcomes(world),
        "adoptions": diffusion.adoptions(world),
        "exposures": diffusion.exposures(world),
        "transfers": diffusion.transfers(world),
    } | _held(world)


def _held(world: World) -> dict[str, pd.DataFrame]:
    """Ties and memberships with what each company holds behind the reference."""
    held = holders.memberships(world, world.frames["_met"], own_company(world))
    now, before = shifts.shifted(world)
    return {
        "ties": pd.concat([world.frames["ties"], holders.ties(world)], ignore_index=True),
        "memberships": pd.concat([now, before, held], ignore_index=True),
    }


def truth_tables(world: World) -> dict[str, pd.DataFrame]:
    """What nobody who reads the tables knows."""
    return {
        "ties_true": _ties(world),
        "triggers_true": _triggers(world),
        "accounts_true": pd.DataFrame({
            "account_id": world.ids("accounts"),
            "behaviour": world.frames["accounts"]["_shape"],
        }),
        "companies_true": _companies(world),
    }  # fmt: skip


def _ties(world: World) -> pd.DataFrame:
    """Probability of every arc."""
    arcs, who = world.hidden.arcs, world.ids("stakeholders")[world.members["_who"].to_numpy()]
    account = world.ids("accounts")[world.members["_account"].to_numpy()]
    tail, head = arcs["_from"].to_numpy(), arcs["_to"].to_numpy()
    probability = arcs["probability"].round(4)
    return pd.DataFrame({
        "source": who[tail], "target": who[head], "account_id": account[tail], "probability": probability
    })  # fmt: skip


def _triggers(world: World) -> pd.DataFrame:
    """Planted trigger stakeholders; ``few_ties`` says that they have fewer than the median of their account."""
    account, degree = world.members["_account"].to_numpy(), world.hidden.degree
    median = pd.Series(degree).groupby(account).transform("median").to_numpy()
    rows = np.flatnonzero(world.hidden.trigger)
    return pd.DataFrame({
        "account_id": world.ids("accounts")[account[rows]],
        "stakeholder_id": world.ids("stakeholders")[world.members["_who"].to_numpy()[rows]],
        "ties": degree[rows],
        "median_ties": median[rows],
        "few_ties": np.where(degree[rows] < median[rows], "yes", "no"),
    })  # fmt: skip


def _companies(world: World) -> pd.DataFrame:
    """Both axes on 0-100, and each indicator in its own unit."""
    table = pd.DataFrame({"company_id": world.ids("companies"), "kind": world.truth.attrs["kind"]})
    for axis in ("readiness", "action"):
        table[axis] = (100 * world.axis(axis)).round(2)
    for entry in indicators():
        table[entry.id] = world.raw(entry.id).round(4)
    return table
