"""``workspace.toml``: what holds for the whole workspace, with a default for everything."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ecosystem_iq.errors import Level, Problem, did_you_mean

FILE = "workspace.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workspace.

    Attributes
    ----------
    title : str
    as_of : datetime.date or None
        "Today" for every recency rule; None means the newest date in the data.
    own_company, period : str
        Whose company-side columns are read, and which period the benchmark is for; empty means "any".
    separator, decimal, encoding : str
        How the files are written; empty means "find out".
    half_life_months : float
        Months after which an unconfirmed tie counts half.
    damping : float
        Share of influence which is passed on rather than restarted, 0-1.
    judged_weight : float
        Weight of judged against computed influence ranks, 0-1.
    mean_branching : float
        Stakeholders whom an average stakeholder moves directly, to which tie probabilities are scaled.
    layers : mapping of str to float
        Layer weights which replace those of the tie kinds, 0-1.
    framework : str
    clean_room : bool
    """

    title: str = ""
    as_of: dt.date | None = None
    own_company: str = ""
    period: str = ""
    separator: str = ""
    decimal: str = ""
    encoding: str = ""
    half_life_months: float = 24.0
    damping: float = 0.85
    judged_weight: float = 0.0
    mean_branching: float = 0.8
    layers: Mapping[str, float] = field(default_factory=dict)
    framework: str = "builtin:ecosystem-iq"
    clean_room: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one key may hold."""

    type: type | tuple[type, ...]
    low: float = float("-inf")
    high: float = float("inf")
    words: tuple[str, ...] = ()
    hint: str = ""


_NUMBER = (int, float)
_SECTIONS: dict[str, dict[str, _Rule]] = {
    "": {
        "title": _Rule(str),
        "as_of": _Rule((dt.date, str)),
        "own_company": _Rule(str),
        "period": _Rule((str, int)),
    },
    "files": {
        "separator": _Rule(str, words=(",", ";", "\t", "|")),
        "decimal": _Rule(str, words=(".", ",")),
        "encoding": _Rule(str, words=("utf-8", "utf-16", "windows-1252")),
    },
    "influence": {
        "half_life_months": _Rule(_NUMBER, low=1e-6),
        "damping": _Rule(_NUMBER, 0, 0.999),
        "judged_weight": _Rule(_NUMBER, 0, 1),
        "mean_branching": _Rule(_NUMBER, 1e-6, 10),
    },
    "benchmark": {"framework": _Rule(str), "clean_room": _Rule(bool)},
    "privacy": {
        "level": _Rule(str, words=("full",), hint="This version leaves nothing out of its results."),
        "key_file": _Rule(str),
    },
}
_KNOWN_SECTIONS = ("layers", *filter(None, _SECTIONS))


def read_settings(text: str) -> tuple[Settings, list[Problem]]:
    r"""Settings from the text of ``workspace.toml``, and everything wrong with it.

    A wrong value is reported and its default used, so that all faults are found in one pass.

    Examples
    --------
    >>> settings, problems = read_settings("[influence]\ndampening = 0.9")
    >>> settings.damping, problems[0].hint
    (0.85, 'Did you mean "damping"?')
    """
    try:
        parsed = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, brackets within brackets
        return Settings(), [_problem("toml", "", None, f"is not TOML: {error}.", "Text stands between quotes.")]
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for section, key, value in _entries(parsed):
        fault = _fault(section, key, value)
        if fault:
            problems.append(fault)
        elif section == "layers":
            values.setdefault("layers", {})[key] = float(value)
        elif section != "privacy":  # nothing to redact at level full
            values[key] = _converted(key, value)
    known = {f.name for f in dataclasses.fields(Settings)}
    return Settings(**{key: value for key, value in values.items() if key in known}), problems


def _entries(parsed: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every key of the file with its section; a section which should be a table comes as one key."""
    for name, value in parsed.items():
        if isinstance(value, dict) and (value or name in _KNOWN_SECTIONS):
            yield from ((name, key, inner) for key, inner in value.items())
        elif isinstance(value, dict):
            yield name, "", None
        else:
            yield "", name, value


def _fault(section: str, key: str, value: Any) -> Problem | None:  # noqa: PLR0911 - one return a rule
    """What is wrong with one key, if anything."""
    path = ".".join(filter(None, (section, key)))
    if section == "layers":
        fine = isinstance(value, _NUMBER) and not isinstance(value, bool) and 0 <= value <= 1
        return None if fine else _problem("setting", path, value, f"{value!r} is not a weight between 0 and 1.")
    if section not in _SECTIONS:
        hint = did_you_mean(section, _KNOWN_SECTIONS)
        return _problem("unknown_setting", path, None, f"[{section}] is unknown.", hint)
    if not section and key in _KNOWN_SECTIONS:
        return _problem("setting", path, value, f"is a section: write [{key}], and its keys below.")
    rule = _SECTIONS[section].get(key)
    if rule is None:
        return _problem("unknown_setting", path, None, "is unknown.", did_you_mean(key, _SECTIONS[section]))
    if not isinstance(value, rule.type) or (isinstance(value, bool) and rule.type is not bool):
        return _problem("setting", path, value, f"{value!r} is not of the expected type.")
    if key == "as_of" and _date(value) is None:
        return _problem("setting", path, value, f'"{value}" is not a date.', "Write as_of = 2026-06-30.")
    if rule.words and value not in rule.words:
        return _problem("setting", path, value, f"{value!r} is none of {', '.join(map(repr, rule.words))}.", rule.hint)
    if isinstance(value, _NUMBER) and not rule.low <= value <= rule.high:
        return _problem("setting", path, value, f"{value} is outside {rule.low:g} to {rule.high:g}.")
    return None


def _problem(code: str, path: str, value: Any, message: str, hint: str = "") -> Problem:
    level: Level = "error"
    return Problem(level, code, FILE, None, path or None, None if value is None else str(value), message, hint)


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def _converted(key: str, value: Any) -> Any:
    if key == "as_of":
        return _date(value)
    return str(value) if key == "period" else value
