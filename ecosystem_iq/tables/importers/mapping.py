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

Rows can be filtered, grouped, summed and divided first: see :mod:`~ecosystem_iq.tables.importers.reshaping`.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Keyed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError, Problem, did_you_mean
from ecosystem_iq.files import read_text
from ecosystem_iq.tables.importers.reshaping import Fault, Reshaping, declared, is_outside, step_faults
from ecosystem_iq.tables.settings import read_settings
from ecosystem_iq.tables.writers import settings_text

_Type = type | tuple[type, ...]
_TOP_KEYS: Keyed[str, _Type] = {"workspace": dict, "table": list}
_TABLE_KEYS: Keyed[str, _Type] = {
    "name": str,
    "file": str,
    "direction": dict,
    "keep": (list, bool),
    "columns": dict,
    "constants": dict,
    "words": dict,
    "where": dict,
    "crosswalk": dict,
    "group": dict,
    "ratio": dict,
    "require": list,
}
_DIRECTION_KEYS: Keyed[str, _Type] = {"from": str, "to": str, "undirected": bool}
_IN_WORDS = {str: "a text", dict: "a section", list: "a list", bool: "true or false", (list, bool): "a list, or true"}


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
    steps: Reshaping = field(default_factory=Reshaping)


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
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, brackets within brackets
        raise InputError(f"{path.name} is not TOML: {error}.") from error
    faults = [_fault(path, *fault) for fault in _misshapen(parsed, _TOP_KEYS)]
    workspace, entries = (parsed.get(key, {}) for key in _TOP_KEYS)
    if isinstance(workspace, dict):
        faults += [_fault(path, f"workspace.{p.column}", p.message, p.hint) for p in _workspace_faults(workspace)]
    if not entries:
        faults.append(_fault(path, "table", "is missing: a mapping has one [[table]] for each table it fills."))
    tables = [_table(path, entry, faults) for entry in (entries if isinstance(entries, list) else ())]
    if faults:
        raise InputError(f"{path.name} has {len(faults)} {'fault' if len(faults) == 1 else 'faults'}.", faults)
    return Mapping(tuple(table for table in tables if table), workspace)


def _table(path: Path, entry: object, faults: list[Problem]) -> TableMapping | None:
    """One [[table]] checked; its faults are added to the list."""
    if not isinstance(entry, dict):
        faults.append(_fault(path, "table", "must hold sections: write [[table]], and its keys below."))
        return None
    name = entry.get("name")
    found = list(_entry_faults(entry))
    if not found and name == "ties":
        found = list(_direction_faults(entry))
    faults.extend(_fault(path, f"table.{name or '?'}.{key}", message, hint) for key, message, hint in found)
    return None if found else _mapped(entry, path.parent)


def _mapped(entry: dict[str, Any], folder: Path) -> TableMapping:
    """A [[table]] in which nothing is wrong."""
    direction = entry.get("direction", {})
    ends = {"source": direction["from"], "target": direction["to"]} if direction else {}
    keep = entry.get("keep", [])
    return TableMapping(
        entry["name"],
        entry["file"],
        {**ends, **entry.get("columns", {})},
        {column: str(value) for column, value in entry.get("constants", {}).items()},
        {column: {k: str(v) for k, v in words.items()} for column, words in entry.get("words", {}).items()},
        keep if isinstance(keep, bool) else tuple(dict.fromkeys(keep)),
        direction.get("undirected", False),
        declared(entry, folder),
    )


def _entry_faults(entry: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with one [[table]], its direction aside."""
    shapes = list(_misshapen(entry, _TABLE_KEYS))
    yield from shapes
    name = str(entry.get("name", ""))
    if name not in schema.BY_NAME:
        yield "name", f'"{name}" is not a table.', did_you_mean(name, schema.BY_NAME)
    elif not shapes:
        yield from _content_faults(entry, schema.table(name).names)
    if not entry.get("file"):
        yield "file", "is missing: name the file in the source folder.", ""
    elif is_outside(str(entry["file"])):
        yield "file", "is not in the source folder.", ""


def _content_faults(entry: dict[str, Any], known: tuple[str, ...]) -> Iterator[Fault]:
    """What is wrong inside the sections of a [[table]]."""
    columns, constants, words = (entry.get(key, {}) for key in ("columns", "constants", "words"))
    for target in dict.fromkeys([*columns, *constants, *words]):
        if target not in known:
            yield target, f"is not a column of {entry['name']}.", did_you_mean(target, known)
    for target, value in columns.items():
        yield from _template_faults(f"columns.{target}", value)
    yield from _constant_faults(columns, constants)
    yield from _word_faults(columns, words)
    yield from step_faults(entry)
    if isinstance(entry.get("keep"), list) and not all(isinstance(column, str) for column in entry["keep"]):
        yield "keep", "must list names of columns.", ""


def _constant_faults(columns: Keyed[str, Any], constants: Keyed[str, Any]) -> Iterator[Fault]:
    for target, value in constants.items():
        if isinstance(value, (list, dict)):
            yield f"constants.{target}", "must be one value.", ""
        if target in columns:
            yield f"constants.{target}", "is in [table.columns], too.", "Delete one of the two."


def _word_faults(columns: Keyed[str, Any], words: Keyed[str, Any]) -> Iterator[Fault]:
    for target, pairs in words.items():
        if target not in columns:
            yield f"words.{target}", "has no column to translate.", "Add it to [table.columns]."
        elif not isinstance(pairs, dict) or any(isinstance(word, (list, dict)) for word in pairs.values()):
            yield f"words.{target}", "must be a section which gives each word its translation.", ""


def _template_faults(key: str, value: object) -> Iterator[Fault]:
    """What is wrong with a source column, or a template of several."""
    if not isinstance(value, str):
        yield key, f"{value!r} is not the name of a column.", "Text stands between quotes."
        return
    hint = "Write {name of a column}, and {{ or }} for a bracket."
    try:
        parts = list(string.Formatter().parse(value)) if "{" in value else []
    except ValueError:
        yield key, f'"{value}" has a bracket without its partner.', hint
        return
    if any(name == "" or form or conversion for _, name, form, conversion in parts):
        yield key, f'"{value}" is not a template.', hint


def _direction_faults(entry: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with the declared direction of ties."""
    hint = 'Declare direction = { from = "who moves", to = "who is moved" }, with undirected = true for both ways.'
    mapped = {*entry.get("columns", {}), *entry.get("constants", {})}
    if mapped & {"source", "target"}:
        yield "columns", "must not map source and target themselves.", hint
    ends = entry.get("direction", {})
    if not {"from", "to"} <= set(ends):
        yield "direction", 'is missing: when A says "I ask B", B moves A.', hint
        return
    shapes = list(_misshapen(ends, _DIRECTION_KEYS))
    yield from ((f"direction.{key}", message, remedy) for key, message, remedy in shapes)
    for end in ("from", "to"):
        yield from _template_faults(f"direction.{end}", ends[end])
    if ends["from"] == ends["to"]:
        yield "direction", "has the same column at both ends.", hint
    if ends.get("undirected") and "direction" in mapped:
        yield "direction", "says undirected, and a column says which direction.", "Delete one of the two."


def _misshapen(values: Keyed[str, Any], known: Keyed[str, _Type]) -> Iterator[Fault]:
    """Unknown keys, and values of another type than the key takes."""
    for key, value in values.items():
        if key not in known:
            yield key, "is unknown.", did_you_mean(key, known)
        elif not isinstance(value, known[key]):
            yield key, f"must be {_IN_WORDS[known[key]]}.", ""


def _workspace_faults(workspace: dict[str, Any]) -> list[Problem]:
    return read_settings(settings_text(workspace))[1]


def _fault(path: Path, key: str, message: str, hint: str = "") -> Problem:
    return Problem("error", "mapping", path.name, None, key, None, message, hint)


def fields(value: str) -> list[str]:
    """Source columns which a mapped value names: one, or those of a template.

    Examples
    --------
    >>> fields("rank"), fields("{asked}, answer {rank}")
    (['rank'], ['asked', 'rank'])
    """
    return [name for _, name, _, _ in string.Formatter().parse(value) if name] if "{" in value else [value]
