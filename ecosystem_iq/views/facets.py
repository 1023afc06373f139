"""What a map may be coloured, sized and filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ecosystem_iq.schema import STANCES
from ecosystem_iq.views.stances import STANCE_LABELS
from ecosystem_iq.views.words import human

_MEASURES = (
    ("influence", "Influence", "share", "Share of the account's influence, directly and through others."),
    ("brokerage", "Brokerage", "count", "Pairs between whom this stakeholder passes influence on."),
    ("reach", "Reach", "count", "Stakeholders expected to be moved within two steps, themselves included."),
    ("opportunity", "Opportunity", "score", "Best opportunity among the jobs of their group, 0-20, lower quartile."),
    ("value", "Value", "share", "Share of the account's value which they receive and create."),
)
_CONTACT = ("no_contact", "brief", "multiple", "in_depth")
_ROLES = ("decision_maker", "approver", "gatekeeper", "evaluator", "influencer", "user", "beneficiary")


def measure_list(nodes: dict[str, list[Any]]) -> list[dict[str, str]]:
    """The measures of which anything is known here; influence always."""
    return [
        {"id": name, "label": label, "unit": unit, "meaning": meaning}
        for name, label, unit, meaning in _MEASURES
        if name == "influence" or any(value is not None for value in nodes[name])
    ]


def facet_list(people: pd.DataFrame) -> list[dict[str, Any]]:
    """Categories of stakeholders beside their group: values in use, and the value of each stakeholder or -1."""
    settings = sorted(people["care_setting"].dropna().unique())
    stance = dict(zip(dict(STANCES), STANCE_LABELS, strict=True)) if people["stance"].notna().any() else {}
    contact, role = people["contact_depth"], people["decision_role"]
    facets = [
        _facet("care_setting", "Care setting", people["care_setting"], _used(people["care_setting"], settings)),
        _facet("decision_role", "Decision role", role, _used(role, _ROLES)),
        {**_facet("stance", "Stance", people["stance"], stance), "ordered": True},
        {**_facet("contact", "Contact", contact, _used(contact, _CONTACT)), "ordered": True},
    ]
    return [facet for facet in facets if facet["values"]]


def _used(words: pd.Series, known: Iterable[str]) -> dict[str, str]:
    """The known words which occur, in their order, as people read them."""
    present = set(words.dropna())
    return {word: human(word) for word in known if word in present}


def _facet(name: str, label: str, words: pd.Series, known: Mapping[str, str]) -> dict[str, Any]:
    place = {word: k for k, word in enumerate(known)}
    return {
        "id": name,
        "label": label,
        "values": list(known.values()),
        "of": [place.get(word, -1) for word in words.tolist()],
    }
