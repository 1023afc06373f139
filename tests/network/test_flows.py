"""Who funds whom and who bears risk for whom, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from ecosystems import accounts, companies, ecosystem, members, people, shuffled, ties

from ecosystem_iq.network import influence_graph
from ecosystem_iq.network.flows import flow_totals, value_flows

COLUMNS = ["account_id", "source", "target", "kind", "layer", "strength", "confidence", "flow"]


def flowing(*rows, where="A", **more):
    tables = {
        "stakeholders": people("a", "b", "c"),
        "accounts": accounts(*where),
        "memberships": [row for account in where for row in members(account, "a", "b", "c")],
        "companies": companies("x"),
        "ties": [*ties("ab"), *rows],
    }
    return ecosystem(**{**tables, **more})


def flows_of(eco, **options):
    return value_flows(eco, influence_graph(eco), **options)


def test_only_money_and_risk_flow_in_the_direction_of_the_tie():
    eco = flowing(
        *ties("ca", kind="funds", strength=0.8, confidence=0.5),
        *ties("bc", kind="bears_risk_for", strength=None, confidence=None, layer="contracts"),
        *ties("cb", kind="supplies"),
    )
    for found in (flows_of(eco), flows_of(shuffled(eco, 1))):
        assert list(found) == COLUMNS
        assert found.to_numpy().tolist() == [
            ["A", "b", "c", "bears_risk_for", "contracts", 0.5, 0.5, 0.25],
            ["A", "c", "a", "funds", "funds", 0.8, 0.5, 0.4],
        ]


def test_totals_of_each_stakeholder():
    eco = flowing(
        *ties("ab", "ac", kind="funds", strength=0.5),
        *ties("bc", kind="funds", strength=0.25),
        *ties("ca", kind="bears_risk_for", strength=0.75, confidence=0.5),
    )
    graph = influence_graph(eco)
    found = flow_totals(value_flows(eco, graph), graph).set_index("stakeholder_id").drop(columns="account_id")
    assert found.loc["a"].to_dict() == {"funds_out": 1, "funds_in": 0, "risk_out": 0, "risk_in": 0.375}
    assert found.loc["b"].to_dict() == {"funds_out": 0.25, "funds_in": 0.5, "risk_out": 0, "risk_in": 0}
    assert found.loc["c"].to_dict() == {"funds_out": 0, "funds_in": 0.75, "risk_out": 0.375, "risk_in": 0}


def test_a_mutual_tie_flows_both_ways():
    found = flows_of(flowing(*ties("ab", kind="bears_risk_for", direction="mutual")))
    assert found[["source", "target"]].to_numpy().tolist() == [["a", "b"], ["b", "a"]]


def test_a_tie_without_account_flows_in_each_account_of_both_ends():
    memberships = [*members("A", "a", "b"), *members("B", "a", "b"), *members("C", "a", "c")]
    eco = flowing(*ties("ba", kind="funds"), where="ABC", memberships=memberships)
    assert flows_of(eco)["account_id"].tolist() == ["A", "B"]


def test_flows_carry_no_influence():
    eco = flowing(*ties("ca", kind="funds"), *ties("bc", kind="bears_risk_for"))
    assert influence_graph(eco).matrix.nnz == 1


def test_what_is_past_or_held_by_a_company_does_not_count():
    old, held = ties("ca", "cb", kind="funds")
    eco = flowing({**old, "valid_to": "2026-01-01"}, {**held, "holder": "x"})
    assert flows_of(eco).empty
    graph = influence_graph(eco, holder="x")
    assert value_flows(eco, graph, holder="x")["target"].tolist() == ["b"]


@pytest.mark.parametrize("more", [{}, {"where": ()}, {"ties": []}], ids=["accounts", "one account", "no ties"])
def test_without_flows_there_is_an_empty_table_and_totals_of_nothing(more):
    eco = flowing(**more)
    graph = influence_graph(eco)
    found = value_flows(eco, graph)
    assert found.empty
    assert list(found) == COLUMNS
    totals = flow_totals(found, graph)
    assert len(totals) == len(graph) == 3
    np.testing.assert_array_equal(totals[["funds_out", "funds_in", "risk_out", "risk_in"]], 0.0)
