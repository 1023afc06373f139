"""Stances which moved because somebody who acts had been there: an earlier row, and a later start of the present."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import Array, blank, chance, days_before, iso
from ecosystem_iq.synthetic.world import World

_STANCES = ("opponent", "non_supporter", "neutral", "supporter", "advocate")
_SINCE = "2025-07-01"


def shifted(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reference memberships, and the earlier rows of those whom an acting company brought one step nearer.

    The present stance stays what it was; only when it began changes.
    """
    table, rng = world.frames["memberships"], world.stream("stance shifts")
    level = table["stance"].map({word: k for k, word in enumerate(_STANCES)}).to_numpy(dtype=float)
    able = table["valid_to"].isna() & (table["valid_from"] < "2025-06-01") & (level > 0)
    room = len(_STANCES) - level  # headroom before the step
    moved = able.to_numpy() & chance(rng, np.nan_to_num(_drive(world, table) * room), len(table))
    day = iso(days_before(rng.integers(20, 330, len(table))))
    before = table[moved].copy()
    before["stance"] = blank(
        np.array(_STANCES, dtype=object)[level[moved].astype(int) - 1], np.zeros(len(before), bool)
    )
    before["valid_to"], before["as_of"] = day[moved], before["valid_from"]
    table = table.copy()
    table.loc[moved, "valid_from"] = day[moved]
    late = moved & (table["as_of"].to_numpy(dtype=str) < table["valid_from"].to_numpy(dtype=str))
    table.loc[late, "as_of"] = table.loc[late, "valid_from"]
    return table, before


def _drive(world: World, table: pd.DataFrame) -> Array:
    """How strongly the companies which are in two-way contact with a member move people there."""
    log = world.frames["interactions"]
    log = log[(log["date"] >= _SINCE) & log["direction"].isin(["two_way", "inbound"])]
    push = pd.Series(world.raw("A10")[log["_company"].to_numpy()], index=log.index)
    best = push.groupby([log["_account"], log["_who"]]).max()
    found = best.reindex(pd.MultiIndex.from_frame(table[["_account", "_who"]]))
    result: Array = found.fillna(0).to_numpy(dtype=float)
    return result
