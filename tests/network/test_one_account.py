"""The part of a graph which is one account."""

from __future__ import annotations

import numpy as np
import pytest

from ecosystem_iq.errors import InputError
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.one_account import listed, one_account

GRAPH = InfluenceGraph.from_edges(
    ["a", "b", "c", "a", "d"], ["b", "c", "a", "b", "a"], [0.5, 0.0, 0.3, 0.2, 0.1],
    sign=[1, 1, -1, 1, 1], account=["A", "A", "A", "B", "B"],
)  # fmt: skip


@pytest.mark.parametrize("account", ["A", "B"])
def test_it_holds_the_arcs_of_its_account_which_are_of_any_strength(account):
    block = one_account(GRAPH, account)
    here = GRAPH.account == account
    np.testing.assert_array_equal(block.ids, GRAPH.ids[here])
    np.testing.assert_array_equal(block.matrix.toarray(), GRAPH.matrix.toarray()[np.ix_(here, here)])
    assert (block.matrix.data > 0).all()
    np.testing.assert_array_equal(GRAPH.matrix.data[block.arc], block.matrix.data)
    table = block.arcs(range(block.matrix.nnz))
    np.testing.assert_array_equal(table["probability"], block.matrix.data)
    np.testing.assert_array_equal(table["sign"], GRAPH.sign[block.arc])
    np.testing.assert_array_equal(table["mover"], block.ids[block.tail])


def test_an_account_without_anybody():
    block = one_account(InfluenceGraph.from_edges([], [], 0.5))
    assert (len(block), block.matrix.shape, len(block.arcs([]))) == (0, (0, 0), 0)
    with pytest.raises(InputError, match=r'no stakeholder "a" in account "all" \(source\)\.$'):
        block.node("a", "source")


def test_places_are_ascending_and_once_each():
    block = one_account(GRAPH, "A")
    assert block.nodes(["c", "a", "c"], "candidates").tolist() == [0, 2]
    assert block.nodes("b", "candidates").tolist() == [1]
    assert block.present(["d", "c"]).tolist() == [2]


def test_long_lists_are_cut_short():
    assert listed("ab", " or ") == "a or b"
    assert listed(map(str, range(1_205))) == "0, 1, 2, 3, 4 and 1,200 more"
