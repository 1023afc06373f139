"""What companies set out to do: purpose to milestone, with budgets, dates, jobs and those who design with them.

A company which acts designs its initiatives together with stakeholders, keeps its dates, and ties its tactics to aims,
jobs and measures. The contacts in which that happened are in the log already; ``Planned.contacts`` says which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic import statements
from ecosystem_iq.synthetic.draw import Array, Rng, days_before, iso
from ecosystem_iq.synthetic.jobs import Needs, jobs
from ecosystem_iq.synthetic.milestones import milestones
from ecosystem_iq.synthetic.world import World

_LIVE, _DONE, _JOBS = 8, 2, 2
_FUNCTION = {
    "economic": "access",
    "access": "access",
    "clinical": "medical",
    "system": "account_management",
    "operational": "account_management",
    "patient": "patient_services",
    "digital": "marketing",
}
_SIDE = {"medical": "Medical", "access": "Access", "patient_services": "Patient services", "marketing": "Digital"}
_CHANNELS = {"medical": "congress", "access": "face_to_face", "patient_services": "portal", "marketing": "webinar"}


@dataclass
class Planned:
    """The plans, the contacts which belong to an initiative, and which jobs are worked on from when.

    Attributes
    ----------
    rows : list of dict
        The rows of the plan.
    contacts : dict of int to str
        Position in the log -> initiative.
    targets : list of (int, int, int)
        Company, account and job.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    contacts: dict[int, str] = field(default_factory=dict)
    targets: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, company: str, level: str, statement: str, **cells: object) -> str:
        """Add one item, and return its id."""
        item = f"item-{len(self.rows) + 1:05d}"
        about = {"item_id": item, "company_id": company, "level": level, "statement": statement}
        self.rows.append(about | cells)
        return item

    def closure(self, world: World) -> Array:
        """Share of each gap which is closed, for each account and job."""
        left = np.ones((len(world.frames["accounts"]), len(statements.JOBS)))
        for company, account, job in self.targets:
            left[account, job] *= 1 - world.raw("A7")[company] / 100
        result: Array = 1 - left
        return result


def plans(world: World, start: Needs) -> Planned:
    """The plans of all companies."""
    rng, planned = world.stream("plan"), Planned()
    for position in range(len(world.truth)):
        _Company(world, planned, start, position, rng).fill()
    return planned


def _day(ago: float) -> str:
    """The date so many days before today."""
    return str(iso(days_before(np.array([ago])))[0])


class _Company:
    """The plan of one company."""

    def __init__(self, world: World, planned: Planned, start: Needs, position: int, rng: Rng) -> None:
        self.world, self.planned, self.start, self.rng, self.position = world, planned, start, rng, position
        self.id = str(world.ids("companies")[position])
        mine = world.served[world.served["_company"] == position].sort_values("priority")
        self.accounts = mine["_account"].to_numpy()[:6]
        log = world.frames["interactions"]
        self.together = log[log["_company"].eq(position) & log["mode"].eq("co_design")]
        self.list = jobs()

    def true(self, indicator: str) -> float:
        """What is true of the company, in the indicator's unit."""
        return float(self.world.raw(indicator)[self.position])

    def add(self, level: str, statement: str, **cells: object) -> str:
        """Add one item; everybody has an owner."""
        owner = statements.OWNERS[int(self.rng.integers(0, len(statements.OWNERS)))]
        return self.planned.add(self.id, level, statement, owner=owner, **cells)

    def fill(self) -> None:
        """From purpose to milestones."""
        purpose = self.add("purpose", statements.PURPOSE, declared_on="2023-01-16", theme="social", horizon="redesign")
        objectives = self._objectives(purpose)
        initiatives = self._initiatives(objectives)
        self._tactics(initiatives)
        self._firefights(sum(float(row["budget"]) for row in initiatives))
        milestones(self.planned, self.id, initiatives, (self.true("A3") / 100, self.world.noise), self.rng)

    def _objectives(self, purpose: str) -> list[str]:
        """Imperatives, and objectives of which a share is due within a year."""
        count = len(statements.IMPERATIVES)
        anchored = np.arange(count) < round(self.true("R12") * count)
        found = []
        for text, (above, theme), soon in zip(
            statements.OBJECTIVES, statements.IMPERATIVES, self.rng.permutation(anchored), strict=True
        ):
            imperative = self.add("imperative", above, parent_id=purpose, theme=theme, declared_on="2023-06-05")
            due = _day(-float(self.rng.integers(20, 350) if soon else self.rng.integers(420, 900)))
            found.append(
                self.add(
                    "objective",
                    text,
                    parent_id=imperative,
                    theme=theme,
                    declared_on=_day(620),
                    due=due,
                    due_original=due,
                    start="2024-12-02",
                )
            )
        return found

    def _initiatives(self, objectives: list[str]) -> list[dict[str, Any]]:
        """Eight at work and two which are done; the first of them carry the share designed together."""
        budgets = np.exp(self.rng.normal(5.3, 0.4, _LIVE + _DONE)).round() * 1000
        designed = self._designed(budgets[:_LIVE])
        rows = []
        for nth in range(_LIVE + _DONE):
            contacts = designed.get(nth)
            account = self.accounts[nth % len(self.accounts)] if contacts is None else int(contacts["_account"].iloc[0])
            item = self._initiative(nth, objectives[nth % len(objectives)], int(account), float(budgets[nth]))
            if contacts is not None:
                self.planned.contacts |= dict.fromkeys(contacts.index, item)
                who = self.world.ids("stakeholders")[contacts["_who"].to_numpy()]
                self.planned.rows[-1]["co_designer_ids"] = "|".join(dict.fromkeys(who))
            rows.append(self.planned.rows[-1])
        return rows

    def _designed(self, budgets: Array) -> dict[int, pd.DataFrame]:
        """Contacts of each initiative which was designed together, for the true share of the budget."""
        target, spent = self.true("A1") / 100 * budgets.sum(), 0.0
        pools = self._pools(int(np.ceil(self.true("A1") / 100 * _LIVE)) + 1)
        found: dict[int, pd.DataFrame] = {}
        for nth in np.argsort(self.rng.random(len(budgets))):
            if pools and spent + 0.5 * budgets[nth] <= target:
                found[int(nth)] = pools.pop()
                spent += budgets[nth]
        return found

    def _pools(self, wanted: int) -> list[pd.DataFrame]:
        """Co-design contacts parted among initiatives: each part lies in one account, on two days or more."""
        mine = {int(str(key)): rows for key, rows in self.together.groupby("_account")}
        days = {key: rows["date"].nunique() for key, rows in mine.items()}
        parts = dict.fromkeys(mine, 0)
        while sum(parts.values()) < wanted:
            key = max(days, key=lambda name: days[name] / (parts[name] + 1), default=None)
            if key is None or days[key] < 2 * (parts[key] + 1):
                break
            parts[key] += 1
        return [
            rows[pd.factorize(rows["date"])[0] % parts[key] == part]
            for key, rows in mine.items()
            for part in range(parts[key])
        ]

    def _initiative(self, nth: int, objective: str, account: int, budget: float) -> str:
        """One initiative for some jobs of an account which nobody else works on yet."""
        early, done = nth < _LIVE - 2 or nth >= _LIVE, nth >= _LIVE
        chosen = self._jobs(account, early=early)
        category = str(self.list["category"].iloc[chosen[0]]) if len(chosen) else "system"
        function = _FUNCTION[category]
        declared = float(self.rng.integers(560, 640) if early else self.rng.integers(200, 380))
        start = declared - float(self.rng.integers(20, 150))
        due = _day(float(self.rng.integers(20, 300)) if done else -float(self.rng.integers(60, 400)))
        kpi, whose, base, goal = statements.KPIS[category]
        return self.add(
            "initiative", f"{statements.INITIATIVES[category][nth % 2]}, {self._name(account)}",
            parent_id=objective, account_id=self.world.ids("accounts")[account],
            job_ids="|".join(self.list["job_id"].iloc[chosen]) or None, function=function,
            horizon=("run", "improve", "redesign")[nth % 3],
            theme=("access", "quality", "efficiency", "social")[nth % 4],
            intent=("support", "service", "educate")[nth % 3], label_status="on_label", declared_on=_day(declared),
            start=_day(start), due=due, due_original=due, done_on=due if done else None, budget=budget, currency="EUR",
            kpi=kpi, kpi_perspective=whose, baseline=base, target=goal,
            actual=round(base + (goal - base) * self.true("A7") / 40 * self.rng.uniform(0.6, 1.0), 2),
        )  # fmt: skip

    def _jobs(self, account: int, *, early: bool) -> Array:
        """The jobs with the widest gaps (as far as the company sees them) on which nobody works."""
        taken = [job for _, where, job in self.planned.targets if where == account]
        sees = self.start.gap[account] + 4 * (1 - self.true("R2") / 100) * self.rng.random(len(self.list))
        sees[taken] = -1
        order: Array = np.argsort(-sees, kind="stable")[:_JOBS]
        order = order[sees[order] >= 0]
        if early:
            self.planned.targets += [(self.position, account, int(job)) for job in order]
        return order

    def _name(self, account: int) -> str:
        return str(self.world.frames["accounts"]["name"].iloc[account])

    def _tactics(self, initiatives: list[dict[str, Any]]) -> None:
        """Two or three an initiative; a share of the budget goes to tactics whose chain is unbroken."""
        plan = [(row, part) for row in initiatives for part in self._parts(float(row["budget"]))]
        order = self.rng.permutation(len(plan))
        budget = np.array([part for _, part in plan])[order].cumsum()
        whole = np.empty(len(plan), dtype=bool)
        whole[order] = budget - 0.5 * np.diff(budget, prepend=0) <= self.true("A6") / 100 * budget[-1]
        for nth, ((row, part), intact) in enumerate(zip(plan, whole, strict=True)):
            self._tactic(row, part, nth, intact=bool(intact))

    def _parts(self, budget: float) -> list[float]:
        """The budget of an initiative in two or three parts."""
        return list((budget * self.rng.dirichlet(np.full(self.rng.integers(2, 4), 8.0))).round(-2))

    def _tactic(self, row: dict[str, Any], budget: float, nth: int, *, intact: bool) -> None:
        """One tactic; a broken one lacks its initiative, its job, or its measure."""
        lacks = "" if intact else ("parent_id", "job_ids", "kpi")[nth % 3]
        medical = row["function"] == "medical"
        cells = {
            "parent_id": row["item_id"], "account_id": row["account_id"], "job_ids": row["job_ids"],
            "kpi": row["kpi"], "kpi_perspective": row["kpi_perspective"], "function": row["function"],
            "channel": _CHANNELS.get(row["function"], "face_to_face"), "intent": row["intent"],
            "label_status": "pre_approval" if medical and nth % 5 == 0 else "on_label", "budget": budget,
            "currency": "EUR", "start": row["start"], "due": row["due"], "due_original": row["due_original"],
            "done_on": row["done_on"], "declared_on": row["declared_on"],
        }  # fmt: skip
        if lacks:
            cells[lacks] = None
        side = _SIDE.get(row["function"], "Account")
        self.add("tactic", f"{side}: {statements.TACTICS[nth % len(statements.TACTICS)]}", **cells)

    def _firefights(self, planned: float) -> None:
        """What had to be done at once: more of it where little is anchored, always less than half."""
        share = 0.05 + 0.35 * (1 - self.true("R12"))
        parts = planned * share / (1 - share) * self.rng.dirichlet([6.0, 6.0, 6.0])
        for text, budget in zip(statements.FIREFIGHTS, parts, strict=True):
            start = float(self.rng.integers(60, 500))
            due = _day(start - 50)
            self.add(
                "firefight", text, declared_on=_day(start), start=_day(start), due=due, due_original=due,
                done_on=_day(start - 45 - float(self.rng.integers(0, 14))), budget=float(budget.round(-2)),
                currency="EUR", horizon="run", theme="other", function="account_management",
            )  # fmt: skip
