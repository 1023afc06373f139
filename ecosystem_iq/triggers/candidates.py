"""Who may be engaged, what moving them is worth, and what it costs.

Some people decide and are never to be targeted: regulators, the own team, those who act in a formulary, HTA or
procurement role, and holders of a declared conflict. They stay in the network (others may move them by argument), but
are never chosen, in no account.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.engagement import FORMAL_ROLES
from ecosystem_iq.network.value import stakeholder_value
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.triggers.facts import KEY, completed, newest_seats, node_facts

_REFUSED = "decides, do not target: "
_ROLE_WORDS = (
    r"\bformular|\bhta\b|technology (?:assessment|appraisal)|procure|purchas|\btender|reimbursement|"
    r"pharmacy (?:and|&) therapeutics|drugs? (?:and|&) therapeutics|\bp ?(?:and|&) ?t\b"
)
_BUYING_GROUPS = ("pharmacy", "payer", "finance_procurement")
_UNIT_COST = 1.0


def trigger_candidates(eco: Ecosystem, graph: InfluenceGraph) -> pd.DataFrame:
    """Every stakeholder of every account with its value, its cost, and whether it may be engaged.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph

    Returns
    -------
    DataFrame
        One row a node, in the order of the graph: ``account_id``, ``stakeholder_id``, ``value`` (0 or more, of one kind
        in each account), ``cost`` (own effort; 1 where unknown), ``eligible``, ``reason`` (empty when eligible).

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a"], ["b"], 0.5)
    >>> trigger_candidates(Ecosystem({}, None), graph)["eligible"].tolist()
    [True, True]
    """
    eco = completed(eco)
    facts = node_facts(eco, graph)
    reason = _reasons(eco, facts)
    table = facts[KEY].copy()
    table["value"] = stakeholder_value(eco, graph)
    table["cost"] = facts["engagement_cost"].fillna(_UNIT_COST).to_numpy(dtype=np.float64)
    table["eligible"] = (reason == "").to_numpy()
    table["reason"] = reason.astype("str")
    return table


def _reasons(eco: Ecosystem, facts: pd.DataFrame) -> pd.Series:
    """Why each node is not to be targeted; empty where it may be."""
    member = facts["stakeholder_id"].map(_acting(eco)).astype("str")
    grounds: list[tuple[pd.Series, Any]] = [
        (facts["kind"] == "regulator", "regulator"),
        ((facts["kind"] == "own_team") | (facts["group"] == "own_company"), "own team"),
        (member.notna(), member.fillna("")),
        (facts["declared_conflict"].fillna(value=False).astype(bool), "declared conflict of interest"),
    ]
    result = pd.Series("", index=facts.index, dtype="str")
    for holds, text in grounds:
        result = result.mask(holds & (result == ""), _REFUSED + text)
    return result


def _acting(eco: Ecosystem) -> dict[str, str]:
    """Stakeholders who act in a formulary, HTA or procurement role in any account, with how that is known."""
    holders = [None, *filter(None, [eco.settings.own_company])]
    seats = pd.concat([newest_seats(eco, holder).reset_index() for holder in holders])
    people = eco.tables["stakeholders"]
    slots = seats[_says(seats["role_slot"])]
    committees = people[people["kind"] == "committee"]
    buying = committees[_says(committees["name"]) | _says(committees["title"])]
    decides = seats.loc[seats["decision_role"].isin(FORMAL_ROLES), "stakeholder_id"]
    buying = pd.concat(
        [
            buying,
            committees[committees["stakeholder_id"].isin(slots["stakeholder_id"])],
            committees[committees["group"].isin(_BUYING_GROUPS) & committees["stakeholder_id"].isin(decides)],
        ]
    ).drop_duplicates("stakeholder_id")
    names = dict(zip(buying["stakeholder_id"], buying["name"], strict=True))
    found = dict.fromkeys(sorted(names), "formulary, HTA or procurement committee")
    found |= {who: f"member of {names[where]}" for who, where in _members(eco, holders, set(names))}
    slot = slots.sort_values("role_slot").drop_duplicates("stakeholder_id")
    roles = slot["role_slot"].str.replace("_", " ")
    return found | {who: f"acts as {role}" for who, role in zip(slot["stakeholder_id"], roles, strict=True)}


def _members(eco: Ecosystem, holders: list[str | None], committees: set[str]) -> list[tuple[str, str]]:
    """Pairs (stakeholder, committee): who sits on which of these committees."""
    ties = pd.concat([eco.current("ties", holder) for holder in holders])
    sits = ties.loc[ties["kind"] == "member_of", ["source", "target"]]
    people = eco.tables["stakeholders"]
    belongs = people[["stakeholder_id", "org_id"]].set_axis(["source", "target"], axis=1)
    pairs = pd.concat([sits, belongs])
    pairs = pairs[pairs["target"].isin(committees)].sort_values(["source", "target"])
    return list(pairs.itertuples(index=False, name=None))


def _says(text: pd.Series) -> pd.Series:
    """Whether a text names a formulary, HTA or procurement role."""
    plain = text.fillna("").str.replace(r"[_\-/]+", " ", regex=True)
    return plain.str.contains(_ROLE_WORDS, case=False, regex=True)
