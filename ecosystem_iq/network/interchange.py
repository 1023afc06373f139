"""The influence graph for networkx, on request."""

from __future__ import annotations

import networkx as nx
import numpy as np

from ecosystem_iq.network.graph import InfluenceGraph


def to_networkx(graph: InfluenceGraph) -> nx.DiGraph:
    """An ordinary directed graph; ``A → B`` means A moves B.

    Parameters
    ----------
    graph : InfluenceGraph

    Returns
    -------
    networkx.DiGraph
        Nodes are stakeholder ids when there is one account, else pairs (account, id); edges carry ``probability`` and
        ``sign``.

    Examples
    --------
    >>> list(to_networkx(InfluenceGraph.from_edges(["a"], ["b"], 0.5)).edges(data="probability"))
    [('a', 'b', 0.5)]
    """
    single = len(graph.account_ids) == 1
    names = [str(i) if single else (str(a), str(i)) for a, i in zip(graph.account, graph.ids, strict=True)]
    result = nx.DiGraph()
    result.add_nodes_from(names)
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    arcs = zip(tail, graph.matrix.indices, graph.matrix.data, graph.sign, strict=True)
    result.add_edges_from((names[i], names[j], {"probability": float(p), "sign": int(s)}) for i, j, p, s in arcs)
    return result
