"""Gould-Fernandez brokerage."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import block_diag, csr_array

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.brokerage import ROLES, _Cells, brokerage, roles

IN_SNA = ["coordinator_wI", "consultant_itinerant_wO", "representative_bIO", "gatekeeper_bOI", "liaison_bO", "total_t"]
FILES = [
    "medical_innovation_by_specialty",
    "tobacco_collaboration_by_agency_type",
    "tobacco_dissemination_by_agency_type",
]


def random_matrix(n, density, seed):
    rng = np.random.default_rng(seed)
    values = (0.05 + 0.95 * rng.random((n, n))) * (rng.random((n, n)) < density)
    np.fill_diagonal(values, 0.0)
    return values


def groups_of(n, many, seed):
    return np.random.default_rng(seed).integers(0, many, n)


def by_hand(matrix, group):
    """Three nested loops."""
    count = np.zeros((len(matrix), 6), dtype=int)
    for i, j, k in itertools.permutations(range(len(matrix)), 3):
        if matrix[i, j] > 0 and matrix[j, k] > 0 and matrix[i, k] <= 0:
            of_i, of_j, of_k = group[[i, j, k]]
            if of_i == of_j == of_k:
                role = "coordinator"
            elif of_i == of_k:
                role = "itinerant"
            elif of_i == of_j:
                role = "representative"
            elif of_j == of_k:
                role = "gatekeeper"
            else:
                role = "liaison"
            count[j, [ROLES.index(role), 5]] += 1
    return count


def published_graph(extra_data, name, group):
    """Arcs as they were given to sna."""
    if name.startswith("medical"):
        folder = extra_data / "data" / "medical_innovation"
        ties = pd.read_csv(folder / "ties.csv", dtype=str)[["nominator", "nominee"]].drop_duplicates()
        ends = [list(ties["nominator"]), list(ties["nominee"])]
    else:
        folder = extra_data / "data" / "tobacco_control_indiana"
        layer = name.split("_")[1]
        ties = pd.read_csv(folder / "ties.csv")
        ties = ties[(ties["relation"] == layer) & (ties["level"] >= (3 if layer == "collaboration" else 1))]
        ends = [[*ties["source"], *ties["target"]], [*ties["target"], *ties["source"]]]
    ids = pd.read_csv(folder / "nodes.csv", dtype=str)["node_id"]
    return InfluenceGraph.from_edges(*ends, 0.5, ids=ids, group=group)


def published_nodes(extra_data, name):
    path = extra_data / "reference" / "network" / f"{name}_brokerage_nodes.csv"
    return pd.read_csv(path, dtype={"node_id": str}).set_index("node_id")


@pytest.mark.parametrize("name", FILES)
def test_stakeholders_agree_with_sna(name, extra_data):
    published = published_nodes(extra_data, name)
    found = brokerage(published_graph(extra_data, name, published["group"].to_dict())).table
    published = published.loc[found["stakeholder_id"]]
    for ours, theirs in (("", ""), ("expected_", "exp_"), ("z_", "z_")):
        np.testing.assert_allclose(
            found[[f"{ours}{role}" for role in ROLES]],
            published[[f"{theirs}{role}" for role in IN_SNA]],
            atol=1e-9,
            rtol=0,
        )


@pytest.mark.parametrize("name", FILES)
def test_accounts_agree_with_sna(name, extra_data):
    graph = published_graph(extra_data, name, published_nodes(extra_data, name)["group"].to_dict())
    published = pd.read_csv(extra_data / "reference" / "network" / f"{name}_brokerage_graph.csv").set_index("stat")
    found = brokerage(graph).accounts.set_index("stat")
    assert list(found.index) == list(published.index)
    np.testing.assert_allclose(found[list(ROLES)], published[IN_SNA], atol=1e-9, rtol=0)


@pytest.mark.parametrize("many", [1, 2, 5, 20])
@pytest.mark.parametrize("density", [0.05, 0.3, 0.9])
@pytest.mark.parametrize("seed", range(2))
def test_roles_are_those_of_three_nested_loops(many, density, seed):
    matrix, group = random_matrix(20, density, seed), groups_of(20, many, seed)
    np.testing.assert_array_equal(roles(csr_array(matrix), group), by_hand(matrix, group))


def test_turning_the_arrows_exchanges_representatives_and_gatekeepers():
    matrix, group = random_matrix(25, 0.2, 4), groups_of(25, 3, 4)
    there, back = roles(csr_array(matrix), group), roles(csr_array(matrix.T), group)
    np.testing.assert_array_equal(back, there[:, [0, 1, 3, 2, 4, 5]])


def test_a_hub_of_many_ties_is_counted_without_listing_its_pairs():
    n = 100_000
    spokes = csr_array(
        (np.ones(2 * n), (np.r_[np.arange(1, n + 1), np.zeros(n, int)], np.r_[np.zeros(n, int), np.arange(1, n + 1)])),
        shape=(n + 1, n + 1),
    )
    found = roles(spokes, np.zeros(n + 1, dtype=np.int64))
    assert found[0].tolist() == [n * (n - 1), 0, 0, 0, 0, n * (n - 1)]
    assert not found[1:].any()


def every_graph(density, group):
    """Roles in each of the 4,096 directed graphs of four nodes, and the chance of each."""
    cells = [cell for cell in itertools.product(range(4), repeat=2) if cell[0] != cell[1]]
    present = np.array(list(itertools.product([0, 1], repeat=12)))
    graphs = np.arange(len(present))
    which, arc = np.nonzero(present)
    tail, head = np.array(cells)[arc].T
    matrix = csr_array((np.ones(len(arc)), (4 * which + tail, 4 * which + head)), shape=(4 * len(graphs),) * 2)
    found = roles(matrix, np.tile(group, len(graphs))).reshape(len(graphs), 4, 6)
    arcs = present.sum(axis=1)
    return found, density**arcs * (1 - density) ** (12 - arcs)


ON_FOUR = pytest.mark.parametrize("group", [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 1, 2], [0, 1, 2, 3]])


def exact(values, chance):
    mean = np.tensordot(chance, values, 1)
    return mean, np.tensordot(chance, (values - mean) ** 2, 1)


@ON_FOUR
@pytest.mark.parametrize("density", [0.15, 0.6])
def test_moments_of_stakeholders_are_those_over_all_graphs(group, density):
    group = np.array(group)
    mean, variance = exact(*every_graph(density, group))
    expected, sd = cells_of(group, density).stakeholder_moments()
    np.testing.assert_allclose(expected[group], mean, atol=1e-12)
    np.testing.assert_allclose(sd[group] ** 2, variance, atol=1e-12)


@ON_FOUR
@pytest.mark.parametrize("density", [0.15, 0.6])
def test_moments_of_accounts_are_those_over_all_graphs_but_for_what_sna_leaves_out(group, density):
    found, chance = every_graph(density, np.array(group))
    mean, variance = exact(found.sum(axis=1), chance)
    expected, sd = cells_of(group, density).account_moments()
    np.testing.assert_allclose(expected[0], mean, atol=1e-12)
    n = np.bincount(group)
    own, mixed = (n * (n - 1) * (n - 2)).sum(), (n * (n - 1) * (4 - n) * (2 * n - 3)).sum()
    excluding = np.array([2 * own, 0, mixed, mixed, 0, 2 * 4 * 3 * 2])  # pairs of triads which exclude each other
    np.testing.assert_allclose(sd[0] ** 2, variance + excluding * density**4 * (1 - density) ** 2, atol=1e-12)


def cells_of(group, density):
    size = np.bincount(group)
    return _Cells(np.array(group), np.zeros(len(size), dtype=np.int64), size.astype(object), np.array([density]))


def test_very_many_stakeholders_lose_no_digits():
    million = _Cells(np.arange(2), np.zeros(2, dtype=np.int64), np.array([1, 10**6], dtype=object), np.array([1e-5]))
    expected, sd = million.stakeholder_moments()
    assert (expected[0, [0, 2, 3, 4]] == 0).all()
    assert (sd[0, [0, 2, 3, 4]] == 0).all()
    assert sd[1, 4] == million.account_moments()[1][0, 4] == 0


def two_accounts():
    edges = [("a", "b", "A"), ("b", "c", "A"), ("c", "d", "A"), ("a", "b", "B"), ("b", "d", "B"), ("x", "y", "C")]
    source, target, account = zip(*edges, strict=True)
    kinds = {"a": "payer", "b": "payer", "c": "nurse", "d": "payer", "x": "nurse"}
    return InfluenceGraph.from_edges(source, target, 0.5, account=account, group=kinds)


def test_several_accounts_are_each_alone():
    graph = two_accounts()
    together = brokerage(graph)
    for account in graph.account_ids:
        rows = np.flatnonzero(graph.account == account)
        part = graph.matrix[rows][:, rows].tocoo()
        ids = graph.ids[rows]
        group = dict(zip(ids, graph.group[rows], strict=True))
        alone = brokerage(InfluenceGraph.from_edges(ids[part.row], ids[part.col], 0.5, ids=ids, group=group))
        for of, other in ((together.table, alone.table), (together.accounts, alone.accounts)):
            here = of[of["account_id"] == account].reset_index(drop=True)
            pd.testing.assert_frame_equal(here.drop(columns="account_id"), other.drop(columns="account_id"))


def test_the_roles_of_a_row_of_four():
    table = brokerage(two_accounts()).table.set_index(["account_id", "stakeholder_id"])
    assert table.loc[("A", "b"), "representative"] == 1
    assert table.loc[("A", "c"), "itinerant"] == 1
    assert table.loc[("B", "b"), "coordinator"] == 1
    assert table["total"].sum() == 3


def test_other_groups_can_be_asked_for():
    found = brokerage(two_accounts(), groups={"a": "one", "b": "two", "c": "three"}).table
    row = found[(found["account_id"] == "A") & (found["stakeholder_id"] == "b")].iloc[0]
    assert (row["group"], row["liaison"], row["total"]) == ("two", 1, 1)
    assert (found.loc[found["stakeholder_id"].isin(["d", "x", "y"]), "group"] == "").all()


def test_a_group_for_nobody_is_refused():
    with pytest.raises(InputError, match=r'"bb" has a group but is no stakeholder\. Did you mean "b"\?'):
        brokerage(two_accounts(), groups={"bb": "one"})


def test_unknown_groups_are_one_group():
    graph = InfluenceGraph.from_edges("ab", "bc", 0.5)
    assert brokerage(graph).table["coordinator"].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    "graph",
    [
        InfluenceGraph.from_edges([], [], 0.5),
        InfluenceGraph.from_edges([], [], 0.5, ids="a"),
        InfluenceGraph.from_edges([], [], 0.5, ids="abc"),
        InfluenceGraph.from_edges("ab", "bc", 0.0),
        InfluenceGraph.from_edges(*zip(*itertools.permutations("abcd", 2), strict=True), 0.5),
    ],
    ids=["null", "one node", "no edge", "of no strength", "everybody moves everybody"],
)
def test_where_nothing_can_vary_z_is_undefined(graph):
    found = brokerage(graph)
    assert len(found.table) == len(graph)
    assert len(found.accounts) == 4 * len(graph.account_ids)
    assert not found.table[[*ROLES, *(f"expected_{role}" for role in ROLES)]].to_numpy().any()
    assert found.table[[f"z_{role}" for role in ROLES]].isna().all(axis=None)
    assert found.accounts.loc[found.accounts["stat"] == "z", list(ROLES)].isna().all(axis=None)


def test_strength_and_sign_play_no_part():
    strong = InfluenceGraph.from_edges("abc", "bcd", 1.0)
    weak = InfluenceGraph.from_edges("abc", "bcd", [0.1, 0.2, 0.3], sign=[1, -1, 1])
    pd.testing.assert_frame_equal(brokerage(strong).table, brokerage(weak).table)


def test_the_result_describes_itself():
    found = brokerage(two_accounts())
    assert repr(found) == "Brokerage(9 rows, 3 accounts)"
    assert found.to_frame() is found.table


def test_a_matrix_of_blocks_counts_each_block():
    parts = [random_matrix(n, 0.3, n) for n in (6, 1, 11)]
    groups = [groups_of(len(part), 3, 1) for part in parts]
    together = roles(csr_array(block_diag(parts, format="csr")), np.concatenate(groups))
    np.testing.assert_array_equal(together, np.vstack([by_hand(*pair) for pair in zip(parts, groups, strict=True)]))
