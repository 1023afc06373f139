"""Whom to engage next in one account, what they need and what they have at stake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.value import value_table
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.views.people import COVERED, days, positions, texts
from ecosystem_iq.views.visibility import shown
from ecosystem_iq.views.words import human, number, text

NOTICE = (
    "For human review: no automated decision is made here. Regulators, own staff, members of deciding committees and "
    "people with a declared conflict are never suggested. Reach rests on assumed tie strengths: no forecast."
)
_FORMS = {"top_box": "top box", "mean": "mean"}


def trigger_rows(
    assessment: Assessment, people: pd.DataFrame, matrix: csr_array, account: str
) -> dict[str, Any] | None:
    """Whom to engage next, and who decides and is not to be targeted; None where nobody was ranked.

    Parameters
    ----------
    assessment : Assessment
    people : DataFrame
        Most influential first.
    matrix : csr_array
        Ties for, in the order of ``people``.
    account : str
    """
    if assessment.triggers is None:
        return None
    place = positions(people)
    chosen, refused = (
        table[table["account_id"] == account].assign(node=lambda rows: rows["stakeholder_id"].map(place))
        for table in (assessment.triggers.table, assessment.triggers.refused)
    )
    chosen, refused = (table.dropna(subset=["node"]) for table in (chosen, refused))
    way_in = _way_in(people, matrix)
    return {
        "notice": NOTICE,
        "rows": [_trigger(row, way_in) for row in chosen.sort_values("rank", kind="stable").to_dict("records")],
        "refused": [
            {"node": int(row["node"]), "reason": text(row["reason"])}
            for row in refused.sort_values("node").to_dict("records")
        ],
    }


def _trigger(row: Mapping[Any, Any], way_in: list[str]) -> dict[str, Any]:
    node = int(row["node"])
    ends = [None if pd.isna(row[end]) else f"{row[end]:%Y-%m-%d}" for end in ("window_start", "window_end")]
    contact = human(row["contact_depth"])
    known = f"moved by {way_in[node]}, whom you know" if way_in[node] else ""
    return {
        "node": node,
        "rank": int(row["rank"]),
        **{name: number(row[name], 3) for name in ("reach", "reach_se", "score")},
        "reason": text(row["reason"]),
        "event": text(row["event"]),
        "window": [ends[0] or ends[1], ends[1] or ends[0]] if any(ends) else None,
        "through": " · ".join(part for part in (contact and f"Contact so far: {contact.lower()}", known) if part),
    }


def _way_in(people: pd.DataFrame, matrix: csr_array) -> list[str]:
    """Who among those in contact moves each stakeholder most: blank where nobody does."""
    known = np.flatnonzero(people["contact_depth"].isin(COVERED))
    arcs = csr_array(matrix[known]).tocoo()
    order = np.lexsort((known[arcs.row], -arcs.data, arcs.col))
    head, first = np.unique(arcs.col[order], return_index=True)
    mover, names = known[arcs.row[order][first]], texts(people["name"])
    found = [""] * len(people)
    for node, by in zip(head.tolist(), mover.tolist(), strict=True):
        found[node] = names[by]
    return found


def job_rows(assessment: Assessment, account: str) -> dict[str, list[dict[str, Any]]]:
    """Jobs of each group in an account, largest opportunity (lower quartile) first."""
    if assessment.opportunities is None or assessment.opportunities.empty:
        return {}
    rows = assessment.opportunities[assessment.opportunities["account_id"] == account]
    rows = rows.join(assessment.ecosystem.tables["jobs"].set_index("job_id")["statement"], on="job_id")
    rows = rows.assign(group=rows["group"].fillna("other")).sort_values(
        ["group", "quartile", "statement"], ascending=[True, False, True], kind="stable"
    )
    return {
        str(group): [_job(row) for row in here.to_dict("records")] for group, here in rows.groupby("group", sort=True)
    }


def _job(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "statement": text(row["statement"]),
        "category": human(row["category"]),
        "stage": human(row["funnel_stage"]),
        **{name: number(row[name], 3) for name in ("opportunity", "quartile", "low", "high")},
        "n": int(row["n"]),
        "form": _FORMS.get(row["form"], text(row["form"])),
        "band": text(row["band"]),
    }


def best_opportunity(assessment: Assessment, people: pd.DataFrame, account: str) -> list[float | None]:
    """Lower quartile of the best opportunity among the jobs of each stakeholder's group, None where none was rated."""
    if assessment.opportunities is None or assessment.opportunities.empty:
        return [None] * len(people)
    rows = assessment.opportunities[assessment.opportunities["account_id"] == account]
    best = rows.groupby("group")["quartile"].max()
    return [number(value, 3) for value in people["group"].map(best.astype(float))]


def account_values(eco: Ecosystem, people: pd.DataFrame, account: str) -> pd.DataFrame:
    """Figures of value of one account, with the position of each stakeholder."""
    ids = people["stakeholder_id"]
    rows = shown(eco.tables["values"])
    rows = rows[rows["stakeholder_id"].isin(ids) & (rows["account_id"].isna() | (rows["account_id"] == account))]
    few = replace(eco, tables={**eco.tables, "values": rows})
    found = value_table(few, _alone(ids, account)) if len(rows) else pd.DataFrame(columns=_VALUES)
    return found.assign(position=found["stakeholder_id"].map(positions(people)))


def _alone(stakeholders: pd.Series, account: str) -> InfluenceGraph:
    """Stakeholders of one account without their ties: values must not be worked out for all other accounts as well."""
    alone = InfluenceGraph.from_edges([], [], [], ids=sorted(stakeholders))
    return replace(alone, account=np.full(len(alone), account, dtype=object), account_ids=(account,))


_VALUES = ["account_id", "stakeholder_id", "value_type", "perspective", "share", "amount", "currency"]


def value_rows(values: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Figures of each stakeholder, by position."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in values.sort_values("position", kind="stable").to_dict("records"):
        rows.setdefault(str(int(row["position"])), []).append(
            {
                "type": human(row["value_type"]),
                "perspective": human(row["perspective"]).lower(),
                "share": number(row["share"], 3),
                "amount": _amount(row["amount"], row["currency"]),
            }
        )
    return rows


def _amount(amount: Any, currency: object) -> str | None:
    return None if pd.isna(amount) else f"{text(currency)} {amount:,.0f}".strip()


def note_rows(eco: Ecosystem, people: pd.DataFrame, account: str) -> list[dict[str, Any]]:
    """What the user's own ``note`` columns say of stakeholders, of their seats and of the account."""
    place = positions(people)
    seats = eco.current("memberships")
    parts = [
        (eco.tables["stakeholders"], "stakeholder_id", "as_of"),
        (seats[seats["account_id"].isna() | (seats["account_id"] == account)], "stakeholder_id", "as_of"),
    ]
    found: list[dict[str, Any]] = []
    accounts = eco.tables["accounts"]
    if "note" in accounts:
        texts = accounts.loc[accounts["account_id"] == account, "note"].dropna()
        found += [{"text": str(note), "node": None, "date": ""} for note in texts]
    for rows, who, when in parts:
        if "note" in rows:
            here = shown(rows).dropna(subset=["note"])
            here = here.assign(node=here[who].map(place), day=days(here[when])).dropna(subset=["node"])
            here = here.sort_values(["node", "day", "note"], kind="stable")
            found += [
                {"text": str(note), "node": int(node), "date": day}
                for note, node, day in zip(here["note"], here["node"], here["day"], strict=True)
            ]
    return found
