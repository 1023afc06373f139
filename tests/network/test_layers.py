"""What each layer of ties adds, against graphs made without it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ecosystems import accounts, ecosystem, members, people, ties
from scipy.sparse import csr_array

from ecosystem_iq.network import InfluenceGraph, influence_graph, measure
from ecosystem_iq.network.kernels.influence import influence_shares
from ecosystem_iq.network.layers import COLUMNS, drop_layer, layer_table

LAYERS = ("advice", "committee", "quarrel")


def town(seed=1, n=8, settings=None):
    """Two accounts with three layers of ties, one of them against, and some people in both."""
    rng = np.random.default_rng(seed)
    names = [f"p{i:02d}" for i in range(n)]
    kinds = dict(zip(LAYERS, ("advises", "collaborates", "competes"), strict=True))
    rows = [
        {"source": a, "target": b, "kind": kind, "layer": layer, "strength": rng.random(), "confidence": rng.random()}
        for a in names for b in names if a < b
        for layer, kind in kinds.items() if rng.random() < 0.3
    ]  # fmt: skip
    return ecosystem(
        stakeholders=people(*names), accounts=accounts("A", "B"), ties=rows, settings=settings,
        memberships=[*members("A", *names), *members("B", *names[: n // 2])],
    )  # fmt: skip


def brute_force(graph, layer):
    """Probability and sign of each arc from its remaining rows, one by one."""
    p, sign = [], []
    for arc in range(graph.matrix.nnz):
        misses = {1: 1.0, -1: 1.0}
        for tie in graph.tie_rows(arc):
            if graph.layer[tie] != layer:
                own = graph.rows[[arc], [tie]].item()
                misses[1 if own > 0 else -1] *= 1 - abs(own)
        p.append(1 - min(misses.values()))
        sign.append(1 if misses[1] <= misses[-1] else -1)
    return p, sign


@pytest.mark.parametrize("layer", LAYERS)
def test_arcs_without_a_layer_keep_the_scale_factor(layer):
    graph = influence_graph(town())
    other = drop_layer(graph, layer)
    p, sign = brute_force(graph, layer)
    np.testing.assert_allclose(other.matrix.data, p, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(other.sign, sign)
    assert (other.matrix.data <= graph.matrix.data + 1e-15).all()
    moved = [p_ for p_, tail in zip(p, np.repeat(graph.account, np.diff(graph.matrix.indptr)), strict=True)
             if tail == "B"]  # fmt: skip
    assert other.branching[1] == pytest.approx(sum(moved) / graph.sizes[1])
    assert brute_force(graph, "no such layer")[0] == pytest.approx(graph.matrix.data.tolist())


@pytest.mark.parametrize("layer", LAYERS)
def test_a_graph_without_a_layer_is_one_made_without_its_ties_up_to_the_factor(layer):
    # Where the branching is out of reach both have their largest factor; make it 1 by one certain tie in each account.
    eco = town()
    sure = [row | {"layer": "sure", "account_id": a} for a in "AB" for row in ties("yz")]
    rows = pd.concat([pd.DataFrame(sure), eco.tables["ties"]])
    eco = ecosystem(
        stakeholders=[*people("y", "z"), *eco.tables["stakeholders"].to_dict("records")], accounts=accounts("A", "B"),
        memberships=[*eco.tables["memberships"].to_dict("records"), *members("A", *"yz"), *members("B", *"yz")],
        ties=rows, settings={"mean_branching": 50.0},
    )  # fmt: skip
    dropped = drop_layer(influence_graph(eco), layer)
    made = influence_graph(eco, layers=[name for name in (*LAYERS, "sure") if name != layer])
    np.testing.assert_allclose(dropped.matrix.toarray(), made.matrix.toarray(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(dropped.branching, made.branching)
    signs = [csr_array((g.sign * g.matrix.data, g.matrix.indices, g.matrix.indptr)).toarray() for g in (dropped, made)]
    np.testing.assert_allclose(*signs, rtol=1e-12, atol=1e-15)


def test_contributions_by_account_sum_to_one():
    table = layer_table(influence_graph(town()))
    assert list(table) == list(COLUMNS)
    assert table.groupby("account_id")["contribution"].sum().to_list() == pytest.approx([1, 1])
    assert sorted(table.loc[table["account_id"] == "A", "layer"]) == list(LAYERS)
    assert (table.groupby("account_id")["contribution"].diff().dropna() <= 0).all()


def test_contributions_and_arcs_by_hand():
    rows = [
        *ties("ab", layer="one", strength=0.5),
        *ties("bc", layer="one", strength=0.25),
        *ties("cd", layer="two", kind="collaborates", strength=0.5),  # two arcs of half the strength
        *ties("dz", layer="three", kind="owns"),
    ]
    table = layer_table(influence_graph(ecosystem(stakeholders=people(*"abcdz"), ties=rows))).set_index("layer")
    assert table["contribution"].to_dict() == pytest.approx({"one": 0.6, "two": 0.4})
    assert table["arcs"].to_dict() == {"one": 2, "two": 2}


def test_who_falls_most_is_who_rested_on_the_layer():
    graph = influence_graph(town())
    table = layer_table(graph).set_index(["account_id", "layer"])
    before = measure(graph, draws=0).table.set_index(["account_id", "stakeholder_id"])["rank"]
    for layer in LAYERS:
        other = measure(drop_layer(graph, layer), draws=0).table.set_index(["account_id", "stakeholder_id"])["rank"]
        fall = (other - before).groupby("account_id").max()
        assert table.xs(layer, level="layer")["largest_fall"].to_dict() == fall.to_dict()
        fallen = table.xs(layer, level="layer")["fallen_id"]
        assert fallen.isna().to_dict() == (fall == 0).to_dict()
        for account, who in fallen.dropna().items():
            assert other[account, who] - before[account, who] == fall[account]
    assert (table["largest_fall"] > 0).any()


def test_how_many_of_the_ten_first_stay():
    graph = influence_graph(town(n=24))
    table = layer_table(graph).set_index(["account_id", "layer"])["kept_top10"]
    before = influence_shares(graph.matrix, graph.account_code)
    top = {a: set(pd.Series(before, graph.ids)[graph.account == a].nlargest(10).index) for a in "AB"}
    for layer in LAYERS:
        after = influence_shares(drop_layer(graph, layer).matrix, graph.account_code)
        kept = {a: set(pd.Series(after, graph.ids)[graph.account == a].nlargest(10).index) & top[a] for a in "AB"}
        assert table.xs(layer, level="layer").to_dict() == {a: len(names) for a, names in kept.items()}
    assert table.min() < 10


def test_without_its_only_layer_a_map_has_no_edges():
    graph = influence_graph(ecosystem(stakeholders=people(*"abc"), ties=ties("ab", "bc")))
    bare = drop_layer(graph, "influences")
    assert bare.matrix.sum() == 0
    assert bare.branching.tolist() == [0]
    np.testing.assert_allclose(influence_shares(bare.matrix, bare.account_code), 1 / 3)
    row = layer_table(graph).iloc[0]
    assert (row["layer"], row["contribution"]) == ("influences", 1)
    assert row["largest_fall"] == 0  # everybody is first then, so nobody falls
    assert pd.isna(row["fallen_id"])


def test_certain_ties_can_be_dropped_too():
    graph = InfluenceGraph.from_edges("abc", "bca", 1.0)
    assert drop_layer(graph, "influences").matrix.sum() == 0
    assert drop_layer(graph, "other").matrix.data.tolist() == [1, 1, 1]


EMPTY = {
    "no ties": ecosystem(stakeholders=people(*"ab")),
    "only structure": ecosystem(stakeholders=people(*"ab"), ties=ties("ab", kind="owns")),
    "in another account": ecosystem(
        stakeholders=people(*"ab"), accounts=accounts("A", "B"), memberships=members("A", *"ab"),
        ties=ties("ab", valid_from="2020-01-01", valid_to="2021-01-01"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("eco", EMPTY.values(), ids=EMPTY)
def test_a_graph_without_ties_has_no_layers(eco):
    graph = influence_graph(eco)
    table = layer_table(graph)
    assert table.empty
    assert list(table) == list(COLUMNS)
    assert drop_layer(graph, "influences").matrix.nnz == 0
