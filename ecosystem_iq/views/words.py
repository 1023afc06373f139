"""Words of the schema as people read them."""

from __future__ import annotations

import pandas as pd

_SPECIAL = {
    "idn": "Integrated delivery network",
    "ics": "Integrated care system",
    "aco": "Accountable care organisation",
    "digital_it": "Digital and IT",
    "finance_procurement": "Finance and procurement",
    "patient_public": "Patients and public",
    "research_academia": "Research and academia",
    "quality_pathway": "Quality and pathway",
    "in_depth": "In depth",
    "none": "",
}


def human(word: object) -> str:
    """A word of the schema as a label; blank stays blank.

    Examples
    --------
    >>> human("decision_maker"), human("idn"), human(None)
    ('Decision maker', 'Integrated delivery network', '')
    """
    if word is None or pd.isna(word):  # type: ignore[call-overload]
        return ""
    text = str(word)
    return _SPECIAL.get(text, text.replace("_", " ").strip().capitalize())


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "tie"), plural(1200, "company")
    ('1 tie', '1,200 companies')
    """
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {noun[:-1]}ies" if noun.endswith("y") else f"{count:,} {noun}s"


def percent(share: float) -> str:
    """A share in per cent.

    Examples
    --------
    >>> percent(0.214)
    '21 %'
    """
    return f"{100 * share:.0f} %"


def text(value: object) -> str:
    """A text cell, blank where missing."""
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
