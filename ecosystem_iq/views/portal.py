"""The index of a published assessment as a payload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.network import Measures
from ecosystem_iq.network.graph import SINGLE_ACCOUNT
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.views.benchmark import benchmark_findings, company_names
from ecosystem_iq.views.network import account_name, notice
from ecosystem_iq.views.words import human, plural

_FINDINGS = 3


def portal_view(assessment: Assessment, hrefs: Mapping[str, str], tables: Sequence[str]) -> dict[str, Any]:
    """Everything the index shows.

    Parameters
    ----------
    assessment : Assessment
    hrefs : mapping of str to str
        Page of each account, by account id; ``benchmark`` is looked up under ``""``.
    tables : sequence of str
        Relative paths of the tables beside it.

    Returns
    -------
    dict
        Plain values only.
    """
    eco, card = assessment.ecosystem, assessment.scorecard
    benchmark = None
    if card is not None and "" in hrefs:
        names = company_names(assessment)
        leader = names[card.table["company_id"].iloc[0]] if card.table["ranked"].any() else ""
        benchmark = {"href": hrefs[""], "leader": leader, "companies": len(card.table)}
    return {
        "page": "portal",
        "title": eco.settings.title or "Ecosystem map",
        "subtitle": _subtitle(assessment),
        "notice": notice(eco),
        "findings": findings(assessment),
        "benchmark": benchmark,
        "accounts": _accounts(assessment, hrefs),
        "tables": [{"label": path.rsplit("/", 1)[-1], "href": path} for path in tables],
        "links": [],
    }


def findings(assessment: Assessment) -> list[str]:
    """The three sentences a run ends with."""
    found: list[str] = []
    if assessment.scorecard is not None:
        found += benchmark_findings(assessment.scorecard, company_names(assessment))
    if assessment.measures is not None and len(assessment.measures.table):
        found[2:2] = [_surest(assessment.ecosystem, assessment.measures)]
    return found[:_FINDINGS]


def _surest(eco: Ecosystem, measures: Measures) -> str:
    """In how many accounts the most influential stakeholder is beyond doubt."""
    first = measures.table.drop_duplicates("account_id")
    sure = first[(first["rank"] == 1) & (first["rank_high"] == 1)]
    if len(first) == 1:
        name = eco.tables["stakeholders"].set_index("stakeholder_id")["name"][first["stakeholder_id"].iloc[0]]
        return f"{name} is the most influential of {plural(len(measures.table), 'stakeholder')}."
    return (
        f"In {len(sure)} of {plural(len(first), 'account')} one stakeholder is the most influential beyond doubt; "
        "in the others several compete for the first place."
    )


def _subtitle(assessment: Assessment) -> str:
    eco = assessment.ecosystem
    parts = []
    if assessment.graph is not None:
        parts.append(plural(len(assessment.graph.account_ids), "account"))
        parts.append(plural(len(eco.tables["stakeholders"]), "stakeholder"))
    if assessment.scorecard is not None:
        parts.append(plural(len(assessment.scorecard.table), "company"))
    return " · ".join(parts + ([f"as of {eco.as_of.isoformat()}"] if eco.as_of else []))


def _accounts(assessment: Assessment, hrefs: Mapping[str, str]) -> list[dict[str, Any]]:
    graph, measures, eco = assessment.graph, assessment.measures, assessment.ecosystem
    if graph is None or measures is None:
        return []
    names = eco.tables["stakeholders"].set_index("stakeholder_id")["name"]
    first = measures.table.drop_duplicates("account_id").set_index("account_id")["stakeholder_id"].map(names)
    kinds = eco.tables["accounts"].set_index("account_id")["kind"]
    return [
        {
            "name": account_name(eco, account),
            "href": hrefs[account],
            "kind": "" if account == SINGLE_ACCOUNT and account not in kinds.index else human(kinds[account]),
            "stakeholders": int(graph.sizes[code]),
            "ties": int(graph.ties[code]),
            "most_influential": str(first.get(account, "")),
            "branching": round(float(graph.branching[code]), 3),
        }
        for code, account in enumerate(graph.account_ids)
        if account in hrefs
    ]
