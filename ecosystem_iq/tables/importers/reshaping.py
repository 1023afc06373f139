"""Rows of a source file in another shape: filtered, renamed by a cross-walk, summed by group, divided.

The steps run in this order, each on what the one before left::

    where = { class = "Industry" }                 # rows which are kept: a word, or a list of words
    [table.crosswalk]                              # names → other names, by a file beside the mapping
    company = { column = "sponsor", file = "parents.csv", key = "sponsor", value = "company" }
    [table.group]                                  # one row for each combination of `by`
    by = ["company"]
    sum = { completed = "completed_trials" }
    distinct = { years = "year" }
    [table.ratio]                                  # of / to, or 1 - of / to
    share = { of = "unreported", to = "completed", one_minus = true }
    require = ["share"]                            # rows in which one of these is blank are left out

A name which the cross-walk does not list stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from ecosystem_iq.errors import InputError, Problem, did_you_mean
from ecosystem_iq.files import read_bytes
from ecosystem_iq.tables.parsing import ROW, read_table

KEYS = ("where", "crosswalk", "group", "ratio", "require")
Fault = tuple[str, str, str]
"""Key, message, hint."""


_CROSSWALK = {"column": str, "file": str, "key": str, "value": str}
_GROUP = {"by": list, "sum": dict, "distinct": dict}
_RATIO = {"of": str, "to": str, "one_minus": bool}
_IN_WORDS = {str: "a text", list: "a list of columns", dict: "a section", bool: "true or false"}


@dataclass(frozen=True)
class Reshaping:
    """The steps of one table, as its mapping declares them; empty ones do nothing.

    Attributes
    ----------
    folder : Path
        Where the mapping file lies: cross-walks are found there.
    where : mapping of str to tuple of str
    crosswalk : mapping of str to mapping
    group : mapping
    ratio : mapping of str to mapping
    require : tuple of str
    """

    folder: Path = Path()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    crosswalk: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    group: Mapping[str, Any] = field(default_factory=dict)
    ratio: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    require: tuple[str, ...] = ()


def declared(entry: Mapping[str, Any], folder: Path) -> Reshaping:
    """The steps of a [[table]] in which nothing is wrong."""
    where = {column: tuple(_words(wanted)) for column, wanted in entry.get("where", {}).items()}
    return Reshaping(
        folder,
        where,
        entry.get("crosswalk", {}),
        entry.get("group", {}),
        entry.get("ratio", {}),
        tuple(entry.get("require", ())),
    )


def step_faults(entry: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the steps of a [[table]]: missing and unknown keys, values of another type."""
    for column, wanted in entry.get("where", {}).items():
        if any(isinstance(word, (list, dict)) for word in (wanted if isinstance(wanted, list) else [wanted])):
            yield f"where.{column}", "must be a word, or a list of words.", ""
    for name, step in entry.get("crosswalk", {}).items():
        yield from _key_faults(f"crosswalk.{name}", step, _CROSSWALK, tuple(_CROSSWALK))
        if isinstance(step, dict) and is_outside(str(step.get("file", ""))):
            yield f"crosswalk.{name}.file", "is not beside the mapping.", ""
    for name, step in entry.get("ratio", {}).items():
        yield from _key_faults(f"ratio.{name}", step, _RATIO, ("of", "to"))
    yield from _group_faults(entry.get("group", {}))
    if not _is_texts(entry.get("require", []), least=0):
        yield "require", "must be a list of columns.", ""


def is_outside(file: str) -> bool:
    """Whether a file is named from elsewhere than the folder it belongs to."""
    return PurePath(file).is_absolute() or ".." in PurePath(file).parts


def _group_faults(group: Mapping[str, Any]) -> Iterator[Fault]:
    shapes = list(_key_faults("group", group, _GROUP, ("by",) if group else ()))
    yield from shapes
    if shapes or not group:
        return
    if not _is_texts(group["by"]) or len(set(group["by"])) < len(group["by"]):
        yield "group.by", "must be a list of different columns.", ""
    for name in ("sum", "distinct"):
        if not _is_texts(list(group.get(name, {}).values()), least=0):
            yield f"group.{name}", "must give each new column the column it is made of.", ""


def reshape(raw: pd.DataFrame, steps: Reshaping, decimal: str = ".") -> tuple[pd.DataFrame, list[Problem]]:
    """The rows after every step, and what was wrong.

    Parameters
    ----------
    raw : DataFrame
        All text, indexed by file and row.
    steps : Reshaping
    decimal : {".", ","}
        How numbers are written; those which come out have a point.

    Returns
    -------
    DataFrame
        All text; a group stands where its first row stood.
    list of Problem
        Columns which are missing, numbers which are none, cross-walks which cannot be read.
    """
    problems: list[Problem] = []
    for column, wanted in steps.where.items():
        if not _missing(raw, [column], problems):
            raw = raw[raw[column].str.strip().isin(wanted)]
    for column, step in steps.crosswalk.items():
        if not _missing(raw, [step["column"]], problems):
            raw = raw.assign(**{column: _walked(raw[step["column"]].str.strip(), step, steps.folder, problems)})
    if steps.group:
        raw = _grouped(raw, steps.group, decimal, problems)
    for column, step in steps.ratio.items():
        if not _missing(raw, [step["of"], step["to"]], problems):
            raw = raw.assign(**{column: _ratio(raw, step, decimal, problems)})
    if not _missing(raw, steps.require, problems):
        for column in steps.require:
            raw = raw[raw[column].str.strip() != ""]
    return raw, problems


def _words(wanted: object) -> list[str]:
    return [str(word) for word in wanted] if isinstance(wanted, list) else [str(wanted)]


def _is_texts(value: object, least: int = 1) -> bool:
    return isinstance(value, list) and len(value) >= least and all(isinstance(item, str) for item in value)


def _key_faults(path: str, step: object, known: Mapping[str, type], needed: tuple[str, ...]) -> Iterator[Fault]:
    if not isinstance(step, dict):
        yield path, "must be a section.", f"It takes {', '.join(known)}."
        return
    for key, value in step.items():
        if key not in known:
            yield f"{path}.{key}", "is unknown.", did_you_mean(key, known)
        elif not isinstance(value, known[key]):
            yield f"{path}.{key}", f"must be {_IN_WORDS[known[key]]}.", ""
    yield from ((f"{path}.{key}", "is missing.", "") for key in needed if key not in step)


def _missing(raw: pd.DataFrame, columns: Iterable[str], problems: list[Problem]) -> bool:
    """Whether a column is not there, or there twice; each becomes a problem."""
    before = len(problems)
    file = str(raw.index.levels[0][0]) if isinstance(raw.index, pd.MultiIndex) else ""
    for column in dict.fromkeys(columns):
        found = list(raw.columns).count(column)
        if found == 0:
            hint = did_you_mean(column, raw.columns)
            problems.append(_file_problem("missing_column", file, f'has no column "{column}".', hint))
        elif found > 1:
            problems.append(_file_problem("duplicate_column", file, f'has several columns "{column}".'))
    return len(problems) > before


def _file_problem(code: str, file: str, message: str, hint: str = "") -> Problem:
    return Problem("error", code, file, None, None, None, message, hint)


def _walked(names: pd.Series, step: Mapping[str, str], folder: Path, problems: list[Problem]) -> pd.Series:
    """Names replaced by those of the cross-walk."""
    try:
        table, _, _ = read_table(read_bytes(folder / step["file"]), step["file"])
    except InputError as error:
        problems.extend(
            error.problems or [Problem("error", "missing_file", step["file"], None, None, None, str(error))]
        )
        return names
    pairs = table.to_pandas()
    origin = pd.MultiIndex.from_product([[step["file"]], pairs[ROW]])
    pairs = pairs.set_index(origin)
    if _missing(pairs, [step["key"], step["value"]], problems):
        return names
    known, other_names = (pairs[step[part]].str.strip() for part in ("key", "value"))
    problems.extend(_cell_problems(known[known.duplicated()], "duplicate_key", "is there already.", step["key"]))
    other = dict(zip(known, other_names, strict=True))
    return names.map(other).fillna(names)


def _grouped(raw: pd.DataFrame, group: Mapping[str, Any], decimal: str, problems: list[Problem]) -> pd.DataFrame:
    """One row for each combination of the columns of ``by``, in the order of their first rows."""
    sums, counts = group.get("sum", {}), group.get("distinct", {})
    if _missing(raw, [*group["by"], *sums.values(), *counts.values()], problems):
        return raw
    by = [raw[column].str.strip() for column in group["by"]]
    number = pd.Series(range(len(raw)), index=raw.index).groupby(by, sort=False).transform("min")
    first = ~number.duplicated()
    result = pd.DataFrame(raw.loc[first.to_numpy(), group["by"]])
    for column, source in sums.items():
        total = _numbers(raw, source, decimal, problems).groupby(number.to_numpy(), sort=False).sum()
        result = result.assign(**{column: [f"{value:.15g}" for value in total]})
    for column, source in counts.items():
        distinct = raw[source].str.strip().groupby(number.to_numpy(), sort=False).nunique()
        result = result.assign(**{column: distinct.astype(str).to_numpy()})
    return result


def _ratio(raw: pd.DataFrame, step: Mapping[str, Any], decimal: str, problems: list[Problem]) -> list[str]:
    """``of / to`` as text, blank where the denominator is zero or missing."""
    above, below = (_numbers(raw, step[name], decimal, problems).to_numpy() for name in ("of", "to"))
    share = pd.Series(above) / pd.Series(below).where(below != 0)
    share = 1.0 - share if step.get("one_minus") else share
    return ["" if pd.isna(value) else f"{value:.15g}" for value in share]


def _numbers(raw: pd.DataFrame, column: str, decimal: str, problems: list[Problem]) -> pd.Series:
    """A column as numbers; blank counts as missing, anything else which is no number is a problem."""
    text = raw[column].str.strip()
    values = pd.to_numeric(text.str.replace(decimal, ".", regex=False), errors="coerce")
    values = values.where(values.abs() != float("inf"))
    problems.extend(_cell_problems(text[values.isna() & (text != "")], "not_a_number", "is not a number.", column))
    return values


def _cell_problems(cells: pd.Series, code: str, what: str, column: str) -> list[Problem]:
    """A problem for each cell, where it stands in its file."""
    files, rows = (cells.index.get_level_values(level) for level in (0, 1))
    return [
        Problem("error", code, str(file), int(row), column, str(cell), f'"{cell}" {what}')
        for file, row, cell in zip(files, rows, cells, strict=True)
    ]
