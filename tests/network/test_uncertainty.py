"""Intervals of influence: drawn networks."""

from __future__ import annotations

import numpy as np
import pytest
from ecosystems import accounts, ecosystem, members, people, shuffled, ties
from scipy.sparse import csr_array

from ecosystem_iq.network import InfluenceGraph, influence_graph, measure, uncertainty
from ecosystem_iq.network.kernels.influence import influence_shares
from ecosystem_iq.network.uncertainty import draw_influence, drawn_networks


def town(confidence=0.6, n=10, seed=2, **more):
    """A dense account with ties for and against, parallel rows, and a second account of some of the same people."""
    rng = np.random.default_rng(seed)
    names = [f"p{i}" for i in range(n)]
    rows = [
        {"source": a, "target": b, "kind": kind, "strength": rng.random(), "confidence": confidence or rng.random()}
        for a in names for b in names if a != b
        for kind in ("influences", "competes", "collaborates") if rng.random() < 0.25
    ]  # fmt: skip
    return ecosystem(
        stakeholders=people(*names), accounts=accounts("A", "B"), ties=rows,
        memberships=[*members("A", *names), *members("B", *names[: n // 2])], **more,
    )  # fmt: skip


def one_by_one(graph, draws, seed):
    """Draws made one network at a time: keep rows, join them, and run the kernel."""
    rng = np.random.default_rng(seed)
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    rows, result = graph.rows.toarray(), []
    for _ in range(draws):
        kept = rng.random(len(graph.confidence))[graph.tie_order] < graph.confidence
        sure = np.divide(np.abs(rows), graph.confidence, out=np.zeros_like(rows), where=graph.confidence > 0)
        sure = np.minimum(sure, 1.0)  # the factor of a sparse account may lift a doubtful row past certainty
        sides = [1 - np.prod(1 - sure * kept * (np.sign(rows) == side), axis=1) for side in (1, -1)]
        drawn = csr_array((np.maximum(*sides), (tail, graph.matrix.indices)), shape=graph.matrix.shape)
        result.append(influence_shares(drawn, graph.account_code, graph.damping))
    return np.column_stack(result)


@pytest.mark.parametrize("damping", [0.85, 0.97])
def test_draws_side_by_side_equal_draws_one_by_one(damping):
    graph = influence_graph(town(None, settings={"damping": damping}))
    assert (graph.sign < 0).any()
    assert (graph.sign > 0).any()
    drawn = draw_influence(graph, 25, np.random.default_rng(7), unasked=None)
    np.testing.assert_allclose(drawn, one_by_one(graph, 25, 7), rtol=0, atol=1e-8)


@pytest.mark.parametrize("unasked", [None, "auto", np.arange(15) % 2 == 0])
def test_draws_in_blocks_are_the_same_draws(monkeypatch, unasked):
    graph = influence_graph(town())
    whole = draw_influence(graph, 30, np.random.default_rng(1), unasked=unasked)
    monkeypatch.setattr(uncertainty, "_CELLS", 7 * max(*graph.rows.shape, graph.rows.nnz, len(graph)))
    parts = draw_influence(graph, 30, np.random.default_rng(1), unasked=unasked)
    np.testing.assert_allclose(parts, whole, rtol=0, atol=1e-9)


def test_a_block_fits_in_memory_where_the_tie_table_is_longer_than_the_graph(monkeypatch):
    eco = ecosystem(
        stakeholders=people(*"abcd"), accounts=accounts("A", "B"),
        memberships=[*members("A", "a", "b"), *members("B", *"abcd")],
        ties=[*ties("ab", account_id="A", confidence=0.5), *ties(*[x + y for x in "abcd" for y in "abcd" if x != y])],
    )  # fmt: skip
    graph = influence_graph(eco, accounts="A")
    sizes = []
    single = uncertainty._draw
    monkeypatch.setattr(uncertainty, "_CELLS", 40)
    monkeypatch.setattr(uncertainty, "_draw", lambda g, n, *more: sizes.append(n) or single(g, n, *more))
    draw_influence(graph, 10, np.random.default_rng(0))
    assert max(sizes) * len(eco.tables["ties"]) <= 40


def sparse_survey(count=40, accounts="AB"):
    """Accounts in which a third was never asked; the ties of the others are doubtful."""
    rng = np.random.default_rng(9)
    names = [f"p{i:02d}" for i in range(count)]
    rows = [
        {"source": a, "target": b, "account_id": account, "strength": rng.random(), "confidence": rng.random()}
        for account in accounts for b in names[count // 3 :] for a in rng.permutation(names)[:4] if a != b
    ]  # fmt: skip
    return ecosystem(
        stakeholders=people(*names), accounts=[{"account_id": name, "name": name} for name in accounts], ties=rows,
        memberships=[row for name in accounts for row in members(name, *names)],
    )  # fmt: skip


def test_missing_arcs_are_the_same_whichever_accounts_are_looked_at():
    eco = sparse_survey()
    both, alone = measure(influence_graph(eco)).table, measure(influence_graph(eco, accounts="B")).table
    among = both[both["account_id"] == "B"].reset_index(drop=True)
    np.testing.assert_allclose(alone["influence_low"].to_numpy(), among["influence_low"], atol=1e-9)
    np.testing.assert_array_equal(alone["rank_high"], among["rank_high"])


def test_missing_arcs_are_the_same_whatever_the_order_of_rows():
    eco = sparse_survey()
    one, other = (measure(influence_graph(e)).table for e in (eco, shuffled(eco, 4, ["ties", "memberships"])))
    np.testing.assert_allclose(one["influence_low"], other["influence_low"], rtol=1e-8)


def test_missing_arcs_widen_the_intervals_and_are_part_of_them_by_default():
    graph = influence_graph(sparse_survey())
    default, auto, none = (
        draw_influence(graph, 200, np.random.default_rng(0), **more)
        for more in ({}, {"unasked": "auto"}, {"unasked": None})
    )
    np.testing.assert_array_equal(default, auto)
    assert default.std(axis=1).mean() > 1.2 * none.std(axis=1).mean()
    np.testing.assert_allclose(default[graph.account_code == 1].sum(axis=0), 1.0, atol=1e-9)


def test_a_drawn_network_with_its_missing_arcs_is_walked_like_any_other():
    graph = influence_graph(sparse_survey())
    (drawn,) = drawn_networks(graph, 5, np.random.default_rng(3))
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    for draw in range(5):
        mine = drawn.imputed.draw == draw
        whole = csr_array(
            (
                np.append(drawn.probability[draw], drawn.imputed.probability[mine]),
                (
                    np.append(tail, drawn.imputed.source[mine]),
                    np.append(graph.matrix.indices, drawn.imputed.target[mine]),
                ),
            ),
            shape=graph.matrix.shape,
        )
        expected = influence_shares(whole, graph.account_code, graph.damping)
        np.testing.assert_allclose(drawn.influence[:, draw], expected, rtol=0, atol=1e-8)


def test_every_draw_adds_up_to_one_in_every_account():
    graph = influence_graph(town())
    drawn = draw_influence(graph, 20, np.random.default_rng(0))
    for code in range(2):
        np.testing.assert_allclose(drawn[graph.account_code == code].sum(axis=0), 1.0, atol=1e-9)


def test_a_tie_exists_in_as_many_draws_as_its_confidence_says():
    eco = ecosystem(stakeholders=people("a", "b"), ties=ties("ab", confidence=0.3, strength=0.4))
    drawn = draw_influence(influence_graph(eco), 4_000, np.random.default_rng(0))
    there = drawn[0] > 0.5 + 1e-9
    assert there.mean() == pytest.approx(0.3, abs=0.03)
    # Where it exists it counts in full: the factor lifts .4 * .3 to certainty, and .4 without the doubt as well.
    assert drawn[0][there] == pytest.approx(influence_shares(csr_array([[0, 1.0], [0, 0]]), np.zeros(2, int))[0])


def test_certain_ties_have_no_interval():
    eco = ecosystem(stakeholders=people(*"abcd"), ties=ties("ab", "bc", "ad", "db", strength=0.5, confidence=1.0))
    table = measure(influence_graph(eco)).table
    np.testing.assert_allclose(table["influence_high"] - table["influence_low"], 0, atol=1e-9)
    assert (table["rank_low"] == table["rank"]).all()
    assert (table["rank_high"] == table["rank"]).all()


def test_doubt_widens_intervals():
    def width(confidence):
        table = measure(influence_graph(town(confidence))).table
        return (table["influence_high"] - table["influence_low"]).mean()

    assert width(0.999) < 0.2 * width(0.8) < 0.2 * width(0.5) + 1e-12
    assert width(0.8) < width(0.5)


def test_intervals_hold_the_point_and_the_rank():
    table = measure(influence_graph(town(0.4))).table
    assert (table["influence_low"] <= table["influence"]).all()
    assert (table["influence"] <= table["influence_high"]).all()
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()
    assert table["p_top10"].between(0, 1).all()


def test_same_seed_same_draws_and_another_seed_changes_only_intervals():
    graph = influence_graph(town())
    one, same, other = (measure(graph, rng=seed).table for seed in (3, np.random.default_rng(3), 4))
    assert one.equals(same)
    assert not one["influence_low"].equals(other["influence_low"])
    assert one[["account_id", "stakeholder_id", "influence", "rank"]].equals(
        other[["account_id", "stakeholder_id", "influence", "rank"]]
    )


def test_the_order_of_the_rows_changes_no_interval():
    eco = town(None)
    one, other = (measure(influence_graph(e)).table for e in (eco, shuffled(eco, 4, ["ties", "memberships"])))
    assert one["stakeholder_id"].tolist() == other["stakeholder_id"].tolist()
    np.testing.assert_allclose(one["influence_low"], other["influence_low"], rtol=1e-8)
    np.testing.assert_array_equal(one["rank_high"], other["rank_high"])


def test_an_account_alone_has_the_intervals_it_has_among_others():
    eco = town(None)
    both, alone = measure(influence_graph(eco)).table, measure(influence_graph(eco, accounts="B")).table
    among = both[both["account_id"] == "B"].reset_index(drop=True)
    np.testing.assert_allclose(alone["influence_low"].to_numpy(), among["influence_low"], atol=1e-9)


def test_plain_edges_are_certain():
    drawn = draw_influence(InfluenceGraph.from_edges("ab", "bc", [1.0, 0.3]), 5, np.random.default_rng(0))
    assert np.ptp(drawn, axis=1).max() == 0


def test_an_account_without_people_is_no_trouble():
    eco = ecosystem(
        stakeholders=people("a", "b"), accounts=accounts("EMPTY", "A"), ties=ties("ab"),
        memberships=members("A", "a", "b"),
    )  # fmt: skip
    assert measure(influence_graph(eco)).table["influence_low"].notna().all()
