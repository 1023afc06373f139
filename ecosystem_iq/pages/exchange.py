"""The influence graph for people who work with pyvis themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ecosystem_iq.network import InfluenceGraph, measure
from ecosystem_iq.network.communities import account_communities
from ecosystem_iq.pages import container
from ecosystem_iq.views.layout import island_layout, radii

if TYPE_CHECKING:
    from pyvis.network import Network


def to_pyvis(graph: InfluenceGraph, *, names: Mapping[str, str] | None = None) -> Network:
    """A pyvis network of the graph: positions set, physics off, an arrow from who moves to who is moved.

    Parameters
    ----------
    graph : InfluenceGraph
        One account, or several beside each other.
    names : mapping of str to str, optional
        Label of each stakeholder id; default the id.

    Returns
    -------
    pyvis.network.Network
        Nodes are numbered in the order of ``graph.ids`` and sized by influence.

    Notes
    -----
    Its own ``show`` and ``write_html`` load scripts from the internet; for a page which works offline use
    :func:`ecosystem_iq.network_view`.
    """
    own = account_communities(graph, weighted=True)
    community = np.unique(graph.account_code * (len(graph) + 1) + own, return_inverse=True)[1]
    radius = radii(measure(graph, draws=0).to_frame().sort_index()["influence"].to_numpy())
    position = island_layout(graph.matrix, community, radius)
    payload = {
        "title": "",
        "groups": [{"id": "other"}],
        "nodes": {
            "name": [str((names or {}).get(i, i)) for i in graph.ids],
            "group": [0] * len(graph),
            "title": [str(account) for account in graph.account],
            "community": community.tolist(),
            "x": position[:, 0].tolist(),
            "y": position[:, 1].tolist(),
            "size": radius.tolist(),
        },
        "ties": _arcs(graph),
    }
    return container.to_network(payload)


def _arcs(graph: InfluenceGraph) -> dict[str, list[Any]]:
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    kind = ["moves" if sign > 0 else "moves, against" for sign in graph.sign]
    return {
        "source": tail.tolist(),
        "target": graph.matrix.indices.tolist(),
        "kind": kind,
        "mutual": [False] * len(tail),
    }
