"""Cascades on Medical Innovation against 200,000 cascades a row, made with other code."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers import estimate_spread, select_triggers


@pytest.fixture(scope="module")
def graph(extra_data):
    """Influence runs from nominee to nominator; weighted cascade."""
    folder = extra_data / "data" / "medical_innovation"
    nodes = pd.read_csv(folder / "nodes.csv", dtype=str)["node_id"]
    ties = pd.read_csv(folder / "ties.csv", dtype=str)[["nominee", "nominator"]].drop_duplicates()
    return InfluenceGraph.from_edges(list(ties["nominee"]), list(ties["nominator"]), "weighted-cascade", ids=nodes)


def reference(extra_data, name):
    path = extra_data / "reference" / "network" / f"medical_innovation_ic_wc_{name}.csv"
    return pd.read_csv(path, dtype={"node_id": str, "seed_added": str})


def test_the_spread_of_every_physician(graph, extra_data):
    single = reference(extra_data, "single_spread")
    found = [estimate_spread(graph, [name]) for name in single["node_id"]]
    error = np.hypot([spread.std_error for spread in found], single["std_error"])
    difference = np.array([spread.mean for spread in found]) - single["spread"]
    certain = error == 0
    assert (difference[certain] == 0).all()
    z = difference[~certain] / error[~certain]
    assert len(z) > 50
    assert np.abs(z).max() < 4.0
    assert abs(z.mean()) < 4.0 / np.sqrt(len(z))


def test_the_spread_of_the_greedy_sets(graph, extra_data):
    sets = reference(extra_data, "greedy")
    for k, spread, error in zip(sets["k"], sets["spread_of_first_k"], sets["std_error"], strict=True):
        found = estimate_spread(graph, sets["seed_added"][:k], simulations=20_000)
        assert abs(found.mean - spread) < 3 * np.hypot(found.std_error, error)


def test_our_own_greedy_sets_spread_as_far(graph, extra_data):
    sets = reference(extra_data, "greedy")
    chosen = select_triggers(graph, k=10, simulations=10_000)
    assert len(set(chosen.stakeholders)) == 10
    for k, spread, error in zip(sets["k"], sets["spread_of_first_k"], sets["std_error"], strict=True):
        found = estimate_spread(graph, chosen.stakeholders[:k], simulations=20_000, rng=1)
        assert found.mean > spread - 3 * np.hypot(found.std_error, error)
    assert chosen.spread == pytest.approx(69.10, abs=3 * chosen.std_error)
