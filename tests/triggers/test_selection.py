"""The choice of a set: against every other set, against its own guarantees, and its arguments one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from triggers.enumeration import exact_spread, random_graph, small_graph

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.triggers import estimate_spread, greedy, select_triggers
from ecosystem_iq.triggers.cascades import Seeds, gain_means, moved_after
from ecosystem_iq.triggers.greedy import Field, State
from ecosystem_iq.triggers.live_edges import channels_of, draw_live, packed

STARS = ["a", "a", "a", "b", "b", "c"]
LEAVES = ["a1", "a2", "a3", "b1", "b2", "c1"]


def stars(**more):
    """Three stars: a moves three, b two, c one."""
    return InfluenceGraph.from_edges(STARS, LEAVES, 1.0, **more)


def exactly_greedy(graph, model):
    """Two steps of greedy on exact spreads."""
    first = max("abcde", key=lambda one: exact_spread(graph, one, model))
    return max((first + one for one in "abcde" if one != first), key=lambda pair: exact_spread(graph, pair, model))


@pytest.mark.parametrize("model", ["ic", "lt"])
@pytest.mark.parametrize("seed", range(8))
def test_greedy_reaches_its_share_of_the_best_set(seed, model):
    graph = small_graph(seed)
    chosen = select_triggers(graph, k=2, model=model, simulations=4_000)
    best = max(exact_spread(graph, pair, model) for pair in itertools.combinations("abcde", 2))
    found = exact_spread(graph, chosen.stakeholders, model)
    assert found >= (1 - 1 / np.e) * best
    assert found >= 0.99 * exact_spread(graph, exactly_greedy(graph, model), model)
    assert abs(chosen.spread - found) < 4 * chosen.std_error


def test_the_order_the_curve_and_what_the_same_seed_gives():
    chosen = select_triggers(stars(), k=3)
    assert chosen.stakeholders == ("a", "b", "c")
    assert (chosen.spread, chosen.std_error) == (9.0, 0.0)
    assert chosen.curve.to_dict("list") == {
        "k": [1, 2, 3],
        "stakeholder_id": ["a", "b", "c"],
        "gain": [4.0, 3.0, 2.0],
        "spread": [4.0, 7.0, 9.0],
        "std_error": [0.0, 0.0, 0.0],
    }
    pd.testing.assert_frame_equal(chosen.to_frame(), chosen.curve)
    graph = random_graph(1)
    first, again, other = (select_triggers(graph, k=5, rng=seed) for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(first.curve, again.curve)
    assert first.curve["gain"].tolist() != other.curve["gain"].tolist()


def test_the_spread_is_estimated_on_samples_which_did_not_choose():
    graph = random_graph(3, nodes=60, arcs=200)
    runs = [select_triggers(graph, k=8, simulations=64, rng=seed) for seed in range(40)]
    true = np.array([estimate_spread(graph, run.stakeholders, simulations=20_000, rng=99).mean for run in runs])
    z = np.array([(run.spread - t) / run.std_error for run, t in zip(runs, true, strict=True)])
    assert abs(z.mean()) < 3 / np.sqrt(len(z))  # no optimism: the choosing half would be far above
    own = []
    for seed in range(40):
        live = draw_live(channels_of(graph), 64, "ic", np.random.default_rng(seed).spawn(2)[0])
        nodes = np.flatnonzero(np.isin(graph.ids, runs[seed].stakeholders))
        own.append(gain_means(live, np.ones(60), Seeds.by_account(live.channels, nodes), live.nobody)[0])
    assert np.mean(np.array(own) - true) > 4 * np.std(np.array(own) - true) / np.sqrt(40)


@pytest.mark.parametrize("weighted", [False, True])
def test_lazy_evaluation_finds_what_full_evaluation_finds(weighted, monkeypatch):
    graph = random_graph(2, nodes=50, arcs=300)
    live = draw_live(channels_of(graph), 400, "ic", np.random.default_rng(0))
    value = np.random.default_rng(1).random(50)
    weight = np.random.default_rng(2).random(50) if weighted else np.ones(50)
    contest = np.arange(50) % 3
    won = packed(np.random.default_rng(3).random((400, 50)) < 0.5) if weighted else None
    field = Field(np.arange(50), np.arange(50), contest, weight)
    found = greedy.greedy(live, value, field, 6, State(live.nobody, won))
    moved, left = live.nobody, set(range(50))
    for winners in found:
        gains = gain_means(live, value, Seeds.each(np.arange(50)), moved) * weight
        best = [max((i for i in sorted(left) if i % 3 == c), key=lambda i: gains[i]) for c in range(3)]
        assert winners.tolist() == sorted(best)
        left -= set(best)
        moved = moved_after(live, winners, moved, won)
    monkeypatch.setattr(greedy, "_EFFORTS", greedy._EFFORTS[-1:])
    again = greedy.greedy(live, value, field, 6, State(live.nobody, won))
    assert [w.tolist() for w in again] == [w.tolist() for w in found]


def test_value_moves_the_choice():
    assert select_triggers(stars(), k=1, value={"c1": 10.0, "a1": 1.0}).stakeholders == ("c",)
    worth = select_triggers(stars(), k=2, value={"c1": 10.0, "a1": 1.0})
    assert worth.stakeholders == ("c", "a")
    assert worth.spread == 11.0


def test_those_covered_take_their_reach_along():
    chosen = select_triggers(stars(), k=1, covered=["a"])
    assert chosen.stakeholders == ("b",)
    assert chosen.spread == 3.0
    partly = InfluenceGraph.from_edges(["a", "a", "b", "b", "c"], ["x", "y", "x", "y", "z"], 1.0)
    assert select_triggers(partly, k=1, covered=["b"]).stakeholders == ("c",)  # a would move only itself
    assert select_triggers(partly, k=1).spread == 3.0


def test_who_must_be_chosen_who_must_not_and_who_may():
    assert select_triggers(stars(), k=2, must=["c"]).stakeholders == ("c", "a")
    assert select_triggers(stars(), k=2, must=["c", "b"]).stakeholders == ("c", "b")
    assert select_triggers(stars(), k=2, exclude=["a"]).stakeholders == ("b", "c")
    assert select_triggers(stars(), k=2, candidates=["c", "a2"]).stakeholders == ("c", "a2")
    assert select_triggers(stars(), k=9, candidates=["c"]).stakeholders == ("c",)
    assert select_triggers(stars(), k=1, candidates=[]).stakeholders == ()
    assert select_triggers(stars(), k=1, exclude=["a"]).spread == 3.0


def candidate_table():
    return pd.DataFrame(
        {
            "account_id": "all",
            "stakeholder_id": ["a", "b", "c", "c1", "b1"],
            "value": [0.0, 1.0, 1.0, 9.0, 1.0],
            "eligible": [False, True, True, True, True],
        }
    )


def test_a_table_of_candidates_brings_values_and_refusals():
    chosen = select_triggers(stars(), k=2, candidates=candidate_table())
    assert chosen.stakeholders == ("c", "b")
    assert chosen.spread == 12.0  # c 1 + c1 9, b 1 + b1 1; b2 is not in the table
    assert select_triggers(stars(), k=1, candidates=candidate_table(), value={"b": 1.0}).stakeholders == ("b",)
    with pytest.raises(InputError, match='"a" must be chosen, but it is not among the candidates'):
        select_triggers(stars(), k=1, candidates=candidate_table(), must=["a"])


def two_accounts():
    """p moves one in each of two accounts, q two in one."""
    edges = [("p", "x", "1"), ("p", "y", "2"), ("q", "r", "1"), ("q", "s", "1"), ("t", "u", "2")]
    source, target, account = zip(*edges, strict=True)
    return InfluenceGraph.from_edges(source, target, 1.0, account=account)


def test_a_person_in_two_accounts_is_one_candidate_and_takes_one_place():
    chosen = select_triggers(two_accounts(), k=2)
    assert chosen.stakeholders == ("p", "q")
    assert chosen.curve["gain"].tolist() == [4.0, 3.0]
    assert select_triggers(two_accounts(), k=3).stakeholders == ("p", "q", "t")
    both = pd.DataFrame(
        {"account_id": ["1", "2"], "stakeholder_id": ["p", "p"], "value": 1.0, "eligible": [True, False]}
    )
    assert select_triggers(two_accounts(), k=1, candidates=both).stakeholders == ()  # refused in one, refused in all


def test_ties_against_are_no_reason_to_choose():
    graph = InfluenceGraph.from_edges(["loud"] * 5 + ["mild"], [*"abcde", "f"], 1.0, sign=[-1] * 5 + [1])
    chosen = select_triggers(graph, k=1)
    assert (chosen.stakeholders, chosen.spread) == (("mild",), 2.0)


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_degenerate_graphs(model):
    empty = select_triggers(InfluenceGraph.from_edges([], [], 1.0), k=3, model=model)
    assert (empty.stakeholders, empty.spread, len(empty.curve)) == ((), 0.0, 0)
    lonely = InfluenceGraph.from_edges([], [], 1.0, ids=["b", "a", "c"])
    assert select_triggers(lonely, k=2, model=model).stakeholders == ("a", "b")  # among equals the first id
    assert select_triggers(lonely, k=9, model=model).stakeholders == ("a", "b", "c")
    assert select_triggers(lonely, k=1, covered=["a", "b", "c"], model=model).spread == 0.0


def test_more_than_can_be_done_is_refused_with_what_can(monkeypatch):
    monkeypatch.setattr(greedy, "LARGEST", 100_000)
    assert select_triggers(stars(), k=1, simulations=1_000).stakeholders == ("a",)
    with pytest.raises(InputError, match=r"up to 9 stakeholders on 2,000 simulations .* at most 1,234 simulations"):
        select_triggers(stars(), k=1)
    monkeypatch.setattr(greedy, "LARGEST", 1_000)
    with pytest.raises(InputError, match="Choose account by account"):
        select_triggers(stars(), k=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 0}, "k = 0 is not a whole number of at least 1"),
        ({"k": True}, "k = True is not"),
        ({"model": "ltt"}, 'Did you mean "lt"'),
        ({"must": ["a", "b"], "k": 1}, "2 stakeholders must be chosen, but k is 1"),
        ({"must": ["a"], "exclude": ["a"]}, '"a" must be chosen, but it is to be excluded'),
        ({"must": ["a"], "covered": ["a"]}, '"a" must be chosen, but it is covered already'),
        ({"candidates": ["nobody"]}, r'no stakeholder "nobody" in this graph \(candidates\)'),
        ({"covered": ["nobody"]}, r"\(covered\)"),
        ({"exclude": ["nobody"]}, r"\(exclude\)"),
        ({"value": [-1.0] * 9}, "Give 0 or more"),
    ],
)
def test_wrong_arguments_are_named(change, message):
    with pytest.raises(InputError, match=message):
        select_triggers(stars(), **({"k": 2} | change))
