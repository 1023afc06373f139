"""Measures as one table."""

from __future__ import annotations

import numpy as np
import pytest

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph, measure
from ecosystem_iq.network import measures as measures_module
from ecosystem_iq.network.measures import rank_within

GRAPH = InfluenceGraph.from_edges("aabd", "bccb", [0.5, 0.25, 0.8, 0.1], sign=[1, -1, 1, 1])


def column(table, name):
    return table.set_index("stakeholder_id")[name].to_dict()


def test_strengths_by_hand():
    table = measure(GRAPH, ["out_strength", "in_strength"]).table
    assert column(table, "out_strength") == pytest.approx({"a": 0.75, "b": 0.8, "c": 0, "d": 0.1})
    assert column(table, "in_strength") == pytest.approx({"a": 0, "b": 0.6, "c": 1.05, "d": 0})


def test_unweighted_strengths_are_degrees():
    table = measure(GRAPH, ["out_strength", "in_strength"], weighted=False).table
    assert column(table, "out_strength") == {"a": 2, "b": 1, "c": 0, "d": 1}
    assert column(table, "in_strength") == {"a": 0, "b": 2, "c": 2, "d": 0}


def test_columns_and_order():
    graph = InfluenceGraph.from_edges("abab", "bcca", 0.5, account=["B", "B", "A", "A"])
    result = measure(graph, ["influence", "out_strength"])
    table = result.to_frame()
    assert list(table) == [
        "account_id", "stakeholder_id", "influence", "influence_low", "influence_high", "out_strength",
        "out_strength_low", "out_strength_high", "rank", "rank_low", "rank_high", "p_top10",
    ]  # fmt: skip
    assert table["account_id"].tolist() == ["A"] * 3 + ["B"] * 3
    assert table.groupby("account_id")["rank"].apply(list).tolist() == [[1, 2, 3], [1, 2, 3]]
    assert table["out_strength_low"].isna().all()
    assert repr(result) == "Measures(influence, out_strength; 6 rows)"


def test_the_index_is_the_node():
    table = measure(GRAPH).table
    assert (GRAPH.ids[table.index] == table["stakeholder_id"]).all()


def test_the_first_measure_gives_the_rank():
    assert column(measure(GRAPH, ["in_strength", "influence"]).table, "rank") == {"c": 1, "b": 2, "a": 3, "d": 3}
    assert measure(GRAPH, ["in_strength", "influence"]).table["rank_low"].isna().all()


def test_without_draws_there_are_no_intervals():
    table = measure(GRAPH, draws=0).table
    assert table[["influence_low", "influence_high", "rank_low", "rank_high", "p_top10"]].isna().all(axis=None)
    assert table["rank"].tolist() == [1, 2, 3, 4]


def test_a_huge_graph_has_no_intervals(monkeypatch):
    monkeypatch.setattr(measures_module, "LARGEST_DRAWN", 3)
    assert measure(GRAPH).table["influence_low"].isna().all()


def test_one_name_may_be_given_as_it_is_and_twice():
    assert measure(GRAPH, "in_strength").names == ("in_strength",)
    assert measure(GRAPH, ["influence", "influence"]).names == ("influence",)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["influense"], 'There is no measure "influense". Did you mean "influence"?'),
        ([], "Name at least one measure of influence, out_strength, in_strength, katz, "),
    ],
)
def test_bad_names_are_refused(names, message):
    with pytest.raises(InputError) as caught:
        measure(GRAPH, names)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("values", "group", "expected"),
    [
        ([], [], []),
        ([1.0], [0], [1]),
        ([3, 1, 2], [0, 0, 0], [1, 3, 2]),
        ([1, 1, 1], [0, 0, 0], [1, 1, 1]),
        ([2, 1, 1, 0], [0, 0, 0, 0], [1, 2, 2, 4]),
        ([1, 1, 2, 2], [0, 1, 0, 1], [2, 2, 1, 1]),
        ([0.1 + 0.2, 0.3, 0.4], [0, 0, 0], [2, 2, 1]),  # equal but for rounding
        ([1 + 1e-9, 1.0], [0, 0], [1, 2]),
        ([0.0, 0.0, -1.0], [0, 0, 0], [1, 1, 3]),
    ],
)
def test_ranks_share_the_smaller_number(values, group, expected):
    assert rank_within(np.array(values, dtype=float), np.array(group, dtype=np.int64)).tolist() == expected


def test_symmetric_stakeholders_share_a_rank():
    graph = InfluenceGraph.from_edges(["hub", "hub", "hub"], ["x", "y", "z"], [0.3, 0.3, 0.3])
    assert column(measure(graph).table, "rank") == {"hub": 1, "x": 2, "y": 2, "z": 2}
