"""Expected spread: against every outcome of small graphs, against the theory, and on degenerate graphs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from triggers.enumeration import arcs_for, exact_spread, outcomes, small_graph

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers import Spread, estimate_spread
from ecosystem_iq.triggers.cascades import Seeds, gain_means, gain_samples, moved_after
from ecosystem_iq.triggers.live_edges import LiveEdges, channels_of, draw_live, packed

VALUES = {"a": 2.0, "b": 0.0, "c": 1.0, "d": 7.5}


def close(found, exact, errors=4.0):
    return abs(found.mean - exact) <= errors * max(found.std_error, 1e-12) + 1e-12


@pytest.mark.parametrize("model", ["ic", "lt"])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("seeds", ["a", "bd"])
def test_the_estimate_is_the_exact_spread(seed, model, seeds):
    graph = small_graph(seed)
    found = estimate_spread(graph, list(seeds), model=model)
    assert close(found, exact_spread(graph, seeds, model))
    assert 0.0 < found.std_error < 0.03


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_value_counts_instead_of_heads(model):
    graph = small_graph(3)
    found = estimate_spread(graph, ["e"], model=model, value=VALUES)
    assert close(found, exact_spread(graph, "e", model, VALUES))
    assert not close(found, exact_spread(graph, "e", model))
    array = [VALUES.get(name, 0.0) for name in graph.ids]
    assert estimate_spread(graph, ["e"], model=model, value=array) == found


def every_outcome(graph, model):
    """All outcomes as samples for the kernel, with their probabilities."""
    channels = channels_of(graph)
    pairs = [(graph.ids[i], graph.ids[j]) for i, j in zip(channels.tail, channels.head, strict=True)]
    assert sorted(pairs) == sorted(arc[:2] for arc in arcs_for(graph))
    chances, live = zip(*outcomes(graph, model), strict=True)
    kept = np.array([[pair in set(drawn) for pair in pairs] for drawn in live])
    return LiveEdges(channels, packed(kept), len(live)), np.array(chances)


@pytest.mark.parametrize("model", ["ic", "lt"])
@pytest.mark.parametrize("seed", range(3))
def test_reachability_is_exact_and_spread_monotone_and_submodular(seed, model):
    graph = small_graph(seed, nodes=5, arcs=7)
    live, chances = every_outcome(graph, model)
    assert chances.sum() == pytest.approx(1.0)
    spread = {}
    for size in range(6):
        for chosen in itertools.combinations(range(5), size):
            samples = gain_samples(
                live, np.ones(5), Seeds.by_account(live.channels, np.array(chosen, int)), live.nobody
            )
            spread[frozenset(chosen)] = float((samples.sum(axis=0) * chances).sum())
            names = [graph.ids[i] for i in chosen]
            assert spread[frozenset(chosen)] == pytest.approx(exact_spread(graph, names, model), abs=1e-12)
    for smaller, larger in itertools.product(spread, spread):
        if smaller <= larger:
            assert spread[smaller] <= spread[larger] + 1e-12
            for node in set(range(5)) - larger:
                gain, later = (spread[held | {node}] - spread[held] for held in (smaller, larger))
                assert later <= gain + 1e-12


def test_gains_beyond_those_moved_add_up_to_the_whole():
    graph = small_graph(1)
    live = draw_live(channels_of(graph), 777, "ic", np.random.default_rng(0))
    sets = [Seeds.by_account(live.channels, np.array(nodes)) for nodes in ([0, 3], [0], [3])]
    whole, first, _ = (gain_samples(live, np.ones(5), one, live.nobody)[0] for one in sets)
    after = moved_after(live, np.array([0]), live.nobody)
    rest = gain_samples(live, np.ones(5), sets[2], after)[0]
    np.testing.assert_array_equal(whole, first + rest)
    assert gain_means(live, np.ones(5), sets[2], after)[0] == pytest.approx(rest.mean())


def test_a_seed_counts_only_where_it_is_won_over():
    graph = InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 1.0)
    live = draw_live(channels_of(graph), 100, "ic", np.random.default_rng(0))
    won = packed(np.tile(np.arange(100)[:, None] < 25, (1, 3)))
    samples = gain_samples(live, np.ones(3), Seeds(np.array([0]), np.array([0]), won), live.nobody)[0]
    assert samples.tolist() == [3.0] * 25 + [0.0] * 75


def test_portions_change_nothing(monkeypatch):
    graph = small_graph(2)
    before = estimate_spread(graph, ["a", "b"], simulations=5_000)
    monkeypatch.setattr("ecosystem_iq.triggers.cascades._CELLS", 100)
    monkeypatch.setattr("ecosystem_iq.triggers.live_edges._CELLS", 100)
    after = estimate_spread(graph, ["a", "b"], simulations=5_000)
    assert (after.mean, after.std_error) == (before.mean, pytest.approx(before.std_error))
    live = draw_live(channels_of(graph), 500, "ic", np.random.default_rng(0))
    whole = gain_means(live, np.ones(5), Seeds.each(np.arange(5)), live.nobody)
    monkeypatch.setattr("ecosystem_iq.triggers.cascades._batches.__defaults__", (1,))
    np.testing.assert_array_equal(gain_means(live, np.ones(5), Seeds.each(np.arange(5)), live.nobody), whole)


def test_linear_threshold_on_a_path_is_the_product_of_its_weights():
    graph = InfluenceGraph.from_edges(["a", "b", "c"], ["b", "c", "d"], [0.9, 0.8, 0.5])
    assert close(estimate_spread(graph, ["a"], model="lt"), 1 + 0.9 + 0.9 * 0.8 + 0.9 * 0.8 * 0.5)


def test_linear_threshold_shares_a_sum_above_one():
    graph = InfluenceGraph.from_edges(["a", "b"], ["c", "c"], [0.9, 0.6])
    assert close(estimate_spread(graph, ["a"], model="lt"), 1 + 0.9 / 1.5)
    assert estimate_spread(graph, ["a", "b"], model="lt").mean == 3.0  # one of the two it is, surely


def test_ties_against_never_transmit():
    graph = small_graph(4, arcs=9, negative=4)
    plain = small_graph(4, arcs=9, negative=0)
    for seed in "abcde":
        assert close(estimate_spread(graph, [seed]), exact_spread(graph, seed))
    assert sum(exact_spread(graph, s) for s in "abcde") < sum(exact_spread(plain, s) for s in "abcde")
    against = InfluenceGraph.from_edges(["a", "a"], ["b", "c"], 1.0, sign=[-1, -1])
    assert estimate_spread(against, ["a"]) == Spread(1.0, 0.0, 10_000)


def test_a_person_in_two_accounts_is_a_seed_in_both():
    graph = InfluenceGraph.from_edges(["p", "p"], ["x", "y"], 1.0, account=["one", "two"])
    assert estimate_spread(graph, ["p"]).mean == 4.0  # twice the person, and one more in each account
    assert estimate_spread(graph, ["x"]).mean == 1.0


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_degenerate_graphs(model):
    nothing = InfluenceGraph.from_edges([], [], 0.5)
    assert estimate_spread(nothing, [], model=model) == Spread(0.0, 0.0, 10_000)
    lonely = InfluenceGraph.from_edges([], [], 0.5, ids=["a", "b"])
    assert estimate_spread(lonely, ["a"], model=model).mean == 1.0
    parted = InfluenceGraph.from_edges(["a", "c"], ["b", "d"], 1.0)
    assert estimate_spread(parted, ["a"], model=model).mean == 2.0
    assert estimate_spread(parted, [], model=model).mean == 0.0
    ring = InfluenceGraph.from_edges(["a", "b", "c"], ["b", "c", "a"], 1.0)
    assert estimate_spread(ring, ["b"], model=model).mean == 3.0
    never = InfluenceGraph.from_edges(["a"], ["b"], 0.0)
    assert estimate_spread(never, ["a"], model=model).mean == 1.0


def test_the_same_seed_gives_the_same_number_and_another_does_not():
    graph = small_graph(0)
    first = estimate_spread(graph, ["a"], rng=7)
    assert estimate_spread(graph, ["a"], rng=7) == first
    assert estimate_spread(graph, ["a"], rng=np.random.default_rng(7)) == first
    assert estimate_spread(graph, ["a"], rng=8) != first


def test_the_standard_error_is_that_of_repeated_estimates():
    graph = small_graph(5)
    runs = [estimate_spread(graph, ["a"], simulations=400, rng=seed) for seed in range(200)]
    means = np.array([run.mean for run in runs])
    assert means.std(ddof=1) == pytest.approx(np.mean([run.std_error for run in runs]), rel=0.15)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seeds": ["zz"]}, r'no stakeholder "zz"'),
        ({"seeds": ["A"]}, 'Did you mean "a"'),
        ({"model": "sir"}, 'no model "sir". Write one of: ic, lt.'),
        ({"simulations": 1}, "simulations = 1 is not"),
        ({"simulations": 2.5}, "simulations = 2.5 is not"),
        ({"value": [1.0]}, "There are 5 nodes and 1 values"),
        ({"value": {"a": -1.0}}, 'The value of "a" is -1'),
        ({"value": {"a": float("nan")}}, 'The value of "a" is nan'),
        ({"value": {"x": 1.0}}, r'no stakeholder "x" in this graph \(value\)'),
    ],
)
def test_wrong_arguments_are_named(change, message):
    with pytest.raises(InputError, match=message):
        estimate_spread(small_graph(0), **({"seeds": ["a"]} | change))
