"""Cascades worked out by going through every outcome: no sampling, and none of the code under test."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np

from ecosystem_iq.network import InfluenceGraph


def small_graph(seed, nodes=5, arcs=8, negative=0):
    """A random graph with ids a, b, c … and, if asked, some ties against."""
    rng = np.random.default_rng(seed)
    pairs = [(i, j) for i in range(nodes) for j in range(nodes) if i != j]
    chosen = [pairs[i] for i in rng.choice(len(pairs), arcs, replace=False)]
    source, target = ([chr(97 + pair[end]) for pair in chosen] for end in (0, 1))
    sign = np.r_[-np.ones(negative), np.ones(arcs - negative)]
    ids = [chr(97 + i) for i in range(nodes)]
    return InfluenceGraph.from_edges(source, target, rng.uniform(0.1, 0.9, arcs), ids=ids, sign=sign)


def random_graph(seed, nodes=30, arcs=150):
    """Stakeholders p00, p01, …, with many cycles."""
    rng = np.random.default_rng(seed)
    source, target = rng.integers(0, nodes, (2, arcs))
    keep = source != target
    names = np.array([f"p{i:02d}" for i in range(nodes)])
    return InfluenceGraph.from_edges(names[source[keep]], names[target[keep]], rng.random(keep.sum()) * 0.6)


def arcs_for(graph):
    """Positive arcs as (source, target, probability)."""
    dense = graph.matrix.toarray()
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    found = zip(tail, graph.matrix.indices, graph.sign, strict=True)
    return [(graph.ids[i], graph.ids[j], dense[i, j]) for i, j, sign in found if sign > 0]


def outcomes(graph, model="ic"):
    """Every live-edge outcome with its probability."""
    arcs = arcs_for(graph)
    if model == "ic":
        for kept in itertools.product([False, True], repeat=len(arcs)):
            chance = np.prod([p if keep else 1 - p for keep, (_, _, p) in zip(kept, arcs, strict=True)])
            yield chance, [arc[:2] for keep, arc in zip(kept, arcs, strict=True) if keep]
        return
    into = {v: [(u, p) for u, w, p in arcs if w == v] for v in graph.ids}
    choices = []
    for v, entries in into.items():
        total = max(1.0, sum(p for _, p in entries))
        own = [((u, v), p / total) for u, p in entries]
        choices.append([*own, (None, 1.0 - sum(p for _, p in own))])
    for picked in itertools.product(*choices):
        yield np.prod([p for _, p in picked]), [arc for arc, _ in picked if arc is not None]


def exact_spread(graph, seeds, model="ic", value=None):
    """Expected (value of the) stakeholders moved."""
    weight = {name: 1.0 if value is None else value.get(name, 0.0) for name in graph.ids}
    total = 0.0
    for chance, live in outcomes(graph, model):
        drawn = nx.DiGraph(live)
        drawn.add_nodes_from(graph.ids)
        moved = set(seeds).union(*(nx.descendants(drawn, seed) for seed in seeds)) if seeds else set()
        total += chance * sum(weight[name] for name in moved)
    return total
