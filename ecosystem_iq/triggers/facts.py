"""What is known of every node of the graph: the stakeholder, its seat in the account, and what we have of it.

What is true of a seat (role, stance, adaptability) comes from the reference map. What belongs to a company (contact
depth, owner, cost) comes from the rows of the own company, and where these are blank, from the rows which name nobody.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.tables.validation import empty

KEY = ["account_id", "stakeholder_id"]
_WHO = ["name", "kind", "group", "org_id", "preferred_channels", "declared_conflict"]
_SEAT = ["decision_role", "role_slot", "stance", "adaptability"]
_COMPANY = ["contact_depth", "engagement_cost", "owner"]
_READ = ("stakeholders", "ties", "memberships", "values", "trigger_events", "plan")


def completed(eco: Ecosystem) -> Ecosystem:
    """The ecosystem with an empty table for each which this room reads and which is not there."""
    missing = {name: empty(schema.table(name)) for name in _READ if name not in eco.tables}
    return replace(eco, tables={**eco.tables, **missing}) if missing else eco


def node_facts(eco: Ecosystem, graph: InfluenceGraph) -> pd.DataFrame:
    """One row a node, in the order of the graph.

    Parameters
    ----------
    eco : Ecosystem
        With all tables.
    graph : InfluenceGraph

    Returns
    -------
    DataFrame
        ``account_id``, ``stakeholder_id``, then what the tables say of it; blank where they say nothing.
    """
    nodes = pd.DataFrame({"account_id": graph.account, "stakeholder_id": graph.ids}, dtype="str")
    who = eco.tables["stakeholders"].set_index("stakeholder_id")[_WHO]
    result = nodes.join(who, on="stakeholder_id").join(newest_seats(eco)[_SEAT], on=KEY)
    blank = newest_seats(eco)[_COMPANY]
    own = newest_seats(eco, eco.settings.own_company)[_COMPANY] if eco.settings.own_company else blank
    return result.join(own.combine_first(blank), on=KEY)


def newest_seats(eco: Ecosystem, holder: str | None = None) -> pd.DataFrame:
    """Memberships as a holder knows them, one for each stakeholder in an account, indexed by both."""
    rows = eco.current("memberships", holder)
    rows = rows.assign(account_id=rows["account_id"].fillna(SINGLE_ACCOUNT))
    rows = rows.sort_values([*KEY, "valid_from", "as_of"], kind="stable", na_position="first")
    return rows.drop_duplicates(KEY, keep="last").set_index(KEY)
