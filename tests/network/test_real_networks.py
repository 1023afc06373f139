"""Published networks: every row is kept, degrees and PageRank agree with other people's programs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.network import InfluenceGraph, influence_graph, measure
from ecosystem_iq.tables import load
from ecosystem_iq.tables.importers import import_mapped, read_mapping


@pytest.fixture(scope="module")
def workspace(root, extra_data, tmp_path_factory):
    """Imports one of the data sets by its mapping."""

    def imported(name):
        folder = tmp_path_factory.mktemp(name)
        mapping = read_mapping(root / "data" / "mappings" / f"{name}.toml")
        for file, content in import_mapped(extra_data / "data" / name, mapping).files.items():
            (folder / file).write_text(content, encoding="utf-8")
        return load(folder)

    return imported


@pytest.fixture(scope="module")
def physicians(workspace):
    return workspace("medical_innovation")


@pytest.fixture(scope="module")
def agencies(workspace):
    return workspace("tobacco_control_indiana")


def reference(extra_data, name, graph):
    table = pd.read_csv(extra_data / "reference" / "network" / name, dtype={"node_id": str})
    return table.set_index("node_id").loc[list(graph.ids)]


def degrees(graph):
    table = measure(graph, ["out_strength", "in_strength"], weighted=False).table.sort_index()
    return table["out_strength"].to_numpy(), table["in_strength"].to_numpy()


def test_every_row_is_kept(physicians, agencies):
    one, other = influence_graph(physicians), influence_graph(agencies)
    assert (one.ties.tolist(), len(one)) == ([450], 125)
    assert (other.ties.tolist(), len(other)) == ([439], 25)
    assert np.unique(one.rows.indices).size == 450
    assert np.unique(other.rows.indices).size == 439


def test_layers_add_up(physicians, agencies):
    count = {
        layer: int(influence_graph(physicians, layers=[layer]).ties[0])
        for layer in physicians.tables["ties"]["layer"].unique()
    }
    assert sum(count.values()) == 450
    assert len(count) == 3
    assert {
        layer: int(influence_graph(agencies, layers=[layer]).ties[0])
        for layer in ("contact", "collaboration", "dissemination")
    } == {"contact": 175, "collaboration": 161, "dissemination": 103}


def test_distinct_arcs_run_from_nominee_to_nominator(physicians, extra_data):
    graph = influence_graph(physicians)
    assert graph.matrix.nnz == 294
    named = pd.read_csv(extra_data / "data" / "medical_innovation" / "ties.csv", dtype=str)
    tail, head = graph.matrix.nonzero()
    found = set(zip(graph.ids[tail], graph.ids[head], strict=True))
    assert found == set(zip(named["nominee"], named["nominator"], strict=True))


def test_degrees_agree_with_igraph(physicians, extra_data):
    graph = influence_graph(physicians)
    published = reference(extra_data, "medical_innovation_centrality.csv", graph)
    out, into = degrees(graph)
    np.testing.assert_array_equal(out, published["indegree"])  # they count nominations, we influence
    np.testing.assert_array_equal(into, published["outdegree"])
    assert out.sum() == into.sum() == 294


def test_a_layer_without_direction_agrees_with_igraph_in_degree_and_pagerank(agencies, extra_data):
    graph = influence_graph(agencies, layers=["dissemination"])
    published = reference(extra_data, "tobacco_dissemination_centrality.csv", graph)
    out, into = degrees(graph)
    np.testing.assert_array_equal(out, published["indegree"])
    np.testing.assert_array_equal(into, published["indegree"])
    # Everybody has a tie, so a column sums to at least 1 and the walk is that of PageRank.
    influence = measure(graph, weighted=False).table.sort_index()["influence"]
    np.testing.assert_allclose(influence, published["pagerank"], rtol=0, atol=1e-9)


def test_accounts_are_scaled_to_the_mean_branching(physicians, agencies):
    for eco in (physicians, agencies):
        assert influence_graph(eco).branching == pytest.approx([0.8], rel=1e-9)


def measured(graph, names):
    return measure(graph, names, weighted=False, draws=0).table.sort_index()


def test_physicians_agree_with_igraph(physicians, extra_data):
    graph = influence_graph(physicians)
    published = reference(extra_data, "medical_innovation_centrality.csv", graph)
    found = measured(graph, ["betweenness", "coreness"])
    for name in ("betweenness", "coreness"):
        np.testing.assert_allclose(found[name], published[name], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("layer", ["collaboration", "dissemination"])
def test_agencies_agree_with_igraph(extra_data, layer):
    graph = agency_network(extra_data, layer)
    published = reference(extra_data, f"tobacco_{layer}_centrality.csv", graph)
    names = ["harmonic", "pagerank", "constraint", "eigenvector", "coreness", "articulation", "betweenness"]
    found = measured(graph, names)
    found["betweenness"] /= 2.0  # they count a pair once
    found["coreness"] /= 2.0  # a tie without direction is two arcs here
    for name in names:
        tolerance = 1e-6 if name == "pagerank" else 1e-9
        np.testing.assert_allclose(found[name], published[name], rtol=tolerance, atol=tolerance, err_msg=name)


def agency_network(extra_data, layer):
    """Without direction; collaboration from the third level up, as in the reference."""
    folder = extra_data / "data" / "tobacco_control_indiana"
    nodes, ties = (pd.read_csv(folder / f"{name}.csv") for name in ("nodes", "ties"))
    ties = ties[(ties["relation"] == layer) & ((layer == "dissemination") | (ties["level"] >= 3))]
    ends = [*ties["source"], *ties["target"]], [*ties["target"], *ties["source"]]
    return InfluenceGraph.from_edges(*ends, 0.5, ids=nodes["node_id"])
