"""Any CSV files → a workspace, by a mapping file which says what each column means.

A mapping is TOML::

    [workspace]                      # written to workspace.toml
    title = "Who asks whom"

    [[table]]
    name = "ties"                    # the table to fill
    file = "answers.csv"             # the file it comes from
    direction = { from = "named", to = "asked" }   # ties only: `from` moves `to`
    keep = ["rank"]                  # columns kept as attributes (true: all others)
    [table.columns]
    layer = "question"               # rename
    note = "{asked}, answer {rank}"  # or join columns
    [table.constants]
    kind = "advises"
    [table.words.strength]           # replace words; a word which is not listed is an error
    1 = "strong"

The direction of ties must be declared, because survey files mostly hold it the wrong way round: when A says "I ask B",
it is B who moves A, and a reader who overlooks this ranks the wrong people.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError, Problem, did_you_mean
from ecosystem_iq.files import read_bytes, read_text
from ecosystem_iq.tables.readers import ROW, read_table
from ecosystem_iq.tables.settings import read_settings
from ecosystem_iq.tables.writers import settings_text, table_text

_TABLE_KEYS = ("name", "file", "direction", "keep", "columns", "constants", "words")
_TOP_KEYS = ("workspace", "table")


@dataclass(frozen=True)
class TableMapping:
    """How one table is filled from one file."""

    name: str
    file: str
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    keep: tuple[str, ...] | bool = ()
    undirected: bool = False


@dataclass(frozen=True)
class Mapping:
    """A mapping file, checked.

    Attributes
    ----------
    tables : tuple of TableMapping
    workspace : dict
        Content of the ``workspace.toml`` to be written.
    """

    tables: tuple[TableMapping, ...]
    workspace: dict[str, Any] = field(default_factory=dict)


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


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Mapping

    Raises
    ------
    InputError
        ``.problems`` lists every fault with its key.
    """
    try:
        parsed = tomllib.loads(read_text(path, limit=10**7))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name} is not TOML: {error}.") from error
    faults: list[Problem] = [
        _fault(path, key, "is unknown.", did_you_mean(key, _TOP_KEYS)) for key in parsed if key not in _TOP_KEYS
    ]
    entries = parsed.get("table", [])
    if not entries:
        faults.append(_fault(path, "table", "is missing: a mapping has one [[table]] for each table it fills."))
    tables = [_table(path, entry, faults) for entry in entries]
    workspace = parsed.get("workspace", {})
    faults.extend(_fault(path, f"workspace.{p.column}", p.message, p.hint) for p in _workspace_faults(workspace))
    if faults:
        raise InputError(f"{path.name} has {len(faults)} faults.", faults)
    return Mapping(tuple(table for table in tables if table), workspace)


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
        When a file, a column or a word is missing; ``.problems`` lists all.
    """
    problems: list[Problem] = []
    frames: dict[str, list[pd.DataFrame]] = {}
    for table in mapping.tables:
        frame = _filled(source, table, problems)
        if frame is not None:
            frames.setdefault(table.name, []).append(frame)
    if problems:
        raise InputError(f"{source} cannot be imported.", problems)
    joined = {name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()}
    files = {f"{name}.csv": table_text(frame) for name, frame in joined.items()}
    files["workspace.toml"] = settings_text(mapping.workspace)
    return Imported(files, {name: len(frame) for name, frame in joined.items()})


def _table(path: Path, entry: dict[str, Any], faults: list[Problem]) -> TableMapping | None:
    """One [[table]] checked; its faults are added to the list."""
    name = str(entry.get("name", ""))
    where = f"table.{name or '?'}"
    before = len(faults)
    faults.extend(
        _fault(path, f"{where}.{key}", "is unknown.", did_you_mean(key, _TABLE_KEYS))
        for key in entry
        if key not in _TABLE_KEYS
    )
    if name not in schema.BY_NAME:
        faults.append(_fault(path, f"{where}.name", f'"{name}" is not a table.', did_you_mean(name, schema.BY_NAME)))
        return None
    if not entry.get("file"):
        faults.append(_fault(path, f"{where}.file", "is missing: name the file in the source folder."))
    columns = {str(key): str(value) for key, value in entry.get("columns", {}).items()}
    constants = {str(key): str(value) for key, value in entry.get("constants", {}).items()}
    undirected = False
    if name == "ties":
        ends, undirected = _direction(path, entry.get("direction"), {*columns, *constants}, faults)
        columns = {**ends, **columns}
    faults.extend(_target_faults(path, where, name, [*columns, *constants, *entry.get("words", {})]))
    loose = [target for target in entry.get("words", {}) if target not in columns]
    hint = "Add it to [table.columns]."
    faults.extend(_fault(path, f"{where}.words.{target}", "has no column to translate.", hint) for target in loose)
    keep = entry.get("keep", [])
    words = {str(c): {str(k): str(v) for k, v in table.items()} for c, table in entry.get("words", {}).items()}
    mapping = TableMapping(
        name,
        str(entry.get("file", "")),
        columns,
        constants,
        words,
        keep if isinstance(keep, bool) else tuple(keep),
        undirected,
    )
    return mapping if len(faults) == before else None


def _direction(path: Path, declared: object, mapped: set[str], faults: list[Problem]) -> tuple[dict[str, str], bool]:
    """Source and target columns from the declared direction."""
    hint = 'Declare direction = { from = "who moves", to = "who is moved" }, with undirected = true for both ways.'
    if mapped & {"source", "target"}:
        faults.append(_fault(path, "table.ties.columns", "must not map source and target themselves.", hint))
    if not isinstance(declared, dict) or not {"from", "to"} <= set(declared):
        why = 'is missing: when A says "I ask B", B moves A.'
        faults.append(_fault(path, "table.ties.direction", why, hint))
        return {}, False
    return {"source": str(declared["from"]), "target": str(declared["to"])}, bool(declared.get("undirected", False))


def _target_faults(path: Path, where: str, name: str, targets: Iterable[str]) -> list[Problem]:
    known = schema.table(name).names
    return [
        _fault(path, f"{where}.{target}", f"is not a column of {name}.", did_you_mean(target, known))
        for target in dict.fromkeys(targets)
        if target not in known
    ]


def _workspace_faults(workspace: dict[str, Any]) -> list[Problem]:
    return read_settings(settings_text(workspace))[1]


def _fault(path: Path, key: str, message: str, hint: str = "") -> Problem:
    return Problem("error", "mapping", path.name, None, key, None, message, hint)


def _filled(source: Path, table: TableMapping, problems: list[Problem]) -> pd.DataFrame | None:
    """The rows of one table, or None when something is missing."""
    raw = _source_rows(source / table.file, problems)
    if raw is None:
        return None
    wanted = [name for value in table.columns.values() for name in _fields(value)]
    kept = table.keep if isinstance(table.keep, tuple) else [c for c in raw.columns if c not in {*wanted, ROW}]
    missing = [name for name in dict.fromkeys([*wanted, *kept]) if name not in raw.columns]
    for name in missing:
        message = f'has no column "{name}", which {table.name} needs.'
        problems.append(
            Problem("error", "missing_column", table.file, None, None, None, message, did_you_mean(name, raw.columns))
        )
    if missing:
        return None
    filled = {target: _cells(raw, value) for target, value in table.columns.items()}
    for target, words in table.words.items():
        filled[target], unknown = _translated(filled[target], words)
        rows = raw.loc[unknown.index, ROW]
        problems += [_untranslated(table, target, int(row), str(word)) for row, word in zip(rows, unknown, strict=True)]
    constants = {**table.constants, **({"direction": "undirected"} if table.undirected else {})}
    frame = pd.DataFrame({**filled, **dict.fromkeys(constants, "")}, index=raw.index).assign(**constants)
    order = [name for name in schema.table(table.name).names if name in frame]
    return pd.concat([frame[order], raw[[name for name in kept if name not in order]]], axis=1)


def _source_rows(path: Path, problems: list[Problem]) -> pd.DataFrame | None:
    try:
        table, _, found = read_table(read_bytes(path), path.name)
    except InputError as error:
        problems.extend(error.problems or [Problem("error", "missing_file", path.name, None, None, None, str(error))])
        return None
    errors = [problem for problem in found if problem.level == "error"]
    problems.extend(errors)
    return None if errors else table.to_pandas()


def _fields(value: str) -> list[str]:
    """Source columns which a mapped value names: one, or those of a template."""
    return [name for _, name, _, _ in string.Formatter().parse(value) if name] if "{" in value else [value]


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


def _untranslated(table: TableMapping, target: str, row: int, value: str) -> Problem:
    hint = did_you_mean(value, table.words[target]) or f"Add {value!r} to [table.words.{target}]."
    message = f'"{value}" has no translation for {table.name}.{target}.'
    return Problem("error", "unknown_word", table.file, row, None, value, message, hint)
