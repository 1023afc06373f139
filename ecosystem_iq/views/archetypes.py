"""Which kind of team each account calls for, as a payload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ecosystem_iq.archetypes import Archetypes
from ecosystem_iq.assessment import Assessment
from ecosystem_iq.errors import InputError
from ecosystem_iq.views.network import account_name, notice
from ecosystem_iq.views.words import human, number, plural, text


def archetypes_view(
    assessment: Assessment, hrefs: Mapping[str, str], links: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    """Everything the archetypes page shows.

    Parameters
    ----------
    assessment : Assessment
        With archetypes.
    hrefs : mapping of str to str
        Page of each account, by account id.
    links : sequence of dict

    Returns
    -------
    dict
        Plain values only: no NaN, no identifiers.
    """
    found, features, eco = assessment.archetypes, assessment.features, assessment.ecosystem
    if found is None or features is None:
        raise InputError("There are no archetypes: they need stakeholders.csv and ties.csv.")
    library = found.library
    clusters = _clusters(assessment)
    kinds = eco.tables["accounts"].set_index("account_id")["kind"]
    names = {entry.id: entry.label for entry in library.prototypes}
    scaled = features.set_index("account_id")
    return {
        "page": "archetypes",
        "title": "Archetypes",
        "subtitle": _subtitle(assessment),
        "notice": notice(eco),
        "findings": archetype_findings(assessment),
        "archetypes": [
            {
                "id": entry.id,
                "label": entry.label,
                "when": entry.when,
                "engagement": entry.engagement,
                "personas": [human(persona) for persona in entry.personas],
                "count": int((found.table["archetype_id"] == entry.id).sum()),
            }
            for entry in library.prototypes
        ],
        "features": [{"id": f.id, "label": f.label, "meaning": f.meaning} for f in library.features],
        "accounts": [
            {
                "name": account_name(eco, row["account_id"]),
                "href": hrefs.get(row["account_id"], ""),
                "kind": human(kinds.get(row["account_id"])),
                "label": row["label"],
                "archetype_id": text(row["archetype_id"]) or None,
                "second": names.get(text(row["second_id"]), ""),
                **{name: number(row[name]) for name in ("p_first", "p_second", "distance")},
                "features": {f.id: number(scaled.loc[row["account_id"], f.id]) for f in library.features},
                "reasons": [reason for reason in text(row["reasons"]).split("; ") if reason],
                "cluster": clusters.get(row["account_id"]),
            }
            for row in found.table.to_dict("records")
        ],
        "clusters": _note(assessment),
        "links": list(links),
    }


def archetype_findings(assessment: Assessment) -> list[str]:
    """How many accounts have a name, and which is the most frequent."""
    found = assessment.archetypes
    if found is None or found.table.empty:
        return []
    named = _named(found)
    accounts = plural(len(found.table), "account")
    said = [f"{len(named)} of {accounts} fit one archetype; the others are blends, fit none, or lack data."]
    if len(named):
        count = named["label"].value_counts()
        first = sorted(count.index[count == count.max()])
        each = ", each" if len(first) > 1 else ""
        verb = "are" if len(first) > 1 else "is"
        said.append(f"The most frequent {verb} {' and '.join(first)} ({plural(int(count.max()), 'account')}{each}).")
    return said


def _named(found: Archetypes) -> pd.DataFrame:
    return found.table[found.table["archetype_id"].notna() & (found.table["archetype_id"] != "")]


def _clusters(assessment: Assessment) -> dict[str, int]:
    discovery = assessment.discovery
    if discovery is None:
        return {}
    return {str(a): int(c) for a, c in discovery.table[["account_id", "cluster"]].to_numpy()}


def _note(assessment: Assessment) -> dict[str, Any]:
    discovery = assessment.discovery
    if discovery is None:
        return {"k": 0, "note": "Too few accounts to look for groups in them."}
    return {"k": int(discovery.k), "note": discovery.note}


def _subtitle(assessment: Assessment) -> str:
    eco, found = assessment.ecosystem, assessment.archetypes
    parts = [plural(len(found.table), "account")] if found is not None else []
    return " · ".join(parts + ([f"as of {eco.as_of.isoformat()}"] if eco.as_of else []))
