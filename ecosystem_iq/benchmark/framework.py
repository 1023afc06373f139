"""The framework: what is measured and how it adds up, as one immutable value.

A framework is a tree. Its root is the composite; ``[[axis]]`` and ``[[dimension]]`` are nodes below it, to any depth;
``[[indicator]]`` are the leaves. A choice is changed by changing the value and running again.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ecosystem_iq.errors import FrameworkError, did_you_mean
from ecosystem_iq.files import read_toml

METHODS = ("arithmetic", "geometric", "harmonic", "minimum")
_TOP = (
    "id",
    "version",
    "title",
    "note",
    "composite",
    "method",
    "axis",
    "dimension",
    "node",
    "indicator",
    "missing",
    "areas",
    "uncertainty",
)
_NODE = ("id", "parent", "name", "weight", "method")
_INDICATOR = (
    "id", "node", "dimension", "name", "definition", "direction", "unit", "goalposts", "weight", "area", "needs",
    "min_n", "anchors",
)  # fmt: skip
_TAKEN = (
    "company_id", "rank", "rank_low", "rank_high", "p_first", "ranked", "tie_group", "gap", "quadrant",
    "quadrant_probability", "band", "band_probability", "data_coverage",
)  # fmt: skip
"""Columns of every scorecard, which no node may be called."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A leaf of the framework.

    Attributes
    ----------
    id, node, name, definition, unit, area : str
        ``node`` is the node it belongs to.
    direction : {"up", "down"}
        Whether a higher raw value is better.
    low, high : float
        Goalposts: the raw values at the ends of the scale.
    weight : float
        Within its node.
    min_n : int
        Cases below which a value is not used.
    anchors : tuple of str
        What each level of a rubric means; raters of a rubric are joined by their median.
    """

    id: str
    node: str
    name: str
    definition: str = ""
    unit: str = ""
    direction: str = "up"
    low: float = 0.0
    high: float = 100.0
    weight: float = 1.0
    area: str = ""
    min_n: int = 0
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """An inner node: the root, an axis, a dimension.

    Attributes
    ----------
    id, parent, name : str
        The root has parent ``""``.
    weight : float
        Within the parent.
    method : {"arithmetic", "geometric", "harmonic", "minimum"}
    """

    id: str
    parent: str
    name: str
    weight: float = 1.0
    method: str = "arithmetic"


@dataclass(frozen=True)
class Framework:
    """A composite indicator as one value.

    Attributes
    ----------
    id, version, title : str
    nodes : tuple of Node
        Children before parents; the last one is the root, the composite.
    indicators : tuple of Indicator
    missing : mapping of str to float
        Share of weight which must be present: ``dimension`` for nodes of indicators, ``axis`` for nodes of nodes.
    areas : mapping of str to str
    note : str
        What a reader must know, shown with every result.
    rater_sd : float
        Standard deviation between raters on the 0-100 scale, used where no unit has two raters.
    source : mapping
        The parsed file, which ``hash`` is made of.
    """

    id: str
    version: str
    title: str
    nodes: tuple[Node, ...]
    indicators: tuple[Indicator, ...]
    missing: Mapping[str, float] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    rater_sd: float = 10.0
    source: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def composite(self) -> str:
        """Name of the composite, the root."""
        return self.nodes[-1].id

    @property
    def axes(self) -> tuple[Node, ...]:
        """Nodes directly below the composite."""
        return tuple(node for node in self.nodes if node.parent == self.composite)

    @property
    def dimensions(self) -> tuple[Node, ...]:
        """Nodes which hold indicators, below the axes."""
        holding = {indicator.node for indicator in self.indicators}
        return tuple(node for node in self.nodes if node.id in holding and node.parent not in ("", self.composite))

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON of the parsed file."""
        text = json.dumps(self.source, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def children(self, node: str) -> Iterator[Node]:
        """Nodes directly below a node."""
        return (child for child in self.nodes if child.parent == node)

    def leaves(self, node: str) -> Iterator[Indicator]:
        """Indicators directly below a node."""
        return (indicator for indicator in self.indicators if indicator.node == node)

    def threshold(self, node: str) -> float:
        """Share of weight below a node which must be present for it to be scored."""
        if node == self.composite and any(True for _ in self.children(node)):
            return 1.0  # a company which lacks an axis is not ranked
        level = "axis" if any(True for _ in self.children(node)) else "dimension"
        return float(self.missing.get(level, 0.0))


def load_framework(path: str | Path = "builtin:ecosystem-iq") -> Framework:
    """Read a framework file.

    Parameters
    ----------
    path : str or Path
        A TOML file, or ``builtin:<name>`` for a shipped one.

    Returns
    -------
    Framework

    Raises
    ------
    FrameworkError
        Lists every fault with its key path.

    Examples
    --------
    >>> framework = load_framework()
    >>> framework.composite, len(framework.indicators)
    ('eiq', 26)
    """
    parsed = read_toml(path, "frameworks", "framework", FrameworkError)
    try:
        return parse_framework(parsed)
    except FrameworkError as error:
        raise FrameworkError(f"{path}: {error}") from error


def parse_framework(source: Mapping[str, Any]) -> Framework:
    """A framework from parsed TOML.

    Raises
    ------
    FrameworkError
        Lists every fault with its key path.
    """
    faults: list[str] = []
    _unknown_keys(source, _TOP, "", faults)
    composite = str(source.get("composite", "")) or "composite"
    root = Node(composite, "", str(source.get("title", composite)), 1.0, str(source.get("method", "arithmetic")))
    nodes = [*_nodes(source, composite, faults), root]
    indicators = [_indicator(entry, path, faults) for path, entry in _entries(source, "indicator", faults)]
    missing = _section(source, "missing", ("dimension", "axis"), faults)
    shares = {key: _number(share, f"missing.{key}", faults, low=0, high=1) for key, share in missing.items()}
    uncertainty = _section(source, "uncertainty", ("rater_sd",), faults)
    rater_sd = _number(uncertainty.get("rater_sd", 10.0), "uncertainty.rater_sd", faults, low=0)
    areas = _section(source, "areas", None, faults)
    faults.extend(_structure_faults(nodes, indicators))
    if faults:
        raise FrameworkError(f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}:\n  " + "\n  ".join(faults))
    return Framework(
        id=str(source.get("id", "framework")),
        version=str(source.get("version", "")),
        title=root.name,
        nodes=_children_first(nodes),
        indicators=tuple(indicators),
        missing=shares,
        areas={key: str(name) for key, name in areas.items()},
        note=str(source.get("note", "")),
        rater_sd=rater_sd,
        source=dict(source),
    )


def _unknown_keys(entry: Mapping[str, Any], known: tuple[str, ...], path: str, faults: list[str]) -> None:
    unknown = (key for key in entry if key not in known)
    faults.extend(f"{path}{key} is unknown. {did_you_mean(key, known)}".strip() for key in unknown)


def _section(
    source: Mapping[str, Any], name: str, known: tuple[str, ...] | None, faults: list[str]
) -> Mapping[str, Any]:
    """A table of the file, empty where it is none."""
    section = source.get(name, {})
    if not isinstance(section, Mapping):
        faults.append(f"{name} must be a table, [{name}]; found {section!r}.")
        return {}
    if known is not None:
        _unknown_keys(section, known, f"{name}.", faults)
    return section


def _entries(source: Mapping[str, Any], name: str, faults: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Path and content of every table in a list of tables."""
    entries = source.get(name, [])
    for position, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        if isinstance(entry, Mapping) and isinstance(entries, list):
            yield f"{name}[{position}]", entry
        else:
            faults.append(f"{name} must be a list of tables, [[{name}]]; found {entry!r}.")


def _nodes(source: Mapping[str, Any], composite: str, faults: list[str]) -> Iterator[Node]:
    for section in ("axis", "dimension", "node"):
        for path, entry in _entries(source, section, faults):
            _unknown_keys(entry, _NODE, f"{path}.", faults)
            if not entry.get("id"):
                faults.append(f"{path}.id is missing.")
            weight = _number(entry.get("weight", 1), f"{path}.weight", faults, low=0)
            method = str(entry.get("method", "arithmetic"))
            name = str(entry.get("name", entry.get("id", "")))
            yield Node(str(entry.get("id", "")), str(entry.get("parent", composite)), name, weight, method)


def _indicator(entry: Mapping[str, Any], path: str, faults: list[str]) -> Indicator:
    _unknown_keys(entry, _INDICATOR, f"{path}.", faults)
    faults.extend(f"{path}.{key} is missing." for key in ("id", "goalposts") if not entry.get(key))
    posts = entry.get("goalposts") or [0, 100]
    if not isinstance(posts, list) or len(posts) != 2 or posts[0] == posts[1]:  # noqa: PLR2004 - a pair
        faults.append(f"{path}.goalposts must be two different numbers; found {posts!r}.")
        posts = [0, 100]
    low, high = (_number(post, f"{path}.goalposts", faults) for post in posts)
    if low > high:
        faults.append(f'{path}.goalposts must rise; write direction = "down" where lower is better.')
    direction = str(entry.get("direction", "up"))
    if direction not in ("up", "down"):
        faults.append(f'{path}.direction "{direction}" is neither up nor down.')
    return Indicator(
        id=str(entry.get("id", "")),
        node=str(entry.get("node", entry.get("dimension", ""))),
        name=str(entry.get("name", entry.get("id", ""))),
        definition=str(entry.get("definition", "")),
        unit=str(entry.get("unit", "")),
        direction=direction,
        low=low,
        high=high,
        weight=_number(entry.get("weight", 1), f"{path}.weight", faults, low=0),
        area=str(entry.get("area", "")),
        min_n=int(_number(entry.get("min_n", 0), f"{path}.min_n", faults, low=0)),
        anchors=_anchors(entry.get("anchors", []), path, faults),
    )


def _anchors(value: object, path: str, faults: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list):
        faults.append(f"{path}.anchors must be a list of texts; found {value!r}.")
        return ()
    return tuple(str(anchor) for anchor in value)


def _number(value: object, path: str, faults: list[str], low: float = -math.inf, high: float = math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        faults.append(f"{path} must be a number; found {value!r}.")
        return 0.0
    if value < low:
        faults.append(f"{path} must be at least {low:g}; found {value}.")
    if value > high:
        faults.append(f"{path} must be at most {high:g}; found {value}.")
    return float(value)


def _structure_faults(nodes: list[Node], indicators: list[Indicator]) -> Iterator[str]:
    """What is wrong with the tree as a whole."""
    ids = [node.id for node in nodes]
    names = ids + [indicator.id for indicator in indicators]
    yield from (
        f'id "{name}" is used {names.count(name)} times.' for name in dict.fromkeys(names) if names.count(name) > 1
    )
    yield from (f'id "{name}" is taken: every scorecard has a column of that name.' for name in names if name in _TAKEN)
    for node in nodes:
        if node.parent and node.parent not in ids:
            yield f'{node.id}.parent "{node.parent}" is not a node. {did_you_mean(node.parent, ids)}'.strip()
        elif _in_circle(node, nodes):
            yield f"{node.id}.parent goes round in a circle."
        if node.method not in METHODS:
            yield f'{node.id}.method "{node.method}" is unknown. {did_you_mean(node.method, METHODS)}'.strip()
        below = [c.weight for c in nodes if c.parent == node.id] + [i.weight for i in indicators if i.node == node.id]
        if not below or sum(below) <= 0:
            yield f"{node.id} has nothing of positive weight below it."
    for indicator in indicators:
        if indicator.node not in ids:
            yield f'{indicator.id}.node "{indicator.node}" is not a node. {did_you_mean(indicator.node, ids)}'.strip()


def _in_circle(node: Node, nodes: list[Node]) -> bool:
    parents = {other.id: other.parent for other in nodes}
    seen, current = set[str](), node.id
    while current:
        if current in seen:
            return True
        seen.add(current)
        current = parents.get(current, "")
    return False


def _children_first(nodes: list[Node]) -> tuple[Node, ...]:
    parents = {node.id: node.parent for node in nodes}

    def depth(name: str) -> int:
        return 0 if not name else 1 + depth(parents[name])

    return tuple(sorted(nodes, key=lambda node: -depth(node.id)))
