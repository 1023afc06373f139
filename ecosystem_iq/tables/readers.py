"""A folder of files → tables of text, and everything wrong with the files and their headers.

Nothing is interpreted here: every cell stays text, and what cannot be read becomes a problem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError, Level, Problem, did_you_mean
from ecosystem_iq.files import folder_files, read_bytes, read_text
from ecosystem_iq.tables.parsing import ROW, fatal, read_table
from ecosystem_iq.tables.settings import FILE as SETTINGS_FILE
from ecosystem_iq.tables.settings import Settings, read_settings

FORBIDDEN = "looks like data about patients or a private number."
FORBIDDEN_HINT = "Delete the column: nothing here needs it, and it must not be copied into results."

_ONLY_CSV = "is not read: this version reads CSV files only."


@dataclass(frozen=True)
class RawTables:
    """What was found in a workspace, still as text.

    Attributes
    ----------
    tables : dict of str to pyarrow.Table
        All columns text, and ``row``.
    decimals : dict of str to str
        Decimal sign of each table.
    settings : Settings
    problems : list of Problem
    """

    tables: dict[str, pa.Table] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    problems: list[Problem] = field(default_factory=list)


def read_folder(folder: Path) -> RawTables:
    """Read every table of a workspace folder, and ``workspace.toml``.

    Raises
    ------
    InputError
        When the folder is missing or holds no table at all.
    """
    files = {path.name: path for path in folder_files(folder)}
    settings, problems = _settings(files.pop(SETTINGS_FILE, None), folder)
    raw = RawTables(settings=settings, problems=problems)
    first: dict[str, str] = {}
    for name, path in files.items():
        stem = path.stem.lower()
        problem = _not_read(name, stem, path.suffix.lower(), first)
        if problem:
            raw.problems.append(problem)
        elif path.suffix.lower() == ".csv":
            first[stem] = name
            _read_into(raw, stem, path)
    if not raw.tables and not any(p.level == "error" for p in raw.problems):
        raise InputError(
            f"{folder} holds no table. A workspace is a folder with stakeholders.csv and ties.csv, or companies.csv "
            "and scores.csv; `ecosystem-iq init DIR` makes a template."
        )
    return raw


def _read_into(raw: RawTables, name: str, path: Path) -> None:
    try:
        add_table(raw, name, path.name, read_bytes(path))
    except InputError as error:
        raw.problems.extend(error.problems or [Problem("error", "unreadable", path.name, None, None, None, str(error))])


def add_table(raw: RawTables, name: str, file: str, data: bytes) -> None:
    """Read the bytes of one CSV file into the tables, with everything wrong with its header.

    Raises
    ------
    InputError
        When nothing can be read.
    """
    table, decimal, problems = read_table(data, file, raw.settings)
    names = _column_names(table.column_names)
    raw.problems.extend(problems)
    raw.problems.extend(_header_problems(names, name, file))
    keep = {column: index for index, column in reversed(list(enumerate(names)))}
    raw.tables[name] = pa.table(
        {column: table.column(index) for column, index in sorted(keep.items(), key=lambda i: i[1])}
    )
    raw.decimals[name] = decimal


def _not_read(file: str, stem: str, suffix: str, first: Mapping[str, str]) -> Problem | None:
    """Why a file is passed over, if it looks as if it were meant to be read."""
    known = stem in schema.BY_NAME
    if suffix != ".csv":
        hint = f"Save it as {stem}.csv."
        return Problem("warning", "unknown_file", file, None, None, None, _ONLY_CSV, hint) if known else None
    if not known:
        hint = did_you_mean(stem, schema.BY_NAME, likeness=0.75)
        message = "is not a table of a workspace; not read."
        return Problem("warning", "unknown_file", file, None, None, None, message, hint)
    if stem in first:
        message = f"holds the same table as {first[stem]}."
        return fatal("duplicate_file", file, message, "Put all rows in one of the two, and delete the other.")
    return None


def _settings(path: Path | None, folder: Path) -> tuple[Settings, list[Problem]]:
    if path is None:
        return Settings(title=folder.resolve().name), []
    try:
        text = read_text(path, limit=10**6)
    except InputError as error:
        return Settings(), [fatal("unreadable", SETTINGS_FILE, str(error))]
    settings, problems = read_settings(text)
    return (settings if settings.title else replace(settings, title=folder.resolve().name)), problems


def _column_names(names: list[str]) -> list[str]:
    """Names as the schema writes them: trimmed, lower case, spaces and hyphens as underscores."""
    return [name if name == ROW else "_".join(name.strip().lower().replace("-", " ").split()) for name in names]


def _header_problems(names: list[str], name: str, file: str) -> list[Problem]:
    """Columns which are missing, unknown, named twice, or must not be here."""
    declared = schema.table(name)
    found = Counter(column for column in names if column != ROW)
    problems = [
        _column_error(file, column, "duplicate_column", "occurs twice.") for column, n in found.items() if n > 1
    ]
    for column in declared.columns:
        if column.required and column.name not in found:
            hint = did_you_mean(column.name, set(found) - set(declared.names))
            problems.append(_column_error(file, column.name, "missing_column", "is missing; every row needs it.", hint))
    missing = set(declared.names) - found.keys()
    return problems + [_unknown_column(file, column, missing) for column in found if column not in declared.names]


def is_forbidden(column: str) -> bool:
    """Whether a column is, by its name, one which must not be read.

    Examples
    --------
    >>> is_forbidden("Patient ID"), is_forbidden("patient_volume")
    (True, False)
    """
    return bool(re.match(schema.NO_DATA_ABOUT_PATIENTS, re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")))


def _unknown_column(file: str, column: str, missing: set[str]) -> Problem:
    if is_forbidden(column):
        return _column_error(file, column, "forbidden_column", FORBIDDEN, FORBIDDEN_HINT)
    hint = did_you_mean(column, missing, likeness=0.8)  # a near miss is a slip, a far one an attribute
    level: Level = "warning" if hint else "info"
    return Problem(level, "unknown_column", file, 1, column, None, "is not a known column; kept as an attribute.", hint)


def _column_error(file: str, column: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem("error", code, file, 1, column, None, message, hint)
