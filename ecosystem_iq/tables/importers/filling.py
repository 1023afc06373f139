"""The files a mapping names → the files of a workspace, all or nothing.

What comes out is checked like any workspace, and every fault is shown where it stands in the source.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError, Problem, did_you_mean
from ecosystem_iq.files import read_bytes
from ecosystem_iq.tables.importers.mapping import Mapping, TableMapping, fields
from ecosystem_iq.tables.importers.reshaping import reshape
from ecosystem_iq.tables.parsing import ROW, read_table
from ecosystem_iq.tables.readers import FORBIDDEN, FORBIDDEN_HINT, RawTables, add_table, is_forbidden
from ecosystem_iq.tables.validation import validate
from ecosystem_iq.tables.writers import settings_text, table_text


@dataclass(frozen=True)
class Imported:
    """What an import made.

    Attributes
    ----------
    files : dict of str to str
        Text of every file of the new workspace, by name.
    counts : dict of str to int
        Rows of each table.
    """

    files: dict[str, str]
    counts: dict[str, int]


def import_mapped(source: Path, mapping: Mapping) -> Imported:
    """Fill the tables of a workspace from files.

    Parameters
    ----------
    source : Path
        Folder which holds the files the mapping names.
    mapping : Mapping

    Returns
    -------
    Imported
        Nothing is written here.

    Raises
    ------
    InputError
        When a file, a column or a word is missing, or a row would not pass ``check``; ``.problems`` lists all.
    """
    problems: list[Problem] = []
    frames: dict[str, list[pd.DataFrame]] = {}
    for table in mapping.tables:
        frame = _filled(source, table, problems)
        if frame is not None:
            frames.setdefault(table.name, []).append(frame)
    joined = {name: pd.concat(parts) for name, parts in frames.items()}
    files = {f"{name}.csv": table_text(frame) for name, frame in joined.items()}
    problems = problems or _faults(joined, files)
    if problems:
        raise InputError(f"{source} cannot be imported.", problems)
    files["workspace.toml"] = settings_text(mapping.workspace)
    return Imported(files, {name: len(frame) for name, frame in joined.items()})


def _faults(joined: dict[str, pd.DataFrame], files: dict[str, str]) -> list[Problem]:
    """The errors which ``check`` would find, each with the file and row it came from."""
    raw = RawTables()
    for name in joined:
        add_table(raw, name, f"{name}.csv", files[f"{name}.csv"].encode())
    found = validate(raw, allow_undeclared=True).problems  # whose opinions may be held is asked where they are used
    return [_at_its_source(problem, joined) for problem in found if problem.level == "error"]


def _at_its_source(problem: Problem, joined: dict[str, pd.DataFrame]) -> Problem:
    if problem.row is None or problem.row == 1:
        return problem
    origins = joined[problem.table.removesuffix(".csv")].index
    file, row = (origins.get_level_values(level)[problem.row - 2] for level in (0, 1))
    return replace(problem, table=str(file), row=int(row))


def _filled(source: Path, table: TableMapping, problems: list[Problem]) -> pd.DataFrame | None:
    """The rows of one table, indexed by file and row; None when something is missing."""
    found = _source_rows(source / table.file, problems)
    if found is None:
        return None
    raw, decimal = found
    raw, faults = reshape(raw, table.steps, decimal)
    problems += faults
    if faults:
        return None
    wanted = [name for value in table.columns.values() for name in fields(value)]
    kept = list(table.keep) if isinstance(table.keep, tuple) else [c for c in raw.columns if c not in wanted]
    refused = list(_refused(table, raw, [*wanted, *kept]))
    problems += refused
    if refused:
        return None
    filled = {target: _cells(raw, value) for target, value in table.columns.items()}
    for target, words in table.words.items():
        filled[target], unknown = _translated(filled[target], words)
        rows = unknown.index.get_level_values(1)
        problems += [_untranslated(table, target, int(row), str(word)) for row, word in zip(rows, unknown, strict=True)]
    if decimal == ",":
        filled = {target: _with_point(table.name, target, cells) for target, cells in filled.items()}
    constants = {**table.constants, **({"direction": "undirected"} if table.undirected else {})}
    frame = pd.DataFrame({**filled, **dict.fromkeys(constants, "")}, index=raw.index).assign(**constants)
    order = [name for name in schema.table(table.name).names if name in frame]
    return pd.concat([frame[order], raw[[name for name in kept if name not in order]]], axis=1)


def _source_rows(path: Path, problems: list[Problem]) -> tuple[pd.DataFrame, str] | None:
    """The cells of a file, indexed by file and row, and its decimal sign."""
    try:
        table, decimal, found = read_table(read_bytes(path), path.name)
    except InputError as error:
        problems.extend(error.problems or [Problem("error", "missing_file", path.name, None, None, None, str(error))])
        return None
    errors = [problem for problem in found if problem.level == "error"]
    problems.extend(errors)
    if errors:
        return None
    rows = pd.MultiIndex.from_product([[path.name], table.column(ROW).to_pylist()])
    cells = [column.to_pandas().array for column in table.columns[:-1]]  # the last one is the row
    frame = pd.concat([pd.Series(column, index=rows, dtype="str") for column in cells], axis=1)
    return frame.set_axis(table.column_names[:-1], axis=1), decimal


def _refused(table: TableMapping, raw: pd.DataFrame, names: list[str]) -> list[Problem]:
    """Columns which are needed and missing, there twice, or must not be copied."""
    found = []
    for name in dict.fromkeys(names):
        if name not in raw.columns:
            message = f'has no column "{name}", which {table.name} needs.'
            found.append(_column_problem(table, "missing_column", message, did_you_mean(name, raw.columns)))
        elif list(raw.columns).count(name) > 1:
            found.append(_column_problem(table, "duplicate_column", f'has several columns "{name}".'))
        elif is_forbidden(name):
            found.append(_column_problem(table, "forbidden_column", f'column "{name}" {FORBIDDEN}', FORBIDDEN_HINT))
    return found


def _column_problem(table: TableMapping, code: str, message: str, hint: str = "") -> Problem:
    return Problem("error", code, table.file, None, None, None, message, hint)


def _cells(raw: pd.DataFrame, value: str) -> pd.Series:
    """A renamed column, or a template filled from several."""
    if "{" not in value:
        return raw[value].str.strip()
    parts = pd.Series("", index=raw.index, dtype="str")
    for literal, name, _, _ in string.Formatter().parse(value):
        parts = parts + literal + (raw[name].str.strip() if name else "")
    return parts.str.strip()


def _translated(cells: pd.Series, words: dict[str, str]) -> tuple[pd.Series, pd.Series]:
    """Words replaced (blank cells stay blank), and the first cell of each word which is not listed."""
    unknown = cells[~cells.isin(list(words)) & (cells != "")].drop_duplicates()
    return cells.map({**words, "": ""}), unknown


def _with_point(table: str, target: str, cells: pd.Series) -> pd.Series:
    """Numbers of a file with decimal commas as a workspace writes them."""
    number = schema.table(table).column(target).type in ("number", "integer")
    return cells.str.replace(",", ".", regex=False) if number else cells


def _untranslated(table: TableMapping, target: str, row: int, value: str) -> Problem:
    hint = did_you_mean(value, table.words[target]) or f"Add {value!r} to [table.words.{target}]."
    message = f'"{value}" has no translation for {table.name}.{target}.'
    return Problem("error", "unknown_word", table.file, row, None, value, message, hint)
