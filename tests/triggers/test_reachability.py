"""Everybody's own gain, by condensation, against following the arcs from each."""

from __future__ import annotations

import numpy as np
import pytest
from triggers.enumeration import random_graph

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers import reachability
from ecosystem_iq.triggers.cascades import Seeds, gain_means, moved_after
from ecosystem_iq.triggers.live_edges import channels_of, draw_live
from ecosystem_iq.triggers.reachability import single_gains


@pytest.mark.parametrize("model", ["ic", "lt"])
@pytest.mark.parametrize("valued", [False, True])
@pytest.mark.parametrize("covered", [[], [3], [0, 7, 20]])
def test_two_ways_to_the_same_numbers(model, valued, covered):
    graph = random_graph(5, nodes=30, arcs=260)  # cycles in plenty
    live = draw_live(channels_of(graph), 300, model, np.random.default_rng(0))
    value = np.random.default_rng(1).random(len(graph)) if valued else np.ones(len(graph))
    moved = moved_after(live, np.array(covered, int), live.nobody)
    nodes = np.arange(0, len(graph), 2)
    expected = gain_means(live, value, Seeds.each(nodes), moved)
    np.testing.assert_allclose(single_gains(live, value, nodes, moved), expected, rtol=1e-12)


def test_portions_and_many_accounts(monkeypatch):
    rng = np.random.default_rng(0)
    account = rng.choice(["x", "y", "z"], 120)
    pairs = rng.integers(0, 80, (2, 120))
    pairs[1] += pairs[0] == pairs[1]
    names = np.array([f"p{i}" for i in range(82)])
    graph = InfluenceGraph.from_edges(names[pairs[0]], names[pairs[1]], 0.6, account=account)
    live = draw_live(channels_of(graph), 150, "ic", rng)
    value, nodes = rng.random(len(graph)), np.arange(len(graph))
    whole = single_gains(live, value, nodes, live.nobody)
    np.testing.assert_allclose(whole, gain_means(live, value, Seeds.each(nodes), live.nobody), rtol=1e-12)
    monkeypatch.setattr(reachability, "_WORDS", 1)
    np.testing.assert_allclose(single_gains(live, value, nodes, live.nobody), whole, rtol=1e-12)


def test_a_ring_a_path_and_nobody():
    ring = InfluenceGraph.from_edges(["a", "b", "c", "x"], ["b", "c", "a", "y"], 1.0)
    live = draw_live(channels_of(ring), 64, "ic", np.random.default_rng(0))
    assert single_gains(live, np.ones(5), np.arange(5), live.nobody).tolist() == [3, 3, 3, 2, 1]
    lonely = InfluenceGraph.from_edges([], [], 1.0, ids=["a", "b"])
    live = draw_live(channels_of(lonely), 3, "ic", np.random.default_rng(0))
    assert single_gains(live, np.array([2.0, 0.0]), np.arange(2), live.nobody).tolist() == [2, 0]
    assert single_gains(live, np.ones(2), np.arange(0), live.nobody).tolist() == []
