"""The tables of a workspace, declared once: columns, types, ranges, words, keys.

Readers, the validator, the templates of ``init`` and the documentation are all generated from these declarations, so a
column is added here and nowhere else. Nothing in this module reads data.

Conventions: identifiers are text always (leading zeros matter); dates are ISO 8601; several values in one cell are
separated by ``|``; a blank cell is missing; unknown columns are kept as attributes.
"""

from __future__ import annotations

from ecosystem_iq.schema.columns import Column, Table
from ecosystem_iq.schema.companies import COMPANIES
from ecosystem_iq.schema.ecosystem import ECOSYSTEM
from ecosystem_iq.schema.words import GROUPS, STANCES, TIE_KINDS

__all__ = [
    "BY_NAME",
    "GROUPS",
    "NEEDS",
    "NO_DATA_ABOUT_PATIENTS",
    "STANCES",
    "TABLES",
    "TIE_KINDS",
    "Column",
    "Table",
    "table",
]

TABLES: tuple[Table, ...] = (*ECOSYSTEM, *COMPANIES)
"""Every table a workspace may hold."""

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}

NEEDS: dict[str, tuple[str, ...]] = {
    "map": ("stakeholders", "ties"),
    "view": ("stakeholders", "ties"),
    "benchmark": ("companies", "scores"),
}
"""Tables without which a command cannot run."""

NO_DATA_ABOUT_PATIENTS = (
    r"^(patient_?(id|name|no|number)|mrn|medical_record.*|ssn(_.*)?|social_security.*|dea(_?(no|number|id))?|"
    r"nhs_?(no|number)|date_of_birth|birth_?date|dob)$"
)
"""Column names which are refused: nothing here needs data about a patient, or a number made for fraud."""


def table(name: str) -> Table:
    """The declaration of one table.

    Examples
    --------
    >>> table("ties").key[:3]
    ('holder', 'source', 'target')
    """
    return BY_NAME[name]
