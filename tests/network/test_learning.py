"""What to learn next: values of knowledge against enumeration of every network that may be."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from ecosystems import accounts, ecosystem, members, people, ties
from scipy.sparse import csr_array

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph, influence_graph
from ecosystem_iq.network.kernels.influence import influence_shares
from ecosystem_iq.network.learning import COLUMNS, Learning, tie_values, what_to_learn
from ecosystem_iq.network.missing import never_asked
from ecosystem_iq.network.uncertainty import draw_influence


def doubtful(seed, n=5, arcs=9):
    """A small network whose ties exist with the given confidence, and their strength when they do."""
    rng = np.random.default_rng(seed)
    pairs = np.array(list(itertools.permutations("abcdefgh"[:n], 2)))
    source, target = pairs[np.sort(rng.permutation(len(pairs))[:arcs])].T  # in the order of a sparse matrix
    confidence, strength = rng.uniform(0.3, 0.9, arcs), rng.uniform(0.2, 0.9, arcs)
    graph = InfluenceGraph.from_edges(source, target, strength * confidence, ids=list("abcdefgh"[:n]))
    return replace(graph, confidence=confidence), strength


def enumerated(graph, strength, places):
    """Value of knowing each tie, from the influence in all 2^arcs networks."""
    states = np.array(list(itertools.product([False, True], repeat=len(strength))))
    weight = np.where(states, graph.confidence, 1 - graph.confidence).prod(axis=1)
    tail, head = graph.matrix.nonzero()
    shares = np.array(
        [
            influence_shares(csr_array((strength * state, (tail, head)), shape=graph.matrix.shape), graph.account_code)
            for state in states
        ]
    )

    def best(chosen):
        return np.sort(weight[chosen] @ shares[chosen])[-places:].sum()

    everything = np.ones(len(states), dtype=bool)
    return [best(states[:, tie]) + best(~states[:, tie]) - best(everything) for tie in range(len(strength))]


def by_tie(learning, graph):
    tail, head = graph.matrix.nonzero()
    pairs = list(zip(graph.ids[tail], graph.ids[head], strict=True))
    return learning.table.set_index(["source", "target"]).loc[pairs]


@pytest.mark.parametrize("seed", [0, 2, 3, 5])
def test_value_is_that_of_enumerating_every_network(seed):
    graph, strength = doubtful(seed)
    true = np.array(enumerated(graph, strength, 1))
    assert true.max() > 0.01
    found = by_tie(what_to_learn(graph, draws=20_000, first=1, top=99, unasked=None), graph)
    assert (np.abs(found["value"] - true) < 4 * found["value_se"] + 2e-4).all()
    assert found["value"].to_numpy() == pytest.approx(true, abs=5e-4)


def test_two_places_are_valued_together():
    graph, strength = doubtful(11, n=6, arcs=10)
    found = by_tie(what_to_learn(graph, draws=20_000, first=2, top=99, unasked=None), graph)
    assert found["value"].to_numpy() == pytest.approx(enumerated(graph, strength, 2), abs=5e-4)


def test_few_draws_do_not_flatter():
    """On average over seeds the value is not above the true one, and the error is of the size which is said."""
    graph, strength = doubtful(1)
    true = np.array(enumerated(graph, strength, 1))
    tables = [by_tie(what_to_learn(graph, first=1, top=99, unasked=None, rng=seed), graph) for seed in range(30)]
    value, error = (np.array([table[name] for table in tables]) for name in ("value", "value_se"))
    assert (value.mean(axis=0) <= true + 0.001).all()
    large = true > 0.005
    assert value.std(axis=0)[large] == pytest.approx(error.mean(axis=0)[large], rel=0.6)


def test_what_changes_nothing_is_not_valued_however_many_ties_are_compared():
    rng = np.random.default_rng(0)
    exists = rng.random((200, 3_000)) < 0.5
    rest = np.array([0.5, 0.3, 0.2]) + 0.1 * rng.standard_normal((200, 3))
    value, error = tie_values(exists, np.full(3_000, 0.5), rest, np.zeros((3_000, 3)), 1)
    assert value.mean() <= 0
    assert (value > 3 * error).mean() < 0.005


def test_the_tie_which_decides_who_is_first_comes_first():
    graph = InfluenceGraph.from_edges(["a", "b", "b", "c"], ["d", "d", "e", "f"], [0.4, 0.2, 0.4, 0.5])
    graph = replace(graph, confidence=np.array([0.5, 0.9, 0.9, 0.9]))
    table = what_to_learn(graph, first=1, unasked=None).table
    assert table.loc[0, ["source", "target"]].tolist() == ["a", "d"]
    assert not table.loc[0, "within_noise"]
    assert table.loc[0, "rank_change"] > 0
    assert table["rank"].tolist() == list(range(1, len(table) + 1))


def survey(seed=0, n=14, **more):
    """An account of whom one, who is listened to most, was never asked."""
    rng = np.random.default_rng(seed)
    names = [f"p{i:02d}" for i in range(n)]
    pairs = [(names[s], names[t]) for t in range(1, n) for s in rng.permutation(n)[:3] if s != t]
    pairs += [(names[0], name) for name in names[1:] if (names[0], name) not in pairs]
    source, target = zip(*pairs, strict=True)
    return InfluenceGraph.from_edges(source, target, rng.uniform(0.1, 0.5, len(pairs)), **more)


def test_to_ask_somebody_is_worth_what_full_knowledge_of_their_arcs_is_worth():
    """One unasked among certain ties: each draw is what would be known, so the value is that of perfect information."""
    graph = survey()
    assert graph.ids[never_asked(graph)].tolist() == ["p00"]
    found = what_to_learn(graph, draws=2_000, first=3).table
    drawn = draw_influence(graph, 2_000, np.random.default_rng(0))
    full = np.sort(drawn, axis=0)[-3:].sum(axis=0).mean() - np.sort(drawn.mean(axis=1))[-3:].sum()
    assert found[["kind", "target"]].to_numpy().tolist() == [["unasked", "p00"]]
    assert full > 0.002
    assert found["value"].item() == pytest.approx(full, rel=0.1)
    assert not found["within_noise"].item()
    assert found["rank_change"].item() > 0


def test_who_was_asked_about_is_worth_nothing_where_the_map_is_taken_as_complete():
    assert what_to_learn(survey(), unasked=None).table.empty


def two_accounts():
    rng = np.random.default_rng(5)
    names = [f"p{i:02d}" for i in range(24)]
    rows = [
        {**tie, "strength": rng.random(), "confidence": rng.uniform(0.2, 1)}
        for account in "AB"
        for tie in ties(*[(a, b) for a in names for b in names if a != b and rng.random() < 0.15], account_id=account)
    ]
    both = [*members("A", *names), *members("B", *names[:22])]
    return ecosystem(stakeholders=people(*names), accounts=accounts("A", "B"), ties=rows, memberships=both)


def test_an_account_alone_is_told_what_it_is_told_among_others():
    eco = two_accounts()
    graph = influence_graph(eco)
    among = what_to_learn(graph).table
    one = what_to_learn(graph, account="B").table
    alone = what_to_learn(influence_graph(eco, accounts="B")).table
    assert list(one.columns) == list(COLUMNS)
    for other in (one, alone):
        expected = among[among["account_id"] == "B"].reset_index(drop=True)
        assert other[["source", "target", "kind", "rank"]].equals(expected[["source", "target", "kind", "rank"]])
        np.testing.assert_allclose(other["value"], expected["value"], atol=1e-6)


def test_the_same_seed_says_the_same_and_top_only_shortens():
    graph = influence_graph(two_accounts())
    one, same = what_to_learn(graph, rng=2).table, what_to_learn(graph, rng=np.random.default_rng(2)).table
    assert one.equals(same)
    short = what_to_learn(graph, rng=2, top=3).table
    assert short.equals(one[one["rank"] <= 3].reset_index(drop=True))
    assert (one["value"] >= 0).all()
    assert not one["within_noise"].loc[lambda flag: ~flag].index.difference(one.index[one["value"] > 0]).size


def test_a_two_way_tie_is_one_thing_to_learn():
    eco = ecosystem(
        stakeholders=people(*"abcdef"),
        ties=[
            *ties("ab", kind="collaborates", confidence=0.5),
            *ties("bc", "ad", "ef", "cf", "fa", strength=0.5, confidence=0.8),
        ],
    )
    table = what_to_learn(influence_graph(eco), first=2, unasked=None).table
    assert len(table) == 6
    assert table[["source", "target"]].to_numpy().tolist().count(["b", "a"]) == 0


DEGENERATE = {
    "null": InfluenceGraph.from_edges([], [], 0.5),
    "one node": InfluenceGraph.from_edges([], [], 0.5, ids="a"),
    "no edge": InfluenceGraph.from_edges([], [], 0.5, ids="abcd"),
    "certain": InfluenceGraph.from_edges("abc", "bca", 1.0),
    "of no strength": InfluenceGraph.from_edges("ab", "bc", 0.0),
    "out star": InfluenceGraph.from_edges("a" * 6, "bcdefg", 0.5),
    "accounts": InfluenceGraph.from_edges("aab", "bbc", 0.5, account=["A", "B", "B"]),
}


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("confidence", [1.0, 0.5, 0.0])
def test_graphs_at_the_edge_of_what_there_is(name, confidence):
    graph = DEGENERATE[name]
    graph = replace(graph, confidence=np.full(len(graph.confidence), confidence))
    found = what_to_learn(graph, draws=40)
    assert isinstance(found, Learning)
    assert list(found.to_frame().columns) == list(COLUMNS)
    assert np.isfinite(found.table[["value", "value_se", "rank_change"]].to_numpy(dtype=float)).all()
    assert f"{len(found.table)} rows" in repr(found)


def test_faults_say_what_to_do(monkeypatch):
    graph = survey()
    with pytest.raises(InputError, match=r'There is no account "al"\. Did you mean "all"\?'):
        what_to_learn(graph, account="al")
    with pytest.raises(InputError, match="at least 20 draws; found 5"):
        what_to_learn(graph, draws=5)
    monkeypatch.setattr("ecosystem_iq.network.learning.LARGEST", 3)
    with pytest.raises(InputError, match=r"at most 3 arcs; found \d+\. Make the graph of fewer accounts"):
        what_to_learn(graph)
