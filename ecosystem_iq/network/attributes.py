"""What power, legitimacy and urgency are made from, for every stakeholder in every account.

Each part is a number from 0 to 1 which can be worked out by hand from the tables of the reference map; NaN where
nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.errors import InputError
from ecosystem_iq.network.jobs import opportunities as rated
from ecosystem_iq.network.measures import Measures
from ecosystem_iq.network.probability import BLANK
from ecosystem_iq.network.tie_kinds import BOTH, arcs_of
from ecosystem_iq.network.ties import SINGLE_ACCOUNT, account_ids, ties_in_accounts
from ecosystem_iq.network.value import with_tables
from ecosystem_iq.tables import Ecosystem

Array = NDArray[np.float64]

ROLE_POWER = {
    "decision_maker": 1.0,
    "approver": 0.9,
    "gatekeeper": 0.8,
    "evaluator": 0.5,
    "influencer": 0.5,
    "user": 0.2,
    "beneficiary": 0.1,
    "none": 0.0,
}
"""How much of the decision comes with the role."""

ROLE_LEGITIMACY = {
    "decision_maker": 1.0,
    "approver": 1.0,
    "gatekeeper": 1.0,
    "evaluator": 0.7,
    "beneficiary": 0.5,
    "user": 0.4,
    "influencer": 0.3,
    "none": 0.0,
}
"""Acknowledged right to be heard: whoever must sign has it, whoever lives with the result has some."""

KIND_LEGITIMACY = {"regulator": 1.0, "payer": 1.0, "committee": 1.0, "patient_group": 0.7}
"""An office gives standing whoever holds it; a person, department or organisation has none by its kind alone."""

SEAT, COMMITTEE = 1.0, 0.7
PRIOR_NOMINATIONS = 2.0
"""As if this many more had been asked and had named somebody else: one nomination is not yet a standing."""

HORIZON_DAYS = 180

KEY = ["account_id", "stakeholder_id"]
TEN = 10.0
"""The top of the scales of interest and of judged influence."""

_TABLES = ("stakeholders", "ties", "accounts", "memberships", "trigger_events", "jobs", "job_ratings")
_SERVED, _RANGE = 5.0, 10.0
"""Opportunity which counts 0, and how much more counts 1."""


def seat_facts(eco: Ecosystem, measures: Measures) -> pd.DataFrame:
    """Rows of the measures with what the reference map says of each stakeholder and of its seat.

    Parameters
    ----------
    eco : Ecosystem
    measures : Measures
        With ``influence`` as the first measure: ranks are by it.

    Returns
    -------
    DataFrame
        In the order of the measures: ``account_id``, ``stakeholder_id``, ``influence``, ``rank`` (with its interval),
        ``kind``, ``group``, ``org_id``, ``decision_role``, ``role_slot``, ``stance``, ``interest``,
        ``influence_judged``.

    Raises
    ------
    InputError
        When influence is not the first measure.
    """
    eco = with_tables(eco, *_TABLES)
    ranks = [name for name in ("rank", "rank_low", "rank_high") if name in measures.table]
    if measures.names[:1] != ("influence",):
        raise InputError('Measure "influence" first, before any other: power and advocacy rest on its ranking.')
    nodes = measures.table[[*KEY, "influence", *ranks]]
    who = eco.tables["stakeholders"].set_index("stakeholder_id")[["kind", "group", "org_id"]]
    seats = eco.current("memberships")
    seats = seats.assign(account_id=seats["account_id"].fillna(SINGLE_ACCOUNT))
    seats = seats.sort_values([*KEY, "valid_from", "as_of"], kind="stable", na_position="first")
    seats = seats.drop_duplicates(KEY, keep="last").set_index(KEY)
    columns = ["decision_role", "role_slot", "stance", "interest", "influence_judged"]
    return nodes.join(who, on="stakeholder_id").join(seats[columns], on=KEY).reset_index(drop=True)


def power_parts(nodes: pd.DataFrame) -> dict[str, Array]:
    """Place in the influence ranking, and what the decision role gives."""
    return {"influence": percentile(nodes, "rank"), "role_power": _by_word(nodes["decision_role"], ROLE_POWER)}


def _by_word(words: pd.Series, numbers: Mapping[str, float]) -> Array:
    return np.asarray(words.map(dict(numbers)), dtype=np.float64)


def percentile(nodes: pd.DataFrame, column: str) -> Array:
    """Place in the ranking of the account, 1 first and 0 last; equals share the middle of their places.

    NaN where everybody has one rank, or is alone: such a ranking says nothing.
    """
    n = nodes.groupby("account_id")["rank"].transform("size").to_numpy(dtype=np.float64)
    tied = nodes.groupby(["account_id", column])[column].transform("size").to_numpy(dtype=np.float64)
    equals = nodes.groupby(["account_id", "rank"])["rank"].transform("size").to_numpy(dtype=np.float64)
    middle = nodes[column].to_numpy(dtype=np.float64) + (tied - 1.0) / 2.0 * (column == "rank")
    return np.where(equals < n, (n - middle) / np.maximum(n - 1.0, 1.0), np.nan)


def legitimacy_parts(eco: Ecosystem, nodes: pd.DataFrame) -> dict[str, Array]:
    """Grounds of legitimacy, NaN where a ground is not there: role, seat, office, committee, nominations."""
    eco = with_tables(eco, *_TABLES)
    ties = ties_in_accounts(eco, None, account_ids(eco, None))
    named = _named_by(ties, nodes)
    return {
        "role_legitimacy": _by_word(nodes["decision_role"], ROLE_LEGITIMACY),
        "seat": np.where(nodes["role_slot"].notna(), SEAT, np.nan),
        "office": _by_word(nodes["kind"], KIND_LEGITIMACY),
        "committee": np.where(_in_committee(eco, ties, nodes), COMMITTEE, np.nan),
        "nominations": np.where(named > 0, named / (named + PRIOR_NOMINATIONS), np.nan),
    }


def _named_by(ties: pd.DataFrame, nodes: pd.DataFrame) -> Array:
    """How many people in the account named each stakeholder, for, as one who moves them."""
    ties = ties[(ties["evidence_kind"] == "nominated") & (ties["sign"] > 0) & (ties["arcs"] != BOTH)]
    pairs = arcs_of(ties)[["account", "from", "to"]].drop_duplicates()
    return _counted(pairs, "from", nodes)


def _in_committee(eco: Ecosystem, ties: pd.DataFrame, nodes: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a stakeholder is a member of a committee, by a tie in the account or as its organisation."""
    people = eco.tables["stakeholders"]
    committees = people.loc[people["kind"] == "committee", "stakeholder_id"]
    ties = ties[(ties["kind"] == "member_of") & ties["target"].isin(committees)]
    return (_counted(ties[["account", "source"]], "source", nodes) > 0) | nodes["org_id"].isin(committees).to_numpy()


def _counted(pairs: pd.DataFrame, column: str, nodes: pd.DataFrame) -> Array:
    """Rows which name each node."""
    counts = pairs.groupby(["account", column]).size()
    found = counts.reindex(pd.MultiIndex.from_frame(nodes[KEY])).fillna(0)
    return np.asarray(found, dtype=np.float64)


def urgency_parts(eco: Ecosystem, nodes: pd.DataFrame, opportunities: pd.DataFrame | None) -> dict[str, Array]:
    """Events which name the stakeholder, the most unmet job of its group, and interest."""
    eco = with_tables(eco, *_TABLES)
    jobs = rated(eco) if opportunities is None else opportunities
    unmet = ((jobs["quartile"].astype(float) - _SERVED) / _RANGE).clip(0.0, 1.0)
    best = unmet.groupby([jobs["account_id"], jobs["group"]]).max()
    groups = pd.MultiIndex.from_frame(nodes[["account_id", "group"]])
    return {
        "events": _events(eco, nodes),
        "jobs": best.reindex(groups).to_numpy(dtype=np.float64),
        "interest": (nodes["interest"] / TEN).to_numpy(dtype=np.float64),
    }


def _events(eco: Ecosystem, nodes: pd.DataFrame) -> Array:
    """Chance that a pending event which names the stakeholder opens, by its nearness.

    0 for those whom none names; NaN where no events are recorded in the account, or today is unknown. An event without
    a probability counts .5.
    """
    events = eco.current("trigger_events")
    if eco.as_of is None:
        return np.full(len(nodes), np.nan)
    recorded = nodes["account_id"].isin(events["account_id"])
    day = pd.Timestamp(eco.as_of)
    events = events[events["status"].isin(["watch", "open"]) | events["status"].isna()]
    dated = events["window_start"].notna() | events["window_end"].notna()
    events = events[dated & ~(events["window_end"] < day) & events["stakeholder_id"].notna()]
    ahead = (events["window_start"] - day).dt.days.clip(lower=0).fillna(0.0)
    near = (1.0 - ahead / HORIZON_DAYS).clip(lower=0.0)
    miss = 1.0 - events["probability"].fillna(BLANK) * near
    chance = 1.0 - miss.groupby([events[name] for name in KEY]).prod()
    found = chance.reindex(pd.MultiIndex.from_frame(nodes[KEY])).fillna(0.0)
    return np.where(recorded, found.to_numpy(dtype=np.float64), np.nan)
