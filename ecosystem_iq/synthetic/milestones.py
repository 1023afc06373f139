"""Milestones of the plans: kept or missed as reliably as the company is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from ecosystem_iq.synthetic.draw import AS_OF, Array, Rng, chance, days_before, iso
from ecosystem_iq.synthetic.statements import MILESTONES

_EARLIER, _LAST_YEAR, _AHEAD = 10, 36, 12


class _Plan(Protocol):
    def add(self, company: str, level: str, statement: str, **cells: object) -> str: ...


def milestones(
    plan: _Plan, company: str, initiatives: Sequence[dict[str, Any]], reliable: tuple[float, float], rng: Rng
) -> None:
    """Milestones due in the year before last, last year and next year; ``reliable`` is (share in time, noise)."""
    ago = np.concatenate([
        rng.integers(366, 540, _EARLIER),
        rng.integers(1, 365, _LAST_YEAR),
        -rng.integers(10, 300, _AHEAD),
    ])  # fmt: skip
    share, noise = reliable
    kept = np.zeros(len(ago), dtype=bool)
    kept[:_EARLIER] = chance(rng, share, _EARLIER)
    count = round((share + 0.03 * noise * rng.standard_normal()) * _LAST_YEAR)
    kept[_EARLIER : _EARLIER + _LAST_YEAR] = rng.permutation(np.arange(_LAST_YEAR) < count)
    due, done = _dates(ago, kept, rng)
    for nth, (original, now, end) in enumerate(zip(iso(days_before(ago)), due, done, strict=True)):
        row = _at_work(initiatives, str(original), nth)
        plan.add(
            company, "milestone", MILESTONES[nth % len(MILESTONES)], parent_id=row["item_id"],
            account_id=row["account_id"], job_ids=row["job_ids"], kpi=row["kpi"], function=row["function"],
            due=now, due_original=original, done_on=end,
        )  # fmt: skip


def _at_work(initiatives: Sequence[dict[str, Any]], day: str, nth: int) -> dict[str, Any]:
    """An initiative which is being worked on that day; else the one which began first."""
    able = [row for row in initiatives if row["start"] < day and (row["done_on"] is None or day <= row["done_on"])]
    return able[nth % len(able)] if able else min(initiatives, key=lambda row: str(row["start"]))


def _dates(ago: Array, kept: Array, rng: Rng) -> tuple[Array, Array]:
    """Due dates (most late ones have been moved), and the days on which milestones were reached, if so."""
    late = rng.integers(8, 120, len(ago))
    end = np.where(kept, ago + rng.integers(0, 21, len(ago)), ago - late)
    moved = ~kept & (ago > 0) & chance(rng, 0.6, len(ago))
    due = days_before(np.where(moved, ago - late, ago))
    done = np.where((ago > 0) & (end >= 0), days_before(end), np.datetime64("NaT"))
    done = done.astype("datetime64[D]")
    return iso(due), iso(np.where(done > AS_OF, np.datetime64("NaT"), done).astype("datetime64[D]"))
