"""What every registered measure must do on graphs at the edges of what there is."""

from __future__ import annotations

import numpy as np
import pytest
from degenerate import GRAPHS

from ecosystem_iq.network import InfluenceGraph, measure
from ecosystem_iq.network.communities import communities
from ecosystem_iq.network.measures import MEASURES

ON_ANY = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)


@ON_ANY
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("name", MEASURES)
def test_one_finite_value_a_node(name, weighted, graph):
    table = measure(graph, [name], weighted=weighted, draws=20).table
    assert len(table) == len(graph)
    values = table[name].to_numpy()
    assert values.dtype == np.float64
    assert not np.isinf(values).any()
    assert (values[~np.isnan(values)] >= (-1 if name == "ei_index" else 0)).all()
    missing = measure(graph, [name], weighted=weighted, draws=0).undefined
    assert missing["n"].sum() == np.isnan(values).sum()
    assert (missing["reason"] != "").all(), "a value is missing without a reason"
    sizes = table.groupby("account_id")["rank"].transform("size")
    assert table["rank"].between(1, sizes).all()
    for bound, sign in (("low", 1), ("high", -1)):
        difference = sign * (table[name] - table[f"{name}_{bound}"])
        assert (difference.dropna() >= 0).all()


@pytest.mark.parametrize("shape", ["one edge", "out star", "path", "two cliques and a bridge", "isolates"])
@pytest.mark.parametrize("name", MEASURES)
def test_renaming_the_nodes_permutes_the_values(name, shape):
    graph = GRAPHS[shape]
    renamed = dict(zip(graph.ids, sorted(graph.ids, reverse=True), strict=True))
    ends = [[renamed[graph.ids[i]] for i in end] for end in graph.matrix.nonzero()]
    other = InfluenceGraph.from_edges(*ends, graph.matrix.data, ids=list(graph.ids))
    one, two = (measure(g, [name], draws=0).table.set_index("stakeholder_id")[name] for g in (graph, other))
    np.testing.assert_allclose(one, two[[renamed[i] for i in one.index]], rtol=1e-10)


@ON_ANY
def test_influence_is_a_share(graph):
    table = measure(graph, draws=0).table
    np.testing.assert_allclose(table.groupby("account_id")["influence"].sum(), 1.0, rtol=1e-12)


@ON_ANY
def test_communities_are_numbered_from_zero_without_gaps(graph):
    found = communities(graph.matrix)
    assert found.shape == (len(graph),)
    assert sorted(set(found.tolist())) == list(range(len(set(found.tolist()))))


def test_two_cliques_are_two_communities_and_the_bridge_leads_away_from_the_more_influential_end():
    cliques = GRAPHS["two cliques and a bridge"]
    found = dict(zip(cliques.ids, communities(cliques.matrix), strict=True))
    assert len({found[name] for name in "abcd"}) == len({found[name] for name in "wxyz"}) == 1
    assert found["a"] != found["w"]
    assert measure(cliques, draws=0).table["stakeholder_id"].iloc[0] == "d"
