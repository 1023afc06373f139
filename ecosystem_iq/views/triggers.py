"""Whom to engage next, account by account, as a payload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.errors import InputError
from ecosystem_iq.views.network import account_name, notice
from ecosystem_iq.views.words import human, number, plural, text

CONDUCT = (
    "For human review: no automated decision is made here. Nobody is to be paid for influence; regulators, own staff, "
    "members of deciding committees and people with a declared conflict are never suggested. With opponents, the only "
    "step is to understand their concern and to offer evidence. Reach rests on assumed tie strengths: no forecast."
)


def triggers_view(
    assessment: Assessment, hrefs: Mapping[str, str], links: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    """Everything the page of trigger points shows.

    Parameters
    ----------
    assessment : Assessment
        With triggers.
    hrefs : mapping of str to str
        Page of each account, by account id.
    links : sequence of dict

    Returns
    -------
    dict
        Plain values only: no NaN, no identifiers.
    """
    triggers, graph, eco = assessment.triggers, assessment.graph, assessment.ecosystem
    if triggers is None or graph is None:
        raise InputError("There are no trigger points: they need stakeholders.csv and ties.csv.")
    people = eco.tables["stakeholders"].set_index("stakeholder_id")
    rows = triggers.table.join(people[["name", "title", "org_id"]], on="stakeholder_id")
    rows["org"] = rows["org_id"].map(people["name"])
    refused = triggers.refused.assign(name=triggers.refused["stakeholder_id"].map(people["name"]))
    return {
        "page": "triggers",
        "title": "Trigger points",
        "subtitle": _subtitle(assessment),
        "notice": notice(eco),
        "findings": trigger_findings(assessment),
        "conduct": CONDUCT,
        "accounts": [
            {
                "name": account_name(eco, account),
                "href": hrefs.get(account, ""),
                "rows": _rows(rows[rows["account_id"] == account], float(size)),
                "refused": [
                    {"name": text(name), "reason": text(reason)}
                    for name, reason in refused.loc[refused["account_id"] == account, ["name", "reason"]].to_numpy()
                ],
                "comparison": _comparison(triggers.comparison, account),
            }
            for account, size in zip(graph.account_ids, graph.sizes, strict=True)
        ],
        "links": list(links),
    }


def trigger_findings(assessment: Assessment) -> list[str]:
    """What the selection says, and whether it is better than simpler choices."""
    triggers = assessment.triggers
    if triggers is None or triggers.table.empty:
        return []
    beaten = _beaten(triggers.comparison)
    accounts = len(beaten)
    names = assessment.ecosystem.tables["stakeholders"].set_index("stakeholder_id")["name"]
    best = triggers.table.iloc[int(triggers.table["score"].to_numpy().argmax())]
    where = account_name(assessment.ecosystem, best["account_id"])
    simpler = "the most influential, the best connected and a random choice; elsewhere a simpler choice does as well"
    among = f"In {int(beaten.sum())} of {plural(accounts, 'account')}"
    clear = f"{among} these stakeholders can be expected to move clearly more than {simpler}."
    refused = plural(triggers.refused["stakeholder_id"].nunique(), "stakeholder")
    return [
        clear,
        f"The highest score is {names[best['stakeholder_id']]}'s in {where}: {best['reason'].rstrip('.')}.",
        f"{refused} may not be targeted, with the reason beside each.",
    ]


def _beaten(comparison: pd.DataFrame) -> pd.Series:
    """Whether the chosen set is clearly better than every other, by account.

    The yardstick is the reach to be expected when each stakeholder is won over with the chance which the other factors
    give: that is what the list is made for.
    """
    ours = comparison[comparison["method"] == "triggers"].set_index("account_id")[["likely_reach", "likely_reach_se"]]
    others = comparison[comparison["method"] != "triggers"]
    ours = ours.reindex(others["account_id"]).set_axis(others.index)
    error = (others["likely_reach_se"] ** 2 + ours["likely_reach_se"] ** 2) ** 0.5
    clear = ours["likely_reach"] - others["likely_reach"] > 2.0 * error
    return clear.groupby(others["account_id"]).all()


_METHODS = {
    "triggers": "These stakeholders",
    "influence": "Most influential",
    "ties": "Most ties",
    "random": "Random",
}


def _comparison(comparison: pd.DataFrame, account: str) -> list[dict[str, Any]]:
    here = {row["method"]: row for row in comparison[comparison["account_id"] == account].to_dict("records")}
    return [
        {"method": label, "reach": number(here[method]["likely_reach"]), "se": number(here[method]["likely_reach_se"])}
        for method, label in _METHODS.items()
        if method in here
    ]


def _rows(rows: pd.DataFrame, size: float) -> list[dict[str, Any]]:
    return [
        {
            "rank": int(row["rank"]),
            "name": text(row["name"]),
            "role": text(row["title"]),
            "organisation": text(row["org"]),
            "reach": number(row["reach"]),
            "reach_se": number(row["reach_se"]),
            "reach_share": number(row["reach"] / size),
            **{name: number(row[name]) for name in ("movability", "timing", "actionability", "score")},
            "type": text(row["type"]),
            "reason": text(row["reason"]),
            "event": _event(row),
            "through": " · ".join(part for part in (human(row["contact_depth"]), text(row["owner"])) if part),
        }
        for row in rows.to_dict("records")
    ]


def _event(row: Mapping[Any, Any]) -> str:
    name = text(row["event"])
    if not name:
        return ""
    ends = [f"{day:%Y-%m-%d}" for day in (row["window_start"], row["window_end"]) if not pd.isna(day)]
    return f"{name} ({' to '.join(ends)})" if ends else name


def _subtitle(assessment: Assessment) -> str:
    eco, graph = assessment.ecosystem, assessment.graph
    parts = [plural(len(graph.account_ids), "account")] if graph is not None else []
    return " · ".join(parts + ([f"as of {eco.as_of.isoformat()}"] if eco.as_of else []))
