"""The graph for networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from ecosystem_iq.network import InfluenceGraph, to_networkx


def test_arrows_probabilities_and_signs():
    graph = to_networkx(InfluenceGraph.from_edges("ab", "bc", [0.5, 0.25], sign=[1, -1], ids="abcd"))
    assert type(graph) is nx.DiGraph
    assert list(graph) == ["a", "b", "c", "d"]
    assert dict(graph.edges) == {
        ("a", "b"): {"probability": 0.5, "sign": 1},
        ("b", "c"): {"probability": pytest.approx(0.25), "sign": -1},
    }
    assert all(type(data["sign"]) is int and type(data["probability"]) is float for *_, data in graph.edges(data=True))


def test_nodes_of_several_accounts_are_pairs():
    graph = to_networkx(InfluenceGraph.from_edges("aa", "bb", 0.5, account=["A", "B"]))
    assert set(graph.edges) == {(("A", "a"), ("A", "b")), (("B", "a"), ("B", "b"))}
    assert not nx.is_weakly_connected(graph)


def test_the_matrix_survives_the_way_there_and_back():
    rng = np.random.default_rng(0)
    source, target = zip(
        *[(f"n{i}", f"n{j}") for i in range(9) for j in range(9) if i != j and rng.random() < 0.3], strict=True
    )
    graph = InfluenceGraph.from_edges(source, target, rng.random(len(source)))
    there = nx.to_numpy_array(to_networkx(graph), nodelist=list(graph.ids), weight="probability")
    np.testing.assert_array_equal(there, graph.matrix.toarray())


def test_nothing_is_an_empty_graph():
    assert len(to_networkx(InfluenceGraph.from_edges([], [], 0.5))) == 0
