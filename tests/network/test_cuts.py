"""Dominators, gatekeepers and cuts: against networkx, and against taking people out one set at a time."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from random_maps import arrows, random_graph

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph, paths
from ecosystem_iq.network.cuts import minimum_cut
from ecosystem_iq.network.dominance import dominators, gatekeepers

SEEDS = pytest.mark.parametrize("seed", range(4))


def reaches(known, sources, target, without=()):
    """Whether arrows lead from any source to the target when some are gone."""
    rest = known.subgraph(set(known) - set(without))
    return any(nx.has_path(rest, s, target) for s in sources if s in rest)


@SEEDS
@pytest.mark.parametrize("chance", [0.08, 0.15])
def test_a_dominator_is_who_cuts_all_paths_alone(seed, chance):
    graph = random_graph(seed, 14, chance)
    known = arrows(graph)
    for source, target in itertools.permutations(graph.ids, 2):
        found = dominators(graph, source, target)
        there = reaches(known, [source], target)
        assert bool(found.reason) == (not there)
        others = [v for v in graph.ids if v not in (source, target)]
        expected = {v for v in others if there and not reaches(known, [source], target, [v])}
        assert set(found.stakeholders) == expected
        assert found.found == bool(expected)
        if there:
            way = nx.shortest_path(known, source, target)
            assert list(found.stakeholders) == [v for v in way if v in expected]  # in the order they are passed


@SEEDS
def test_of_several_sources_one_may_be_passed_by_all_others(seed):
    graph = random_graph(seed, 12, 0.12)
    known = arrows(graph)
    sources = list(graph.ids[[2, 5, 9]])
    for target in set(graph.ids) - set(sources):
        found = dominators(graph, sources, target)
        there = reaches(known, sources, target)
        expected = {v for v in graph.ids if v != target and there and not reaches(known, sources, target, [v])}
        assert set(found.stakeholders) == expected
        assert found.sources == tuple(sources)


def test_dominators_as_a_table():
    graph = InfluenceGraph.from_edges("abcbd", "bcddz", 0.5)
    found = dominators(graph, "a", "z")
    assert found.stakeholders == ("b", "d")
    assert found.to_frame().to_dict("records") == [
        {"account_id": "all", "target": "z", "order": 1, "stakeholder_id": "b"},
        {"account_id": "all", "target": "z", "order": 2, "stakeholder_id": "d"},
    ]
    assert repr(dominators(graph, "b", "d")) == "Dominators(nobody: there are ways around everybody)"
    assert dominators(graph, "a", "b").to_frame().empty


@SEEDS
@pytest.mark.parametrize("chance", [0.08, 0.15])
def test_who_needs_a_gatekeeper_does_not_reach_the_target_without(seed, chance):
    graph = random_graph(seed, 14, chance)
    known = arrows(graph)
    for target in graph.ids:
        found = gatekeepers(graph, target)
        reaching = nx.ancestors(known, target)
        behind = {v: sum(not reaches(known, [u], target, [v]) for u in reaching - {v}) for v in reaching}
        table = found.to_frame().set_index("stakeholder_id")
        assert table["behind"].to_dict() == {v: count for v, count in behind.items() if count}
        assert table["share"].to_dict() == pytest.approx(
            {v: count / (len(reaching) - 1) for v, count in behind.items() if count}
        )
        assert table["behind"].is_monotonic_decreasing
        assert found.reaching == len(reaching)
        assert set(found.stakeholders) == {v for v, count in behind.items() if 0 < count == len(reaching) - 1}
        assert bool(found.reason) == (not reaching)


@SEEDS
@pytest.mark.parametrize("chance", [0.1, 0.2, 0.3])
def test_the_fewest_who_cut_are_as_many_as_networkx_finds(seed, chance):
    graph = random_graph(seed, 10, chance)
    known = arrows(graph)
    for source, target in itertools.permutations(graph.ids, 2):
        cut = minimum_cut(graph, source, target)
        if not reaches(known, [source], target):
            assert cut.reason.startswith("No arrows lead")
            assert (cut.stakeholders, len(cut.arcs), cut.arc_probability) == ((), 0, 0)
            continue
        left_out = list(zip(cut.arcs["mover"], cut.arcs["moved"], strict=True))
        rest = nx.restricted_view(known, [], left_out)
        assert not nx.has_path(rest, source, target)
        weakest = nx.minimum_cut_value(known, source, target, capacity="probability")
        assert cut.arc_probability == pytest.approx(weakest, rel=1e-7)
        if known.has_edge(source, target):
            assert cut.reason == f'"{source}" moves "{target}" directly: no stakeholder stands between.'
            assert not cut.found
            continue
        # networkx finds no cut where an arc leads back, which makes no difference to what leads forth.
        fewest = len(nx.minimum_node_cut(nx.restricted_view(known, [], [(target, source)]), source, target))
        for side in (cut.stakeholders, cut.nearest_sources):
            assert len(side) == fewest
            assert not reaches(known, [source], target, side)
            assert not {source, target} & set(side)
        others = set(graph.ids) - {source, target}
        all_cuts = [
            s for s in itertools.combinations(sorted(others), fewest) if not reaches(known, [source], target, s)
        ]
        assert cut.unique == (len(all_cuts) == 1)
        before = [set(nx.ancestors(known.subgraph(set(known) - set(s)), target)) for s in all_cuts]
        own = nx.ancestors(known.subgraph(set(known) - set(cut.stakeholders)), target)
        assert all(own <= other for other in before)  # no other leaves fewer on the target's side


@SEEDS
def test_cuts_between_several_sources_and_a_target(seed):
    graph = random_graph(seed, 10, 0.2)
    known = arrows(graph)
    sources = list(graph.ids[[1, 4, 6]])
    joined = known.copy()
    joined.add_edges_from(("all", source, {"probability": 100.0}) for source in sources)
    for target in set(graph.ids) - set(sources):
        cut = minimum_cut(graph, sources, target)
        if not reaches(known, sources, target):
            assert cut.reason.startswith(f'No arrows lead from "{sources[0]}" or "{sources[1]}" or')
            continue
        assert cut.arc_probability == pytest.approx(
            nx.minimum_cut_value(joined, "all", target, capacity="probability"), rel=1e-7
        )
        if any(known.has_edge(source, target) for source in sources):
            assert "directly" in cut.reason
            continue
        others = sorted(set(graph.ids) - {*sources, target})
        sizes = (
            size for size in range(8)
            if any(not reaches(known, sources, target, s) for s in itertools.combinations(others, size))
        )  # fmt: skip
        assert len(cut.stakeholders) == next(sizes)
        assert not reaches(known, sources, target, cut.stakeholders)


def test_a_cut_of_one_is_a_dominator():
    graph = InfluenceGraph.from_edges("abcbde", "bcddez", 0.5)
    cut = minimum_cut(graph, "a", "z")
    assert (cut.stakeholders, cut.nearest_sources, cut.unique) == (("e",), ("b",), False)
    assert cut.to_frame().to_dict("records") == [
        {"account_id": "all", "nearest": "target", "stakeholder_id": "e"},
        {"account_id": "all", "nearest": "sources", "stakeholder_id": "b"},
    ]
    assert repr(cut) == "Cut(e; not the only ones; 1 arc of 0.5 in all)"
    assert cut.arcs[["mover", "moved"]].to_numpy().tolist() == [["e", "z"]]
    assert set(dominators(graph, "a", "z").stakeholders) == {"b", "d", "e"}


def test_what_is_said_where_nothing_stands_between():
    graph = InfluenceGraph.from_edges("abx", "bcc", 0.5, ids="abcxy")
    assert minimum_cut(graph, ["x", "b"], "c").reason == '"b", "x" move "c" directly: no stakeholder stands between.'
    assert minimum_cut(graph, ["a", "x"], "c").reason == '"x" moves "c" directly: no stakeholder stands between.'
    for ask in (minimum_cut, dominators):
        assert ask(graph, "a", "a").reason == '"a" is both source and target: nothing lies between.'
        assert ask(graph, "a", "y").reason == 'No arrows lead from "a" to "y". Nobody is known to move "y".'
        assert not ask(graph, "a", "y").found
    assert gatekeepers(graph, "y").reason == 'Nobody is known to move "y".'
    assert repr(gatekeepers(graph, "y")) == 'Gatekeepers(Nobody is known to move "y".)'
    assert repr(gatekeepers(graph, "c")) == "Gatekeepers(of c: nobody whom all need; 1 of 3 whom some need)"
    assert minimum_cut(graph, "c", "a").to_frame().empty


def test_arcs_of_no_strength_lead_nowhere_and_the_weakest_still_lead():
    nothing = InfluenceGraph.from_edges("ab", "bc", [0.5, 0.0])
    assert not minimum_cut(nothing, "a", "c").found
    assert gatekeepers(nothing, "c").reaching == 0
    faint = InfluenceGraph.from_edges("aabc", "bczz", [1.0, 1e-300, 1e-15, 1.0])
    cut = minimum_cut(faint, "a", "z")
    assert cut.stakeholders == ("b", "c")
    assert set(zip(cut.arcs["mover"], cut.arcs["moved"], strict=True)) == {("b", "z"), ("a", "c")}


def test_one_account_at_a_time_and_only_known_people():
    graph = InfluenceGraph.from_edges("abab", "bcbd", 0.5, account=["A", "A", "B", "B"])
    assert minimum_cut(graph, "a", "d").account == dominators(graph, "a", "d").account == "B"
    assert gatekeepers(graph, "c").stakeholders == ("b",)
    with pytest.raises(InputError, match="Name it"):
        gatekeepers(graph, "b")
    with pytest.raises(InputError, match="Name it"):
        minimum_cut(graph, "a", "b")
    with pytest.raises(InputError, match=r'no stakeholder "cc"\. Did you mean "c"'):
        dominators(graph, ["a", "cc"], "b")
    for ask in (minimum_cut, dominators):
        with pytest.raises(InputError, match="at least one source"):
            ask(graph, [], "c")


def test_accounts_which_are_too_large_are_refused(monkeypatch):
    monkeypatch.setattr(paths, "LARGEST_OF_MANY", 1)
    graph = InfluenceGraph.from_edges("ab", "bc", 0.5)
    for refused in (lambda: dominators(graph, "a", "c"), lambda: gatekeepers(graph, "c")):
        with pytest.raises(InputError, match=r"2 arcs, the limit is 1\. Ask for one smaller account"):
            refused()
    assert minimum_cut(graph, "a", "c").stakeholders == ("b",)


def test_the_same_twice():
    graph = random_graph(7, 40, 0.08)
    source, target = graph.ids[0], graph.ids[-1]
    one, two = (minimum_cut(graph, source, target) for _ in range(2))
    assert one.stakeholders == two.stakeholders
    np.testing.assert_array_equal(one.arcs["mover"], two.arcs["mover"])
