"""Who was never asked, and whether intervals with their arcs filled in hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from ecosystems import accounts, ecosystem, members, people, ties

from ecosystem_iq.network import InfluenceGraph, influence_graph
from ecosystem_iq.network.kernels.influence import influence_shares
from ecosystem_iq.network.measures import rank_within
from ecosystem_iq.network.missing import HotDeck, missing_share, never_asked
from ecosystem_iq.network.uncertainty import LEVEL, draw_influence
from ecosystem_iq.tables import load
from ecosystem_iq.tables.importers import import_mapped, read_mapping


def asked_about(graph, *args):
    return graph.ids[never_asked(graph, *args)].tolist()


def graph_of(*pairs, probability=0.5, **more):
    return InfluenceGraph.from_edges([p[0] for p in pairs], [p[1] for p in pairs], probability, **more)


def arcs_of(graph):
    return np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr)), graph.matrix.indices


# --- who was never asked


def test_nothing_is_known_of_who_moves_those_without_incoming_arcs():
    assert asked_about(graph_of("ab", "cb", "bd")) == ["a", "c"]
    assert asked_about(graph_of("ab", "cb", "ba", probability=[0.5, 0.5, 0.0])) == ["a", "c"]


def test_who_has_no_arc_counts_only_where_most_have_one():
    assert asked_about(graph_of("ab", "bc", ids="abcd")) == ["a", "d"]
    assert asked_about(graph_of("ab", ids="abcd")) == ["a"]


def test_accounts_are_told_apart():
    graph = graph_of("ab", "bc", "ca", account=["A", "B", "B"])
    assert list(zip(graph.account[never_asked(graph)], asked_about(graph), strict=True)) == [("A", "a"), ("B", "b")]


@pytest.mark.parametrize(
    ("row", "unasked"),
    [
        ({"kind": "influences", "evidence_kind": "nominated"}, ["a", "d"]),  # c named b: c was asked, b named nobody
        ({"kind": "reports_to", "evidence_kind": "self_reported"}, ["c", "d"]),
        ({"kind": "collaborates", "evidence_kind": "nominated"}, ["a", "b", "c", "d"]),
        ({"kind": "collaborates", "evidence_kind": "observed"}, ["d"]),
        ({"kind": "collaborates", "evidence_kind": None}, ["d"]),
        ({"kind": "influences", "evidence_kind": "nominated", "direction": "undirected"}, ["a", "b", "c", "d"]),
        ({"kind": "influences", "evidence_kind": "nominated", "direction": "mutual"}, ["d"]),
    ],
)
def test_a_tie_informs_about_those_who_told_it_and_an_observed_one_about_whoever_it_moves(row, unasked):
    eco = ecosystem(stakeholders=people(*"abcd"), ties=ties("ab", "bc", **row))
    assert asked_about(influence_graph(eco), eco) == unasked


def test_one_row_which_informs_is_enough():
    eco = ecosystem(
        stakeholders=people(*"ab"),
        ties=[
            *ties("ab", kind="collaborates", evidence_kind="nominated"),
            *ties("ab", kind="influences", evidence_kind="observed"),
        ],
    )
    assert asked_about(influence_graph(eco), eco) == ["a"]


def test_evidence_is_read_account_by_account():
    eco = ecosystem(
        stakeholders=people(*"ab"),
        accounts=accounts("A", "B"),
        memberships=[*members("A", *"ab"), *members("B", *"ab")],
        ties=ties("ab", evidence_kind="nominated"),  # in both accounts: one-way in each
    )
    assert asked_about(influence_graph(eco), eco) == ["a", "a"]


def test_share_of_each_account_and_whether_it_is_included():
    named = [("hub", leaf) for leaf in "abcdef"]
    graph = InfluenceGraph.from_edges(
        ["x", *[s for s, _ in named]], ["y", *[t for _, t in named]], 0.5, account=["A", *["B"] * 6]
    )
    table = missing_share(graph)
    assert table["account_id"].tolist() == ["A", "B"]
    assert table["unasked"].tolist() == [1, 1]
    assert table["share"].tolist() == pytest.approx([1 / 2, 1 / 7])
    assert table["included"].tolist() == [False, True]  # one asked stakeholder cannot stand for others
    assert missing_share(graph, None)["unasked"].tolist() == [0, 0]
    assert not missing_share(graph, None)["included"].any()


def test_an_account_without_stakeholders_has_no_share():
    eco = ecosystem(
        stakeholders=people("a", "b"), accounts=accounts("EMPTY", "A"), ties=ties("ab"),
        memberships=members("A", "a", "b"),
    )  # fmt: skip
    assert missing_share(influence_graph(eco))["share"].isna().tolist() == [True, False]


# --- the hot deck


def survey(n=30, unasked=4, seed=3, group=None):
    """Each asked stakeholder listens to two others; the first few were never asked."""
    rng = np.random.default_rng(seed)
    names = [f"p{i:02d}" for i in range(n)]
    pairs = [
        (names[s], names[t]) for t in range(unasked, n) for s in rng.permutation([i for i in range(n) if i != t])[:2]
    ]
    chance = np.round(rng.uniform(0.2, 0.8, len(pairs)), 3)
    source, target = zip(*pairs, strict=True)
    return InfluenceGraph.from_edges(source, target, chance, ids=names, group=group)


def filled(graph, mask, draws=4_000, seed=0):
    deck = HotDeck.of(graph, mask, np.random.default_rng(seed))
    return deck.draw(np.tile(graph.matrix.data, (draws, 1)))


def first(graph, count):
    return np.arange(len(graph)) < count


def test_the_unasked_get_as_many_arcs_and_as_strong_ones_as_the_asked_have():
    graph = survey()
    arcs = filled(graph, first(graph, 4))
    assert set(arcs.target) == {0, 1, 2, 3}
    assert len(arcs.draw) == 4_000 * 4 * 2
    assert np.isin(arcs.probability, graph.matrix.data).all()
    assert arcs.probability.mean() == pytest.approx(graph.matrix.data.mean(), rel=0.02)


def test_sources_come_up_in_proportion_to_arcs_out_and_never_themselves():
    graph = survey()
    arcs = filled(graph, first(graph, 1), draws=40_000)
    weight = np.diff(graph.matrix.indptr) + 1.0
    weight[0] = 0.0
    found = np.bincount(arcs.source, minlength=len(graph))
    assert found[0] == 0
    assert found / found.sum() == pytest.approx(weight / weight.sum(), abs=0.004)
    once = np.unique(arcs.draw * len(graph) + arcs.source, return_counts=True)[1]
    assert once.max() == 1  # nobody has half of the weight


def test_a_known_arc_takes_the_place_of_a_copied_one():
    graph = survey(unasked=0)
    arcs = filled(graph, first(graph, 1))
    assert len(arcs.draw) == 0  # both are known already
    fewer = graph_of("ba", "cd", "de", "ec", "fc", "gc", "dc", "ag", "bf", "ef", "ab")
    arcs = filled(fewer, first(fewer, 1), draws=20_000)
    into = np.bincount(fewer.matrix.indices, minlength=len(fewer))[1:]
    assert len(arcs.draw) / 20_000 == pytest.approx((into - 1).mean(), rel=0.02)


def test_an_absent_tie_is_copied_as_absent():
    graph = survey()
    deck = HotDeck.of(graph, first(graph, 4), np.random.default_rng(0))
    assert len(deck.draw(np.zeros((50, graph.matrix.nnz))).draw) == 0


def test_donors_are_of_the_same_group_where_it_has_enough():
    names = [f"p{i:02d}" for i in range(30)]
    group = {name: "payer" if i < 12 else "nurse" for i, name in enumerate(names)} | {"p00": "patient"}
    graph = survey(group=group)
    deck = HotDeck.of(graph, first(graph, 4), np.random.default_rng(0))
    pools = [
        set(deck.donors[start : start + size].tolist())
        for start, size in zip(deck.pool_start, deck.pool_size, strict=True)
    ]
    assert pools[0] == set(range(4, 30))  # nobody else is a patient
    assert pools[1] == pools[2] == pools[3] == set(range(4, 12))


def test_accounts_in_which_too_few_were_asked_stay_as_they_are():
    graph = graph_of("ab", "ac", "ad", "ae")
    assert never_asked(graph).tolist() == [True, False, False, False, False]
    assert np.ptp(draw_influence(graph, 20, np.random.default_rng(0)), axis=1).max() == 0
    everybody = np.ones(5, dtype=bool)
    assert np.ptp(draw_influence(graph, 20, np.random.default_rng(0), unasked=everybody), axis=1).max() == 0


# --- does it hold the truth?


def truth(seed, n=120, listened_to=5):
    """A complete network in which some are listened to far more than others."""
    rng = np.random.default_rng(seed)
    fame = rng.pareto(2.0, n) + 0.3
    names, pairs = np.array([f"p{i:03d}" for i in range(n)]), []
    for target in range(n):
        weight = np.where(np.arange(n) == target, 0.0, fame)
        sources = rng.choice(n, max(1, rng.poisson(listened_to)), replace=False, p=weight / weight.sum())
        pairs.extend((source, target) for source in sources)
    source, target = np.array(pairs).T
    chance = rng.uniform(0.075, 0.425, len(pairs))
    return InfluenceGraph.from_edges(names[source], names[target], chance, ids=list(names))


def half_hidden(graph, seed):
    """The same network after a survey which reached half of its people."""
    mask = np.random.default_rng(seed).random(len(graph)) < 0.5
    source, target = arcs_of(graph)
    known = ~mask[target]
    ids = graph.ids
    return mask, InfluenceGraph.from_edges(
        ids[source[known]], ids[target[known]], graph.matrix.data[known], ids=list(ids)
    )


def ranks(graph):
    return rank_within(influence_shares(graph.matrix, graph.account_code, graph.damping), graph.account_code)


def coverage(graph, seed, unasked):
    """Share of true ranks which lie in their 90 % interval: of all, and of the twenty first; and the mean width."""
    mask, known = half_hidden(graph, seed)
    true, now = ranks(graph), ranks(known)
    drawn = draw_influence(known, 200, np.random.default_rng(1), unasked=mask if unasked == "mask" else unasked)
    drawn_ranks = np.column_stack([rank_within(column, known.account_code) for column in drawn.T])
    low, high = np.quantile(drawn_ranks, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    held = (np.minimum(low, now) <= true) & (true <= np.maximum(high, now))
    return held.mean(), held[true <= 20].mean(), (high - low).mean() / len(true)


def mean_coverage(graphs, unasked):
    return np.mean([coverage(graph, seed, unasked) for seed, graph in enumerate(graphs)], axis=0)


def test_intervals_hold_true_ranks_only_when_the_unasked_are_filled_in():
    graphs = [truth(seed) for seed in range(6)]
    without, told, guessed = (mean_coverage(graphs, unasked) for unasked in (None, "mask", "auto"))
    assert without[0] < 0.1
    assert without[1] < 0.3
    for found in (told, guessed):
        assert found[0] > 0.8
        assert found[1] > 0.75
        assert found[2] < 0.5  # they say something still


def test_hidden_halves_of_a_published_survey(root, extra_data, tmp_path):
    """Among 125 physicians, half of them made unasked: doctors listen to those of their own city, so it is less."""
    mapping = read_mapping(root / "data" / "mappings" / "medical_innovation.toml")
    for file, content in import_mapped(extra_data / "data" / "medical_innovation", mapping).files.items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    surveyed = influence_graph(load(tmp_path))
    source, target = arcs_of(surveyed)
    ids = surveyed.ids
    graph = InfluenceGraph.from_edges(ids[source], ids[target], surveyed.matrix.data, ids=list(ids))
    without, with_them = (mean_coverage([graph] * 8, unasked) for unasked in (None, "auto"))
    assert without[0] < 0.1
    assert without[1] < 0.2
    assert with_them[0] > 0.8
    assert with_them[1] > 0.65


def test_eleven_physicians_name_nobody_on_the_map(root, extra_data, tmp_path):
    mapping = read_mapping(root / "data" / "mappings" / "medical_innovation.toml")
    for file, content in import_mapped(extra_data / "data" / "medical_innovation", mapping).files.items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    eco = load(tmp_path)
    table = missing_share(influence_graph(eco), never_asked(influence_graph(eco), eco))
    assert table[["stakeholders", "unasked", "included"]].to_numpy().tolist() == [[125, 11, True]]
