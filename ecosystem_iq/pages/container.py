"""pyvis as the container of account networks; no other module knows it.

Its network object is filled directly (its own ``add_edge`` is quadratic and drops parallel ties), its template and
its ways of writing are never used (they load from the internet and run what data says), and positions are computed
before, so that the browser simulates nothing. pyvis pulls IPython in: it is imported inside functions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ecosystem_iq.errors import InputError
from ecosystem_iq.pages import palette, shell

if TYPE_CHECKING:
    from pyvis.network import Network

_OPTICAL = {"square": 0.86, "diamond": 1.05, "star": 1.1, "triangle": 1.0, "triangleDown": 1.0, "hexagon": 0.98}
_CURVED_UP_TO = 1000
_EDGE_COLOR = "rgba(95,107,122,0.42)"


def to_network(payload: Mapping[str, Any]) -> Network:
    """An account payload as a pyvis network: a node per stakeholder, an arrow per tie, parallel ties kept.

    Parameters
    ----------
    payload : mapping
        Of an account page. Node ids are positions in its columns, most influential first.

    Returns
    -------
    pyvis.network.Network
        Directed, physics off, positions set.

    Raises
    ------
    InputError
        When a column holds NaN or an infinity, or columns differ in length.
    """
    network = _stakeholders(payload)
    network.edges = _edges(payload)
    return network


def to_html(payload: Mapping[str, Any], template: str, view: Mapping[str, Any]) -> str:
    """Render a network through one of our templates, which sees pyvis' variables and ``view``.

    The network has no edges, and the page none of pyvis' scripts: it draws symbols and ties itself, from columns, in a
    third of the time which vis-network takes for them, and in a file of a third of the size.
    """
    network = _stakeholders(payload)
    # An overlay of its own: globals set on the shared environment would leak into the next page.
    env = shell.environment().overlay()
    env.globals = {**env.globals, "view": view}
    network.templateEnv, network.path = env, template
    return shell.encodable(network.generate_html())


def _stakeholders(payload: Mapping[str, Any]) -> Network:
    """The network before its ties; all columns checked."""
    from pyvis.network import Network

    _check_columns("nodes", payload["nodes"])
    _check_columns("ties", payload["ties"])
    network = Network(height="720px", directed=True, cdn_resources="in_line", heading=payload["title"])
    network.nodes = _nodes(payload)
    network.node_ids = [node["id"] for node in network.nodes]
    network.node_map = {node["id"]: node for node in network.nodes}
    _set_options(network, len(network.nodes))
    return network


def _nodes(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    nodes = payload["nodes"]
    marks = palette.group_marks(group["id"] for group in payload["groups"])
    rows = zip(nodes["name"], nodes["group"], nodes["title"], nodes["x"], nodes["y"], nodes["size"], strict=True)
    return [
        {
            "id": position,
            "label": name or " ",  # an empty label would make pyvis show the id
            "title": " · ".join(part for part in (name, title) if part),
            "shape": marks[group].shape,
            "color": marks[group].color,
            "size": round(size * _OPTICAL.get(marks[group].shape, 1.0), 2),
            "x": round(x, 1),
            "y": round(y, 1),
        }
        for position, (name, group, title, x, y, size) in enumerate(rows)
    ]


def _edges(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    ties = payload["ties"]
    curved = len(payload["nodes"]["name"]) <= _CURVED_UP_TO
    bends = _bends(ties["source"], ties["target"], payload["nodes"]["community"])
    rows = zip(ties["source"], ties["target"], ties["kind"], ties["mutual"], bends, strict=True)
    return [
        {
            "id": position,
            "from": source,
            "to": target,
            "title": kind,
            "arrows": "to, from" if mutual else "to",
            "color": _EDGE_COLOR,
            **({"smooth": {"enabled": True, "type": "curvedCW", "roundness": bend}} if curved else {}),
        }
        for position, (source, target, kind, mutual, bend) in enumerate(rows)
    ]


def _bends(sources: Sequence[int], targets: Sequence[int], community: Sequence[int]) -> list[float]:
    """How much each tie bends: more between communities, and more for each further tie of the same direction.

    A tie bends clockwise as seen from its source, so that A → B and B → A never lie on each other.
    """
    seen: Counter[tuple[int, int]] = Counter()
    bends = []
    for source, target in zip(sources, targets, strict=True):
        base = 0.1 if community[source] == community[target] else 0.16
        bends.append(round(base + 0.12 * seen[source, target], 2))
        seen[source, target] += 1
    return bends


def _set_options(network: Network, count: int) -> None:
    network.options.physics.enabled = False
    network.options.edges.color.inherit = False
    network.options.edges.smooth.enabled = False
    network.options.edges.smooth.type = "continuous"
    network.options.interaction.dragNodes = False
    network.options.interaction.hideEdgesOnDrag = count > _CURVED_UP_TO
    network.options.interaction.hideEdgesOnZoom = count > _CURVED_UP_TO


def _check_columns(table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"The columns of {table} differ in length: {lengths}.")
    for name, values in columns.items():
        for position, value in enumerate(values):
            if isinstance(value, float) and not math.isfinite(value):
                raise InputError(f"{table}.{name}[{position}] is {value}; a missing number is null, never NaN.")
