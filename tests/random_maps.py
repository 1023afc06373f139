"""Random maps of who moves whom, and what networkx makes of them."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import numpy as np

from ecosystem_iq.network import InfluenceGraph, to_networkx


def random_graph(seed: int, n: int = 8, chance: float = 0.25) -> InfluenceGraph:
    """Arcs of probability 0 and 1 among them, and some against."""
    rng = np.random.default_rng(seed)
    ids = [f"s{i:02d}" for i in range(n)]
    pairs = [(a, b) for a, b in itertools.permutations(ids, 2) if rng.random() < chance]
    probability = rng.choice([0.0, 0.25, 0.5, 1.0], len(pairs)) * rng.choice([1.0, 0.9], len(pairs))
    sign = rng.choice([1, -1], len(pairs))
    return InfluenceGraph.from_edges(*zip(*pairs, strict=True), probability, sign=sign, ids=ids)


def arrows(graph: InfluenceGraph) -> nx.DiGraph:
    """As networkx has it, without arcs of probability 0."""
    result = to_networkx(graph)
    result.remove_edges_from([(a, b) for a, b, p in result.edges(data="probability") if p == 0])
    for _, _, known in result.edges(data=True):
        known["length"] = -math.log(known["probability"])
    return result
