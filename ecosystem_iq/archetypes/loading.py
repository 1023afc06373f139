"""From a TOML file to a library of archetypes, with every fault found in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ecosystem_iq.archetypes.library import FEATURES, TYPICAL, UNITS, Feature, Library, Naming, Prototype
from ecosystem_iq.archetypes.parsing import Faults
from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.files import read_toml

_TOP = ("id", "version", "title", "naming", "positions", "currencies", "feature", "archetype")
_FEATURE = ("id", "label", "meaning", "reason", "unit", "goalposts")
_ARCHETYPE = ("id", "label", "when", "high", "low", "engagement", "personas", "platform")
_NAMING = {
    "tau": 0.0,
    "min_membership": 0.4,
    "min_lead": 0.1,
    "max_distance": 0.2,
    "min_features": 8,
    "min_weight": 0.6,
}
_POSITIONS = {"high": 0.8, "low": 0.2, "named_weight": 2.0}
_SEPARATOR = ";"


def load_library(path: str | Path = "builtin:default") -> Library:
    """Read a library of archetypes.

    Parameters
    ----------
    path : str or Path
        A TOML file, or ``builtin:<name>`` for a shipped one.

    Returns
    -------
    Library

    Raises
    ------
    InputError
        Lists every fault with its key path.

    Examples
    --------
    >>> load_library().ids
    ('M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7')
    """
    parsed = read_toml(path, "archetypes", "library of archetypes")
    try:
        return parse_library(parsed)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def parse_library(source: Mapping[str, Any]) -> Library:
    """A library from parsed TOML.

    Raises
    ------
    InputError
        Lists every fault with its key path.
    """
    faults = Faults()
    faults.unknown(source, _TOP, "")
    naming = _numbers(source, "naming", _NAMING, faults)
    if not naming["tau"] > 0:
        faults.add("naming.tau must be above 0.")
    positions = _numbers(source, "positions", _POSITIONS, faults)
    currencies = faults.section(source, "currencies")
    features = [_feature(entry, path, faults) for path, entry in faults.entries(source, "feature")]
    prototypes = [_prototype(entry, path, faults) for path, entry in faults.entries(source, "archetype")]
    library = Library(
        id=str(source.get("id", "library")),
        version=str(source.get("version", "")),
        title=str(source.get("title", "")),
        features=tuple(sorted(features, key=lambda f: FEATURES.index(f.id) if f.id in FEATURES else len(FEATURES))),
        prototypes=tuple(prototypes),
        naming=Naming(**naming),
        currencies={key: faults.number(rate, f"currencies.{key}", low=1e-9) for key, rate in currencies.items()},
        source=dict(source),
        **positions,
    )
    faults.extend(_structure_faults(library))
    faults.raise_any()
    return library


def _numbers(source: Mapping[str, Any], name: str, defaults: Mapping[str, float], faults: Faults) -> dict[str, float]:
    section = faults.section(source, name)
    faults.unknown(section, tuple(defaults), f"{name}.")
    return {key: faults.number(section.get(key, value), f"{name}.{key}", low=0) for key, value in defaults.items()}


def _feature(entry: Mapping[str, Any], path: str, faults: Faults) -> Feature:
    faults.unknown(entry, _FEATURE, f"{path}.")
    faults.extend(f"{path}.{key} is missing." for key in ("id", "label", "reason", "goalposts") if not entry.get(key))
    texts = {key: str(entry.get(key, "")) for key in ("id", "label", "meaning", "reason")}
    if texts["id"] and texts["id"] not in FEATURES:
        faults.add(f'{path}.id "{texts["id"]}" is not a feature: they are f1 to f16.')
    if texts["reason"] and ("{value}" not in texts["reason"] or _SEPARATOR in texts["reason"]):
        faults.add(f"{path}.reason must hold {{value}} and no semicolon.")
    unit = str(entry.get("unit", "number"))
    if unit not in UNITS:
        faults.add(f'{path}.unit "{unit}" is none of {", ".join(UNITS)}. {did_you_mean(unit, UNITS)}'.strip())
    posts = entry.get("goalposts") or [0, 0.5, 1]
    if not isinstance(posts, list) or len(posts) != 3:  # noqa: PLR2004 - low, typical, high
        faults.add(f"{path}.goalposts must be three numbers, low, typical and high; found {posts!r}.")
        posts = [0, 0.5, 1]
    low, typical, high = (faults.number(post, f"{path}.goalposts") for post in posts)
    if not low < typical < high:
        faults.add(f"{path}.goalposts must rise; found {posts!r}.")
    return Feature(**texts, unit=unit, low=low, typical=typical, high=high)


def _prototype(entry: Mapping[str, Any], path: str, faults: Faults) -> Prototype:
    faults.unknown(entry, _ARCHETYPE, f"{path}.")
    faults.extend(f"{path}.{key} is missing." for key in ("id", "label") if not entry.get(key))
    sides = {side: faults.texts(entry.get(side, []), f"{path}.{side}") for side in ("high", "low")}
    for side, names in sides.items():
        faults.extend(
            f'{path}.{side} names "{name}": features are f1 to f16.' for name in names if name not in FEATURES
        )
        sides[side] = tuple(dict.fromkeys(name for name in names if name in FEATURES))
    faults.extend(f'{path} wants "{name}" both high and low.' for name in sides["high"] if name in sides["low"])
    if not sides["high"] and not sides["low"]:
        faults.add(f"{path} wants no feature high or low: nothing would tell it from a typical account.")
    texts = {key: str(entry.get(key, "")) for key in ("id", "label", "when", "engagement", "platform")}
    personas = faults.texts(entry.get("personas", []), f"{path}.personas")
    return Prototype(**texts, high=sides["high"], low=sides["low"], personas=personas)


def _structure_faults(library: Library) -> Iterator[str]:
    """What is wrong with the library as a whole."""
    for what, ids in (("feature", [f.id for f in library.features]), ("archetype", list(library.ids))):
        several = (name for name in dict.fromkeys(ids) if name and ids.count(name) > 1)
        yield from (f'{what} "{name}" is there {ids.count(name)} times.' for name in several)
    missing = [name for name in FEATURES if name not in {feature.id for feature in library.features}]
    if missing:
        yield f"feature: {', '.join(missing)} missing: all sixteen need goalposts."
    if not library.prototypes:
        yield "archetype: there is none; write at least one [[archetype]]."
    if not 0 <= library.low < TYPICAL < library.high <= 1:
        yield f"positions: low, {TYPICAL:g} and high must rise within 0-1; found {library.low:g}, {library.high:g}."
    if library.named_weight < 1:
        yield f"positions.named_weight must be at least 1; found {library.named_weight:g}."
