"""Graphs at the edges of what there is."""

from __future__ import annotations

import itertools

from ecosystem_iq.network import InfluenceGraph


def graph(edges, ids=None, **more):
    source, target = zip(*edges, strict=True) if edges else ((), ())
    return InfluenceGraph.from_edges(source, target, 0.5, ids=ids, **more)


def both_ways(names):
    return [(a, b) for a, b in itertools.product(names, names) if a != b]


GRAPHS = {
    "null": graph([]),
    "one node": graph([], ids="a"),
    "no edge": graph([], ids="abcd"),
    "one edge": graph([("a", "b")]),
    "out star": graph([("hub", leaf) for leaf in "abcde"]),
    "in star": graph([(leaf, "hub") for leaf in "abcde"]),
    "path": graph([("a", "b"), ("b", "c"), ("c", "d")]),
    "cycle": graph([("a", "b"), ("b", "c"), ("c", "a")]),
    "two cliques and a bridge": graph([*both_ways("abcd"), *both_ways("wxyz"), ("d", "w")]),
    "isolates": graph([("a", "b")], ids="abcdef"),
    "only against": graph([("a", "b"), ("b", "c")], sign=[-1, -1]),
    "of no strength": InfluenceGraph.from_edges("ab", "bc", 0.0),
    "certain": InfluenceGraph.from_edges("abc", "bca", 1.0),
    "accounts": graph([("a", "b"), ("a", "b"), ("b", "c")], account=["A", "B", "B"]),
}
