"""The recipe of samples: whoever follows it draws the samples on which ``estimate_spread`` estimates."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from triggers.enumeration import random_graph, small_graph

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers import estimate_spread
from ecosystem_iq.triggers.live_edges import channels_of, draw_live, unpacked
from ecosystem_iq.triggers.recipes import STEPS, account_channels, sample_recipe


def pcg64(state, increment):
    """Uniform numbers, written from the definition of the generator."""
    whole, half = 2**128 - 1, 2**64 - 1
    while True:
        state = (state * 0x2360ED051FC65DA44385DF649FCCF645 + increment) & whole
        mixed, turn = (state >> 64) ^ (state & half), state >> 122
        yield ((((mixed >> turn) | (mixed << (64 - turn))) & half) >> 11) / 2**53


def followed(recipe):
    """Live arcs as the recipe has them, samples × arcs."""
    limit = recipe.limit / STEPS
    for arc, probability in recipe.exact:
        limit[arc] = probability
    numbers = pcg64(recipe.state, recipe.increment)
    return np.array([[next(numbers) < each for each in limit] for _ in range(recipe.simulations)], dtype=bool)


@pytest.mark.parametrize("simulations", [2, 63, 64, 65, 200])
def test_the_samples_are_those_which_are_drawn(simulations):
    graph = random_graph(simulations)
    live = draw_live(channels_of(graph), simulations, "ic", np.random.default_rng(0))
    np.testing.assert_array_equal(
        followed(sample_recipe(graph, "all", simulations)).T, unpacked(live.bits, simulations)
    )


@pytest.mark.parametrize("seeds", [[], ["p03"], ["p00", "p01", "p29"], [f"p{i:02d}" for i in range(30)]])
def test_whoever_is_reached_on_them_is_the_estimate(seeds):
    graph = random_graph(4)
    recipe = sample_recipe(graph, "all", 150)
    reached = []
    for live in followed(recipe):
        drawn = nx.DiGraph(list(zip(graph.ids[recipe.tail[live]], graph.ids[recipe.head[live]], strict=True)))
        drawn.add_nodes_from(seeds)
        reached.append(len(set(seeds).union(*(nx.descendants(drawn, seed) for seed in seeds))))
    found = estimate_spread(graph, seeds, simulations=150)
    assert found.mean == pytest.approx(np.mean(reached), abs=1e-12)
    assert found.std_error == pytest.approx(np.std(reached, ddof=1) / np.sqrt(150), abs=1e-12)


def test_an_account_is_drawn_as_if_it_were_alone():
    source, target, where = ["a", "b", "a", "c"], ["b", "c", "c", "a"], ["one", "one", "two", "two"]
    both = InfluenceGraph.from_edges(source, target, 0.4, account=where)
    alone = InfluenceGraph.from_edges(source[2:], target[2:], 0.4, account=where[2:])
    np.testing.assert_array_equal(followed(sample_recipe(both, "two", 50)), followed(sample_recipe(alone, "two", 50)))
    assert both.ids[sample_recipe(both, "two", 50).tail].tolist() == ["a", "c"]
    expected = estimate_spread(alone, ["a"], simulations=50)
    found = followed(sample_recipe(both, "two", 50))
    assert expected.mean == pytest.approx(1 + found[:, 0].mean())


def test_two_bytes_do_unless_two_numbers_lie_too_close():
    numbers = np.sort(np.random.default_rng(0).random(3_000))
    gaps = np.ceil(numbers[:-1] * STEPS) / STEPS > numbers[1:]
    tight = float(numbers[1:][gaps][0])
    recipe = sample_recipe(InfluenceGraph.from_edges(["a"], ["b"], tight), "all", 3_000)
    assert recipe.exact == ((0, tight),)
    assert followed(recipe).mean() == pytest.approx((np.random.default_rng(0).random(3_000) < tight).mean(), abs=0)
    assert sample_recipe(random_graph(1), "all", 500).exact == ()


@pytest.mark.parametrize("probability", [1.0, 1 - 1e-12, 1e-12])
def test_sure_and_hopeless_arcs(probability):
    graph = InfluenceGraph.from_edges(["a"], ["b"], probability)
    assert followed(sample_recipe(graph, "all", 500)).mean() == round(probability)


def test_ties_against_are_no_arcs():
    graph = small_graph(0, negative=3)
    assert len(sample_recipe(graph, "all", 10).tail) == 5
    assert len(account_channels(small_graph(0, negative=8), "all").head) == 0
    empty = sample_recipe(small_graph(0, negative=8), "all", 10)
    assert (len(empty.tail), len(empty.limit), empty.exact) == (0, 0, ())
    assert sample_recipe(InfluenceGraph.from_edges([], [], [], ids=["a"]), "all", 10).simulations == 10


def test_one_sample_has_no_standard_error():
    with pytest.raises(InputError, match="simulations"):
        sample_recipe(random_graph(0), "all", 1)
