"""Live-edge samples: each arc as often as it should be, whatever the portions and the other accounts."""

from __future__ import annotations

import numpy as np
import pytest
from triggers.enumeration import random_graph

from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers.live_edges import (
    channels_of,
    draw_live,
    draw_live_by_account,
    draw_won,
    packed,
    ranges,
    unpacked,
)


def shared(head, weights):
    """Frequency of each arc under linear threshold."""
    into = np.bincount(head, weights=weights)
    return weights / np.maximum(1.0, into)[head]


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_arcs_are_live_as_often_as_they_should_be(model):
    channels = channels_of(random_graph(0))
    n = 20_000
    live = draw_live(channels, n, model, np.random.default_rng(1))
    share = unpacked(live.bits, n).mean(axis=1)
    expected = channels.probability if model == "ic" else shared(channels.head, channels.probability)
    z = (share - expected) / np.sqrt(expected * (1 - expected) / n)
    assert np.abs(z).max() < 4.0
    assert z.std() == pytest.approx(1.0, abs=0.2)


def test_linear_threshold_keeps_at_most_one_arc_into_each():
    channels = channels_of(random_graph(2))
    live = unpacked(draw_live(channels, 1_000, "lt", np.random.default_rng(0)).bits, 1_000)
    into = np.zeros((30, 1_000), int)
    np.add.at(into, channels.head, live)
    full = np.bincount(channels.head, weights=channels.probability, minlength=30) >= 1
    assert into.max() == 1
    assert full.any()
    assert (into[full] == 1).all()


@pytest.mark.parametrize("count", [1, 63, 64, 65, 200])
def test_bits_come_back_as_they_went(count):
    live = np.random.default_rng(count).random((count, 7)) < 0.4
    bits = packed(live)
    assert bits.shape == (7, -(-count // 64))
    np.testing.assert_array_equal(unpacked(bits, count), live.T)
    assert np.bitwise_count(bits).sum() == live.sum()  # nothing beyond the last sample


def test_an_account_is_drawn_alike_whichever_others_there_are():
    both = InfluenceGraph.from_edges(["a", "b", "a"], ["b", "c", "c"], 0.5, account=["one", "one", "two"])
    one = InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.5, account=["one", "one"])
    drawn = [draw_live_by_account(graph, 500, "ic", np.random.default_rng(3)).bits for graph in (both, one)]
    np.testing.assert_array_equal(drawn[0][:2], drawn[1])
    assert (drawn[0][2] != drawn[0][0]).any()
    won = [draw_won(graph, np.full(len(graph), 0.5), 500, np.random.default_rng(3)) for graph in (both, one)]
    np.testing.assert_array_equal(won[0][:3], won[1])


def test_only_arcs_for_are_channels_and_only_in_the_accounts_asked():
    graph = InfluenceGraph.from_edges(
        ["a", "b", "a"], ["b", "a", "c"], [0.5, 0.5, 0.25], sign=[1, -1, 1], account=["one", "one", "two"]
    )
    channels = channels_of(graph)
    assert channels.tail.tolist() == [0, 2]
    assert channels.probability.tolist() == pytest.approx([0.5, 0.25])
    assert channels.first.tolist() == [0, 0, 2, 2]
    assert channels.size.tolist() == [2, 2, 2, 2]
    assert channels.account_arcs.tolist() == [1, 1, 1, 1]
    assert channels_of(graph, np.array([3])).tail.tolist() == [2]


def test_ranges_of_nothing():
    assert ranges(np.zeros(0, int), np.zeros(0, int)).tolist() == []
    assert ranges(np.array([4, 9]), np.array([0, 2])).tolist() == [9, 10]
