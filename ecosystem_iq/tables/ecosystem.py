"""A workspace in memory: typed tables, settings, and what was set aside."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError, Level, Problem, Problems, did_you_mean
from ecosystem_iq.tables.readers import read_folder
from ecosystem_iq.tables.settings import FILE as SETTINGS_FILE
from ecosystem_iq.tables.settings import Settings
from ecosystem_iq.tables.validation import Validated, empty, validate


@dataclass(frozen=True)
class Ecosystem:
    """The tables of a workspace, checked and typed.

    Attributes
    ----------
    tables : mapping of str to pandas.DataFrame
        Every declared table, empty ones included; all declared columns present; indexed by the row of the
        file it came from. Text is ``str``, numbers ``float64``, dates ``datetime64``, flags ``boolean``; missing is NaN
        or NaT.
    as_of : datetime.date or None
        "Today" for every recency rule; None when neither the settings nor the data hold a date.
    settings : Settings
    rejected : mapping of str to pandas.DataFrame
        Rows set aside by ``keep_going``, as text, with ``row`` and ``reason``.
    problems : Problems
        Warnings and notes (and, with ``keep_going``, the errors behind ``rejected``).
    withheld : int
        Persons dropped because they objected or their retention date has passed.
    """

    tables: Mapping[str, pd.DataFrame]
    as_of: dt.date | None
    settings: Settings = field(default_factory=Settings)
    rejected: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    withheld: int = 0

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the tables as they are used: same tables, same fingerprint."""
        digest = hashlib.sha256()
        for name in sorted(self.tables):
            frame = self.tables[name]
            if len(frame):
                digest.update(f"{name}\n".encode())
                digest.update(frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d").encode())
        return digest.hexdigest()

    def current(self, table: str, holder: str | None = None) -> pd.DataFrame:
        """Rows of a table which hold at ``as_of`` and belong to a holder's knowledge.

        Parameters
        ----------
        table : str
        holder : str or None
            A company, or None for the reference map (blank holder).

        Notes
        -----
        A row counts at time t when ``valid_from <= t < valid_to``; blanks are open.
        """
        frame = self.valid(table)
        if "holder" not in frame:
            return frame
        return frame[frame["holder"].isna() if holder is None else frame["holder"] == holder]

    def valid(self, table: str) -> pd.DataFrame:
        """Rows of a table which hold at ``as_of``, whoever knows them."""
        frame = self.tables[table]
        if "valid_to" not in frame or self.as_of is None:
            return frame
        day = pd.Timestamp(self.as_of)
        begun = frame["valid_from"].isna() | (frame["valid_from"] <= day)
        return frame[begun & (frame["valid_to"].isna() | (frame["valid_to"] > day))]

    def require(self, *tables: str, command: str) -> None:
        """Raise unless each table has rows.

        Raises
        ------
        InputError
            Names the missing tables and what they hold.
        """
        missing = [schema.table(name) for name in tables if self.tables[name].empty]
        if missing:
            wanted = "; ".join(f"{table.name}.csv ({table.purpose})" for table in missing)
            raise InputError(f"{command} needs {wanted}.")


def load(
    source: str | Path,
    *,
    keep_going: bool = False,
    as_of: dt.date | str | None = None,
    allow_undeclared: bool = False,
) -> Ecosystem:
    """Read and check a workspace.

    Parameters
    ----------
    source : path
        A folder of CSV files.
    keep_going : bool
        Set rows with errors aside (``.rejected``) instead of stopping.
    as_of : date, optional
        Replaces the ``as_of`` of ``workspace.toml``.
    allow_undeclared : bool
        Accept opinions about persons without a lawful basis, as a warning.

    Returns
    -------
    Ecosystem

    Raises
    ------
    InputError
        When the workspace has errors; ``.problems`` lists all of them.
    """
    folder = Path(source)
    raw = read_folder(folder)
    validated = validate(raw, keep_going=keep_going, allow_undeclared=allow_undeclared)
    problems = Problems(validated.problems)
    stopping = [p for p in problems if p.level == "error" and not (keep_going and _row_level(p))]
    if stopping:
        raise InputError(f"{folder} has {len(stopping)} {'error' if len(stopping) == 1 else 'errors'}.", problems)
    return _ecosystem(validated, problems, raw.settings, as_of)


def check(source: str | Path, *, allow_undeclared: bool = False) -> Problems:
    """Everything wrong with, or worth knowing about, a workspace.

    Parameters
    ----------
    source : path
        A folder of CSV files.

    Returns
    -------
    Problems
        ``.ok`` is True when nothing is an error.
    """
    raw = read_folder(Path(source))
    validated = validate(raw, allow_undeclared=allow_undeclared)
    problems = [*validated.problems, *_unknown_company(validated, raw.settings)]
    return Problems([*problems, *_missing_tables(set(raw.tables), problems)])


def _missing_tables(present: set[str], problems: list[Problem]) -> list[Problem]:
    """An error when no command at all can run on what is there; a note for each which cannot."""
    broken = {problem.table.removesuffix(".csv") for problem in problems if problem.level == "error"}
    lacking = {command: set(needs) - present - broken for command, needs in schema.NEEDS.items()}
    runs = any(not missing for missing in lacking.values())
    level: Level = "info" if runs else "error"
    hint = "" if runs else "`ecosystem-iq init DIR` makes a template."
    found = []
    for name in sorted(set().union(*lacking.values())):
        needing = [command for command, missing in lacking.items() if name in missing]
        message = f"is missing: needed by {' and '.join(needing)} ({schema.table(name).purpose})."
        found.append(Problem(level, "missing_table", f"{name}.csv", None, None, None, message, hint))
    return found


def _unknown_company(validated: Validated, settings: Settings) -> list[Problem]:
    """A warning when ``own_company`` is none of the companies."""
    companies = validated.tables.get("companies")
    if not settings.own_company or companies is None or settings.own_company in set(companies["company_id"]):
        return []
    message, hint = "is not in companies.csv.", did_you_mean(settings.own_company, companies["company_id"].dropna())
    return [Problem("warning", "setting", SETTINGS_FILE, None, "own_company", settings.own_company, message, hint)]


def _row_level(problem: Problem) -> bool:
    """Whether setting rows aside can mend it."""
    return problem.table != SETTINGS_FILE and problem.code not in _WHOLE_FILE


_WHOLE_FILE = frozenset(
    {"empty_file", "binary_file", "encoding", "unreadable", "no_header", "unclosed_quote", "duplicate_file"}
    | {"missing_column", "duplicate_column", "forbidden_column"}
)


def _ecosystem(validated: Validated, problems: Problems, settings: Settings, as_of: dt.date | str | None) -> Ecosystem:
    tables = {table.name: validated.tables.get(table.name, empty(table)) for table in schema.TABLES}
    today = _day(as_of) or settings.as_of or _newest(tables)
    eco = Ecosystem(tables, today, replace(settings, as_of=today), validated.rejected, problems)
    return _without_withheld(eco)


def _day(as_of: dt.date | str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    except ValueError as error:
        raise InputError(f'as_of: "{as_of}" is not a date. Write year-month-day: 2026-06-30.') from error


def _newest(tables: Mapping[str, pd.DataFrame]) -> dt.date | None:
    """The newest recorded date in the data."""
    dates = [
        tables[table.name][column.name].max() for table in schema.TABLES for column in table.columns if column.recorded
    ]
    known = [date for date in dates if not pd.isna(date)]
    return max(known).date() if known else None


def _without_withheld(eco: Ecosystem) -> Ecosystem:
    """Drop persons who objected or whose retention date has passed, wherever they are named."""
    people = eco.tables["stakeholders"]
    gone = people["objected_on"].notna()
    if eco.as_of is not None:
        gone |= people["retain_until"].notna() & (people["retain_until"] < pd.Timestamp(eco.as_of))
    ids = set(people.loc[gone, "stakeholder_id"]) | _withheld_among(eco.rejected.get("stakeholders"), eco.as_of)
    if not ids:
        return eco
    tables = {name: _not_naming(frame, schema.table(name), ids) for name, frame in eco.tables.items()}
    rejected = {name: _naming_none(frame, schema.table(name), ids) for name, frame in eco.rejected.items()}
    rejected = {name: frame for name, frame in rejected.items() if len(frame)}
    return replace(eco, tables=tables, rejected=rejected, withheld=len(ids))


def _withheld_among(rejected: pd.DataFrame | None, as_of: dt.date | None) -> set[str]:
    """Persons to be dropped among rows which were set aside: these are shown in results, too."""
    if rejected is None or "stakeholder_id" not in rejected:
        return set()
    blank = pd.Series("", index=rejected.index)
    objected, until = (rejected.get(name, blank).fillna("").str.strip() for name in ("objected_on", "retain_until"))
    gone = (objected != "") | ((until != "") & (until < (as_of.isoformat() if as_of else "")))
    return set(rejected.loc[gone, "stakeholder_id"].str.strip())


def _naming_none(rejected: pd.DataFrame, table: schema.Table, ids: set[str]) -> pd.DataFrame:
    """Rows which were set aside and name no withheld stakeholder in any column."""
    naming = np.zeros(len(rejected), dtype=bool)
    for column in table.columns:
        if column.name in rejected and (column.references == "stakeholders" or column.name == "stakeholder_id"):
            named = rejected[column.name].fillna("").str.split("|")
            naming |= np.array([any(name.strip() in ids for name in names) for names in named], dtype=bool)
    return rejected[~naming]


def _others(cell: str, ids: set[str]) -> str | None:
    """A list of names without some of them; None when nobody is left."""
    return "|".join(name for name in cell.split("|") if name not in ids) or None


def _not_naming(frame: pd.DataFrame, table: schema.Table, ids: set[str]) -> pd.DataFrame:
    """Rows which do not need a withheld stakeholder; optional mentions are blanked."""
    keep = np.ones(len(frame), dtype=bool)
    blanked = {}
    for column in table.columns:
        if column.references == "stakeholders" and (column.required or column.name in table.key):
            keep &= ~frame[column.name].isin(ids).to_numpy()
        elif column.references == "stakeholders" and column.type == "list":
            blanked[column.name] = frame[column.name].map(lambda cell: _others(cell, ids), na_action="ignore")
        elif column.references == "stakeholders":
            blanked[column.name] = frame[column.name].mask(frame[column.name].isin(ids))
    if table.name == "stakeholders":
        keep &= ~frame["stakeholder_id"].isin(ids).to_numpy()
    return frame.assign(**blanked)[keep]
