"""Tables → influence graph, and plain edges → influence graph."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from ecosystems import TODAY, accounts, companies, ecosystem, members, people, shuffled, ties

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph, influence_graph, to_networkx

SURE = ties("zy")  # one certain tie: the factor of a sparse account is then 1, and probabilities are as by hand


def arcs(graph):
    """(from, to) → probability times sign, for a graph with one account."""
    edges = to_networkx(graph).edges(data=True)
    return {(i, j): d["probability"] * d["sign"] for i, j, d in edges if (i, j) != ("z", "y")}


def crowd(rows, **tables):
    """Ties among many people of one account, so that the mean branching stays below its target."""
    return ecosystem(stakeholders=people(*"abcdefghijklmnopqrstuvwxyz"), ties=[*SURE, *rows], **tables)


def test_probabilities_by_hand():
    old = TODAY - dt.timedelta(days=731)
    age = 0.5 ** (731 / (24 * 365.2425 / 12))
    rows = [
        *ties("ab", strength=0.5, confidence=0.8, last_confirmed=old),
        *ties("ab", kind="advises", strength=None, confidence=None, last_confirmed=None),
        *ties("cd", kind="reports_to", strength=0.6),
        *ties("ef", kind="collaborates", strength=0.6),
        *ties("gh", kind="refers_to", strength=0.5),
        *ties("ij", kind="owns"),
        *ties("kl", kind="competes", strength=0.4),
        *ties("mn", kind="competes", strength=0.4, sign="positive"),
        *ties("op", strength=0.4, sign="negative"),
    ]
    expected = {
        ("a", "b"): 1 - (1 - 0.5 * 0.8 * age) * (1 - 0.5**3),
        ("d", "c"): 0.6,
        ("e", "f"): 0.3, ("f", "e"): 0.3,
        ("h", "g"): 0.15,
        ("k", "l"): -0.4, ("l", "k"): -0.4,
        ("m", "n"): 0.4, ("n", "m"): 0.4,
        ("o", "p"): -0.4,
    }  # fmt: skip
    found = arcs(influence_graph(crowd(rows)))
    assert found == {pair: pytest.approx(p, rel=1e-12) for pair, p in expected.items()}


def test_the_prevailing_sign_is_the_larger_side_and_the_other_rows_stay_as_evidence():
    rows = [
        *ties("ab", strength=0.3),
        *ties("ab", kind="advises", strength=0.3),
        *ties("ab", kind="competes", strength=0.5),
    ]
    graph = influence_graph(crowd(rows))
    assert arcs(graph)["a", "b"] == pytest.approx(0.51)
    assert arcs(graph)["b", "a"] == pytest.approx(-0.5)
    arc = int(graph.matrix.indptr[0])
    signed = {int(tie): graph.rows[[arc], [tie]].item() for tie in graph.tie_rows(arc)}
    assert signed == pytest.approx({1: 0.3, 2: 0.3, 3: -0.5})


def test_a_dense_account_is_scaled_down_to_the_mean_branching_by_one_factor():
    rng = np.random.default_rng(0)
    names = "abcdefgh"
    pairs = [a + b for a in names for b in names if a != b]
    rows = [row | {"strength": s} for row, s in zip(ties(*pairs), rng.random(len(pairs)) * 0.9 + 0.05, strict=True)]
    graph = influence_graph(ecosystem(stakeholders=people(*names), ties=rows, settings={"mean_branching": 1.1}))
    assert graph.branching == pytest.approx([1.1], rel=1e-12)
    assert graph.matrix.sum() / len(graph) == pytest.approx(1.1, rel=1e-12)
    strengths = {row["source"] + row["target"]: row["strength"] for row in rows}
    factors = [p / strengths[i + j] for (i, j), p in arcs(graph).items()]
    assert np.ptp(factors) < 1e-12
    assert factors[0] < 1


def test_a_sparse_account_stays_below_the_mean_branching_and_reports_it():
    graph = influence_graph(ecosystem(stakeholders=people(*"abcd"), ties=ties("ab", strength=0.2)))
    assert graph.branching == pytest.approx([0.25])  # lifted to certainty and no further
    assert arcs(graph) == {("a", "b"): pytest.approx(1.0)}


def test_a_tie_is_in_the_account_it_names_or_in_all_which_both_ends_share():
    eco = ecosystem(
        stakeholders=people(*"abcde"),
        accounts=accounts("A", "B", "C"),
        memberships=[*members("A", "a", "b", "c"), *members("B", "a", "b"), *members("C", "c", "d")],
        ties=[*ties("ab"), *ties("bc"), *ties("ac", account_id="A"), *ties("ae", account_id="B"), *ties("de")],
    )
    graph = influence_graph(eco)
    edges = set(to_networkx(graph).edges)
    assert edges == {(("A", "a"), ("A", "b")), (("B", "a"), ("B", "b")), (("A", "b"), ("A", "c")),
                     (("A", "a"), ("A", "c")), (("B", "a"), ("B", "e"))}  # fmt: skip
    assert graph.ties.tolist() == [3, 2, 0]
    assert graph.sizes.tolist() == [3, 3, 2]  # e is in B through its tie


def test_one_person_in_two_accounts_is_two_nodes():
    eco = ecosystem(
        stakeholders=people("a", "b", "c"),
        accounts=accounts("A", "B"),
        memberships=[*members("A", "a", "b"), *members("B", "a", "c")],
        ties=[*ties("ab", account_id="A"), *ties("ca", account_id="B")],
    )
    graph = influence_graph(eco)
    assert list(zip(graph.account, graph.ids, strict=True)) == [("A", "a"), ("A", "b"), ("B", "a"), ("B", "c")]
    tail, head = graph.matrix.nonzero()
    assert (graph.account_code[tail] == graph.account_code[head]).all()


def test_nodes_are_sorted_by_account_then_id_and_keep_leading_zeros():
    eco = ecosystem(
        stakeholders=people("010", "2", "01"),
        accounts=accounts("B", "A"),
        memberships=[*members("A", "2"), *members("B", "2", "010", "01")],
        ties=ties(),
    )
    graph = influence_graph(eco)
    assert list(zip(graph.account, graph.ids, strict=True)) == [("B", "01"), ("B", "010"), ("B", "2"), ("A", "2")]


def test_evidence_is_found_through_the_rows():
    rng = np.random.default_rng(3)
    names = list("abcdefgh")
    pairs = [a + b for a in names for b in names if a < b]
    kinds = rng.choice(["influences", "reports_to", "collaborates", "owns", "competes"], len(pairs) * 2)
    rows = [
        row | {"kind": k, "note": f"row {n}"}
        for n, (row, k) in enumerate(zip(ties(*pairs, *pairs), kinds, strict=True))
    ]
    eco = ecosystem(
        stakeholders=people(*names),
        accounts=accounts("A", "B"),
        memberships=[*members("A", *names[:5]), *members("B", *names[3:])],
        ties=rows,
    )
    graph = influence_graph(eco)
    table = eco.tables["ties"]
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    assert graph.rows.shape == (graph.matrix.nnz, len(table))
    seen = 0
    for arc, (i, j) in enumerate(zip(tail, graph.matrix.indices, strict=True)):
        miss = {1: 1.0, -1: 1.0}
        for tie in graph.tie_rows(arc):
            row = table.iloc[tie]
            ends = (row["source"], row["target"])
            turned = ends[::-1] if row["kind"] == "reports_to" else ends
            mutual = row["kind"] in ("collaborates", "competes")
            assert (graph.ids[i], graph.ids[j]) == turned or (mutual and (graph.ids[j], graph.ids[i]) == ends)
            own = graph.rows[[arc], [tie]].item()
            miss[int(np.sign(own))] *= 1 - abs(own)
            seen += 1
        assert graph.matrix.data[arc] == pytest.approx(1 - min(miss.values()), rel=1e-12)
        assert graph.sign[arc] == (1 if miss[1] <= miss[-1] else -1)
    assert seen > len(pairs)


def test_ties_hold_from_their_first_day_to_the_day_before_their_last():
    def pairs(day):
        rows = [*ties("ab", valid_from="2025-01-01", valid_to="2026-01-01"), *ties("bc", valid_from="2026-01-01")]
        return set(arcs(influence_graph(ecosystem(stakeholders=people(*"abc"), ties=rows, as_of=day))))

    assert pairs(dt.date(2024, 12, 31)) == set()
    assert pairs(dt.date(2025, 1, 1)) == pairs(dt.date(2025, 12, 31)) == {("a", "b")}
    assert pairs(dt.date(2026, 1, 1)) == {("b", "c")}


def test_memberships_of_the_past_share_no_account():
    eco = ecosystem(
        stakeholders=people("a", "b"),
        accounts=accounts("A"),
        memberships=[*members("A", "a"), *members("A", "b", valid_to="2026-01-01")],
        ties=ties("ab"),
    )
    assert arcs(influence_graph(eco)) == {}


def test_a_holder_sees_only_its_own_ties_and_the_reference_never_sees_them():
    eco = ecosystem(
        stakeholders=people("a", "b"),
        companies=companies("x"),
        ties=[*ties("ab"), *ties("ba", holder="x")],
    )
    assert set(arcs(influence_graph(eco))) == {("a", "b")}
    assert set(arcs(influence_graph(eco, holder="x"))) == {("b", "a")}


def test_a_holder_adds_its_own_members_to_those_of_the_reference():
    eco = ecosystem(
        stakeholders=people("a", "b"), companies=companies("x"), accounts=accounts("A"),
        memberships=[*members("A", "a"), *members("A", "b", holder="x")], ties=ties("ab", holder="x"),
    )  # fmt: skip
    assert len(influence_graph(eco)) == 1
    assert set(arcs(influence_graph(eco, holder="x"))) == {("a", "b")}


def test_only_some_layers_or_accounts():
    eco = ecosystem(
        stakeholders=people("a", "b", "c"),
        accounts=accounts("A", "B"),
        memberships=[*members("A", "a", "b"), *members("B", "b", "c")],
        ties=[*ties("ab", layer="clinical"), *ties("ab", kind="advises"), *ties("bc", layer="clinical")],
    )
    assert influence_graph(eco, layers=["clinical"]).ties.tolist() == [1, 1]
    assert influence_graph(eco, layers=["advises"]).ties.tolist() == [1, 0]
    assert influence_graph(eco, layers="advises").ties.tolist() == [1, 0]
    only = influence_graph(eco, accounts=["B"])
    assert (only.account_ids, only.ids.tolist(), only.ties.tolist()) == (("B",), ["b", "c"], [1])
    assert influence_graph(eco, accounts="B").account_ids == ("B",)
    assert influence_graph(eco, accounts="B", layers="advises").ties.tolist() == [0]  # a layer which is only elsewhere


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"layers": ["clinicall"]}, 'There is no layer "clinicall". Did you mean "clinical"?'),
        ({"accounts": ["north2"]}, 'There is no account "north2". Did you mean "north"?'),
        ({"holder": "pharm"}, 'There is no company "pharm". Did you mean "pharma"?'),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(asked, message):
    eco = ecosystem(
        stakeholders=people("a", "b"), accounts=accounts("north"), companies=companies("pharma"),
        ties=ties("ab", layer="clinical"),
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        influence_graph(eco, **asked)
    assert str(caught.value) == message


def test_without_accounts_there_is_one_called_all():
    graph = influence_graph(ecosystem(stakeholders=people("a", "b", "c"), ties=ties("ab")))
    assert graph.account_ids == ("all",)
    assert graph.ids.tolist() == ["a", "b", "c"]


def test_without_ties_everybody_is_alone():
    graph = influence_graph(ecosystem(stakeholders=people("a", "b")))
    assert (len(graph), graph.matrix.nnz, graph.branching.tolist(), graph.ties.tolist()) == (2, 0, [0.0], [0])


def test_without_stakeholders_there_is_no_graph():
    with pytest.raises(InputError, match=r"needs stakeholders\.csv"):
        influence_graph(ecosystem())


def test_structure_ties_are_counted_but_move_nobody():
    graph = influence_graph(ecosystem(stakeholders=people("a", "b"), ties=ties("ab", kind="owns")))
    assert (graph.matrix.nnz, graph.ties.tolist()) == (0, [1])


def test_the_order_of_the_rows_changes_nothing():
    rng = np.random.default_rng(5)
    names = list("abcdefghij")
    pairs = [a + b for a in names for b in names if a != b and rng.random() < 0.5]
    rows = [row | {"strength": s} for row, s in zip(ties(*pairs, confidence=None), rng.random(len(pairs)), strict=True)]
    eco = ecosystem(
        stakeholders=people(*names), accounts=accounts("A", "B"), ties=rows,
        memberships=[*members("A", *names[:6]), *members("B", *names[4:])],
    )  # fmt: skip
    one, other = influence_graph(eco), influence_graph(shuffled(eco, 1, ["ties", "stakeholders", "memberships"]))
    np.testing.assert_array_equal(one.ids, other.ids)
    np.testing.assert_allclose(one.matrix.toarray(), other.matrix.toarray(), rtol=1e-12)


def test_damping_comes_from_the_settings():
    eco = ecosystem(stakeholders=people("a", "b"), ties=ties("ab"), settings={"damping": 0.5})
    assert influence_graph(eco).damping == 0.5


def test_repr_counts():
    assert repr(InfluenceGraph.from_edges(["a"], ["b"], 0.5)) == "InfluenceGraph(2 stakeholders, 1 arcs, 1 accounts)"


def test_plain_edges_keep_their_probability_and_sign():
    graph = InfluenceGraph.from_edges(["b", "a"], ["a", "c"], [0.9, 0.2], sign=[-1, 1], ids=["d", "c", "b", "a"])
    assert graph.ids.tolist() == ["a", "b", "c", "d"]
    assert arcs(graph) == {("b", "a"): -0.9, ("a", "c"): 0.2}
    assert graph.sizes.tolist() == [4]


def test_parallel_edges_are_one_arc():
    graph = InfluenceGraph.from_edges(["a", "a"], ["b", "b"], 0.5)
    assert arcs(graph) == {("a", "b"): pytest.approx(0.75)}
    assert graph.tie_rows(0).tolist() == [0, 1]


def test_weighted_cascade_divides_one_among_the_arcs_into_a_node():
    graph = InfluenceGraph.from_edges(["a", "b", "c", "a", "a"], ["d", "d", "d", "b", "d"], "weighted-cascade")
    into = np.asarray(graph.matrix.sum(axis=0)).ravel()
    np.testing.assert_allclose(into, [0, 1, 0, 1])
    assert arcs(graph)["a", "d"] == pytest.approx(1 / 3)


def test_edges_in_accounts_are_blocks():
    graph = InfluenceGraph.from_edges(["a", "a"], ["b", "b"], [0.1, 0.2], account=["B", "A"])
    assert graph.account_ids == ("A", "B")
    np.testing.assert_allclose(graph.matrix.toarray()[[0, 2], [1, 3]], [0.2, 0.1])
    assert graph.ties.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"probability": 1.2}, 'Edge 0 ("a" → "b") has a probability outside 0 to 1.'),
        ({"probability": [0.5, float("nan")]}, 'Edge 1 ("b" → "c") has a probability outside 0 to 1.'),
        ({"probability": [0.5]}, "There are 2 edges and 1 probabilities."),
        ({"probability": "weighted"}, 'Unknown probability "weighted". Give numbers, or "weighted-cascade".'),
        ({"target": ["b"]}, "Edges need columns of one length; found source 2, target 1, account 2."),
        ({"target": ["b", "b"]}, 'Edge 1 ("b" → "b") has two ends which are the same.'),
        ({"sign": [1, 0]}, 'Edge 1 ("b" → "c") has a sign other than +1, -1.'),
        ({"sign": [1]}, "There are 2 edges and 1 signs."),
        ({"ids": ["a", "b"]}, 'There is no stakeholder "c".'),
        ({"ids": ["a", "b", "c"], "account": ["A", "A"]}, "Give ids or account, not both."),
    ],
)
def test_bad_edges_are_refused(arguments, message):
    with pytest.raises(InputError) as caught:
        InfluenceGraph.from_edges(**{"source": ["a", "b"], "target": ["b", "c"], "probability": 0.5} | arguments)
    assert message in str(caught.value)


def test_no_edges_at_all():
    graph = InfluenceGraph.from_edges([], [], 0.5)
    assert (len(graph), graph.matrix.shape, graph.account_ids) == (0, (0, 0), ("all",))
    assert InfluenceGraph.from_edges([], [], "weighted-cascade", ids=["a"]).sizes.tolist() == [1]


def test_loaded_and_made_tables_have_the_same_types(root):
    from ecosystem_iq.tables import load

    loaded, made = load(root / "data" / "demo").tables, ecosystem().tables
    for name, table in made.items():
        for column in table:
            assert loaded[name][column].dtype == table[column].dtype, (name, column)
    assert isinstance(loaded["ties"]["source"].dtype, pd.StringDtype)
