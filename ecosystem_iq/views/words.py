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
    >>> human("NHS advice")
    'NHS advice'
    """
    if word is None or pd.isna(word):  # type: ignore[call-overload]
        return ""
    spaced = str(word).replace("_", " ").strip()
    return _SPECIAL.get(str(word), spaced[:1].upper() + spaced[1:])


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
    """A share in per cent; number and sign stay on one line.

    Examples
    --------
    >>> percent(0.214).split()
    ['21', '%']
    """
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def text(value: object) -> str:
    """A text cell, blank where missing."""
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def number(value: float | None, digits: int = 6) -> float | None:
    """A number rounded to significant digits, None where missing.

    Examples
    --------
    >>> number(1 / 3, 3), number(float("nan"))
    (0.333, None)
    """
    return None if value is None or pd.isna(value) else float(f"{value:.{digits}g}")
