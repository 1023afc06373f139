"""Tables ↔ text in the canonical form, and the template of a new workspace."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.schema import Table


def table_text(frame: pd.DataFrame) -> str:
    r"""A table as canonical CSV: comma, ISO dates, ``\n``, blank for missing, 10 significant digits."""
    text = _csv(frame)
    return text if "\r" not in text else _csv(frame.replace(r"\r\n?", "\n", regex=True))  # a bare \r would end the row


def spreadsheet_text(frame: pd.DataFrame) -> str:
    """A table for people who open it in a spreadsheet: text which would run as a formula is quoted with ``'``.

    Examples
    --------
    >>> print(spreadsheet_text(pd.DataFrame({"name": ["=1+1", "Ann"], "x": [-1, 2]})), end="")
    name,x
    '=1+1,-1
    Ann,2
    """
    texts = frame.select_dtypes(include=["str", "object"])
    quoted = {str(name): cells.where(~_runs(cells), "'" + cells.astype("str")) for name, cells in texts.items()}
    return table_text(frame.assign(**quoted))


def _runs(cells: pd.Series) -> pd.Series:
    """Whether a spreadsheet would read a text as a formula."""
    return cells.map(lambda cell: isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")))


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d", float_format="%.10g")


def settings_text(settings: Mapping[str, Any]) -> str:
    """``workspace.toml`` from nested values; plain keys first, then sections.

    Examples
    --------
    >>> print(settings_text({"title": "Test", "influence": {"damping": 0.9}}), end="")
    title = "Test"
    <BLANKLINE>
    [influence]
    damping = 0.9
    """
    plain = {key: value for key, value in settings.items() if not isinstance(value, Mapping)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for section, values in settings.items():
        if isinstance(values, Mapping):
            lines += ["", f"[{_key(section)}]", *(f"{_key(key)} = {_value(value)}" for key, value in values.items())]
    return "\n".join(lines).lstrip("\n") + "\n"


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _quoted(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)} = {_value(inner)}' for key, inner in value.items())}}}"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    """A TOML string: as in JSON, but without surrogates, and with DEL escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


_TEMPLATE_SETTINGS = """\
# Everything here is optional.
title = "My ecosystem"
# as_of = 2026-06-30          # "today" for every recency rule; default: the newest date in the data
# own_company = "co-1"        # whose contacts and targets are shown

[influence]
# half_life_months = 24       # an unconfirmed tie counts half after this time
# mean_branching = 0.8        # how many people an average stakeholder moves directly
"""

_TEMPLATE_READ_ME = """\
# A workspace

One CSV file a table; the first row names the columns. To draw a map, fill `stakeholders.csv` and `ties.csv`; to compare
companies, `companies.csv` and `scores.csv`. Replace the example rows, delete the files you do not need, then:

    ecosystem-iq check .
    ecosystem-iq view .

A tie from A to B means that A moves B's decision. Blank cells are fine except in the columns in **bold**.

"""


def template_files() -> dict[str, str]:
    """The files of an empty workspace: every table with its header and an example row.

    Returns
    -------
    dict of str to str
        ``workspace.toml``, ``README.md`` and a CSV file for each table, which together pass ``check``.
    """
    files = {f"{table.name}.csv": _template(table) for table in schema.TABLES}
    guide = "\n".join(_guide(table) for table in schema.TABLES)
    return {"workspace.toml": _TEMPLATE_SETTINGS, "README.md": _TEMPLATE_READ_ME + guide, **files}


def _template(table: Table) -> str:
    rows = [{column.name: column.example for column in table.columns}]
    if table.name == "stakeholders":  # a tie needs two ends
        rows.append({**rows[0], "stakeholder_id": "dr-second", "name": "Dr Second"})
    return table_text(pd.DataFrame(rows))


def _guide(table: Table) -> str:
    """Columns of a table with the words they take."""
    lines = [f"## {table.name}.csv: {table.purpose}", ""]
    for column in table.columns:
        name = f"**{column.name}**" if column.required else column.name
        lines.append(f"- {name}: {_meaning(column)}")
    return "\n".join(lines) + "\n"


def _meaning(column: schema.Column) -> str:
    if column.words:
        return " | ".join(column.words)
    if column.references:
        return f"a row of {column.references}.csv"
    kinds = {
        "date": "year-month-day",
        "flag": "yes or no",
        "list": "several, separated by |",
        "integer": "whole number",
    }
    if column.low is not None and column.high is not None:
        return f"number from {column.low:g} to {column.high:g}"
    return kinds.get(column.type, column.type)
