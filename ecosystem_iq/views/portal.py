"""The index of a published assessment as a payload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.network import Measures
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.views.archetypes import archetype_findings
from ecosystem_iq.views.benchmark import benchmark_findings, company_names
from ecosystem_iq.views.network import account_name, notice
from ecosystem_iq.views.words import human, plural

_FINDINGS = 3


def portal_view(
    assessment: Assessment, accounts: Mapping[str, str], reports: Mapping[str, str], tables: Sequence[str]
) -> dict[str, Any]:
    """Everything the index shows.

    Parameters
    ----------
    assessment : Assessment
    accounts : mapping of str to str
        Page of each account, by account id.
    reports : mapping of str to str
        Pages ``benchmark``, ``triggers`` and ``archetypes``, as far as they are made.
    tables : sequence of str
        Relative paths of the tables beside it.

    Returns
    -------
    dict
        Plain values only.
    """
    eco = assessment.ecosystem
    return {
        "page": "portal",
        "title": eco.settings.title or "Ecosystem map",
        "subtitle": _subtitle(assessment),
        "notice": notice(eco),
        "findings": findings(assessment),
        "benchmark": _benchmark_card(assessment, reports.get("benchmark")),
        "triggers": _triggers_card(assessment, reports.get("triggers")),
        "archetypes": _archetypes_card(assessment, reports.get("archetypes")),
        "accounts": _accounts(assessment, accounts),
        "tables": [{"label": path.rsplit("/", 1)[-1], "href": path} for path in tables],
        "links": [],
    }


def _benchmark_card(assessment: Assessment, href: str | None) -> dict[str, Any] | None:
    card = assessment.scorecard
    if card is None or href is None:
        return None
    names = company_names(assessment)
    leader = names[card.table["company_id"].iloc[0]] if card.table["ranked"].any() else ""
    return {"href": href, "leader": leader, "companies": len(card.table)}


def _triggers_card(assessment: Assessment, href: str | None) -> dict[str, Any] | None:
    if assessment.triggers is None or href is None:
        return None
    accounts = int(assessment.triggers.table["account_id"].nunique())
    return {"href": href, "accounts": accounts, "headline": "Whom to engage next, why, and who must not be targeted"}


def _archetypes_card(assessment: Assessment, href: str | None) -> dict[str, Any] | None:
    found = assessment.archetypes
    if found is None or href is None:
        return None
    named, headline = int(found.table["archetype_id"].notna().sum()), archetype_findings(assessment)[-1]
    return {"href": href, "named": named, "accounts": len(found.table), "headline": headline}


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
    table = measures.table
    first = table[table["rank"] == 1]
    alone = first.drop_duplicates("account_id", keep=False)
    everybody, accounts = plural(len(table), "stakeholder"), table["account_id"].nunique()
    if accounts == 1 and len(first) > 1:
        return f"{len(first)} of {everybody} share the first place."
    if accounts == 1:
        name = eco.tables["stakeholders"].set_index("stakeholder_id")["name"][first["stakeholder_id"].iloc[0]]
        return f"{name} is the most influential of {everybody}."
    if table["rank_high"].isna().all():  # no intervals: no ties, or too many of them
        return f"In {len(alone)} of {plural(accounts, 'account')} one stakeholder is the most influential."
    sure = int((alone["rank_high"] == 1).sum())
    return (
        f"In {sure} of {plural(accounts, 'account')} one stakeholder is the most influential beyond doubt; "
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
