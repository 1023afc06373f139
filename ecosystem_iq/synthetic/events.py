"""Events which can move a decision: what happens in accounts, and what companies foresaw of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import AS_OF, Array, Rng, blank, chance, days_before, iso, numbered, steady, words
from ecosystem_iq.synthetic.statements import EVENTS, OWNERS
from ecosystem_iq.synthetic.world import World

_CLOSED, _OPEN, _AHEAD = 8, 2, 4
_TOLD = 2.4  # standard deviation of the log odds around the base rate of a kind
_READY = 3  # events which a company that is ready has registered in an account


def events(world: World) -> pd.DataFrame:
    """Events of each account: past ones fired or not, open ones, future ones. ``_p`` is their true probability."""
    rng, accounts = world.stream("trigger_events"), world.frames["accounts"]
    each = _CLOSED + _OPEN + _AHEAD
    count = each * len(accounts)
    table = pd.DataFrame({"_account": np.repeat(np.arange(len(accounts)), each)})
    phase = np.tile(np.repeat([0, 1, 2], [_CLOSED, _OPEN, _AHEAD]), len(accounts))
    kinds = rng.random((len(accounts), len(EVENTS))).argsort(axis=1)
    nth = np.tile(np.arange(each) % len(EVENTS), len(accounts))
    table["kind"] = np.array(list(EVENTS), dtype=object)[kinds[table["_account"], nth]]
    about = pd.DataFrame(EVENTS, index=["name", "effect", "base"])[table["kind"]]
    table["name"] = [
        f"{a}, {b}" for a, b in zip(about.loc["name"], accounts["name"].iloc[table["_account"]], strict=True)
    ]
    table["expected_effect"] = about.loc["effect"].to_numpy()
    table["_base"] = about.loc["base"].to_numpy(dtype=float)
    odds = np.log(table["_base"] / (1 - table["_base"])) * 1.4 + _TOLD * rng.standard_normal(count)
    table["_p"] = 1 / (1 + np.exp(-odds))
    _windows(table, phase, rng)
    table["trigger_id"] = numbered("trg", count)
    table["_holder_of"] = _holders(world, table["_account"].to_numpy(), rng)
    table["stakeholder_id"] = world.ids("stakeholders")[world.members["_who"].to_numpy()[table["_holder_of"]]]
    table["lead_time_days"] = rng.integers(3, 19, count) * 10
    return table


def _windows(table: pd.DataFrame, phase: Array, rng: Rng) -> None:
    """When each event may happen, whether it did, and what is therefore said of it."""
    count, length = len(table), rng.integers(25, 90, len(table))
    ends = np.select(
        [phase == 0, phase == 1],
        [rng.integers(1, 710, count), -rng.integers(1, 24, count)],
        -rng.integers(30, 330, count) - length,
    )
    fired = (phase == 0) & chance(rng, table["_p"].to_numpy(), count)
    table["_phase"], table["_fired"], table["_ends"], table["_starts"] = phase, fired, ends, ends + length
    table["window_start"], table["window_end"] = iso(days_before(ends + length)), iso(days_before(ends))
    table["registered_on"] = iso(days_before(np.maximum(ends + length, 0) + rng.integers(20, 200, count)))
    day = days_before(ends + np.floor(rng.random(count) * length).astype(int))
    table["fired_on"] = blank(iso(np.minimum(day, AS_OF)), ~fired)
    table["status"] = np.select([fired, phase == 0, phase == 1], ["fired", "expired", "open"], "watch")
    table["probability"] = np.where(phase == 0, np.nan, table["_p"].round(2))


def _holders(world: World, account: Array, rng: Rng) -> Array:
    """The person who holds each event: somebody with weight in the account; by position of the member."""
    members = world.members
    weight = np.where(members["kind"].eq("person"), world.hidden.influence, 0.0)
    total = np.concatenate([[0.0], np.cumsum(weight)])
    first = np.searchsorted(members["_account"].to_numpy(), account, side="left")
    last = np.searchsorted(members["_account"].to_numpy(), account, side="right")
    at = total[first] + rng.random(len(account)) * (total[last] - total[first])
    found: Array = (np.searchsorted(total, at, side="right") - 1).clip(first, last - 1)
    return found


def foreseen(world: World, reference: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """What companies registered: past windows with skill, future ones with more or less care."""
    rng = world.stream("trigger_events held")
    pairs = world.served.merge(reference, on="_account", sort=False)
    company = pairs["_company"].to_numpy()
    past, early = _past(world, pairs, rng)
    ahead, careful = _ahead(world, pairs, rng)
    pairs["probability"] = _forecast(world, pairs, rng)
    lag = np.where(early, rng.integers(10, 220, len(pairs)), -rng.integers(2, 20, len(pairs)))
    registered = np.where(past, pairs["_starts"] + lag, rng.integers(2, 160, len(pairs)))
    pairs["registered_on"] = iso(days_before(np.maximum(registered, 0)))
    pairs["stakeholder_id"] = _expected(world, pairs.assign(_coming=ahead), rng)
    pairs["owner"] = words(rng, OWNERS, len(pairs))
    gap = ahead & ~careful
    for column, share in (("owner", 0.6), ("probability", 0.4), ("stakeholder_id", 0.4)):
        pairs[column] = blank(pairs[column].to_numpy(), gap & chance(rng, share, len(pairs)))
    pairs["expected_effect"] = blank(pairs["expected_effect"].to_numpy(), gap)
    pairs["fired_on"] = blank(pairs["fired_on"].to_numpy(), past & ~early)
    pairs["status"] = pairs["status"].where(pairs["fired_on"].notna() | (pairs["_phase"] > 0), "missed")
    pairs["item_id"] = blank(_items(world, pairs, plan), past | chance(rng, 0.1, len(pairs)))
    pairs["holder"] = world.ids("companies")[company]
    return pairs[past | ahead]


def _past(world: World, pairs: pd.DataFrame, rng: Rng) -> tuple[Array, Array]:
    """Which past events were registered (likelier ones more often), and which of them in time."""
    skill, count = world.score("R8")[pairs["_company"].to_numpy()], len(pairs)
    known = chance(rng, 1 - (1 - skill) * (1 - pairs["_p"].to_numpy()), count)
    return (pairs["_phase"].to_numpy() == 0) & known, chance(rng, 0.90 + 0.09 * skill, count)


def _forecast(world: World, pairs: pd.DataFrame, rng: Rng) -> Array:
    """Between the base rate and the true probability, with an error."""
    skill = world.score("R8")[pairs["_company"].to_numpy()]
    base, true = pairs["_base"].to_numpy(), pairs["_p"].to_numpy()
    error = world.noise * (0.30 - 0.25 * skill) * rng.standard_normal(len(pairs))
    result: Array = (base + (0.1 + 0.9 * skill) * (true - base) + error).clip(0.02, 0.98).round(2)
    return result


def _ahead(world: World, pairs: pd.DataFrame, rng: Rng) -> tuple[Array, Array]:
    """Which open and future events are registered, and where it is done with care."""
    cell = pairs.groupby(["_company", "_account"], sort=True).ngroup().to_numpy()
    company = pairs.groupby(cell)["_company"].first().to_numpy()
    ready = steady(rng, world.raw("R7")[company], company)
    count = np.where(ready, _READY + rng.integers(0, 3, len(company)), rng.integers(0, _READY, len(company)))
    loose = ~ready & chance(rng, 0.3, len(company))  # enough events, with little said of them
    count = np.where(loose, _READY, count)
    coming = pairs["_phase"].to_numpy() > 0
    nth = pd.Series(coming).groupby(cell).cumsum().to_numpy()
    return coming & (nth <= count[cell]), ready[cell]


def _expected(world: World, pairs: pd.DataFrame, rng: Rng) -> Array:
    """Whom a company takes for the holder: one who would set off much, or anybody."""
    members, account = world.members, pairs["_account"].to_numpy()
    person = members["kind"].eq("person").to_numpy()
    best = (
        pd.Series(np.where(person, world.hidden.reach, -1))
        .groupby(members["_account"].to_numpy())
        .rank(ascending=False, method="first")
    )
    order = np.lexsort([best.to_numpy(), members["_account"].to_numpy()])
    first = np.searchsorted(members["_account"].to_numpy(), account, side="left")
    size = np.bincount(members["_account"].to_numpy(), weights=person).astype(int)[account]
    company = pairs["_company"].to_numpy()
    sees = steady(rng, world.raw("R9")[company], 2 * company + pairs["_coming"])
    nth = pairs.assign(_sees=sees).groupby(["_company", "_account", "_coming", "_sees"]).cumcount().to_numpy()
    place = np.where(sees, np.minimum(nth, size - 1), np.floor(rng.random(len(pairs)) * size)).astype(int)
    result: Array = world.ids("stakeholders")[members["_who"].to_numpy()[order[first + place]]]
    return result


def _items(world: World, pairs: pd.DataFrame, plan: pd.DataFrame) -> Array:
    """An initiative of the company in that account if it has one, else its first objective."""
    company, account = world.ids("companies")[pairs["_company"]], world.ids("accounts")[pairs["_account"]]
    mine = plan[plan["level"].eq("initiative") & plan["done_on"].isna()]
    found = mine.drop_duplicates(["company_id", "account_id"]).set_index(["company_id", "account_id"])["item_id"]
    aims = plan[plan["level"].eq("objective")].drop_duplicates("company_id").set_index("company_id")["item_id"]
    here = found.reindex(pd.MultiIndex.from_arrays([company, account])).to_numpy(dtype=object)
    return np.where(pd.isna(here), aims.reindex(company).to_numpy(dtype=object), here)
