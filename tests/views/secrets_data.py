"""An ecosystem in which every cell that must not leave the tables holds a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ecosystems import TODAY, ecosystem

from ecosystem_iq import schema
from ecosystem_iq.tables import Ecosystem

SECRET = "SECRET"
SHOWN = {
    "stakeholders": {"name", "title"},
    "ties": {"layer", "note"},
    "accounts": {"name"},
    "companies": {"name"},
    "evidence": {"title"},
    "memberships": {"owner"},
    "company_accounts": set[str](),
    "interactions": set[str](),
    "scores": set[str](),
    "trigger_events": {"name"},
    "jobs": {"statement"},
    "plan": set[str](),
}
"""Free text which pages show; everything else which is free text is a secret, identifiers first of all."""


def secret_ecosystem() -> Ecosystem:
    """Four people in one account, two companies, and secrets."""
    people = [f"{SECRET}-person-{k}" for k in range(4)]
    firms = [f"{SECRET}-company-{k}" for k in range(2)]
    account, paper = f"{SECRET}-account", f"{SECRET}-evidence"
    proof = {"evidence_id": paper}
    kinds = ("person", "organisation", "person", "committee")
    fixed: dict[str, list[dict[str, Any]]] = {
        "stakeholders": [
            {"stakeholder_id": p, "name": f"Name {k}", "title": "Title", "kind": kinds[k], "org_id": people[1]}
            for k, p in enumerate(people)
        ],
        "ties": [
            {"source": people[k], "target": people[k + 1], "layer": "Layer", "account_id": account} | proof
            for k in range(3)
        ],
        "accounts": [{"account_id": account, "name": "Account", "anchor_id": people[1]}],
        "memberships": [
            {"account_id": account, "stakeholder_id": p, "decision_role": "approver", "stance": "opponent"} | proof
            for p in people
        ],
        "companies": [{"company_id": f, "name": f"Firm {k}"} for k, f in enumerate(firms)],
        "company_accounts": [{"company_id": f, "account_id": account} for f in firms],
        "interactions": [
            {"interaction_id": f"{SECRET}-contact", "company_id": firms[0], "date": TODAY, "stakeholder_id": people[0],
             "direction": "inbound"}
        ],
        "scores": [
            {"company_id": f, "indicator_id": i, "value": 30 + 10 * k, "period": "2026"} | proof
            for k, f in enumerate(firms) for i in _indicators()
        ],
        "evidence": [{"evidence_id": paper, "kind": "document", "title": "Paper", "grade": "A"}],
        "trigger_events": [
            {"trigger_id": f"{SECRET}-event", "account_id": account, "stakeholder_id": people[0], "name": "Event",
             "kind": "policy", "window_start": TODAY, "status": "open", "probability": 0.5} | proof
        ],
        "jobs": [{"job_id": f"{SECRET}-job", "group": "clinician"}],
        "plan": [{"item_id": f"{SECRET}-plan", "company_id": firms[0], "level": "initiative", "account_id": account}],
    }  # fmt: skip
    return ecosystem(**{name: [_secrets(name) | row for row in rows] for name, rows in fixed.items()})


def _indicators() -> Iterator[str]:
    yield from (f"{axis}{k}" for axis in "RA" for k in range(1, 14))


def _secrets(name: str) -> dict[str, str]:
    """A secret in every free text column which no page shows, and in an attribute of the user's own."""
    held = {
        column.name: f"{SECRET}-{name}-{column.name}"
        for column in schema.table(name).columns
        if column.type in ("text", "list") and not column.words and not column.references
        and column.name not in SHOWN[name] and column.name not in ("period", "rater")
    }  # fmt: skip
    return {**held, "own_attribute": f"{SECRET}-{name}-attribute"}
