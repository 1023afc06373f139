"""The one validator: every rule of the schema, in one pass, run by DuckDB.

Errors make a row unusable. With ``keep_going`` such rows are set aside, and the rules run again on what is left (a row
which named a rejected row is now dangling), until nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem_iq import schema
from ecosystem_iq.errors import Problem, did_you_mean
from ecosystem_iq.tables.cycles import cycle_rules
from ecosystem_iq.tables.observations import observe
from ecosystem_iq.tables.readers import RawTables
from ecosystem_iq.tables.rules import Rule, quoted, relation, rules, select_typed

_HINTED_PER_RULE = 20
_LONGEST_HINTED = 200


@dataclass
class Validated:
    """What is left after validation.

    Attributes
    ----------
    tables : dict of str to pandas.DataFrame
        Typed, all declared columns present, indexed by the row of the file.
    rejected : dict of str to pandas.DataFrame
        Rows set aside, as text, with ``row`` and ``reason``.
    problems : list of Problem
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    rejected: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Findings:
    """The problems of one pass, and the rows behind its errors with the reason."""

    problems: list[Problem] = field(default_factory=list)
    rows: dict[str, dict[int, str]] = field(default_factory=dict)

    def add(self, rule: Rule, rows: list[tuple[int, Any]], explain: Callable[[Rule, Any], str]) -> None:
        for position, (row, value) in enumerate(rows[: rule.shown]):
            hint = explain(rule, value) if position < _HINTED_PER_RULE else rule.hint
            self.problems.append(_problem(rule, row, value, hint))
        if len(rows) > rule.shown:
            row, more = rows[rule.shown][0], len(rows) - rule.shown - 1
            message = f"has the same fault, as have {more:,} more rows." if more else "has the same fault."
            self.problems.append(Problem(rule.level, rule.code, f"{rule.table}.csv", row, rule.column, None, message))
        if rule.level == "error" and rows:
            reasons = self.rows.setdefault(rule.table, {})
            for row, value in rows:
                reason = f"{rule.column}: {_message(rule, value)}"
                reasons[row] = f"{reasons[row]} {reason}" if row in reasons else reason


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB which downloads nothing, ever."""
    offline: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    connection = duckdb.connect(config=offline)
    connection.execute("SET enable_progress_bar = false")
    return connection


def validate(raw: RawTables, *, keep_going: bool = False, allow_undeclared: bool = False) -> Validated:
    """Run every rule on the tables which were read.

    Parameters
    ----------
    raw : RawTables
    keep_going : bool
        Set rows with errors aside instead of only reporting them.
    allow_undeclared : bool
        Opinions about persons without a lawful basis are a warning, not an error.

    Returns
    -------
    Validated
        ``tables`` is meaningful only when no error is left.
    """
    result = Validated(problems=list(raw.problems), rejected=_ragged(raw.problems) if keep_going else {})
    tables = dict(raw.tables)
    with connect() as connection:
        _build(connection, tables, raw.decimals)
        findings = _run(connection, tables, allow_undeclared=allow_undeclared)
        result.problems.extend(findings.problems)
        while keep_going and findings.rows:
            tables = {name: _set_aside(table, name, findings, result) for name, table in tables.items()}
            _build(connection, tables, raw.decimals)
            findings = _run_again(connection, tables)
            result.problems.extend(findings.problems)
        result.problems.extend(observe(connection, set(tables)))
        result.tables = {name: _fetch(connection, name) for name in tables}
    return result


def _ragged(problems: list[Problem]) -> dict[str, pd.DataFrame]:
    """Rows which the reader had to leave out, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for problem in problems:
        if problem.code == "ragged_row":
            entry = {"row": problem.row, "text": problem.value, "reason": problem.message}
            found.setdefault(problem.table.removesuffix(".csv"), []).append(entry)
    return {name: pd.DataFrame(rows) for name, rows in found.items()}


def _build(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], decimals: Mapping[str, str]) -> None:
    """Make the typed tables afresh."""
    for name, table in tables.items():
        connection.register(f"r_{name}", table)
        select = select_typed(schema.table(name), set(table.column_names), decimals.get(name, "."))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {relation(name)} AS {select}")


def _run(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], *, allow_undeclared: bool) -> _Findings:
    """One pass over every rule."""
    findings = _Findings()
    explain = _explainer(connection)
    present = {name: set(table.column_names) for name, table in tables.items()}
    for rule in rules(present):
        applied = _softened(rule) if allow_undeclared and rule.code == "lawful_basis" else rule
        findings.add(applied, _broken(connection, applied), explain)
    for rule, rows in cycle_rules(connection, set(tables)):
        findings.add(rule, rows, explain)
    return findings


def _run_again(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> _Findings:
    """What became wrong because rows were set aside: only references can."""
    findings = _Findings()
    explain = _explainer(connection)
    for rule in rules({name: set(table.column_names) for name, table in tables.items()}):
        if rule.code == "unknown_id":
            findings.add(rule, _broken(connection, rule), explain)
    return findings


def _broken(connection: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple[int, Any]]:
    return connection.execute(f"SELECT row, value FROM ({rule.sql}) ORDER BY row").fetchall()


def _softened(rule: Rule) -> Rule:
    hint = "Allowed by --allow-undeclared."
    return Rule(rule.code, "warning", rule.table, rule.column, rule.sql, rule.message, hint)


def _explainer(connection: duckdb.DuckDBPyConnection) -> Callable[[Rule, Any], str]:
    """A function which gives the hint of a rule for one value."""

    def explain(rule: Rule, value: Any) -> str:
        if rule.known and len(str(value)) <= _LONGEST_HINTED:
            query = f"SELECT name FROM ({rule.known}) k(name) ORDER BY jaro_winkler_similarity(lower(name), lower(?)) DESC, name LIMIT 5"  # noqa: E501
            near = [row[0] for row in connection.execute(query, [str(value)]).fetchall()]
            return did_you_mean(str(value), near) or "Add it there, or correct the spelling."
        if rule.words:
            return did_you_mean(str(value), rule.words) or f"{rule.hint} One of: {', '.join(rule.words)}.".lstrip()
        return rule.hint

    return explain


def _message(rule: Rule, value: Any) -> str:
    return rule.message.replace("{value}", "" if value is None else str(value)[:80])


def _problem(rule: Rule, row: int | None, value: Any, hint: str) -> Problem:
    shown = None if value is None else str(value)
    return Problem(
        rule.level, rule.code, f"{rule.table}.csv", row, rule.column or None, shown, _message(rule, value), hint
    )


def _set_aside(table: pa.Table, name: str, findings: _Findings, result: Validated) -> pa.Table:
    """The table without its bad rows, which go to ``result.rejected`` with their reasons."""
    reasons = findings.rows.get(name, {})
    bad = np.isin(table.column("row").to_numpy(), np.fromiter(reasons, dtype=np.int64, count=len(reasons)))
    if bad.any():
        aside = table.filter(pa.array(bad)).to_pandas()
        aside["reason"] = aside["row"].map(reasons)
        before = result.rejected.get(name)
        result.rejected[name] = aside if before is None else pd.concat([before, aside], ignore_index=True)
    return table.filter(pa.array(~bad))


def _fetch(connection: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """A typed table as pandas has it: strings, floats, datetimes, nullable flags."""
    declared = schema.table(name)
    described = connection.execute(f"DESCRIBE {relation(name)}").fetchall()
    columns = [column[0] for column in described if " " not in column[0]]  # not the texts beside the values
    frame = connection.execute(f"SELECT {', '.join(map(quoted, columns))} FROM {relation(name)} ORDER BY row").df()
    dates = [column.name for column in declared.columns if column.type == "date"]
    flags = [column.name for column in declared.columns if column.type == "flag"]
    texts = [column for column in columns if column not in {"row", *dates, *flags} and _is_text(declared, column)]
    types = {**dict.fromkeys(dates, "datetime64[us]"), **dict.fromkeys(flags, "boolean"), **dict.fromkeys(texts, "str")}
    return frame.astype(types).set_index("row")


def _is_text(table: schema.Table, column: str) -> bool:
    return column not in table.names or table.column(column).type in ("text", "word", "list")


def empty(table: schema.Table) -> pd.DataFrame:
    """A typed table without rows.

    Examples
    --------
    >>> empty(schema.table("evidence")).shape
    (0, 8)
    """
    types = {"number": "float64", "integer": "float64", "date": "datetime64[us]", "flag": "boolean"}
    columns = {column.name: pd.Series(dtype=types.get(column.type, "str")) for column in table.columns}
    return pd.DataFrame(columns, index=pd.Index([], name="row", dtype="int64"))
