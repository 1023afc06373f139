"""Key players, against published definitions computed one set at a time."""

from __future__ import annotations

import itertools
import math
import sys

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.kernels import set_search
from ecosystem_iq.network.kernels.set_values import Fragmentation
from ecosystem_iq.network.key_players import CRITERIA, key_players

PUBLISHED = {
    "KPP-POS distance-weighted reach dR": ("distance_reach", 1),
    "KPP-POS 1-reach count (nodes within 1 steps, set included)": ("m_reach", 1),
    "KPP-POS 2-reach count (nodes within 2 steps, set included)": ("m_reach", 2),
    "KPP-NEG distance-weighted fragmentation DF (after removal)": ("distance_fragmentation", 1),
    "KPP-NEG fragmentation F (after removal)": ("fragmentation", 1),
}
ON_ALL = pytest.mark.parametrize("criterion", CRITERIA)
EITHER = pytest.mark.parametrize("weighted", [True, False])


def random_graph(seed, n=8, chance=0.25):
    rng = np.random.default_rng(seed)
    ids = [f"s{i:02d}" for i in range(n)]
    pairs = [(a, b) for a, b in itertools.permutations(ids, 2) if rng.random() < chance]
    probability = rng.choice([0.0, 0.2, 0.5, 1.0, 0.7], len(pairs))
    sign = rng.choice([1, -1], len(pairs))
    return InfluenceGraph.from_edges(*zip(*pairs, strict=True), probability, sign=sign, ids=ids)


def arrows(graph, *, weighted):
    tail = np.repeat(graph.ids, np.diff(graph.matrix.indptr))
    result = nx.DiGraph()
    result.add_nodes_from(graph.ids)
    for a, b, p in zip(tail, graph.ids[graph.matrix.indices], graph.matrix.data, strict=True):
        if p > 0:
            result.add_edge(a, b, length=max(-math.log(p), 1e-9) if weighted else 1.0)
    return result


def without_direction(directed):
    both = nx.Graph()
    both.add_nodes_from(directed)
    for a, b, length in directed.edges(data="length"):
        both.add_edge(a, b, length=min(length, both.get_edge_data(a, b, {"length": length})["length"]))
    return both


def worth(graph, members, criterion, *, m=2, weighted=True):
    """One set, from the definitions."""
    directed = arrows(graph, weighted=weighted)
    if criterion == "m_reach":
        return len({v for i in members for v in nx.single_source_shortest_path_length(directed, i, cutoff=m)})

    def near(distance):
        return math.exp(-distance) if weighted else 1.0 / distance

    if criterion == "distance_reach":
        far = [nx.single_source_dijkstra_path_length(directed, i, weight="length") for i in members]
        reached = [1.0 if v in members else max([near(d[v]) for d in far if v in d], default=0.0) for v in directed]
        return sum(reached) / len(directed)
    rest = without_direction(directed)
    rest.remove_nodes_from(members)
    left = len(rest)
    if left < 2:
        return 1.0
    if criterion == "fragmentation":
        return 1.0 - sum(len(c) * (len(c) - 1) for c in nx.connected_components(rest)) / (left * (left - 1))
    all_pairs = nx.all_pairs_dijkstra_path_length(rest, weight="length")
    return 1.0 - sum(near(d) for i, far in all_pairs for v, d in far.items() if v != i) / (left * (left - 1))


@pytest.fixture(scope="module")
def agencies(extra_data):
    folder = extra_data / "data" / "tobacco_control_indiana"
    ties = pd.read_csv(folder / "ties.csv").query("relation == 'dissemination'")
    ends = [*ties["source"], *ties["target"]], [*ties["target"], *ties["source"]]
    return InfluenceGraph.from_edges(*ends, 0.5, ids=pd.read_csv(folder / "nodes.csv")["node_id"])


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_every_optimum_of_the_reference_is_found(agencies, extra_data, name, k):
    table = pd.read_csv(extra_data / "reference" / "network" / "tobacco_dissemination_key_players.csv")
    table = table[(table["criterion"] == name) & (table["k"] == k)]
    criterion, m = PUBLISHED[name]
    found = key_players(agencies, k, criterion=criterion, m=m, weighted=False)
    assert found.exact
    assert len(table)
    assert found.value == pytest.approx(table["value"].iloc[0], abs=1e-9)
    if criterion == "m_reach":  # the file gives their number and one of them
        count, first = table["set"].iloc[0].split(" optimal sets; first: ")
        assert found.n_optimal == int(count)
        assert worth(agencies, first.split("|"), criterion, m=m, weighted=False) == found.value
    else:
        sets = {tuple(sorted(row.split("|"))) for row in table["set"]}
        assert found.n_optimal == len(sets)
        assert set(found.sets) <= sets
        assert len(found.sets) == min(len(sets), set_search.SHOWN)
        assert set(found.core) == set.intersection(*map(set, sets))
    assert found.stakeholders == found.sets[0]


@EITHER
@ON_ALL
@pytest.mark.parametrize("k", [1, 2, 3, 7])
@pytest.mark.parametrize("seed", range(3))
def test_the_search_agrees_with_comparing_all_sets_one_by_one(criterion, k, weighted, seed):
    graph = random_graph(seed)
    found = key_players(graph, k, criterion=criterion, weighted=weighted)
    values = {
        members: worth(graph, members, criterion, weighted=weighted) for members in itertools.combinations(graph.ids, k)
    }
    best = max(values.values())
    tied = sorted(members for members, value in values.items() if value >= best - 1e-12)
    assert found.value == pytest.approx(best, abs=1e-12)
    assert list(found.sets) == tied[: set_search.SHOWN]
    assert (found.n_optimal, found.exact) == (len(tied), True)
    assert set(found.core) == set.intersection(*map(set, tied))


@EITHER
@ON_ALL
def test_greedy_is_the_best_one_more_each_time(criterion, weighted):
    graph = random_graph(4)
    curve = key_players(graph, 4, criterion=criterion, weighted=weighted).curve
    assert curve["k"].tolist() == [1, 2, 3, 4]
    chosen = []
    for who, value in zip(curve["stakeholder_id"], curve["value"], strict=True):
        others = {v: worth(graph, [*chosen, v], criterion, weighted=weighted) for v in graph.ids if v not in chosen}
        assert value == pytest.approx(max(others.values()), abs=1e-12)
        assert others[who] == pytest.approx(value, abs=1e-12)
        chosen.append(who)


@EITHER
@ON_ALL
def test_exchange_is_never_worse_than_greedy_and_mostly_finds_the_best(criterion, weighted, monkeypatch):
    exact = [key_players(random_graph(seed, 12), 3, criterion=criterion, weighted=weighted) for seed in range(8)]
    monkeypatch.setattr(set_search, "LARGEST_SEARCH", 0)
    found = [key_players(random_graph(seed, 12), 3, criterion=criterion, weighted=weighted) for seed in range(8)]
    for one, other in zip(found, exact, strict=True):
        assert not one.exact
        assert one.curve["value"].iloc[-1] - 1e-12 <= one.value <= other.value + 1e-12
        assert one.n_optimal <= other.n_optimal or one.value < other.value
        assert len(set(one.sets)) == len(one.sets) == min(one.n_optimal, set_search.SHOWN)
    assert sum(one.value > other.value - 1e-12 for one, other in zip(found, exact, strict=True)) >= 7
    for graph, one in zip(map(random_graph, range(8), [12] * 8), found, strict=True):
        for members in one.sets[:3]:
            assert worth(graph, members, criterion, weighted=weighted) == pytest.approx(one.value, abs=1e-12)


@ON_ALL
def test_the_same_for_the_same_seed(criterion, monkeypatch):
    monkeypatch.setattr(set_search, "LARGEST_SEARCH", 0)
    graph = random_graph(2, 14)
    one, two = (key_players(graph, 4, criterion=criterion, rng=rng) for rng in (3, np.random.default_rng(3)))
    assert (one.sets, one.value, one.n_optimal) == (two.sets, two.value, two.n_optimal)
    pd.testing.assert_frame_equal(one.to_frame(), two.to_frame())


@ON_ALL
@pytest.mark.parametrize("cells", [1, 300])
def test_how_many_sets_are_looked_at_at_once_changes_nothing(criterion, cells, monkeypatch):
    graph = random_graph(5)
    one = key_players(graph, 3, criterion=criterion)
    monkeypatch.setattr("ecosystem_iq.network.kernels.set_values._CELLS", cells)
    two = key_players(graph, 3, criterion=criterion)
    assert (one.sets, one.n_optimal) == (two.sets, two.n_optimal)
    assert one.value == pytest.approx(two.value, abs=1e-15)


@pytest.mark.parametrize("seed", range(6))
def test_fragmentation_from_articulation_points_is_that_of_counting(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    ties = nx.gnm_random_graph(20, int(rng.integers(0, 35)), seed=seed)
    tail, head = np.array(sorted(ties.edges), dtype=np.int64).reshape(-1, 2).T
    worth_ = Fragmentation(np.sort(rng.permutation(20)[:15]), tail, head, 20)
    sets = np.sort(rng.permutation(15)[:2])[None]
    usual = worth_.extended(sets, 0)
    monkeypatch.setattr("ecosystem_iq.network.kernels.set_values._FEW", 0)
    fast = worth_.extended(sets, 0)
    others = np.setdiff1d(np.arange(15), sets)
    np.testing.assert_allclose(fast[0, others], usual[0, others], rtol=0, atol=1e-15)


def test_only_candidates_are_chosen_but_everybody_counts():
    graph = random_graph(1)
    who = list(graph.ids[[1, 4, 6, 7]])
    for criterion in CRITERIA:
        found = key_players(graph, 2, criterion=criterion, candidates=who[::-1])
        values = {members: worth(graph, members, criterion) for members in itertools.combinations(who, 2)}
        assert found.value == pytest.approx(max(values.values()), abs=1e-12)
        assert found.stakeholders == max(values, key=lambda members: round(values[members], 12))
    all_of_them = key_players(graph, 9, candidates=who)
    assert all_of_them.stakeholders == tuple(who)
    assert (all_of_them.n_optimal, all_of_them.core) == (1, tuple(who))


def test_reach_follows_the_arrows_and_fragmentation_does_not():
    graph = InfluenceGraph.from_edges("abc", "bcd", 0.5)
    assert key_players(graph, 1).stakeholders == ("a",)
    assert key_players(graph, 1, weighted=False).value == pytest.approx((1 + 1 + 1 / 2 + 1 / 3) / 4)
    assert key_players(graph, 1).value == pytest.approx((1 + 0.5 + 0.25 + 0.125) / 4)
    assert key_players(graph, 1, criterion="m_reach", m=1).value == 2
    assert key_players(graph, 1, criterion="fragmentation").sets == (("b",), ("c",))


def test_arcs_of_no_strength_are_none_and_those_against_count():
    graph = InfluenceGraph.from_edges("ab", "bc", [0.0, 0.4], sign=[1, -1])
    assert key_players(graph, 1, criterion="m_reach").sets == (("b",),)
    assert key_players(graph, 1, weighted=False).value == pytest.approx(2 / 3)


def edges(*pairs, ids=None):
    return InfluenceGraph.from_edges([a for a, _ in pairs], [b for _, b in pairs], 0.5, ids=ids)


DEGENERATE = {
    "one node": (edges(ids="a"), (1, 1, 1, 1)),
    "two": (edges("ab"), (0.75, 2, 1, 1)),
    "no edge": (edges(ids="abcd"), (0.25, 1, 1, 1)),
    "star": (edges("ha", "hb", "hc"), ((1 + 3 * 0.5) / 4, 4, 1, 1)),
    "cycle": (edges("ab", "bc", "ca"), (1.75 / 3, 3, 0.5, 0)),
    "isolates": (edges("ab", ids="abcd"), (1.5 / 4, 2, 1, 1)),
    "of no strength": (InfluenceGraph.from_edges("ab", "bc", 0.0), (1 / 3, 1, 1, 1)),
    "certain": (InfluenceGraph.from_edges("ab", "bc", 1.0), (1, 3, 1, 1)),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_graphs_at_the_edges_of_what_there_is(name):
    graph, expected = DEGENERATE[name]
    for criterion, value in zip(CRITERIA, expected, strict=True):
        found = key_players(graph, 1, criterion=criterion)
        assert found.value == pytest.approx(value, abs=1e-8)
        assert len(found.stakeholders) == 1
        assert key_players(graph, 5, criterion=criterion).n_optimal == 1


def test_without_anybody_there_is_nobody():
    found = key_players(edges(), 2)
    assert (found.stakeholders, found.sets, found.n_optimal) == ((), (), 0)
    assert math.isnan(found.value)
    assert found.to_frame().empty
    assert found.curve.empty
    assert "nobody" in repr(found)
    assert math.isnan(key_players(edges("ab"), 1, candidates=[]).value)


def test_one_account_at_a_time():
    graph = InfluenceGraph.from_edges("aaxx", "bcya", 0.5, account=["A", "A", "B", "B"])
    assert key_players(graph, 1, account="A").stakeholders == ("a",)
    found = key_players(graph, 1, account="B")
    assert found.to_frame().to_dict("records") == [
        {"account_id": "B", "set": 1, "stakeholder_id": "x", "value": pytest.approx(2 / 3)}
    ]
    assert repr(found) == "KeyPlayers(x; distance_reach 0.6667, 1 set, exact)"


def test_ties_are_counted_beyond_those_shown():
    found = key_players(edges(ids=[f"{i:02d}" for i in range(20)]), 3)
    assert found.n_optimal == math.comb(20, 3)
    assert found.sets == tuple(itertools.islice(itertools.combinations([f"{i:02d}" for i in range(20)], 3), 100))
    assert found.core == ()
    assert len(found.to_frame()) == 300


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"k": 0}, "k = 0 is not a whole number of at least 1"),
        ({"k": 1.5}, "k = 1.5 is not"),
        ({"k": True}, "k = True is not"),
        ({"m": 0, "criterion": "m_reach"}, "m = 0 is not"),
        ({"criterion": "m-reach"}, 'There is no criterion "m-reach". Did you mean "m_reach"?'),
        ({"criterion": "x"}, "Write one of: distance_reach"),
        ({"candidates": ["anne"]}, 'no stakeholder "anne" in account "all" (candidates). Did you mean "anna"?'),
        ({"account": "al"}, 'There is no account "al". Did you mean "all"?'),
    ],
)
def test_what_is_refused(arguments, says):
    graph = InfluenceGraph.from_edges(["anna"], ["ben"], 0.5)
    with pytest.raises(InputError) as raised:
        key_players(graph, **{"k": 1, **arguments})
    assert says in str(raised.value)


def test_several_accounts_need_a_name():
    graph = InfluenceGraph.from_edges("aa", "bc", 0.5, account=["A", "B"])
    with pytest.raises(InputError, match=r"Name it \(account\): A, B"):
        key_players(graph, 1)


@pytest.mark.parametrize(
    ("limit", "criterion", "instead"),
    [
        ("LARGEST_REACH", "distance_reach", "select_triggers"),
        ("LARGEST_REACH", "m_reach", "select_triggers"),
        ("LARGEST_FRAGMENTATION", "fragmentation", "articulation"),
        ("LARGEST_DISTANCE_FRAGMENTATION", "distance_fragmentation", "Ask for fragmentation"),
    ],
)
def test_accounts_which_are_too_large_are_refused_with_the_limit_and_what_to_do(limit, criterion, instead, monkeypatch):
    monkeypatch.setattr(sys.modules[key_players.__module__], limit, 10)
    with pytest.raises(InputError, match=rf"{criterion} is not computed for the 8 .* the limit is 10\. .*{instead}"):
        key_players(random_graph(0), 2, criterion=criterion)
