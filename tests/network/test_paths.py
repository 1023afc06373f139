"""Strongest paths, against networkx and against all paths looked at one by one."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import pytest
from ecosystems import accounts, ecosystem, members, people, ties
from random_maps import arrows, random_graph

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph, influence_graph, paths
from ecosystem_iq.network.layers import drop_layer
from ecosystem_iq.network.paths import strongest_path, strongest_paths

SEEDS = pytest.mark.parametrize("seed", range(4))


def strengths(known, source, target):
    """Of all simple paths, strongest first."""
    found = nx.all_simple_paths(known, source, target)
    return sorted(math.prod(known[a][b]["probability"] for a, b in itertools.pairwise(way)) for way in found)[::-1]


@SEEDS
def test_the_strongest_path_is_that_of_networkx(seed):
    graph = random_graph(seed, 20, 0.1)
    known = arrows(graph)
    for source, target in itertools.permutations(graph.ids, 2):
        path = strongest_path(graph, source, target)
        assert path.found == nx.has_path(known, source, target)
        if path.found:
            best = math.exp(-nx.dijkstra_path_length(known, source, target, weight="length"))
            assert path.probability == pytest.approx(best, rel=1e-9)
            assert (path.stakeholders[0], path.stakeholders[-1], path.through) == (source, target, "")
            product = [known[a][b]["probability"] for a, b in itertools.pairwise(path.stakeholders)]
            assert path.probability == pytest.approx(math.prod(product))
            against = [(a, b) for a, b in itertools.pairwise(path.stakeholders) if known[a][b]["sign"] < 0]
            assert list(path.against) == against
            assert path.reason == ""
        else:
            assert (path.stakeholders, path.probability, len(path.to_frame())) == ((), 0, 0)
            assert path.reason.startswith(f'No arrows lead from "{source}" to "{target}".')
            assert ("Nobody is known to move" in path.reason) == (not nx.ancestors(known, target))
            assert ("Arrows lead back" in path.reason) == nx.has_path(known, target, source)


@SEEDS
def test_from_people_already_covered_it_is_the_strongest_from_any_of_them(seed):
    graph = random_graph(seed, 12, 0.15)
    covered = list(graph.ids[[3, 7, 11]])
    for source, target in itertools.permutations(graph.ids, 2):
        alone = strongest_path(graph, source, target)
        path = strongest_path(graph, source, target, covered=covered)
        by_start = {who: strongest_path(graph, who, target).probability for who in covered}
        assert path.probability == pytest.approx(max(alone.probability, *by_start.values()))
        if max(by_start.values()) <= alone.probability * (1 + 1e-12):
            assert (path.stakeholders, path.through) == (alone.stakeholders, "")
        else:
            assert path.through in covered
            assert path.stakeholders[0] == path.through
            assert by_start[path.through] == pytest.approx(path.probability)


@SEEDS
def test_several_paths_are_the_strongest_of_all_simple_ones(seed):
    graph = random_graph(seed, 7, 0.35)
    known = arrows(graph)
    for source, target in itertools.permutations(graph.ids, 2):
        found = strongest_paths(graph, source, target, 4)
        assert [path.probability for path in found] == pytest.approx(strengths(known, source, target)[:4])
        assert len({path.stakeholders for path in found}) == len(found)
        for path in found:
            assert len(set(path.stakeholders)) == len(path.stakeholders)
            assert (path.stakeholders[0], path.stakeholders[-1]) == (source, target)
        if found:
            assert found[0].probability == pytest.approx(strongest_path(graph, source, target).probability)


def test_of_equally_strong_paths_the_shorter_one_counts():
    source, target = zip("az", "ab", "bz", "ac", "cd", "dz", strict=True)
    graph = InfluenceGraph.from_edges(source, target, [0.25, 0.5, 0.5, 1.0, 0.5, 0.5])
    assert strongest_path(graph, "a", "z").stakeholders == ("a", "z")
    assert [len(path.stakeholders) for path in strongest_paths(graph, "a", "z")] == [2, 3, 4]
    certain = InfluenceGraph.from_edges(source, target, 1.0)
    assert strongest_path(certain, "a", "z").stakeholders == ("a", "z")


def test_the_steps_say_where_each_arrow_comes_from():
    rows = [
        *ties("ab", layer="advice", strength=0.5),
        *ties("ab", layer="committee", strength=0.5),
        *ties("cb", kind="reports_to", layer="line"),
        *ties("cd", kind="competes", layer="quarrel"),
    ]
    graph = influence_graph(ecosystem(stakeholders=people(*"abcd"), ties=rows))
    path = strongest_path(graph, "a", "d")
    steps = path.to_frame()
    assert list(steps) == ["account_id", "mover", "moved", "probability", "sign", "layers", "rows"]
    assert steps["mover"].tolist() == list("abc")
    assert steps["moved"].tolist() == list("bcd")
    assert steps["layers"].tolist() == ["advice, committee", "line", "quarrel"]
    assert steps["rows"].tolist() == [(0, 1), (2,), (3,)]
    assert steps["sign"].tolist() == [1, 1, -1]
    assert path.against == (("c", "d"),)
    assert repr(path) == f"Path(a → b → c → d; probability {path.probability:.4g}; against: c → d)"
    rest = strongest_path(drop_layer(graph, "advice"), "a", "b")
    assert (rest.steps["layers"].item(), rest.steps["rows"].item()) == ("committee", (1,))
    assert not strongest_path(drop_layer(graph, "line"), "a", "c").found


def test_why_there_is_no_path_in_plain_words():
    graph = InfluenceGraph.from_edges("abx", "bcy", 0.5, ids="abcxyz")
    assert repr(strongest_path(graph, "c", "a")) == (
        'Path(No arrows lead from "c" to "a". Nobody is known to move "a". Not known to move anybody: "c". '
        'Arrows lead back from "a" to "c".)'
    )
    assert strongest_path(graph, "a", "y").reason == 'No arrows lead from "a" to "y". 1 stakeholder reaches "y".'
    assert strongest_path(graph, "x", "c", covered=["y"]).reason == (
        'No arrows lead from "x" or "y" to "c". 2 stakeholders reach "c". Not known to move anybody: "y".'
    )
    assert strongest_paths(graph, "c", "a") == ()
    silent = InfluenceGraph.from_edges("a", "b", 0.0)
    assert not strongest_path(silent, "a", "b").found
    assert strongest_paths(silent, "a", "b") == ()


def test_to_oneself_nothing_is_left_to_be_carried():
    graph = InfluenceGraph.from_edges("ab", "ba", 0.5, ids="abc")
    for who in "ac":
        (path,) = strongest_paths(graph, who, who)
        for same in (path, strongest_path(graph, who, who), strongest_path(graph, who, who, covered=["b"])):
            assert (same.stakeholders, same.probability, same.through, len(same.steps)) == ((who,), 1, "", 0)
    covered = strongest_path(graph, "a", "c", covered=["c"])
    assert (covered.stakeholders, covered.probability, covered.through) == (("c",), 1, "c")
    alone = InfluenceGraph.from_edges([], [], 0.5, ids="a")
    assert strongest_path(alone, "a", "a").found


TWO = InfluenceGraph.from_edges("abab", "bcbd", [0.5, 0.5, 0.4, 0.5], account=["A", "A", "B", "B"])


def test_the_account_follows_from_the_stakeholders_where_only_one_holds_both():
    assert strongest_path(TWO, "a", "c").account == "A"
    assert strongest_path(TWO, "a", "d").account == "B"
    assert strongest_path(TWO, "a", "b", account="B").probability == 0.4
    assert strongest_path(TWO, "a", "d", covered=["c", "b"]).through == "b"  # c is in the other account


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("a", "b"), r"Name it \(account\): A, B\."),
        (("c", "d"), r'No account holds "c" \(A\) and "d" \(B\)\.'),
        (("a", "dd"), r'There is no stakeholder "dd"\. Did you mean "d"\?'),
        (("a", "d", "A"), r'"d" in account "A" \(target\)\. It is in B\.'),
        (("anna", "b", "A"), r'There is no stakeholder "anna" in account "A" \(source\)\.'),
        (("a", "b", "C"), r'There is no account "C"'),
    ],
)
def test_an_account_which_is_not_clear_is_refused(arguments, says):
    source, target, account = (*arguments, None)[:3]
    for ask in (strongest_path, strongest_paths):
        with pytest.raises(InputError, match=says):
            ask(TWO, source, target, account=account)


def test_whom_nobody_knows_is_not_covered():
    with pytest.raises(InputError, match=r'no stakeholder "dora"\. Did you mean "nora"\?'):
        strongest_path(InfluenceGraph.from_edges(["nora"], ["ben"], 0.5), "nora", "ben", covered=["dora"])


@pytest.mark.parametrize("k", [0, -1, 2.0, False])
def test_the_number_of_paths_is_a_whole_one(k):
    with pytest.raises(InputError, match="k = "):
        strongest_paths(TWO, "a", "c", k)


def test_several_paths_in_an_account_which_is_too_large_are_refused(monkeypatch):
    monkeypatch.setattr(paths, "LARGEST_OF_MANY", 1)
    with pytest.raises(InputError, match=r'account "A": it has 2 arcs, the limit is 1\. Ask for the strongest one'):
        strongest_paths(TWO, "a", "c")
    assert strongest_path(TWO, "a", "c").found


def test_members_of_an_account_without_ties_have_no_path():
    eco = ecosystem(
        stakeholders=people(*"abc"), accounts=accounts("A", "B"), ties=ties("ab"),
        memberships=[*members("A", *"abc"), *members("B", *"ac")],
    )  # fmt: skip
    graph = influence_graph(eco)
    assert strongest_path(graph, "a", "b").account == "A"
    assert not strongest_path(graph, "a", "c", account="B").found
